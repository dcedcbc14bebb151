"""Match and map, for transactions of one account: asked together, saved one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from contrapost.mapping.plan import Mapped, plan
from contrapost.mapping.policies import UnknownOrderPolicy
from contrapost.mapping.profile import Profile, read_profile
from contrapost.mapping.record_choice import NotNeeded, before_billing, not_yet
from contrapost.mapping.stand_alone import item_names, plan_alone
from contrapost.mapping.terms import Terms
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.bill import Bills, Waiting
from contrapost.netsuite.match import Matched, OrderRule, match
from contrapost.records import queries, transactions
from contrapost.refunds.finding import Finding, blocks, info
from contrapost.refunds.lifecycle import BOOKED, Event, State
from contrapost.stores.contract import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from contrapost.app import App
    from contrapost.netsuite.lists import Lists
    from contrapost.records.rows import AccountRow, TransactionRow

LOOK_AGAIN_AFTER = timedelta(hours=1)
"""When a waiting transaction is looked at again, at the earliest."""


def look_again(
    app: App, account: AccountRow, ids: Sequence[int], *, by: str, newest_lists: bool = False
) -> tuple[Problem, ...]:
    """Matches and maps transactions of one account against NetSuite as it stands, with one question for all.

    What stands, is under way or was canceled is left alone. A NetSuite that cannot be asked leaves them waiting.

    Returns:
        What kept all of them from being looked at, if anything did.
    """
    rows = [row for row in queries.get_all(ids) if is_open(row)]
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
    try:
        lists = _lists_for_unknown(app, account, profile, lists, [row for row in readable if _is_unknown(row, matched)])
    except NetSuiteError as problem:
        return (Problem(order=readable[0].order_name, finding=problem.finding),)
    for row in readable:
        found = matched[row.store_refund_id]
        terms = _terms(app, account, profile, lists, row)
        _save_mapped(row, found, _map(row, found, terms), findings, by=by, now=app.now())
    return ()


def _is_unknown(row: TransactionRow, matched: Mapping[str, Matched]) -> bool:
    return isinstance(matched[row.store_refund_id], Waiting)


def _lists_for_unknown(
    app: App, account: AccountRow, profile: Profile, lists: Lists, unknown: Sequence[TransactionRow]
) -> Lists:
    """The lists with the items of orders that NetSuite does not have, where their refunds are booked by themselves."""
    if profile.unknown_orders is not UnknownOrderPolicy.STAND_ALONE:
        return lists
    names = frozenset(name for row in unknown if row.document for name in item_names(row.document, profile))
    return app.lists_for(account.netsuite, items=names) if names else lists


def _terms(app: App, account: AccountRow, profile: Profile, lists: Lists, row: TransactionRow) -> Terms:
    return Terms(
        profile=profile,
        lists=lists,
        shop=account.identity,
        today=_today(app, row),
        revision=row.revision,
        rounded_before=queries.rounded_in_month(account.name, row.refunded_on, row.amount.currency, beside=row.id),
        accepted=row.accepted.amount,
    )


def _today(app: App, row: TransactionRow) -> date | None:
    """The day in the shop's zone, as the refund itself writes it."""
    return app.now().astimezone(row.document.refunded_at.tzinfo).date() if row.document else None


def is_open(row: TransactionRow) -> bool:
    """Says whether a transaction may still become another plan: it neither stands, nor is under way, nor canceled."""
    return not row.frozen and row.status not in BOOKED and row.status is not State.CANCELED


def _order_rule(profile: Profile) -> OrderRule:
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
