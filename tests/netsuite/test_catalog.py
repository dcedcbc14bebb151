"""The account's own fields: read from the description that NetSuite gives of its records in OpenAPI."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netsuite_server import Server, refusal, reply

from contrapost.codec import decode, encode
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.catalog import Catalog, Field, FieldType, read_catalog
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.lists import Lists
from contrapost.netsuite.settings import NetSuiteSettings

TEXT = {"title": "Memo", "type": "string", "nullable": True}
RESOURCE = {"$ref": "#/components/schemas/nsResource"}
ELEMENT = {
    "type": "object",
    "properties": {
        "item": {"oneOf": [RESOURCE]},
        "quantity": {"title": "Quantity", "type": "number", "format": "float", "nullable": True},
        "line": {"title": "Line ID", "type": "integer", "format": "int64", "nullable": True},
        "custcol_reason": {"title": "Reason", "type": "string", "x-ns-custom-field": True},
        "inventoryDetail": {"$ref": "#/components/schemas/creditMemo-item-inventoryDetail"},
    },
    "x-ns-sublistkey": {"present": True, "value": {"new": ["orderLine"], "existing": ["line"]}},
}


def document(**more: Any) -> dict[str, Any]:
    """The description of a credit memo, in the form NetSuite gives it."""
    memo = {
        "type": "object",
        "properties": {
            "memo": TEXT,
            "tranDate": {"title": "Date", "type": "string", "format": "date"},
            "createdDate": {"title": "Date Created", "type": "string", "format": "date-time"},
            "total": {"title": "Total", "type": "number", "format": "double"},
            "prevRep": {"title": "Previous", "type": "integer", "format": "int64"},
            "toBeEmailed": {"title": "To Be Emailed", "type": "boolean"},
            "entity": {"$ref": "#/components/schemas/customer"},
            "customer": {"oneOf": [{"$ref": "#/components/schemas/customer"}, RESOURCE]},
            "custbody_channel": RESOURCE,
            "customForm": {
                "type": "object",
                "properties": {"id": {"type": "string", "enum": ["177", "113"]}, "refName": {"type": "string"}},
            },
            "billingAddress": {"$ref": "#/components/schemas/creditMemo-billingAddress"},
            "links": {"title": "Links", "type": "array", "readOnly": True},
            "item": {"$ref": "#/components/schemas/creditMemo-itemCollection"},
        }
        | more,
    }
    collection = {
        "type": "object",
        "properties": {
            "hasMore": {"type": "boolean"},
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/creditMemo-itemElement"}},
        },
    }
    named = {"id": {"type": "string"}, "refName": {"type": "string"}, "externalId": {"type": "string"}}
    schemas = {
        "creditMemo": memo,
        "creditMemo-itemCollection": collection,
        "creditMemo-itemElement": ELEMENT,
        "creditMemo-billingAddress": {"type": "object", "properties": {"zip": TEXT, "externalId": TEXT}},
        "customer": {"type": "object", "properties": named | {"addressBook": {"type": "array"}}},
        "nsResource": {"type": "object", "properties": named},
    }
    return {"openapi": "3.0.1", "components": {"schemas": schemas}}


def catalog(**more: Any) -> Catalog:
    """What is read of it."""
    return read_catalog(document(**more), ["creditMemo", "cashRefund"])


@pytest.mark.parametrize(
    ("field", "type_"),
    [
        ("memo", FieldType.TEXT),
        ("tranDate", FieldType.DAY),
        ("createdDate", FieldType.MOMENT),
        ("total", FieldType.NUMBER),
        ("prevRep", FieldType.INTEGER),
        ("toBeEmailed", FieldType.FLAG),
        ("entity", FieldType.REFERENCE),
        ("customer", FieldType.REFERENCE),
        ("custbody_channel", FieldType.REFERENCE),
        ("customForm", FieldType.CHOICE),
        ("billingAddress", FieldType.LIST),
        ("links", FieldType.LIST),
        ("item", FieldType.LIST),
    ],
)
def test_types_are_read(field: str, type_: FieldType) -> None:
    """Each kind of field is known by how NetSuite describes it."""
    assert catalog().type_of("creditMemo", field) is type_


def test_lines_and_their_keys_are_read() -> None:
    """Of a sublist: its columns, custom ones too, and what names a new and an existing line."""
    lines = catalog().sublist("creditMemo", "item")
    assert lines is not None
    assert (lines.new_keys, lines.existing_keys) == (("orderLine",), ("line",))
    assert [(one.name, one.type) for one in lines.fields] == [
        ("custcol_reason", FieldType.TEXT),
        ("inventoryDetail", FieldType.LIST),
        ("item", FieldType.REFERENCE),
        ("line", FieldType.INTEGER),
        ("quantity", FieldType.NUMBER),
    ]


def test_what_a_field_is_called_and_can_be() -> None:
    """The title on the screens, the choices of a list, and whether the account added it."""
    found = catalog()
    assert found.field("creditMemo", "memo") == Field(name="memo", type=FieldType.TEXT, title="Memo")
    form = found.field("creditMemo", "customForm")
    assert form is not None
    assert form.choices == ("177", "113")
    custom = found.field("creditMemo", "custbody_channel")
    assert custom is not None
    assert custom.is_custom
    assert not form.is_custom


def test_what_was_not_described_is_not_known() -> None:
    """A record NetSuite says nothing of is not known, which is not the same as a field that is not there."""
    found = catalog()
    assert found.knows("creditMemo")
    assert not found.knows("cashRefund")
    assert not found.has("creditMemo", "custcol_reason")
    assert found.has("creditMemo", "custcol_reason", "item")
    assert found.type_of("creditMemo", "nothing") is None
    assert found.names("creditMemo", "apply") == ()


@pytest.mark.parametrize(
    ("there", "asked", "own"),
    [
        ("paymentOption", "paymentMethod", "paymentOption"),
        ("paymentMethod", "paymentOption", "paymentMethod"),
        ("paymentMethod", "paymentMethod", "paymentMethod"),
        ("other", "paymentMethod", "paymentMethod"),
        ("paymentMethod", "memo", "memo"),
    ],
)
def test_the_way_of_payment_goes_by_the_accounts_own_name(there: str, asked: str, own: str) -> None:
    """Accounts name the way of payment differently, and the catalog says which name it is."""
    assert catalog(**{there: RESOURCE}).own_name("creditMemo", asked) == own


def test_it_is_kept_with_the_lists() -> None:
    """Saved and read again, it is the same."""
    lists = Lists(catalog=catalog())
    assert decode(encode(lists), Lists) == lists


WORDS = ("type", "properties", "items", "oneOf", "$ref", "enum", "id", "format", "title", "x-ns-sublistkey", "value")


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
        max_leaves=12,
    )
)
def test_an_odd_description_is_no_failure(odd: object) -> None:
    """Whatever stands in the place of a field, the others are read."""
    found = catalog(memo2=odd, item=odd)
    assert found.type_of("creditMemo", "memo") is FieldType.TEXT


def net_of(server: Server) -> RestNetSuite:
    """A client that signs each call by itself."""
    tokens = {"consumer_key": "ck", "consumer_secret": "cs", "token_id": "ti", "token_secret": "ts"}
    return RestNetSuite(NetSuiteSettings(account_id="1", url=server.url, **tokens), sleep=lambda _: None)


def test_it_is_asked_for_with_one_question() -> None:
    """All record types are asked for together, in the form that can hold all of them."""
    with Server(answers=[reply(200, json.dumps(document()))]) as server:
        found = net_of(server).describe(["creditMemo", "cashRefund"])
    assert found == catalog()
    assert server.requests[0].path == "/services/rest/record/v1/metadata-catalog?select=creditMemo,cashRefund"
    assert server.requests[0].headers["accept"] == "application/swagger+json"


def test_a_role_that_may_not_read_it_is_told() -> None:
    """A refusal is told, and is no reason to try again."""
    answers = [refusal(403, "Permission Violation", "INSUFFICIENT_PERMISSION")]
    with Server(answers=answers) as server, pytest.raises(NetSuiteError, match="read the fields") as refused:
        net_of(server).describe(["creditMemo"])
    assert not refused.value.retryable
