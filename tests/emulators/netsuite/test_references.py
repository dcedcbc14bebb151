"""What a transaction may name: active records, of its subsidiary, in a currency of its customer, and what it must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
WRAPPED = "Error while accessing a resource. "


@pytest.mark.stamp("verified: in the catalogue of NetSuite's messages, and read in public integrations")
@pytest.mark.parametrize("named", ["item", "entity", "location"])
def test_an_inactive_record_on_a_copied_line(net: NetSuite, shop: Shop, line: Line, named: str) -> None:
    """A refund of what names a record that is inactive by now is refused, though nobody named it anew."""
    location = net.make("location", name=net.own("West"))
    sale = shop.sale(line(shop.card, 5), location={"id": location})
    paths = {
        "item": f"nonInventorySaleItem/{shop.card}",
        "entity": f"customer/{shop.customer}",
        "location": f"location/{location}",
    }
    assert net.patch(paths[named], {"isInactive": True}).status == 204
    reply = net.post(f"cashSale/{sale}/!transform/cashRefund", {})
    key = paths[named].rpartition("/")[2]
    assert (reply.status, reply.detail) == (400, f"{WRAPPED}Invalid {named} reference key {key}.")
    assert reply.path == ("item.items[0].item" if named == "item" else named)
    assert net.patch(f"cashSale/{sale}", {"memo": "still here"}).status == 204


@pytest.mark.stamp("verified: texts of live accounts, matched by a public integration")
def test_records_of_another_subsidiary(net: NetSuite, shop: Shop, line: Line) -> None:
    """An item, location or account that is kept for another subsidiary is no key of this one."""
    net.control("GET", "preferences")
    other = net.make("subsidiary", name="Other Company")
    theirs = {"subsidiary": {"items": [{"id": other}]}}
    item = net.make("nonInventorySaleItem", itemId="THEIRS", **theirs)
    location = net.make("location", name="Theirs", **theirs)
    account = net.make("account", acctNumber="1077", acctName="Theirs", acctType={"id": "Bank"}, **theirs)
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 1)]}}
    for name, key, wrong in (
        ("item", item, {"item": {"items": [line(item, 1)]}}),
        ("location", location, {"location": {"id": location}}),
        ("account", account, {"account": {"id": account}}),
    ):
        said = net.post("cashSale", body | wrong).detail
        assert said == f"{WRAPPED}Invalid {name} reference key {key} for subsidiary {net.subsidiary}."
    cid = net.make("customer", entityId="Cid", subsidiary={"id": other})
    both = {"entity": {"id": cid}, "item": {"items": [line(item, 1)]}, "location": {"id": location}}
    assert net.post("cashSale", both).status == 204
    said = net.post("cashSale", body | {"subsidiary": {"id": other}})
    assert said.detail == f"{WRAPPED}Invalid subsidiary reference key {other} for entity {shop.customer}."


@pytest.mark.stamp("documented")
def test_records_with_children_serve_the_subsidiaries_below(net: NetSuite, line: Line) -> None:
    """An item kept for a parent company serves its children only with the box for that."""
    net.control("GET", "preferences")
    child = net.make("subsidiary", name="Child", parent={"id": net.subsidiary})
    customer = net.make("customer", entityId="Cid", subsidiary={"id": child})
    parents = {"subsidiary": {"items": [{"id": net.subsidiary}]}}
    narrow = net.make("nonInventorySaleItem", itemId="NARROW", **parents)
    wide = net.make("nonInventorySaleItem", itemId="WIDE", includeChildren=True, **parents)
    statuses = [
        net.post("cashSale", {"entity": {"id": customer}, "item": {"items": [line(item, 1)]}}).status
        for item in (narrow, wide)
    ]
    assert statuses == [400, 204]


@pytest.mark.stamp("verified: texts of live accounts, matched by a public integration")
def test_a_currency_that_the_customer_has_not(net: NetSuite, shop: Shop, line: Line) -> None:
    """A customer trades in their own currency and in those of their list, and in no other."""
    dollar, euro, pound = (net.currency(symbol) for symbol in ("USD", "EUR", "GBP"))
    net.patch(f"customer/{shop.customer}", {"currency": dollar, "currencyList": {"items": [{"currency": euro}]}})
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 1)]}}
    assert net.post("invoice", body | {"currency": euro}).status == 204
    reply = net.post("invoice", body | {"currency": pound})
    assert reply.detail == f"{WRAPPED}Invalid currency reference key {pound['id']} for entity {shop.customer}."
    assert reply.path == "currency"


@pytest.mark.stamp("verified: text of live accounts")
@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("location", "location", "Location"),
        ("department", "department", "Department"),
        ("class", "classification", "Class"),
    ],
)
def test_mandatory_dimensions(net: NetSuite, shop: Shop, line: Line, name: str, kind: str, label: str) -> None:
    """What the account makes mandatory must stand on the header, or on every line; a transform brings it along."""
    plural = {"location": "locations", "department": "departments", "class": "classes"}[name]
    net.control("POST", "preferences", {f"make_{plural}_mandatory": True})
    chosen = {name: {"id": net.make(kind, name=net.own("One"))}}
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 1), line(shop.card, 2)]}}
    reply = net.post("cashSale", body)
    assert (reply.detail, reply.path) == (f"{WRAPPED}Please enter value(s) for: {label}", name)
    half = {"item": {"items": [line(shop.card, 1, **chosen), line(shop.card, 2)]}}
    assert net.post("cashSale", body | half).status == 400
    whole = {"item": {"items": [line(shop.card, 1, **chosen), line(shop.card, 2, **chosen)]}}
    assert net.post("cashSale", body | whole).status == 204
    sale = net.post("cashSale", body | chosen).id
    assert net.post(f"cashSale/{sale}/!transform/cashRefund", {}).status == 204
    memo = net.post("creditMemo", body | chosen).id
    paid = {"customer": {"id": shop.customer}, "apply": {"items": [{"doc": {"id": memo}}]}}
    assert net.post("customerRefund", paid).status == 400
    assert net.post("customerRefund", paid | chosen).status == 204
