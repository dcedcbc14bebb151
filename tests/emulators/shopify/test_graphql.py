"""Queries: what is answered, what is refused, what it costs. Each test says how sure we are that Shopify does so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from graphql import get_named_type, is_leaf_type, is_required_argument, is_union_type

from contrapost_emulators.shopify.schema import object_type

if TYPE_CHECKING:
    from conftest import Desk

NAMES = "query($q: String, $n: Int!, $a: String) { orders(first: $n, query: $q, after: $a) { nodes { name } } }"


def names(desk: Desk, search: str) -> list[str]:
    said = desk.ask(NAMES, {"q": search, "n": 50})
    assert "errors" not in said, said
    return [each["name"] for each in said["data"]["orders"]["nodes"]]


def test_a_field_shopify_does_not_have_is_refused(desk: Desk) -> None:
    """Documented: HTTP 200, `undefinedField` with type and field."""
    (error,) = desk.ask("{ orders(first: 1) { nodes { refundedAt } } }")["errors"]
    assert error["message"] == "Field 'refundedAt' doesn't exist on type 'Order'"
    assert error["extensions"] == {"code": "undefinedField", "typeName": "Order", "fieldName": "refundedAt"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ orders(first: 1, state: OPEN) { nodes { id } } }", "argumentNotAccepted"),
        ("{ order { id } }", "missingRequiredArguments"),
        ("{ shop }", "selectionMismatch"),
        ("{ shop { ... on Nothing { id } } }", "undefinedType"),
        ("{ orders { nodes { id } } }", "BAD_USER_INPUT"),
        ("{ orders(first: 251) { nodes { id } } }", "BAD_USER_INPUT"),
        ('{ orders(first: 1, after: "nowhere") { nodes { id } } }', "BAD_USER_INPUT"),
        ('{ orders(first: 1, query: "shoe_size:44") { nodes { id } } }', "BAD_USER_INPUT"),
    ],
)
def test_other_mistakes_are_refused_with_a_code(desk: Desk, query: str, code: str) -> None:
    """Documented in part: the codes of unknown arguments and selections are Shopify's; those of pages are chosen."""
    assert desk.ask(query)["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize(
    "query", ["", "{ orders(", "mutation { refundCreate { id } }", "query A {shop{id}} query B {shop{id}}"]
)
def test_what_cannot_be_run_is_refused(desk: Desk, query: str) -> None:
    """Documented: errors come with HTTP 200 and without data."""
    response = desk.post(query)
    assert response.status_code == 200
    assert response.get_json()["errors"]
    assert "data" not in response.get_json()


def test_pages_go_on_from_a_cursor_both_ways(desk: Desk) -> None:
    """Documented: pageInfo says truly whether there is more; first and last, after and before, reverse."""
    desk.control("POST", "orders", [{"name": f"#{n}", "createdAt": f"2026-11-0{n}T00:00:00Z"} for n in range(1, 6)])
    query = """query($f: Int, $l: Int, $a: String, $b: String) { orders(first: $f, last: $l, after: $a, before: $b,
        sortKey: CREATED_AT) { nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""

    def page(**given: Any) -> tuple[list[str], bool, bool, str, str]:
        found = desk.ask(query, given)["data"]["orders"]
        info = found["pageInfo"]
        return (
            [each["name"] for each in found["nodes"]],
            info["hasPreviousPage"],
            info["hasNextPage"],
            info["startCursor"],
            info["endCursor"],
        )

    first = page(f=2)
    assert first[:3] == (["#1", "#2"], False, True)
    second = page(f=2, a=first[4])
    assert second[:3] == (["#3", "#4"], True, True)
    assert page(f=2, a=second[4])[:3] == (["#5"], True, False)
    assert page(l=2, b=second[3])[:3] == (["#1", "#2"], False, True)
    backwards = desk.ask("{ orders(first: 2, reverse: true, sortKey: CREATED_AT) { edges { node { name } } } }")
    assert [each["node"]["name"] for each in backwards["data"]["orders"]["edges"]] == ["#5", "#4"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["#1001", "#1002", "#1001-A"]),
        ("name:#1002", ["#1002"]),
        ("name:1001", ["#1001", "#1001-A"]),
        ('name:"#1001-A"', ["#1001-A"]),
        ("name:'1002' OR id:11", ["#1001", "#1002"]),
        ("id:>11", ["#1002", "#1001-A"]),
        ("updated_at:>='2026-11-02T00:00:00Z' AND updated_at:<='2026-11-02T23:59:59Z'", ["#1002"]),
        ("created_at:2026-11-03", ["#1001-A"]),
        ("-name:1002", ["#1001", "#1001-A"]),
        ("NOT (name:1002 OR tag:odd)", ["#1001"]),
        ("tag:odd created_at:<now", ["#1001-A"]),
        ("fulfillment_status:unfulfilled name:1002", ["#1002"]),
    ],
)
def test_searches_find_what_they_say(desk: Desk, search: str, found: list[str]) -> None:
    """Documented: terms, comparators, connectives. Chosen: a name is found by its parts."""
    times = [f"2026-11-0{n}T10:00:00Z" for n in (1, 2, 3)]
    given = [("#1001", 11, []), ("#1002", 12, []), ("#1001-A", 13, ["odd"])]
    desk.control(
        "POST",
        "orders",
        [
            {"id": number, "name": name, "tags": tags, "createdAt": at, "updatedAt": at, "processedAt": at}
            for (name, number, tags), at in zip(given, times, strict=True)
        ],
    )
    assert names(desk, search) == found


def test_a_list_without_pages_is_cut_by_first(desk: Desk) -> None:
    """Verified (schema): Order.refunds is a plain list; documented: `first` cuts it."""
    desk.control("POST", "orders", [{"id": 1, "refunds": [{"id": n} for n in range(10, 15)]}])
    said = desk.ask('{ order(id: "gid://shopify/Order/1") { refunds(first: 2) { legacyResourceId } } }')
    assert said["data"]["order"]["refunds"] == [{"legacyResourceId": "10"}, {"legacyResourceId": "11"}]


def test_anything_with_an_id_is_found_by_it(desk: Desk) -> None:
    """Documented: node and nodes find every type; an id of nothing, or of another type, gives null."""
    desk.control("POST", "seed")
    said = desk.ask(
        """{ refund(id: "gid://shopify/Refund/880000010011") { order { name } }
             wrong: refund(id: "gid://shopify/Order/5600000001001") { id }
             nodes(ids: ["gid://shopify/Order/5600000001002", "gid://shopify/Refund/1"]) { id ... on Order { name } }
             node(id: "gid://shopify/LineItem/560000000100101") { __typename ... on LineItem { sku } } }"""
    )["data"]
    assert said["refund"] == {"order": {"name": "#1001"}}
    assert said["wrong"] is None
    assert said["nodes"] == [{"id": "gid://shopify/Order/5600000001002", "name": "#1002"}, None]
    assert said["node"] == {"__typename": "LineItem", "sku": "MUG"}


def test_a_query_is_priced_and_what_it_did_not_use_is_given_back(desk: Desk) -> None:
    """Documented: requested and actual cost, and the bucket with its rate."""
    desk.control("POST", "orders", [{}, {}])
    cost = desk.ask("{ orders(first: 10) { nodes { id totalPriceSet { shopMoney { amount } } } } }")["extensions"][
        "cost"
    ]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (2 + 10 * 3, 2 + 2 * 3)
    assert cost["throttleStatus"]["maximumAvailable"] == 2000.0
    assert cost["throttleStatus"]["restoreRate"] == 100.0
    assert cost["throttleStatus"]["currentlyAvailable"] >= 2000 - 8


def test_an_interface_costs_its_dearest_choice(desk: Desk) -> None:
    """Documented: an interface or union costs the dearest of its possible selections."""
    query = """{ nodes(ids: ["gid://shopify/Order/1", "gid://shopify/Order/2"]) {
        ... on Order { totalPriceSet { shopMoney { amount } } } ... on LineItem { id } } }"""
    assert desk.ask(query)["extensions"]["cost"]["requestedQueryCost"] == 2 * 3


def test_a_query_beyond_the_limit_is_refused(desk: Desk) -> None:
    """Documented in part: one query may ask for 1,000 points; the wording is Shopify's."""
    (error,) = desk.ask("{ orders(first: 250) { nodes { lineItems(first: 10) { nodes { id } } } } }")["errors"]
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert error["extensions"]["maxCost"] == 1000


def test_an_empty_bucket_throttles_and_fills_again(desk: Desk) -> None:
    """Documented: THROTTLED comes with HTTP 200; points come back each second."""
    desk.control("POST", "throttle", {"available": 0})
    query = "{ orders(first: 10) { nodes { id lineItems(first: 40) { nodes { id } } } } }"
    said = desk.ask(query)
    assert said["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert said["extensions"]["cost"]["actualQueryCost"] is None
    desk.control("POST", "clock", {"advance": 60})
    assert "errors" not in desk.ask(query)


def test_points_can_come_back_faster_than_any_plan_gives_them(desk: Desk) -> None:
    """Where something else is to be measured, the bucket is a full one of the rate that is told, also after a reset."""
    desk.control("POST", "throttle", {"available": 0})

    said = desk.control("POST", "throttle", {"rate": 50_000})
    assert said == {"maximumAvailable": 1_000_000.0, "currentlyAvailable": 1_000_000, "restoreRate": 50_000.0}

    desk.control("POST", "reset")
    assert desk.ask("{ shop { id } }")["extensions"]["cost"]["throttleStatus"]["restoreRate"] == 50_000.0
    assert "POINTS A SECOND" in desk.control("POST", "throttle", {"rate": 0})["error"]


def test_a_missing_scope_is_refused_with_its_name(desk: Desk) -> None:
    """Documented: ACCESS_DENIED at the field, with the scope it needs."""
    desk.control("POST", "shop", {"scopes": []})
    (error,) = desk.ask("{ orders(first: 1) { nodes { id } } }")["errors"]
    assert error["path"] == ["orders"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert "read_orders" in error["message"]


def test_a_wrong_token_is_refused(desk: Desk) -> None:
    """Documented: 401 with Shopify's sentence."""
    response = desk.post("{ shop { id } }", **{"X-Shopify-Access-Token": "wrong"})
    assert response.status_code == 401
    assert "Invalid API key or access token" in response.get_json()["errors"]


def test_the_client_credentials_grant_gives_a_token_for_a_day(desk: Desk) -> None:
    """Documented: form or JSON, 86,399 seconds; chosen: the wording of refusals."""
    given = {
        "client_id": desk.shop.client_id,
        "client_secret": desk.shop.client_secret,
        "grant_type": "client_credentials",
    }
    as_json = desk.client.post("/admin/oauth/access_token", json=given).get_json()
    as_form = desk.client.post("/admin/oauth/access_token", data=given).get_json()
    assert as_json["expires_in"] == as_form["expires_in"] == 86_399
    assert "read_orders" in as_json["scope"]
    token = {"X-Shopify-Access-Token": as_form["access_token"]}
    assert desk.post("{ shop { id } }", **token).status_code == 200
    desk.control("POST", "clock", {"advance": 86_400})
    assert desk.post("{ shop { id } }", **token).status_code == 401
    for wrong in ("client_id", "client_secret", "grant_type"):
        assert desk.client.post("/admin/oauth/access_token", data=given | {wrong: "x"}).status_code == 400


def everything(kind: Any, depth: int) -> str:
    """Writes a selection of every field that can be asked without more to say."""
    if is_union_type(kind) or depth == 0:
        return "{ __typename }"
    parts = ["__typename"]
    for name, field in kind.fields.items():
        named = get_named_type(field.type)
        if any(is_required_argument(each) for each in field.args.values()):
            continue
        sized = "(first: 2)" if "first" in field.args else ""
        if is_leaf_type(named):
            parts.append(name)
        elif depth > 1:
            parts.append(f"{name}{sized} {everything(named, depth - 1)}")
    return "{ " + " ".join(parts) + " }"


@pytest.mark.parametrize("root", ["Order", "Refund", "Return", "OrderTransaction", "Fulfillment", "LineItem"])
def test_every_served_field_can_be_asked(desk: Desk, root: str) -> None:
    """Chosen: whatever an order was given without, each field of the schema gives a value of its type."""
    desk.control("POST", "seed")
    returned = [{"id": 5, "name": "R1", "exchangeLineItems": [{"quantity": 1}]}]
    desk.control("POST", "orders", [{"id": 1, "returns": returned, "agreements": [{"sales": [{}]}]}])
    ids = {
        "Order": "5600000001005",
        "Refund": "880000010051",
        "Return": "5",
        "OrderTransaction": "560000000100541",
        "Fulfillment": "560000000100551",
        "LineItem": "560000000100501",
    }
    for name, field in object_type(root).fields.items():
        named = get_named_type(field.type)
        if any(is_required_argument(each) for each in field.args.values()):
            continue
        sized = "(first: 2)" if "first" in field.args else ""
        selected = "" if is_leaf_type(named) else everything(named, 2)
        query = f'{{ node(id: "gid://shopify/{root}/{ids[root]}") {{ ... on {root} {{ {name}{sized} {selected} }} }} }}'
        said = desk.ask(query)
        assert "errors" not in said, (name, said["errors"])
        desk.control("POST", "clock", {"advance": 60})
