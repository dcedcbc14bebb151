"""Looking again at what is due, of one account: at the store where the store has to move, then at NetSuite."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from contrapost.app import SetUpError
from contrapost.planning import look_again
from contrapost.records import asks, keeping, sync, waiting
from contrapost.refunds.retry import Retry, rule_of
from contrapost.stores.contract import Problem, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from contrapost.app import App
    from contrapost.records.rows import AccountRow, Again, Due

LOOK_AT_ONCE = 300
"""So many are looked at together: one question to NetSuite holds no more orders."""
BY_RETRY: Final = "retry"
"""Who asks again, in the history."""
AT_STORE: Final = frozenset({"refund_pending", "goods_not_back"})
"""What the store has to move for: NetSuite alone would give the same answer for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of looking at what was due."""

    ids: tuple[int, ...] = ()
    """The transactions that were due."""
    problems: tuple[Problem, ...] = ()
    """What kept some or all of them from being looked at."""
    more: bool = False
    """More is due at once, and nothing stands in the way of looking at it."""
    left: int = 0
    """So many of those a person named are looked at later, in their turn."""
    asked: int = 0
    """So many were asked to be posted, or to be posted further."""


def look_at_due(app: App, account: AccountRow, *, by: str) -> Looked:
    """Looks at what is due of one account, as much as one question holds, the longest due first.

    What could not be looked at is due again later, so that one of them keeps no other from its turn.

    Raises:
        SetUpError: the NetSuite account is not set up to be connected.
    """
    due = waiting.due(now=app.now(), account=account.name, limit=LOOK_AT_ONCE)
    looked = _look_at(app, account, due, by=by, retry_by=BY_RETRY)
    return replace(looked, more=len(due) == LOOK_AT_ONCE and not looked.problems)


def look_now(app: App, account_name: str, again: Again, *, by: str, most: int = LOOK_AT_ONCE) -> Looked:
    """Looks at once at what a person names; what may be posted by itself, or was being posted, is asked for again.

    Args:
        app: the composition root.
        account_name: whose refunds.
        again: which of them.
        by: who asks.
        most: so many are looked at here and now; the rest is due, and looked at in its turn.

    Raises:
        NotFoundError: there is no such account.
        SetUpError: the NetSuite account is not set up to be connected.
    """
    account = app.account(account_name)
    marked = waiting.look_now(account.name, again, now=app.now())
    ids: list[int] = []
    problems: list[Problem] = []
    going_on = 0
    while len(ids) < min(most, marked) and not problems:
        due = waiting.due(now=app.now(), account=account.name, limit=LOOK_AT_ONCE, again=again)
        if not due:
            break
        looked = _look_at(app, account, due, by=by, retry_by=by)
        ids += looked.ids
        problems += looked.problems
        going_on += looked.asked
    may = sync.to_be_asked(account.name, ids)
    asked = asks.ask(may, by=by, priority=asks.Priority.AUTOMATIC, now=app.now())
    return Looked(
        ids=tuple(ids), problems=tuple(problems), more=len(ids) < marked, left=marked - len(ids), asked=going_on + asked
    )


def _look_at(app: App, account: AccountRow, due: Sequence[Due], *, by: str, retry_by: str) -> Looked:
    if not due:
        return Looked()
    ids = [one.id for one in due]
    try:
        asked = _go_on_posting([one.id for one in due if one.frozen], by=retry_by, now=app.now())
        problems = (
            *_read_at_store(app, account, [one for one in due if _is_at_store(one)], by=by),
            *look_again(app, account, ids, by=by),
        )
    finally:
        waiting.put_off(ids, now=app.now())
    return Looked(ids=tuple(ids), problems=problems, asked=asked)


def _is_at_store(one: Due) -> bool:
    return not one.frozen and (one.reason in AT_STORE or rule_of(one.cause or "") is Retry.STORE)


def _go_on_posting(ids: Sequence[int], *, by: str, now: datetime) -> int:
    """A post that was under way was asked for once, and stays so; says how many were to be asked for again."""
    asked = asks.of(ids)
    return asks.ask([id_ for id_ in ids if id_ not in asked], by=by, priority=asks.Priority.AUTOMATIC, now=now)


def _read_at_store(app: App, account: AccountRow, due: Sequence[Due], *, by: str) -> tuple[Problem, ...]:
    """Keeps what the store says now of refunds that wait for it; others of their orders come by retrieving."""
    if not due:
        return ()
    orders = dict.fromkeys(one.order_id for one in due)
    wanted = {one.store_refund_id for one in due}
    try:
        page = app.store_for(account).orders(list(orders))
    except StoreError as problem:
        return (Problem(order=due[0].order_id, finding=problem.finding),)
    except SetUpError as problem:
        return tuple(Problem(order=due[0].order_id, finding=finding) for finding in problem.findings)
    found = [one for one in page.refunds if one.store_refund_id in wanted]
    keeping.keep(account.name, found, by=by, now=app.now(), by_hand=False)
    return page.problems
