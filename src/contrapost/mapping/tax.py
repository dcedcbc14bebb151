"""Tax of a credit document: the store's own, said to NetSuite in the way the bill's account allows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from contrapost.mapping.policies import LegacyTaxPolicy
from contrapost.netsuite.bill import LineKind
from contrapost.refunds.finding import Finding, error
from contrapost.refunds.money import Money, split, total

if TYPE_CHECKING:
    from contrapost.mapping.credit import Credited, CreditedLine
    from contrapost.netsuite.bill import Bill, Tax

SHIPPING_REFERENCE = "SHIPPING"
"""The reference under which SuiteTax knows the tax of the shipping cost."""


class Regime(StrEnum):
    """How a bill carries its tax."""

    NONE = "none"
    SUITETAX = "suitetax"
    """Per line, in tax details that a request may override."""
    LEGACY = "legacy"
    """By code and rate; NetSuite reckons it by itself unless a line says its amount."""


@dataclass(frozen=True, slots=True)
class DocumentTax:
    """The tax of a credit document."""

    regime: Regime
    amount: Money
    """What NetSuite will hold as tax on the document."""
    details: tuple[dict[str, Any], ...] = ()
    """SuiteTax's override, line by line; empty for the other regimes."""
    by_line: bool = False
    """Legacy tax whose amounts are sent with the lines."""
    booked: tuple[tuple[str, Money], ...] = ()
    """What of it goes to which account, by internal id, one entry a tax code; all of it where there is none."""


def regime_of(bill: Bill) -> Regime:
    """Tells how a bill carries its tax."""
    if any(tax.type_id for line in bill.lines for tax in line.taxes):
        return Regime.SUITETAX
    if bill.order_tax or any(line.taxes for line in bill.lines):
        return Regime.LEGACY
    return Regime.NONE


def document_tax(credited: Credited, bill: Bill, policy: LegacyTaxPolicy) -> tuple[DocumentTax, tuple[Finding, ...]]:
    """Says the store's tax to NetSuite; with legacy tax, says what NetSuite will make of it.

    SuiteTax takes the store's tax by override (`taxDetailsOverride`). Legacy tax is what NetSuite reckons from the
    bill's rates, and the difference to the store's is for rounding to book; unless the profile has the store's amount
    sent with each line, which only an account with tax codes on its lines takes.
    """
    regime = regime_of(bill)
    taxed = _taxed(credited)
    stated = total((tax for _, _, tax, _ in taxed), bill.currency)
    if regime is Regime.SUITETAX:
        return _overridden(credited, bill, stated)
    if regime is Regime.LEGACY and policy is LegacyTaxPolicy.STORE:
        return DocumentTax(regime, stated, by_line=True), ()
    if regime is Regime.LEGACY:
        booked = _reckoned(credited, bill)
        return DocumentTax(regime, total((amount for _, amount in booked), bill.currency), booked=booked), ()
    if stated:
        return DocumentTax(regime, stated), (_tax_not_on_bill(stated, bill),)
    return DocumentTax(regime, stated), ()


def _taxed(credited: Credited) -> list[tuple[str, Money, Money, tuple[Tax, ...]]]:
    """Reference, base, tax and the bill's taxes of every part of the document that carries tax."""
    parts = [
        (reference(index), line.amount, line.tax, line.codes) for index, line in enumerate(credited.lines) if line.tax
    ]
    if credited.shipping and credited.shipping.tax:
        shipping = credited.shipping
        parts.append((SHIPPING_REFERENCE, shipping.amount, shipping.tax, shipping.takes_back.taxes))
    return parts


def reference(index: int) -> str:
    """Gives the reference that ties the line at this place of the document to its tax details."""
    return f"LINE{index + 1}"


def _overridden(credited: Credited, bill: Bill, stated: Money) -> tuple[DocumentTax, tuple[Finding, ...]]:
    details: list[dict[str, Any]] = []
    booked: dict[tuple[str, str], Money] = {}
    for name, base, tax, taxes in _taxed(credited):
        of_line = [entry for entry in taxes if entry.type_id] or _commonest(bill)
        shares = split(tax, [abs(entry.amount.amount) or entry.rate for entry in of_line])
        for entry, share in zip(of_line, shares, strict=True):
            key = (entry.code_id, entry.account or bill.tax_account)
            booked[key] = booked.get(key, Money.zero(bill.currency)) + share
        details.extend(
            {
                "taxDetailsReference": name,
                "taxType": {"id": entry.type_id},
                "taxCode": {"id": entry.code_id},
                "taxBasis": base.amount,
                "taxRate": entry.rate,
                "taxAmount": share.amount,
            }
            for entry, share in zip(of_line, shares, strict=True)
        )
    by_account = tuple((account, amount) for (_, account), amount in booked.items())
    return DocumentTax(Regime.SUITETAX, stated, tuple(details), booked=by_account), ()


def _commonest(bill: Bill) -> list[Tax]:
    """The taxes of the bill's most taxed line: what tax on something the bill does not have is told apart by."""
    lines = [line for line in bill.lines if any(tax.type_id for tax in line.taxes)]
    return list(max(lines, key=lambda line: line.tax.amount).taxes)


def _reckoned(credited: Credited, bill: Bill) -> tuple[tuple[str, Money], ...]:
    """What NetSuite makes of it: each tax code's base by its rate, each code rounded on its own.

    Discounts before tax lessen the base: their lines as they are, the header's by its part of all lines.
    """
    lines = total((line.amount for line in credited.lines), bill.currency)
    left = 1 + credited.header_discount.amount / lines.amount if lines else Decimal(1)
    bases: dict[Decimal, Decimal] = defaultdict(Decimal)
    for _, base, stated, taxes in _taxed(credited):
        for rate in [tax.rate for tax in taxes] or _rates_of_line(base, stated, bill):
            bases[rate] += base.amount
    discounts = (line.amount.amount for line in credited.lines if _is_discount(line))
    if len(bases) == 1:
        bases[next(iter(bases))] += sum(discounts, Decimal(0))
    hundredth = Decimal("0.01")
    accounts = {tax.rate: tax.account for tax in reversed(bill.order_tax) if tax.account}
    return tuple(
        (accounts.get(rate, bill.tax_account), Money(base * left * rate * hundredth, bill.currency).rounded())
        for rate, base in bases.items()
    )


def _rates_of_line(base: Money, stated: Money, bill: Bill) -> list[Decimal]:
    """The bill's rates that a line was taxed at: one of them, or all together, whichever comes nearest to its tax.

    NetSuite's search tells legacy tax by the order, not by the line.
    """
    rates = list(dict.fromkeys(tax.rate for tax in bill.order_tax))
    choices = [*([rate] for rate in rates), rates]
    hundredth = Decimal("0.01")
    return min(choices, key=lambda chosen: abs(base.amount * sum(chosen) * hundredth - stated.amount))


def _is_discount(line: CreditedLine) -> bool:
    return line.takes_back is not None and line.takes_back.kind is LineKind.DISCOUNT


def _tax_not_on_bill(stated: Money, bill: Bill) -> Finding:
    return error(
        "tax_not_on_bill",
        f"The refund gives {stated} of tax back, but {bill.label} carries no tax.",
        fix="Correct the bill in NetSuite, or book this refund by hand and cancel it here.",
        where="tax",
    )
