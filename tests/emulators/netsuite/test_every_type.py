"""Each record type is made, read, listed, changed, upserted and deleted, as far as NetSuite lets it be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.netsuite.conftest import NetSuite, Shop

Line = Any
SET_UP = pytest.mark.emulated("a sandbox keeps its own set-up")
PART = {"items": [{"item": {"refName": "PART"}, "quantity": 2}]}


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    ("kind", "naming", "more"),
    [
        ("customer", "entityId", {}),
        ("inventoryItem", "itemId", {}),
        ("serializedInventoryItem", "itemId", {}),
        ("lotNumberedInventoryItem", "itemId", {}),
        ("nonInventorySaleItem", "itemId", {}),
        ("nonInventoryResaleItem", "itemId", {}),
        ("serviceSaleItem", "itemId", {}),
        ("otherChargeSaleItem", "itemId", {}),
        ("discountItem", "itemId", {"rate": "-5%"}),
        ("shipItem", "itemId", {}),
        ("kitItem", "itemId", {"member": PART}),
        ("itemGroup", "itemId", {"member": PART}),
        ("account", "acctName", {"acctType": {"id": "Income"}}),
        pytest.param("location", "name", {}, marks=SET_UP),
        pytest.param("department", "name", {}, marks=SET_UP),
        pytest.param("classification", "name", {}, marks=SET_UP),
        pytest.param("subsidiary", "name", {}, marks=SET_UP),
        pytest.param("currency", "name", {"symbol": "XXX"}, marks=SET_UP),
        pytest.param("salesTaxItem", "itemId", {"rate": "5%"}, marks=SET_UP),
        pytest.param("taxType", "name", {}, marks=SET_UP),
        pytest.param("accountingBook", "name", {}, marks=SET_UP),
        pytest.param("paymentOption", "name", {}, marks=SET_UP),
    ],
)
def test_records_of_lists(net: NetSuite, kind: Any, naming: Any, more: Any) -> None:
    """What stands in a list is found by its external id, changed and deleted, and is gone then."""
    if "member" in more:
        part = net.make("nonInventorySaleItem", itemId="PART")
        more = {"member": {"items": [{"item": {"id": part}, "quantity": 2}]}}
    name, external_id = net.own("Thing"), net.own("thing-1")
    made = net.make(kind, **{naming: name}, externalId=external_id, **more)
    assert net.read(f"{kind}/{made}")[naming] == name
    listed = net.get(f"{kind}?q=externalId%20IS%20%22{external_id}%22").json
    assert [one["id"] for one in listed["items"]] == [made]
    assert net.patch(f"{kind}/{made}", {"isInactive": True}).id == made
    assert net.read(f"{kind}/eid:{external_id}")["isInactive"] is True
    assert net.put(f"{kind}/eid:{external_id}", {naming: net.own("Other")}).id == made
    assert net.read(f"{kind}/{made}")[naming] == net.own("Other")
    assert net.delete(f"{kind}/{made}").status == 204
    assert net.get(f"{kind}/{made}").status == 404


@pytest.mark.stamp("documented")
def test_gift_certificate_item_names_its_liability(net: NetSuite) -> None:
    """A gift certificate item cannot be made without the account that it is owed on."""
    refused = net.post("giftCertificateItem", {"itemId": net.own("GIFT")})
    assert "Please enter value(s) for: Liability Account" in refused.detail
    account = net.make("account", acctNumber="2300", acctName="Gift cards", acctType={"id": "OthCurrLiab"})
    name = net.own("gift-1")
    path = f"giftCertificateItem/eid:{name}"
    made = net.put(path, {"itemId": net.own("GIFT"), "liabilityAccount": {"id": account}}).id
    assert net.patch(f"giftCertificateItem/{made}", {"daysBeforeExpiration": 365}).status == 204
    assert net.read(f"giftCertificateItem/{made}")["daysBeforeExpiration"] == 365
    assert net.delete(f"giftCertificateItem/{made}").status == 204
    assert net.get(path).status == 404


def transaction(net: NetSuite, shop: Shop, line: Line, kind: str) -> str:
    """One that nothing else depends on."""
    customer, clearing = {"customer": {"id": shop.customer}}, {"account": {"id": shop.clearing}}
    if kind == "inventoryAdjustment":
        return shop.stock(shop.tray, 1, 15)
    if kind == "customerDeposit":
        return net.make(kind, **customer, **clearing, payment=10)
    if kind in {"customerPayment", "customerRefund"}:
        of = "invoice" if kind == "customerPayment" else "creditMemo"
        apply = {"items": [{"doc": {"id": shop.sale(line(shop.card, 10), kind=of)}}]}
        return net.make(kind, **customer, **clearing, apply=apply)
    if kind == "depositApplication":
        deposit = transaction(net, shop, line, "customerDeposit")
        apply = {"items": [{"doc": {"id": shop.sale(line(shop.card, 10), kind="invoice")}}]}
        return net.post(f"customerDeposit/{deposit}/!transform/depositApplication", {"apply": apply}).id
    if kind == "itemReceipt":
        order = shop.sale(line(shop.tray, 40), kind="returnAuthorization", orderStatus={"id": "B"})
        return net.post(f"returnAuthorization/{order}/!transform/itemReceipt", {}).id
    return shop.sale(line(shop.card, 10), kind=kind)


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    "kind",
    [
        "salesOrder",
        "cashSale",
        "invoice",
        "cashRefund",
        "creditMemo",
        "returnAuthorization",
        "itemReceipt",
        "customerDeposit",
        "customerPayment",
        "depositApplication",
        "customerRefund",
        "inventoryAdjustment",
    ],
)
def test_transactions(net: NetSuite, shop: Shop, line: Line, kind: Any) -> None:
    """A transaction takes a memo and an external id later, is found by it, and is gone once deleted."""
    made, external_id = transaction(net, shop, line, kind), net.own("later-1")
    if kind == "inventoryAdjustment":
        assert "does not serve change of inventoryAdjustment" in net.patch(f"{kind}/{made}", {"memo": "x"}).detail
    else:
        assert net.patch(f"{kind}/{made}", {"externalId": external_id}).id == made
        assert net.put(f"{kind}/eid:{external_id}", {"memo": "later"}).id == made
        assert net.read(f"{kind}/{made}")["memo"] == "later"
        listed = net.get(f"{kind}?q=externalId%20IS%20%22{external_id}%22").json
        assert [one["id"] for one in listed["items"]] == [made]
    assert net.delete(f"{kind}/{made}").status == 204
    assert net.get(f"{kind}/{made}").status == 404


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize("kind", ["accountingPeriod", "inventoryNumber", "giftCertificate"])
def test_what_comes_by_itself_is_not_made(net: NetSuite, kind: Any) -> None:
    """Periods, serial numbers and gift certificates come with something else."""
    assert f"does not serve create of {kind}" in net.post(kind, {}).detail


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize("kind", ["itemReceipt", "depositApplication", "journalEntry", "fxReval"])
def test_what_is_made_from_another_is_not_posted(net: NetSuite, kind: Any) -> None:
    """What a transform, a void or NetSuite itself makes is not made by a plain POST."""
    assert f"does not serve create of {kind}" in net.post(kind, {}).detail
