"""Walmart's refunds: charges below zero on order lines, and returns whose units are refunded one after the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from builders import shipping
from recorded.figures import Figures, Part, Read, inner, load, parts, text
from recorded.recording import Recording, billed, goods

from contrapost.refunds.document import (
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

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT = 253_402_214_400_000
"""In milliseconds: the last day that has a date."""
_DONE = {"REFUND_COMPLETED", "Completed"}


def recordings(folder: Path) -> Iterator[Recording]:
    """Gives the refunds of the vendor's own examples: of order lines, and of returns in the US and in Mexico."""
    for order in _orders(folder / "walmart"):
        for line in _many(order, "orderLines", "orderLine"):
            if "refund" in line:
                read, found = read_line_refund(order, line)
                yield _recording("US orders", order["purchaseOrderId"], line["lineNumber"], read, found, bill_of(line))
    for market, returned in _returns(folder / "walmart"):
        for line in parts(returned, "returnOrderLines"):
            read, found = read_return(returned, line, facilitated=market == "US")
            number = str(line["returnOrderLineNumber"])
            yield _recording(f"{market} returns", returned["returnOrderId"], number, read, found, bill_of_return(read))


def _recording(version: str, order: str, line: str, read: Any, found: Any, bill: Bill | None) -> Recording:
    refund_id = f"{order}-{line}"
    return Recording(
        cart="Walmart", version=version, order=order, refund_id=refund_id, refund=read, findings=found, bill=bill
    )


def _orders(folder: Path) -> Iterator[Part]:
    for path in sorted(folder.glob("2026_us_orders*_responses_*")):
        example = load(path)["example"]
        if isinstance(example, str):
            # The vendor's own example, which stands among the recordings.
            yield _tree(ET.fromstring(example.strip()))  # noqa: S314
        elif "order" in example:
            yield example["order"]
        else:
            yield from (each["value"]["order"] for each in example.values())


def _returns(folder: Path) -> Iterator[tuple[str, Part]]:
    seen = set()
    for path in sorted([*folder.glob("2026_us_returns*"), *folder.glob("mx_mp_returns*")]):
        for returned in load(path)["example"]["returnOrders"]:
            if returned["returnOrderId"] not in seen:
                seen.add(returned["returnOrderId"])
                yield ("MX" if path.name.startswith("mx") else "US"), returned


def _tree(element: ET.Element) -> Any:
    """Writes an element as the objects that the same answer in JSON has."""
    if not len(element):
        return element.text
    made: dict[str, Any] = {}
    for child in element:
        name, value = child.tag.rpartition("}")[2], _tree(child)
        made[name] = [*_listed(made[name]), value] if name in made else value
    return made


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _many(part: Part, *names: str) -> list[Part]:
    """Gives the objects at the end of a way, be there one or several."""
    value: Any = part
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return [each for each in _listed(value) if isinstance(each, dict)]


def read_line_refund(order: Part, line: Part) -> Read:
    """Reads the refund of one order line in the US, where Walmart collects the tax and gives it back itself."""
    charges = _many(line, "refund", "refundCharges", "refundCharge")
    first = inner(charges[0], "charge") if charges else {}
    figures = Figures(text(inner(first, "chargeAmount"), "currency"))
    lines: list[Line] = []
    given: list[Charge] = []
    tax = figures.zero
    for number, part in enumerate(charges):
        charge, where = inner(part, "charge"), f"refund.refundCharges[{number}].charge"
        credited = -figures.amount(inner(charge, "chargeAmount"), "amount", f"{where}.chargeAmount")
        if credited < figures.zero:
            figures.odd(f"{where}.chargeAmount", f"is {-credited}: a refund's charges are below zero")
        for each in _many(charge, "tax"):
            tax -= figures.amount(inner(each, "taxAmount"), "amount", f"{where}.tax")
        if charge.get("chargeType") == "PRODUCT":
            lines.append(_money_for(line, credited, figures))
        else:
            given.append(Charge(kind=ChargeKind.SHIPPING, credited=credited, tax=figures.zero))
    paid = total((each.credited for each in (*lines, *given)), figures.currency)
    own = f"{order.get('purchaseOrderId')}-{line.get('lineNumber')}"
    at = _status_moment(line, figures)
    return figures.result(
        Refund(
            store_refund_id=own,
            order_id=text(order, "purchaseOrderId"),
            order_name=text(order, "customerOrderId"),
            refunded_at=at,
            refunded_on=at.date(),
            currency=figures.currency,
            lines=tuple(lines),
            charges=tuple(given),
            tenders=(_tender(own, paid, TenderStatus.SUCCEEDED),),
            facilitator_tax=tax,
            note="; ".join(dict.fromkeys(text(part, "refundReason") for part in charges)),
        )
    )


def _status_moment(line: Part, figures: Figures) -> datetime:
    value = line.get("statusDate")
    if isinstance(value, int):
        return EPOCH + timedelta(milliseconds=min(max(value, 0), _LAST_MOMENT))
    return figures.moment(line, "statusDate")


def _money_for(line: Part, credited: Money, figures: Figures) -> Line:
    """A line of an order's refund: it says how much, and never how many."""
    item = inner(line, "item")
    return Line(
        id=text(line, "lineNumber"),
        order_line_id=text(line, "lineNumber"),
        sku=text(item, "sku"),
        title=text(item, "productName"),
        quantity=0,
        credited=credited,
        tax=figures.zero,
        goods=Goods(restock=Restock.KEPT, came_back=False, shipped=True),
    )


def read_return(returned: Part, line: Part, *, facilitated: bool) -> Read:
    """Reads one line of a return: units that are refunded, and units whose refund is under way.

    In the US prices are without the tax, which Walmart gives back itself; in Mexico they carry the seller's own.
    """
    price = inner(line, "unitPrice")
    number, unit = ("currencyAmount", "currencyUnit") if "currencyUnit" in price else ("amount", "currency")
    figures = Figures(text(price, unit))
    quantity = figures.units(inner(line, "quantity"), _count(inner(line, "quantity")), "quantity")
    gross = figures.amount(price, number, "unitPrice") * quantity
    tax = _product_tax(line, quantity, figures)
    tracked = parts(line, "currentTrackingStatuses") or [{"currentRefundStatus": line.get("status"), **line}]
    tenders = tuple(_unit_tender(returned, each, price, number, figures) for each in tracked)
    item = inner(line, "item")
    at = figures.moment(returned, "returnOrderDate")
    return figures.result(
        Refund(
            store_refund_id=f"{returned.get('returnOrderId')}-{line.get('returnOrderLineNumber')}",
            order_id=text(line, "purchaseOrderId"),
            order_name=text(returned, "customerOrderId"),
            refunded_at=at,
            refunded_on=at.date(),
            currency=figures.currency,
            lines=(
                Line(
                    id=text(line, "returnOrderLineNumber"),
                    order_line_id=text(line, "purchaseOrderLineNumber"),
                    sku=text(item, "sku") or text(item, "upc"),
                    title=text(item, "productName"),
                    quantity=quantity,
                    credited=gross if facilitated else gross - tax,
                    tax=figures.zero if facilitated else tax,
                    goods=Goods(restock=Restock.RETURNED, came_back=False, shipped=True),
                ),
            ),
            tenders=tenders,
            prices_include_tax=not facilitated,
            facilitator_tax=tax if facilitated else None,
            note=text(line, "returnReason"),
        )
    )


def _count(part: Part) -> str:
    return "measurementValue" if "measurementValue" in part else "amount"


def _product_tax(line: Part, quantity: int, figures: Figures) -> Money:
    """Gives the tax of the goods: per unit in the US, of the whole line in Mexico."""
    taxes = [
        tax
        for charge in parts(line, "charges")
        if "PRODUCT" in {text(charge, "chargeCategory"), text(charge, "chargeType")}
        for tax in parts(charge, "tax")
    ]
    each = [tax for tax in taxes if "taxPerUnit" in tax]
    whole = [tax for tax in taxes if "taxAmount" in tax]
    per_unit = total(
        (figures.amount(inner(tax, "taxPerUnit"), "currencyAmount", "tax") for tax in each), figures.currency
    )
    of_all = total((figures.amount(inner(tax, "taxAmount"), "amount", "tax") for tax in whole), figures.currency)
    return per_unit * quantity + of_all


def _unit_tender(returned: Part, tracked: Part, price: Part, number: str, figures: Figures) -> Tender:
    counted = inner(tracked, "quantity")
    units = figures.units(counted, _count(counted), "currentTrackingStatuses.quantity")
    done = text(tracked, "currentRefundStatus") in _DONE
    status = TenderStatus.SUCCEEDED if done else TenderStatus.PENDING
    return _tender(text(returned, "returnOrderId"), figures.amount(price, number, "unitPrice") * units, status)


def _tender(own: str, amount: Money, status: TenderStatus) -> Tender:
    return Tender(id=own, kind=TenderKind.MONEY, gateway="walmart", amount=amount, status=status)


def bill_of(line: Part) -> Bill:
    """Bills an order's line without its tax, which is Walmart's to collect."""
    lines, currency = [], "USD"
    for charge in _many(line, "charges", "charge"):
        amount = Money.of(charge["chargeAmount"]["amount"], currency)
        if charge["chargeType"] == "PRODUCT":
            count = int(line["orderLineQuantity"]["amount"])
            lines.append(goods(line["item"]["sku"], count, amount, Money.zero(currency)))
        else:
            lines.append(shipping(amount, currency=currency))
    return billed(str(line["lineNumber"]), *lines, currency=currency)


def bill_of_return(refund: Refund | None) -> Bill | None:
    """Bills what a return takes back: it names price and quantity as they were sold, and no order was recorded."""
    if refund is None:
        return None
    lines = [goods(line.sku, line.quantity, line.credited, line.tax) for line in refund.lines]
    return billed(refund.order_name, *lines, currency=refund.currency)
