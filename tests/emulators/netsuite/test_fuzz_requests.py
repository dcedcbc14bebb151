"""Requests made from the emulator's own description of itself: never a failure of its own, always as described."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from contract.in_process import in_process
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contrapost_emulators.netsuite.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.client import NetSuite

LONG = settings.get_current_profile_name() == "long"
LONG_REQUESTS = 20_000
CATALOG = "/services/rest/record/v1/metadata-catalog"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN_IDS = [str(number) for number in range(1, 6)]
SOLD = {"entity": {"id": "1"}, "item": {"items": [{"item": {"id": "1"}, "amount": 5}]}}
GOOD = {
    **dict.fromkeys(("cashSale", "invoice", "salesOrder", "cashRefund", "creditMemo", "returnAuthorization"), SOLD),
    "customerDeposit": {"customer": {"id": "1"}, "payment": 9},
    "customerRefund": {"customer": {"id": "1"}, "apply": {"items": [{"doc": {"id": "3"}, "amount": 1}]}},
}
pytestmark = pytest.mark.stamp("chosen")


def how(examples: int) -> settings:
    """How many examples, and that each run takes the same."""
    return settings(
        max_examples=examples,
        derandomize=not LONG,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def stock(net: NetSuite) -> None:
    """A customer, items, and a document of each kind that others are made from."""
    net.begin()
    net.control("POST", "governance", {"account_limit": 100})
    net.make("customer", entityId="Ada", companyName="Ada")
    net.make("nonInventorySaleItem", itemId="CARD")
    net.make("inventoryItem", itemId="TRAY")
    for name in ("cashSale", "invoice", "creditMemo", "customerDeposit", "salesOrder"):
        net.make(name, **GOOD[name])


class Described:
    """The emulator in this process, and what it says of itself in OpenAPI."""

    def __init__(self) -> None:
        self.net = in_process()
        stock(self.net)
        self.sent = {"Authorization": f"Bearer {self.net.token}"}
        self.application = self.net.pool.client.application
        accept = self.sent | {"Accept": "application/swagger+json"}
        self.schema = schemathesis.openapi.from_wsgi(CATALOG, self.application, headers=accept)
        self.operations = [found.ok() for found in self.schema.get_all_operations()]

    @cache  # noqa: B019 - one of these lives as long as its test
    def cases(self, number: int, mode: GenerationMode) -> Any:
        """The cases of one operation."""
        return self.operations[number].as_strategy(generation_mode=mode)


@st.composite
def requests(draw: Callable[[Any], Any], described: Described) -> Any:
    """A request for any operation, right or wrong by the description; often about records there are."""
    mode = draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    case = draw(described.cases(draw(st.integers(0, len(described.operations) - 1)), mode))
    if "id" in (case.path_parameters or {}) and draw(st.booleans()):
        case.path_parameters["id"] = draw(st.sampled_from(KNOWN_IDS))
    if isinstance(case.body, dict) and draw(st.booleans()):
        target = case.operation.path.rpartition("/")[2] if "!transform" in case.operation.path else case.operation.path
        kept = draw(st.sets(st.sampled_from(sorted(case.body) or [""]), max_size=2))
        case.body = GOOD.get(target.split("/")[-1], {}) | {name: case.body[name] for name in kept if name}
    return case


def send(described: Described, examples: int) -> Counter[int]:
    """Send so many requests, each answered as described; gives how often each status came."""
    statuses: Counter[int] = Counter()

    @how(examples)
    @given(requests(described))
    def one(case: Any) -> None:
        headers = {**(case.headers or {}), **described.sent}
        response = case.call(headers=headers)
        statuses[response.status_code] += 1
        simple = str((case.query or {}).get("simpleEnumFormat", "")).lower() == "true"  # the description leaves it out
        unfit = [response_schema_conformance] if simple else []
        case.validate_response(response, checks=[check for check in CHECKS if check not in unfit])

    one()
    return statuses


def test_every_answer_is_as_the_catalog_describes_it() -> None:
    """Schemathesis on the catalog's OpenAPI: no failure of the emulator's own, no answer of another form."""
    statuses = send(Described(), 250)
    assert statuses[200] + statuses[204] > 10, statuses
    assert statuses[400] > 10, statuses


def from_schema(schema: dict[str, Any]) -> Any:
    """Values of the type that JSON Schema describes; a reference leads to one of the first records."""
    if "$ref" in schema:
        return st.sampled_from([{"id": one} for one in KNOWN_IDS])
    if "oneOf" in schema:
        return st.one_of([from_schema(one) for one in schema["oneOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds: dict[str, Any] = {
        "boolean": st.booleans(),
        "integer": st.integers(-3, 10**6),
        "number": st.decimals(-1000, 10**6, places=2),
        "array": st.just([]),
    }
    if schema["type"] == "string":
        formats = {"date": st.dates(date(2024, 1, 1), date(2028, 12, 31)).map(date.isoformat)}
        return formats.get(schema.get("format", ""), st.text(st.characters(codec="utf-8"), max_size=12))
    if schema["type"] == "object":
        return object_of(schema)
    return kinds[schema["type"]]


def object_of(schema: dict[str, Any]) -> Any:
    """A choice or reference by its id, a list with some lines, or any object."""
    properties = schema.get("properties", {})
    if "id" in properties:
        return st.fixed_dictionaries({"id": from_schema(properties["id"])})
    if "items" in properties:
        return st.fixed_dictionaries({"items": st.lists(some_of(properties["items"]["items"]), max_size=2)})
    return st.just({})


def some_of(schema: dict[str, Any]) -> Any:
    """Some of the properties of an object that can be set."""
    if "$ref" in schema:
        return from_schema(schema)
    settable = {name: one for name, one in schema["properties"].items() if not one.get("readOnly")}
    chosen = st.sets(st.sampled_from(sorted(settable)), max_size=5)
    return chosen.flatmap(
        lambda names: st.fixed_dictionaries({name: from_schema(settable[name]) for name in sorted(names)})
    )


def write(examples: int) -> Counter[str]:
    """Write bodies made from the JSON Schema of each record type; gives what came of them."""
    net = in_process()
    stock(net)
    schemas = {kind.name: describe(net, kind.name) for kind in KINDS.values()}
    bodies = st.sampled_from(sorted(schemas)).flatmap(
        lambda name: st.tuples(st.just(name), some_of(schemas[name]), st.booleans())
    )
    came: Counter[str] = Counter()

    @how(examples)
    @given(bodies)
    def one(made: tuple[str, dict[str, Any], bool]) -> None:
        name, body, whole = made
        reply = net.post(name, {**(GOOD.get(name, {}) if whole else {}), **body}, **STRICT)
        came["written" if reply.status == 204 else "refused"] += 1
        assert reply.status in {204, 400, 404}, reply.content
        if reply.status == 204:
            shown = net.read(f"{name}/{reply.id}")
            assert shown["id"] == reply.id
            assert shown.keys() <= schemas[name]["properties"].keys() | {"links"}
        else:
            assert "Unknown reference or field name" not in reply.detail
        came["requests"] += 1 if reply.status != 204 else 2

    one()
    net_of_all = net.rows("SELECT SUM(amount) AS net FROM transactionaccountingline")
    assert Decimal(net_of_all[0]["net"]) == 0
    return came


STRICT = {"X_NetSuite_PropertyNameValidation": "Error"}


def describe(net: NetSuite, name: str) -> dict[str, Any]:
    """The JSON Schema of a record type, as the catalog gives it."""
    reply = net.call("GET", f"{CATALOG}/{name}", Accept="application/schema+json")
    described: dict[str, Any] = reply.json
    return described


def test_every_name_of_the_catalog_is_known() -> None:
    """Bodies made from the JSON Schema are written, or refused by a rule; no name is unknown, the ledger balances."""
    came = write(250)
    assert came["written"] > 3, came


@pytest.mark.skipif(not LONG, reason="the long form: make fuzz")
def test_twenty_thousand_requests(capsys: pytest.CaptureFixture[str]) -> None:
    """The same at length, other requests each time."""
    statuses: Counter[int] = Counter()
    came: Counter[str] = Counter()
    while statuses.total() < LONG_REQUESTS // 2:
        statuses += send(Described(), 2000)
    while came["requests"] < LONG_REQUESTS // 2:
        came += write(2000)
    with capsys.disabled():
        sys.stdout.write(f"\n{statuses.total()} requests from OpenAPI, by status: {dict(statuses)}\n")
        sys.stdout.write(f"{came['requests']} requests from JSON Schema: {dict(came)}\n")
