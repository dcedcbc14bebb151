"""A refund, or a part of one, against one bill: what it is credited with, and the records that say so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.mapping import extras
from contrapost.mapping.cash import Outlay, outlays
from contrapost.mapping.credit import Credited, CreditedLine
from contrapost.mapping.explain import trace_of
from contrapost.mapping.fields import map_fields
from contrapost.mapping.lines import earlier_credits, merged, take_back
from contrapost.mapping.record_choice import invoice_waits
from contrapost.mapping.records import (
    BY_AUTHORIZATION,
    Credit,
    cash_refund,
    comes_to,
    credit_memo,
    customer_refund,
    item_receipt,
    return_authorization,
)
from contrapost.mapping.restock import Way
from contrapost.mapping.tax import DocumentTax, Regime, document_tax
from contrapost.mapping.writing import Writing
from contrapost.netsuite.bill import BillKind, LineKind, Waiting, remaining
from contrapost.netsuite.drafts import Amounts, Draft, Plan
from contrapost.refunds.balance import Balance, balance
from contrapost.refunds.division import divide, with_tenders
from contrapost.refunds.document import ChargeKind, TenderKind
from contrapost.refunds.finding import Finding, blocks, error, info
from contrapost.refunds.money import Money, split, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost.mapping.period import BookingDay
    from contrapost.mapping.terms import Terms
    from contrapost.netsuite.bill import Bill, BillLine
    from contrapost.refunds.document import Refund


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One refund against one bill, with all that decides about it."""

    refund: Refund
    bill: Bill
    terms: Terms
    balance: Balance
    outlays: tuple[Outlay, ...]
    apart: str = ""
    """The cash account, where the money left from several: it tells the records of one bill apart."""

    @property
    def tolerance(self) -> Money:
        """The most that may be rounded."""
        return Money(self.terms.tolerance, self.bill.currency)


def plan_on_bill(refund: Refund, bill: Bill, terms: Terms, day: BookingDay) -> Plan | Waiting:
    """Plans what a refund, or the part of it that one bill takes, becomes.

    A cash refund has one cash account: where money left from several, the refund is divided into a part for each, and
    each becomes a cash refund of its own. A credit memo is paid out by one customer refund for each account.
    """
    moved, findings = outlays(refund, bill.subsidiary, terms)
    if len(moved) > 1 and bill.kind is BillKind.CASH_SALE:
        plans: list[Plan] = []
        for outlay, part in zip(moved, _by_account(refund, moved), strict=True):
            made = _planned(_case(part, bill, terms, (outlay,), apart=outlay.account), findings, day)
            if isinstance(made, Waiting):
                return made
            plans.append(made)
        return joined(plans)
    case = _case(refund, bill, terms, moved)
    waits = invoice_waits(refund, bill, case.balance.paid_out, terms.profile)
    return waits or _planned(case, findings, day)


def joined(plans: Sequence[Plan]) -> Plan:
    """Gives one plan of several: their records one after the other, their amounts added up."""
    first, *others = plans
    for other in others:
        first = replace(
            first,
            drafts=(*first.drafts, *other.drafts),
            amounts=first.amounts + other.amounts,
            findings=tuple(dict.fromkeys((*first.findings, *other.findings))),
            trace=(*first.trace, *other.trace),
            rounded=_together(first.rounded, other.rounded),
            beyond=_together(first.beyond, other.beyond),
        )
    return first if not blocks(first.findings) else replace(first, drafts=())


def _together(one: Money | None, other: Money | None) -> Money | None:
    return one + other if one and other else one or other


def _case(refund: Refund, bill: Bill, terms: Terms, moved: tuple[Outlay, ...], *, apart: str = "") -> _Case:
    return _Case(refund=refund, bill=bill, terms=terms, balance=balance(refund), outlays=moved, apart=apart)


def _by_account(refund: Refund, moved: Sequence[Outlay]) -> list[Refund]:
    """Divides a refund by the accounts its money left from; what became a liability goes with the first."""
    first, *others = moved
    liable = total((t.amount for t in refund.tenders if t.kind is not TenderKind.MONEY), refund.currency)
    parts = divide(refund, [first.amount + liable, *(outlay.amount for outlay in others)])
    order = {gateway: index for index, outlay in enumerate(moved) for gateway in outlay.gateways}
    tenders = sorted(
        refund.tenders, key=lambda tender: -1 if tender.kind is not TenderKind.MONEY else order.get(tender.gateway, 0)
    )
    return list(with_tenders(replace(refund, tenders=tuple(tenders)), parts))


def _planned(case: _Case, findings: tuple[Finding, ...], day: BookingDay) -> Plan | Waiting:
    refund, bill, terms = case.refund, case.bill, case.terms
    amounts, unsettled = _settled(case)
    credited, found = _credited(case)
    awaited = [line for line in credited.lines if line.way is Way.NOT_YET]
    if awaited:
        return _goods_awaited(awaited)
    tax, tax_found = document_tax(credited, bill, terms.profile.legacy_tax)
    credited, rounded = (credited, ()) if blocks(found) else _rounded(credited, tax, amounts, case)
    findings = tuple(dict.fromkeys((*findings, *unsettled, *found, *tax_found, *rounded)))
    beyond = _beyond_the_bill(case)
    if not blocks(findings):
        findings = (*findings, *_judged(beyond, case))
    if blocks(findings):
        excess = beyond if {found.code for found in findings if blocks((found,))} == {"more_than_remains"} else None
        return Plan(drafts=(), amounts=amounts, findings=findings, revision=terms.revision, beyond=excess)
    writing = Writing(refund=refund, terms=terms, day=day, on=bill.id)
    credit = Credit(writing=writing, bill=bill, credited=credited, tax=tax)
    mapped = map_fields(_drafts(credit, case, amounts), terms.profile.rules, refund, bill, terms.lists.catalog)
    findings = (*findings, *mapped.findings)
    drafts = () if blocks(findings) else mapped.drafts
    trace = mapped.explained(trace_of(credit, case.outlays, mapped.drafts))
    return Plan(
        drafts=drafts,
        amounts=amounts,
        findings=findings,
        trace=trace,
        revision=terms.revision,
        rounded=credited.rounded(bill.currency) or None,
    )


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
        goods_out=sums.goods_out,
    )


def _settled(case: _Case) -> tuple[Amounts, tuple[Finding, ...]]:
    """Finds where the credited amount went; what went nowhere is a finding, beyond a cent of rounding."""
    gap, bill = case.balance.gap, case.bill
    owed = bill.kind is BillKind.INVOICE and case.refund.order_unpaid
    if owed and Money.zero(gap.currency) < gap <= bill.unpaid:
        return _amounts(case, receivable=gap), ()
    amounts = _amounts(case)
    if abs(gap) <= case.tolerance:
        return amounts, ()
    if abs(gap) <= Money(case.terms.profile.rounding_tolerance, gap.currency):
        return amounts, (_cap_reached(case),)
    return replace(amounts, rounding=Money.zero(gap.currency)), (_does_not_add_up(case),)


def _credited(case: _Case) -> tuple[Credited, tuple[Finding, ...]]:
    """Puts together what the document says: lines and their discount, shipping, charges, differences, liabilities."""
    refund, bill, terms = case.refund, case.bill, case.terms
    taken, discount, found = take_back(refund, bill, terms)
    shipping, shipping_lines, shipping_found = extras.shipping_back(refund, bill, terms)
    charges, charges_found = extras.charges_back(refund, bill, terms)
    given, given_found = extras.differences(refund, bill, terms)
    coins, coins_found = extras.coins(refund, terms)
    liable, liable_found = extras.liabilities(refund, terms)
    discounts, header, header_line = _discount_back(discount, bill)
    lines = merged((*taken, *discounts, *shipping_lines, *charges, *given, *coins, *liable))
    lines = (*extras.with_facilitator_tax(lines, refund, bill, terms),)
    credited = Credited(
        lines=lines or _carrier(bill),
        shipping=shipping,
        header_discount=header,
        header_discount_line=header_line,
    )
    credited, lone_found = extras.lone_taxes(credited, bill.currency, terms)
    if not credited.lines:
        found = (*found, _no_line(bill))
    return credited, (
        *found, *shipping_found, *charges_found, *given_found, *coins_found, *liable_found, *lone_found,
    )  # fmt: skip


def _carrier(bill: Bill) -> tuple[CreditedLine, ...]:
    """A line of nothing: NetSuite takes no transaction without a line, not even for shipping alone."""
    first = next(iter(bill.of_kind(LineKind.ITEM)), None)
    if first is None:
        return ()
    zero = Money.zero(bill.currency)
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
    target = amounts.paid_out + amounts.receivable_reduced + case.balance.goods_out
    difference = target - comes_to(credited, tax, target.currency)
    if not difference:
        return credited, ()
    if abs(difference) > case.tolerance:
        if amounts.difference:
            return credited, ()
        if abs(difference) <= Money(case.terms.profile.rounding_tolerance, target.currency):
            return credited, (_cap_reached(case),)
        return credited, (_too_far_off(difference, tax, case),)
    zero = Money.zero(target.currency)
    why = "store and NetSuite round differently"
    lines, findings = extras.added_line("rounding", difference, zero, why, case.terms)
    stated = credited.stated_tax(target.currency)
    if stated != tax.amount:
        findings = (*findings, _tax_stays(stated - tax.amount, case.bill))
    return replace(credited, lines=(*credited.lines, *lines)), findings


def _drafts(credit: Credit, case: _Case, amounts: Amounts) -> tuple[Draft, ...]:
    """The records in the order they are written: the return and its receipt, the credit, and what pays it out."""
    returned: tuple[Draft, ...] = ()
    if any(line.way in BY_AUTHORIZATION for line in credit.credited.lines):
        authorization = return_authorization(credit, case.apart)
        credit = replace(credit, via=authorization)
        back = any(line.way is Way.BY_RECEIPT for line in credit.credited.lines)
        returned = (authorization, *((item_receipt(credit, authorization, case.apart),) if back else ()))
    bill = credit.bill
    if bill.kind is BillKind.CASH_SALE:
        account = case.outlays[0].account if case.outlays else bill.account
        return (*returned, cash_refund(credit, account, case.apart))
    memo = credit_memo(credit, amounts.receivable_reduced)
    several = len(case.outlays) > 1
    payouts = (customer_refund(credit, outlay, outlay.account if several else "") for outlay in case.outlays)
    return (*returned, memo, *payouts)


def _no_line(bill: Bill) -> Finding:
    return error(
        "bill_without_items",
        f"{bill.label} has no line of goods, and NetSuite takes no credit without a line.",
        fix="Correct the bill in NetSuite, or book this refund by hand and cancel it here.",
    )


def _goods_awaited(lines: Sequence[CreditedLine]) -> Waiting:
    named = ", ".join(f"{line.quantity.normalize():f} {line.item}" for line in lines)
    return Waiting(
        code="goods_not_back",
        message=f"The goods are still on their way back ({named}), and the account waits for them.",
        fix="Nothing to do: once the store says that they are back, the refund is booked.",
    )


def _does_not_add_up(case: _Case) -> Finding:
    sums = case.balance
    if sums.gap.amount > 0 and case.refund.order_unpaid and case.bill.kind is BillKind.CASH_SALE:
        return error(
            "unpaid_order_billed_as_paid",
            f"The store was never paid {sums.gap} of this order, yet NetSuite billed it by {case.bill.label} as paid.",
            fix="Correct the sale in NetSuite, then cancel this refund here.",
        )
    more = "more" if sums.gap.amount > 0 else "less"
    owed = ""
    if case.refund.order_unpaid:
        owed = f" Of {case.bill.label} {case.bill.unpaid} is still owed. {earlier_credits(case.bill)}"
    return error(
        "does_not_add_up",
        f"The refund credits {sums.credited}, which is {abs(sums.gap)} {more} than went to the customer "
        f"({sums.paid_out} paid out, {sums.to_liability} as gift card or store credit).{owed}",
        fix="Compare the refund at the store and retrieve it again; if it is right as it is, book it by hand.",
    )


def _beyond_the_bill(case: _Case) -> Money | None:
    """What is credited beyond all that is left of the bill, whatever its lines are called; None within rounding.

    A marketplace's own fees are no part of it: they are on no bill.
    """
    credited, left = case.balance.gross, remaining(case.bill).total
    fees = (charge.credited for charge in case.refund.charges if charge.kind is ChargeKind.STORE_FEE)
    beyond = credited - total(fees, credited.currency) - left
    return beyond if beyond > Money(case.terms.profile.rounding_tolerance, left.currency) else None


def _judged(beyond: Money | None, case: _Case) -> tuple[Finding, ...]:
    """Holds what goes beyond the bill, or tells of it where the profile or a person allows it."""
    if beyond is None:
        return ()
    if beyond.amount <= case.terms.goodwill:
        message = f"The refund gives {beyond} above what {case.bill.label} still holds, which is allowed as goodwill."
        return (info("goodwill", message),)
    credited, left = case.balance.gross, remaining(case.bill).total
    return (
        error(
            "more_than_remains",
            f"The refund credits {credited}, but of {case.bill.label} only {left} is left. "
            f"{earlier_credits(case.bill)}",
            fix="If this refund was booked by hand, link its record (Booked by hand, or contrapost adopt); otherwise "
            "correct NetSuite, or accept the difference as goodwill.",
        ),
    )


def _too_far_off(difference: Money, tax: DocumentTax, case: _Case) -> Finding:
    cause = " because NetSuite reckons its own tax" if tax.regime is Regime.LEGACY else ""
    return error(
        "document_off",
        f"NetSuite's document would differ by {abs(difference)} from what went to the customer{cause}; "
        f"the most that may be rounded is {case.terms.profile.rounding_tolerance}.",
        fix="Compare the bill with the order at the store; raise rounding_tolerance only if it really is rounding.",
    )


def _cap_reached(case: _Case) -> Finding:
    terms = case.terms
    return error(
        "rounding_cap_reached",
        f"This refund needs a rounding line, and {terms.rounded_before} of the {terms.profile.rounding_cap} that may "
        "be rounded for this account in a month are used.",
        fix="Look why so much is rounded; then raise rounding_cap for this account, or book this refund by hand.",
        where="rounding_cap",
    )


def _tax_stays(amount: Money, bill: Bill) -> Finding:
    return info(
        "tax_rounded",
        f"NetSuite reckons {abs(amount)} {'less' if amount.amount > 0 else 'more'} tax than the store gave back; "
        f"the difference is booked as rounding and stays on the tax account of {bill.label}.",
    )
