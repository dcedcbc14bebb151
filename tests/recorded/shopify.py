"""Shopify's own examples and rows of a warehouse, brought into the shape of its GraphQL API for the product's reader.

The older REST API says shipping twice: as shipping lines, and as adjustments of the kind `shipping_refund`; before
2024-10 only as those. It is taken once.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from builders import discount, shipping
from recorded.figures import Part, decimal, load, parts
from recorded.recording import Recording, billed, goods

from contrapost.refunds.money import Money
from contrapost.stores.shopify.refunds import read_refund

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contrapost.netsuite.bill import Bill
    from contrapost.refunds.document import Refund

_SHIPPING_REFUND = "shipping_refund"


def recordings(folder: Path) -> Iterator[Recording]:
    """Gives the refunds of Shopify's examples in three versions, then those of a warehouse in its two layouts."""
    for version in ("2022_04", "2024_10", "2026_07"):
        yield from _examples(folder / "shopify-docs-examples", version)
    for layout, prefix in (("rows of REST", "shopify_"), ("rows of GraphQL", "shopify_gql_")):
        yield from _rows(folder / "shopify-fivetran", layout, prefix)


def _examples(folder: Path, version: str) -> Iterator[Recording]:
    order = next(iter(load(folder / f"{version}_order_01.json")["orders"]))
    seen: dict[tuple[str, str], Part] = {}
    for path in sorted(folder.glob(f"{version}_*.json")):
        for refund in _refunds_in(load(path)):
            if refund.get("id"):  # what has none is a suggestion
                seen.setdefault((str(refund["id"]), str(_paid(refund))), refund)
    for (own, _), refund in sorted(seen.items()):
        read, found = read_refund(_order(order), _refund(refund))
        yield Recording(
            cart="Shopify",
            version=f"example of {version.replace('_', '-')}",
            order=order["name"],
            refund_id=own,
            refund=read,
            findings=found,
            bill=bill_of(order),
        )


def _refunds_in(answer: Part) -> Iterator[Part]:
    yield from parts(answer, "refunds")
    yield from parts({"refund": [answer.get("refund")]}, "refund")
    for order in [*parts(answer, "orders"), *parts({"order": [answer.get("order")]}, "order")]:
        yield from parts(order, "refunds")


def _paid(refund: Part) -> Decimal:
    return sum((Decimal(str(each["amount"])) for each in parts(refund, "transactions")), Decimal(0))


def _bag(amount: object, currency: str) -> Part:
    one = {"amount": amount, "currencyCode": currency}
    return {"shopMoney": one, "presentmentMoney": one}


def _order(order: Part) -> Part:
    return {
        "id": order["id"],
        "legacyResourceId": order["id"],
        "name": order["name"],
        "currencyCode": order["currency"],
        "presentmentCurrencyCode": order["currency"],
        "taxesIncluded": order.get("taxes_included") is True,
        "displayFulfillmentStatus": (order.get("fulfillment_status") or "unfulfilled").upper(),
        "displayFinancialStatus": str(order.get("financial_status")).upper(),
        "shop": {"ianaTimezone": "America/New_York"},
    }


def _refund(refund: Part, currency: str = "USD") -> Part:
    adjustments = parts(refund, "order_adjustments")
    shipped = [
        {"subtotalAmountSet": _set(each["subtotal_amount_set"]), "taxAmountSet": _tax_of(each, currency)}
        for each in parts(refund, "refund_shipping_lines")
    ] or [
        {
            "subtotalAmountSet": _bag(-Decimal(str(each["amount"])), currency),
            "taxAmountSet": _bag(-Decimal(str(each["tax_amount"])), currency),
        }
        for each in adjustments
        if each.get("kind") == _SHIPPING_REFUND
    ]
    return {
        "id": refund["id"],
        "legacyResourceId": refund["id"],
        "createdAt": refund["created_at"],
        "processedAt": refund["processed_at"],
        "note": refund.get("note"),
        "totalRefundedSet": refund.get("total_refunded"),
        "duties": [],
        "refundLineItems": [_line(each, currency) for each in parts(refund, "refund_line_items")],
        "refundShippingLines": shipped,
        "orderAdjustments": [
            {
                "reason": str(each.get("kind") or each.get("reason")).upper(),
                "amountSet": _bag(each["amount"], currency),
                "taxAmountSet": _bag(each["tax_amount"], currency),
            }
            for each in adjustments
            if each.get("kind") != _SHIPPING_REFUND
        ],
        "transactions": [_transaction(each, currency) for each in parts(refund, "transactions")],
    }


def _set(given: Part) -> Part:
    return _bag(given["shop_money"]["amount"], given["shop_money"]["currency_code"])


def _tax_of(part: Part, currency: str) -> Part:
    taxes = parts(part.get("shipping_line") or {}, "tax_lines")
    return _bag(sum((Decimal(str(each["price"])) for each in taxes), Decimal(0)), currency)


def _line(part: Part, currency: str) -> Part:
    sold = part.get("line_item") or {}
    restock = str(part.get("restock_type") or "no_restock").upper()
    return {
        "id": part.get("id"),
        "quantity": part.get("quantity"),
        "restockType": restock,
        "restocked": restock in {"RETURN", "LEGACY_RESTOCK"},
        "location": {"id": part["location_id"]} if part.get("location_id") else None,
        "subtotalSet": _bag(part.get("subtotal"), currency),
        "totalTaxSet": _bag(part.get("total_tax"), currency),
        "lineItem": {"id": part.get("line_item_id"), "sku": sold.get("sku"), "title": sold.get("title") or "Item"},
    }


def _transaction(part: Part, currency: str) -> Part:
    return {
        "id": part.get("id"),
        "kind": str(part.get("kind")).upper(),
        "status": str(part.get("status")).upper(),
        "gateway": part.get("gateway"),
        "paymentId": part.get("payment_id"),
        "amountSet": _bag(part.get("amount"), currency),
    }


def bill_of(order: Part) -> Bill:
    """Bills an order of the examples: lines at their price, and the code's discount for the whole of it."""
    currency = order["currency"]

    def money(value: object) -> Money:
        return Money.of(str(value), currency)

    lines = []
    for part in order["line_items"]:
        tax = sum((money(each["price"]) for each in part["tax_lines"]), Money.zero(currency))
        lines.append(goods(part["sku"], part["quantity"], money(part["price"]) * part["quantity"], tax))
    if Decimal(order["total_discounts"]):
        lines.append(discount(-money(order["total_discounts"]), header=True, currency=currency))
    lines += [shipping(money(each["price"]), currency=currency) for each in order["shipping_lines"]]
    return billed(str(order["id"]), *lines, currency=currency)


def _rows(folder: Path, layout: str, prefix: str) -> Iterator[Recording]:
    """Joins the rows of a warehouse by the refund's id, as far as the sample holds rows of the same refund."""
    found: dict[str, dict[str, Any]] = defaultdict(lambda: {"refund_line_items": [], "order_adjustments": []})
    for row in _table(folder / f"{prefix}refund_data.csv"):
        amount, currency = row.get("total_refunded_set_shop_amount"), row.get("total_refunded_set_shop_currency_code")
        found[row["id"]] |= {
            "order_id": row["order_id"],
            "created_at": row["created_at"],
            "total_refunded": _bag(amount, str(currency)) if amount else None,
            "currency": currency or "USD",
        }
    for row in _table(folder / f"{prefix}order_line_refund_data.csv"):
        found[row["refund_id"]]["refund_line_items"].append(_of_gql(row) | {"line_item_id": row["order_line_id"]})
    for row in _table(folder / f"{prefix}order_adjustment_data.csv"):
        found[row["refund_id"]]["order_adjustments"].append(_of_gql(row))
    for own, made in sorted(found.items()):
        yield _fragment(own, made, layout)


def _fragment(own: str, made: dict[str, Any], layout: str) -> Recording:
    rows = [*made["refund_line_items"], *made["order_adjustments"]]
    currency = str(made.get("currency") or next((row["currency"] for row in rows if row.get("currency")), "USD"))
    at = f"{made.get('created_at', rows[0]['_fivetran_synced'] if rows else '')}+00:00".replace(" ", "T")
    order_id = made.get("order_id") or (rows[0].get("order_id") if rows else None) or "1"
    order = {"id": order_id, "name": f"#{order_id}", "currency": currency, "financial_status": "paid"}
    payload = made | {"id": own, "processed_at": at, "created_at": at}
    read, found = read_refund(_order(order), _refund(payload, currency))
    return Recording(
        cart="Shopify",
        version=layout,
        order=str(order_id),
        refund_id=own,
        refund=read,
        findings=found,
        bill=_bill_of_fragment(read),
        fragment=True,
    )


def _bill_of_fragment(refund: Refund | None) -> Bill | None:
    """Bills what a refund of the sample takes back: the sample holds no order of it."""
    if refund is None:
        return None
    zero = Money.zero(refund.currency)
    lines = [goods(line.sku or "ITEM", line.quantity, line.credited, line.tax) for line in refund.lines]
    lines = lines or [goods("ITEM", 1, zero, zero)]
    lines += [shipping(each.credited, tax=each.tax, currency=refund.currency) for each in refund.charges]
    return billed(refund.order_id, *lines, currency=refund.currency)


def _of_gql(row: dict[str, str]) -> dict[str, Any]:
    """Gives a row the names of the older layout, where it has those of the newer."""
    names = {
        "subtotal": "subtotal_set_shop_amount",
        "total_tax": "total_tax_set_shop_amount",
        "amount": "amount_set_shop_amount",
        "tax_amount": "tax_amount_set_shop_amount",
        "currency": "subtotal_set_shop_currency_code",
    }
    taken = {name: row.get(name) or row.get(other) for name, other in names.items()}
    count = decimal(row.get("quantity"))
    return row | {name: value for name, value in taken.items() if value} | {"quantity": count}


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
