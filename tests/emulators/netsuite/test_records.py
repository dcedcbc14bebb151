"""Records over REST: minimal bodies, references, names, external ids, edits and deletion."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from tests.emulators.netsuite.conftest import NetSuite, Shop

Line = Any
D = Decimal


@pytest.mark.stamp("documented")
def test_create_answers_an_empty_body_and_a_location(net: NetSuite) -> None:
    """A create answers 204, no body, and the new record's address."""
    reply = net.post("customer", {"entityId": net.own("Bob"), "subsidiary": {"id": net.subsidiary}})
    assert (reply.status, reply.content) == (204, b"")
    assert reply.headers["Location"] == f"{net.url}/services/rest/record/v1/customer/{reply.id}"


@pytest.mark.stamp("documented")
def test_minimal_bodies_and_every_spelling_of_a_reference(net: NetSuite, shop: Shop) -> None:
    """Entity and item are enough; a reference is an id, an external id, a name or a bare scalar."""
    net.make("nonInventorySaleItem", itemId="CUP", externalId=net.own("cup-1"))
    customer, item = int(shop.customer), {"refName": net.own("CUP")}
    for entity, ware in (
        ({"id": shop.customer}, {"externalId": net.own("CUP-1")}),
        (customer, item),
        (shop.customer, item),
    ):
        made = net.make("cashsale", entity=entity, item={"items": [{"item": ware, "rate": 3, "quantity": 2}]})
        assert net.read(f"cashSale/{made}")["total"] == 6
    assert net.ledger(made) == {"1095": D(6), "4000": D(-6)}


@pytest.mark.stamp("documented")
def test_sublists_are_links_unless_expanded(net: NetSuite, shop: Shop, line: Line) -> None:
    """A plain read links to its sublists; `fields` chooses what is shown."""
    sale = shop.sale(line(shop.card, 10))
    assert list(net.get(f"cashSale/{sale}").json["item"]) == ["links"]
    assert net.read(f"cashSale/{sale}")["item"]["items"][0]["amount"] == 10
    assert set(net.get(f"cashSale/{sale}?fields=total,memo").json) == {"links", "total"}


@pytest.mark.stamp("documented")
def test_unknown_names_by_the_wish_of_the_caller(net: NetSuite) -> None:
    """Error refuses with a path; Warning drops the name and says so in a header; Ignore drops it silently."""
    body = {"entityId": net.own("Bob"), "subsidiary": {"id": net.subsidiary}, "paymentMethodd": 1}
    refused = net.post("customer", body, X_NetSuite_PropertyNameValidation="Error")
    assert (refused.status, refused.path) == (400, "paymentMethodd")
    warned = net.post("customer", body)
    assert "paymentMethodd" in warned.headers["X-NetSuite-PropertyValidation"]
    ignored = net.post("customer", body | {"entityId": net.own("Cid")}, X_NetSuite_PropertyNameValidation="Ignore")
    assert "X-NetSuite-PropertyValidation" not in ignored.headers


@pytest.mark.stamp("documented")
def test_custom_fields_come_back(net: NetSuite, shop: Shop, line: Line) -> None:
    """Custom fields of body and line are kept, read back, and seen by SuiteQL."""
    of_body, of_line, order = net.custom_field("custbody_order"), net.custom_field("custcol_ref"), net.own("#1")
    sale = shop.sale(line(shop.card, 10, **{of_line: "x"}), **{of_body: order})
    shown = net.read(f"cashSale/{sale}")
    assert (shown[of_body], shown["item"]["items"][0][of_line]) == (order, "x")
    assert net.rows(f"SELECT id FROM transaction WHERE {of_body} = '{order}'") == [{"id": sale}]


@pytest.mark.stamp("documented")
def test_external_ids_are_shared_by_all_transactions_in_any_case(net: NetSuite, shop: Shop, line: Line) -> None:
    """An external id taken by a cash sale is taken for an invoice too, whatever the case of its letters."""
    taken = net.own("Order-1")
    shop.sale(line(shop.card, 10), externalId=taken)
    body = {"entity": {"id": shop.customer}, "externalId": taken.upper(), "item": {"items": [line(shop.card, 1)]}}
    assert net.post("invoice", body).detail == "Error while accessing a resource. This record already exists"
    assert net.get(f"cashSale/eid:{taken.swapcase()}").status == 200
    assert net.post("invoice", body | {"externalId": "a|b"}).status == 400


@pytest.mark.stamp("documented")
def test_upsert_by_external_id(net: NetSuite) -> None:
    """PUT creates at an external id, then changes what is there; it takes nothing but eid:."""
    name = net.own("Bob")
    first = net.put(f"customer/eid:{name}", {"entityId": name, "subsidiary": {"id": net.subsidiary}})
    second = net.put(f"customer/eid:{name.upper()}", {"email": "b@example.com"})
    assert first.id == second.id
    assert net.read(f"customer/{first.id}")["email"] == "b@example.com"
    assert net.put(f"customer/{first.id}", {}).status == 400


@pytest.mark.stamp("documented")
def test_addresses_are_keyed_by_their_id(net: NetSuite, shop: Shop) -> None:
    """A line with the id of an address changes it, one without is added, and replace drops what is not named."""
    path = f"customer/{shop.customer}"
    assert net.patch(path, {"addressBook": {"items": [{"label": "home"}, {"label": "work"}]}}).status == 204
    home, work = [one["internalId"] for one in net.read(path)["addressBook"]["items"]]
    change = {"addressBook": {"items": [{"internalId": home, "label": "house"}, {"label": "shed"}]}}
    assert net.patch(path, change).status == 204
    assert [one["label"] for one in net.read(path)["addressBook"]["items"]] == ["house", "work", "shed"]
    named = {"addressBook": {"items": [{"internalId": work, "defaultShipping": True}]}}
    assert net.patch(f"{path}?replace=addressBook", named).status == 204
    (left,) = net.read(path)["addressBook"]["items"]
    assert (left["internalId"], left["label"], left["defaultShipping"]) == (work, "work", True)


@pytest.mark.stamp("documented")
def test_patch_keeps_what_is_not_sent_and_null_clears(net: NetSuite, shop: Shop, line: Line) -> None:
    """A change of one field leaves lines and ledger alone; null clears."""
    sale = shop.sale(line(shop.tray, 40), memo="old", otherRefNum="1")
    before = net.ledger(sale)
    assert net.patch(f"cashSale/{sale}", {"memo": None, "otherRefNum": "2"}).status == 204
    shown = net.read(f"cashSale/{sale}")
    assert "memo" not in shown
    assert shown["otherRefNum"] == "2"
    assert net.ledger(sale) == before
    assert net.on_hand(shop.tray) == 9


@pytest.mark.stamp("documented")
def test_saved_lines_are_keyed_by_line(net: NetSuite, shop: Shop, line: Line) -> None:
    """After saving, `line` names the line to change; one without it is added; replace drops the rest."""
    sale = shop.sale(line(shop.card, 10), line(shop.card, 20))
    net.patch(f"cashSale/{sale}", {"item": {"items": [{"line": 2, "amount": 25}]}})
    assert net.read(f"cashSale/{sale}")["total"] == 35
    net.patch(f"cashSale/{sale}?replace=item", {"item": {"items": [{"line": 2}]}})
    assert net.read(f"cashSale/{sale}")["total"] == 25


@pytest.mark.stamp("documented")
def test_records_with_dependents_are_not_deleted(net: NetSuite, shop: Shop, line: Line) -> None:
    """A memo that was paid out cannot be deleted; without its refund it can, and the refund leaves no trace."""
    memo = net.make("creditMemo", entity={"id": shop.customer}, item={"items": [line(shop.adjust, 8)]})
    paid = net.post(f"creditMemo/{memo}/!transform/customerRefund", {"account": {"id": shop.clearing}}).id
    assert net.delete(f"creditMemo/{memo}").status == 400
    assert net.delete(f"customerRefund/{paid}").status == 204
    assert net.read(f"creditMemo/{memo}")["unapplied"] == 8
    assert net.delete(f"creditMemo/{memo}").status == 204
    assert net.get(f"creditMemo/{memo}").status == 404
    assert net.delete(f"customer/{shop.customer}").status == 204


@pytest.mark.stamp("verified: public notes from a live account")
def test_wrong_ids_and_types(net: NetSuite, shop: Shop, line: Line) -> None:
    """An unknown id is 404; an id of another transaction type is refused as such; an inactive item too."""
    sale = shop.sale(line(shop.card, 10))
    assert net.get("cashSale/999999999").json["o:errorDetails"][0]["o:errorCode"] == "NONEXISTENT_ID"
    assert "Transaction type specified is incorrect." in net.get(f"invoice/{sale}").detail
    body = {"entity": {"id": shop.customer}, "item": {"items": [line("999999999", 1)]}}
    assert net.post("cashSale", body).path == "item.items[0].item"
    net.patch(f"nonInventorySaleItem/{shop.card}", {"isInactive": True})
    body["item"]["items"] = [line(shop.card, 1)]
    assert "Invalid item reference key" in net.post("cashSale", body).detail


@pytest.mark.stamp("documented")
def test_rate_of_a_priced_item_needs_the_custom_price_level(net: NetSuite, shop: Shop) -> None:
    """A bare rate on an item with a base price is re-priced; price level -1 keeps it; an amount always wins."""
    cup = net.make("nonInventorySaleItem", itemId="CUP", basePrice=9)
    sold = [
        {"item": {"id": cup}, "quantity": 2, "rate": 5, **more} for more in ({}, {"price": {"id": "-1"}}, {"amount": 7})
    ]
    sale = shop.sale(*sold)
    assert [one["amount"] for one in net.read(f"cashSale/{sale}")["item"]["items"]] == [18, 10, 7]


@pytest.mark.stamp("chosen")
def test_totals_below_zero_and_tax_alone_are_refused(net: NetSuite, shop: Shop, line: Line) -> None:
    """No negative total, no 0.00 line that carries tax, no negative inventory on a refund."""
    entity = {"entity": {"id": shop.customer}}
    code = {"taxCode": {"id": shop.tax}}
    for refused, kind in (
        (line(shop.card, -1), "cashSale"),
        (line(shop.card, 0, tax1Amt=1, **code), "cashRefund"),
        (line(shop.tray, -40, -1), "cashRefund"),
    ):
        reply = net.post(kind, {**entity, "item": {"items": [line(shop.card, 0.5), refused]}})
        assert reply.status == 400


@pytest.mark.stamp("chosen")
def test_nothing_is_applied_beyond_what_is_open(net: NetSuite, shop: Shop, line: Line) -> None:
    """Neither a memo to an invoice nor a refund to a memo may exceed what is open."""
    invoice = shop.sale(line(shop.card, 5), kind="invoice")
    memo = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.adjust, 8)]}}
    over = {"apply": {"items": [{"doc": {"id": invoice}, "amount": 6}]}}
    assert "only 5.00 is open" in net.post("creditMemo", memo | over).detail
    made = net.make("creditMemo", **memo)
    payout = {"customer": {"id": shop.customer}, "apply": {"items": [{"doc": {"id": made}, "amount": D("8.01")}]}}
    assert net.post("customerRefund", payout).status == 400
    assert net.read(f"creditMemo/{made}")["unapplied"] == 8


@pytest.mark.stamp("chosen")
def test_bill_is_not_edited_below_what_is_applied(net: NetSuite, shop: Shop, line: Line) -> None:
    """An invoice that is paid cannot be made smaller than its payment, and stays as it was."""
    invoice = shop.sale(line(shop.card, 5), kind="invoice")
    assert net.post(f"invoice/{invoice}/!transform/customerPayment", {}).status == 204
    assert net.patch(f"invoice/{invoice}", {"item": {"items": [{"line": 1, "amount": 4}]}}).status == 400
    assert net.read(f"invoice/{invoice}")["total"] == 5


@pytest.mark.stamp("chosen")
def test_kit_moves_its_members(net: NetSuite, shop: Shop) -> None:
    """A kit sells at its own price and takes its members out of stock at their cost."""
    member = {"items": [{"item": {"id": shop.tray}, "quantity": 2}]}
    kit = net.make("kitItem", itemId="KIT", member=member)
    sale = shop.sale({"item": {"id": kit}, "quantity": 1, "amount": 60})
    assert net.ledger(sale) == {"1090": D(60), "4000": D(-60), "5000": D(30), "1200": D(-30)}
    assert net.on_hand(shop.tray) == 8


@pytest.mark.stamp("verified: quoted from live accounts by expense integrations")
def test_closed_and_locked_periods(net: NetSuite, shop: Shop, line: Line) -> None:
    """A date in a closed or A/R-locked period is refused; preferences decide about the next open one."""
    net.control("POST", "clock", {"now": "2026-03-10T12:00:00Z"})
    found = net.rows("SELECT id FROM accountingperiod WHERE periodname = 'Feb 2026'")[0]["id"]
    body = {"entity": {"id": shop.customer}, "tranDate": "2026-02-20", "item": {"items": [line(shop.card, 1)]}}
    for lock in ("closed", "arLocked"):
        assert net.patch(f"accountingPeriod/{found}", {lock: True}).status == 204
        reply = net.post("cashSale", body)
        assert "not within the date range of your accounting period" in reply.detail
        assert "closed period" in net.post("cashSale", body | {"postingPeriod": {"id": found}}).detail
        net.patch(f"accountingPeriod/{found}", {lock: False})
    net.patch(f"accountingPeriod/{found}", {"closed": True})
    net.control("POST", "preferences", {"date_outside_period": "Allow"})
    made = net.post("cashSale", body).id
    assert net.read(f"cashSale/{made}")["postingPeriod"]["refName"] == "Mar 2026"


@pytest.mark.stamp("chosen")
def test_refused_write_leaves_no_trace(net: NetSuite, shop: Shop, line: Line) -> None:
    """A seed of which one record is refused writes none of them."""
    entity = {"id": shop.customer}
    good = {"type": "cashSale", "body": {"entity": entity, "item": {"items": [line(shop.tray, 40)]}}}
    bad = {"type": "cashSale", "body": {"entity": entity, "item": {"items": []}}}
    assert net.control("POST", "seed", [good, bad]).status == 400
    assert net.on_hand(shop.tray) == 10
    assert net.rows("SELECT id FROM transaction WHERE type = 'CashSale'") == []


@pytest.mark.stamp("chosen")
def test_collection_by_condition(net: NetSuite, shop: Shop, line: Line) -> None:
    """A collection answers ids and links of the records that meet a condition."""
    order = net.own("PO7")
    sale = shop.sale(line(shop.card, 10), otherRefNum=order)
    shop.sale(line(shop.card, 10))
    found = net.get(f"cashSale?q=otherRefNum%20IS%20%22{order}%22").json
    assert ([one["id"] for one in found["items"]], found["totalResults"]) == ([sale], 1)


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    "q", ['externalId IS "{eid}"', "id ANY_OF [{id}, 999999]", 'id EQUAL {id} AND externalId START_WITH "{eid}"']
)
def test_lists_of_named_records(net: NetSuite, q: str) -> None:
    """A condition on ids finds the records that have them, whatever else there is."""
    eid = net.own("wanted").lower()
    body = net.wanted_by_account("customer") | {"entityId": net.own("Ada"), "companyName": "Ada", "externalId": eid}
    made = net.post("customer", body).id
    net.make("customer", entityId=net.own("Bob"), companyName="Bob")
    found = net.get(f"customer?q={quote(q.format(eid=eid.upper(), id=made))}").json
    assert [one["id"] for one in found["items"]] == [made]
    assert net.get(f"customer?q={quote('externalId IS nobody AND id EQUAL ' + made)}").json["items"] == []
    assert net.get(f"customer?q={quote('shoeSize IS 43')}").status == 400
