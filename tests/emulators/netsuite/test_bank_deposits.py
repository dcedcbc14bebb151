"""Deposits to the bank: what waits in Undeposited Funds is taken to a bank account by one record."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite, Reply
    from contract.shop import Shop

Line = Any
D = Decimal


def waiting(net: NetSuite, shop: Shop, line: Line, amount: int, **more: Any) -> str:
    """A sale whose money waits in Undeposited Funds."""
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, amount)]}, **more}
    return net.make("cashSale", account={"id": net.account("1095")}, **body)


def bank(net: NetSuite, shop: Shop, *payments: str, **more: Any) -> Reply:
    """Take payments to the bank."""
    lines = {"items": [{"id": payment, "deposit": True} for payment in payments]}
    return net.post("deposit", {"account": {"id": shop.clearing}, "payment": lines, **more})


@pytest.mark.stamp("documented")
def test_payments_and_refunds_go_to_the_bank(net: NetSuite, shop: Shop, line: Line) -> None:
    """One deposit takes sales and payments, less refunds; they read as deposited, and wait no more."""
    sale = waiting(net, shop, line, 30)
    transform = f"cashSale/{sale}/!transform/cashRefund?replace=item"
    undeposited = {"account": {"id": net.account("1095")}}
    back = net.post(transform, {"item": {"items": [{"orderLine": 1, "amount": 8}]}, **undeposited}).id
    invoice = shop.sale(line(shop.card, 5), kind="invoice")
    payment = net.post(f"invoice/{invoice}/!transform/customerPayment", undeposited).id
    made = bank(net, shop, sale, back, payment).id
    assert net.ledger(made) == {"1090": D(27), "1095": D(-27)}
    lines = net.read(f"deposit/{made}")["payment"]["items"]
    assert [(one["id"]["id"], one["paymentAmount"]) for one in lines] == [(sale, 30), (back, -8), (payment, 5)]
    for path in (f"cashSale/{sale}", f"customerPayment/{payment}"):
        assert net.read(path)["status"]["refName"] == "Deposited"
    assert bank(net, shop, sale).path == "payment.items[0].id"


@pytest.mark.stamp("documented")
def test_what_is_banked_is_not_deleted_before_its_deposit(net: NetSuite, shop: Shop, line: Line) -> None:
    """A sale that a deposit holds cannot be deleted; without the deposit it waits again."""
    sale = waiting(net, shop, line, 30)
    made = bank(net, shop, sale).id
    assert net.delete(f"cashSale/{sale}").status == 400
    assert net.delete(f"deposit/{made}").status == 204
    assert net.read(f"cashSale/{sale}")["status"]["refName"] == "Not Deposited"
    assert net.delete(f"cashSale/{sale}").status == 204


@pytest.mark.stamp("verified: the limit as integrators of NetSuite know it")
def test_a_deposit_takes_at_most_ten_thousand_payments(net: NetSuite, shop: Shop, line: Line) -> None:
    """One line more than 10,000 is refused, whatever the lines are."""
    sale = waiting(net, shop, line, 1)
    refused = bank(net, shop, *[sale] * 10_001)
    assert (refused.status, refused.path) == (400, "payment")
    assert "10000" in refused.detail
    assert bank(net, shop, sale).status == 204


@pytest.mark.stamp("chosen")
def test_what_cannot_be_banked(net: NetSuite, shop: Shop, line: Line) -> None:
    """Money that is at the bank already, a payment twice, another currency, an order, no bank account, no payment."""
    sale = waiting(net, shop, line, 1)
    euro = waiting(net, shop, line, 1, currency=net.currency("EUR"))
    order = shop.sale(line(shop.card, 1), kind="salesOrder")
    for payments, place in (
        ((shop.sale(line(shop.card, 1)),), 0),
        ((sale, sale), 1),
        ((sale, euro), 1),
        ((order,), 0),
    ):
        assert bank(net, shop, *payments, currency=net.currency("USD")).path == f"payment.items[{place}].id"
    assert bank(net, shop).path == "payment"
    assert bank(net, shop, sale, account={"id": net.account("4000")}).path == "account"
    made = bank(net, shop, sale).id
    assert net.patch(f"deposit/{made}", {"memo": "x"}).status == 400


@pytest.mark.stamp("chosen")
def test_the_banks_rate_realises_a_difference(net: NetSuite, shop: Shop, line: Line) -> None:
    """Euros taken in at 1.10 and banked at 1.15 gain the difference, and Undeposited Funds are empty."""
    euro = {"currency": net.currency("EUR")}
    sale = waiting(net, shop, line, 100, exchangeRate=D("1.1"), **euro)
    made = bank(net, shop, sale, exchangeRate=D("1.15"), **euro).id
    assert net.ledger(made) == {"1090": D(115), "1095": D(-110), "7950": D(-5)}
