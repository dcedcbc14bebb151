"""What a refund credits beside its lines: shipping, duties, tips, fees, differences, and liabilities given instead."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.mapping.amount_only import carries_tax, shares
from contrapost.mapping.credit import Credited, CreditedLine, Shipping
from contrapost.mapping.lines import BOOKED_BY_HAND, earlier_credits
from contrapost.netsuite.bill import Bill, BillLine, LineKind, remaining
from contrapost.refunds.balance import cash_rounding
from contrapost.refunds.document import AdjustmentKind, ChargeKind, TenderKind, TenderStatus
from contrapost.refunds.finding import Finding, error
from contrapost.refunds.money import Money, split, total

if TYPE_CHECKING:
    from contrapost.mapping.terms import Terms
    from contrapost.netsuite.bill import Tax
    from contrapost.refunds.document import Charge, Refund

ONE = Decimal(1)


def shipping_back(
    refund: Refund, bill: Bill, terms: Terms
) -> tuple[Shipping | None, tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Gives shipping back from where the bill has it: its shipping cost, or a line with the shipping item.

    Shipping is counted over all refunds of the bill, so that it never comes back twice.
    """
    charges = [charge for charge in refund.charges if charge.kind is ChargeKind.SHIPPING]
    amount = total((charge.credited for charge in charges), refund.currency)
    tax = total((charge.tax for charge in charges), refund.currency)
    if not amount and not tax:
        return None, (), ()
    tolerance = Money(terms.profile.rounding_tolerance, bill.currency)
    costs = bill.of_kind(LineKind.SHIPPING)
    if costs:
        left = remaining(bill).shipping
        short = amount - left
        if short > tolerance:
            return None, (), (_more_than_left("shipping", amount, left, bill),)
        return Shipping(amount=amount, tax=tax, takes_back=costs[0]), (), ()
    line = _line_of_item(bill, terms.profile.items.get("shipping", ""))
    if line is None:
        return None, (), (_shipping_not_on_bill(amount, bill),)
    left = remaining(bill).amount[line.item_id]
    if amount - left > tolerance:
        return None, (), (_more_than_left("shipping", amount, left, bill),)
    why = "the bill carries shipping as a line"
    return None, (_back(line, amount, tax, why),), ()


def charges_back(refund: Refund, bill: Bill, terms: Terms) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Gives duties, tips and fees back: on the bill's own line of that item, else on a line added with it.

    A marketplace's fees are always lines of their own, each under its name: what it keeps or gives back is not what the
    bill says.
    """
    lines: list[CreditedLine] = []
    findings: list[Finding] = []
    tolerance = Money(terms.profile.rounding_tolerance, bill.currency)
    groups: dict[tuple[ChargeKind, str], list[Charge]] = {}
    for charge in refund.charges:
        if charge.kind is not ChargeKind.SHIPPING:
            title = charge.title if charge.kind is ChargeKind.STORE_FEE else ""
            groups.setdefault((charge.kind, title), []).append(charge)
    for (role, title), charges in groups.items():
        amount = total((charge.credited for charge in charges), refund.currency)
        tax = total((charge.tax for charge in charges), refund.currency)
        if not amount and not tax:
            continue
        own = role is ChargeKind.STORE_FEE
        line = None if own else _line_of_item(bill, terms.profile.items.get(role, ""))
        left = remaining(bill).amount[line.item_id] if line else amount
        why = f"the marketplace's fee {title}" if own else f"the {role} given back"
        if amount - left > tolerance:
            findings.append(_more_than_left(role, amount, left, bill))
        elif line is not None:
            lines.append(_back(line, amount, tax, why))
        else:
            added, found = added_line(role, amount, tax, why, terms)
            lines.extend(added)
            findings.extend(found)
    return tuple(lines), tuple(findings)


def differences(refund: Refund, bill: Bill, terms: Terms) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Books the difference the store itself names: extra given, or kept. Those that cancel each other make none."""
    named = [one for one in refund.adjustments if one.kind is AdjustmentKind.DIFFERENCE]
    amount = total((adjustment.amount for adjustment in named), refund.currency)
    tax = total((adjustment.tax for adjustment in named), refund.currency)
    if not amount and not tax:
        return (), ()
    reasons = ", ".join(dict.fromkeys(adjustment.reason for adjustment in named if adjustment.reason))
    if amount.amount + tax.amount > 0:
        left = remaining(bill).total - _credited_by_lines(refund)
        allowed = Money(terms.profile.rounding_tolerance + terms.goodwill, bill.currency)
        if amount + tax - left > allowed:
            return (), (_more_given_than_left(amount + tax, left, bill),)
        why = f"the customer got more than the lines come to ({reasons or 'no reason given'})"
        if not tax and carries_tax(refund, bill, terms.profile):
            return _given_with_tax(amount, bill, why, terms)
        return added_line("extra_given", amount, tax, why, terms)
    why = f"kept of the refund ({reasons or 'no reason given'})"
    return added_line("kept", amount, tax, why, terms)


def _given_with_tax(
    amount: Money, bill: Bill, why: str, terms: Terms
) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Books an amount that contains tax: one line for each tax group of the bill."""
    lines: list[CreditedLine] = []
    for share in shares(amount, bill):
        rates = " and ".join(f"{tax.rate.normalize():f} %" for tax in share.taxes) or "the bill's rate"
        told = f"{why}; its share at {rates}"
        added, findings = added_line("extra_given", share.net, share.tax, told, terms, taxes=share.taxes)
        if findings:
            return (), findings
        lines.extend(added)
    return tuple(lines), ()


def coins(refund: Refund, terms: Terms) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Books what paying out in coins added or took."""
    amount = cash_rounding(refund)
    if not amount:
        return (), ()
    return added_line("rounding", amount, Money.zero(amount.currency), "cash was rounded to the next coin", terms)


def lone_taxes(credited: Credited, currency: str, terms: Terms) -> tuple[Credited, tuple[Finding, ...]]:
    """Books tax without an amount on a line of its own: NetSuite takes no line of 0.00 that carries tax."""
    zero, shipping = Money.zero(currency), credited.shipping
    lone = {index for index, line in enumerate(credited.lines) if line.tax and not line.amount}
    amount = total((credited.lines[index].tax for index in lone), currency)
    if shipping is not None and shipping.tax and not shipping.amount:
        amount, shipping = amount + shipping.tax, None
    if not amount:
        return credited, ()
    added, findings = added_line("tax", amount, zero, "tax given back without an amount it belongs to", terms)
    kept = (
        replace(line, tax=zero) if index in lone else line
        for index, line in enumerate(credited.lines)
        if index not in lone or line.takes_back
    )
    return replace(credited, lines=(*kept, *added), shipping=shipping), findings


def with_facilitator_tax(
    lines: tuple[CreditedLine, ...], refund: Refund, bill: Bill, terms: Terms
) -> tuple[CreditedLine, ...]:
    """Takes a marketplace's own tax back where the bill carries it: on the lines, and on the line that took it out.

    Both come to nothing together, as they did on the bill. Where the bill does not carry it there is nothing to add.
    """
    out = _line_of_item(bill, terms.profile.items.get("facilitator_tax", ""))
    if out is None or not refund.facilitator_tax or out.amount.amount >= 0:
        return lines
    taxed = [line for line in lines if line.takes_back and line.takes_back.tax and not line.tax]
    tax = min(refund.facilitator_tax, -out.amount)
    if not taxed:
        return lines
    parts = dict(zip(map(id, taxed), split(tax, [line.amount.amount for line in taxed]), strict=True))
    back = _back(out, -tax, Money.zero(tax.currency), "the marketplace's own tax, which the bill took out again")
    return (*(replace(line, tax=parts[id(line)]) if id(line) in parts else line for line in lines), back)


def liabilities(refund: Refund, terms: Terms) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Books what was given as gift card or store credit: a line below zero on the item of that liability."""
    lines: list[CreditedLine] = []
    findings: list[Finding] = []
    zero = Money.zero(refund.currency)
    for kind in (TenderKind.GIFT_CARD, TenderKind.STORE_CREDIT):
        tenders = (t.amount for t in refund.tenders if t.kind is kind and t.status is TenderStatus.SUCCEEDED)
        amount = total(tenders, refund.currency)
        if amount:
            why = f"given as {kind.value.replace('_', ' ')}, not paid out"
            added, found = added_line(kind.value, -amount, zero, why, terms)
            lines.extend(added)
            findings.extend(found)
    return tuple(lines), tuple(findings)


def added_line(
    role: str, amount: Money, tax: Money, why: str, terms: Terms, *, taxes: tuple[Tax, ...] = ()
) -> tuple[tuple[CreditedLine, ...], tuple[Finding, ...]]:
    """Makes a line with the item the profile names for a role, or a finding that says which item is to be named."""
    named = terms.profile.items.get(role)
    item = terms.lists.item(named) if named else None
    if item is None:
        return (), (_item_to_name(role, named, amount + tax),)
    line = CreditedLine(
        item_id=item.id,
        item=item.name,
        quantity=ONE,
        amount=amount,
        tax=tax,
        account=item.income_account,
        why=why,
        taxes=taxes,
        role=role,
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
        fix=BOOKED_BY_HAND,
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
        fix=BOOKED_BY_HAND,
        where="adjustments",
    )
