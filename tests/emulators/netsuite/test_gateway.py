"""Card gateways: which records move money that the shop has moved already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any


def movements(net: NetSuite) -> Any:
    return net.control("GET", "gateway").json


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize(
    ("asked", "moves"),
    [
        ({}, 0),
        ({"handlingMode": "SAVE_ONLY"}, 0),
        ({"handlingMode": {"id": "MIMIC"}}, 0),
        ({"chargeIt": False}, 0),
        ({"handlingMode": "PROCESS"}, 1),
        ({"chargeIt": True}, 1),
    ],
)
def test_only_some_refunds_move_money(net: NetSuite, shop: Shop, line: Line, asked: Any, moves: int) -> None:
    """Only PROCESS, or the box to charge the card, moves the customer's money a second time."""
    assert movements(net) == []
    sale = shop.sale(line(shop.card, 5))
    made = net.post(f"cashSale/{sale}/!transform/cashRefund", asked).id
    assert (
        movements(net)
        == [
            {
                "transaction": made,
                "type": "cashRefund",
                "direction": "refund",
                "amount": 5,
                "currency": "USD",
                "source": sale,
            }
        ]
        * moves
    )


@pytest.mark.stamp("chosen")
def test_customer_refunds_and_payments_move_money_too(net: NetSuite, shop: Shop, line: Line) -> None:
    """A payment charges, a customer refund refunds; a change of either moves nothing more."""
    assert movements(net) == []
    process = {"handlingMode": "PROCESS"}
    invoice = shop.sale(line(shop.card, 5), kind="invoice")
    payment = net.post(f"invoice/{invoice}/!transform/customerPayment", process).id
    memo = net.make("creditMemo", entity={"id": shop.customer}, item={"items": [line(shop.adjust, 3)]})
    refund = net.post(f"creditMemo/{memo}/!transform/customerRefund", process | {"account": {"id": shop.clearing}}).id
    assert net.patch(f"customerRefund/{refund}", {"memo": "again"}).status == 204
    said = [(one["transaction"], one["direction"], one["amount"]) for one in movements(net)]
    assert said == [(payment, "charge", 5), (refund, "refund", 3)]


@pytest.mark.stamp("verified: in the catalogue of NetSuite's messages")
def test_a_gateway_refunds_once(net: NetSuite, shop: Shop, line: Line) -> None:
    """A second refund through the gateway beyond what was sold is refused, and nothing is written or moved."""
    assert movements(net) == []
    sale = shop.sale(line(shop.card, 5))
    transform = f"cashSale/{sale}/!transform/cashRefund"
    assert net.post(transform, {"handlingMode": "PROCESS"}).status == 204
    assert "Transaction Already refunded." in net.post(transform, {"handlingMode": "PROCESS"}).detail
    assert len(movements(net)) == 1
    assert len(net.rows(f"SELECT id FROM transaction WHERE type = 'CashRfnd' AND entity = {shop.customer}")) == 1
    assert net.post(transform, {}).status == 204
