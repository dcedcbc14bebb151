"""Fills in what an order was given without: ids, times, names, and every amount that follows from the others."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.shopify import money
from contrapost_emulators.shopify.linking import nodes_in
from contrapost_emulators.shopify.schema import fields_of, object_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.shopify.intake import Node
    from contrapost_emulators.shopify.money import Bag

_TAKES = {"SALE", "CAPTURE"}
_NOT_PAID = {"PENDING", "AUTHORIZED", "EXPIRED", "VOIDED"}
_RESTOCKS = {"RETURN", "CANCEL", "LEGACY_RESTOCK"}


@dataclass(frozen=True, slots=True)
class Context:
    """What filling in needs to know beside the order."""

    now: str
    currency: str
    next_number: Callable[[], int]
    """Gives a number for an id that nothing else has."""
    name_of: Callable[[int], str]
    """Gives the name of the order with this number."""
    next_order: Callable[[], int]
    """Gives the number of the next order."""
    location: Node


def complete(order: Node, at: Context) -> None:
    """Fills in one order in place."""
    own = str(order.setdefault("currencyCode", at.currency))
    theirs = str(order.setdefault("presentmentCurrencyCode", own))
    zero = money.bag(money.one(0, own), money.one(0, theirs))
    _identify(order, at)
    _head(order, at)
    for line in order["lineItems"]:
        _line(order, line, zero)
    for line in order["shippingLines"]:
        _shipping(line, zero)
    for fulfillment in order["fulfillments"]:
        _fulfillment(order, fulfillment)
    for refund in order["refunds"]:
        _refund(order, refund, at, zero)
    for transaction in order["transactions"]:
        _transaction(order, transaction, order["createdAt"], "SALE", zero)
    for each in order["returns"]:
        _return(order, each)
    _quantities(order)
    _totals(order, zero)


def _identify(order: Node, at: Context) -> None:
    """Gives an id to every node whose type has one, and that was not given as null."""
    for node in nodes_in(order):
        fields = fields_of(object_type(node["__typename"]))
        if "id" in fields and "id" not in node:
            node["id"] = f"gid://shopify/{node['__typename']}/{at.next_number()}"


def _head(order: Node, at: Context) -> None:
    if "name" not in order:
        order["name"] = at.name_of(order["number"] if "number" in order else at.next_order())
    digits = "".join(each for each in order["name"] if each.isdigit())
    order.setdefault("number", int(digits[-9:]) if digits else 0)
    created = order.setdefault("createdAt", at.now)
    order.setdefault("processedAt", created)
    order.setdefault("updatedAt", at.now)
    order.setdefault("taxesIncluded", False)
    order.setdefault("confirmed", True)
    order.setdefault("closed", bool(order.get("closedAt")))
    for refund in order["refunds"]:
        for part in refund.get("refundLineItems") or []:
            part.setdefault("quantity", 1)


def _line(order: Node, line: Node, zero: Bag) -> None:
    refunded = sum(part["quantity"] for part in _refunded(order, line))
    count = line.setdefault("quantity", max(refunded, 1))
    line.setdefault("title", line.get("sku") or "Item")
    line.setdefault("name", line["title"])
    given_price: Bag = line.get("discountedUnitPriceSet") or zero
    unit: Bag = line.setdefault("originalUnitPriceSet", given_price)
    total = line.setdefault("originalTotalSet", money.times(unit, Decimal(count)))
    given = [
        each["allocatedAmountSet"] for each in line.get("discountAllocations") or [] if "allocatedAmountSet" in each
    ]
    off = line.setdefault("totalDiscountSet", money.add(given, zero))
    left = line.setdefault("discountedTotalSet", money.less(total, off))
    each_left = money.times(left, Decimal(1) / count) if count else zero
    line.setdefault("discountedUnitPriceSet", each_left)
    line.setdefault("discountedUnitPriceAfterAllDiscountsSet", line["discountedUnitPriceSet"])
    for flag in ("requiresShipping", "taxable", "restockable", "merchantEditable"):
        line.setdefault(flag, True)


def _shipping(line: Node, zero: Bag) -> None:
    line.setdefault("title", "Shipping")
    price = line.setdefault("originalPriceSet", line.get("discountedPriceSet") or zero)
    line.setdefault("discountedPriceSet", price)
    line.setdefault("currentDiscountedPriceSet", line["discountedPriceSet"])


def _fulfillment(order: Node, fulfillment: Node) -> None:
    fulfillment.setdefault("status", "SUCCESS")
    fulfillment.setdefault("createdAt", order["createdAt"])
    fulfillment.setdefault("updatedAt", fulfillment["createdAt"])
    fulfillment["order"] = order
    for part in fulfillment.setdefault("fulfillmentLineItems", []):
        part.setdefault("quantity", part["lineItem"]["quantity"] if "lineItem" in part else 1)


def _refund(order: Node, refund: Node, at: Context, zero: Bag) -> None:
    created = refund.setdefault("createdAt", order["updatedAt"])
    refund.setdefault("processedAt", created)
    refund.setdefault("updatedAt", created)
    refund["order"] = order
    for part in refund.setdefault("refundLineItems", []):
        _refund_line(part, at, zero)
    for part in refund.setdefault("refundShippingLines", []):
        _refund_shipping(order, part, zero)
    for part in refund.setdefault("orderAdjustments", []):
        part.setdefault("amountSet", zero)
        part.setdefault("taxAmountSet", zero)
    for transaction in refund["transactions"]:
        _transaction(order, transaction, refund["createdAt"], "REFUND", zero)
    refund.setdefault("totalRefundedSet", _moved(refund["transactions"], {"REFUND"}, zero))


def _return(order: Node, each: Node) -> None:
    each["order"] = order
    each.setdefault("createdAt", order["updatedAt"])
    each.setdefault("status", "OPEN")
    each.setdefault("name", f"{order['name']}-R{order['returns'].index(each) + 1}")


def _refund_line(part: Node, at: Context, zero: Bag) -> None:
    line = part.setdefault(
        "lineItem", {"__typename": "LineItem", "id": None, "title": "Item", "quantity": part["quantity"]}
    )
    price: Bag = part.setdefault("priceSet", line.get("discountedUnitPriceSet") or zero)
    part.setdefault("subtotalSet", money.times(price, Decimal(part["quantity"])))
    taxes = money.add([tax["priceSet"] for tax in line.get("taxLines") or [] if "priceSet" in tax], zero)
    share = Decimal(part["quantity"]) / line["quantity"] if line["quantity"] else Decimal(0)
    part.setdefault("totalTaxSet", money.times(taxes, share))
    restock = part.setdefault("restockType", "NO_RESTOCK")
    part.setdefault("restocked", restock in _RESTOCKS)
    part.setdefault("location", at.location if part["restocked"] else None)


def _refund_shipping(order: Node, part: Node, zero: Bag) -> None:
    fallback = {"__typename": "ShippingLine", "id": None, "title": "Shipping"}
    part.setdefault("shippingLine", order["shippingLines"][0] if order["shippingLines"] else fallback)
    part.setdefault("subtotalAmountSet", part["shippingLine"].get("discountedPriceSet") or zero)
    part.setdefault("taxAmountSet", zero)


def _transaction(order: Node, transaction: Node, created: str, kind: str, zero: Bag) -> None:
    transaction["order"] = order
    transaction.setdefault("kind", kind)
    transaction.setdefault("status", "SUCCESS")
    transaction.setdefault("gateway", "shopify_payments")
    transaction.setdefault("formattedGateway", str(transaction["gateway"]).replace("_", " ").title())
    transaction.setdefault("createdAt", created)
    transaction.setdefault("processedAt", transaction["createdAt"])
    transaction.setdefault("amountSet", zero)


def _quantities(order: Node) -> None:
    """How many units of each line were refunded, shipped and are still to ship."""
    whole = order.get("displayFulfillmentStatus") == "FULFILLED" and not order["fulfillments"]
    for line in order["lineItems"]:
        parts = _refunded(order, line)
        gone = sum(part["quantity"] for part in parts)
        canceled = sum(part["quantity"] for part in parts if part["restockType"] == "CANCEL")
        shipped = line["quantity"] - canceled if whole else _shipped(order, line)
        line.setdefault("currentQuantity", max(line["quantity"] - gone, 0))
        line.setdefault("refundableQuantity", line["currentQuantity"])
        line.setdefault("nonFulfillableQuantity", canceled)
        line.setdefault("unfulfilledQuantity", max(line["quantity"] - canceled - shipped, 0))
    if "displayFulfillmentStatus" not in order:
        order["displayFulfillmentStatus"] = _fulfilled(order)


def _fulfilled(order: Node) -> str:
    open_units = sum(line["unfulfilledQuantity"] for line in order["lineItems"])
    if not order["fulfillments"]:
        return "UNFULFILLED"
    return "PARTIALLY_FULFILLED" if open_units else "FULFILLED"


def _refunded(order: Node, line: Node) -> list[Node]:
    parts = (part for refund in order["refunds"] for part in refund.get("refundLineItems") or [])
    return [part for part in parts if part.get("lineItem") is line]


def _shipped(order: Node, line: Node) -> int:
    sent = (each for each in order["fulfillments"] if each["status"] == "SUCCESS")
    parts = (part for each in sent for part in each["fulfillmentLineItems"])
    return sum(part["quantity"] or 0 for part in parts if part.get("lineItem") is line)


def _totals(order: Node, zero: Bag) -> None:
    goods = order.setdefault(
        "subtotalPriceSet", money.add([line["discountedTotalSet"] for line in order["lineItems"]], zero)
    )
    shipping = order.setdefault(
        "totalShippingPriceSet", money.add([line["discountedPriceSet"] for line in order["shippingLines"]], zero)
    )
    taxed = [*order["lineItems"], *order["shippingLines"]]
    lines = [tax["priceSet"] for each in taxed for tax in each.get("taxLines") or [] if "priceSet" in tax]
    tax = order.setdefault("totalTaxSet", money.add(lines, zero))
    parts = [goods, shipping] if order["taxesIncluded"] else [goods, shipping, tax]
    total = order.setdefault("totalPriceSet", money.add(parts, zero))
    order.setdefault("originalTotalPriceSet", total)
    refunded = order.setdefault("totalRefundedSet", _moved(order["transactions"], {"REFUND"}, zero))
    received = order.setdefault("totalReceivedSet", _received(order, total, refunded, zero))
    current = order.setdefault("currentTotalPriceSet", money.less(total, refunded))
    order.setdefault("netPaymentSet", money.less(received, refunded))
    order.setdefault("totalOutstandingSet", money.less(current, order["netPaymentSet"]))
    order.setdefault("displayFinancialStatus", _financial(received, refunded, total))
    order.setdefault("unpaid", not money.shop_amount(received))
    order.setdefault("fullyPaid", money.shop_amount(received) >= money.shop_amount(total))


def _received(order: Node, total: Bag, refunded: Bag, zero: Bag) -> Bag:
    """What came in: by the transactions; without any, an order counts as paid unless it says that it is not."""
    if order.get("displayFinancialStatus") in _NOT_PAID or order.get("unpaid"):
        return zero
    if any(each["kind"] not in {"REFUND", "VOID"} for each in order["transactions"]):
        return _moved(order["transactions"], _TAKES, zero)
    return max(total, refunded, key=money.shop_amount)


def _moved(transactions: list[Node], kinds: set[str], zero: Bag) -> Bag:
    done = (each for each in transactions if each.get("kind") in kinds and each.get("status") == "SUCCESS")
    return money.add([each["amountSet"] for each in done], zero)


def _financial(received: Bag, refunded: Bag, total: Bag) -> str:
    came, went, due = money.shop_amount(received), money.shop_amount(refunded), money.shop_amount(total)
    if not came:
        return "PENDING" if due else "PAID"
    if went:
        return "REFUNDED" if went >= came else "PARTIALLY_REFUNDED"
    return "PARTIALLY_PAID" if came < due else "PAID"
