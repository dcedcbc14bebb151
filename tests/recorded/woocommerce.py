"""WooCommerce's refunds: read from `/wc/v3/orders/ID/refunds`, where lines are below zero and the amount above it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from builders import discount, shipping
from recorded.figures import Figures, Part, Read, decimal, load, parts, text
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


def recordings(folder: Path) -> Iterator[Recording]:
    """Gives every refund that an importer would read, with its order's bill."""
    for path in sorted(folder.glob("woocommerce-*")):
        for order in load(path / "orders-list.json"):
            for refund in reversed(_refunds(path, order)):
                read, found = read_refund(order, refund)
                yield Recording(
                    cart="WooCommerce",
                    version=path.name.rpartition("-")[2],
                    order=str(order["number"]),
                    refund_id=str(refund["id"]),
                    refund=read,
                    findings=found,
                    bill=bill_of(order),
                )


def _refunds(path: Path, order: Part) -> list[Part]:
    """Finds the recorded answer that lists this order's refunds; a deleted refund is in none."""
    for answer in sorted(path.glob("*-refunds.json")):
        recorded = load(answer)
        if recorded["request"]["url"].endswith(f"/orders/{order['id']}/refunds"):
            listed: list[Part] = recorded["response"]
            return listed
    return []


def read_refund(order: Part, refund: Part) -> Read:
    """Reads one refund of an order.

    The amount is the money; what it and the lines differ by is an adjustment. There is no currency, gateway or status
    on a refund: currency and gateway are the order's, and a refund that is there was paid.
    """
    figures = Figures(text(order, "currency"))
    lines = tuple(_line(order, part, f"line_items[{n}]", figures) for n, part in enumerate(parts(refund, "line_items")))
    charges = tuple(
        _charge(kind, part, f"{name}[{n}]", figures)
        for kind, name in ((ChargeKind.SHIPPING, "shipping_lines"), (ChargeKind.FEE, "fee_lines"))
        for n, part in enumerate(parts(refund, name))
    )
    paid = figures.amount(refund, "amount")
    stated = total((each.credited + each.tax for each in (*lines, *charges)), figures.currency)
    at = figures.moment(refund, "date_created_gmt")
    own = text(refund, "id")
    if own in {"", "0"}:
        figures.odd("id", "is 0: the refund was deleted")
    return figures.result(
        Refund(
            store_refund_id=own,
            order_id=text(order, "id"),
            order_name=text(order, "number"),
            refunded_at=at,
            refunded_on=figures.moment(refund, "date_created").date(),
            currency=figures.currency,
            lines=lines,
            charges=charges,
            adjustments=_difference(paid - stated, figures),
            tenders=(_tender(order, own, paid),),
            prices_include_tax=order.get("prices_include_tax") is True,
            note=text(refund, "reason"),
        )
    )


def _line(order: Part, part: Part, where: str, figures: Figures) -> Line:
    meta = {text(each, "key"): text(each, "value") for each in parts(part, "meta_data")}
    shipped = order.get("status") == "completed"
    return Line(
        id=text(part, "id"),
        order_line_id=meta.get("_refunded_item_id", ""),
        sku=text(part, "sku"),
        title=text(part, "name"),
        quantity=_units(part, where, figures),
        credited=-figures.amount(part, "total", where),
        tax=-figures.amount(part, "total_tax", where),
        goods=Goods(restock=Restock.KEPT, came_back=False, shipped=shipped),
    )


def _units(part: Part, where: str, figures: Figures) -> int:
    """Units are below zero too, and 0 where money alone was given back."""
    counted = decimal(part.get("quantity"))
    if counted is not None and counted > 0:
        figures.odd(f"{where}.quantity", f"is {counted}: a refund's units are below zero")
    return figures.units({"quantity": None if counted is None else abs(counted)}, "quantity", where)


def _charge(kind: ChargeKind, part: Part, where: str, figures: Figures) -> Charge:
    title = text(part, "method_title") or text(part, "name")
    credited, tax = -figures.amount(part, "total", where), -figures.amount(part, "total_tax", where)
    return Charge(kind=kind, credited=credited, tax=tax, title=title)


def _difference(amount: Money, figures: Figures) -> tuple[Adjustment, ...]:
    if not amount:
        return ()
    return (Adjustment(amount=amount, tax=figures.zero, reason="amount against lines"),)


def _tender(order: Part, own: str, paid: Money) -> Tender:
    gateway = text(order, "payment_method").lower()
    return Tender(id=own, kind=TenderKind.MONEY, gateway=gateway, amount=paid, status=TenderStatus.SUCCEEDED)


def bill_of(order: Part) -> Bill:
    """Bills an order: lines at what they cost before the coupon, which is a discount of the whole bill."""
    currency = order["currency"]

    def money(part: Part, name: str) -> Money:
        return Money.of(part[name], currency)

    lines = [
        goods(part["sku"], part["quantity"], money(part, "subtotal"), money(part, "total_tax"))
        for part in order["line_items"]
    ]
    lines += [
        replace(goods("FEE", 1, money(part, "total"), money(part, "total_tax")), item_type="NonInvtPart", cost=None)
        for part in order["fee_lines"]
    ]
    if Decimal(order["discount_total"]):
        lines.append(discount(-money(order, "discount_total"), header=True, currency=currency))
    lines.append(shipping(money(order, "shipping_total"), tax=money(order, "shipping_tax"), currency=currency))
    return billed(order["number"], *lines, currency=currency)
