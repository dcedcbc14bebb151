"""C11, C13 and C14 worked by hand: store credit in place of money, an exchange, and VAT that is included."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
D = Decimal


@pytest.fixture
def issue(net: NetSuite) -> str:
    """The item that moves value to store credit: 2300, untaxed."""
    held = {"acctNumber": "2300", "acctName": "Gift cards and store credit", "acctType": {"id": "OthCurrLiab"}}
    liability = net.make("account", **held)
    return net.make("otherChargeSaleItem", itemId="SC-ISSUE", isTaxable=False, incomeAccount={"id": liability})


@pytest.fixture
def lamp(shop: Shop, line: Line) -> dict[str, Any]:
    """A lamp of 100.00 with 8.00 of tax."""
    return line(shop.card, "100.00", taxCode={"id": shop.tax}, taxRate1=8)


def refund(net: NetSuite, shop: Shop, sale: str, *lines: Any) -> str:
    """A cash refund of a cash sale with these lines alone."""
    body = {"account": {"id": shop.clearing}, "item": {"items": list(lines)}}
    return net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", body).id


STORE_CREDIT = {"4000": D("100.00"), "2100": D("8.00"), "2300": D("-108.00")}


@pytest.mark.stamp("chosen")
def test_worked_case_c11_new_store_credit(net: NetSuite, shop: Shop, line: Line, issue: str, lamp: Line) -> None:
    """A refund as store credit totals 0.00: revenue and tax go back, 2300 takes the value, 1090 does not move."""
    sale = shop.sale(lamp)
    assert net.ledger(sale) == {"1090": D("108.00"), "4000": D("-100.00"), "2100": D("-8.00")}
    made = refund(net, shop, sale, {"orderLine": 1}, line(issue, "-108.00"))
    assert (net.read(f"cashRefund/{made}")["total"], net.ledger(made)) == (0, STORE_CREDIT)


@pytest.mark.stamp("chosen")
def test_worked_case_c11_with_a_bonus(net: NetSuite, shop: Shop, line: Line, issue: str, lamp: Line) -> None:
    """Where the store gives 10 % more as credit, the bonus is an allowance."""
    lines = ({"orderLine": 1}, line(issue, "-118.80"), line(shop.adjust, "10.80"))
    made = refund(net, shop, shop.sale(lamp), *lines)
    assert net.ledger(made) == {**STORE_CREDIT, "2300": D("-118.80"), "4100": D("10.80")}


@pytest.mark.stamp("documented")
def test_worked_case_c11_of_a_paid_invoice(net: NetSuite, shop: Shop, line: Line, issue: str, lamp: Line) -> None:
    """Of a paid invoice it is a memo of total 0.00 that is applied to nothing, and the invoice stays paid."""
    invoice = shop.sale(lamp, kind="invoice")
    net.post(f"invoice/{invoice}/!transform/customerPayment", {"account": {"id": shop.clearing}})
    body = {
        "account": {"id": net.account("1100")},
        "autoApply": False,
        "item": {"items": [{"orderLine": 1}, line(issue, "-108.00")]},
    }
    memo = net.post(f"invoice/{invoice}/!transform/creditMemo?replace=item", body).id
    shown = net.read(f"creditMemo/{memo}")
    assert (shown["total"], shown["unapplied"], shown["apply"]["items"]) == (0, 0, [])
    assert net.ledger(memo) == STORE_CREDIT
    assert net.read(f"invoice/{invoice}")["status"]["refName"] == "Paid In Full"


@pytest.mark.stamp("chosen")
def test_worked_case_c11_as_a_memo_of_its_own(net: NetSuite, shop: Shop, line: Line, issue: str, lamp: Line) -> None:
    """Where a cash refund of 0.00 is refused, a memo with the same lines books the same ledger."""
    body = {"account": {"id": net.account("1100")}, "autoApply": False}
    memo = net.make("creditMemo", entity={"id": shop.customer}, item={"items": [lamp, line(issue, "-108.00")]}, **body)
    assert (net.read(f"creditMemo/{memo}")["total"], net.ledger(memo)) == (0, STORE_CREDIT)


@pytest.mark.stamp("documented")
def test_refund_to_store_credit_stays_as_an_open_memo(net: NetSuite, shop: Shop, lamp: Line) -> None:
    """Where store credit is kept in NetSuite as an open memo, it stays unapplied and pays a later invoice."""
    paid = shop.sale(lamp, kind="invoice")
    net.post(f"invoice/{paid}/!transform/customerPayment", {"account": {"id": shop.clearing}})
    memo = net.post(f"invoice/{paid}/!transform/creditMemo", {"autoApply": False}).id
    shown = net.read(f"creditMemo/{memo}")
    assert (shown["unapplied"], shown["status"]["refName"]) == (108, "Open")
    later = shop.sale(lamp, kind="invoice")
    applied = {"apply": {"items": [{"doc": {"id": later}, "line": 0, "apply": True, "amount": 108}]}}
    assert net.patch(f"creditMemo/{memo}", applied).status == 204
    assert net.read(f"creditMemo/{memo}")["unapplied"] == 0
    assert net.read(f"invoice/{later}")["amountRemaining"] == 0


@pytest.mark.stamp("documented")
def test_worked_case_c13_exchange(net: NetSuite, shop: Shop, line: Line) -> None:
    """The jacket that came back is refunded whole, the one that went out is billed: 1090 moves by the payout."""
    small = net.make("nonInventorySaleItem", itemId="JACKET-S")
    taxed = {"taxCode": {"id": shop.tax}, "taxRate1": 8}
    sale = shop.sale(line(shop.card, "120.00", **taxed))
    made = refund(net, shop, sale, {"orderLine": 1})
    assert net.ledger(made) == {"4000": D("120.00"), "2100": D("9.60"), "1090": D("-129.60")}
    billed = shop.sale(line(small, "90.00", **taxed))
    assert net.ledger(billed) == {"1090": D("97.20"), "4000": D("-90.00"), "2100": D("-7.20")}
    assert net.ledger(made)["1090"] + net.ledger(billed)["1090"] == D("-32.40")


@pytest.mark.stamp("verified: NetSuite's words as public integrators quote them")
def test_worked_case_c13_goods_out_are_no_negative_line(net: NetSuite, shop: Shop, line: Line) -> None:
    """Goods that went out cannot stand on the refund as a negative line of an inventory item."""
    sale = shop.sale(line(shop.card, "120.00"))
    body = {"item": {"items": [{"orderLine": 1}, line(shop.tray, "-90.00", -1)]}}
    refused = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", body)
    assert refused.detail.endswith("Inventory items must have a positive amount.")


class Vat:
    """A bill with VAT included: a mug at 20 % and a book at 0 %, 100.00 in all."""

    def __init__(self, net: NetSuite, shop: Shop, line: Line) -> None:
        owed = net.make("account", acctNumber="2110", acctName="VAT payable", acctType={"id": "OthCurrLiab"})
        rates = {"VAT20": "20%", "VAT0": "0%"}
        self.standard, self.zero = (
            {"taxCode": {"id": net.make("salesTaxItem", itemId=name, rate=rate, taxAccount={"id": owed})}}
            for name, rate in rates.items()
        )
        book = net.make("nonInventorySaleItem", itemId="BOOK")
        self.sale = shop.sale(line(shop.card, "50.00", **self.standard), line(book, "40.00", **self.zero))
        assert net.ledger(self.sale) == {"1090": D("100.00"), "4000": D("-90.00"), "2110": D("-10.00")}


@pytest.mark.emulated("tax codes at the rates of the case have to be made")
@pytest.mark.stamp("verified: exchanged by public clients of legacy-tax accounts")
def test_worked_case_c14_amount_over_two_rates(net: NetSuite, shop: Shop, line: Line) -> None:
    """An amount of 15.01 is given back by rate: 7.51 with 1.50 of VAT, and 6.00 without."""
    vat = Vat(net, shop, line)
    lines = (line(shop.adjust, "7.51", **vat.standard), line(shop.adjust, "6.00", **vat.zero))
    made = refund(net, shop, vat.sale, *lines)
    assert net.read(f"cashRefund/{made}")["total"] == D("15.01")
    assert net.ledger(made) == {"4100": D("13.51"), "2110": D("1.50"), "1090": D("-15.01")}


@pytest.mark.emulated("tax codes at the rates of the case have to be made")
@pytest.mark.stamp("verified: exchanged by public clients of legacy-tax accounts")
def test_worked_case_c14_shipping_alone(net: NetSuite, shop: Shop, line: Line) -> None:
    """Shipping of 6.00 with its VAT goes back as a line on shipping revenue."""
    vat = Vat(net, shop, line)
    ship = net.make("otherChargeSaleItem", itemId="SHIP", incomeAccount={"id": net.account("4010")})
    made = refund(net, shop, vat.sale, line(ship, "5.00", **vat.standard))
    assert net.ledger(made) == {"4010": D("5.00"), "2110": D("1.00"), "1090": D("-6.00")}


@pytest.mark.stamp("documented")
def test_worked_case_c14_untaxed_on_a_us_bill(net: NetSuite, shop: Shop, line: Line) -> None:
    """On a bill with sales tax the same amount is given back without tax."""
    sale = shop.sale(line(shop.card, "92.38", taxCode={"id": shop.tax}))
    made = refund(net, shop, sale, line(shop.adjust, "15.01"))
    assert net.ledger(made) == {"4100": D("15.01"), "1090": D("-15.01")}
