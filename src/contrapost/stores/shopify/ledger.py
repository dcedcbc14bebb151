"""Reads the shop's own ledger of an order as far as it concerns one refund: signed, and always after taxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.refunds.document import Charge, ChargeKind
from contrapost.refunds.money import Money, total
from contrapost.stores.shopify.payload import Part, Reading, decimal, inner, text

if TYPE_CHECKING:
    from collections.abc import Sequence

_GOODS = {"PRODUCT", "GIFT_CARD", "SHIPPING", "TIP"}


def sales_of(order: Part, refund: Part) -> list[Part]:
    """Gives the sales of the agreement that stands for a refund; none where they were not read to their end."""
    found: list[Part] = []
    for agreement in _list(order, "agreements"):
        sales = inner(agreement, "sales")
        if text(inner(agreement, "refund"), "id") == text(refund, "id"):
            if inner(sales, "pageInfo").get("hasNextPage") is True:
                return []
            found += _list(agreement, "sales")
    return found


def goods_back(sales: Sequence[Part], reading: Reading) -> Money | None:
    """Gives what the ledger takes back for lines and shipping, after taxes; nothing where it does not tell."""
    credited = [_amount(sale, "totalAmount", reading) for sale in sales if text(sale, "lineType") in _GOODS]
    known = [each for each in credited if each is not None]
    return -total(known, reading.currency) if known and len(known) == len(credited) else None


def tips_back(sales: Sequence[Part]) -> frozenset[str]:
    """Names the order lines that the ledger knows to be tips."""
    tips = (sale for sale in sales if text(sale, "lineType") == "TIP")
    return frozenset(text(inner(sale, "lineItem"), "id").rsplit("/", 1)[-1] for sale in tips) - {""}


def fees_back(sales: Sequence[Part], reading: Reading) -> list[Charge]:
    """Gives the order's additional fees that the ledger takes back: the refund itself has no place for them."""
    found = []
    for sale in sales:
        amount, tax = (_amount(sale, name, reading) for name in ("totalAmount", "totalTaxAmount"))
        if text(sale, "lineType") == "ADDITIONAL_FEE" and amount is not None and tax is not None:
            title = text(inner(sale, "additionalFee"), "name") or "Additional fee"
            found.append(Charge(kind=ChargeKind.FEE, credited=tax - amount, tax=-tax, title=title))
    return found


def _amount(sale: Part, name: str, reading: Reading) -> Money | None:
    sided = inner(inner(sale, name), f"{reading.side}Money")
    amount = decimal(sided.get("amount"))
    return None if amount is None or sided.get("currencyCode") != reading.currency else Money(amount, reading.currency)


def _list(parent: Part, name: str) -> list[Part]:
    value = parent.get(name)
    nodes = value.get("nodes") if hasattr(value, "get") else value
    return [each for each in nodes if hasattr(each, "get")] if isinstance(nodes, list) else []
