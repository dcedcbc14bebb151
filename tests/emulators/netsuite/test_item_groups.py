"""Item groups and kits: how several goods sold as one stand on a transaction, and on what is made of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
D = Decimal
NO_END = "You cannot edit the end of group line. You must delete the group."


@pytest.fixture
def group(net: NetSuite, shop: Shop) -> str:
    """A group of two trays at 40.00 and a cup at 5.50."""
    net.patch(f"inventoryItem/{shop.tray}", {"basePrice": 40})
    cup = net.make("nonInventorySaleItem", itemId="CUP", basePrice=D("5.50"))
    members = [{"item": {"id": shop.tray}, "quantity": 2}, {"item": {"id": cup}, "quantity": 1}]
    return net.make("itemGroup", itemId="TEA", member={"items": members})


def lines(net: NetSuite, path: str) -> list[tuple[Any, ...]]:
    """The lines of a record: number, type, quantity, amount."""
    shown = net.read(path)["item"]["items"]
    return [(one["line"], one["itemType"]["id"], one.get("quantity"), one.get("amount")) for one in shown]


WHOLE = [(1, "Group", 2, None), (2, "InvtPart", 4, 160), (3, "NonInvtPart", 2, 11), (4, "EndGroup", None, None)]


@pytest.mark.stamp("verified: notes of a SuiteScript author on what a group becomes")
def test_a_group_stands_as_group_members_and_end(net: NetSuite, shop: Shop, group: str, line: Line) -> None:
    """One line of a group becomes its line, a line for each member at its own price, and the end of the group."""
    sale = shop.sale({"item": {"id": group}, "quantity": 2}, line(shop.card, 10))
    assert lines(net, f"cashSale/{sale}") == [*WHOLE, (5, "NonInvtPart", 1, 10)]
    assert net.read(f"cashSale/{sale}")["total"] == 181
    assert net.ledger(sale) == {"1090": D(181), "4000": D(-181), "5000": D(60), "1200": D(-60)}
    assert net.on_hand(shop.tray) == 6
    rows = net.rows(
        "SELECT itemtype, foreignamount, quantity FROM transactionline"
        f" WHERE transaction = {sale} AND mainline = 'F' AND iscogs = 'F' ORDER BY linesequencenumber"
    )
    assert [(row["itemtype"], row["foreignamount"]) for row in rows] == [
        ("Group", "0"),
        ("InvtPart", "-160"),
        ("NonInvtPart", "-11"),
        ("EndGroup", "0"),
        ("NonInvtPart", "-10"),
    ]


@pytest.mark.stamp("documented")
def test_a_kit_stays_one_line(net: NetSuite, shop: Shop, line: Line) -> None:
    """A kit is one line with one price, though its members leave the stock."""
    kit = net.make("kitItem", itemId="KIT", member={"items": [{"item": {"id": shop.tray}, "quantity": 2}]})
    sale = shop.sale(line(kit, 90))
    assert lines(net, f"cashSale/{sale}") == [(1, "Kit", 1, 90)]
    assert net.on_hand(shop.tray) == 8


@pytest.mark.stamp("verified: queries of public code ask transactionline.kitmemberof for a kit's parts")
def test_the_cost_of_a_kits_member_names_the_line_of_the_kit(net: NetSuite, shop: Shop, line: Line) -> None:
    """Cost entries of a kit's member carry the kit's line, so that they are told from the same item sold alone."""
    kit = net.make("kitItem", itemId="KIT", member={"items": [{"item": {"id": shop.tray}, "quantity": 2}]})
    sale = shop.sale(line(shop.tray, 40), line(kit, 90))
    rows = net.rows(
        "SELECT kitmemberof, foreignamount FROM transactionline"
        f" WHERE transaction = {sale} AND iscogs = 'T' AND foreignamount > 0 ORDER BY linesequencenumber"
    )
    assert rows == [{"foreignamount": "15"}, {"kitmemberof": "2", "foreignamount": "30"}]


@pytest.mark.stamp("verified: NetSuite's words as Oracle's connector quotes them")
def test_the_end_of_a_group_cannot_be_edited(net: NetSuite, shop: Shop, group: str) -> None:
    """A change to the end-of-group line is refused, and so is keeping members without their group line."""
    sale = shop.sale({"item": {"id": group}, "quantity": 2})
    end = {"item": {"items": [{"line": 4, "memo": "x", "quantity": 1}]}}
    assert net.patch(f"cashSale/{sale}", end).detail.endswith(NO_END)
    other = {"item": {"items": [{"line": 1, "item": {"id": shop.card}}]}}
    assert net.patch(f"cashSale/{sale}", other).detail.endswith(NO_END)
    for orphan in ({"orderLine": 2, "quantity": 1}, {"orderLine": 4}):
        refused = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", {"item": {"items": [orphan]}})
        assert refused.detail == f"Error while accessing a resource. {NO_END}"
    assert lines(net, f"cashSale/{sale}") == WHOLE


@pytest.mark.stamp("documented")
def test_a_transform_copies_the_group(net: NetSuite, shop: Shop, group: str) -> None:
    """A refund of the sale has the same lines, and brings the members back."""
    sale = shop.sale({"item": {"id": group}, "quantity": 2})
    made = net.post(f"cashSale/{sale}/!transform/cashRefund", {}).id
    assert lines(net, f"cashRefund/{made}") == WHOLE
    assert net.ledger(made) == {"1095": D(-171), "4000": D(171), "5000": D(-60), "1200": D(60)}
    assert net.on_hand(shop.tray) == 10


@pytest.mark.stamp("chosen")
def test_part_of_a_group_is_refunded_under_its_group_line(net: NetSuite, shop: Shop, group: str, line: Line) -> None:
    """Named with their group line, the members named stay; a group line alone keeps all, at its own quantity."""
    sale = shop.sale(line(shop.card, 10), {"item": {"id": group}, "quantity": 2})
    where = f"cashSale/{sale}/!transform/cashRefund?replace=item"
    one = net.post(where, {"item": {"items": [{"orderLine": 2}, {"orderLine": 3, "quantity": 1}]}}).id
    assert lines(net, f"cashRefund/{one}") == [
        (1, "Group", 2, None),
        (2, "InvtPart", 1, 40),
        (3, "EndGroup", None, None),
    ]
    half = net.post(where, {"item": {"items": [{"orderLine": 2, "quantity": 1}]}}).id
    assert [row[2:] for row in lines(net, f"cashRefund/{half}")] == [(1, None), (2, 80), (1, D("5.5")), (None, None)]
    assert net.post(where, {"item": {"items": [{"orderLine": 1}]}}).status == 204


@pytest.mark.stamp("verified: notes of a SuiteScript author on what a group becomes")
def test_members_of_a_group_are_edited_as_any_line(net: NetSuite, shop: Shop, group: str) -> None:
    """Price and quantity of a member can be changed, unlike those of a kit's."""
    sale = shop.sale({"item": {"id": group}, "quantity": 2})
    change = {"item": {"items": [{"line": 2, "quantity": 3, "rate": 30, "price": {"id": "-1"}}]}}
    assert net.patch(f"cashSale/{sale}", change).status == 204
    assert lines(net, f"cashSale/{sale}") == [WHOLE[0], (2, "InvtPart", 3, 90), *WHOLE[2:]]


@pytest.mark.stamp("chosen")
def test_an_order_with_a_group_is_billed_in_parts(net: NetSuite, shop: Shop, group: str) -> None:
    """What is left of a group's members is offered within the group; when all is billed the order is Billed."""
    order = shop.sale({"item": {"id": group}, "quantity": 2}, kind="salesOrder")
    first = {"item": {"items": [{"orderLine": 1}, {"orderLine": 2, "quantity": 1}]}}
    assert net.post(f"salesOrder/{order}/!transform/invoice?replace=item", first).status == 204
    second = net.post(f"salesOrder/{order}/!transform/invoice", {}).id
    assert [row[1:3] for row in lines(net, f"invoice/{second}")] == [
        ("Group", 2),
        ("InvtPart", 3),
        ("NonInvtPart", 2),
        ("EndGroup", None),
    ]
    assert net.read(f"salesOrder/{order}")["status"]["id"] == "G"


@pytest.mark.stamp("documented")
def test_a_group_is_neither_received_nor_stocked(net: NetSuite, shop: Shop, group: str) -> None:
    """A return of a group receives its members alone; refunded, the return is Refunded."""
    sale = shop.sale({"item": {"id": group}, "quantity": 2})
    body = {"orderStatus": {"id": "B"}}
    made = net.post(f"cashSale/{sale}/!transform/returnAuthorization", body).id
    goods = net.post(f"returnAuthorization/{made}/!transform/itemReceipt", {}).id
    assert [one["orderLine"] for one in net.read(f"itemReceipt/{goods}")["item"]["items"]] == [2, 3]
    assert net.on_hand(shop.tray) == 10
    money = net.post(f"returnAuthorization/{made}/!transform/cashRefund", {}).id
    assert lines(net, f"cashRefund/{money}") == WHOLE
    assert net.read(f"returnAuthorization/{made}")["status"]["refName"] == "Refunded"


@pytest.mark.stamp("chosen")
def test_price_and_tax_of_a_group(net: NetSuite, shop: Shop, group: str) -> None:
    """A price on the group line does nothing; its tax code goes to the members; a discount below takes of the group."""
    sold = {"item": {"id": group}, "quantity": 1, "amount": 1, "taxCode": {"id": shop.tax}}
    sale = shop.sale(sold, {"item": {"id": shop.discount}})
    shown = net.read(f"cashSale/{sale}")
    assert (shown["subtotal"], shown["taxTotal"]) == (D("76.95"), D("7.05"))
    assert net.patch(f"cashSale/{sale}", {"item": {"items": [{"line": 1, "amount": 1, "rate": 1}]}}).status == 204
    assert net.read(f"cashSale/{sale}")["subtotal"] == D("76.95")
    assert net.read(f"itemGroup/{group}")["member"]["items"][0]["quantity"] == 2
    outer = net.make("itemGroup", itemId="OUTER", member={"items": [{"item": {"id": group}, "quantity": 1}]})
    body = {"entity": {"id": shop.customer}, "item": {"items": [{"item": {"id": outer}}]}}
    assert "does not serve" in net.post("cashSale", body).detail


@pytest.mark.stamp("chosen")
def test_members_answer_for_what_is_asked_of_lines(net: NetSuite, shop: Shop, group: str) -> None:
    """A member that is inactive by now is refused; a location on the group line is one on all, the end aside."""
    net.control("POST", "preferences", {"make_locations_mandatory": True})
    place = {"id": net.make("location", name="West")}
    body = {"entity": {"id": shop.customer}, "item": {"items": [{"item": {"id": group}, "location": place}]}}
    sale = net.post("salesOrder", body).id
    shown = net.read(f"salesOrder/{sale}")["item"]["items"]
    assert ["location" in one for one in shown] == [True, True, True, False]
    net.patch(f"inventoryItem/{shop.tray}", {"isInactive": True})
    refused = net.post("salesOrder", body)
    assert (refused.status, refused.path) == (400, "item.items[1].item")
    more = {"item": {"items": [{"item": {"id": group}, "location": place}]}}
    assert net.patch(f"salesOrder/{sale}", more).path == "item.items[5].item"
