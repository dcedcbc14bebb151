"""What a refund credits beside its lines: shipping, duties, tips, fees, differences, and liabilities given instead."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.mapping.credit import CreditedLine, Shipping
from contrapost.mapping.lines import earlier_credits
from contrapost.netsuite.bill import Bill, BillLine, LineKind, remaining
from contrapost.refunds.document import ChargeKind, TenderKind, TenderStatus
from contrapost.refunds.finding import Finding, error
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.lists import Lists
    from contrapost.refunds.document import Refund

ONE = Decimal(1)


def shipping_back(
    refund: Refund, bill: Bill, profile: Profile
) -> tuple[Shipping | None, tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Gives shipping back from where the bill has it: its shipping cost, or a line with the shipping item.

    Shipping is counted over all refunds of the bill, so that it never comes back twice.
    """
    charges = [charge for charge in refund.charges if charge.kind is ChargeKind.SHIPPING]
    amount = total((charge.credited for charge in charges), refund.currency)
    tax = total((charge.tax for charge in charges), refund.currency)
    if not amount and not tax:
        return None, (), ()
    tolerance = Money(profile.rounding_tolerance, bill.currency)
    costs = bill.of_kind(LineKind.SHIPPING)
    if costs:
        left = remaining(bill).shipping
        short = amount - left
        if short > tolerance:
            return None, (), (_more_than_left("shipping", amount, left, bill),)
        return Shipping(amount=amount, tax=tax, takes_back=costs[0]), (), ()
    line = _line_of_item(bill, profile.items.get("shipping", ""))
    if line is None:
        return None, (), (_shipping_not_on_bill(amount, bill),)
    left = remaining(bill).amount[line.item_id]
    if amount - left > tolerance:
        return None, (), (_more_than_left("shipping", amount, left, bill),)
    why = "the bill carries shipping as a line"
    return None, (_back(line, amount, tax, why),), ()


def charges_back(
    refund: Refund, bill: Bill, profile: Profile, lists: Lists
) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Gives duties, tips and fees back: on the bill's own line of that item, else on a line added with it."""
    lines: list[CreditedLine] = []
    findings: list[Finding] = []
    tolerance = Money(profile.rounding_tolerance, bill.currency)
    for role in dict.fromkeys(charge.kind for charge in refund.charges if charge.kind is not ChargeKind.SHIPPING):
        amount = total((charge.credited for charge in refund.charges if charge.kind is role), refund.currency)
        tax = total((charge.tax for charge in refund.charges if charge.kind is role), refund.currency)
        if not amount and not tax:
            continue
        line = _line_of_item(bill, profile.items.get(role, ""))
        left = remaining(bill).amount[line.item_id] if line else amount
        if amount - left > tolerance:
            findings.append(_more_than_left(role, amount, left, bill))
        elif line is not None:
            lines.append(_back(line, amount, tax, f"the {role} given back"))
        else:
            added, found = added_line(role, amount, tax, f"the {role} given back", profile, lists)
            lines.extend(added)
            findings.extend(found)
    return tuple(lines), tuple(findings)


def differences(
    refund: Refund, bill: Bill, profile: Profile, lists: Lists
) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Books the difference the store itself names: extra given, or kept. Those that cancel each other make none."""
    amount = total((adjustment.amount for adjustment in refund.adjustments), refund.currency)
    tax = total((adjustment.tax for adjustment in refund.adjustments), refund.currency)
    if not amount and not tax:
        return (), ()
    reasons = ", ".join(dict.fromkeys(adjustment.reason for adjustment in refund.adjustments if adjustment.reason))
    if amount.amount + tax.amount > 0:
        left = remaining(bill).total - _credited_by_lines(refund)
        if amount + tax - left > Money(profile.rounding_tolerance, bill.currency):
            return (), (_more_given_than_left(amount + tax, left, bill),)
        why = f"the customer got more than the lines come to ({reasons or 'no reason given'})"
        return added_line("extra_given", amount, tax, why, profile, lists)
    why = f"kept of the refund ({reasons or 'no reason given'})"
    return added_line("kept", amount, tax, why, profile, lists)


def liabilities(refund: Refund, profile: Profile, lists: Lists) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Books what was given as gift card or store credit: a line below zero on the item of that liability."""
    lines: list[CreditedLine] = []
    findings: list[Finding] = []
    zero = Money.zero(refund.currency)
    for kind in (TenderKind.GIFT_CARD, TenderKind.STORE_CREDIT):
        tenders = (t.amount for t in refund.tenders if t.kind is kind and t.status is TenderStatus.SUCCEEDED)
        amount = total(tenders, refund.currency)
        if amount:
            why = f"given as {kind.value.replace('_', ' ')}, not paid out"
            added, found = added_line(kind.value, -amount, zero, why, profile, lists)
            lines.extend(added)
            findings.extend(found)
    return tuple(lines), tuple(findings)


def added_line(
    role: str, amount: Money, tax: Money, why: str, profile: Profile, lists: Lists
) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Makes a line with the item the profile names for a role, or a finding that says which item is to be named."""
    named = profile.items.get(role)
    item = lists.item(named) if named else None
    if item is None:
        return (), (_item_to_name(role, named, amount + tax),)
    line = CreditedLine(
        item_id=item.id, item=item.name, quantity=ONE, amount=amount, tax=tax, account=item.income_account, why=why
    )
    return (line,), ()


def _credited_by_lines(refund: Refund) -> Money:
    lines = (line.credited + line.tax for line in refund.lines)
    charges = (charge.credited + charge.tax for charge in refund.charges)
    return total((*lines, *charges), refund.currency)


def _line_of_item(bill: Bill, named: str) -> BillLine | None:
    lines = bill.of_kind(LineKind.ITEM)
    return next((line for line in lines if named and named in (line.item, f"id:{line.item_id}")), None)


def _back(line: BillLine, amount: Money, tax: Money, why: str) -> CreditedLine:
    return CreditedLine(
        item_id=line.item_id,
        item=line.item,
        quantity=ONE,
        amount=amount,
        tax=tax,
        account=line.account,
        why=why,
        takes_back=line,
    )


def _item_to_name(role: str, named: str | None, amount: Money) -> Finding:
    where = f"item.{role}"
    if named:
        return error(
            "item_unknown",
            f"The account's setting {where} names {named!r}, and NetSuite has no such item.",
            fix="Correct the setting, or make the item in NetSuite and run doctor to read the lists anew.",
            where=where,
        )
    return error(
        "item_not_mapped",
        f"{amount} has to be booked as {role.replace('_', ' ')}, and the account names no item for it.",
        fix=f"Name one: contrapost accounts set ACCOUNT --set {where}=ITEM.",
        where=where,
    )


def _more_than_left(what: str, amount: Money, left: Money, bill: Bill) -> Finding:
    return error(
        "more_than_remains",
        f"The refund gives {amount} of {what} back, but of {bill.label} only {left} is left. {earlier_credits(bill)}",
        fix="If an earlier refund was booked by hand for this one, cancel this one here; otherwise correct NetSuite.",
        where=what,
    )


def _shipping_not_on_bill(amount: Money, bill: Bill) -> Finding:
    return error(
        "shipping_not_on_bill",
        f"The refund gives {amount} of shipping back, but {bill.label} has no shipping cost.",
        fix="If bills carry shipping as a line, name its item (--set item.shipping=ITEM); otherwise correct the bill.",
        where="shipping",
    )


def _more_given_than_left(amount: Money, left: Money, bill: Bill) -> Finding:
    return error(
        "more_than_remains",
        f"The refund gives {amount} beside its lines, but of {bill.label} only {left} is left. {earlier_credits(bill)}",
        fix="If an earlier refund was booked by hand for this one, cancel this one here; otherwise correct NetSuite.",
        where="adjustments",
    )
