"""Notice: whether what stands for posted refunds in NetSuite still stands as it did; one question for 1,000 records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.netsuite.answers import NetSuiteError
from contrapost.posting.noticed import change_of
from contrapost.records import noticing
from contrapost.stores.contract import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from contrapost.app import App
    from contrapost.netsuite.answers import Standing
    from contrapost.netsuite.client import RestNetSuite
    from contrapost.records.noticing import Watched
    from contrapost.refunds.changes import Change

RECORDS_A_QUESTION = 1000
"""NetSuite takes at most so many values in an IN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check of posted refunds came to."""

    records: int
    """So many were looked at."""
    changed: tuple[int, ...]
    """Transactions of which something was noticed that was not known."""
    problems: tuple[Problem, ...] = ()


def check(
    app: App,
    account: str,
    *,
    since: datetime | None,
    by: str,
    tell: Callable[[int], None],
    among: Sequence[int] | None = None,
) -> Checked:
    """Compares the records of an account's posted refunds with what they were when they were posted or adopted.

    With `among`, only those of these transactions, some hundred at most.

    A NetSuite that cannot be asked ends the check; what was noticed before stays.

    Raises:
        NotFoundError: there is no such account.
        SetUpError: the NetSuite account is not set up to be connected.
    """
    netsuite = app.account(account).netsuite
    net, label = app.netsuite_for(netsuite), _labels(app, netsuite)
    changed: list[int] = []
    records = after = 0
    while some := noticing.watched(account, since=since, after=after, limit=RECORDS_A_QUESTION, among=among):
        try:
            found = _compare(net, some, label)
        except NetSuiteError as problem:
            unasked = Problem(order="", finding=problem.finding)
            return Checked(records=records, changed=tuple(changed), problems=(unasked,))
        changed += noticing.noticed(found, by=by, now=app.now())
        records += len(some)
        after = some[-1].link_id
        tell(records)
    return Checked(records=records, changed=tuple(dict.fromkeys(changed)))


def _compare(net: RestNetSuite, some: Sequence[Watched], label: Callable[[str], str]) -> Mapping[int, Sequence[Change]]:
    """Gives what changed, by transaction; those whose records stand as they did are there with nothing."""
    standings = net.stand([one.standing.id for one in some])
    found: dict[int, list[Change]] = defaultdict(list)
    for one in some:
        now = standings.get(one.standing.id) or _sure(net, one.standing)
        change = change_of(one.standing, now, label)
        found[one.transaction_id] += [change] if change else []
    return found


def _sure(net: RestNetSuite, standing: Standing) -> Standing | None:
    """What NetSuite's search does not show may stand all the same: the record itself is asked for before it counts."""
    return standing if net.get(standing.record, standing.id) else None


def _labels(app: App, netsuite: str) -> Callable[[str], str]:
    lists = app.kept_lists(netsuite)
    names = {one.id: f"{one.number} {one.name}".strip() for one in lists.accounts} if lists else {}
    return lambda id_: names.get(id_, f"id:{id_}")
