"""The demo's further orders: every shape of refund there is, each with a note that says what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

Node = dict[str, Any]

RATE: Final = Decimal("0.0825")
_CENT: Final = Decimal("0.01")
_WARES: Final = {
    "MUG": ("Stoneware mug", "12.50"),
    "TRAY": ("Oak serving tray", "40.00"),
    "POSTER": ("Harbour poster", "12.50"),
    "LAMP": ("Reading lamp", "100.00"),
    "LAMP-OLD": ("Reading lamp, first series", "100.00"),
    "GIFT-CARD": ("Gift card", "50.00"),
    "SAMPLE": ("Free sample", "0.00"),
}
_UNTAXED: Final = {"GIFT-CARD", "SAMPLE"}


@dataclass(frozen=True, slots=True)
class Back:
    """Units of a line that were given back: the line's place, how many, and what became of them."""

    place: int
    quantity: int
    restock: str = "RETURN"
    off: str = "0.00"
    """The share of the order's discount in these units."""
    tax: str = ""
    """Where the shop says another tax than follows from the rate."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that moved, or did not."""

    amount: str
    gateway: str = "shopify_payments"
    status: str = "SUCCESS"
    rounding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One order with one refund."""

    number: int
    note: str
    sold: tuple[tuple[str, int], ...]
    back: tuple[Back, ...] = ()
    moved: tuple[Moved, ...] = ()
    shipping_back: tuple[str, str] | None = None
    adjustments: tuple[str, ...] = ()
    """As Shopify signs them: below zero the customer got more."""
    discount: str = ""
    duties: str = ""
    paid: bool = True
    shipped: bool = True
    exchanged_for: str = ""


SHAPES: Final = (
    Shape(number=1007, note="Everything back", sold=(("LAMP", 1), ("MUG", 2)), back=(Back(0, 1), Back(1, 2)),
          moved=(Moved("135.31"),)),
    Shape(number=1008, note="One of three, the others stay", sold=(("MUG", 3),), back=(Back(0, 1),),
          moved=(Moved("13.53"),)),
    Shape(number=1009, note="Kept by the customer: no stock moves", sold=(("TRAY", 1),),
          back=(Back(0, 1, "NO_RESTOCK"),), moved=(Moved("43.30"),)),
    Shape(number=1010, note="Everything back, and the shipping", sold=(("TRAY", 1),), back=(Back(0, 1),),
          shipping_back=("5.00", "0.00"), moved=(Moved("48.30"),)),
    Shape(number=1011, note="Pending: the gateway has not decided", sold=(("LAMP", 1),), back=(Back(0, 1),),
          moved=(Moved("108.25", status="PENDING"),), adjustments=("108.25",)),
    Shape(number=1012, note="The gateway refused: no money moved", sold=(("LAMP", 1),), back=(Back(0, 1),),
          moved=(Moved("108.25", status="FAILURE"),), adjustments=("108.25",)),
    Shape(number=1013, note="Adjustments that cancel each other", sold=(("MUG", 2),), back=(Back(0, 1),),
          adjustments=("-3.95", "3.95", "-3.95"), moved=(Moved("17.48"),)),
    Shape(number=1014, note="Shipping alone, with its tax", sold=(("POSTER", 1),), shipping_back=("5.00", "0.41"),
          moved=(Moved("5.41"),)),
    Shape(number=1015, note="Amount only, on a taxed order", sold=(("LAMP", 1),), adjustments=("-15.00",),
          moved=(Moved("15.00"),)),
    Shape(number=1016, note="Edited to nothing: lines without money", sold=(("MUG", 1),), back=(Back(0, 1),)),
    Shape(number=1017, note="Canceled before it was paid", sold=(("LAMP", 1),), back=(Back(0, 1, "CANCEL"),),
          paid=False, shipped=False),
    Shape(number=1018, note="One canceled, one returned, of the same line", sold=(("MUG", 3),),
          back=(Back(0, 1, "CANCEL"), Back(0, 1, "RETURN")), moved=(Moved("27.06"),)),
    Shape(number=1019, note="Exchange: the lamp for a tray", sold=(("LAMP", 1),), back=(Back(0, 1),),
          moved=(Moved("64.95"),), exchanged_for="TRAY"),
    Shape(number=1020, note="Order discount: the value is after it", sold=(("TRAY", 2),),
          back=(Back(0, 1, off="4.00", tax="2.97"),), discount="8.00", moved=(Moved("38.97"),)),
    Shape(number=1021, note="Tax on a line of nothing", sold=(("LAMP", 1), ("SAMPLE", 1)),
          back=(Back(0, 1), Back(1, 1, "NO_RESTOCK", tax="1.03")), moved=(Moved("109.28"),)),
    Shape(number=1022, note="A refund of 0.00", sold=(("SAMPLE", 1), ("MUG", 1)), back=(Back(0, 1, "NO_RESTOCK"),),
          moved=(Moved("0.00"),)),
    Shape(number=1023, note="A gift card, given back unused", sold=(("GIFT-CARD", 1),),
          back=(Back(0, 1, "NO_RESTOCK"),), moved=(Moved("50.00"),)),
    Shape(number=1024, note="Paid back to a gift card", sold=(("TRAY", 1),), back=(Back(0, 1),),
          moved=(Moved("43.30", "gift_card"),)),
    Shape(number=1025, note="Paid back as store credit", sold=(("MUG", 2),), back=(Back(0, 1),),
          moved=(Moved("13.53", "shopify_store_credit"),)),
    Shape(number=1026, note="A tip, which is no line", sold=(("MUG", 1),), adjustments=("-3.00",),
          moved=(Moved("3.00"),)),
    Shape(number=1027, note="Duties given back", sold=(("TRAY", 1),), back=(Back(0, 1),), duties="6.40",
          moved=(Moved("49.70"),)),
    Shape(number=1028, note="Cash, rounded at the till", sold=(("MUG", 1),), back=(Back(0, 1),),
          moved=(Moved("13.53", "cash", rounding="0.02"),)),
    Shape(number=1029, note="Return fee of 5.00 kept", sold=(("LAMP", 1),), back=(Back(0, 1),), adjustments=("5.00",),
          moved=(Moved("103.25"),)),
    Shape(number=1030, note="Paid back through PayPal", sold=(("TRAY", 1),), back=(Back(0, 1),),
          moved=(Moved("43.30", "paypal"),)),
    Shape(number=1031, note="Klarna: its cash account is not named yet", sold=(("LAMP", 1),), back=(Back(0, 1),),
          moved=(Moved("108.25", "klarna"),)),
    Shape(number=1032, note="Part card, part PayPal", sold=(("LAMP", 1),), back=(Back(0, 1),),
          moved=(Moved("58.25"), Moved("50.00", "paypal"))),
    Shape(number=1033, note="Never paid: the invoice gets smaller", sold=(("LAMP", 1), ("MUG", 1)),
          back=(Back(1, 1),), paid=False),
    Shape(number=1034, note="Billed by an invoice, paid", sold=(("POSTER", 2),), back=(Back(0, 1),),
          moved=(Moved("13.53"),)),
    Shape(number=1035, note="Ordered in NetSuite, not billed yet", sold=(("TRAY", 1),),
          back=(Back(0, 1, "NO_RESTOCK"),), moved=(Moved("43.30"),)),
    Shape(number=1036, note="A deposit, not billed yet", sold=(("LAMP", 1),), back=(Back(0, 1, "CANCEL"),),
          shipped=False, moved=(Moved("108.25"),)),
    Shape(number=1037, note="Not in NetSuite yet", sold=(("MUG", 2),), back=(Back(0, 2),), moved=(Moved("27.06"),)),
    Shape(number=1038, note="Booked by hand in NetSuite already", sold=(("LAMP", 1),), back=(Back(0, 1),),
          moved=(Moved("108.25"),)),
    Shape(number=1039, note="A SKU that NetSuite knows by another name", sold=(("LAMP-OLD", 1),), back=(Back(0, 1),),
          moved=(Moved("108.25"),)),
    Shape(number=1040, note="Two sales in NetSuite carry this number", sold=(("MUG", 1),), back=(Back(0, 1),),
          moved=(Moved("13.53"),)),
    Shape(number=1041, note='<b>Markup</b> & "quotes" in a note stay text', sold=(("POSTER", 1),),
          back=(Back(0, 1, "NO_RESTOCK"),), moved=(Moved("13.53"),)),
)  # fmt: skip
"""In the order of their numbers; what NetSuite holds of each is told where the demo's books are."""


def orders() -> list[Node]:
    """Gives the orders, in the shape of the Admin API."""
    return [_order(shape) for shape in SHAPES]


def tax_of(amount: Decimal) -> Decimal:
    """Reckons the tax on an amount."""
    return (amount * RATE).quantize(_CENT, ROUND_HALF_UP)


def _order(shape: Shape) -> Node:
    number = shape.number
    lines = [_line(shape, place) for place in range(len(shape.sold))]
    ordered, back = f"2026-11-{2 + number % 7:02}T09:{number % 60:02}:00Z", _refunded_at(number)
    goods = sum((Decimal(_WARES[sku][1]) * count for sku, count in shape.sold), Decimal(0))
    off = Decimal(shape.discount or 0)
    taxed = sum((Decimal(_WARES[sku][1]) * count for sku, count in shape.sold if sku not in _UNTAXED), Decimal(0))
    total = goods - off + tax_of(taxed - off) + 5
    refund = _refund(shape, back)
    made: Node = {
        "id": f"gid://shopify/Order/560000000{number}",
        "name": f"#{number}",
        "createdAt": ordered,
        "updatedAt": back,
        "currencyCode": "USD",
        "taxesIncluded": False,
        "sourceName": "web",
        "lineItems": {"nodes": lines},
        "shippingLines": {"nodes": [_shipping(number)]},
        "transactions": [_transaction(f"560000000{number}41", "SALE", str(total))] if shape.paid else [],
        "refunds": [refund],
    }
    if not shape.paid:
        made["displayFinancialStatus"] = "PENDING" if shape.shipped else "VOIDED"
    if shape.shipped:
        made["fulfillments"] = [_fulfillment(shape, lines, ordered)]
    if shape.exchanged_for:
        out = _exchanged(shape)
        lines.append(out)
        made["returns"], refund["return"] = _returns(shape, out)
    return made


def _refunded_at(number: int) -> str:
    """A moment of the fortnight before the demo's today; later numbers are later."""
    step = number - 1007
    return f"2026-11-{10 + step // 3:02}T{8 + step % 3 * 4:02}:{17 + step % 40:02}:00Z"


def _line(shape: Shape, place: int) -> Node:
    sku, count = shape.sold[place]
    title, price = _WARES[sku]
    whole = Decimal(price) * count - Decimal(shape.discount or 0)
    line: Node = {
        "id": f"gid://shopify/LineItem/560000000{shape.number}{place + 1:02}",
        "title": title,
        "sku": sku,
        "quantity": count,
        "originalUnitPriceSet": _bag(price),
        "isGiftCard": sku == "GIFT-CARD",
        "taxLines": [] if sku in _UNTAXED else [_tax_line(tax_of(whole))],
    }
    if shape.discount:
        line["discountAllocations"] = [{"allocatedAmountSet": _bag(shape.discount)}]
    return line


def _tax_line(amount: Decimal) -> Node:
    return {"title": "Sales tax", "rate": RATE, "priceSet": _bag(str(amount))}


def _shipping(number: int) -> Node:
    return {
        "id": f"gid://shopify/ShippingLine/560000000{number}91",
        "title": "Standard",
        "discountedPriceSet": _bag("5.00"),
        "taxLines": [],
    }


def _fulfillment(shape: Shape, lines: list[Node], at: str) -> Node:
    canceled = {back.place: back.quantity for back in shape.back if back.restock == "CANCEL"}
    parts = [
        {"lineItem": {"id": line["id"]}, "quantity": line["quantity"] - canceled.get(place, 0)}
        for place, line in enumerate(lines)
    ]
    return {
        "id": f"gid://shopify/Fulfillment/560000000{shape.number}51",
        "status": "SUCCESS",
        "createdAt": at,
        "fulfillmentLineItems": {"nodes": parts},
    }


def _refund(shape: Shape, at: str) -> Node:
    own = f"88000000{shape.number}1"
    shipping = shape.shipping_back
    refund: Node = {
        "id": f"gid://shopify/Refund/{own}",
        "createdAt": at,
        "note": shape.note,
        "refundLineItems": {"nodes": [_refunded(shape, part, own, index) for index, part in enumerate(shape.back)]},
        "refundShippingLines": {"nodes": [_shipped_back(own, *shipping)] if shipping else []},
        "orderAdjustments": {
            "nodes": [_adjustment(own, index, amount) for index, amount in enumerate(shape.adjustments)]
        },
        "transactions": {"nodes": [_paid_back(own, index, moved, at) for index, moved in enumerate(shape.moved)]},
    }
    if shape.duties:
        refund["duties"] = [{"amountSet": _bag(shape.duties)}]
    return refund


def _refunded(shape: Shape, part: Back, own: str, index: int) -> Node:
    sku, _ = shape.sold[part.place]
    value = Decimal(_WARES[sku][1]) * part.quantity - Decimal(part.off)
    tax = Decimal(part.tax) if part.tax else Decimal(0) if sku in _UNTAXED else tax_of(value)
    return {
        "id": f"gid://shopify/RefundLineItem/{own}0{index + 1}",
        "lineItem": {"id": f"gid://shopify/LineItem/560000000{shape.number}{part.place + 1:02}"},
        "quantity": part.quantity,
        "subtotalSet": _bag(str(value)),
        "totalTaxSet": _bag(str(tax)),
        "restockType": part.restock,
        "restocked": part.restock == "RETURN",
    }


def _shipped_back(own: str, amount: str, tax: str) -> Node:
    return {
        "id": f"gid://shopify/RefundShippingLine/{own}71",
        "subtotalAmountSet": _bag(amount),
        "taxAmountSet": _bag(tax),
    }


def _adjustment(own: str, index: int, amount: str) -> Node:
    return {
        "id": f"gid://shopify/OrderAdjustment/{own}8{index}",
        "amountSet": _bag(amount),
        "taxAmountSet": _bag("0.00"),
        "reason": "PENDING_REFUND_DISCREPANCY" if Decimal(amount) > _MUCH else "REFUND_DISCREPANCY",
    }


_MUCH: Final = Decimal(50)


def _paid_back(own: str, index: int, moved: Moved, at: str) -> Node:
    made = _transaction(f"{own}6{index}", "REFUND", moved.amount)
    made |= {"status": moved.status, "gateway": moved.gateway, "createdAt": at}
    return made | ({"amountRoundingSet": _bag(moved.rounding)} if moved.rounding else {})


def _exchanged(shape: Shape) -> Node:
    """The order line of the goods that went out in exchange."""
    title, price = _WARES[shape.exchanged_for]
    return {
        "id": f"gid://shopify/LineItem/560000000{shape.number}81",
        "title": title,
        "sku": shape.exchanged_for,
        "quantity": 1,
        "originalUnitPriceSet": _bag(price),
        "taxLines": [_tax_line(tax_of(Decimal(price)))],
    }


def _returns(shape: Shape, out: Node) -> tuple[list[Node], Node]:
    own = {"id": f"gid://shopify/Return/77000000{shape.number}"}
    exchange = {
        "id": f"gid://shopify/ExchangeLineItem/77000000{shape.number}1",
        "quantity": 1,
        "lineItems": [{"id": out["id"]}],
    }
    return [{**own, "status": "CLOSED", "exchangeLineItems": {"nodes": [exchange]}}], own


def _transaction(number: str, kind: str, amount: str) -> Node:
    return {
        "id": f"gid://shopify/OrderTransaction/{number}",
        "kind": kind,
        "status": "SUCCESS",
        "gateway": "shopify_payments",
        "amountSet": _bag(amount),
    }


def _bag(amount: str) -> Node:
    return {"shopMoney": {"amount": amount, "currencyCode": "USD"}}
