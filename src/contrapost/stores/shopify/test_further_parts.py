"""What the refund itself does not say, asked of the running emulator: the return, and the shop's own ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contrapost.refunds.balance import balance

if TYPE_CHECKING:
    from contrapost.refunds.document import Refund
    from contrapost.stores.shopify.conftest import Emulator
    from contrapost.stores.shopify.store import ShopifyStore

LAMP = {"id": 1, "sku": "LAMP", "quantity": 1, "originalUnitPriceSet": "100.00"}
REFUND = {"id": 8001, "createdAt": "2026-11-10T10:00:00Z"}


def order(paid: str, *, back: dict[str, Any] | None = None, **fields: object) -> dict[str, Any]:
    lines = [{"id": 9001, "lineItem": {"id": 1}, "quantity": 1, "subtotalSet": "100.00", "totalTaxSet": "0.00"}]
    made: dict[str, Any] = {
        "id": 5001,
        "name": "#1001",
        "lineItems": [LAMP],
        "refunds": [
            REFUND
            | {"refundLineItems": lines, "transactions": [{"kind": "REFUND", "amountSet": paid, "paymentId": "ch_9.1"}]}
        ],
    }
    if back:
        made["refunds"][0]["return"] = {"id": 51}
        made["returns"] = [{"id": 51, "name": "#1001-R1", "status": "CLOSED"} | back]
    return made | fields


def read(store: ShopifyStore) -> Refund:
    page = store.orders(["#1001"])
    refund = page.refunds[0].refund
    assert refund is not None, page
    return refund


def test_the_demos_exchange_comes_with_the_goods_that_went_out(store: ShopifyStore, emulator: Emulator) -> None:
    """The lamp came back, the tray went out with its tax; one more call reads the return."""
    emulator.control("POST", "seed")
    page = store.orders(["#1019"])
    refund = page.refunds[0].refund
    assert refund is not None
    assert refund.exchanges_goods
    assert [(line.sku, line.credited.text, line.tax.text) for line in refund.goods_out] == [("TRAY", "40.00", "3.30")]
    assert balance(refund).gap.text == "0.00"
    assert emulator.calls() == 3


def test_a_return_that_adds_up_takes_no_further_call(store: ShopifyStore, emulator: Emulator) -> None:
    """Where lines and money agree, the return's fees are not asked for."""
    emulator.put(order("100.00", back={"returnShippingFees": [{"id": 61, "amountSet": "5.00"}]}))
    assert read(store).adjustments == ()
    assert emulator.calls() == 2


def test_fees_of_a_return_are_read_where_the_money_is_short(store: ShopifyStore, emulator: Emulator) -> None:
    """Restocking and return shipping that were kept stand on the return alone."""
    fees = {
        "returnShippingFees": [{"id": 61, "amountSet": "5.00"}],
        "returnLineItems": [
            {
                "id": 71,
                "fulfillmentLineItem": {"id": 91, "lineItem": {"id": 1}},
                "restockingFee": {"id": 62, "amountSet": "10.00", "percentage": 10},
            }
        ],
    }
    emulator.put(order("85.00", back=fees))
    refund = read(store)
    assert [(each.reason, each.amount.text) for each in refund.adjustments] == [
        ("RESTOCKING_FEE", "-10.00"),
        ("RETURN_SHIPPING_FEE", "-5.00"),
    ]
    assert emulator.calls() == 3


def test_an_exchange_for_many_goods_is_read_to_its_end(store: ShopifyStore, emulator: Emulator) -> None:
    """Twenty lines in exchange are three pages, and each is there once."""
    exchange = [
        {
            "id": 100 + n,
            "lineItems": [{"id": 200 + n, "sku": f"PIN-{n}", "quantity": 1, "originalUnitPriceSet": "2.00"}],
        }
        for n in range(20)
    ]
    emulator.put(order("60.00", back={"exchangeLineItems": exchange}))
    refund = read(store)
    assert [line.sku for line in refund.goods_out] == [f"PIN-{n}" for n in range(20)]
    assert balance(refund).gap.text == "0.00"
    assert emulator.calls() == 5


@pytest.mark.parametrize("total", ["6.00", "0.00"])
def test_a_tip_is_told_from_goods_by_the_ledger(store: ShopifyStore, emulator: Emulator, total: str) -> None:
    """The ledger is asked only where the order had tips, and then a line that is one becomes a charge."""
    tip = {"id": 2, "title": "Tip", "sku": None, "requiresShipping": False, "quantity": 1}
    made = order("106.00", totalTipReceivedSet=total)
    made["lineItems"] = [LAMP, tip]
    made["refunds"][0]["refundLineItems"].append({"id": 9002, "lineItem": {"id": 2}, "subtotalSet": "6.00"})
    sales = [{"id": 801, "lineType": "TIP", "lineItem": {"id": 2}, "totalAmount": "-6.00", "__typename": "TipSale"}]
    made["agreements"] = [{"id": 91, "refund": {"id": 8001}, "sales": sales}]
    emulator.put(made)
    refund = read(store)
    told = total != "0.00"
    assert [each.kind.value for each in refund.charges] == (["tip"] if told else [])
    assert len(refund.lines) == (1 if told else 2)
    assert emulator.calls() == (3 if told else 2)


def test_an_additional_fee_is_found_in_the_ledger(store: ShopifyStore, emulator: Emulator) -> None:
    """More money than lines, on an order with additional fees: the ledger names the fee that was given back."""
    fee = {"id": 811, "name": "Import fee", "price": "12.00"}
    sale = {
        "id": 802,
        "lineType": "ADDITIONAL_FEE",
        "additionalFee": {"id": 812, "name": "Import fee"},
        "totalAmount": "-12.00",
    }
    agreement = {"id": 91, "refund": {"id": 8001}, "sales": [sale | {"__typename": "AdditionalFeeSale"}]}
    emulator.put(order("112.00", additionalFees=[fee], originalTotalAdditionalFeesSet="12.00", agreements=[agreement]))
    refund = read(store)
    assert [(each.kind.value, each.title, each.credited.text) for each in refund.charges] == [
        ("fee", "Import fee", "12.00")
    ]
    assert balance(refund).gap.text == "0.00"


def test_what_mappings_may_copy_is_there(store: ShopifyStore, emulator: Emulator) -> None:
    """The gateway's reference, disputes and the rest of what is said of the order come as facts."""
    more = {
        "disputes": [{"id": 1, "initiatedAs": "CHARGEBACK", "status": "LOST"}],
        "sourceIdentifier": "7-1001",
        "discountCodes": ["MAY", "TEN"],
        "cancelReason": "CUSTOMER",
    }
    emulator.put(order("100.00", **more))
    page = store.orders(["#1001"])
    refund = page.refunds[0].refund
    assert refund is not None
    assert [finding.code for finding in page.refunds[0].findings] == ["order_disputed"]
    assert refund.tenders[0].gateway_reference == "ch_9.1"
    wanted = {
        "disputes": "chargeback lost",
        "source_identifier": "7-1001",
        "discount_codes": "MAY, TEN",
        "cancel_reason": "CUSTOMER",
    }
    assert wanted.items() <= refund.facts.items()
