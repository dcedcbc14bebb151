"""Medusa's refunds: they hang off a payment, as an amount without lines, tax or currency, and without its return."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from builders import discount, shipping
from recorded.figures import Figures, Part, Read, load, parts, text
from recorded.recording import Recording, billed, goods

from contrapost.refunds.document import Adjustment, Refund, Tender, TenderKind, TenderStatus
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contrapost.netsuite.bill import Bill, BillLine


def recordings(folder: Path) -> Iterator[Recording]:
    """Gives every refund of every order's payments, oldest first, with the order's bill."""
    firsts = _as_ordered(folder / "medusa")
    for order in load(folder / "medusa/orders-list.json")["orders"]:
        found = [(payment, refund) for payment in _payments(order) for refund in parts(payment, "refunds")]
        for payment, refund in sorted(found, key=lambda pair: str(pair[1]["created_at"])):
            read, findings = read_refund(order, payment, refund)
            yield Recording(
                cart="Medusa",
                version="2.21.2",
                order=str(order["display_id"]),
                refund_id=str(refund["id"]),
                refund=read,
                findings=findings,
                bill=bill_of(firsts[order["id"]]),
            )


def _as_ordered(folder: Path) -> dict[str, Part]:
    """Gives each order as it was first read: returns and cancellations change an order's own figures later."""
    firsts: dict[str, Part] = {}
    for path in sorted(folder.glob("*-order.json")):
        order = load(path)["response"]["order"]
        firsts.setdefault(order["id"], order)
    return firsts


def _payments(order: Part) -> Iterator[Part]:
    for collection in parts(order, "payment_collections"):
        yield from parts(collection, "payments")


def read_refund(order: Part, payment: Part, refund: Part) -> Read:
    """Reads one refund of a payment.

    The exact amount stands in `raw_amount`; it is not rounded to the currency, and neither do we round it. There are
    no lines: the whole amount is a difference to an order that stays as it is.
    """
    figures = Figures(text(payment, "currency_code").upper())
    raw = refund.get("raw_amount")
    paid = figures.amount(raw, "value", "raw_amount") if isinstance(raw, dict) else figures.amount(refund, "amount")
    at = figures.moment(refund, "created_at")
    note = text(refund, "note")
    return figures.result(
        Refund(
            store_refund_id=text(refund, "id"),
            order_id=text(order, "id"),
            order_name=text(order, "display_id"),
            refunded_at=at,
            refunded_on=at.date(),
            currency=figures.currency,
            adjustments=(Adjustment(amount=paid, tax=figures.zero, reason=note),),
            tenders=(_tender(payment, refund, paid),),
            note=note,
        )
    )


def _tender(payment: Part, refund: Part, paid: Money) -> Tender:
    return Tender(
        id=text(refund, "id"),
        kind=TenderKind.MONEY,
        gateway=text(payment, "provider_id").lower(),
        amount=paid,
        status=TenderStatus.SUCCEEDED,
        gateway_reference=text(payment, "id"),
    )


def bill_of(order: Part) -> Bill:
    """Bills an order as a books keeps it: every figure rounded to the cent, where the cart keeps more."""
    currency = order["currency_code"].upper()

    def money(value: Decimal | int) -> Money:
        return Money.of(value, currency).rounded()

    lines: list[BillLine] = []
    for item in order["items"]:
        tax = money(item["tax_total"])
        lines.append(goods(item["variant_sku"], item["quantity"], money(item["unit_price"] * item["quantity"]), tax))
    off = total((money(adjusted["amount"]) for item in order["items"] for adjusted in item["adjustments"]), currency)
    if off:
        lines.append(discount(-off, header=True, currency=currency))
    lines += [
        shipping(money(method["subtotal"]), tax=money(method["tax_total"]), currency=currency)
        for method in order["shipping_methods"]
    ]
    return billed(str(order["display_id"]), *lines, currency=currency)
