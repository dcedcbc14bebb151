"""From refund and order to the plan: the map step as a table of contents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contrapost.mapping.allocation import allocate
from contrapost.mapping.cash import with_fees
from contrapost.mapping.explain import marketplace
from contrapost.mapping.on_bill import joined, plan_on_bill
from contrapost.mapping.on_order import plan_unbilled
from contrapost.mapping.period import BookingDay, booking_day
from contrapost.mapping.policies import DatePolicy, FeePolicy
from contrapost.mapping.record_choice import NotNeeded, exchange_waits, not_yet, nothing_to_book, unsupported
from contrapost.netsuite.bill import Waiting
from contrapost.netsuite.drafts import Amounts, Plan
from contrapost.refunds.balance import balance
from contrapost.refunds.finding import Finding, blocks

if TYPE_CHECKING:
    from contrapost.mapping.allocation import Part
    from contrapost.mapping.terms import Terms
    from contrapost.netsuite.bill import Bills
    from contrapost.refunds.document import Refund

Mapped = Plan | Waiting | NotNeeded
"""What the map step comes to: a plan (blocked where a finding is an error), something to wait for, or nothing."""


def plan(refund: Refund, order: Bills, terms: Terms) -> Mapped:
    """Plans what NetSuite is to hold for a refund of an order that was found there.

    The refund is allocated over the order's bills; each part becomes the records of its bill, and what no bill holds is
    paid back from the order's deposits or needs no record.

    Args:
        refund: as the store states it.
        order: its bills, oldest first, with all that was credited against them, its deposits and its own lines.
        terms: the account's mapping, NetSuite's lists, and the day.
    """
    early = not_yet(refund) or nothing_to_book(refund)
    if not early and order.bills:
        early = exchange_waits(refund, order, terms.profile)
    if early:
        return early
    told = marketplace(refund)
    if terms.profile.fees is FeePolicy.REFUND:
        refund = with_fees(refund)
    refused = unsupported(refund, order, terms.profile)
    if refused:
        return _held(refund, refused, terms)
    day = _day(refund, terms)
    if not isinstance(day, BookingDay):
        return _held(refund, (day,), terms) if isinstance(day, Finding) else day
    made: list[Plan] = []
    for part in allocate(refund, order, terms.profile):
        came_to = _planned(part, order, terms, day)
        if not isinstance(came_to, Plan):
            return came_to
        made.append(came_to)
    whole = joined(made)
    whole = replace(whole, trace=(*whole.trace, *told))
    return whole if whole.drafts or blocks(whole.findings) else _nothing_left(whole)


def _day(refund: Refund, terms: Terms) -> BookingDay | Waiting | Finding:
    profile = terms.profile
    day = terms.today if profile.date is DatePolicy.POSTING and terms.today else refund.refunded_on
    return booking_day(day, terms.lists.periods, profile.period, refunded_on=refund.refunded_on)


def _planned(part: Part, order: Bills, terms: Terms, day: BookingDay) -> Mapped:
    if part.bill is None:
        return plan_unbilled(part, order, terms, day)
    return plan_on_bill(part.refund, part.bill, terms, day)


def _held(refund: Refund, findings: tuple[Finding, ...], terms: Terms) -> Plan:
    """A plan without records: its findings say what keeps it from having any."""
    sums = balance(refund)
    amounts = Amounts(
        credited=sums.credited,
        paid_out=sums.paid_out,
        to_liability=sums.to_liability,
        receivable_reduced=sums.credited - sums.credited,
        rounding=sums.credited - sums.credited,
    )
    return Plan(drafts=(), amounts=amounts, findings=findings, revision=terms.revision)


def _nothing_left(whole: Plan) -> NotNeeded:
    """All parts were canceled before they were billed."""
    said = next(finding for finding in whole.findings if finding.code == "canceled_before_billing")
    return NotNeeded(code=said.code, message=said.message)
