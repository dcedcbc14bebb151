"""C20 worked by hand: goods that come back through a return authorization, to the cent and to the unit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
D = Decimal
ONE_TRAY = {"items": [{"orderLine": 1, "quantity": 1}]}


class Returns:
    """Two trays sold and shipped, and a location West that takes one back."""

    def __init__(self, net: NetSuite, shop: Shop, line: Line) -> None:
        self.net, self.shop = net, shop
        self.west = net.make("location", name="West")
        self.sale = shop.sale(line(shop.tray, "80.00", 2, taxCode={"id": shop.tax}))
        assert net.ledger(self.sale) == {
            "1090": D("86.60"),
            "4000": D("-80.00"),
            "2100": D("-6.60"),
            "5000": D(30),
            "1200": D(-30),
        }

    def authorization(self, **more: Any) -> str:
        """The return of one tray, from the cash sale."""
        body = {"orderStatus": {"id": "B"}, "item": ONE_TRAY, "externalId": self.net.own("s-1-ra"), **more}
        return self.net.post(f"cashSale/{self.sale}/!transform/returnAuthorization?replace=item", body).id

    def receipt(self, authorization: str) -> str:
        """The tray received at West."""
        body = {"location": {"id": self.west}, "item": ONE_TRAY, "externalId": self.net.own("s-1-ir")}
        return self.net.post(f"returnAuthorization/{authorization}/!transform/itemReceipt?replace=item", body).id

    def refund(self, source: str, lines: Any = ONE_TRAY) -> str:
        """The money back for one tray."""
        body = {"account": {"id": self.shop.clearing}, "item": lines, "externalId": self.net.own("s-1-cr")}
        return self.net.post(f"{source}/!transform/cashRefund?replace=item", body).id

    def trays(self) -> tuple[Decimal, Decimal]:
        """Trays on hand at the main location and at West."""
        asked = f"SELECT location, quantityonhand FROM inventoryitemlocations WHERE item = {self.shop.tray}"
        held = {row["location"]: D(row["quantityonhand"]) for row in self.net.rows(asked)}
        west = held.get(self.west, D(0))
        return sum(held.values(), D(0)) - west, west

    def standing(self, authorization: str) -> str:
        """Where the return stands."""
        return self.net.read(f"returnAuthorization/{authorization}")["status"]["refName"]


@pytest.fixture
def returns(net: NetSuite, shop: Shop, line: Line) -> Returns:
    """The order and bill of the case."""
    return Returns(net, shop, line)


MONEY = {"4000": D("40.00"), "2100": D("3.30"), "1090": D("-43.30")}
GOODS = {"1200": D("15.00"), "5000": D("-15.00")}


@pytest.mark.stamp("documented")
def test_worked_case_c20_stock_moves_once(net: NetSuite, returns: Returns) -> None:
    """Return, receipt and refund: goods and cost on the receipt alone, money on the refund alone, return Refunded."""
    assert returns.trays() == (8, 0)
    authorization = returns.authorization()
    assert (returns.standing(authorization), net.ledger(authorization)) == ("Pending Receipt", {})
    assert net.ledger(returns.receipt(authorization)) == GOODS
    assert returns.trays() == (8, 1)
    refund = returns.refund(f"returnAuthorization/{authorization}")
    assert (net.ledger(refund), net.read(f"cashRefund/{refund}")["total"]) == (MONEY, D("43.30"))
    assert returns.trays() == (8, 1)
    assert returns.standing(authorization) == "Refunded"
    for kind, name in (("returnAuthorization", "s-1-ra"), ("itemReceipt", "s-1-ir"), ("cashRefund", "s-1-cr")):
        assert net.get(f"{kind}/eid:{net.own(name)}").status == 200


@pytest.mark.stamp("documented")
def test_worked_case_c20_refund_of_the_sale_counts_stock_twice(net: NetSuite, returns: Returns) -> None:
    """The wrong way the case warns of: the refund of the sale restocks as well, and cost is reversed twice."""
    authorization = returns.authorization()
    receipt = returns.receipt(authorization)
    wrong = returns.refund(f"cashSale/{returns.sale}")
    assert (net.ledger(receipt), net.ledger(wrong)) == (GOODS, {**MONEY, **GOODS})
    assert returns.trays() == (9, 1)
    assert returns.standing(authorization) == "Pending Refund"


@pytest.mark.stamp("documented")
def test_worked_case_c20_pending_approval_receives_nothing(net: NetSuite, returns: Returns) -> None:
    """A return left in Pending Approval takes neither goods nor refund."""
    authorization = returns.authorization(orderStatus={"id": "A"})
    for target in ("itemReceipt", "cashRefund"):
        assert net.post(f"returnAuthorization/{authorization}/!transform/{target}", {}).status == 400
    assert returns.trays() == (8, 0)


@pytest.mark.stamp("documented")
def test_worked_case_c20_money_first(net: NetSuite, returns: Returns) -> None:
    """With Refund in Advance of Return the money goes first; goods and cost follow when they are received."""
    net.control("POST", "preferences", {"refund_in_advance_of_return": True})
    authorization = returns.authorization()
    assert net.ledger(returns.refund(f"returnAuthorization/{authorization}")) == MONEY
    assert (returns.standing(authorization), returns.trays()) == ("Pending Receipt", (8, 0))
    assert net.ledger(returns.receipt(authorization)) == GOODS
    assert (returns.standing(authorization), returns.trays()) == ("Refunded", (8, 1))


@pytest.mark.stamp("documented")
def test_worked_case_c20_money_first_is_refused_without_the_preference(net: NetSuite, returns: Returns) -> None:
    """Without it the refund of a return waits for the goods, and nothing is booked."""
    authorization = returns.authorization()
    refused = net.post(f"returnAuthorization/{authorization}/!transform/cashRefund", {"externalId": net.own("s-1-cr")})
    assert refused.status == 400
    assert net.rows(f"SELECT id FROM transaction WHERE externalid = '{net.own('s-1-cr')}'") == []


@pytest.mark.stamp("chosen")
def test_worked_case_c20_money_first_from_the_sale_at_quantity_zero(net: NetSuite, returns: Returns) -> None:
    """Refunded from the sale at quantity 0, the goods come later through a return of amount 0."""
    nothing = {"items": [{"orderLine": 1, "quantity": 0, "amount": D("40.00")}]}
    assert net.ledger(returns.refund(f"cashSale/{returns.sale}", nothing)) == MONEY
    assert returns.trays() == (8, 0)
    free = {"items": [{"orderLine": 1, "quantity": 1, "amount": 0}]}
    authorization = returns.authorization(item=free)
    assert net.read(f"returnAuthorization/{authorization}")["total"] == 0
    assert net.ledger(returns.receipt(authorization)) == GOODS
    assert returns.trays() == (8, 1)
    net.patch(f"returnAuthorization/{authorization}", {"item": {"items": [{"line": 1, "isClosed": True}]}})
    assert returns.standing(authorization) == "Closed"


@pytest.mark.stamp("documented")
def test_worked_case_c20_damaged_goods_have_no_restock_field(net: NetSuite, returns: Returns) -> None:
    """REST cannot say that a receipt is not restocked: the field is refused, and a location of its own takes them."""
    authorization = returns.authorization()
    body = {"item": {"items": [{"orderLine": 1, "quantity": 1, "restock": False}]}}
    where = f"returnAuthorization/{authorization}/!transform/itemReceipt?replace=item"
    refused = net.post(where, body, X_NetSuite_PropertyNameValidation="Error")
    assert (refused.status, refused.path) == (400, "item.items[0].restock")
    assert net.ledger(returns.receipt(authorization)) == GOODS
    assert returns.trays() == (8, 1)
