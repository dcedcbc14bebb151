"""Other facts of an order and refund that field mappings may copy, disputes, and what of a payload is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from contrapost.refunds.finding import Finding, warning
from contrapost.stores.shopify.payload import inner, number_of, objects, text

if TYPE_CHECKING:
    from contrapost.stores.shopify.fitting import TaxReading
    from contrapost.stores.shopify.payload import Part

_ORDER_FACTS = {
    "order_created_at": "createdAt",
    "order_canceled_at": "cancelledAt",
    "cancel_reason": "cancelReason",
    "financial_status": "displayFinancialStatus",
    "fulfillment_status": "displayFulfillmentStatus",
    "source_name": "sourceName",
    "source_identifier": "sourceIdentifier",
    "po_number": "poNumber",
    "shop_currency": "currencyCode",
    "customer_currency": "presentmentCurrencyCode",
}

# In these the money stayed with the shop, or went back by a refund of the shop's own.
_SETTLED = {"WON", "PREVENTED", "CHARGE_REFUNDED"}

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
    found["tags"] = _joined(order.get("tags"))
    found["discount_codes"] = _joined(order.get("discountCodes"))
    found["retail_location"] = text(inner(order, "retailLocation"), "name")
    found["return_name"] = text(inner(refund, "return"), "name")
    found["return_id"] = number_of(inner(refund, "return"))
    found["refund_created_at"] = text(refund, "createdAt")
    found["disputes"] = _joined(_dispute(each) for each in objects(order.get("disputes")))
    found["test_order"] = "yes" if order.get("test") is True else ""
    found["line_amounts"] = how.value if order.get("taxesIncluded") is True else ""
    return {name: value for name, value in found.items() if value}


def _joined(values: object) -> str:
    """Writes a list as a text, each of its words once."""
    if not isinstance(values, Iterable) or isinstance(values, str | Mapping):
        return ""
    return ", ".join(dict.fromkeys(word for each in values if isinstance(each, str) and (word := each.strip())))


def _dispute(dispute: Part) -> str:
    return f"{text(dispute, 'initiatedAs')} {text(dispute, 'status')}".lower().replace("_", " ").strip()


def about_disputes(order: Part) -> list[Finding]:
    """Warns where the customer's bank took the money back, or may: the shop's refund then gives it a second time."""
    found = list(objects(order.get("disputes")))
    taken = [each for each in found if text(each, "status") not in _SETTLED]
    if not taken:
        return []
    told = ", ".join(dict.fromkeys(_dispute(each) for each in taken))
    return [
        warning(
            "order_disputed",
            f"The customer disputed a payment of order {text(order, 'name')} at the bank ({told}): the bank may take"
            " the money beside this refund.",
            fix="See in Shopify that the customer is not given the money twice. Shopify has no refund for a chargeback:"
            " it is booked from the payout.",
            where="order.disputes",
        )
    ]


def kept(order: Part, refund: Part) -> str:
    """Writes what is kept of a payload: the refund and its order, without addresses, people and cards."""
    return json.dumps({"order": _scrubbed(order), "refund": _scrubbed(refund)}, default=str, sort_keys=True)


def _scrubbed(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _scrubbed(each) for name, each in value.items() if name not in _PRIVATE}
    if isinstance(value, list | tuple):
        return [_scrubbed(each) for each in value]
    return value
