"""Decides, per refund, whether the amounts of its lines carry their tax.

Where prices include tax, Shopify does not document whether `subtotalSet` does too, and those who read it disagree. So
each refund is tested against what was paid out; where that does not tell, against the shop's own ledger of the order,
whose totals are always after taxes. Where neither tells, the refund is held: this is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contrapost.refunds.document import Adjustment, Tender
    from contrapost.stores.shopify.payload import Part, Reading

from contrapost.refunds.document import TenderStatus
from contrapost.stores.shopify.payload import decimal, inner, text

PENDING_REASON = "PENDING_REFUND_DISCREPANCY"
_GOODS = {"PRODUCT", "GIFT_CARD", "SHIPPING", "TIP"}


class TaxReading(StrEnum):
    """What the amounts of lines and shipping hold."""

    WITHOUT_TAX = "without tax"
    WITH_TAX = "with tax"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Amounts:
    """The sums of one refund that the decision rests on."""

    goods: Money
    """Lines and shipping as they were sent."""
    tax: Money
    other: Money
    """Duties, and what the adjustments give or keep, other than for money that is still on its way."""
    paid: Money
    """Money that moved or is on its way."""


def amounts(
    goods: Sequence[tuple[Money, Money]], other: Sequence[Money], adjustments: Sequence[Adjustment],
    tenders: Sequence[Tender], currency: str,
) -> Amounts:  # fmt: skip
    """Adds up what the decision rests on."""
    given = [each.amount + each.tax for each in adjustments if each.reason != PENDING_REASON]
    moved = [each.amount for each in tenders if each.status is not TenderStatus.FAILED]
    return Amounts(
        goods=total((net for net, _ in goods), currency),
        tax=total((tax for _, tax in goods), currency),
        other=total([*other, *given], currency),
        paid=total(moved, currency),
    )


def tax_reading(order: Part, refund: Part, sums: Amounts, reading: Reading) -> TaxReading:
    """Decides how the amounts of a refund are to be read."""
    if order.get("taxesIncluded") is not True or not sums.tax:
        return TaxReading.WITHOUT_TAX
    by_money = _one_that_fits(sums.goods + sums.other, sums.tax, sums.paid)
    return by_money if by_money is not TaxReading.UNDECIDED else _by_ledger(order, refund, sums, reading)


def _one_that_fits(goods: Money, tax: Money, wanted: Money) -> TaxReading:
    if goods + tax == wanted:
        return TaxReading.WITHOUT_TAX
    return TaxReading.WITH_TAX if goods == wanted else TaxReading.UNDECIDED


def _by_ledger(order: Part, refund: Part, sums: Amounts, reading: Reading) -> TaxReading:
    sales = _sales(order, refund)
    credited = [_total(sale, reading) for sale in sales if text(sale, "lineType") in _GOODS]
    if not credited or any(each is None for each in credited):
        return TaxReading.UNDECIDED
    gross = -total((each for each in credited if each is not None), reading.currency)
    return _one_that_fits(sums.goods, sums.tax, gross)


def _sales(order: Part, refund: Part) -> list[Mapping[str, object]]:
    """Gives the sales of the agreement that stands for this refund; none where they were not read to their end."""
    found = []
    for agreement in _list(order, "agreements"):
        sales = inner(agreement, "sales")
        if text(inner(agreement, "refund"), "id") == text(refund, "id"):
            if inner(sales, "pageInfo").get("hasNextPage") is True:
                return []
            found += _list(agreement, "sales")
    return found


def _total(sale: Part, reading: Reading) -> Money | None:
    sided = inner(inner(sale, "totalAmount"), f"{reading.side}Money")
    amount = decimal(sided.get("amount"))
    return None if amount is None or sided.get("currencyCode") != reading.currency else Money(amount, reading.currency)


def _list(parent: Part, name: str) -> list[Mapping[str, object]]:
    value = parent.get(name)
    nodes = value.get("nodes") if hasattr(value, "get") else value
    return [each for each in nodes if hasattr(each, "get")] if isinstance(nodes, list) else []
