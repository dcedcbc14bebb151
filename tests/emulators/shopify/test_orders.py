"""Orders that are given to the emulator: what is taken, what is filled in, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from contrapost_emulators.shopify.control import demo_orders

if TYPE_CHECKING:
    from conftest import Desk

ORDER = """query($id: ID!) { order(id: $id) { name createdAt displayFinancialStatus displayFulfillmentStatus unpaid
  totalPriceSet { shopMoney { amount currencyCode } } totalReceivedSet { shopMoney { amount } }
  totalRefundedSet { shopMoney { amount } } totalPrice
  lineItems(first: 9) { nodes { sku quantity currentQuantity unfulfilledQuantity title
    discountedTotalSet { shopMoney { amount } presentmentMoney { amount currencyCode } } } }
  transactions(first: 9) { kind status gateway }
  refunds(first: 9) { id createdAt totalRefundedSet { shopMoney { amount } }
    refundLineItems(first: 9) { nodes { id quantity restockType restocked location { name } lineItem { sku }
      subtotalSet { shopMoney { amount } } totalTaxSet { shopMoney { amount } } } } } } }"""


def put(desk: Desk, *orders: dict[str, Any]) -> list[Any]:
    said = desk.control("POST", "orders", list(orders))
    return said.get("orders") or [said["error"]]


def read(desk: Desk, gid: str) -> Any:
    said = desk.ask(ORDER, {"id": gid})
    assert "errors" not in said, said
    return said["data"]["order"]


def test_an_empty_order_is_filled_in(desk: Desk) -> None:
    """Chosen: ids, names and times are made; the numbers go on from those there are."""
    put(desk, {"name": "#2040"})
    (made,) = put(desk, {})
    order = read(desk, made["id"])
    assert order["name"] == "#2041"
    assert order["totalPriceSet"]["shopMoney"] == {"amount": "0.00", "currencyCode": "USD"}
    assert order["lineItems"]["nodes"] == []


def test_amounts_that_follow_from_others_are_worked_out(desk: Desk) -> None:
    """Chosen: totals, states and quantities follow from lines, refunds and transactions; tax is shared by quantity."""
    line = {
        "sku": "TRAY",
        "quantity": 2,
        "originalUnitPriceSet": "40.00",
        "discountAllocations": [{"allocatedAmountSet": "8.00"}],
        "taxLines": [{"title": "Tax", "rate": 0.0825, "priceSet": "5.94"}],
    }
    part = {"lineItem": {"sku": "TRAY"}, "quantity": 1, "restockType": "RETURN"}
    refund = {"refundLineItems": [part], "transactions": [{"amountSet": "38.97"}]}
    shipping = [{"discountedPriceSet": "10.00"}]
    (made,) = put(desk, {"name": "#1", "lineItems": [line], "shippingLines": shipping, "refunds": [refund]})
    order = read(desk, made["id"])
    assert order["totalPriceSet"]["shopMoney"]["amount"] == order["totalPrice"] == "87.94"
    assert order["totalReceivedSet"]["shopMoney"]["amount"] == "87.94"
    assert order["totalRefundedSet"]["shopMoney"]["amount"] == "38.97"
    assert order["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert order["transactions"] == [{"kind": "REFUND", "status": "SUCCESS", "gateway": "shopify_payments"}]
    (sold,) = order["lineItems"]["nodes"]
    assert (sold["currentQuantity"], sold["discountedTotalSet"]["shopMoney"]["amount"]) == (1, "72.00")
    (back,) = order["refunds"][0]["refundLineItems"]["nodes"]
    assert back["subtotalSet"]["shopMoney"]["amount"] == "36.00"
    assert back["totalTaxSet"]["shopMoney"]["amount"] == "2.97"
    assert (back["restocked"], back["location"], back["lineItem"]) == (
        True,
        {"name": "Main warehouse"},
        {"sku": "TRAY"},
    )


@pytest.mark.parametrize(
    "form", [lambda each: each, lambda each: {"nodes": each}, lambda each: {"edges": [{"node": one} for one in each]}]
)
def test_connections_are_taken_in_three_forms(desk: Desk, form: Any) -> None:
    """Chosen: a connection may be given as a list, as nodes, or as edges."""
    (made,) = put(desk, {"lineItems": form([{"sku": "A"}, {"sku": "B"}])})
    assert [each["sku"] for each in read(desk, made["id"])["lineItems"]["nodes"]] == ["A", "B"]


def test_ids_are_taken_in_two_forms_and_kept_null(desk: Desk) -> None:
    """Chosen: a number or a global id. Verified (schema): a refund line's id may be null."""
    part = {"id": None, "lineItem": {"id": "gid://shopify/LineItem/5", "sku": "A"}}
    put(desk, {"id": 77, "refunds": [{"id": "gid://shopify/Refund/9", "refundLineItems": [part]}]})
    order = read(desk, "gid://shopify/Order/77")
    assert order["refunds"][0]["id"] == "gid://shopify/Refund/9"
    assert order["refunds"][0]["refundLineItems"]["nodes"][0]["id"] is None
    assert [each["sku"] for each in order["lineItems"]["nodes"]] == ["A"]


def test_an_order_with_the_same_id_takes_its_place(desk: Desk) -> None:
    """Chosen: giving an order again replaces it and its parts."""
    put(desk, {"id": 77, "name": "#1", "refunds": [{"id": 9}]})
    put(desk, {"id": 77, "name": "#2"})
    assert read(desk, "gid://shopify/Order/77")["refunds"] == []
    assert desk.ask('{ refund(id: "gid://shopify/Refund/9") { id } }')["data"]["refund"] is None


def test_the_customers_currency_is_kept_beside_the_shops(desk: Desk) -> None:
    """Verified (schema): a money bag holds both; chosen: one that is not given is as the shop's."""
    price = {
        "shopMoney": {"amount": 10, "currencyCode": "USD"},
        "presentmentMoney": {"amount": "13.6", "currencyCode": "CAD"},
    }
    (made,) = put(
        desk, {"presentmentCurrencyCode": "CAD", "lineItems": [{"originalUnitPriceSet": price, "quantity": 2}]}
    )
    (line,) = read(desk, made["id"])["lineItems"]["nodes"]
    assert line["discountedTotalSet"]["shopMoney"]["amount"] == "20.00"
    assert line["discountedTotalSet"]["presentmentMoney"] == {"amount": "27.20", "currencyCode": "CAD"}


def test_money_that_only_a_total_tells_gets_its_transaction(desk: Desk) -> None:
    """Chosen: a refund given with its total and no transactions was paid out in one."""
    (made,) = put(
        desk, {"id": 3, "refunds": [{"totalRefundedSet": "7.00"}], "lineItems": [{"originalUnitPriceSet": 7}]}
    )
    order = read(desk, made["id"])
    assert order["transactions"] == [{"kind": "REFUND", "status": "SUCCESS", "gateway": "shopify_payments"}]
    assert order["displayFinancialStatus"] == "REFUNDED"


def test_a_location_given_by_its_id_has_a_name(desk: Desk) -> None:
    """Chosen: the shop's own location is named as it is; another gets a name from its id."""
    parts = [{"location": {"id": number}, "lineItem": {"id": 5}, "restockType": "RETURN"} for number in (1, 2)]
    put(desk, {"id": 3, "refunds": [{"refundLineItems": parts}]})
    (refund,) = read(desk, "gid://shopify/Order/3")["refunds"]
    places = [each["location"]["name"] for each in refund["refundLineItems"]["nodes"]]
    assert places == ["Main warehouse", "Location 2"]


def test_an_unpaid_order_stays_unpaid(desk: Desk) -> None:
    """Chosen: an order without transactions counts as paid, unless its state says otherwise."""
    lines = [{"originalUnitPriceSet": "9.00"}]
    paid, unpaid = put(desk, {"lineItems": lines}, {"lineItems": lines, "displayFinancialStatus": "VOIDED"})
    assert read(desk, paid["id"])["unpaid"] is False
    assert read(desk, unpaid["id"])["unpaid"] is True
    assert read(desk, unpaid["id"])["totalReceivedSet"]["shopMoney"]["amount"] == "0.00"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"nmae": "#1"}, "orders[1].nmae"),
        ({"refunds": [{"refundLineItems": [{"qty": 1}]}]}, "orders[1].refunds[0].refundLineItems[0].qty"),
        ({"refunds": [{"transactions": [{"kind": "GIVE"}]}]}, "orders[1].refunds[0].transactions[0].kind"),
        ({"createdAt": "yesterday"}, "orders[1].createdAt"),
        ({"totalPriceSet": "free"}, "orders[1].totalPriceSet"),
        ({"totalPriceSet": {"amount": "1"}}, "orders[1].totalPriceSet.amount"),
        (
            {"totalPriceSet": {"shopMoney": {"amount": "1", "currencyCode": "XXXX"}}},
            "orders[1].totalPriceSet.shopMoney",
        ),
        ({"id": "gid://shopify/Refund/1"}, "orders[1].id"),
        ({"lineItems": "MUG"}, "orders[1].lineItems"),
        ({"lineItems": [{"quantity": "two"}]}, "orders[1].lineItems[0].quantity"),
        ({"refunds": [{"refundLineItems": [{"lineItem": {"sku": "NONE"}}]}]}, "orders[1]"),
        ("order", "orders[1]"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(desk: Desk, wrong: Any, path: str) -> None:
    """Chosen: one wrong order refuses the whole call, and nothing of it is stored."""
    said = desk.control("POST", "orders", [{"name": "#1"}, wrong])
    assert said["error"].startswith(path)
    assert desk.control("GET", "")["orders"] == []


def test_the_demo_adds_up(desk: Desk) -> None:
    """Chosen: the demo has about forty orders; what the first five credit is the money they refunded, to the cent."""
    desk.control("POST", "seed")
    names = [each["name"] for each in desk.control("GET", "")["orders"]]
    assert names == [f"#{number}" for number in range(1001, 1042)]

    for order in demo_orders()[:5]:
        for refund in order["refunds"]:
            credited = sum(
                _amount(line, "subtotalSet") + _amount(line, "totalTaxSet")
                for line in _nodes(refund, "refundLineItems")
            )
            credited += sum(
                _amount(line, "subtotalAmountSet") + _amount(line, "taxAmountSet")
                for line in _nodes(refund, "refundShippingLines")
            )
            credited -= sum(_amount(one, "amountSet") for one in _nodes(refund, "orderAdjustments"))
            assert credited == sum(_amount(one, "amountSet") for one in _nodes(refund, "transactions")), order["name"]


def _nodes(refund: dict[str, Any], name: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = refund[name]["nodes"]
    return nodes


def _amount(part: dict[str, Any], name: str) -> Decimal:
    return Decimal(part[name]["shopMoney"]["amount"])
