"""From refund and bill to the plan: the map step as a table of contents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.mapping import extras
from contrapost.mapping.credit import Credited, CreditedLine
from contrapost.mapping.fields import map_fields
from contrapost.mapping.lines import earlier_credits, merged, take_back
from contrapost.mapping.period import BookingDay, booking_day
from contrapost.mapping.record_choice import NotNeeded, cash_account, gateways_of, not_yet, nothing_to_book, unsupported
from contrapost.mapping.records import Writing, cash_refund, credit_memo, customer_refund
from contrapost.mapping.tax import DocumentTax, Regime, document_tax, lone_tax
from contrapost.netsuite.bill import BillKind, LineKind, Waiting, remaining
from contrapost.netsuite.drafts import LABELS, Amounts, Draft, Plan, Reason
from contrapost.refunds.balance import Balance, balance
from contrapost.refunds.finding import Finding, blocks, error, info
from contrapost.refunds.money import Money, split, total

if TYPE_CHECKING:
    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.bill import Bill, BillLine, Bills
    from contrapost.netsuite.lists import Lists
    from contrapost.refunds.document import Refund

Mapped = Plan | Waiting | NotNeeded
"""What the map step comes to: a plan (blocked where a finding is an error), something to wait for, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One refund against one bill, with all that decides about it."""

    refund: Refund
    bill: Bill
    profile: Profile
    lists: Lists
    balance: Balance


def plan(refund: Refund, bills: Bills, profile: Profile, lists: Lists, *, shop: str, revision: int = 1) -> Mapped:
    """Plans what NetSuite is to hold for a refund of an order that was found and billed.

    Args:
        refund: as the store states it.
        bills: the order's bills, oldest first, with all that was credited against them.
        profile: the account's mapping.
        lists: of the NetSuite account.
        shop: what makes the shop the same for ever; part of the external ids.
        revision: above 1 for a plan made anew after an earlier one of which nothing stands.
    """
    early = not_yet(refund) or nothing_to_book(refund)
    if early:
        return early
    plans = [_on_bill(refund, bill, profile, lists, shop, revision) for bill in bills.bills]
    return next((made for made in plans if not isinstance(made, Plan) or not blocks(made.findings)), plans[0])


def _on_bill(refund: Refund, bill: Bill, profile: Profile, lists: Lists, shop: str, revision: int) -> Plan | Waiting:
    case = _Case(refund=refund, bill=bill, profile=profile, lists=lists, balance=balance(refund))
    refused = unsupported(refund, bill)
    if refused:
        return Plan(drafts=(), amounts=_amounts(case), findings=refused, revision=revision)
    amounts, findings = _settled(case)
    credited, found = _credited(case)
    tax, tax_found = document_tax(credited, bill)
    credited, rounded = (credited, ()) if blocks(found) else _rounded(credited, tax, amounts, case)
    account, account_found = cash_account(refund, bill, profile, lists) if amounts.paid_out else ("", ())
    day = booking_day(refund.refunded_on, lists.periods, profile.period)
    if isinstance(day, Waiting):
        return day
    findings = (*findings, *found, *tax_found, *lone_tax(credited), *rounded, *account_found)
    if not blocks(findings):
        findings = (*findings, *_beyond_the_bill(case))
    if isinstance(day, Finding):
        findings = (*findings, day)
    if isinstance(day, Finding) or blocks(findings):
        return Plan(drafts=(), amounts=amounts, findings=findings, revision=revision)
    writing = Writing(refund=refund, bill=bill, shop=shop, day=day, revision=revision)
    mapped = map_fields(_drafts(writing, credited, tax, amounts, account), profile.rules, refund, bill)
    trace = (*_trace(case, mapped.drafts, day, account, tax), *mapped.trace)
    findings = (*findings, *mapped.findings)
    drafts = () if blocks(findings) else mapped.drafts
    return Plan(drafts=drafts, amounts=amounts, findings=findings, trace=trace, revision=revision)


def _amounts(case: _Case, receivable: Money | None = None) -> Amounts:
    """The four amounts; what keeps them apart stands as rounding, to be judged."""
    sums = case.balance
    reduced = receivable or Money.zero(case.refund.currency)
    went = sums.paid_out + sums.to_liability + reduced
    return Amounts(
        credited=sums.credited,
        paid_out=sums.paid_out,
        to_liability=sums.to_liability,
        receivable_reduced=reduced,
        rounding=went - sums.credited,
    )


def _settled(case: _Case) -> tuple[Amounts, tuple[Finding, ...]]:
    """Finds where the credited amount went; what went nowhere is a finding, beyond a cent of rounding."""
    gap, bill = case.balance.gap, case.bill
    tolerance = Money(case.profile.rounding_tolerance, gap.currency)
    owed = bill.kind is BillKind.INVOICE and case.refund.order_unpaid
    if owed and Money.zero(gap.currency) < gap <= bill.unpaid:
        return _amounts(case, receivable=gap), ()
    amounts = _amounts(case)
    if abs(gap) <= tolerance:
        return amounts, ()
    return replace(amounts, rounding=Money.zero(gap.currency)), (_does_not_add_up(case),)


def _credited(case: _Case) -> tuple[Credited, tuple[Finding, ...]]:
    """Puts together what the document says: lines and their discount, shipping, charges, differences, liabilities."""
    refund, bill, profile, lists = case.refund, case.bill, case.profile, case.lists
    taken, discount, found = take_back(refund, bill, profile, lists)
    shipping, shipping_lines, shipping_found = extras.shipping_back(refund, bill, profile)
    charges, charges_found = extras.charges_back(refund, bill, profile, lists)
    given, given_found = extras.differences(refund, bill, profile, lists)
    liable, liable_found = extras.liabilities(refund, profile, lists)
    discounts, header, header_line = _discount_back(discount, bill)
    lines = merged((*taken, *discounts, *shipping_lines, *charges, *given, *liable))
    credited = Credited(
        lines=lines or _carrier(bill),
        shipping=shipping,
        header_discount=header,
        header_discount_line=header_line,
    )
    return credited, (*found, *shipping_found, *charges_found, *given_found, *liable_found)


def _carrier(bill: Bill) -> tuple[CreditedLine, ...]:
    """A line of nothing: NetSuite takes no transaction without a line, not even for shipping alone."""
    first, zero = bill.of_kind(LineKind.ITEM)[0], Money.zero(bill.currency)
    why = "NetSuite wants at least one line; this one is empty"
    return (
        CreditedLine(
            item_id=first.item_id,
            item=first.item,
            quantity=Decimal(0),
            amount=zero,
            tax=zero,
            account=first.account,
            why=why,
            takes_back=first,
        ),
    )


def _discount_back(discount: Money, bill: Bill) -> tuple[tuple[CreditedLine, ...], Money, BillLine | None]:
    """Places the discount that goes with the lines where the bill has it: on its lines, and in its header."""
    zero = Money.zero(bill.currency)
    given = bill.of_kind(LineKind.DISCOUNT)
    header = next((line for line in given if line.line == 0), None)
    if not discount:
        return (), zero, header
    shares = split(discount, [abs(line.amount.amount) for line in given])
    lines = tuple(
        CreditedLine(
            item_id=line.item_id,
            item=line.item,
            quantity=abs(line.quantity),
            amount=-share,
            tax=zero,
            account=line.account,
            why="the bill's discount on these lines",
            takes_back=line,
        )
        for line, share in zip(given, shares, strict=True)
        if line.line and share
    )
    on_header = total((share for line, share in zip(given, shares, strict=True) if not line.line), bill.currency)
    return lines, -on_header, header


def _rounded(
    credited: Credited, tax: DocumentTax, amounts: Amounts, case: _Case
) -> tuple[Credited, tuple[Finding, ...]]:
    """Adds the rounding line that makes the document come to what went to the customer, if it needs one."""
    target = amounts.paid_out + amounts.receivable_reduced
    stated = sum((line.tax for line in credited.lines), Money.zero(target.currency))
    stated += credited.shipping.tax if credited.shipping else Money.zero(target.currency)
    comes_to = credited.total(target.currency) - stated + tax.amount
    difference = target - comes_to
    tolerance = Money(case.profile.rounding_tolerance, target.currency)
    if not difference or abs(difference) > tolerance:
        return credited, (_too_far_off(difference, tax, case),) if _unexplained(difference, amounts, tolerance) else ()
    why = "store and NetSuite round differently"
    lines, findings = extras.added_line(
        "rounding", difference, Money.zero(target.currency), why, case.profile, case.lists
    )
    if stated != tax.amount:
        findings = (*findings, _tax_stays(stated - tax.amount, case.bill))
    return replace(credited, lines=(*credited.lines, *lines)), findings


def _unexplained(difference: Money, amounts: Amounts, tolerance: Money) -> bool:
    """A document that is off although the refund itself adds up: the fault lies between store and bill."""
    return abs(difference) > tolerance and not amounts.difference


def _drafts(
    writing: Writing, credited: Credited, tax: DocumentTax, amounts: Amounts, account: str
) -> tuple[Draft, ...]:
    if writing.bill.kind is BillKind.CASH_SALE:
        return (cash_refund(writing, credited, tax, account or writing.bill.account),)
    memo = credit_memo(writing, credited, tax, amounts.receivable_reduced)
    if not amounts.paid_out:
        return (memo,)
    return (memo, customer_refund(writing, amounts.paid_out, account))


def _trace(
    case: _Case, drafts: tuple[Draft, ...], day: BookingDay, account: str, tax: DocumentTax
) -> tuple[Reason, ...]:
    """Says why the plan is as it is."""
    records = " and ".join(LABELS[draft.record] for draft in drafts)
    reasons = [
        Reason(what="record", value=records, why=f"the order was billed by {case.bill.label}"),
        Reason(what="date", value=str(day.day), why=day.why),
    ]
    if account:
        why = f"the profile's cash account for {', '.join(gateways_of(case.refund))}, {case.refund.currency}"
        reasons.append(Reason(what="cash account", value=case.lists.account_label(account), why=why))
    lines = (
        Reason(what=f"line {line.item}", value=f"{line.quantity} for {line.amount}", why=line.why)
        for line in drafts[0].lines
    )
    stock = Reason(what="stock", value=_stock(drafts[0]), why="only goods that came back and had left stock")
    return (*reasons, *lines, Reason(what="tax", value=str(tax.amount), why=_WHY_TAX[tax.regime]), stock)


_WHY_TAX = {
    Regime.NONE: "the bill carries no tax",
    Regime.SUITETAX: "the store's own tax, by override",
    Regime.LEGACY: "as NetSuite reckons it from the bill's rates; legacy tax cannot be overridden",
}


def _stock(draft: Draft) -> str:
    return ", ".join(f"+{move.quantity} {move.item}" for move in draft.stock) or "no movement"


def _does_not_add_up(case: _Case) -> Finding:
    sums = case.balance
    if sums.gap.amount > 0 and case.refund.order_unpaid and case.bill.kind is BillKind.CASH_SALE:
        return error(
            "unpaid_order_billed_as_paid",
            f"The store was never paid {sums.gap} of this order, yet NetSuite billed it by {case.bill.label} as paid.",
            fix="Correct the sale in NetSuite, then cancel this refund here.",
        )
    more = "more" if sums.gap.amount > 0 else "less"
    return error(
        "does_not_add_up",
        f"The refund credits {sums.credited}, which is {abs(sums.gap)} {more} than went to the customer "
        f"({sums.paid_out} paid out, {sums.to_liability} as gift card or store credit).",
        fix="Compare the refund at the store and retrieve it again; if it is right as it is, book it by hand.",
    )


def _beyond_the_bill(case: _Case) -> tuple[Finding, ...]:
    """Finds what is credited beyond all that is left of the bill, whatever its lines are called."""
    credited, left = case.balance.credited, remaining(case.bill).total
    if credited - left <= Money(case.profile.rounding_tolerance, left.currency):
        return ()
    return (
        error(
            "more_than_remains",
            f"The refund credits {credited}, but of {case.bill.label} only {left} is left. "
            f"{earlier_credits(case.bill)}",
            fix="If an earlier refund was booked by hand for this one, cancel this one here; otherwise correct "
            "NetSuite.",
        ),
    )


def _too_far_off(difference: Money, tax: DocumentTax, case: _Case) -> Finding:
    cause = " because NetSuite reckons its own tax" if tax.regime is Regime.LEGACY else ""
    return error(
        "document_off",
        f"NetSuite's document would differ by {abs(difference)} from what went to the customer{cause}; "
        f"the most that may be rounded is {case.profile.rounding_tolerance}.",
        fix="Compare the bill with the order at the store; raise rounding_tolerance only if it really is rounding.",
    )


def _tax_stays(amount: Money, bill: Bill) -> Finding:
    return info(
        "tax_rounded",
        f"NetSuite reckons {abs(amount)} {'less' if amount.amount > 0 else 'more'} tax than the store gave back; "
        f"the difference is booked as rounding and stays on the tax account of {bill.label}.",
    )
