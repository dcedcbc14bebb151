"""The fields that decide what is booked, when, and as what: Contrapost's own to write, whatever rules say. Pure."""

from __future__ import annotations

from typing import Final

from contrapost.netsuite.drafts import RecordType

_OF_RECORDS: Final = {
    "account", "accountingBookDetail", "altHandlingCost", "altShippingCost", "applied", "apply", "arAcct", "autoApply",
    "chargeIt", "createdDate", "createdFrom", "currency", "customer", "deposit", "discountAmount", "discountItem",
    "discountRate", "discountTotal", "entity", "exchangeRate", "externalId", "handlingCost", "handlingMode", "id",
    "isTaxable", "item", "lastModifiedDate", "links", "orderStatus", "payeeAddress", "paymentOperation",
    "postingPeriod", "refName", "refundCheck", "shipMethod", "shippingCost", "shippingCostOverridden",
    "shippingTaxCode", "status", "subsidiary", "subtotal", "tax2Total", "taxDetails", "taxDetailsOverride", "taxItem",
    "taxPointDate", "taxPointDateOverride", "taxRate", "taxRegOverride", "taxTotal", "total", "totalAfterTaxes",
    "tranDate", "tranId", "transactionNumber", "transactionToRefund", "unapplied",
}  # fmt: skip
_OF_LINES: Final = {
    "account", "amount", "grossAmt", "inventoryDetail", "isClosed", "isTaxable", "item", "itemReceive", "itemSubtype",
    "itemType", "line", "lineUniqueKey", "location", "orderDoc", "orderLine", "price", "quantity", "rate", "restock",
    "tax1Amt", "taxAmount", "taxCode", "taxDetailsReference", "taxRate1", "taxRate2",
}  # fmt: skip


_WITHOUT_GOODS: Final = {RecordType.CUSTOMER_REFUND}
"""Records that never move stock; on all others the location says where goods go."""


def is_own(record: RecordType, field: str, *, of_line: bool) -> bool:
    """Says whether a field is ours to write, so that no rule may; capitals do not matter."""
    own = _OF_LINES if of_line else _OF_RECORDS if record in _WITHOUT_GOODS else _OF_RECORDS | {"location"}
    return field.casefold() in {name.casefold() for name in own}
