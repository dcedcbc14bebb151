"""Keeping one account up: hints first, then the poll, a part of a back-fill, the look back, and what is due again.

Nothing is lost by a crash: where a reading goes on is saved only after what it brought is kept, matched and asked for.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from contrapost.app import SetUpError
from contrapost.log import warn
from contrapost.looking import look_at_due
from contrapost.planning import look_again
from contrapost.records import asks, backfills, hints, keeping, queries, sync
from contrapost.refunds.days import start_of
from contrapost.refunds.finding import Finding, Severity
from contrapost.refunds.lifecycle import State
from contrapost.stores.contract import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from contrapost.app import App
    from contrapost.records.backfills import BackFillRow
    from contrapost.records.rows import AccountRow
    from contrapost.records.sync import SyncRow
    from contrapost.stores.contract import Page, Problem, Store

BY_POLL, BY_HOOK, BY_CLOCK = "automatic sync", "the store's webhook", "automatic look"
"""Who did it, in the history."""
OVERLAP = timedelta(minutes=10)
"""Each poll begins so much before where the last one came to: a store's own index may lag."""
ORDERS_AT_ONCE = 100
"""Orders of a back-fill that are read in one part."""
DELIVERIES_KEPT = timedelta(days=30)
"""How long a webhook that was taken is remembered; stores send one again for hours or a few days."""
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(hours=1)
_CURSOR_UNKNOWN = "cursor_unknown"


def keep_up(app: App, account_name: str, *, chance: Callable[[], float] = random.random) -> bool:
    """Does what is due for an account, one page of each; says whether there is more to do at once.

    A store that is away is a finding on the account, and is asked again after a pause that grows.

    Args:
        app: the composition root.
        account_name: which account.
        chance: between 0 and 1, so that accounts which failed together are not tried together.

    Raises:
        NotFoundError: there is no such account.
    """
    keeper = _Keeper(app, app.account(account_name), chance)
    row = sync.get(account_name)
    more = False if row.rests_at(app.now()) else keeper.read(row)
    return keeper.look_at_due() or more


def fill_in(app: App, id_: int, tell: Callable[[BackFillRow], None] = lambda _: None) -> BackFillRow:
    """Does a back-fill to its end, here and now; `tell` is told after each part.

    Raises:
        NotFoundError: there is no such back-fill.
        SetUpError: the account is not set up to be connected.
        StoreError: the store could not be reached or refused us; the back-fill goes on from there.
    """
    row = backfills.get(id_)
    account = app.account(row.account)
    keeper = _Keeper(app, account, random.random)
    store = app.store_for(account)
    while row.running:
        keeper.fill(store, row)
        row = backfills.get(id_)
        tell(row)
    return row


@dataclass(slots=True)
class _Keeper:
    """Keeps one account up."""

    app: App
    account: AccountRow
    chance: Callable[[], float]

    def read(self, row: SyncRow) -> bool:
        """Reads what is due from the store; says whether there is more."""
        try:
            store = self.app.store_for(self.account)
        except SetUpError as problem:
            self._rest(row, problem.findings[0])
            return False
        more, wrong, odd = False, None, None
        for step in (self._hints, self._poll, self._back_fill, self._look_back):
            try:
                goes_on, problems = step(store, row)
            except StoreError as problem:
                wrong = problem.finding
                if problem.retryable:
                    break
                continue
            except SetUpError as problem:
                wrong = problem.findings[0]
                break
            more = more or goes_on
            odd = next((one.finding for one in problems if one.finding.severity is not Severity.INFO), odd)
        if wrong is not None:
            self._rest(row, wrong)
            return False
        sync.went_well(row, odd)
        return more

    def look_at_due(self) -> bool:
        """Looks again at what was to be looked at by now; says whether there is more."""
        try:
            looked = look_at_due(self.app, self.account, by=BY_CLOCK)
        except SetUpError as problem:
            self._rest(sync.get(self.account.name), problem.findings[0])
            return False
        self._ask(looked.ids, asks.Priority.AUTOMATIC)
        return looked.more

    def fill(self, store: Store, row: BackFillRow) -> bool:
        """Does one part of a back-fill; says whether there is more."""
        if row.total:
            return self._fill_orders(store, row)
        since = row.reached or row.since if not row.cursor else row.since
        try:
            page = store.changed(since=since or self.app.now(), until=row.until, cursor=row.cursor)
        except StoreError as problem:
            if not row.cursor or problem.finding.code != _CURSOR_UNKNOWN:
                raise
            backfills.went_on(row, now=self.app.now(), found=0, ended=False)
            return True
        ended = _is_last(page, row.cursor)
        self._take(page, _by(row), asks.Priority.BACK_FILL)
        backfills.went_on(
            row,
            now=self.app.now(),
            found=len(page.refunds),
            problems=page.problems,
            cursor=page.cursor,
            reached=page.reached,
            ended=ended,
        )
        return not ended

    def _fill_orders(self, store: Store, row: BackFillRow) -> bool:
        names = backfills.next_orders(row, ORDERS_AT_ONCE)
        page = store.orders(names)
        ended = row.done + len(names) >= row.total
        self._take(page, _by(row), asks.Priority.BACK_FILL, by_hand=True)
        backfills.went_on(
            row,
            now=self.app.now(),
            found=len(page.refunds),
            problems=page.problems,
            orders=len(names),
            ended=ended,
        )
        return not ended

    def _hints(self, store: Store, row: SyncRow) -> tuple[bool, Sequence[Problem]]:
        """Reads the orders that the store told of; one that has no refund, or is hidden from us, is no problem."""
        waiting = hints.waiting(row.account)
        if waiting:
            self._take(store.orders(list(waiting)), BY_HOOK, asks.Priority.AUTOMATIC)
            hints.read(row.account, waiting.items())
            hints.forget(before=self.app.now() - DELIVERIES_KEPT)
        return len(waiting) == hints.KEPT_AT_ONCE, ()

    def _poll(self, store: Store, row: SyncRow) -> tuple[bool, Sequence[Problem]]:
        if not row.polls_at(self.app.now()):
            return False, ()
        try:
            page = store.changed(since=_start(row, self.app.now()), cursor=row.cursor)
        except StoreError as problem:
            if not row.cursor or problem.finding.code != _CURSOR_UNKNOWN:
                raise
            sync.begin_anew(row)
            return True, ()
        ended = _is_last(page, row.cursor)
        self._take(page, BY_POLL, asks.Priority.AUTOMATIC)
        if ended:
            self._left_over()
        sync.page_read(row, cursor=page.cursor, reached=page.reached, ended=ended, now=self.app.now())
        return not ended, page.problems

    def _left_over(self) -> None:
        """Asks for what became ready otherwise, such as by a person's look."""
        self._ask(None, asks.Priority.AUTOMATIC)

    def _back_fill(self, store: Store, row: SyncRow) -> tuple[bool, Sequence[Problem]]:
        fill = backfills.running(row.account)
        return (bool(fill) and self.fill(store, fill) if fill else False), ()

    def _look_back(self, store: Store, row: SyncRow) -> tuple[bool, Sequence[Problem]]:
        """Reads the last days again, for stores that change the past without telling when."""
        now = self.app.now()
        if not row.looks_back_at(now) or not row.look_back_days:
            return False, ()
        since = row.look_back_since or now - timedelta(days=row.look_back_days)
        page = store.changed(since=since, cursor=row.look_back_cursor)
        ended = _is_last(page, row.look_back_cursor)
        self._take(page, BY_POLL, asks.Priority.AUTOMATIC)
        sync.looked_back(row, since=since, cursor=page.cursor, ended=ended, now=now)
        return not ended, page.problems

    def _take(self, page: Page, by: str, priority: asks.Priority, *, by_hand: bool = False) -> None:
        """Keeps what came, matches and maps what is new of it, and asks for what may be posted by itself."""
        kept = keeping.keep(
            self.account.name,
            page.refunds,
            by=by,
            now=self.app.now(),
            by_hand=by_hand,
            whole_orders=page.whole_orders,
        )
        states = queries.states([one.id for one in kept])
        new = [one.id for one in kept if one.changed or states.get(one.id) is State.IMPORTED]
        look_again(self.app, self.account, new, by=by)
        self._ask([one.id for one in kept], priority)

    def _ask(self, ids: Sequence[int] | None, priority: asks.Priority) -> None:
        wanted = sync.to_be_asked(self.account.name, ids)
        asks.ask(wanted, by=BY_POLL, priority=priority, now=self.app.now())

    def _rest(self, row: SyncRow, finding: Finding) -> None:
        """Leaves the store alone for a while; where a reading goes on does not move."""
        grown = min(FIRST_REST * 2 ** min(row.failures, 16), LONGEST_REST)
        pause = grown * (0.75 + 0.5 * self.chance())
        warn("store left alone", account=row.account, seconds=round(pause.total_seconds()), finding=finding.code)
        sync.failed(row.account, finding, paused_until=self.app.now() + pause)


def _start(row: SyncRow, now: datetime) -> datetime:
    """Where a poll begins: a little before what was read last, or with the day the account went live."""
    if row.read_to is not None:
        return row.read_to - OVERLAP
    return start_of(row.go_live_on) if row.go_live_on else now - OVERLAP


def _is_last(page: Page, before: str) -> bool:
    """A store that gives the same place again would be asked for ever."""
    return not page.has_more or (bool(before) and page.cursor == before)


def _by(row: BackFillRow) -> str:
    return f"{row.asked_by}, back-fill {row.id}"
