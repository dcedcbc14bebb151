"""BigCommerce's refunds: what was given back, mostly without amounts, and payments that may be declined afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorded.figures import Figures, Part, Read, decimal, load, parts, text
from recorded.recording import Recording

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

_CHARGES = {
    "SHIPPING": ChargeKind.SHIPPING,
    "HANDLING": ChargeKind.FEE,
    "GIFT_WRAPPING": ChargeKind.FEE,
    "FEE": ChargeKind.FEE,
}
_LIABILITIES = {"storecredit": TenderKind.STORE_CREDIT, "giftcertificate": TenderKind.GIFT_CARD}


def recordings(folder: Path) -> Iterator[Recording]:
    """Gives the refund of the vendor's own example; its order is not among the examples."""
    example = load(next((folder / "bigcommerce").glob("*RefundID-Response*")))["example"]
    refund = example["Example"]["value"]["data"]
    order = {"id": refund["order_id"], "currency_code": "USD"}
    read, found = read_refund(order, [], refund)
    yield Recording(
        cart="BigCommerce",
        version="example of v3",
        order=str(refund["order_id"]),
        refund_id=str(refund["id"]),
        refund=read,
        findings=found,
        bill=None,
    )


def read_refund(order: Part, products: list[Part], refund: Part) -> Read:
    """Reads one refund of an order, whose products are a list of their own.

    A refunded product says how many, not how much: its value is that of the order's product. What payments and items
    differ by is an adjustment; the tax of the whole must be that of its products.
    """
    figures = Figures(text(order, "currency_code"))
    bought = {text(product, "id"): product for product in products if isinstance(product, dict)}
    items = [(part, f"items[{n}]") for n, part in enumerate(parts(refund, "items"))]
    lines = tuple(
        _line(bought.get(text(part, "item_id")), part, where, figures)
        for part, where in items
        if part.get("item_type") == "PRODUCT"
    )
    charges = tuple(
        Charge(kind=_CHARGES[text(part, "item_type")], credited=_asked(part, where, figures), tax=figures.zero)
        for part, where in items
        if text(part, "item_type") in _CHARGES
    )
    taxed = total((line.tax for line in lines), figures.currency)
    if taxed != abs(figures.amount(refund, "total_tax")):
        figures.odd("total_tax", f"is {refund.get('total_tax')}, but the tax of its products comes to {taxed}")
    tenders = tuple(_tender(part, f"payments[{n}]", figures) for n, part in enumerate(parts(refund, "payments")))
    credited = total((each.credited + each.tax for each in (*lines, *charges)), figures.currency)
    rest = figures.amount(refund, "total_amount") - credited
    at = figures.moment(refund, "created")
    return figures.result(
        Refund(
            store_refund_id=text(refund, "id"),
            order_id=text(order, "id"),
            order_name=text(order, "id"),
            refunded_at=at,
            refunded_on=at.date(),
            currency=figures.currency,
            lines=lines,
            charges=charges,
            adjustments=(Adjustment(amount=rest, tax=figures.zero, reason="total against items"),) if rest else (),
            tenders=tenders,
            note=text(refund, "reason"),
        )
    )


def _line(product: Part | None, part: Part, where: str, figures: Figures) -> Line:
    if product is None:
        figures.odd(f"{where}.item_id", f"is {part.get('item_id')}, and the order has no such product")
        product = {"price_ex_tax": "0", "price_tax": "0"}
    quantity = figures.units(part, "quantity", where)
    return Line(
        id=text(part, "item_id"),
        order_line_id=text(part, "item_id"),
        sku=text(product, "sku"),
        title=text(product, "name"),
        quantity=quantity,
        credited=figures.amount(product, "price_ex_tax", where) * quantity,
        tax=figures.amount(product, "price_tax", where) * quantity,
        goods=Goods(restock=Restock.KEPT, came_back=False, shipped=bool(decimal(product.get("quantity_shipped")))),
    )


def _asked(part: Part, where: str, figures: Figures) -> Money:
    return figures.amount(part, "requested_amount", where)


def _tender(part: Part, where: str, figures: Figures) -> Tender:
    gateway = text(part, "provider_id").lower()
    return Tender(
        id=text(part, "id"),
        kind=_LIABILITIES.get(gateway, TenderKind.MONEY),
        gateway=gateway,
        amount=figures.amount(part, "amount", where),
        status=TenderStatus.FAILED if part.get("is_declined") is True else TenderStatus.SUCCEEDED,
        gateway_reference=text(part, "transaction_id"),
    )
