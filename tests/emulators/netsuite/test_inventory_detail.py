"""Serial and lot numbered items: every line that moves them says which numbers it moves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
D = Decimal
UNCONFIGURED = "Error while accessing a resource. Please configure the inventory detail for this line."


def came(*names: str, each: int = 1) -> dict[str, Any]:
    """The detail of a line that brings these numbers in."""
    lines = [{"receiptInventoryNumber": name, "quantity": each} for name in names]
    return {"inventoryDetail": {"inventoryAssignment": {"items": lines}}}


def went(*numbers: str, each: int = 1) -> dict[str, Any]:
    """The detail of a line that takes these numbers out."""
    lines = [{"issueInventoryNumber": {"id": number}, "quantity": each} for number in numbers]
    return {"inventoryDetail": {"inventoryAssignment": {"items": lines}}}


class Phones:
    """Three phones with serial numbers at 200.00 of cost each."""

    def __init__(self, net: NetSuite) -> None:
        self.net = net
        self.item = net.make("serializedInventoryItem", itemId="PHONE")
        self.bring(self.item, 3, **came("P1", "P2", "P3"))
        self.numbers = {name: self.number(name) for name in ("P1", "P2", "P3")}

    def bring(self, item: str, quantity: int, **detail: Any) -> str:
        """Bring numbered units into stock."""
        units = {"item": {"id": item}, "adjustQtyBy": quantity, "unitCost": 200, **detail}
        account = {"id": self.net.account("5900")}
        return self.net.make("inventoryAdjustment", account=account, inventory={"items": [units]})

    def number(self, name: str) -> str:
        """The id of a serial number."""
        asked = f"SELECT id FROM inventorynumber WHERE item = {self.item} AND inventorynumber = '{name}'"
        return self.net.rows(asked)[0]["id"]

    def on_hand(self) -> list[str]:
        """The serial numbers on hand."""
        asked = (
            f"SELECT inventorynumber FROM inventorynumber WHERE item = {self.item} AND quantityonhand > 0 ORDER BY 1"
        )
        return [row["inventorynumber"] for row in self.net.rows(asked)]


@pytest.fixture
def phones(net: NetSuite) -> Phones:
    """Serialized goods in stock."""
    return Phones(net)


@pytest.mark.stamp("verified: NetSuite's words as public integrators quote them")
def test_a_numbered_line_needs_its_detail(net: NetSuite, shop: Shop, phones: Phones, line: Line) -> None:
    """Without an inventory detail the line is refused and nothing moves; with one, these very units leave."""
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(phones.item, 500)]}}
    refused = net.post("cashSale", body)
    assert (refused.detail, refused.path) == (UNCONFIGURED, "item.items[0].inventoryDetail")
    assert phones.on_hand() == ["P1", "P2", "P3"]
    sale = shop.sale(line(phones.item, 1000, 2, **went(phones.numbers["P1"], phones.numbers["P3"])))
    assert phones.on_hand() == ["P2"]
    shown = net.read(f"cashSale/{sale}")["item"]["items"][0]["inventoryDetail"]
    assert shown["quantity"] == 2
    assert [one["issueInventoryNumber"]["refName"] for one in shown["inventoryAssignment"]["items"]] == ["P1", "P3"]


@pytest.mark.stamp("chosen")
def test_a_refund_has_to_name_the_numbers_anew(net: NetSuite, shop: Shop, phones: Phones, line: Line) -> None:
    """The sale's detail does not come along: a refund that restocks names what came back, and only what is out."""
    sale = shop.sale(line(phones.item, 500, **went(phones.numbers["P1"])))
    where = f"cashSale/{sale}/!transform/cashRefund?replace=item"
    assert net.post(where, {"item": {"items": [{"orderLine": 1}]}}).detail == UNCONFIGURED
    there = net.post(where, {"item": {"items": [{"orderLine": 1, **came("P2")}]}})
    assert "already on hand" in there.detail
    made = net.post(where, {"item": {"items": [{"orderLine": 1, **came("P1")}]}}).id
    assert net.ledger(made) == {"1095": D(-500), "4000": D(500), "1200": D(200), "5000": D(-200)}
    assert phones.on_hand() == ["P1", "P2", "P3"]
    assert net.delete(f"cashRefund/{made}").status == 204
    assert phones.on_hand() == ["P2", "P3"]


@pytest.mark.stamp("documented")
def test_a_return_needs_the_numbers_at_its_receipt(net: NetSuite, shop: Shop, phones: Phones, line: Line) -> None:
    """Authorization and refund of a return move nothing and need no detail; the receipt does."""
    sale = shop.sale(line(phones.item, 500, **went(phones.numbers["P1"])))
    made = net.post(f"cashSale/{sale}/!transform/returnAuthorization", {"orderStatus": {"id": "B"}}).id
    where = f"returnAuthorization/{made}/!transform/itemReceipt?replace=item"
    assert net.post(where, {"item": {"items": [{"line": 1}]}}).detail == UNCONFIGURED
    assert net.post(where, {"item": {"items": [{"line": 1, **came("P1")}]}}).status == 204
    assert net.post(f"returnAuthorization/{made}/!transform/cashRefund", {}).status == 204
    assert phones.on_hand() == ["P1", "P2", "P3"]


@pytest.mark.stamp("chosen")
def test_a_detail_adds_up(net: NetSuite, shop: Shop, phones: Phones, line: Line) -> None:
    """Serial numbers count one each, the detail covers the quantity, and only what is there goes out."""
    p1, p2 = phones.numbers["P1"], phones.numbers["P2"]
    for detail, words, path in (
        (went(p1), "assigns 1, but the line has a quantity of 2", ""),
        (went(p1, each=2), "Invalid Field Value 2", ".inventoryAssignment.items[0].quantity"),
        (went(p1, p1), "You only have 1 available", ".inventoryAssignment.items[1].issueInventoryNumber"),
        (came("P1", "P2"), "Serial/Lot Number", ".inventoryAssignment.items[0].issueInventoryNumber"),
        (went(p1, "999"), "Invalid Field Value 999", ".inventoryAssignment.items[1].issueInventoryNumber"),
    ):
        body = {"entity": {"id": shop.customer}, "item": {"items": [line(phones.item, 900, 2, **detail)]}}
        refused = net.post("cashSale", body)
        assert words in refused.detail
        assert refused.path == f"item.items[0].inventoryDetail{path}"
    odd = {"inventoryDetail": {"inventoryAssignment": {"items": [{"serial": "P1"}]}}}
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(phones.item, 900, 1, **odd)]}}
    refused = net.post("cashSale", body, X_NetSuite_PropertyNameValidation="Error")
    assert refused.path == "item.items[0].inventoryDetail.inventoryAssignment.items[0].serial"
    shop.sale(line(phones.item, 900, 2, **went(p1, p2)))
    assert phones.on_hand() == ["P3"]


@pytest.mark.stamp("chosen")
def test_lots_are_counted_by_number_and_location(net: NetSuite, shop: Shop, phones: Phones, line: Line) -> None:
    """A lot holds many units, goes out in parts, and comes back where the line says."""
    tea = net.make("lotNumberedInventoryItem", itemId="TEA")
    west = net.make("location", name="West")
    phones.bring(tea, 10, **came("L1", each=10))
    found = f"SELECT id, quantityonhand FROM inventorynumber WHERE item = {tea}"
    lot = net.rows(found)[0]["id"]
    sale = shop.sale(line(tea, 60, 6, **went(lot, each=6)))
    assert net.rows(found) == [{"id": lot, "quantityonhand": "4"}]
    back = {"orderLine": 1, "quantity": 2, "location": {"id": west}, **came("l1", each=2)}
    assert net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", {"item": {"items": [back]}}).status == 204
    held = net.rows(f"SELECT location, quantityonhand FROM inventorynumberlocation WHERE inventorynumber = {lot}")
    assert sorted(row["quantityonhand"] for row in held) == ["2", "4"]
    assert {"location": west, "quantityonhand": "2"} in held
    marks = net.rows(
        f"SELECT isserialitem, islotitem, itemtype FROM item WHERE id IN ({tea}, {phones.item}) ORDER BY id"
    )
    assert [tuple(row.values()) for row in marks] == [("T", "F", "InvtPart"), ("F", "T", "InvtPart")]


@pytest.mark.stamp("chosen")
def test_numbers_come_with_what_brings_them(net: NetSuite, shop: Shop, phones: Phones, line: Line) -> None:
    """No request makes a number by itself; a change of a sale's detail changes what is out."""
    assert net.post("inventoryNumber", {}).status == 400
    assert net.read(f"inventoryNumber/{phones.numbers['P1']}")["inventoryNumber"] == "P1"
    sale = shop.sale(line(phones.item, 500, **went(phones.numbers["P1"])))
    changed = {"item": {"items": [{"line": 1, **went(phones.numbers["P2"])}]}}
    assert net.patch(f"cashSale/{sale}", changed).status == 204
    assert phones.on_hand() == ["P1", "P3"]
