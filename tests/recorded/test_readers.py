"""The readers of further carts: what is odd in a payload is a finding with its place, and never an exception."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded import bigcommerce, magento, medusa, vendure, walmart, woocommerce

from contrapost.refunds.balance import balance
from contrapost.refunds.document import TenderKind, TenderStatus
from contrapost.refunds.finding import blocks

Payloads = tuple[Any, ...]
Reader = Callable[..., Any]

WOO_ORDER = {"id": 18, "number": "18", "currency": "USD", "status": "completed", "payment_method": "Stripe"}
WOO_LINE = {"id": 21, "sku": "CBL", "quantity": -2, "total": "-6.66", "total_tax": "-0.55"}
WOO_MADE = {"date_created": "2026-11-23T01:40:40", "date_created_gmt": "2026-11-23T06:40:40"}
WOO_REFUND = {"id": 22, "amount": "6.00", "reason": "minus restocking", "line_items": [WOO_LINE], **WOO_MADE}

MAGENTO_SOLD = {"item_id": 3, "qty_shipped": 3}
MAGENTO_ORDER = {"entity_id": 2, "increment_id": "000000002", "items": [MAGENTO_SOLD], "payment": {"method": "checkmo"}}
MAGENTO_LINE = {
    "entity_id": 9,
    "order_item_id": 3,
    "sku": "SHIRT",
    "qty": 2,
    "row_total": 50,
    "tax_amount": Decimal("3.71"),
}
MAGENTO_MEMO = {
    "entity_id": 4,
    "increment_id": "000000004",
    "order_id": 2,
    "order_currency_code": "USD",
    "state": 2,
    "created_at": "2026-11-23 06:39:20",
    "grand_total": Decimal("46.21"),
    "adjustment_positive": 0,
    "adjustment_negative": Decimal("2.5"),
    "items": [MAGENTO_LINE | {"discount_amount": 5}],
}

MEDUSA_REFUND = {
    "id": "ref_1",
    "amount": Decimal("27.06"),
    "raw_amount": {"value": "27.0625", "precision": 20},
    "note": "claim",
    "created_at": "2026-11-23T06:21:57.076Z",
}
MEDUSA_ORDER, MEDUSA_PAYMENT = {"id": "order_5", "display_id": 5}, {"id": "pay_1", "currency_code": "usd"}

VENDURE_LINE = {
    "id": "1",
    "proratedUnitPrice": 129900,
    "proratedUnitPriceWithTax": 140617,
    "productVariant": {"sku": "L1", "name": "Laptop"},
    "fulfillmentLines": [{"quantity": 2}],
}
VENDURE_ORDER = {
    "id": "1",
    "code": "YF6",
    "currencyCode": "USD",
    "lines": [VENDURE_LINE],
    "shippingLines": [{"discountedPrice": 500, "discountedPriceWithTax": 541}],
}
VENDURE_REFUND = {
    "id": "1",
    "createdAt": "2026-11-23T06:14:35.000Z",
    "items": 140617,
    "shipping": 541,
    "adjustment": -250,
    "total": 140908,
    "method": "standard-payment",
    "state": "Settled",
    "transactionId": "RFND-A1",
    "lines": [{"orderLineId": "1", "quantity": 1, "refundId": "1"}],
}

BIG_ORDER = {"id": 180, "currency_code": "EUR"}
BIG_PRODUCTS = [{"id": 87, "sku": "BRUSH", "price_ex_tax": "45.0000", "price_tax": "5.0000", "quantity_shipped": 1}]
BIG_PAYMENTS = [
    {"id": 13, "provider_id": "storecredit", "amount": 30, "is_declined": False},
    {"id": 14, "provider_id": "braintree", "amount": 25, "is_declined": True},
]
BIG_REFUND = {
    "id": 12,
    "created": "2026-06-16T16:44:15+00:00",
    "total_amount": 55,
    "total_tax": 5,
    "items": [
        {"item_type": "PRODUCT", "item_id": 87, "quantity": 1, "requested_amount": None},
        {"item_type": "SHIPPING", "item_id": 3, "requested_amount": 5},
    ],
    "payments": BIG_PAYMENTS,
}

WALMART_CHARGE = {
    "chargeType": "PRODUCT",
    "chargeAmount": {"currency": "USD", "amount": Decimal("-10.02")},
    "tax": {"taxAmount": {"currency": "USD", "amount": Decimal("-0.88")}},
}
WALMART_LINE = {
    "lineNumber": "2",
    "statusDate": 1476470187000,
    "item": {"sku": "GPS"},
    "refund": {"refundCharges": {"refundCharge": [{"refundReason": "DamagedItem", "charge": WALMART_CHARGE}]}},
}
WALMART_ORDER = {"purchaseOrderId": "257", "customerOrderId": "402"}

READERS: dict[str, tuple[Reader, Payloads]] = {
    "woocommerce": (woocommerce.read_refund, (WOO_ORDER, WOO_REFUND)),
    "magento": (magento.read_refund, (MAGENTO_ORDER, MAGENTO_MEMO)),
    "medusa": (medusa.read_refund, (MEDUSA_ORDER, MEDUSA_PAYMENT, MEDUSA_REFUND)),
    "vendure": (vendure.read_refund, (VENDURE_ORDER, VENDURE_REFUND)),
    "bigcommerce": (bigcommerce.read_refund, (BIG_ORDER, BIG_PRODUCTS, BIG_REFUND)),
    "walmart": (walmart.read_line_refund, (WALMART_ORDER, WALMART_LINE)),
}


def test_woocommerce_names_what_was_kept_of_the_lines() -> None:
    """6.00 for lines of 7.21: the lines stand, 1.21 was kept, and the day is the shop's own."""
    refund, _ = woocommerce.read_refund(WOO_ORDER, WOO_REFUND | {"date_created": "2026-11-22T22:40:40"})
    assert refund is not None
    assert (refund.lines[0].quantity, refund.lines[0].credited.text, refund.lines[0].tax.text) == (2, "6.66", "0.55")
    assert [each.amount.text for each in refund.adjustments] == ["-1.21"]
    assert refund.refunded_on.isoformat() == "2026-11-22"
    assert not balance(refund).gap


def test_woocommerce_refund_that_was_deleted_is_none() -> None:
    """A deleted refund shows as id 0 in its order: it is not read as a refund."""
    refund, findings = woocommerce.read_refund(WOO_ORDER, {"id": 0, "total": "-0.00"})
    assert refund is None
    assert "id" in {finding.where for finding in findings}


def test_magento_memo_that_does_not_come_to_its_total_is_not_trusted() -> None:
    """Another program wrote the positive adjustment with its sign turned: the grand total tells."""
    turned = MAGENTO_MEMO | {"adjustment_positive": Decimal("2.5"), "adjustment_negative": 0}
    refund, findings = magento.read_refund(MAGENTO_ORDER, turned)
    assert refund is None
    assert [finding.where for finding in findings] == ["grand_total"]


def test_magento_without_adjustments_names_none() -> None:
    """A full memo has neither key of an adjustment; its discount is taken out of the line."""
    plain = {name: value for name, value in MAGENTO_MEMO.items() if not name.startswith("adjustment")}
    refund, _ = magento.read_refund(MAGENTO_ORDER, plain | {"grand_total": Decimal("48.71")})
    assert refund is not None
    assert refund.adjustments == ()
    assert refund.lines[0].credited.text == "45.00"


def test_medusa_is_read_as_exactly_as_it_was_sent() -> None:
    """The exact amount is taken, not the rounded one beside it; nobody rounds it."""
    refund, _ = medusa.read_refund(MEDUSA_ORDER, MEDUSA_PAYMENT, MEDUSA_REFUND)
    assert refund is not None
    assert (refund.tenders[0].amount.text, refund.currency) == ("27.0625", "USD")


def test_vendure_takes_the_tax_out_and_waits_while_pending() -> None:
    """1,406.17 with tax is 1,299.00 and 107.17; a refund that is not settled yet is pending."""
    refund, _ = vendure.read_refund(VENDURE_ORDER, VENDURE_REFUND | {"state": "Pending"})
    assert refund is not None
    assert (refund.lines[0].credited.text, refund.lines[0].tax.text) == ("1299.00", "107.17")
    assert [(charge.credited.text, charge.tax.text) for charge in refund.charges] == [("5.00", "0.41")]
    assert refund.tenders[0].status is TenderStatus.PENDING


def test_bigcommerce_payment_that_was_declined_did_not_move() -> None:
    """Store credit was given, the card refused: a liability of 30.00, and 25.00 that failed."""
    refund, _ = bigcommerce.read_refund(BIG_ORDER, BIG_PRODUCTS, BIG_REFUND)
    assert refund is not None
    assert [(each.kind, each.status) for each in refund.tenders] == [
        (TenderKind.STORE_CREDIT, TenderStatus.SUCCEEDED),
        (TenderKind.MONEY, TenderStatus.FAILED),
    ]
    assert balance(refund).credited.text == "55.00"


def test_walmart_tax_is_its_own_to_give_back() -> None:
    """The marketplace collected the tax: it is neither credited nor paid by the seller."""
    refund, _ = walmart.read_line_refund(WALMART_ORDER, WALMART_LINE)
    assert refund is not None
    assert refund.facilitator_tax is not None
    assert refund.facilitator_tax.text == "0.88"
    assert balance(refund).credited.text == balance(refund).paid_out.text == "10.02"


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.decimals(allow_nan=True),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=5,
)


def _places(value: object, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return ([way] if way else []) + [place for name, each in items for place in _places(each, (*way, name))]


@pytest.mark.parametrize("cart", READERS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_payload_raises(cart: str, data: st.DataObject) -> None:
    """Whatever stands in any place of a payload: a refund, or none and a finding that says where."""
    read, payloads = READERS[cart]
    broken = [copy.deepcopy(payload) for payload in payloads]
    place, payload = data.draw(st.sampled_from(list(enumerate(broken))))
    *way, last = data.draw(st.sampled_from(_places(payload)))
    spot: Any = broken[place]
    for step in way:
        spot = spot[step]
    spot[last] = data.draw(junk)

    refund, findings = read(*broken)

    assert (refund is None) == blocks(findings)
    assert all(finding.where and finding.fix for finding in findings)
    if refund is not None:
        balance(refund)
