"""Reads what a refund's return says: the goods that went out in exchange, and the fees that were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.refunds.document import Adjustment, Goods, Line, LineKind, Restock
from contrapost.refunds.finding import Finding, warning
from contrapost.refunds.money import Money, total
from contrapost.stores.shopify.payload import Part, Reading, decimal, inner, nodes_of, objects, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RESTOCKING_FEE = "RESTOCKING_FEE"
RETURN_SHIPPING_FEE = "RETURN_SHIPPING_FEE"


def has_exchange(refund: Part) -> bool:
    """Says whether goods went out in exchange for those of this refund's return."""
    return bool(list(objects(nodes_of(inner(refund, "return"), "exchangeLineItems"))))


def is_whole(refund: Part) -> bool:
    """Says whether the refund has no return, or one that was read with all its parts."""
    back = inner(refund, "return")
    return not back or "returnLineItems" in back


def has_several_refunds(refund: Part) -> bool:
    """Says whether the return was refunded in parts: what it names may then belong to another refund."""
    return len(list(objects(nodes_of(inner(refund, "return"), "refunds")))) > 1


def fees_kept(refund: Part, lines: Sequence[Line], reading: Reading) -> dict[str, Adjustment]:
    """Gives the return's fees, by their name; of restocking, those of the order lines that this refund takes back."""
    back = inner(refund, "return")
    zero = Money.zero(reading.currency)
    sums = {RESTOCKING_FEE: zero, RETURN_SHIPPING_FEE: zero}
    taken = {line.order_line_id for line in lines}
    if "returnLineItems" in back:
        for part, where in reading.nodes(back, "returnLineItems"):
            sold = inner(inner(part, "fulfillmentLineItem"), "lineItem")
            if part.get("restockingFee") is not None and text(sold, "id").rsplit("/", 1)[-1] in taken:
                fee = reading.part(part["restockingFee"], f"return.{where}.restockingFee")
                sums[RESTOCKING_FEE] += reading.money(fee, "amountSet", f"return.{where}.restockingFee")
    if back.get("returnShippingFees") is not None:
        for part, where in reading.nodes(back, "returnShippingFees"):
            sums[RETURN_SHIPPING_FEE] += reading.money(part, "amountSet", f"return.{where}")
    return {name: Adjustment(amount=-kept, tax=zero, reason=name) for name, kept in sums.items() if kept}


def goods_out(order: Part, refund: Part, reading: Reading) -> tuple[Line, ...]:
    """Gives the goods that went out in exchange, at what the shop charged for them after all discounts.

    Where some of them are not on the order yet, none are given: what all of them cost is not known.
    """
    back = inner(refund, "return")
    found: list[Line] = []
    is_open = False
    if not has_exchange(refund) or not is_whole(refund):
        return ()
    for part, where in reading.nodes(back, "exchangeLineItems"):
        sold = list(objects(part.get("lineItems")))
        if not sold:
            is_open = True
            reading.findings.append(_not_out_yet(f"return.{where}"))
        found += [
            _line(order, part, each, f"return.{where}.lineItems[{place}]", reading) for place, each in enumerate(sold)
        ]
    return () if is_open else tuple(found)


def _line(order: Part, part: Part, sold: Part, where: str, reading: Reading) -> Line:
    own = text(sold, "id").rsplit("/", 1)[-1]
    discounts = (
        reading.money(each, "allocatedAmountSet", f"{where}.discountAllocations[{place}]")
        for place, each in enumerate(objects(sold.get("discountAllocations")))
    )
    charged = reading.money(sold, "originalTotalSet", where) - total(discounts, reading.currency)
    taxes = (
        reading.money(each, "priceSet", f"{where}.taxLines[{place}]")
        for place, each in enumerate(objects(sold.get("taxLines")))
    )
    tax = total(taxes, reading.currency)
    unshipped = decimal(sold.get("unfulfilledQuantity"))
    return Line(
        id=f"{text(part, 'id').rsplit('/', 1)[-1]}-{own}",
        order_line_id=own,
        sku=text(sold, "sku"),
        title=text(sold, "title"),
        quantity=reading.units(sold, where),
        credited=charged - tax if order.get("taxesIncluded") is True else charged,
        tax=tax,
        goods=Goods(restock=Restock.KEPT, came_back=False, shipped=unshipped == 0),
        kind=LineKind.GIFT_CARD if sold.get("isGiftCard") is True else LineKind.GOODS,
    )


def without(adjustments: Iterable[Adjustment], worth: Money) -> list[Adjustment]:
    """Leaves out the one adjustment that states once more what the goods out are worth."""
    kept = list(adjustments)
    same = next((each for each in kept if worth and each.amount + each.tax == -worth), None)
    if same is not None:
        kept.remove(same)
    return kept


def _not_out_yet(where: str) -> Finding:
    return warning(
        "exchange_open",
        "Goods that are to go out in exchange are not on the order yet, so what they cost is not known.",
        fix="Finish the exchange in Shopify, then retrieve the refund again.",
        where=where,
    )
