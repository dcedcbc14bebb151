"""Other facts of an order and refund that field mappings may copy, and what of a payload is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from contrapost.stores.shopify.payload import inner, number_of, text

if TYPE_CHECKING:
    from contrapost.stores.shopify.payload import Part
    from contrapost.stores.shopify.taxes import TaxReading

_ORDER_FACTS = {
    "order_created_at": "createdAt",
    "order_canceled_at": "cancelledAt",
    "financial_status": "displayFinancialStatus",
    "fulfillment_status": "displayFulfillmentStatus",
    "source_name": "sourceName",
    "po_number": "poNumber",
    "shop_currency": "currencyCode",
    "customer_currency": "presentmentCurrencyCode",
}

# Whom and how someone paid is no part of a refund; none of it is asked for, and none of it is kept.
_PRIVATE = {
    "accountNumber", "billingAddress", "cartToken", "checkoutToken", "clientIp", "company", "contactEmail",
    "customAttributes", "customer", "customerJourney", "customerJourneySummary", "device", "displayAddress", "email",
    "firstName", "ipAddress", "lastName", "localizedFields", "metafields", "paymentDetails", "phone",
    "purchasingEntity", "receiptJson", "shippingAddress", "staffMember", "statusPageUrl", "user",
}  # fmt: skip


def facts_of(order: Part, refund: Part, how: TaxReading) -> dict[str, str]:
    """Gathers the facts there are; one that the payload does not give is left out."""
    found = {name: text(order, field) for name, field in _ORDER_FACTS.items()}
    tags = order.get("tags")
    found["tags"] = ", ".join(str(tag) for tag in tags) if isinstance(tags, list) else ""
    found["return_name"] = text(inner(refund, "return"), "name")
    found["return_id"] = number_of(inner(refund, "return"))
    found["test_order"] = "yes" if order.get("test") is True else ""
    found["line_amounts"] = how.value if order.get("taxesIncluded") is True else ""
    return {name: value for name, value in found.items() if value}


def kept(order: Part, refund: Part) -> str:
    """Writes what is kept of a payload: the refund and its order, without addresses, people and cards."""
    return json.dumps({"order": _scrubbed(order), "refund": _scrubbed(refund)}, default=str, sort_keys=True)


def _scrubbed(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _scrubbed(each) for name, each in value.items() if name not in _PRIVATE}
    if isinstance(value, list | tuple):
        return [_scrubbed(each) for each in value]
    return value
