"""Gift certificate items: a liability until used, a record of its own without an external id."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
D = Decimal
PEOPLE = {
    "giftCertFrom": "Ada",
    "giftCertRecipientName": "Bob",
    "giftCertRecipientEmail": "bob@example.com",
    "giftCertMessage": "Enjoy",
}


@pytest.fixture
def card(net: NetSuite) -> str:
    """A gift certificate item on 2300 that is good for a year."""
    body = {"acctNumber": "2300", "acctName": "Gift cards", "acctType": {"id": "OthCurrLiab"}}
    account = {"id": net.make("account", **body)}
    return net.make("giftCertificateItem", itemId="GIFT", liabilityAccount=account, daysBeforeExpiration=365)


def certificate(net: NetSuite, sale: str, kind: str = "cashSale") -> dict[str, Any]:
    """The certificate that a sale's first line made."""
    code = net.read(f"{kind}/{sale}")["item"]["items"][0]["giftCertNumber"]
    found = net.rows(f"SELECT id, amountremaining FROM giftcertificate WHERE giftcertcode = '{code}'")
    return {**net.read(f"giftCertificate/{found[0]['id']}"), "asked": D(found[0]["amountremaining"])}


@pytest.mark.stamp("documented")
def test_a_sold_certificate_is_a_liability(net: NetSuite, shop: Shop, card: str, line: Line) -> None:
    """The sale books the liability, taxes nothing, and makes a certificate; an order makes none before it is billed."""
    order = shop.sale(line(card, 50, **PEOPLE), kind="salesOrder", taxItem={"id": shop.tax})
    assert "giftCertNumber" not in net.read(f"salesOrder/{order}")["item"]["items"][0]
    sale = net.post(f"salesOrder/{order}/!transform/cashSale", {"account": {"id": shop.clearing}}).id
    assert net.ledger(sale) == {"1090": D(50), "2300": D(-50)}
    made = certificate(net, sale)
    assert (made["originalAmount"], made["amountRemaining"], made["asked"]) == (50, 50, 50)
    assert (made["sender"], made["name"], made["email"], made["message"]) == tuple(PEOPLE.values())
    assert made["expirationDate"] > net.read(f"cashSale/{sale}")["tranDate"]


@pytest.mark.stamp("documented")
def test_a_certificate_has_no_external_id(net: NetSuite, shop: Shop, card: str, line: Line) -> None:
    """Neither read nor written, and no request makes or deletes a certificate by itself."""
    made = certificate(net, shop.sale(line(card, 50, **PEOPLE)))
    assert "externalId" not in made
    path = f"/services/rest/record/v1/giftCertificate/{made['id']}"
    refused = net.call("PATCH", path, {"externalId": "G-1"}, X_NetSuite_PropertyNameValidation="Error")
    assert (refused.status, refused.path) == (400, "externalId")
    assert net.call("PUT", "/services/rest/record/v1/giftCertificate/eid:G-1", {"name": "Bob"}).status == 400
    assert net.get("giftCertificate/eid:G-1").status == 404
    assert net.post("giftCertificate", {"name": "Bob"}).status == 400
    assert net.delete(f"giftCertificate/{made['id']}").status == 400
    assert net.patch(f"giftCertificate/{made['id']}", {"name": "Bo"}).status == 204


@pytest.mark.stamp("chosen")
def test_sender_and_recipient_are_asked_for(net: NetSuite, shop: Shop, card: str, line: Line) -> None:
    """A sale that leaves one of them out is refused, as is an item without its liability account."""
    for name in ("giftCertFrom", "giftCertRecipientName", "giftCertRecipientEmail"):
        people = {field: value for field, value in PEOPLE.items() if field != name}
        body = {"entity": {"id": shop.customer}, "item": {"items": [line(card, 50, **people)]}}
        refused = net.post("cashSale", body)
        assert "Please enter value(s) for" in refused.detail
        assert refused.path == f"item.items[0].{name}"
    assert net.post("giftCertificateItem", {"itemId": "BARE"}).detail.endswith("for: Liability Account")


@pytest.mark.stamp("chosen")
def test_a_refunded_certificate_is_worth_what_is_left(net: NetSuite, shop: Shop, card: str, line: Line) -> None:
    """Refunds take the liability back and lower the certificate; undone, it is worth what it was."""
    sale = shop.sale(line(card, 50, **PEOPLE))
    where = f"cashSale/{sale}/!transform/cashRefund?replace=item"
    body = {"account": {"id": shop.clearing}, "item": {"items": [{"orderLine": 1, "amount": 20}]}}
    made = net.post(where, body).id
    assert net.ledger(made) == {"1090": D(-20), "2300": D(20)}
    assert certificate(net, sale)["amountRemaining"] == 30
    assert net.patch(f"cashRefund/{made}", {"item": {"items": [{"line": 1, "amount": 50}]}}).status == 204
    assert certificate(net, sale)["amountRemaining"] == 0
    assert net.delete(f"cashRefund/{made}").status == 204
    assert certificate(net, sale)["amountRemaining"] == 50


@pytest.mark.stamp("chosen")
def test_a_certificate_returned_by_authorization(net: NetSuite, shop: Shop, card: str, line: Line) -> None:
    """It waits for no receipt, and the memo made of its return lowers it too."""
    sale = shop.sale(line(card, 50, **PEOPLE), kind="invoice")
    made = net.post(f"invoice/{sale}/!transform/returnAuthorization", {"orderStatus": {"id": "B"}}).id
    assert net.read(f"returnAuthorization/{made}")["status"]["refName"] == "Pending Refund"
    memo = net.post(f"returnAuthorization/{made}/!transform/creditMemo", {}).id
    assert net.ledger(memo) == {"1100": D(-50), "2300": D(50)}
    assert certificate(net, sale, "invoice")["asked"] == 0


@pytest.mark.stamp("chosen")
def test_a_code_is_given_once(net: NetSuite, shop: Shop, card: str, line: Line) -> None:
    """A code of the seller's own is kept, refused a second time, and free again when its sale is deleted."""
    code = net.own("ABC-1")
    sale = shop.sale(line(card, 50, giftCertNumber=code, **PEOPLE))
    body = {
        "entity": {"id": shop.customer},
        "item": {"items": [line(card, 50, giftCertNumber=code.lower(), **PEOPLE)]},
    }
    assert "already" in net.post("invoice", body).detail
    assert net.patch(f"cashSale/{sale}", {"item": {"items": [{"line": 1, "amount": 60}]}}).status == 204
    assert certificate(net, sale)["originalAmount"] == 60
    assert net.delete(f"cashSale/{sale}").status == 204
    assert net.rows(f"SELECT id FROM giftcertificate WHERE giftcertcode = '{code}'") == []
    assert net.post("invoice", body).status == 204


@pytest.mark.stamp("chosen")
def test_a_voided_refund_gives_the_certificate_its_worth_again(
    net: NetSuite, shop: Shop, card: str, line: Line
) -> None:
    """A refund that is voided took nothing back, whether it was made of the sale or of its return."""
    sale = shop.sale(line(card, 50, **PEOPLE))
    made = net.post(f"cashSale/{sale}/!transform/returnAuthorization", {"orderStatus": {"id": "B"}}).id
    money = net.post(f"returnAuthorization/{made}/!transform/cashRefund", {}).id
    assert certificate(net, sale)["amountRemaining"] == 0
    net.control("POST", "void", {"type": "cashRefund", "id": money})
    assert certificate(net, sale)["amountRemaining"] == 50
    assert net.read(f"returnAuthorization/{made}")["status"]["refName"] == "Pending Refund"
