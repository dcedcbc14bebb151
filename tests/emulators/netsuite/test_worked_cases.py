"""The ledgers of refunds worked by hand, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.netsuite.conftest import NetSuite, Shop

Line = Any
D = Decimal


def refund(net: NetSuite, shop: Shop, sale: str, lines: list[Any], **more: Any) -> str:
    body = {"account": {"id": shop.clearing}, "item": {"items": lines}, **more}
    return net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", body).id


@pytest.mark.stamp("documented")
def test_third_unit_with_tax_details(net: NetSuite, shop: Shop, line: Line) -> None:
    """Tax details sent with the refund are booked as sent: the third unit takes the last cent of tax."""
    code = {"taxType": {"id": shop.tax_type}, "taxCode": {"id": shop.tax}, "taxRate": D("8.25")}
    detail = {**code, "taxDetailsReference": "L1", "taxBasis": D("9.99"), "taxAmount": D("0.82")}
    sale = shop.sale(
        line(shop.card, "9.99", 3, taxDetailsReference="L1"),
        taxDetailsOverride=True,
        taxDetails={"items": [detail]},
    )
    assert net.ledger(sale) == {"1090": D("10.81"), "4000": D("-9.99"), "2100": D("-0.82")}
    owed = D(0)
    for tax in ("0.27", "0.27", "0.28"):
        detail = {**code, "taxDetailsReference": "L1", "taxBasis": D("3.33"), "taxAmount": D(tax)}
        made = refund(
            net,
            shop,
            sale,
            [{"orderLine": 1, "quantity": 1, "amount": D("3.33")}],
            taxDetailsOverride=True,
            taxDetails={"items": [detail]},
        )
        assert net.ledger(made) == {"1090": -D("3.33") - D(tax), "4000": D("3.33"), "2100": D(tax)}
        owed += D(tax)
    assert owed == D("0.82")


@pytest.mark.stamp("verified: exchanged by public clients of legacy-tax accounts")
def test_third_unit_with_sales_tax_and_rounding(net: NetSuite, shop: Shop, line: Line) -> None:
    """With legacy sales tax each unit's tax is worked out anew, and a rounding line carries the last cent."""
    tax = {"taxItem": {"id": shop.tax}, "taxRate": D("8.25")}
    sale = shop.sale(line(shop.card, "9.99", 3, isTaxable=True), **tax)
    assert net.ledger(sale) == {"1090": D("10.81"), "4000": D("-9.99"), "2100": D("-0.82")}
    for _ in range(2):
        made = refund(net, shop, sale, [{"orderLine": 1, "quantity": 1}])
        assert net.ledger(made) == {"1090": D("-3.60"), "4000": D("3.33"), "2100": D("0.27")}
    made = refund(net, shop, sale, [{"orderLine": 1, "quantity": 1}, line(shop.round, "0.01")])
    assert net.ledger(made) == {
        "1090": D("-3.61"),
        "4000": D("3.33"),
        "2100": D("0.27"),
        "7900": D("0.01"),
    }


@pytest.mark.stamp("documented")
def test_open_invoice_with_captured_money(net: NetSuite, shop: Shop, line: Line) -> None:
    """A memo that is not applied to its open invoice is paid out by a customer refund; the invoice stays open."""
    invoice = shop.sale(line(shop.card, "48.20"), kind="invoice")
    memo = net.post(
        f"invoice/{invoice}/!transform/creditMemo?replace=item",
        {
            "item": {"items": [line(shop.adjust, "20.00")]},
            "account": {"id": net.account("1100")},
            "autoApply": False,
            "apply": {"items": [{"doc": {"id": invoice}, "line": 0, "apply": False}]},
        },
    ).id
    assert net.ledger(memo) == {"4100": D(20), "1100": D(-20)}
    refund_id = net.make(
        "customerRefund",
        customer={"id": shop.customer},
        account={"id": shop.clearing},
        arAcct={"id": net.account("1100")},
        apply={"items": [{"doc": {"id": memo}, "line": 0, "apply": True, "amount": 20}]},
    )
    assert net.ledger(refund_id) == {"1100": D(20), "1090": D(-20)}
    assert net.read(f"invoice/{invoice}")["amountRemaining"] == D("48.20")
    assert net.read(f"creditMemo/{memo}")["unapplied"] == 0


@pytest.mark.stamp("documented")
def test_goods_come_back_at_the_cost_they_left_with(net: NetSuite, shop: Shop, line: Line) -> None:
    """A refunded inventory line restocks, and reverses cost of goods sold at the cost of its sale."""
    sale = shop.sale(line(shop.tray, "80.00", 2))
    assert net.ledger(sale) == {"1090": D(80), "4000": D(-80), "5000": D(30), "1200": D(-30)}
    assert net.on_hand(shop.tray) == 8
    made = refund(net, shop, sale, [{"orderLine": 1, "quantity": 1}])
    assert net.ledger(made) == {"1090": D(-40), "4000": D(40), "5000": D(-15), "1200": D(15)}
    assert net.on_hand(shop.tray) == 9


@pytest.mark.stamp("chosen")
def test_quantity_zero_moves_no_stock(net: NetSuite, shop: Shop, line: Line) -> None:
    """A line of quantity 0 with an amount refunds money and leaves stock alone."""
    sale = shop.sale(line(shop.tray, "80.00", 2))
    made = refund(net, shop, sale, [{"orderLine": 1, "quantity": 0, "amount": D("40.00")}])
    assert net.ledger(made) == {"1090": D(-40), "4000": D(40)}
    assert net.on_hand(shop.tray) == 8


@pytest.mark.stamp("chosen")
def test_deposit_paid_back(net: NetSuite, shop: Shop) -> None:
    """A refund of a deposit nets to liability against cash, with a deposit application between them."""
    deposit = net.make(
        "customerDeposit", customer={"id": shop.customer}, payment=D("91.39"), account={"id": shop.clearing}
    )
    assert net.ledger(deposit) == {"1090": D("91.39"), "2200": D("-91.39")}
    made = net.post(
        f"customerDeposit/{deposit}/!transform/customerRefund",
        {
            "account": {"id": shop.clearing},
            "deposit": {"items": [{"doc": {"id": deposit}, "amount": D("43.30")}]},
        },
    ).id
    shown = net.read(f"customerRefund/{made}")
    assert shown["deposit"]["items"] == []
    application = shown["apply"]["items"][0]["doc"]["id"]
    assert net.ledger(application) == {"2200": D("43.30"), "1100": D("-43.30")}
    assert net.ledger(made) == {"1100": D("43.30"), "1090": D("-43.30")}
    assert net.read(f"customerDeposit/{deposit}")["amountRemaining"] == D("48.09")


@pytest.mark.stamp("chosen")
def test_refund_at_another_rate_leaves_an_exchange_difference(net: NetSuite, shop: Shop, line: Line) -> None:
    """A refund at another rate than its memo makes NetSuite's own revaluation entry."""
    euro = {"currency": net.currency("EUR")}
    invoice = shop.sale(line(shop.card, "120.00"), kind="invoice", exchangeRate=D("1.10"), **euro)
    net.post(f"invoice/{invoice}/!transform/customerPayment", {"exchangeRate": D("1.12")}).id  # noqa: B018
    memo = net.post(
        f"invoice/{invoice}/!transform/creditMemo?replace=item",
        {"exchangeRate": D("1.10"), "item": {"items": [{"orderLine": 1, "amount": D(60)}]}},
    ).id
    assert net.ledger(memo) == {"4000": D(66), "1100": D(-66)}
    made = net.post(
        f"creditMemo/{memo}/!transform/customerRefund",
        {"exchangeRate": D("1.15"), "account": {"id": shop.clearing}},
    ).id
    assert net.ledger(made) == {"1100": D(69), "1090": D(-69)}
    own = net.rows(f"SELECT nextdoc FROM NextTransactionLink WHERE previousdoc = {made} AND nexttype = 'FxReval'")
    assert net.ledger(own[0]["nextdoc"]) == {"7950": D(3), "1100": D(-3)}
