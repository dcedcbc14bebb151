"""Return authorizations and item receipts: what stands between a sale and the refund of goods that come back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite, Reply
    from contract.shop import Shop

Line = Any
D = Decimal
APPROVED = {"orderStatus": {"id": "B"}}


def authorize(net: NetSuite, sale: str, *lines: dict[str, Any], kind: str = "cashSale", **more: Any) -> str:
    """An approved return of the lines named, or of all."""
    where = f"{kind}/{sale}/!transform/returnAuthorization"
    if not lines:
        return net.post(where, {**APPROVED, **more}).id
    return net.post(f"{where}?replace=item", {**APPROVED, "item": {"items": list(lines)}, **more}).id


def receive(net: NetSuite, authorization: str, *lines: dict[str, Any], **more: Any) -> Reply:
    """An item receipt of the lines named, or of all that is left."""
    where = f"returnAuthorization/{authorization}/!transform/itemReceipt"
    if not lines:
        return net.post(where, more)
    return net.post(f"{where}?replace=item", {"item": {"items": list(lines)}, **more})


def refund(net: NetSuite, authorization: str, *lines: dict[str, Any], kind: str = "cashRefund") -> Reply:
    """A refund of the lines named, or of all that may be refunded."""
    where = f"returnAuthorization/{authorization}/!transform/{kind}"
    if not lines:
        return net.post(where, {})
    return net.post(f"{where}?replace=item", {"item": {"items": list(lines)}})


def status(net: NetSuite, authorization: str) -> str:
    """Where a return stands, in words."""
    shown = net.read(f"returnAuthorization/{authorization}")["status"]
    asked = f"SELECT status, BUILTIN.DF(status) AS words FROM transaction WHERE id = {authorization}"
    assert net.rows(asked) == [{"status": shown["id"], "words": f"Return Authorization : {shown['refName']}"}]
    return shown["refName"]


@pytest.mark.stamp("documented")
def test_the_way_of_a_return(net: NetSuite, shop: Shop, line: Line) -> None:
    """A return goes from approval through receipts and refunds in parts to Refunded, and says so at each step."""
    sale = shop.sale(line(shop.tray, "80.00", 2))
    made = net.post(f"cashSale/{sale}/!transform/returnAuthorization", {}).id
    assert status(net, made) == "Pending Approval"
    assert net.patch(f"returnAuthorization/{made}", APPROVED).status == 204
    assert status(net, made) == "Pending Receipt"
    assert receive(net, made, {"orderLine": 1, "quantity": 1}).status == 204
    assert status(net, made) == "Pending Refund/Partially Received"
    assert refund(net, made).status == 204
    assert status(net, made) == "Partially Received"
    assert receive(net, made).status == 204
    assert status(net, made) == "Pending Refund"
    assert refund(net, made).status == 204
    assert status(net, made) == "Refunded"
    first = net.read(f"returnAuthorization/{made}")["item"]["items"][0]
    assert (first["quantity"], first["quantityReceived"], first["quantityBilled"]) == (2, 2, 2)


@pytest.mark.stamp("documented")
def test_a_return_posts_nothing(net: NetSuite, shop: Shop, line: Line) -> None:
    """A return authorization has lines, tax and a total, but no period, no ledger and no stock movement."""
    sale = shop.sale(line(shop.tray, "80.00", 2, taxCode={"id": shop.tax}))
    made = authorize(net, sale, {"orderLine": 1, "quantity": 1})
    shown = net.read(f"returnAuthorization/{made}")
    assert (shown["subtotal"], shown["taxTotal"], shown["total"]) == (40, D("3.30"), D("43.30"))
    assert "postingPeriod" not in shown
    assert net.ledger(made) == {}
    assert net.on_hand(shop.tray) == 8
    head = net.rows(f"SELECT posting, type, recordtype, foreigntotal FROM transaction WHERE id = {made}")
    assert head == [{"posting": "F", "type": "RtnAuth", "recordtype": "returnauthorization", "foreigntotal": "-43.3"}]


@pytest.mark.stamp("documented")
def test_approval_comes_first_unless_the_account_says_otherwise(net: NetSuite, shop: Shop, line: Line) -> None:
    """What is pending approval is neither received nor refunded; the account's default decides how a return starts."""
    sale = shop.sale(line(shop.tray, 40))
    made = net.post(f"cashSale/{sale}/!transform/returnAuthorization", {}).id
    for target in ("itemReceipt", "cashRefund", "creditMemo"):
        refused = net.post(f"returnAuthorization/{made}/!transform/{target}", {})
        assert "pending approval" in refused.detail
    net.control("POST", "preferences", {"default_return_authorization_status": "Pending Receipt"})
    made = net.post(f"cashSale/{sale}/!transform/returnAuthorization", {}).id
    assert status(net, made) == "Pending Receipt"
    refused = net.post(f"cashSale/{sale}/!transform/returnAuthorization", {"orderStatus": {"id": "G"}})
    assert (refused.status, refused.path) == (400, "orderStatus")


@pytest.mark.stamp("documented")
def test_a_receipt_offers_every_line(net: NetSuite, shop: Shop, line: Line) -> None:
    """All lines come preselected: unmentioned ones are received too, unless replaced or switched off."""
    sale = shop.sale(line(shop.tray, 80, 2), line(shop.card, 30, 3))
    first = receive(net, authorize(net, sale)).id
    assert [one["quantity"] for one in net.read(f"itemReceipt/{first}")["item"]["items"]] == [2, 3]
    second = receive(net, authorize(net, sale), {"line": 2, "quantity": 1}).id
    shown = net.read(f"itemReceipt/{second}")
    assert [(one["orderLine"], one["quantity"]) for one in shown["item"]["items"]] == [(2, 1)]
    assert shown["entity"]["id"] == shop.customer
    off = {"item": {"items": [{"orderLine": 1, "itemReceive": False}]}}
    third = net.post(f"returnAuthorization/{authorize(net, sale)}/!transform/itemReceipt", off).id
    assert [one["orderLine"] for one in net.read(f"itemReceipt/{third}")["item"]["items"]] == [2]


@pytest.mark.stamp("verified: OVERAGE_DISALLWD of the SOAP catalogue")
def test_no_more_is_received_than_was_authorized(net: NetSuite, shop: Shop, line: Line) -> None:
    """A receipt beyond what is left is refused, and changes nothing."""
    made = authorize(net, shop.sale(line(shop.tray, 80, 2)))
    refused = receive(net, made, {"orderLine": 1, "quantity": 3})
    assert refused.detail == "Error while accessing a resource. Overage is not allowed."
    assert refused.path == "item.items[0].quantity"
    assert receive(net, made, {"orderLine": 1, "quantity": 0}).status == 400
    assert receive(net, made, {"orderLine": 1, "itemReceive": False}).detail.endswith(
        "You must enter at least one line item for this transaction."
    )
    assert (status(net, made), net.on_hand(shop.tray)) == ("Pending Receipt", 8)
    receive(net, made)
    assert "Nothing is left to receive" in receive(net, made).detail


@pytest.mark.stamp("chosen")
def test_a_receipt_takes_no_line_of_its_own(net: NetSuite, shop: Shop, line: Line) -> None:
    """A line that names none of the return's lines is refused, and a receipt is made by transform alone."""
    made = authorize(net, shop.sale(line(shop.tray, 40)))
    refused = receive(net, made, {"orderLine": 7, "quantity": 1})
    assert "none of those" in refused.detail
    assert net.post("itemReceipt", {"createdFrom": {"id": made}}).status == 400


@pytest.mark.stamp("documented")
def test_no_refund_before_the_goods_unless_allowed(net: NetSuite, shop: Shop, line: Line) -> None:
    """Money goes back ahead of the goods only with the preference for it; then it does before and without them."""
    made = authorize(net, shop.sale(line(shop.tray, 80, 2)))
    assert "still to be received" in refund(net, made).detail
    receive(net, made, {"orderLine": 1, "quantity": 1})
    assert "only 1 left to refund" in refund(net, made, {"orderLine": 1, "quantity": 2}).detail
    net.control("POST", "preferences", {"refund_in_advance_of_return": True})
    assert net.read(f"cashRefund/{refund(net, made).id}")["total"] == 80
    assert status(net, made) == "Partially Received"
    assert "all of it is refunded" in refund(net, made).detail
    receive(net, made)
    assert status(net, made) == "Refunded"


@pytest.mark.stamp("documented")
def test_goods_of_a_return_come_back_once_at_the_cost_of_their_sale(net: NetSuite, shop: Shop, line: Line) -> None:
    """The receipt restocks and reverses the cost of the sale, though cost has changed since; the refund does not."""
    sale = shop.sale(line(shop.tray, 80, 2))
    dearer = {"item": {"id": shop.tray}, "adjustQtyBy": 8, "unitCost": 25}
    net.make("inventoryAdjustment", account={"id": net.account("5900")}, inventory={"items": [dearer]})
    made = authorize(net, sale)
    goods = receive(net, made).id
    assert net.ledger(goods) == {"1200": D(30), "5000": D(-30)}
    assert net.on_hand(shop.tray) == 18
    assert net.ledger(refund(net, made).id) == {"1095": D(-80), "4000": D(80)}
    assert net.on_hand(shop.tray) == 18


@pytest.mark.stamp("documented")
def test_refund_of_the_sale_beside_a_receipt_restocks_twice(net: NetSuite, shop: Shop, line: Line) -> None:
    """A refund made from the sale restocks by itself: with a receipt of a return beside it, stock is wrong silently."""
    sale = shop.sale(line(shop.tray, 80, 2))
    made = authorize(net, sale, {"orderLine": 1, "quantity": 1})
    receive(net, made)
    wrong = net.post(
        f"cashSale/{sale}/!transform/cashRefund?replace=item", {"item": {"items": [{"orderLine": 1, "quantity": 1}]}}
    )
    assert net.ledger(wrong.id) == {"1095": D(-40), "4000": D(40), "1200": D(15), "5000": D(-15)}
    assert net.on_hand(shop.tray) == 10
    assert status(net, made) == "Pending Refund"


@pytest.mark.stamp("documented")
def test_a_return_has_no_shipping(net: NetSuite, shop: Shop, line: Line) -> None:
    """Shipping of the sale does not come along, and the field does not exist; nor does restock on a receipt."""
    sale = shop.sale(line(shop.tray, 40), shippingCost=5)
    made = authorize(net, sale)
    assert net.read(f"returnAuthorization/{made}")["total"] == 40
    where = f"cashSale/{sale}/!transform/returnAuthorization"
    refused = net.post(where, {"shippingCost": 5}, X_NetSuite_PropertyNameValidation="Error")
    assert refused.path == "shippingCost"
    body = {"item": {"items": [{"orderLine": 1, "restock": False}]}}
    where = f"returnAuthorization/{made}/!transform/itemReceipt"
    assert net.post(where, body, X_NetSuite_PropertyNameValidation="Error").path == "item.items[0].restock"


@pytest.mark.stamp("chosen")
def test_a_memo_of_a_return_offers_the_invoice(net: NetSuite, shop: Shop, line: Line) -> None:
    """An invoice's return is credited by a memo that offers the open invoice, and counts as refunded."""
    invoice = shop.sale(line(shop.tray, 80, 2), kind="invoice")
    made = authorize(net, invoice, {"orderLine": 1, "quantity": 1}, kind="invoice")
    receive(net, made)
    memo = refund(net, made, kind="creditMemo").id
    assert net.ledger(memo) == {"1100": D(-40), "4000": D(40)}
    assert net.read(f"invoice/{invoice}")["amountRemaining"] == 40
    assert net.read(f"creditMemo/{memo}")["createdFrom"]["id"] == made
    assert status(net, made) == "Refunded"


@pytest.mark.stamp("chosen")
def test_a_return_of_an_order_finds_the_cost_of_its_bills(net: NetSuite, shop: Shop, line: Line) -> None:
    """A return made from the sales order takes the cost from whichever bills moved the goods."""
    order = shop.sale(line(shop.card, 5), line(shop.tray, 80, 2), kind="salesOrder")
    net.post(
        f"salesOrder/{order}/!transform/cashSale?replace=item", {"item": {"items": [{"orderLine": 2, "quantity": 2}]}}
    )
    made = authorize(net, order, {"orderLine": 2, "quantity": 1}, kind="salesOrder")
    assert net.ledger(receive(net, made).id) == {"1200": D(15), "5000": D(-15)}


@pytest.mark.stamp("chosen")
def test_a_return_without_a_sale_has_no_cost_to_reverse(net: NetSuite, shop: Shop, line: Line) -> None:
    """A return of its own brings units back at no cost, or at the one that its receipt gives."""
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.tray, 80, 2)]}, **APPROVED}
    made = net.make("returnAuthorization", **body)
    assert net.ledger(receive(net, made, {"orderLine": 1, "quantity": 1}).id) == {}
    costly = receive(net, made, {"orderLine": 1, "quantity": 1, "unitCostOverride": 12}).id
    assert net.ledger(costly) == {"1200": D(12), "5000": D(-12)}
    assert net.on_hand(shop.tray) == 12


@pytest.mark.stamp("chosen")
def test_kits_cards_and_services_come_back(net: NetSuite, shop: Shop, line: Line) -> None:
    """A kit's members are restocked; plain goods are received without cost; a service waits for no receipt."""
    kit = net.make("kitItem", itemId="KIT", member={"items": [{"item": {"id": shop.tray}, "quantity": 2}]})
    sale = shop.sale(line(kit, 90), line(shop.card, 10), line(shop.adjust, 5))
    made = authorize(net, sale)
    assert net.on_hand(shop.tray) == 8
    goods = receive(net, made).id
    assert [one["orderLine"] for one in net.read(f"itemReceipt/{goods}")["item"]["items"]] == [1, 2]
    assert net.ledger(goods) == {"1200": D(30), "5000": D(-30)}
    assert net.on_hand(shop.tray) == 10
    assert net.read(f"cashRefund/{refund(net, made).id}")["total"] == 105
    assert status(net, made) == "Refunded"


@pytest.mark.stamp("chosen")
def test_closed_lines_are_out_of_a_return(net: NetSuite, shop: Shop, line: Line) -> None:
    """A closed line is neither received nor refunded; with all closed a return is Closed, and what it led to stays."""
    made = authorize(net, shop.sale(line(shop.tray, 40), line(shop.card, 10)))
    assert net.patch(f"returnAuthorization/{made}", {"item": {"items": [{"line": 1, "isClosed": True}]}}).status == 204
    goods = receive(net, made).id
    assert [one["orderLine"] for one in net.read(f"itemReceipt/{goods}")["item"]["items"]] == [2]
    money = refund(net, made).id
    assert net.read(f"cashRefund/{money}")["total"] == 10
    assert status(net, made) == "Refunded"
    both = {"item": {"items": [{"line": 1, "isClosed": True}, {"line": 2, "isClosed": True}]}}
    net.patch(f"returnAuthorization/{made}", both)
    assert status(net, made) == "Closed"
    for path in (f"itemReceipt/{goods}", f"cashRefund/{money}"):
        assert net.patch(path, {"memo": "noted after closing"}).status == 204
    assert net.patch(f"itemReceipt/{goods}", {"item": {"items": [{"line": 2, "quantity": 2}]}}).status == 400


@pytest.mark.stamp("documented")
def test_what_others_depend_on_stays(net: NetSuite, shop: Shop, line: Line) -> None:
    """A sale with a return, and a return with a receipt, cannot be deleted; undone from the end, all is as before."""
    sale = shop.sale(line(shop.tray, 80, 2))
    made = authorize(net, sale, externalId=net.own("R-RA"))
    goods = receive(net, made, externalId=net.own("R-IR")).id
    money = refund(net, made).id
    for kept in (f"cashSale/{sale}", f"returnAuthorization/{made}"):
        assert "dependent" in net.delete(kept).detail
    lower = {"item": {"items": [{"line": 1, "quantity": 1}]}}
    assert "already received or refunded" in net.patch(f"returnAuthorization/{made}", lower).detail
    assert "already received or refunded" in net.patch(f"returnAuthorization/{made}", {"orderStatus": "A"}).detail
    assert net.delete(f"cashRefund/{money}").status == 204
    assert status(net, made) == "Pending Refund"
    assert net.delete(f"itemReceipt/eid:{net.own('R-IR').lower()}").status == 204
    assert (status(net, made), net.on_hand(shop.tray)) == ("Pending Receipt", 8)
    assert net.delete(f"returnAuthorization/{made}").status == 204
    assert net.get(f"itemReceipt/{goods}").status == 404


@pytest.mark.stamp("chosen")
def test_a_receipt_can_be_corrected(net: NetSuite, shop: Shop, line: Line) -> None:
    """A changed quantity or location of a receipt moves stock and cost by the difference, up to what is authorized."""
    west = net.make("location", name="West")
    made = authorize(net, shop.sale(line(shop.tray, 80, 2)))
    goods = receive(net, made, {"orderLine": 1, "quantity": 1}).id
    more = {"item": {"items": [{"line": 1, "quantity": 2, "location": {"id": west}}]}}
    assert net.patch(f"itemReceipt/{goods}", more).status == 204
    assert net.ledger(goods) == {"1200": D(30), "5000": D(-30)}
    held = f"SELECT quantityonhand FROM inventoryitemlocations WHERE item = {shop.tray} AND location = {west}"
    assert net.rows(held) == [{"quantityonhand": "2"}]
    assert net.patch(f"itemReceipt/{goods}", {"item": {"items": [{"line": 1, "quantity": 3}]}}).status == 400
    assert net.on_hand(shop.tray) == 10


@pytest.mark.stamp("documented")
def test_searches_see_the_chain(net: NetSuite, shop: Shop, line: Line) -> None:
    """Links lead line by line from sale to return to receipt and refund; counts stand on the return's lines."""
    sale = shop.sale(line(shop.card, 10), line(shop.tray, 80, 2))
    made = authorize(net, sale, {"orderLine": 2, "quantity": 2})
    goods = receive(net, made, {"orderLine": 1, "quantity": 1}).id
    money = refund(net, made).id
    links = net.rows(
        "SELECT previousdoc, previousline, nextdoc, nextline, previoustype, nexttype FROM PreviousTransactionLineLink"
        f" WHERE previousdoc IN ({sale}, {made}) ORDER BY nextdoc"
    )
    assert [tuple(row.values()) for row in links] == [
        (sale, "2", made, "1", "CashSale", "RtnAuth"),
        (made, "1", goods, "1", "RtnAuth", "ItemRcpt"),
        (made, "1", money, "1", "RtnAuth", "CashRfnd"),
    ]
    counts = net.rows(
        "SELECT createdfrom, quantity, quantityshiprecv, quantitybilled FROM transactionline"
        f" WHERE transaction = {made} AND mainline = 'F' AND taxline = 'F'"
    )
    assert counts == [{"createdfrom": sale, "quantity": "2", "quantityshiprecv": "1", "quantitybilled": "1"}]
    received = f"SELECT createdfrom, quantity FROM transactionline WHERE transaction = {goods} AND quantity <> 0"
    assert net.rows(received) == [{"createdfrom": made, "quantity": "1"}]


@pytest.mark.stamp("documented")
def test_a_cash_refund_becomes_a_memo(net: NetSuite, shop: Shop, line: Line) -> None:
    """A cash refund transforms into a credit memo of the same lines."""
    sale = shop.sale(line(shop.card, 10))
    money = net.post(f"cashSale/{sale}/!transform/cashRefund", {}).id
    memo = net.post(f"cashRefund/{money}/!transform/creditMemo", {}).id
    assert net.ledger(memo) == {"1100": D(-10), "4000": D(10)}


@pytest.mark.stamp("chosen")
def test_a_return_may_be_authorized_again(net: NetSuite, shop: Shop, line: Line) -> None:
    """Nothing keeps a sale from being returned twice over: the emulator does not count on NetSuite to catch it."""
    sale = shop.sale(line(shop.tray, 40))
    for _ in range(2):
        made = authorize(net, sale)
        receive(net, made)
        assert refund(net, made).status == 204
    assert net.on_hand(shop.tray) == 11
