"""Payouts of refunds, asked of the running emulator: who was settled when, and in how many calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contrapost.refunds.finding import Severity
from contrapost.stores.contract import StoreError

if TYPE_CHECKING:
    from contrapost.stores.shopify.conftest import Emulator, Time
    from contrapost.stores.shopify.store import ShopifyStore


def order(number: int, day: str, *, gateway: str = "shopify_payments", status: str = "SUCCESS") -> dict[str, Any]:
    moved = {"id": 4000 + number, "kind": "REFUND", "amountSet": "10.00", "gateway": gateway, "status": status}
    line = {"id": 9000 + number, "lineItem": {"id": number}, "subtotalSet": "10.00"}
    refund = {"id": 8000 + number, "createdAt": f"2026-11-{day}T10:00:00Z", "transactions": [moved]}
    return {
        "id": 5000 + number,
        "name": f"#{number}",
        "lineItems": [{"id": number, "sku": "MUG", "originalUnitPriceSet": "10.00"}],
        "transactions": [{"id": 3000 + number, "kind": "SALE", "amountSet": "10.00"}],
        "refunds": [refund | {"refundLineItems": [line]}],
    }


def payouts(store: ShopifyStore, *names: str) -> dict[str, str]:
    page = store.orders(names)
    return {each.order_name: each.refund.tenders[0].payout_id for each in page.refunds if each.refund}


def test_a_refund_names_the_payout_it_was_settled_in(store_with_payouts: ShopifyStore, emulator: Emulator) -> None:
    """What is settled names its payout, what is not yet names none; refunds of one day share a call."""
    emulator.put(order(1, "10"), order(2, "10"), order(3, "10", gateway="paypal"))
    emulator.control("POST", "payouts", {"payout": 77, "transactions": [4001, 4003]})
    assert payouts(store_with_payouts, "#1", "#2", "#3") == {"#1": "77", "#2": "", "#3": ""}
    assert emulator.calls() == 3


def test_days_far_apart_are_asked_apart(store_with_payouts: ShopifyStore, emulator: Emulator) -> None:
    """Between two refunds a shop may have made a month of sales: only the days of refunds are asked for."""
    emulator.put(order(1, "02"), order(2, "20"))
    emulator.control("POST", "payouts", {"payout": 77, "transactions": [4001]})
    emulator.control("POST", "payouts", {"payout": 78, "transactions": [4002]})
    assert payouts(store_with_payouts, "#1", "#2") == {"#1": "77", "#2": "78"}
    assert emulator.calls() == 4


def test_many_refunds_of_a_day_are_read_to_the_last_page(store_with_payouts: ShopifyStore, emulator: Emulator) -> None:
    """Three hundred refunds of a day are two pages, and the one that is asked for is on the second."""
    orders = [order(number, "10") for number in range(1, 301)]
    emulator.put(*orders)
    emulator.control("POST", "payouts", {"payout": 77, "transactions": [4001, 4300]})
    assert payouts(store_with_payouts, "#300") == {"#300": "77"}
    assert emulator.calls() == 4


def test_payouts_are_not_asked_for_unless_wanted(store: ShopifyStore, emulator: Emulator) -> None:
    """Without the setting no further call is made; neither is one for money that did not move."""
    emulator.put(order(1, "10"))
    emulator.control("POST", "payouts", {"payout": 77, "transactions": [4001]})
    assert payouts(store, "#1") == {"#1": ""}
    assert emulator.calls() == 2


def test_money_that_has_not_moved_has_no_payout(store_with_payouts: ShopifyStore, emulator: Emulator) -> None:
    """A pending refund is not looked for among what was settled."""
    emulator.put(order(1, "10", status="PENDING"))
    assert payouts(store_with_payouts, "#1") == {"#1": ""}
    assert emulator.calls() == 2


def test_a_missing_scope_is_told(store_with_payouts: ShopifyStore, emulator: Emulator, time: Time) -> None:
    """An app that may not read payouts is told which scope it lacks, when it is checked and when it retrieves."""
    emulator.control("POST", "shop", {"scopes": ["read_orders", "read_all_orders", "read_returns"]})
    emulator.put(order(1, "10"))
    wrong = [found for found in store_with_payouts.check() if found.severity is Severity.ERROR]
    assert [found.code for found in wrong] == ["store_scope_missing"]
    assert "read_shopify_payments_payouts" in wrong[0].message
    with pytest.raises(StoreError) as refused:
        payouts(store_with_payouts, "#1")
    assert refused.value.finding.code == "store_scope_missing"
    assert time.slept == []
