"""Match and map, for transactions of one account: asked together, saved one by one."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from contrapost.app import SetUpError
from contrapost.mapping.own_records import before, own_credits, stands_already
from contrapost.mapping.plan import Mapped, plan
from contrapost.mapping.policies import UnknownOrderPolicy
from contrapost.mapping.profile import Profile, read_profile
from contrapost.mapping.record_choice import NotNeeded, before_billing, not_yet
from contrapost.mapping.stand_alone import item_names, plan_alone
from contrapost.mapping.terms import Terms
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.bill import Bills, Waiting, without_credits
from contrapost.netsuite.drafts import Plan
from contrapost.netsuite.lists import Lists
from contrapost.netsuite.match import Matched, OrderRule, match
from contrapost.posting.journal import Work
from contrapost.records import correcting, queries, transactions
from contrapost.records.errors import DATABASE_LOST, RecordsError
from contrapost.refunds.finding import Finding, blocks, error, info, unexpected_fault
from contrapost.refunds.lifecycle import BOOKED, Event, State, rests
from contrapost.refunds.looks import NO_LOOKS, Looks, tries_on, waited_for, waits_on
from contrapost.refunds.retry import is_timed
from contrapost.stores.contract import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from contrapost.app import App
    from contrapost.netsuite.bill import Credit
    from contrapost.netsuite.client import RestNetSuite
    from contrapost.records.rows import AccountRow, TransactionRow
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look at some transactions of one account: `ask` needs nothing but NetSuite, `save` nothing but our rows."""

    app: App
    account: AccountRow
    rows: Mapping[int, TransactionRow]
    """Those that are looked at, as they stood when the look began."""
    profile: Profile
    findings: tuple[Finding, ...]
    """About the profile itself."""
    lists: Lists
    net: RestNetSuite

    def ask(self) -> dict[str, Matched] | NetSuiteError:
        """Asks NetSuite for the bills of all of them with one question; by store refund id."""
        documents = [row.document for row in self.rows.values() if row.document]
        try:
            return match(self.net, documents, order_rule(self.profile), suitetax=self.lists.suitetax)
        except NetSuiteError as problem:
            return problem

    def with_items(self, matched: Mapping[str, Matched]) -> Look:
        """Gives the look with the items of orders that NetSuite does not have, where those are booked by themselves.

        Raises:
            NetSuiteError: NetSuite could not be asked for them.
        """
        if self.profile.unknown_orders is not UnknownOrderPolicy.STAND_ALONE:
            return self
        unknown = [row.document for row in self.rows.values() if row.document and _is_unknown(row, matched)]
        names = frozenset(name for document in unknown for name in item_names(document, self.profile))
        return replace(self, lists=self.app.lists_for(self.account.netsuite, items=names)) if names else self

    def save(self, id_: int, matched: Mapping[str, Matched], *, by: str) -> Work | None:
        """Maps one transaction to what was matched, and saves that; gives the work if it may be posted as it is.

        One that a fault of ours stops is held.
        """
        try:
            return self._save(self.rows[id_], matched, by=by)
        except (RecordsError, *DATABASE_LOST):
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the others go on
            _hold_for_fault(id_, fault, by=by, now=self.app.now())
            return None

    def save_unasked(self, problem: NetSuiteError, *, by: str) -> Problem:
        """Lets all of them wait until NetSuite can be asked, or holds them where waiting does not help."""
        for row in self.rows.values():
            _save_unasked(row, problem, self.profile, by=by, now=self.app.now())
        return Problem(order=next(iter(self.rows.values())).order_name, finding=problem.finding)

    def _save(self, row: TransactionRow, matched: Mapping[str, Matched], *, by: str) -> Work | None:
        found = without_taken_back(self.account.netsuite, matched[row.store_refund_id])
        own = own_credits(found, self.account.identity, row.store_refund_id, row.revision)
        terms = terms_for(self.app, self.account, self.profile, self.lists, _of_revision(row, own))
        came_to = _map(row, before(found, own), terms)
        if isinstance(came_to, Plan) and came_to.rounded:
            came_to = _map(row, before(found, own), _with_rounded(terms, self.account, row))
        findings = (*stands_already(own), *self.findings)
        plan = _save_mapped(row, found, came_to, self.profile, findings, by=by, now=self.app.now())
        return Work(transaction_id=row.id, plan=plan, look_first=bool(own)) if plan else None


def begin_look(
    app: App, account: AccountRow, found: Iterable[TransactionRow], *, by: str, newest_lists: bool = False
) -> Look | Problem | None:
    """Begins a look at transactions of one account, as they stand.

    Returns:
        The look; what kept it from being begun; or None where none of them can become another plan.
    """
    rows = {row.id: row for row in found if is_open(row) and row.document}
    if not rows:
        return None
    profile, findings = read_profile(account.profile)
    net = app.netsuite_for(account.netsuite)
    look = Look(app=app, account=account, rows=rows, profile=profile, findings=findings, lists=Lists(), net=net)
    try:
        return replace(look, lists=app.lists_for(account.netsuite, newest=newest_lists))
    except NetSuiteError as problem:
        return look.save_unasked(problem, by=by)


def look_again(
    app: App, account: AccountRow, ids: Sequence[int], *, by: str, newest_lists: bool = False
) -> tuple[Problem, ...]:
    """Matches and maps transactions of one account against NetSuite as it stands, with one question for all.

    What stands, is under way or was canceled is left alone. A NetSuite that cannot be asked leaves them waiting. One
    that a fault of ours stops is held, and the others go on.

    Returns:
        What kept them from being looked at, if anything did.

    Raises:
        SetUpError: the NetSuite account is not set up to be connected.
    """
    try:
        return _look_together(app, account, ids, by=by, newest_lists=newest_lists)
    except (SetUpError, RecordsError, *DATABASE_LOST):
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it is, it must not keep the others from being looked at
        if len(ids) == 1:
            _hold_for_fault(ids[0], fault, by=by, now=app.now())
            return ()
    half = len(ids) // 2
    parts = (look_again(app, account, some, by=by) for some in (ids[:half], ids[half:]))
    return tuple(problem for part in parts for problem in part)


def _look_together(
    app: App, account: AccountRow, ids: Sequence[int], *, by: str, newest_lists: bool
) -> tuple[Problem, ...]:
    look = begin_look(app, account, queries.get_all(ids), by=by, newest_lists=newest_lists)
    if not isinstance(look, Look):
        return (look,) if look else ()
    matched = look.ask()
    if isinstance(matched, NetSuiteError):
        return (look.save_unasked(matched, by=by),)
    try:
        look = look.with_items(matched)
    except NetSuiteError as problem:
        return (look.save_unasked(problem, by=by),)
    for id_ in look.rows:
        look.save(id_, matched, by=by)
    return ()


def without_taken_back(netsuite: str, found: Matched) -> Matched:
    """The bills without the credits that corrections took back by a record beside them: both stay in NetSuite."""
    credits_ = [one.id for bill in found.bills for one in bill.credits] if isinstance(found, Bills) else []
    taken = correcting.taken_back(netsuite, credits_) if credits_ else frozenset()
    return without_credits(found, taken) if taken and isinstance(found, Bills) else found


def _of_revision(row: TransactionRow, own: Mapping[Credit, int]) -> TransactionRow:
    """The row under the revision that NetSuite shows."""
    if not own:
        return row
    newest = max(own.values(), default=0)
    return replace(row, revision=newest) if transactions.goes_by(row.id, newest) else row


def _is_unknown(row: TransactionRow, matched: Mapping[str, Matched]) -> bool:
    return isinstance(matched[row.store_refund_id], Waiting)


def terms_for(app: App, account: AccountRow, profile: Profile, lists: Lists, row: TransactionRow) -> Terms:
    """Gives what a refund is mapped by: profile, lists, day, revision, and what was rounded and accepted before."""
    return Terms(
        profile=profile,
        lists=lists,
        shop=account.identity,
        today=_today(app, row),
        revision=row.revision,
        accepted=row.accepted.amount,
    )


def _with_rounded(terms: Terms, account: AccountRow, row: TransactionRow) -> Terms:
    """What was rounded this month counts, and has to be summed, only for a refund that is rounded."""
    before = queries.rounded_in_month(account.name, row.refunded_on, row.amount.currency, beside=row.id)
    return replace(terms, rounded_before=before)


def _today(app: App, row: TransactionRow) -> date | None:
    """The day in the shop's zone, as the refund itself writes it."""
    return app.now().astimezone(row.document.refunded_at.tzinfo).date() if row.document else None


def is_open(row: TransactionRow) -> bool:
    """Says whether a transaction may still become another plan.

    It neither stands, nor is under way, nor canceled, nor corrected, and nobody said that it is booked elsewhere.
    """
    return (
        not row.frozen
        and not row.correcting
        and row.status not in BOOKED
        and row.status is not State.CANCELED
        and not rests(row.status, row.reason)
    )


def order_rule(profile: Profile) -> OrderRule:
    """Says how the orders of an account are found in NetSuite."""
    return OrderRule(field=profile.order_field, pattern=profile.order_pattern, only=profile.order_filter)


def _map(row: TransactionRow, found: Matched, terms: Terms) -> Mapped | Finding:
    """The map step, for whatever the match step came to."""
    refund = row.document
    if refund is None:
        raise ValueError(f"Transaction {row.id} has no document to map")
    if isinstance(found, Finding):
        return found
    if isinstance(found, Waiting):
        if terms.profile.unknown_orders is UnknownOrderPolicy.STAND_ALONE:
            return before_billing(refund) or plan_alone(refund, terms)
        return not_yet(refund) or before_billing(refund) or found
    return plan(refund, found, terms)


def _save_mapped(
    row: TransactionRow,
    found: Matched,
    came_to: Mapped | Finding,
    profile: Profile,
    findings: Sequence[Finding],
    *,
    by: str,
    now: datetime,
) -> Plan | None:
    bills = found if isinstance(found, Bills) else None
    if isinstance(came_to, Waiting):
        told = info(came_to.code, came_to.message, fix=came_to.fix)
        _save_waiting(row, told, profile, findings, bills, by=by, now=now)
        return None
    reason, came_to_plan = "", None
    if isinstance(came_to, Finding):
        event = Event.HELD
        findings = (came_to, *findings)
    elif isinstance(came_to, NotNeeded):
        event, reason = Event.NOTHING_TO_BOOK, came_to.code
        findings = (info(came_to.code, came_to.message), *findings)
    else:
        findings = (*came_to.findings, *findings)
        came_to_plan, event = came_to, Event.HELD if blocks(tuple(findings)) else Event.PLANNED
    if came_to_plan and event is Event.PLANNED and _is_known(row, came_to_plan, findings, bills):
        return came_to_plan
    taken = transactions.mapped(
        row.id,
        event,
        by=by,
        now=now,
        edition=row.edition,
        reason=reason,
        findings=findings,
        bills=bills,
        plan=came_to_plan,
        looks=_looks_of_held(row, findings, now) if event is Event.HELD else NO_LOOKS,
    )
    return came_to_plan if taken and event is Event.PLANNED else None


def _is_known(row: TransactionRow, plan: Plan, findings: Sequence[Finding], bills: Bills | None) -> bool:
    """Says whether our rows say all this already. What changed there meanwhile, the first intent would notice."""
    kept = (row.status, row.reason, row.looks, row.findings, row.bills, row.plan)
    return kept == (State.READY, "", NO_LOOKS, tuple(findings), bills, plan)


def _looks_of_held(row: TransactionRow, findings: Sequence[Finding], now: datetime) -> Looks:
    """What may be mended without our hearing of it is looked at again by itself, ever more seldom."""
    if not is_timed(findings):
        return NO_LOOKS
    was_held = row.status is State.NEEDS_ATTENTION and row.looks.since is None
    return tries_on(row.looks if was_held else NO_LOOKS, id_=row.id, now=now)


def _save_waiting(
    row: TransactionRow,
    told: Finding,
    profile: Profile,
    findings: Sequence[Finding],
    bills: Bills | None,
    *,
    by: str,
    now: datetime,
) -> None:
    """What waits for too long needs attention, and goes on being looked at: it stays among what waits."""
    looks = waits_on(row.looks, id_=row.id, now=now, same=row.reason == told.code)
    since = looks.since or now
    too_long = now - since >= timedelta(days=profile.wait_days)
    transactions.mapped(
        row.id,
        Event.HELD if too_long else Event.MUST_WAIT,
        by=by,
        now=now,
        edition=row.edition,
        reason=told.code,
        findings=(*((_waited_too_long(told, since, now),) if too_long else ()), told, *findings),
        bills=bills,
        looks=looks,
    )


def _waited_too_long(told: Finding, since: datetime, now: datetime) -> Finding:
    return error(
        "waited_too_long",
        f"This refund has waited for {waited_for(since, now)}, since {since:%Y-%m-%d}. {told.message}",
        fix=f"{told.fix} It goes on being looked at; if that is in vain, book it by hand and cancel it here.".strip(),
        where="wait_days",
    )


def _hold_for_fault(id_: int, fault: Exception, *, by: str, now: datetime) -> None:
    _log.error("Refund %s could not be looked at", id_, exc_info=fault)
    transactions.mapped(id_, Event.HELD, by=by, now=now, findings=(unexpected_fault(fault, "looked at"),))


def _save_unasked(row: TransactionRow, problem: NetSuiteError, profile: Profile, *, by: str, now: datetime) -> None:
    if problem.retryable:
        _save_waiting(row, problem.finding, profile, (), row.bills, by=by, now=now)
        return
    findings = (problem.finding,)
    looks = _looks_of_held(row, findings, now)
    transactions.mapped(row.id, Event.HELD, by=by, now=now, edition=row.edition, findings=findings, looks=looks)
