"""Amounts of lines: precision of a currency, gross prices, no quantity, too many lines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
D = Decimal


@pytest.mark.stamp("documented")
def test_a_currency_without_decimals(net: NetSuite, shop: Shop, line: Line) -> None:
    """Yen have no decimals: line, tax and total are whole, and the ledger keeps dollars with cents."""
    yen = {"currency": net.currency("JPY"), "exchangeRate": D("0.0067")}
    sale = shop.sale(line(shop.card, "999.5", 3), taxItem={"id": shop.tax}, taxRate=D("8.25"), **yen)
    shown = net.read(f"cashSale/{sale}")
    assert (shown["subtotal"], shown["taxTotal"], shown["total"]) == (1000, 83, 1083)
    assert net.ledger(sale) == {"1090": D("7.26"), "4000": D("-6.70"), "2100": D("-0.56")}
    one = {"item": {"items": [{"orderLine": 1, "quantity": 1}]}, **yen}
    made = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", one).id
    shown = net.read(f"cashRefund/{made}")
    assert (shown["subtotal"], shown["taxTotal"], shown["total"]) == (333, 27, 360)


@pytest.mark.stamp("documented")
def test_gross_prices_give_the_amount(net: NetSuite, shop: Shop) -> None:
    """A gross amount, or a rate with its tax, gives the amount without it; the tax is what is left to the cent."""
    code = {"taxCode": {"id": shop.tax}}
    base = {"item": {"id": shop.card}, "quantity": 2, **code}
    sale = shop.sale({**base, "grossAmt": D("20.01")}, {**base, "rateIncludingTax": D("10.005")})
    lines = net.read(f"cashSale/{sale}")["item"]["items"]
    assert [(one["amount"], one["tax1Amt"], one["grossAmt"]) for one in lines] == [
        (D("18.48"), D("1.53"), D("20.01"))
    ] * 2
    change = {"item": {"items": [{"line": 1, "grossAmt": D("10.01")}]}}
    assert net.patch(f"cashSale/{sale}", change).status == 204
    first = net.read(f"cashSale/{sale}")["item"]["items"][0]
    assert (first["amount"], first["tax1Amt"]) == (D("9.25"), D("0.76"))


@pytest.mark.stamp("chosen")
def test_no_quantity_with_an_amount(net: NetSuite, shop: Shop, line: Line) -> None:
    """Quantity 0 with an amount gives money back and leaves the stock alone, with its tax, on refund and memo alike."""
    code = {"taxCode": {"id": shop.tax}}
    lines = {"item": {"items": [{"orderLine": 1, "quantity": 0, "amount": 40}]}}
    for kind, target in (("cashSale", "cashRefund"), ("invoice", "creditMemo")):
        sale = shop.sale(line(shop.tray, 80, 2, **code), kind=kind)
        before = net.on_hand(shop.tray)
        made = net.post(f"{kind}/{sale}/!transform/{target}?replace=item", lines).id
        assert net.read(f"{target}/{made}")["total"] == D("43.30")
        assert net.on_hand(shop.tray) == before
        assert set(net.ledger(made)) == {"4000", "2100", "1095" if kind == "cashSale" else "1100"}


@pytest.mark.stamp("documented")
def test_a_transaction_takes_at_most_five_thousand_lines(net: NetSuite, shop: Shop, line: Line) -> None:
    """One line more than 5,000 is refused."""
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 1)] * 5_001}}
    refused = net.post("invoice", body)
    assert (refused.status, refused.path) == (400, "item")


@pytest.mark.stamp("documented")
def test_suite_tax_follows_the_lines_that_are_left(net: NetSuite, shop: Shop, line: Line) -> None:
    """Details copied from the sale are worked out on what is refunded; an override is booked as sent, line by line."""
    code = {"taxType": {"id": shop.tax_type}, "taxCode": {"id": shop.tax}, "taxRate": D("8.25")}
    details = [
        {**code, "taxDetailsReference": name, "taxBasis": basis, "taxAmount": tax}
        for name, basis, tax in (("A", 10, D("0.83")), ("B", 20, D("1.65")))
    ]
    sale = shop.sale(
        line(shop.card, 10, taxDetailsReference="A"),
        line(shop.card, 20, 2, taxDetailsReference="B"),
        taxDetailsOverride=True,
        taxDetails={"items": details},
    )
    half = {"item": {"items": [{"orderLine": 2, "quantity": 1}]}}
    made = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", half).id
    shown = net.read(f"cashRefund/{made}")
    assert [one["taxAmount"] for one in shown["taxDetails"]["items"]] == [D("0.83")]
    assert shown["total"] == D("10.83")
    sent = {"taxDetailsOverride": True, "taxDetails": {"items": [{**details[1], "taxAmount": D("0.80")}]}}
    made = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", half | sent).id
    assert net.read(f"cashRefund/{made}")["total"] == D("10.80")
    wrong = {"taxDetailsOverride": True, "taxDetails": {"items": [{**details[0], "taxDetailsReference": "Z"}]}}
    refused = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", half | wrong)
    assert refused.path == "taxDetails.items[0].taxDetailsReference"
