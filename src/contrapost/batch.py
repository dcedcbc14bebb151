"""Posting a batch of transactions to one NetSuite account, while its lease is ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contrapost.netsuite.answers import NetSuiteError
from contrapost.planning import is_open, look_again
from contrapost.posting.journal import Step, Work
from contrapost.posting.post import Poster, stands_nowhere
from contrapost.records import queries
from contrapost.records.journal import RowsJournal
from contrapost.refunds.finding import Finding, error
from contrapost.refunds.lifecycle import BOOKED, Event, State
from contrapost.stores.contract import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from contrapost.app import App
    from contrapost.records.lease import Held
    from contrapost.records.rows import TransactionRow


LOOK_AT_ONCE = 300
"""So many refunds are looked at anew together, shortly before they are sent: one question holds no more orders."""


@dataclass(slots=True)
class Batch:
    """Posting to one NetSuite account, while its lease is ours."""

    app: App
    netsuite: str
    held: Held
    by: str
    seen: Mapping[int, str]
    tell: Callable[[int], None]
    _touching: dict[int, frozenset[str]] = field(default_factory=dict)
    """The order and the bills of each transaction, as it was last mapped."""
    _under_way: set[int] = field(default_factory=set)
    _problems: list[Problem] = field(default_factory=list)

    def run(self, ids: Sequence[int]) -> list[Problem]:
        """Posts transactions side by side; those of one bill one after the other, so that each sees what is left."""
        journal = RowsJournal(self.held, by=self.by, now=self.app.now)
        poster = Poster(self.app.netsuite_for(self.netsuite), journal, sleep=self.app.sleep)
        self._problems += self._thaw_refused(journal, ids)
        states = queries.states(ids)
        waiting = [id_ for id_ in ids if states[id_] not in BOOKED]
        done = len(ids) - len(waiting)
        for outcome in poster.post(self._works(waiting)):
            self._under_way.remove(outcome.transaction_id)
            done += 1
            self.tell(done)
        return self._problems

    def _works(self, waiting: Sequence[int]) -> Iterator[Work | None]:
        """Hands out what can be posted, looked at anew; None while all that is left waits for others of its bill."""
        while waiting:
            free, waiting = self._split(waiting)
            if not free:
                yield None
                continue
            free, later = free[:LOOK_AT_ONCE], free[LOOK_AT_ONCE:]
            self._problems += self._look(free)
            for id_ in free:
                del self._touching[id_]
            free, of_another_bill_now = self._split(free)
            waiting = [*of_another_bill_now, *later, *waiting]
            fit, unfit = self._judge(free)
            self._problems += unfit
            for work in queries.work(fit):
                self._under_way.add(work.transaction_id)
                yield work

    def _split(self, ids: Sequence[int]) -> tuple[list[int], list[int]]:
        """Splits transactions into those that can be posted now, no two of one order or bill, and the rest."""
        for row in queries.get_all(id_ for id_ in ids if id_ not in self._touching):
            self._touching[row.id] = _touched(row)
        taken: set[str] = set().union(*(self._touching[id_] for id_ in self._under_way))
        free: list[int] = []
        rest: list[int] = []
        for id_ in ids:
            (rest if self._touching[id_] & taken else free).append(id_)
            taken |= self._touching[id_]
        return free, rest

    def _thaw_refused(self, journal: RowsJournal, ids: Sequence[int]) -> list[Problem]:
        """Plans of which NetSuite refused all are made anew, once a look shows that none of their records stands."""
        problems: list[Problem] = []
        for work in queries.work(ids):
            if not work.progress or not _all_refused(work):
                continue
            try:
                if stands_nowhere(work.plan, self.app.netsuite_for(self.netsuite)):
                    journal.conclude(work, Event.NOTHING_LANDED, [], [])
            except NetSuiteError as problem:
                problems.append(Problem(order=queries.get(work.transaction_id).order_name, finding=problem.finding))
        return problems

    def _look(self, ids: Sequence[int]) -> list[Problem]:
        """Matches and maps anew what is not under way yet: one question for each account."""
        rows = [row for row in queries.get_all(ids) if is_open(row)]
        problems: list[Problem] = []
        for name in dict.fromkeys(row.account for row in rows):
            members = [row.id for row in rows if row.account == name]
            problems += look_again(self.app, self.app.account(name), members, by=self.by)
        return problems

    def _judge(self, ids: Sequence[int]) -> tuple[list[int], list[Problem]]:
        fit, unfit = [], []
        for row in queries.get_all(ids):
            finding = _cannot_post(row, self.seen.get(row.id))
            if finding:
                unfit.append(Problem(order=row.order_name, finding=finding))
            else:
                fit.append(row.id)
        return fit, unfit


def _touched(row: TransactionRow) -> frozenset[str]:
    """The order and the bills that a transaction takes something back of."""
    drafts = row.plan.drafts if row.plan else ()
    bills = {draft.source.id for draft in drafts if draft.source and draft.source.id}
    return frozenset(bills | ({row.bills.order_id} if row.bills else set()))


def _all_refused(work: Work) -> bool:
    return all(progress.step in {Step.PLANNED, Step.REFUSED} for progress in work.progress.values())


def _cannot_post(row: TransactionRow, seen: str | None) -> Finding | None:
    """Says why a transaction cannot be posted now; None where it can."""
    if row.status in BOOKED:
        return None
    if row.frozen or row.status is State.READY:
        if seen and seen != row.fingerprint:
            return changed_since_seen()
        return None
    if row.status is State.CANCELED:
        return error("canceled", "This refund is canceled.", fix="Restore it first, then post it.")
    if row.findings:
        return row.findings[0]
    return error("not_ready", f"This refund is {row.status}.", fix="Look at its preview: it says what is missing.")


def changed_since_seen() -> Finding:
    """Gives what is said where another plan would be posted than the one that was seen."""
    return error(
        "changed_since_seen",
        "This changed since you looked: it would become something else now.",
        fix="Look at the preview again, then post.",
    )
