"""Vendure's refunds: whole numbers of the smallest unit, tax included, without a tax split and without a currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import discount, shipping
from recorded.figures import Figures, Part, Read, inner, load, parts, text
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
from contrapost.refunds.money import Money, split, total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contrapost.netsuite.bill import Bill

_STATES = {"Settled": TenderStatus.SUCCEEDED, "Failed": TenderStatus.FAILED}


def recordings(folder: Path) -> Iterator[Recording]:
    """Gives every refund of every order's payments, with the order's bill."""
    for order in load(folder / "vendure/orders-list.json")["orders"]["items"]:
        for payment in order["payments"]:
            for refund in payment["refunds"]:
                read, found = read_refund(order, refund)
                yield Recording(
                    cart="Vendure",
                    version="3.7.3",
                    order=order["code"],
                    refund_id=refund["id"],
                    refund=read,
                    findings=found,
                    bill=bill_of(order),
                )


def read_refund(order: Part, refund: Part) -> Read:
    """Reads one refund of an order.

    `total` is the money. What it and items, shipping and adjustment differ by is a difference too: a refund of an
    amount alone says 0 for all three. Where items say nothing, its lines only name goods.
    """
    figures = Figures(text(order, "currencyCode"))
    items, shipped = figures.minor(refund, "items"), figures.minor(refund, "shipping")
    adjusted, paid = figures.minor(refund, "adjustment"), figures.minor(refund, "total")
    lines = _lines(order, refund, items, figures) if items else ()
    credited = total((line.credited + line.tax for line in lines), figures.currency)
    rest = paid - credited - shipped - adjusted
    differences = ((adjusted, "adjustment"), (rest, "total against its parts"))
    at = figures.moment(refund, "createdAt")
    return figures.result(
        Refund(
            store_refund_id=text(refund, "id"),
            order_id=text(order, "id"),
            order_name=text(order, "code"),
            refunded_at=at,
            refunded_on=at.date(),
            currency=figures.currency,
            lines=lines,
            charges=_shipping(order, shipped, figures) if shipped else (),
            adjustments=tuple(
                Adjustment(amount=amount, tax=figures.zero, reason=why) for amount, why in differences if amount
            ),
            tenders=(_tender(refund, paid),),
            prices_include_tax=True,
            note=text(refund, "reason"),
        )
    )


def _lines(order: Part, refund: Part, items: Money, figures: Figures) -> tuple[Line, ...]:
    """Takes the tax out of the refunded items in the proportion that their order lines hold it."""
    sold = {text(line, "id"): line for line in parts(order, "lines")}
    named = [(part, sold.get(text(part, "orderLineId"), {})) for part in parts(refund, "lines")]
    if not named or not items.is_exact:
        figures.odd("lines", f"name nothing that {items} of items could be of")
        return ()
    prices = [figures.minor(line, "proratedUnitPriceWithTax", "lines") for _, line in named]
    worth = [
        abs(price.amount) * figures.units(part, "quantity", "lines")
        for price, (part, _) in zip(prices, named, strict=True)
    ]
    gross = split(items, worth)
    return tuple(
        _line(part, line, amount, f"lines[{n}]", figures)
        for n, ((part, line), amount) in enumerate(zip(named, gross, strict=True))
    )


def _line(part: Part, sold: Part, gross: Money, where: str, figures: Figures) -> Line:
    with_tax = figures.minor(sold, "proratedUnitPriceWithTax", where)
    tax = figures.share(gross, with_tax - figures.minor(sold, "proratedUnitPrice", where), with_tax)
    sent = any(figures.units(each, "quantity", f"{where}.fulfillmentLines") for each in parts(sold, "fulfillmentLines"))
    variant = inner(sold, "productVariant")
    return Line(
        id=f"{text(part, 'refundId')}-{text(part, 'orderLineId')}",
        order_line_id=text(part, "orderLineId"),
        sku=text(variant, "sku"),
        title=text(variant, "name"),
        quantity=figures.units(part, "quantity", where),
        credited=gross - tax,
        tax=tax,
        goods=Goods(restock=Restock.KEPT if sent else Restock.CANCELED, came_back=False, shipped=sent),
    )


def _shipping(order: Part, gross: Money, figures: Figures) -> tuple[Charge, ...]:
    with_tax = _summed(order, "discountedPriceWithTax", figures)
    net = _summed(order, "discountedPrice", figures)
    tax = figures.share(gross, with_tax - net, with_tax)
    return (Charge(kind=ChargeKind.SHIPPING, credited=gross - tax, tax=tax),)


def _summed(order: Part, name: str, figures: Figures) -> Money:
    methods = parts(order, "shippingLines")
    return total((figures.minor(each, name, "shippingLines") for each in methods), figures.currency)


def _tender(refund: Part, paid: Money) -> Tender:
    return Tender(
        id=text(refund, "id"),
        kind=TenderKind.MONEY,
        gateway=text(refund, "method").lower(),
        amount=paid,
        status=_STATES.get(text(refund, "state"), TenderStatus.PENDING),
        gateway_reference=text(refund, "transactionId"),
    )


def bill_of(order: Part) -> Bill:
    """Bills an order as it was placed: canceled units stay on the bill, and promotions are a discount of the whole."""
    figures = Figures(order["currencyCode"])
    lines = []
    for line in order["lines"]:
        placed = line["orderPlacedQuantity"]
        tax = figures.minor(line, "proratedLinePriceWithTax") - figures.minor(line, "proratedLinePrice")
        if placed != line["quantity"]:
            unit = figures.minor(line, "proratedUnitPriceWithTax") - figures.minor(line, "proratedUnitPrice")
            tax = unit * placed
        lines.append(goods(line["productVariant"]["sku"], placed, figures.minor(line, "unitPrice") * placed, tax))
    off = total((figures.minor(each, "amount") for each in order["discounts"]), figures.currency)
    if off:
        lines.append(discount(off, header=True, currency=figures.currency))
    for method in order["shippingLines"]:
        price, with_tax = figures.minor(method, "price"), figures.minor(method, "priceWithTax")
        lines.append(shipping(price, tax=with_tax - price, currency=figures.currency))
    return billed(order["code"], *lines, currency=figures.currency)
