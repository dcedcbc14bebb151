"""The way of one refund, as a table of contents: retrieve (which matches and maps), preview, post, reconcile.

store ──retrieve──▶ refund ──match──▶ bill ──map──▶ plan ──post──▶ NetSuite records ──reconcile──▶ proof
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from contrapost import adopting, looking, noticing, syncing
from contrapost.app import SetUpError
from contrapost.looking import LOOK_AT_ONCE
from contrapost.netsuite.answers import NetSuiteError
from contrapost.planning import is_open, look_again
from contrapost.post_under_lease import post_all_asked, post_here_or_wait
from contrapost.reconcile import kept
from contrapost.reconcile.run import days, run
from contrapost.records import adopting as adopted
from contrapost.records import asks, backfills, keeping, queries, reconciliations, sync, transactions
from contrapost.records.asks import Priority
from contrapost.refunds.lifecycle import BOOKED
from contrapost.stores.contract import Problem, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from contrapost.adopting import Adoptable
    from contrapost.app import App
    from contrapost.looking import Looked
    from contrapost.noticing import Checked
    from contrapost.post_under_lease import Worked
    from contrapost.reconcile.run import Days
    from contrapost.records.backfills import BackFillRow
    from contrapost.records.rows import Again, TransactionRow
    from contrapost.stores.contract import Page, Store

MAX_PAGES = 10_000
"""A store that never comes to its last page is stopped here."""
POST_WAIT_SECONDS = 30
"""How long a post waits for another process that posts to the same NetSuite account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Ask for the refunds of these orders, named as a person sees them."""

    names: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Ask for the refunds of orders that changed in a span of time."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a verb did: the transactions it touched, and what could not be done."""

    transactions: tuple[TransactionRow, ...]
    problems: tuple[Problem, ...] = ()
    stood: frozenset[int] = frozenset()
    """Of a post: transactions that were posted already when their turn came, so that nothing was sent for them."""


# ---- 1 retrieve, 2 match, 3 map


def retrieve(
    app: App, account_name: str, wanted: Orders | Span, *, by: str, tell: Callable[[int], None] = lambda _: None
) -> Result:
    """Brings the refunds of some orders from the store into our rows, then matches and maps them.

    A refund that is here already, unchanged, stays as it is; one that stands in NetSuite is never touched. `tell` is
    told after each page how many refunds are here so far.

    Raises:
        NotFoundError: there is no such account.
        SetUpError: the account is not set up to be connected.
        StoreError: the store could not be reached or refused us; what was retrieved before stays.
    """
    account = app.account(account_name)
    ids: list[int] = []
    problems: list[Problem] = []
    for page in _pages(app.store_for(account), wanted):
        by_hand = isinstance(wanted, Orders)
        kept = keeping.keep(
            account.name, page.refunds, by=by, now=app.now(), by_hand=by_hand, whole_orders=page.whole_orders
        )
        ids += [one.id for one in kept]
        problems += page.problems
        problems += look_again(app, account, [one.id for one in kept], by=by)
        tell(len(ids))
    return Result(transactions=tuple(queries.get_all(dict.fromkeys(ids))), problems=tuple(problems))


def _pages(store: Store, wanted: Orders | Span) -> Iterator[Page]:
    if isinstance(wanted, Orders):
        yield store.orders(wanted.names)
        return
    cursor = ""
    for _ in range(MAX_PAGES):
        page = store.changed(since=wanted.since, until=wanted.until, cursor=cursor)
        yield page
        if not page.has_more:
            return
        cursor = page.cursor


# ---- 4 preview


def preview(app: App, id_: int, *, by: str) -> Result:
    """Shows what a transaction would become, matched and mapped against NetSuite as it stands now.

    What stands or is under way is shown as it was planned.

    Raises:
        NotFoundError: there is no such transaction.
        SetUpError: the NetSuite account is not set up to be connected.
    """
    row = queries.get(id_)
    problems = look_again(app, app.account(row.account), [id_], by=by, newest_lists=is_open(row))
    return Result(transactions=(queries.get(id_),), problems=problems)


# ---- 5 post


def post(
    app: App,
    ids: Sequence[int],
    *,
    by: str,
    seen: Mapping[int, str] | None = None,
    tell: Callable[[int], None] = lambda _: None,
    wait_seconds: float = POST_WAIT_SECONDS,
) -> Result:
    """Posts transactions to NetSuite, each once; those under way go on from where they stopped.

    They are asked for first, so that they are posted even where this process ends; then this process posts them, or,
    where another one posts to the same NetSuite account, waits until that one has.

    Args:
        app: the composition root.
        ids: of transactions, of any accounts.
        by: who asked for it.
        seen: by transaction, the fingerprint of the preview the person saw; another plan is not posted.
        tell: told each time a transaction is done with, how many are so far.
        wait_seconds: how long to wait for another process.

    Raises:
        NotFoundError: there is no such transaction or account.
        SetUpError: a NetSuite account is not set up to be connected.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    wanted = list(dict.fromkeys(ids))
    for row in queries.get_all(wanted):
        if row.status not in BOOKED:
            groups[row.netsuite].append(row.id)
    stand = len(wanted) - sum(map(len, groups.values()))
    for netsuite in groups:
        app.netsuite_for(netsuite)
    asks.ask(chain(*groups.values()), by=by, priority=Priority.MANUAL, now=app.now(), seen=seen)
    problems: list[Problem] = []
    here: set[int] = set()
    for netsuite, members in groups.items():
        some, posted = post_here_or_wait(
            app, netsuite, members, seen or {}, lambda done: tell(stand + done), wait_seconds
        )
        problems += some
        here |= posted
    rows = tuple(queries.get_all(wanted))
    stood = frozenset(row.id for row in rows if row.status in BOOKED and row.id not in here)
    return Result(transactions=rows, problems=tuple(problems), stood=stood)


def post_asked(app: App, netsuite: str, *, stop: Callable[[], bool]) -> Worked | None:
    """Posts all that is asked for of one NetSuite account and due; None where another process posts to it now.

    Raises:
        NotFoundError: there is no such NetSuite account.
        SetUpError: it is not set up to be connected.
        LeaseLostError: another process took over; what is asked stays asked.
    """
    return post_all_asked(app, netsuite, stop=stop)


# ---- 6 reconcile


def reconcile(
    app: App,
    account_name: str,
    span: Days,
    *,
    by: str,
    offline: bool = False,
    began: Callable[[int], None] = lambda _: None,
    tell: Callable[[int], None] = lambda _: None,
) -> int:
    """Compares the store's refunds of a span with NetSuite's records, and gives the id of what it came to.

    Nothing is sent. Refunds that match are reconciled from then on; what changed in NetSuite after it was posted is
    kept with its refund, as `check_posted` keeps it.

    Args:
        app: the composition root.
        account_name: the shop.
        span: of days, in the shop's zone.
        by: who asked for it.
        offline: do not ask the store; our rows stand for it.
        began: told the comparison's id before anything is read.
        tell: told from time to time how many refunds and records were compared so far.

    Raises:
        NotFoundError: there is no such account.
        SetUpError: the account is not set up to be connected.
        StoreError: the store could not be reached or refused us.
        NetSuiteError: NetSuite could not be asked.
    """
    found = run(app, app.account(account_name), span, by=by, offline=offline, began=began, tell=tell)
    for ids in kept.booked_and_different(found):
        noticing.check(app, account_name, since=None, by=by, tell=lambda _: None, among=ids)
    return found


def reconcile_due(app: App, account_name: str) -> int:
    """Compares the last days of an account, as the schedule wants it daily of those that `reconciliations.due` names.

    A store or a NetSuite that cannot be asked is kept with the comparison, which is due again an hour later.

    Raises:
        NotFoundError: there is no such account.
    """
    today = app.now().astimezone(UTC).date()
    span = days(today - timedelta(days=reconciliations.daily(account_name)), None, app.now())
    begun: list[int] = []
    with suppress(SetUpError, StoreError, NetSuiteError):
        reconcile(app, account_name, span, by=reconciliations.SCHEDULE, began=begun.append)
    return begun[0]


def retrieve_missing(app: App, reconciliation: int, *, by: str) -> Result:
    """Retrieves the orders of refunds that a comparison found at the store, and that are not, or otherwise, here.

    Raises:
        NotFoundError: there is no such comparison.
        SetUpError: the account is not set up to be connected.
        StoreError: the store could not be reached or refused us; what was retrieved before stays.
    """
    orders = list(dict.fromkeys(kept.to_retrieve(reconciliation)))
    account = reconciliations.get(reconciliation).account
    return retrieve(app, account, Orders(names=orders), by=by) if orders else Result(transactions=())


# ---- all of it by itself


def keep_up(app: App, account: str) -> bool:
    """Does what is due for an account: reads its store, looks again at what waits, and asks for what may be posted.

    Returns:
        Whether there is more to do at once.

    Raises:
        NotFoundError: there is no such account.
    """
    return syncing.keep_up(app, account)


def hurry(app: App, account: str) -> None:
    """Makes due at once what is due for an account only later, though its store failed just now.

    Raises:
        NotFoundError: there is no such account.
    """
    sync.hurry(account, now=app.now())


def back_fill(app: App, account: str, wanted: Orders | Span, *, by: str) -> BackFillRow:
    """Asks for refunds of the past; `keep_up` brings them part by part, or `fill_in` at once.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: the span ends before it begins, or the list is too long.
    """
    asked = {"orders": wanted.names} if isinstance(wanted, Orders) else {"since": wanted.since, "until": wanted.until}
    return backfills.get(backfills.ask(account, by=by, now=app.now(), **asked))


def fill_in(app: App, id_: int, *, tell: Callable[[BackFillRow], None] = lambda _: None) -> BackFillRow:
    """Does a back-fill to its end, here and now; `tell` is told after each part how far it has come.

    Raises:
        NotFoundError: there is no such back-fill.
        SetUpError: the account is not set up to be connected.
        StoreError: the store could not be reached or refused us; the back-fill goes on from there.
    """
    return syncing.fill_in(app, id_, tell)


def stop_back_fill(app: App, account: str, id_: int) -> None:
    """Stops a back-fill; what it brought stays.

    Raises:
        NotFoundError: the account has no such back-fill.
        RefusedError: it is over already.
    """
    backfills.of_account(account, id_)
    backfills.stop(id_, now=app.now())


def look_now(app: App, account: str, again: Again, *, by: str, most: int = LOOK_AT_ONCE) -> Looked:
    """Looks at once at refunds of an account that wait, or are held, as a person asks: at the store too if need be.

    What was being posted goes on, and what may be posted by itself is asked for; a worker posts it.

    Args:
        app: the composition root.
        account: its name.
        again: which refunds.
        by: who asks.
        most: so many are looked at here and now; the rest is looked at in its turn.

    Raises:
        NotFoundError: there is no such account.
        SetUpError: the NetSuite account is not set up to be connected.
    """
    return looking.look_now(app, account, again, by=by, most=most)


# ---- what changed afterwards


def check_posted(
    app: App, account: str, *, by: str, since: datetime | None = None, tell: Callable[[int], None] = lambda _: None
) -> Checked:
    """Looks whether what stands for an account's posted refunds in NetSuite still stands as it did; sends nothing.

    What vanished, was voided or was changed there is kept with the refund, and taken off again once it is as it was.

    Args:
        app: the composition root.
        account: name of the shop's account.
        by: who or what looks.
        since: only refunds made at this moment or later.
        tell: told after each question how many records were looked at so far.

    Raises:
        NotFoundError: there is no such account.
        SetUpError: the NetSuite account is not set up to be connected.
    """
    return noticing.check(app, account, since=since, by=by, tell=tell)


# ---- what people do with a transaction


def cancel(app: App, id_: int, *, by: str) -> None:
    """Cancels a transaction: it is kept and never acted on.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it stands in NetSuite, or is on its way there.
    """
    transactions.cancel(id_, by=by, now=app.now())


def accept(app: App, id_: int, *, reason: str, by: str) -> Result:
    """Accepts that a refund gives more than its bill still holds, and matches and maps it anew.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it is not held for that, or no reason is given.
    """
    transactions.accept(id_, reason=reason, by=by, now=app.now())
    return preview(app, id_, by=by)


def adoptable(app: App, id_: int) -> Adoptable:
    """Finds records made by hand in NetSuite that may stand for a refund, with how well they fit; changes nothing.

    Raises:
        NotFoundError: there is no such transaction.
        SetUpError: the NetSuite account is not set up to be connected.
        NetSuiteError: NetSuite could not be asked.
    """
    return adopting.adoptable(app, queries.get(id_))


def adopt(app: App, id_: int, records: Sequence[str], *, by: str, seen: str = "", reason: str = "") -> Result:
    """Links records made by hand in NetSuite to a refund, as a person confirms it; nothing is sent.

    Args:
        app: the composition root.
        id_: the transaction.
        records: their types and internal ids, `cashRefund:123`.
        by: who confirms it.
        seen: the fingerprint of the candidate the person saw; records that changed since are not linked.
        reason: why, where the records do not agree with the refund.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it stands or is under way, or a record cannot be linked; the message says why.
        SetUpError: the NetSuite account is not set up to be connected.
        NetSuiteError: NetSuite could not be asked.
    """
    adopting.adopt(app, id_, records, seen=seen, reason=reason, by=by)
    return Result(transactions=(queries.get(id_),))


def book_elsewhere(app: App, id_: int, *, reason: str, by: str) -> None:
    """Keeps that a refund is booked without a NetSuite record of its own; nothing wakes it up but `release`.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it stands or is under way, or no reason is given.
    """
    adopted.booked_elsewhere(id_, reason=reason, by=by, now=app.now())


def release(app: App, id_: int, *, by: str) -> Result:
    """Takes back that records were linked by hand, or that a refund is booked elsewhere; matches and maps it anew.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: nobody linked or said so.
    """
    adopted.released(id_, by=by, now=app.now())
    return preview(app, id_, by=by)


def restore(app: App, id_: int, *, by: str) -> Result:
    """Brings a canceled transaction back, and matches and maps it.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it is not canceled.
    """
    transactions.restore(id_, by=by, now=app.now())
    return preview(app, id_, by=by)


def delete(app: App, id_: int, *, by: str) -> None:
    """Deletes a transaction; polling does not bring it back, retrieving its order by hand does.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: a NetSuite record is linked to it, or may be.
    """
    transactions.delete(id_, by=by, now=app.now())
