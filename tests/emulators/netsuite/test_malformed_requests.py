"""Malformed requests of every sort: NetSuite's status, envelope and place, and nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite, Reply
    from contract.shop import Shop

Line = Any
RECORD = "/services/rest/record/v1/"
MEMBERS = {
    "body": "o:errorPath",
    "header": "o:errorHeader",
    "query": "o:errorQueryParam",
    "address": "o:errorUrl",
}


def refusal(reply: Reply, status: int, code: str, member: str | None = None, place: str | None = None) -> None:
    """Assert one refusal in NetSuite's envelope, pointing at a place."""
    assert reply.status == status, reply.content
    assert reply.headers["Content-Type"] == "application/vnd.oracle.resource+json; type=error"
    document = reply.json
    assert (document["status"], document["type"].partition("#")[0]) == (
        status,
        "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html",
    )
    (detail,) = document["o:errorDetails"]
    assert detail["o:errorCode"] == code
    assert detail["detail"]
    if member:
        assert detail[MEMBERS[member]] == place


def census(net: NetSuite, shop: Shop) -> list[dict[str, str]]:
    """What there is of the customer's, and the customer."""
    sales = net.rows(f"SELECT id, foreigntotal, lastmodifieddate FROM transaction WHERE entity = {shop.customer}")
    return sales + net.rows(f"SELECT entityid, companyname FROM customer WHERE id = {shop.customer}")


@pytest.mark.stamp("verified: text in the tests of a public client of a live account")
@pytest.mark.parametrize(
    "content", ["bad body", "{", '{"memo": }', "[]", '"x"', "1", '{"a": NaN}', "\x00", "[" * 100_000, '{"a": 1e}']
)
def test_bodies_that_are_no_json_object(net: NetSuite, shop: Shop, content: str) -> None:
    """What is no JSON object is refused as invalid content, and nothing is written."""
    before = census(net, shop)
    headers = {"Authorization": f"Bearer {net.token}", "Content-Type": "application/json"}
    for path in ("cashSale", f"customer/{shop.customer}"):
        method = "POST" if path == "cashSale" else "PATCH"
        response = net.pool.request(method, f"{net.url}{RECORD}{path}", body=content.encode(), headers=headers)
        assert response.status == 400
        assert b'"Invalid content in the request body"' in response.data
    assert census(net, shop) == before


WRONG_VALUES = [
    ("tranDate", "2026-02-30"),
    ("tranDate", "20.2.2026"),
    ("tranDate", "2026-02-20garbage"),
    ("tranDate", 5),
    ("exchangeRate", "much"),
    ("exchangeRate", True),
    ("exchangeRate", {"id": 1}),
    ("exchangeRate", 10**400),
    ("exchangeRate", "1_0"),
    ("shippingCost", "NaN"),
    ("shippingCost", "Infinity"),
    ("shippingCost", []),
    ("memo", {"id": "1"}),
    ("memo", ["x"]),
    ("memo", True),
    ("memo", "x" * 5000),
    ("toBeEmailed", "perhaps"),
    ("toBeEmailed", 2),
    ("taxDetailsOverride", {}),
    ("handlingMode", "STEAL"),
    ("handlingMode", {}),
    ("entity", 99999),
    ("entity", True),
    ("entity", {}),
    ("entity", {"id": None}),
    ("entity", {"externalId": "nobody"}),
    ("entity", {"refName": 7}),
    ("entity", ["1"]),
    ("billingAddress", "Main Street"),
    ("partners", 7),
    ("salesRep", {"name": "x"}),
    ("custbody_x", ["a"]),
    ("custbody_x", {"deep": {}}),
    ("item", "x"),
    ("item", []),
    ("item", {"items": {}}),
    ("item", {"items": "x"}),
]


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(("name", "value"), WRONG_VALUES)
def test_wrong_types_in_the_body(net: NetSuite, shop: Shop, line: Line, name: str, value: Any) -> None:
    """A value of a wrong type is refused with the path to its field."""
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 1)]}, name: value}
    before = census(net, shop)
    refusal(net.post("cashRefund", body), 400, "INVALID_CONTENT", "body", name)
    assert census(net, shop) == before


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("quantity", "some", "item.items[1].quantity"),
        ("amount", [1], "item.items[1].amount"),
        ("amount", 10**16, "item.items[1].amount"),
        ("line", 1.5, "item.items[1].line"),
        ("item", {"id": "9999"}, "item.items[1].item"),
        ("location", {"refName": "nowhere"}, "item.items[1].location"),
        ("price", {"id": []}, "item.items[1].price"),
        ("isClosed", "F ", "item.items[1].isClosed"),
        ("inventoryDetail", 1, "item.items[1].inventoryDetail"),
        ("custcol_x", [[]], "item.items[1].custcol_x"),
    ],
)
def test_wrong_types_in_a_line(net: NetSuite, shop: Shop, line: Line, name: str, value: Any, place: str) -> None:
    """The path of a refusal counts the line from zero."""
    lines = [line(shop.card, 1), {**line(shop.card, 1), name: value}]
    body = {"entity": {"id": shop.customer}, "item": {"items": lines}}
    refusal(net.post("cashSale", body), 400, "INVALID_CONTENT", "body", place)


@pytest.mark.stamp("documented")
def test_lines_that_are_no_objects(net: NetSuite, shop: Shop) -> None:
    """A line that is no object is refused with its place in the sublist."""
    for wrong in ("x", 1, None, []):
        body = {"entity": {"id": shop.customer}, "item": {"items": [wrong]}}
        refusal(net.post("cashSale", body), 400, "INVALID_CONTENT", "body", "item.items[0]")


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"colour": 1}, "colour"),
        ({"apply": {"items": []}}, "apply"),
        ({"status": "V"}, "status"),
        ({"paymentMethod": {"id": "1"}}, "paymentMethod"),
        ({"custcol_x": 1}, "custcol_x"),
        ({"custentity_x": 1}, "custentity_x"),
        ({"item": {"lines": []}}, "item.lines"),
        ({"item": {"items": [{"price_level": 1}]}}, "item.items[0].price_level"),
        ({"item": {"items": [{"custbody_x": 1}]}}, "item.items[0].custbody_x"),
    ],
)
def test_unknown_names_at_each_level(net: NetSuite, body: Any, place: str) -> None:
    """A name that no field of that level has is refused when the caller wants that."""
    reply = net.post("cashRefund", body, X_NetSuite_PropertyNameValidation="Error")
    refusal(reply, 400, "INVALID_CONTENT", "body", place)


@pytest.mark.stamp("documented")
def test_wrong_values_by_the_wish_of_the_caller(net: NetSuite, shop: Shop, line: Line) -> None:
    """With Warning a wrong value is dropped and named in a header; a wrong reference is refused all the same."""
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 1)]}, "exchangeRate": "much"}
    warned = net.post("cashSale", body, X_NetSuite_PropertyValueValidation="Warning")
    assert "exchangeRate" in warned.headers["X-NetSuite-PropertyValidation"]
    assert net.read(f"cashSale/{warned.id}")["exchangeRate"] == 1
    ignored = net.post("cashSale", body, X_NetSuite_PropertyValueValidation="Ignore")
    assert "X-NetSuite-PropertyValidation" not in ignored.headers
    wrong = body | {"location": {"id": "77"}}
    refusal(net.post("cashSale", wrong, X_NetSuite_PropertyValueValidation="Ignore"), 400, "INVALID_CONTENT")


@pytest.mark.stamp("chosen")
def test_an_unknown_name_that_no_header_can_carry(net: NetSuite, shop: Shop, line: Line) -> None:
    """The record is written and answered like any other; the header names it with escapes, and comes to an end."""
    odd = {"li\nne": 1, "gr\u00f6\u00dfe": 1, "\U000caf96": 1} | {f"unknown{number}": 1 for number in range(500)}
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 1)]}, **odd}
    made = net.post("cashSale", body)
    said = made.headers["X-NetSuite-PropertyValidation"]
    assert (made.status, len(said)) == (204, 8000)
    assert said.startswith(r"Unknown reference or field name 'li\nne' was ignored.")
    assert r"'gr\xf6\xdfe'" in said
    assert r"'\U000caf96'" in said
    assert net.read(f"cashSale/{made.id}")["id"] == made.id


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("X-NetSuite-PropertyNameValidation", "Perhaps", 400),
        ("X-NetSuite-PropertyValueValidation", "1", 400),
        ("Content-Type", "text/xml", 415),
        ("Content-Type", "application/x-www-form-urlencoded", 415),
        ("Accept", "text/html", 406),
    ],
)
def test_wrong_headers(net: NetSuite, name: str, value: str, status: int) -> None:
    """A header that cannot be read is refused, and named."""
    bob = net.own("Bob")
    reply = net.post("customer", {"entityId": bob}, **{name.replace("-", "_"): value})
    code = "INVALID_CONTENT_TYPE" if name == "Content-Type" else "INVALID_HEADER"
    refusal(reply, status, code, "header", name)
    assert net.rows(f"SELECT id FROM customer WHERE entityid = '{bob}'") == []


@pytest.mark.stamp("documented")
def test_media_types_of_oracle(net: NetSuite) -> None:
    """Oracle's own media types are taken, with their parameters."""
    singular = "application/vnd.oracle.resource+json; type=singular"
    body = net.wanted_by_account("customer") | {"entityId": net.own("Bob")}
    assert net.post("customer", body, Content_Type=singular, Accept=singular).status == 204


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize(
    ("method", "where", "parameter"),
    [
        ("POST", "cashSale?replace=apply", "replace"),
        ("POST", "cashSale?replace=item,gifts", "replace"),
        ("PATCH", "customer/{customer}?replace=entityId", "replace"),
        ("PATCH", "customer/{customer}?replaceSelectedFields=yes", "replaceSelectedFields"),
        ("PATCH", "customer/{customer}?colour=1", "colour"),
        ("GET", "customer/{customer}?expandSubResources=1", "expandSubResources"),
        ("GET", "customer/{customer}?limit=5", "limit"),
        ("GET", "customer?limit=0", "limit"),
        ("GET", "customer?limit=x", "limit"),
        ("GET", "customer?limit=10&offset=5", "offset"),
        ("GET", "customer?offset=-1", "offset"),
        ("GET", "customer?q=entityId%20LIKES%20x", "q"),
        ("GET", "customer?q=colour%20IS%20x", "q"),
        ("DELETE", "customer/{customer}?force=true", "force"),
    ],
)
def test_wrong_query_parameters(net: NetSuite, shop: Shop, method: str, where: str, parameter: str) -> None:
    """A query parameter that is unknown there, or has a wrong value, is refused, and named."""
    body = {} if method in {"POST", "PATCH"} else None
    reply = net.call(method, RECORD + where.format(customer=shop.customer), body)
    refusal(reply, 400, "INVALID_PARAMETER", "query", parameter)


@pytest.mark.stamp("verified: texts in public logs of live accounts")
def test_addresses_that_lead_nowhere(net: NetSuite, shop: Shop) -> None:
    """An identifier that cannot be one, a record that is not there, a type that is none: each has its own answer."""
    refusal(net.get("customer/abc"), 400, "INVALID_ID", "address", "customer/abc")
    refusal(net.get("customer/000"), 400, "INVALID_ID", "address", "customer/000")
    refusal(net.get("customer/-1"), 404, "NONEXISTENT_ID", "address", "customer/-1")
    refusal(net.get("customer/eid:nobody"), 404, "NONEXISTENT_ID", "address", "customer/eid:nobody")
    assert (
        "The record instance does not exist. Provide a valid record instance ID."
        in net.get("customer/999999999").detail
    )
    refusal(net.get("unicorn/1"), 404, "NOT_FOUND")
    refusal(net.get(f"customer/{shop.customer}/wishes"), 404, "NOT_FOUND")
    refusal(net.post(f"customer/{shop.customer}/!transform/unicorn", {}), 404, "NOT_FOUND")


@pytest.mark.stamp("chosen")
def test_methods_that_an_address_has_not(net: NetSuite, shop: Shop) -> None:
    """A method that an address does not have is refused as such."""
    for method, path in (
        ("PUT", "customer"),
        ("PATCH", "customer"),
        ("DELETE", "customer"),
        ("POST", f"customer/{shop.customer}"),
        ("GET", f"cashSale/{shop.customer}/!transform/cashRefund"),
    ):
        body = {} if method in {"POST", "PATCH", "PUT"} else None
        refusal(net.call(method, RECORD + path, body), 405, "METHOD_NOT_ALLOWED")


@pytest.mark.stamp("documented")
def test_put_takes_an_external_id_only(net: NetSuite, shop: Shop) -> None:
    """PUT without eid: is refused; an external id with other characters is, too."""
    assert net.call("PUT", f"{RECORD}customer/{shop.customer}", {}).status == 400
    refusal(net.call("PUT", f"{RECORD}customer/eid:a%7Cb", {"entityId": "x"}), 400, "USER_ERROR", "body", "externalId")


@pytest.mark.stamp("documented")
def test_replace_selected_fields_clears_only_what_is_selected(net: NetSuite, shop: Shop, line: Line) -> None:
    """With replaceSelectedFields a null clears a field only where `replace` names it."""
    sale = shop.sale(line(shop.card, 1), memo="m", otherRefNum="7")
    where = f"cashSale/{sale}?replaceSelectedFields=true&replace=memo"
    assert net.patch(where, {"memo": None, "otherRefNum": None}).status == 204
    shown = net.read(f"cashSale/{sale}")
    assert ("memo" in shown, shown["otherRefNum"]) == (False, "7")


@pytest.mark.stamp("documented")
def test_lines_with_keys_that_match_nothing_are_added(net: NetSuite, shop: Shop, line: Line) -> None:
    """A line whose key names no line there is a new one, and needs what a new line needs."""
    sale = shop.sale(line(shop.card, 10))
    path = f"cashSale/{sale}/!transform/cashRefund?replace=item"
    refusal(net.post(path, {"item": {"items": [{"orderLine": 7}]}}), 400, "USER_ERROR", "body", "item.items[0].item")
    made = net.post(path, {"item": {"items": [{"orderLine": 7, **line(shop.card, 3)}]}}).id
    assert net.read(f"cashRefund/{made}")["total"] == 3
    assert net.patch(f"cashSale/{sale}", {"item": {"items": [{"line": 9, **line(shop.card, 5)}]}}).status == 204
    assert net.read(f"cashSale/{sale}")["total"] == 15


@pytest.mark.stamp("chosen")
def test_null_lines_and_echoed_links(net: NetSuite, shop: Shop, line: Line) -> None:
    """A null sublist has no lines; what was read may be sent back, links, counts and all."""
    sale = shop.sale(line(shop.card, 10))
    assert net.patch(f"cashSale/{sale}", {"item": None}).status == 204
    shown = net.read(f"cashSale/{sale}")
    assert net.patch(f"cashSale/{sale}", shown).status == 204
    assert net.read(f"cashSale/{sale}")["total"] == 10


@pytest.mark.stamp("documented")
def test_simple_enums_and_chosen_fields(net: NetSuite, shop: Shop, line: Line) -> None:
    """With simpleEnumFormat a choice is shown by its id alone."""
    order = shop.sale(line(shop.card, 10), kind="salesOrder")
    assert net.get(f"salesOrder/{order}").json["orderStatus"] == {"id": "B", "refName": "Pending Fulfillment"}
    assert net.get(f"salesOrder/{order}?simpleEnumFormat=true&fields=orderStatus").json["orderStatus"] == "B"
