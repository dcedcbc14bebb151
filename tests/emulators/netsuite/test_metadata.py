"""The metadata catalog, and what an account made of its records: custom fields, and the name of the way of payment."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from contrapost_emulators.netsuite.kinds import KINDS

if TYPE_CHECKING:
    from tests.emulators.netsuite.conftest import NetSuite, Shop

Line = Any
CATALOG = "/services/rest/record/v1/metadata-catalog"
SWAGGER, SCHEMA = "application/swagger+json", "application/schema+json"
OWN_FIELDS: list[dict[str, object]] = [
    {"name": "custbody_channel", "label": "Channel", "type": "list", "entries": ["Web", "Shop"]},
    {"name": "custbody_order_day", "label": "Day of Order", "type": "date", "records": ["cashSale", "cashRefund"]},
    {"name": "custbody_agent", "label": "Agent", "type": "record", "to": "customer"},
    {"name": "custcol_reason", "label": "Reason", "type": "text"},
    {"name": "custcol_weight", "type": "decimal"},
]


def describe(net: NetSuite, path: str = "", accept: str = "application/json") -> Any:
    """Read a part of the catalog."""
    reply = net.call("GET", f"/services/rest/record/v1/metadata-catalog{path}", Accept=accept)
    assert reply.status == 200, reply.content
    assert reply.headers["Content-Type"].startswith(accept if "+" in accept else "application/")
    return reply.json


@pytest.mark.stamp("documented")
def test_the_catalog_lists_record_types(net: NetSuite) -> None:
    """Each record type leads to its description in two formats, and to its records."""
    listed = {item["name"]: item["links"] for item in describe(net)["items"]}
    assert {"cashRefund", "creditMemo", "customerRefund", "customer"} <= listed.keys()
    links = {(link["rel"], link.get("mediaType")) for link in listed["cashRefund"]}
    assert links >= {("canonical", "application/json"), ("alternate", SWAGGER), ("alternate", SCHEMA)}
    chosen = describe(net, "?select=cashRefund,creditmemo")["items"]
    assert [item["name"] for item in chosen] == ["cashRefund", "creditMemo"]


@pytest.mark.stamp("documented")
def test_json_schema_of_a_record(net: NetSuite) -> None:
    """The schema of a record type names its fields with their types, and its sublists with the keys of their lines."""
    schema = describe(net, "/creditMemo", SCHEMA)
    fields = schema["properties"]
    assert schema["$schema"] == "https://json-schema.org/draft-06/hyper-schema#"
    assert fields["tranDate"] | {"title": ""} == {"title": "", "type": "string", "format": "date", "nullable": True}
    assert fields["total"]["readOnly"] is True
    assert fields["entity"] == {"$ref": f"{CATALOG}/customer"}
    line = fields["item"]["properties"]["items"]["items"]
    assert line["x-ns-sublistkey"] == {"present": True, "value": {"new": ["orderLine"], "existing": ["line"]}}
    apply = fields["apply"]["properties"]["items"]["items"]
    assert apply["x-ns-sublistkey"]["value"]["existing"] == ["doc", "line"]
    assert {"externalId", "tranId", "entity", "tranDate"} <= set(schema["x-ns-filterable"])
    assert describe(net, "/nsLink", SCHEMA)["properties"].keys() == {"rel", "href"}


@pytest.mark.stamp("documented")
def test_openapi_of_chosen_records(net: NetSuite) -> None:
    """OpenAPI has the addresses of the record types that were chosen; a reference to another has no structure."""
    document = describe(net, "?select=cashSale,customer", SWAGGER)
    assert document["openapi"].startswith("3.0")
    assert set(document["paths"]) >= {
        "/cashSale",
        "/cashSale/{id}",
        "/cashSale/{id}/!transform/cashRefund",
        "/cashSale/{id}/!transform/returnAuthorization",
        "/customer",
        "/customer/{id}",
    }
    assert not [path for path in document["paths"] if not path.startswith(("/cashSale", "/customer"))]
    schemas = document["components"]["schemas"]
    assert schemas["cashSale"]["properties"]["entity"] == {"$ref": "#/components/schemas/customer"}
    assert schemas["cashSale"]["properties"]["account"] == {"$ref": "#/components/schemas/nsResource"}
    assert schemas["cashSale"]["properties"]["item"] == {"$ref": "#/components/schemas/cashSale-itemCollection"}
    assert "quantity" in schemas["cashSale-itemElement"]["properties"]


@pytest.mark.stamp("chosen")
@pytest.mark.emulated("it names every record type of the emulator")
def test_every_record_type_is_described(net: NetSuite) -> None:
    """Each record type has a schema, and no reference in the whole description leads nowhere."""
    whole = describe(net, "", SWAGGER)
    schemas = whole["components"]["schemas"]
    assert {kind.name for kind in KINDS.values()} <= schemas.keys()
    led_to = {reference.rpartition("/")[2] for reference in _references(whole)}
    assert led_to <= schemas.keys()
    for kind in KINDS.values():
        assert describe(net, f"/{kind.name}", SCHEMA)["type"] == "object"


def _references(document: Any) -> list[str]:
    if isinstance(document, list):
        return [reference for one in document for reference in _references(one)]
    if isinstance(document, dict):
        own = [document["$ref"]] if "$ref" in document else []
        return own + [reference for one in document.values() for reference in _references(one)]
    return []


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/nonsense", SCHEMA, 404),
        ("?select=nonsense", SWAGGER, 404),
        ("?pick=cashSale", SWAGGER, 400),
        ("", SCHEMA, 406),
        ("/cashSale", "text/html", 406),
        ("/cashSale/1", SCHEMA, 404),
    ],
)
def test_what_the_catalog_does_not_have(net: NetSuite, path: Any, accept: Any, status: Any) -> None:
    """An unknown type, parameter or format is refused."""
    assert net.call("GET", CATALOG + path, Accept=accept).status == status


@pytest.mark.stamp("documented")
def test_custom_fields_are_in_the_catalog(net: NetSuite) -> None:
    """A custom field is described like others, marked as custom, on the records and lines that have it."""
    net.control("POST", "custom-fields", OWN_FIELDS)
    refund, memo = (describe(net, f"/{name}", SCHEMA)["properties"] for name in ("cashRefund", "creditMemo"))
    assert refund["custbody_order_day"] == {
        "title": "Day of Order",
        "type": "string",
        "format": "date",
        "nullable": True,
        "x-ns-custom-field": True,
    }
    assert "custbody_order_day" not in memo
    assert memo["custbody_channel"]["properties"]["id"]["enum"] == ["1", "2"]
    assert memo["item"]["properties"]["items"]["items"]["properties"]["custcol_reason"]["title"] == "Reason"
    assert "custbody_channel" not in describe(net, "/customer", SCHEMA)["properties"]


@pytest.mark.stamp("documented")
def test_custom_values_have_types(net: NetSuite, shop: Shop, line: Line) -> None:
    """Values are read by the type of their field, shown by it, and found by SuiteQL."""
    net.control("POST", "custom-fields", OWN_FIELDS)
    assert net.rows("SELECT custbody_channel FROM transaction") == []
    sale = shop.sale(
        line(shop.card, 10, custcol_reason="late", custcol_weight="1.50"),
        custbody_channel={"refName": "Shop"},
        custbody_order_day="2026-03-05",
        custbody_agent={"id": shop.customer},
    )
    shown = net.read(f"cashSale/{sale}")
    assert shown["custbody_channel"] == {"id": "2", "refName": "Shop"}
    assert shown["custbody_agent"]["refName"] == "Ada"
    assert shown["item"]["items"][0]["custcol_weight"] == Decimal("1.5")
    found = net.rows(
        "SELECT t.custbody_channel, TO_CHAR(t.custbody_order_day, 'YYYY-MM-DD') AS day, l.custcol_reason"
        " FROM transaction t JOIN transactionline l ON l.transaction = t.id"
        f" WHERE t.id = {sale} AND l.mainline = 'F' AND t.custbody_order_day > TO_DATE('2026-03-01', 'YYYY-MM-DD')"
    )
    assert found == [{"custbody_channel": "2", "day": "2026-03-05", "custcol_reason": "late"}]


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    ("field", "value", "detail"),
    [
        ("custbody_nobodys", "x", "custbody_nobodys"),
        ("custbody_channel", {"id": "3"}, "custbody_channel"),
        ("custbody_order_day", "soon", "custbody_order_day"),
        ("custbody_agent", {"id": "999"}, "custbody_agent"),
    ],
)
def test_custom_fields_are_strict_once_defined(
    net: NetSuite, shop: Shop, line: Line, field: Any, value: Any, detail: Any
) -> None:
    """With custom fields defined, an unknown custom name and a wrong value are refused like others."""
    net.control("POST", "custom-fields", OWN_FIELDS)
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 10)]}, field: value}
    reply = net.post("cashSale", body, X_NetSuite_PropertyNameValidation="Error")
    assert (reply.status, reply.path) == (400, detail)


@pytest.mark.stamp("documented")
def test_an_unknown_custom_name_is_dropped_with_a_warning(net: NetSuite, shop: Shop, line: Line) -> None:
    """Without strict validation it is dropped silently, but for a header."""
    net.control("POST", "custom-fields", OWN_FIELDS)
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 10, custcol_x=1)]}, "custbody_x": 1}
    reply = net.post("cashSale", body)
    assert "custbody_x" in reply.headers["X-NetSuite-PropertyValidation"]
    assert "custcol_x" in reply.headers["X-NetSuite-PropertyValidation"]
    assert "custbody_x" not in net.read(f"cashSale/{reply.id}")


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize(
    "field",
    [
        {"name": "Channel", "type": "text"},
        {"name": "custbody_a", "type": "picture"},
        {"name": "custbody_a", "type": "list"},
        {"name": "custbody_a", "type": "text", "entries": ["x"]},
        {"name": "custbody_a", "type": "record", "to": "nonsense"},
        {"name": "custbody_a", "type": "text", "records": "cashSale"},
        {"name": "custbody_a", "type": "text", "colour": "red"},
        {"name": "custbody_a"},
        "custbody_a",
    ],
)
def test_odd_custom_fields_are_refused(net: NetSuite, field: Any) -> None:
    """What cannot be a custom field is refused, and nothing is defined."""
    good = {"name": "custbody_good", "type": "text"}
    assert net.control("POST", "custom-fields", [good, field]).status in {400, 404}
    assert net.control("GET", "custom-fields").json == []


@pytest.mark.stamp("verified: field lists of accounts that differ in it")
def test_the_way_of_payment_may_go_by_its_other_name(net: NetSuite, shop: Shop, line: Line) -> None:
    """In some accounts the field is paymentMethod: then the other name is unknown, and the catalog says so."""
    net.control("POST", "preferences", {"payment_field": "paymentMethod"})
    fields = describe(net, "/cashRefund", SCHEMA)["properties"]
    assert "paymentMethod" in fields
    assert "paymentOption" not in fields
    cash = {"refName": "Cash"}
    sale = shop.sale(line(shop.card, 10), paymentMethod=cash)
    shown = net.read(f"cashSale/{sale}")
    assert (shown["paymentMethod"]["refName"], "paymentOption" in shown) == ("Cash", False)
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 10)]}, "paymentOption": cash}
    reply = net.post("cashSale", body, X_NetSuite_PropertyNameValidation="Error")
    assert (reply.status, reply.path) == (400, "paymentOption")
    refund = net.post(f"cashSale/{sale}/!transform/cashRefund", {}).id
    assert net.read(f"cashRefund/{refund}")["paymentMethod"]["refName"] == "Cash"
