"""Magento's credit memos: read from `/V1/creditmemos`, in the order's currency; times are UTC without saying so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import discount, shipping
from recorded.figures import Figures, Part, Read, decimal, inner, load, parts, text
from recorded.recording import Recording, billed, goods

from contrapost.refunds.document import (
    Adjustment,
    Charge,
    ChargeKind,
    Goods,
    Line,
    Refund,
    Restock,
    Tender,
    TenderKind,
    TenderStatus,
)
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contrapost.netsuite.bill import Bill

_STATES = {"1": TenderStatus.PENDING, "2": TenderStatus.SUCCEEDED, "3": TenderStatus.FAILED}


def recordings(folder: Path) -> Iterator[Recording]:
    """Gives every credit memo, with its order's bill."""
    orders = {order["entity_id"]: order for order in load(folder / "magento/orders-list.json")["items"]}
    for memo in load(folder / "magento/creditmemos-list.json")["items"]:
        order = orders[memo["order_id"]]
        read, found = read_refund(order, memo)
        yield Recording(
            cart="Magento",
            version="2.4.7-p3",
            order=order["increment_id"],
            refund_id=memo["increment_id"],
            refund=read,
            findings=found,
            bill=bill_of(order),
        )


def read_refund(order: Part, memo: Part) -> Read:
    """Reads one credit memo of an order.

    What was given beyond the lines and what was kept of them are named apart; a memo without either names neither. A
    memo whose parts do not come to its grand total is not trusted: other writers of memos turn signs round.
    """
    figures = Figures(text(memo, "order_currency_code"))
    sold = {text(part, "item_id"): part for part in parts(order, "items")}
    lines = tuple(
        _line(sold.get(text(part, "order_item_id"), {}), part, f"items[{n}]", figures)
        for n, part in enumerate(parts(memo, "items"))
        if not sold.get(text(part, "order_item_id"), {}).get("parent_item_id")
    )
    shipped_back = figures.amount(memo, "shipping_amount", missing="0")
    shipping_tax = figures.amount(memo, "shipping_tax_amount", missing="0")
    carried = (Charge(kind=ChargeKind.SHIPPING, credited=shipped_back, tax=shipping_tax),) if shipped_back else ()
    differences = tuple(
        Adjustment(amount=figures.amount(memo, name, missing="0") * sign, tax=figures.zero, reason=name)
        for name, sign in (("adjustment_positive", 1), ("adjustment_negative", -1))
        if figures.amount(memo, name, missing="0")
    )
    paid = figures.amount(memo, "grand_total")
    stated = total((each.credited + each.tax for each in (*lines, *carried)), figures.currency)
    stated += total((each.amount for each in differences), figures.currency)
    if stated != paid:
        figures.odd("grand_total", f"is {paid}, but the parts of the memo come to {stated}")
    at = figures.moment(memo, "created_at")
    return figures.result(
        Refund(
            store_refund_id=text(memo, "entity_id"),
            order_id=text(memo, "order_id"),
            order_name=text(order, "increment_id"),
            refunded_at=at,
            refunded_on=at.date(),
            currency=figures.currency,
            lines=lines,
            charges=carried,
            adjustments=differences,
            tenders=(_tender(order, memo, paid),),
            note="; ".join(text(each, "comment") for each in parts(memo, "comments")),
        )
    )


def _line(sold: Part, part: Part, where: str, figures: Figures) -> Line:
    off = abs(figures.amount(part, "discount_amount", where, missing="0"))
    shipped = bool(decimal(sold.get("qty_shipped")))
    return Line(
        id=text(part, "entity_id"),
        order_line_id=text(part, "order_item_id"),
        sku=text(part, "sku"),
        title=text(part, "name"),
        quantity=figures.units(part, "qty", where),
        credited=figures.amount(part, "row_total", where) - off,
        tax=figures.amount(part, "tax_amount", where, missing="0"),
        goods=Goods(restock=Restock.KEPT if shipped else Restock.CANCELED, came_back=False, shipped=shipped),
    )


def _tender(order: Part, memo: Part, paid: Money) -> Tender:
    return Tender(
        id=text(memo, "increment_id"),
        kind=TenderKind.MONEY,
        gateway=text(inner(order, "payment"), "method").lower(),
        amount=paid,
        status=_STATES.get(text(memo, "state"), TenderStatus.PENDING),
        gateway_reference=text(memo, "transaction_id"),
    )


def bill_of(order: Part) -> Bill:
    """Bills an order by an invoice: lines at their price, and a coupon as a line of its own."""
    currency = order["order_currency_code"]

    def money(part: Part, name: str) -> Money:
        return Money.of(part[name], currency)

    lines = [
        goods(part["sku"], part["qty_ordered"], money(part, "price") * part["qty_ordered"], money(part, "tax_amount"))
        for part in order["items"]
        if not part.get("parent_item_id")
    ]
    if order["discount_amount"]:
        lines.append(discount(money(order, "discount_amount"), currency=currency))
    carried = shipping(money(order, "shipping_amount"), tax=money(order, "shipping_tax_amount"), currency=currency)
    return billed(order["increment_id"], *lines, carried, currency=currency, paid_by_invoice=True)
