"""Looking again at what is due, of one account: at the store where the store has to move, then at NetSuite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contrapost.app import SetUpError
from contrapost.planning import look_again
from contrapost.records import keeping, waiting
from contrapost.stores.contract import Problem, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost.app import App
    from contrapost.records.rows import AccountRow, Due

LOOK_AT_ONCE = 300
"""So many are looked at together: one question to NetSuite holds no more orders."""
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


def look_at_due(app: App, account: AccountRow, *, by: str) -> Looked:
    """Looks at what is due of one account, as much as one question holds, the longest due first.

    What could not be looked at is due again later, so that one of them keeps no other from its turn.

    Raises:
        SetUpError: the NetSuite account is not set up to be connected.
    """
    due = waiting.due(now=app.now(), account=account.name, limit=LOOK_AT_ONCE)
    if not due:
        return Looked()
    ids = [one.id for one in due]
    try:
        problems = (
            *_read_at_store(app, account, [one for one in due if one.reason in AT_STORE], by=by),
            *look_again(app, account, ids, by=by),
        )
    finally:
        waiting.put_off(ids, now=app.now())
    return Looked(ids=tuple(ids), problems=problems, more=len(due) == LOOK_AT_ONCE and not problems)


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
