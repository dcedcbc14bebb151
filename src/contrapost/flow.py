"""The way of one refund: retrieve, match, map, preview, post. The only file that joins the six steps.

store ──retrieve──▶ refund ──match──▶ bill ──map──▶ plan ──post──▶ NetSuite records ──reconcile──▶ proof
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from contrapost.mapping.plan import Mapped, plan
from contrapost.mapping.profile import Profile, read_profile
from contrapost.mapping.record_choice import NotNeeded, before_billing, not_yet
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.bill import Bills, Waiting
from contrapost.netsuite.match import Matched, OrderRule, match
from contrapost.posting.journal import LeaseLostError, Step, Work
from contrapost.posting.post import Poster, stands_nowhere
from contrapost.records import keeping, lease, queries, transactions
from contrapost.records.errors import BusyError
from contrapost.records.journal import RowsJournal
from contrapost.refunds.finding import Finding, blocks, error, info
from contrapost.refunds.lifecycle import BOOKED, Event, State
from contrapost.stores.contract import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from contrapost.app import App
    from contrapost.netsuite.lists import Lists
    from contrapost.records.rows import AccountRow, TransactionRow
    from contrapost.stores.contract import Page, Store

MAX_PAGES = 10_000
"""A store that never comes to its last page is stopped here."""
POST_WAIT_SECONDS = 30
"""How long a post waits for another process that posts to the same NetSuite account."""
LOOK_AGAIN_AFTER = timedelta(hours=1)
"""When a waiting transaction is looked at again, at the earliest."""


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


# ---- 1 retrieve


def retrieve(app: App, account_name: str, wanted: Orders | Span, *, by: str) -> Result:
    """Brings the refunds of some orders from the store into our rows, then matches and maps them.

    A refund that is here already, unchanged, stays as it is; one that stands in NetSuite is never touched.

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
        kept = keeping.keep(account.name, page.refunds, by=by, now=app.now(), by_hand=by_hand)
        ids += [one.id for one in kept]
        problems += page.problems
        problems += look_again(app, account, [one.id for one in kept], by=by)
    return Result(transactions=tuple(queries.get(id_) for id_ in dict.fromkeys(ids)), problems=tuple(problems))


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


# ---- 2 match, 3 map


def look_again(
    app: App, account: AccountRow, ids: Sequence[int], *, by: str, newest_lists: bool = False
) -> tuple[Problem, ...]:
    """Matches and maps transactions of one account against NetSuite as it stands, with one question for all.

    What stands, is under way or was canceled is left alone. A NetSuite that cannot be asked leaves them waiting.

    Returns:
        What kept all of them from being looked at, if anything did.
    """
    rows = [row for row in map(queries.get, ids) if _is_open(row)]
    readable = [row for row in rows if row.document]
    if not readable:
        return ()
    profile, findings = read_profile(account.profile)
    try:
        lists = app.lists_for(account.netsuite, newest=newest_lists)
        matched = match(
            app.netsuite_for(account.netsuite),
            [row.document for row in readable if row.document],
            _order_rule(profile),
            suitetax=lists.suitetax,
        )
    except NetSuiteError as problem:
        for row in readable:
            _save_unasked(row, problem, by=by, now=app.now())
        return (Problem(order=readable[0].order_name, finding=problem.finding),)
    for row in readable:
        found = matched[row.store_refund_id]
        _save_mapped(row, found, _map(row, found, account, profile, lists), findings, by=by, now=app.now())
    return ()


def _is_open(row: TransactionRow) -> bool:
    return not row.frozen and row.status not in BOOKED and row.status is not State.CANCELED


def _order_rule(profile: Profile) -> OrderRule:
    return OrderRule(field=profile.order_field, pattern=profile.order_pattern, only=profile.order_filter)


def _map(row: TransactionRow, found: Matched, account: AccountRow, profile: Profile, lists: Lists) -> Mapped | Finding:
    """The map step, for whatever the match step came to."""
    refund = row.document
    if refund is None:
        raise ValueError(f"Transaction {row.id} has no document to map")
    if isinstance(found, Finding):
        return found
    if isinstance(found, Waiting):
        return not_yet(refund) or before_billing(refund) or found
    return plan(refund, found, profile, lists, shop=account.identity, revision=row.revision)


def _save_mapped(
    row: TransactionRow,
    found: Matched,
    came_to: Mapped | Finding,
    findings: Sequence[Finding],
    *,
    by: str,
    now: datetime,
) -> None:
    bills = found if isinstance(found, Bills) else None
    if isinstance(came_to, Finding):
        came_to_plan, event, reason = None, Event.HELD, ""
        findings = (came_to, *findings)
    elif isinstance(came_to, Waiting):
        came_to_plan, event, reason = None, Event.MUST_WAIT, came_to.code
        findings = (info(came_to.code, came_to.message, fix=came_to.fix), *findings)
    elif isinstance(came_to, NotNeeded):
        came_to_plan, event, reason = None, Event.NOTHING_TO_BOOK, came_to.code
        findings = (info(came_to.code, came_to.message), *findings)
    else:
        findings = (*came_to.findings, *findings)
        came_to_plan, event, reason = came_to, Event.HELD if blocks(tuple(findings)) else Event.PLANNED, ""
    transactions.mapped(
        row.id,
        event,
        by=by,
        now=now,
        edition=row.edition,
        reason=reason,
        findings=findings,
        bills=bills,
        plan=came_to_plan,
        next_look_at=now + LOOK_AGAIN_AFTER if event is Event.MUST_WAIT else None,
    )


def _save_unasked(row: TransactionRow, problem: NetSuiteError, *, by: str, now: datetime) -> None:
    waits = problem.retryable
    transactions.mapped(
        row.id,
        Event.MUST_WAIT if waits else Event.HELD,
        by=by,
        now=now,
        edition=row.edition,
        reason=problem.finding.code if waits else "",
        findings=(problem.finding,),
        next_look_at=now + LOOK_AGAIN_AFTER if waits else None,
    )


# ---- 4 preview


def preview(app: App, id_: int, *, by: str) -> Result:
    """Shows what a transaction would become, matched and mapped against NetSuite as it stands now.

    What stands or is under way is shown as it was planned.

    Raises:
        NotFoundError: there is no such transaction.
        SetUpError: the NetSuite account is not set up to be connected.
    """
    row = queries.get(id_)
    problems = look_again(app, app.account(row.account), [id_], by=by, newest_lists=_is_open(row))
    return Result(transactions=(queries.get(id_),), problems=problems)


# ---- 5 post


def post(app: App, ids: Sequence[int], *, by: str, seen: Mapping[int, str] | None = None) -> Result:
    """Posts transactions to NetSuite, each once; those under way go on from where they stopped.

    Args:
        app: the composition root.
        ids: of transactions, of any accounts.
        by: who asked for it.
        seen: by transaction, the fingerprint of the preview the person saw; another plan is not posted.

    Raises:
        NotFoundError: there is no such transaction or account.
        SetUpError: a NetSuite account is not set up to be connected.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for row in map(queries.get, dict.fromkeys(ids)):
        groups[row.netsuite].append(row.id)
    problems: list[Problem] = []
    stood: set[int] = set()
    for netsuite, members in groups.items():
        try:
            with lease.holding(netsuite, app.holder, wait_seconds=POST_WAIT_SECONDS, sleep=app.sleep) as held:
                stood |= {id_ for id_ in members if queries.get(id_).status in BOOKED}
                problems += _Posting(app, netsuite, held, by, seen or {}).run(members)
        except BusyError as busy:
            problems += [Problem(order=queries.get(id_).order_name, finding=_busy(busy)) for id_ in members]
        except LeaseLostError:
            problems += [Problem(order=queries.get(id_).order_name, finding=_lost()) for id_ in members]
    return Result(
        transactions=tuple(queries.get(id_) for id_ in dict.fromkeys(ids)),
        problems=tuple(problems),
        stood=frozenset(stood),
    )


@dataclass(frozen=True, slots=True)
class _Posting:
    """Posting to one NetSuite account, while its lease is ours."""

    app: App
    netsuite: str
    held: lease.Held
    by: str
    seen: Mapping[int, str]

    def run(self, ids: Sequence[int]) -> list[Problem]:
        """Posts transactions in rounds: of one bill only one refund a round, so that each sees what is left."""
        net = self.app.netsuite_for(self.netsuite)
        journal = RowsJournal(self.held, by=self.by, now=self.app.now)
        poster = Poster(net, journal, sleep=self.app.sleep)
        problems = self._thaw_refused(journal, ids)
        waiting = [id_ for id_ in ids if queries.get(id_).status not in BOOKED]
        while waiting:
            problems += self._look(waiting)
            this_round, waiting = _one_of_each_bill(waiting)
            fit, unfit = self._judge(this_round)
            problems += unfit
            for _ in poster.post(queries.work(fit)):
                pass
        return problems

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
        rows = [row for row in map(queries.get, ids) if _is_open(row)]
        problems: list[Problem] = []
        for name in dict.fromkeys(row.account for row in rows):
            members = [row.id for row in rows if row.account == name]
            problems += look_again(self.app, self.app.account(name), members, by=self.by)
        return problems

    def _judge(self, ids: Sequence[int]) -> tuple[list[int], list[Problem]]:
        fit, unfit = [], []
        for row in map(queries.get, ids):
            finding = _cannot_post(row, self.seen.get(row.id))
            if finding:
                unfit.append(Problem(order=row.order_name, finding=finding))
            else:
                fit.append(row.id)
        return fit, unfit


def _all_refused(work: Work) -> bool:
    return all(progress.step in {Step.PLANNED, Step.REFUSED} for progress in work.progress.values())


def _one_of_each_bill(ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Splits transactions into those of one round, no two of one bill, and the rest."""
    taken: set[str] = set()
    this_round: list[int] = []
    rest: list[int] = []
    for row in map(queries.get, ids):
        sources = {draft.source.id for draft in row.plan.drafts if draft.source} if row.plan else set()
        (rest if sources & taken else this_round).append(row.id)
        taken |= sources
    return this_round, rest


def _cannot_post(row: TransactionRow, seen: str | None) -> Finding | None:
    """Says why a transaction cannot be posted now; None where it can."""
    if row.status in BOOKED:
        return None
    if row.frozen or row.status is State.READY:
        if seen and seen != row.fingerprint:
            return error(
                "changed_since_seen",
                "This changed since you looked: it would become something else now.",
                fix="Look at the preview again, then post.",
            )
        return None
    if row.status is State.CANCELED:
        return error("canceled", "This refund is canceled.", fix="Restore it first, then post it.")
    if row.findings:
        return replace(row.findings[0])
    return error("not_ready", f"This refund is {row.status}.", fix="Look at its preview: it says what is missing.")


def _busy(busy: BusyError) -> Finding:
    return error("netsuite_in_use", str(busy), fix="Nothing was sent. Post again in a moment.")


def _lost() -> Finding:
    return error(
        "lease_lost",
        "Another process took over posting to this NetSuite account.",
        fix="Nothing more was sent from here. Look at the refund: the other process finishes it, or post again.",
    )


# ---- what people do with a transaction


def cancel(app: App, id_: int, *, by: str) -> None:
    """Cancels a transaction: it is kept and never acted on.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it stands in NetSuite, or is on its way there.
    """
    transactions.cancel(id_, by=by, now=app.now())


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
