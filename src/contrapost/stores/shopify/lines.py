"""Reads what a refund credits: its lines with their goods, shipping, duties."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contrapost.refunds.document import Charge, ChargeKind, Goods, Line, LineKind, Restock
from contrapost.refunds.money import Money
from contrapost.stores.shopify.fitting import TaxReading
from contrapost.stores.shopify.payload import decimal, inner, text

if TYPE_CHECKING:
    from contrapost.stores.shopify.payload import Part, Reading

_RESTOCKS = {
    "RETURN": Restock.RETURNED,
    "CANCEL": Restock.CANCELED,
    "NO_RESTOCK": Restock.KEPT,
    "LEGACY_RESTOCK": Restock.RETURNED,
}


def read_line(order: Part, part: Part, where: str, refund_id: str, reading: Reading) -> Line:
    """Reads one line as it was sent; whether its amount carries the tax is decided later."""
    sold = reading.part(part.get("lineItem"), f"{where}.lineItem")
    quantity = reading.units(part, where)
    return Line(
        id=text(part, "id").rsplit("/", 1)[-1] or f"{refund_id}-{where.split('[')[1].rstrip(']')}",
        order_line_id=text(sold, "id").rsplit("/", 1)[-1],
        sku=text(sold, "sku"),
        title=text(sold, "title"),
        quantity=quantity,
        credited=reading.money(part, "subtotalSet", where),
        tax=reading.money(part, "totalTaxSet", where),
        goods=_goods(order, part, sold, where, reading),
        kind=LineKind.GIFT_CARD if sold.get("isGiftCard") is True else LineKind.GOODS,
    )


def _goods(order: Part, part: Part, sold: Part, where: str, reading: Reading) -> Goods:
    said = reading.word(part, "restockType", where, _RESTOCKS)
    back = part.get("restocked") is True and said in {"RETURN", "LEGACY_RESTOCK"}
    shipped = {"RETURN": True, "CANCEL": False}.get(said)
    place = inner(part, "location")
    return Goods(
        restock=_RESTOCKS[said],
        came_back=back,
        shipped=_was_shipped(order, part, sold) if shipped is None else shipped,
        location=text(place, "name") or text(place, "id").rsplit("/", 1)[-1],
    )


def _was_shipped(order: Part, part: Part, sold: Part) -> bool:
    """Judges from the order whether units had left: by its state, or else by what is still to ship of the line."""
    state = text(order, "displayFulfillmentStatus")
    if state in {"FULFILLED", "UNFULFILLED"}:
        return state == "FULFILLED"
    counts = [decimal(sold.get(each)) for each in ("quantity", "unfulfilledQuantity", "nonFulfillableQuantity")]
    wanted = decimal(part.get("quantity"))
    if wanted is None or counts[0] is None or counts[1] is None:
        return True
    return counts[0] - counts[1] - (counts[2] or 0) >= wanted


def read_shipping(part: Part, where: str, reading: Reading) -> Charge:
    """Reads shipping that was given back."""
    return Charge(
        kind=ChargeKind.SHIPPING,
        credited=reading.money(part, "subtotalAmountSet", where),
        tax=reading.money(part, "taxAmountSet", where),
        title=text(inner(part, "shippingLine"), "title"),
    )


def read_duties(refund: Part, reading: Reading) -> list[Charge]:
    """Reads duties that were given back; Shopify names no tax of them."""
    if refund.get("duties") is None:
        return []
    zero = Money.zero(reading.currency)
    return [
        Charge(kind=ChargeKind.DUTY, credited=reading.money(part, "amountSet", where), tax=zero, title="Duty")
        for part, where in reading.nodes(refund, "duties")
    ]


def could_be_tip(part: Part) -> bool:
    """Says whether a line has the looks of a tip: nothing of the catalogue, and nothing to ship."""
    sold = inner(part, "lineItem")
    return not text(sold, "sku") and sold.get("requiresShipping") is not True and sold.get("isGiftCard") is not True


def net_line(line: Line, how: TaxReading) -> Line:
    """Takes the tax out of a line's amount where it carries it."""
    return replace(line, credited=line.credited - line.tax) if how is TaxReading.WITH_TAX else line


def net_charge(charge: Charge, how: TaxReading) -> Charge:
    """Takes the tax out of a charge's amount where it carries it."""
    return replace(charge, credited=charge.credited - charge.tax) if how is TaxReading.WITH_TAX else charge
