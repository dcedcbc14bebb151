"""Records that a workflow locks, and records that a person changes while a request is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
LOCKED = "Error while accessing a resource. This record has been locked by a user defined workflow."
CHANGED = "Error while accessing a resource. Record has been changed"


def lock(net: NetSuite, kind: str, record: str, *, locked: bool = True) -> Any:
    return net.control("POST", "workflow-locks", {"type": kind, "id": record, "locked": locked})


@pytest.mark.stamp("verified: quoted from live accounts by a public connector")
def test_a_record_locked_by_a_workflow(net: NetSuite, shop: Shop, line: Line) -> None:
    """It is neither read nor changed, deleted or transformed, until the workflow gives it free."""
    sale = shop.sale(line(shop.card, 5))
    assert lock(net, "cashSale", sale).json["locked"] is True
    transform = f"cashSale/{sale}/!transform/cashRefund"
    for reply in (
        net.get(f"cashSale/{sale}"),
        net.get(f"cashSale/{sale}/item"),
        net.patch(f"cashSale/{sale}", {"memo": "x"}),
        net.delete(f"cashSale/{sale}"),
        net.post(transform, {}),
    ):
        assert (reply.status, reply.detail) == (400, LOCKED)
    assert net.rows(f"SELECT id FROM transaction WHERE entity = {shop.customer}") == [{"id": sale}]
    lock(net, "cashSale", sale, locked=False)
    assert net.post(transform, {}).status == 204


@pytest.mark.stamp("chosen")
def test_a_locked_record_is_found_by_searches(net: NetSuite, shop: Shop, line: Line) -> None:
    """SuiteQL and collections do not open records: a lock does not hide them."""
    sale = shop.sale(line(shop.card, 5))
    lock(net, "cashSale", sale)
    assert net.rows(f"SELECT foreigntotal FROM transaction WHERE id = {sale}") == [{"foreigntotal": "5"}]
    assert net.get(f"cashSale?q=id%20EQUAL%20{sale}").json["totalResults"] == 1


@pytest.mark.stamp("verified: in the catalogue of NetSuite's messages")
def test_the_source_is_changed_meanwhile(net: NetSuite, shop: Shop, line: Line) -> None:
    """The first transform is refused, the person's change stands, and a second try works on what is there now."""
    sale = shop.sale(line(shop.card, 5))
    change = {"item": {"items": [{"line": 1, "amount": 7}]}}
    net.control("POST", "edit-meanwhile", {"type": "cashSale", "id": sale, "body": change})
    transform = f"cashSale/{sale}/!transform/cashRefund"
    assert net.post(transform, {}).detail == CHANGED
    assert net.read(f"cashSale/{sale}")["total"] == 7
    assert net.rows(f"SELECT id FROM transaction WHERE entity = {shop.customer}") == [{"id": sale}]
    made = net.post(transform, {}).id
    assert net.read(f"cashRefund/{made}")["total"] == 7


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_record_is_changed_meanwhile(net: NetSuite, shop: Shop, method: str) -> None:
    """A change or deletion of what another changed since it was opened is refused once."""
    path = f"customer/{shop.customer}"
    change = {"type": "customer", "id": shop.customer, "body": {"email": "a@example.com"}}
    net.control("POST", "edit-meanwhile", change)
    body = {"phone": "1"} if method == "PATCH" else None
    address = f"/services/rest/record/v1/{path}"
    assert net.call(method, address, body).detail == CHANGED
    shown = net.read(path)
    assert (shown["email"], "phone" in shown) == ("a@example.com", False)
    assert net.call(method, address, body).status == 204


@pytest.mark.stamp("chosen")
def test_wrong_wishes_of_a_person_are_refused(net: NetSuite, shop: Shop) -> None:
    """A record that is not there, a field nobody knows, half a request: nothing is noted."""
    wrong = [
        ("workflow-locks", {"type": "cashSale", "id": "99", "locked": True}),
        ("workflow-locks", {"type": "customer", "id": shop.customer}),
        ("edit-meanwhile", {"type": "customer", "id": shop.customer, "body": {"colour": 1}}),
        ("edit-meanwhile", {"type": "customer", "id": shop.customer, "body": []}),
    ]
    for name, body in wrong:
        assert net.control("POST", name, body).status == 400
    assert net.patch(f"customer/{shop.customer}", {"phone": "1"}).status == 204
