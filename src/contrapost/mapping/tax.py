"""Tax of a credit document: the store's own, said to NetSuite in the way the bill's account allows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from contrapost.refunds.finding import Finding, error
from contrapost.refunds.money import Money, split, total

if TYPE_CHECKING:
    from contrapost.mapping.credit import Credited
    from contrapost.netsuite.bill import Bill, Tax

SHIPPING_REFERENCE = "SHIPPING"
"""The reference under which SuiteTax knows the tax of the shipping cost."""


class Regime(StrEnum):
    """How a bill carries its tax."""

    NONE = "none"
    SUITETAX = "suitetax"
    """Per line, in tax details that a request may override."""
    LEGACY = "legacy"
    """By code and rate; NetSuite reckons it itself and no request can change it."""


@dataclass(frozen=True, slots=True)
class DocumentTax:
    """The tax of a credit document."""

    regime: Regime
    amount: Money
    """What NetSuite will hold as tax on the document."""
    details: tuple[dict[str, Any], ...] = ()
    """SuiteTax's override, line by line; empty for the other regimes."""


def regime_of(bill: Bill) -> Regime:
    """Tells how a bill carries its tax."""
    if any(tax.type_id for line in bill.lines for tax in line.taxes):
        return Regime.SUITETAX
    if bill.order_tax or any(line.taxes for line in bill.lines):
        return Regime.LEGACY
    return Regime.NONE


def document_tax(credited: Credited, bill: Bill) -> tuple[DocumentTax, tuple[Finding, ...]]:
    """Says the store's tax to NetSuite; with legacy tax, says what NetSuite will make of it.

    SuiteTax takes the store's tax by override (`taxDetailsOverride`). Legacy tax cannot be overridden through REST, so
    the amount is what NetSuite reckons from the bill's rates; the difference to the store's is for rounding to book.
    """
    regime = regime_of(bill)
    taxed = _taxed(credited)
    stated = total((tax for _, _, tax, _ in taxed), bill.currency)
    if regime is Regime.SUITETAX:
        return _overridden(credited, bill, stated)
    if regime is Regime.LEGACY:
        return DocumentTax(regime, _reckoned(taxed, bill)), ()
    if stated:
        return DocumentTax(regime, stated), (_tax_not_on_bill(stated, bill),)
    return DocumentTax(regime, stated), ()


def _taxed(credited: Credited) -> list[tuple[str, Money, Money, tuple[Tax, ...]]]:
    """Reference, base, tax and the bill's taxes of every part of the document that carries tax."""
    parts = [
        (reference(index), line.amount, line.tax, line.takes_back.taxes if line.takes_back else ())
        for index, line in enumerate(credited.lines)
        if line.tax
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
    for name, base, tax, taxes in _taxed(credited):
        of_line = [entry for entry in taxes if entry.type_id] or _commonest(bill)
        shares = split(tax, [abs(entry.amount.amount) or entry.rate for entry in of_line])
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
    return DocumentTax(Regime.SUITETAX, stated, tuple(details)), ()


def _commonest(bill: Bill) -> list[Tax]:
    """The taxes of the bill's most taxed line: what tax on something the bill does not have is told apart by."""
    lines = [line for line in bill.lines if any(tax.type_id for tax in line.taxes)]
    return list(max(lines, key=lambda line: line.tax.amount).taxes)


def _reckoned(taxed: list[tuple[str, Money, Money, tuple[Tax, ...]]], bill: Bill) -> Money:
    """What NetSuite makes of it: each line's base by the bill's rates, each tax code rounded on its own."""
    bases: dict[Decimal, Money] = {}
    for _, base, _, taxes in taxed:
        for tax in taxes or bill.order_tax:
            bases[tax.rate] = bases.get(tax.rate, Money.zero(bill.currency)) + base
    hundredth = Decimal("0.01")
    return total(((base * (rate * hundredth)).rounded() for rate, base in bases.items()), bill.currency)


def lone_tax(credited: Credited) -> tuple[Finding, ...]:
    """Finds parts of the document that would carry tax and no amount, which NetSuite does not take."""
    lone = [line.item for line in credited.lines if line.tax and not line.amount]
    if credited.shipping and credited.shipping.tax and not credited.shipping.amount:
        lone.append("shipping")
    return tuple(
        error(
            "tax_without_amount",
            f"The refund gives tax back on {name} without an amount, which NetSuite does not take.",
            fix="Book this refund in NetSuite by hand and cancel it here.",
            where=name,
        )
        for name in lone
    )


def _tax_not_on_bill(stated: Money, bill: Bill) -> Finding:
    return error(
        "tax_not_on_bill",
        f"The refund gives {stated} of tax back, but {bill.label} carries no tax.",
        fix="Correct the bill in NetSuite, or book this refund by hand and cancel it here.",
        where="tax",
    )
