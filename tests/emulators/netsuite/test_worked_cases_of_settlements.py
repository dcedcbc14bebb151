"""C08 and C15 worked by hand: a deposit of an unbilled order, and a foreign invoice refunded at another day's rate."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
D = Decimal


def together(*ledgers: dict[str, Decimal]) -> dict[str, Decimal]:
    """The net per account of several records."""
    accounts = {account for ledger in ledgers for account in ledger}
    nets = {account: sum((ledger.get(account, D(0)) for ledger in ledgers), D(0)) for account in accounts}
    return {account: net for account, net in nets.items() if net}


class Order:
    """C08: order #7001 of three mugs, a tray and shipping, 91.39 in all, paid by a deposit, not billed."""

    def __init__(self, net: NetSuite, shop: Shop, line: Line) -> None:
        self.net, self.shop = net, shop
        mug = net.make("inventoryItem", itemId="MUG")
        shop.stock(mug, 10, 4)
        code = {"taxCode": {"id": shop.tax}}
        self.order = shop.sale(
            line(mug, "37.50", 3, **code),
            line(shop.tray, "40.00", **code),
            kind="salesOrder",
            shippingCost=D("7.50"),
            otherRefNum="#7001",
        )
        assert net.read(f"salesOrder/{self.order}")["total"] == D("91.39")
        self.cash = {"account": {"id": shop.clearing}}
        customer, order = {"id": shop.customer}, {"id": self.order}
        self.deposit = net.make("customerDeposit", customer=customer, payment=D("91.39"), salesOrder=order, **self.cash)
        assert net.ledger(self.deposit) == {"1090": D("91.39"), "2200": D("-91.39")}
        self.stock = [net.on_hand(item) for item in (mug, shop.tray)]
        self.items = (mug, shop.tray)

    def refund(self, amount: str) -> Any:
        """Pay some of the deposit back."""
        asked = {"items": [{"doc": {"id": self.deposit}, "amount": D(amount)}]}
        body = {"customer": {"id": self.shop.customer}, "deposit": asked, **self.cash}
        return self.net.post("customerRefund", body)

    def ledger_of(self, refund: str) -> dict[str, Decimal]:
        """What a refund did, with the deposit application that NetSuite made for it."""
        (applied,) = self.net.read(f"customerRefund/{refund}")["apply"]["items"]
        return together(self.net.ledger(refund), self.net.ledger(applied["doc"]["id"]))

    def remaining(self) -> Decimal:
        """What is left of the deposit."""
        return self.net.read(f"customerDeposit/{self.deposit}")["amountRemaining"]

    def close_tray(self) -> None:
        """Close the line that will not be sent."""
        change = {"item": {"items": [{"line": 2, "isClosed": True}]}}
        assert self.net.patch(f"salesOrder/{self.order}", change).status == 204

    def bill(self) -> str:
        """Bill what is left of the order, and pay it by the deposit."""
        invoice = self.net.post(f"salesOrder/{self.order}/!transform/invoice", {}).id
        use = {"apply": {"items": [{"doc": {"id": invoice}, "apply": True}]}}
        assert self.net.post(f"customerDeposit/{self.deposit}/!transform/depositApplication", use).status == 204
        return invoice


@pytest.fixture
def order(net: NetSuite, shop: Shop, line: Line) -> Order:
    """The order of C08."""
    return Order(net, shop, line)


@pytest.mark.stamp("documented")
def test_worked_case_c08_deposit_of_an_unbilled_order(net: NetSuite, order: Order) -> None:
    """43.30 of the deposit goes back; the tray's line is closed; the later bill of 48.09 is paid to the cent."""
    order.close_tray()
    refund = order.refund("43.30").id
    assert order.ledger_of(refund) == {"2200": D("43.30"), "1090": D("-43.30")}
    assert order.remaining() == D("48.09")
    shown = net.read(f"salesOrder/{order.order}")["item"]["items"]
    assert [one.get("isClosed", False) for one in shown] == [False, True]
    assert [net.on_hand(item) for item in order.items] == order.stock
    invoice = order.bill()
    shown = net.read(f"invoice/{invoice}")
    assert (shown["total"], shown["subtotal"], shown["taxTotal"]) == (D("48.09"), D("37.50"), D("3.09"))
    assert (shown["amountRemaining"], order.remaining()) == (0, 0)
    assert net.read(f"salesOrder/{order.order}")["status"]["refName"] == "Billed"


@pytest.mark.stamp("documented")
def test_worked_case_c08_without_touching_the_order(net: NetSuite, order: Order) -> None:
    """The same records where orders are left alone; the tray's line stays open, and would be billed."""
    refund = order.refund("43.30").id
    assert order.ledger_of(refund) == {"2200": D("43.30"), "1090": D("-43.30")}
    assert order.remaining() == D("48.09")
    invoice = net.post(f"salesOrder/{order.order}/!transform/invoice", {}).id
    assert net.read(f"invoice/{invoice}")["total"] == D("91.39")


@pytest.mark.stamp("chosen")
def test_worked_case_c08_more_than_is_left_of_the_deposit(net: NetSuite, order: Order) -> None:
    """With 48.09 of the deposit used on an invoice, 50.00 is over by 6.70: refused, and nothing is written."""
    order.close_tray()
    order.bill()
    assert order.remaining() == D("43.30")
    refused = order.refund("50.00")
    assert refused.status == 400
    assert "43.30" in refused.detail
    assert order.remaining() == D("43.30")
    assert net.rows(f"SELECT id FROM transaction WHERE type = 'CustRfnd' AND entity = {order.shop.customer}") == []
    assert order.refund("43.30").status == 204


class Foreign:
    """C15: an invoice of EUR 100.00 and 20.00 of VAT at 1.1000, in books kept in dollars."""

    def __init__(self, net: NetSuite, shop: Shop, line: Line) -> None:
        self.net, self.shop = net, shop
        owed = net.make("account", acctNumber="2110", acctName="VAT payable", acctType={"id": "OthCurrLiab"})
        clearing = {"acctNumber": "1094", "acctName": "Shopify Payments clearing EUR", "acctType": {"id": "Bank"}}
        self.clearing = {"account": {"id": net.make("account", **clearing)}}
        code = {"id": net.make("salesTaxItem", itemId="VAT20", rate="20%", taxAccount={"id": owed})}
        self.sold = line(shop.card, "100.00", 2, taxCode=code)
        self.half = {"item": {"items": [{"orderLine": 1, "quantity": 1}]}}
        self.terms = {"currency": net.currency("EUR"), "exchangeRate": D("1.1")}

    def paid_invoice(self) -> str:
        """The invoice, paid at 1.1200."""
        invoice = self.shop.sale(self.sold, kind="invoice", **self.terms)
        assert self.net.ledger(invoice) == {"1100": D("132.00"), "4000": D("-110.00"), "2110": D("-22.00")}
        payment = {"exchangeRate": D("1.12"), **self.clearing}
        assert self.net.post(f"invoice/{invoice}/!transform/customerPayment", payment).status == 204
        return invoice

    def memo(self, invoice: str) -> str:
        """A credit memo of half, at the rate of the bill."""
        body = {**self.half, "exchangeRate": D("1.1"), "account": {"id": self.net.account("1100")}}
        return self.net.post(f"invoice/{invoice}/!transform/creditMemo?replace=item", {**body, "autoApply": False}).id

    def payout(self, memo: str, rate: str) -> str:
        """A customer refund of the memo at a rate."""
        body = {"exchangeRate": D(rate), **self.clearing}
        return self.net.post(f"creditMemo/{memo}/!transform/customerRefund", body).id

    def own_entries(self, record: str) -> list[dict[str, Decimal]]:
        """What NetSuite booked by itself because of a record."""
        asked = f"SELECT nextdoc FROM NextTransactionLink WHERE previousdoc = {record} AND nexttype = 'FxReval'"
        return [self.net.ledger(row["nextdoc"]) for row in self.net.rows(asked)]

    def held(self, number: str) -> tuple[Decimal, Decimal]:
        """The balance of an account over all of the customer's records: in their currency and in dollars."""
        (row,) = self.net.rows(
            "SELECT SUM(l.foreignamount) AS euros, SUM(a.amount) AS dollars FROM transactionline l"
            " JOIN transactionaccountingline a ON a.transaction = l.transaction AND a.transactionline = l.id"
            f" WHERE a.account = {self.net.account(number)}"
        )
        return D(row["euros"]), D(row["dollars"])


MADE_RATES = pytest.mark.emulated("tax codes at the rates of the case have to be made")
MEMO = {"4000": D("55.00"), "2110": D("11.00"), "1100": D("-66.00")}


@pytest.fixture
def foreign(net: NetSuite, shop: Shop, line: Line) -> Foreign:
    """The sale of C15."""
    return Foreign(net, shop, line)


@MADE_RATES
@pytest.mark.stamp("chosen")
def test_worked_case_c15_refund_at_another_days_rate(net: NetSuite, foreign: Foreign) -> None:
    """The memo at the bill's rate, the money at the day's: NetSuite books the loss of 3.00, and A/R is empty."""
    invoice = foreign.paid_invoice()
    paid_in = foreign.held("1094")
    memo = foreign.memo(invoice)
    assert net.ledger(memo) == MEMO
    refund = foreign.payout(memo, "1.15")
    assert net.ledger(refund) == {"1100": D("69.00"), "1094": D("-69.00")}
    assert foreign.own_entries(refund) == [{"7950": D("3.00"), "1100": D("-3.00")}]
    assert foreign.held("1100") == (0, 0)
    paid_out = foreign.held("1094")
    assert (paid_out[0] - paid_in[0], paid_out[1] - paid_in[1]) == (D("-60.00"), D("-69.00"))
    assert (net.read(f"creditMemo/{memo}")["unapplied"], net.read(f"invoice/{invoice}")["amountRemaining"]) == (0, 0)


@MADE_RATES
@pytest.mark.stamp("chosen")
def test_worked_case_c15_bills_rate_on_both(net: NetSuite, foreign: Foreign) -> None:
    """With the bill's rate on the money too nothing is left over: the difference waits on the clearing account."""
    memo = foreign.memo(foreign.paid_invoice())
    refund = foreign.payout(memo, "1.1")
    assert net.ledger(refund) == {"1100": D("66.00"), "1094": D("-66.00")}
    assert foreign.own_entries(refund) == []
    assert foreign.held("1100") == (0, 0)


@MADE_RATES
@pytest.mark.stamp("documented")
def test_worked_case_c15_cash_sale(net: NetSuite, foreign: Foreign) -> None:
    """A cash refund is one record with one rate: the bill's."""
    sale = foreign.shop.sale(foreign.sold, **foreign.terms)
    body = {**foreign.half, "exchangeRate": D("1.1"), **foreign.clearing}
    made = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", body).id
    assert net.ledger(made) == {"4000": D("55.00"), "2110": D("11.00"), "1094": D("-66.00")}
    assert foreign.own_entries(made) == []


@MADE_RATES
@pytest.mark.stamp("documented")
def test_worked_case_c15_wrong_currency_of_the_payout(net: NetSuite, foreign: Foreign) -> None:
    """A memo in euros is not paid out by a refund in dollars: the difference in dollars is the payout's, not its."""
    memo = foreign.memo(foreign.paid_invoice())
    body = {"customer": {"id": foreign.shop.customer}, "currency": net.currency("USD"), **foreign.clearing}
    refused = net.post("customerRefund", {**body, "apply": {"items": [{"doc": {"id": memo}, "amount": 66}]}})
    assert (refused.status, refused.path) == (400, "apply.items[0].doc")
    assert net.read(f"creditMemo/{memo}")["unapplied"] == 60
