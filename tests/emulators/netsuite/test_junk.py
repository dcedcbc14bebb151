"""Whatever is sent: never a failure of the emulator's own, and what is refused changes nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from contrapost_emulators.netsuite.account import Account
from contrapost_emulators.netsuite.kinds import KINDS
from contrapost_emulators.netsuite.server import Application

BASE = "http://localhost"
_exact = msgspec.json.Decoder(float_hook=Decimal)
_json = msgspec.json.Encoder(decimal_format="number")

numbers = st.one_of(
    st.integers(-3, 12),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from([10**15, Decimal("1e-300"), Decimal("0.005"), Decimal("1e300")]),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    st.text(max_size=8),
    st.sampled_from(["1", "2", "T", "-1", "10%", "-10%", "2026-02-20", "0001-01-01", "9999-12-31", "PROCESS", "eid:x"]),
)
references = st.fixed_dictionaries({}, optional={"id": scalars, "externalId": scalars, "refName": scalars})
values = st.one_of(scalars, references, st.lists(scalars, max_size=2))
KIND_NAMES = sorted(kind.name for kind in KINDS.values())
TRADE_NAMES = ["cashSale", "cashRefund", "invoice", "creditMemo", "salesOrder", "customerRefund", "customerDeposit"]


def body_of(name: str) -> st.SearchStrategy[dict[str, object]]:
    """Bodies whose names are known, and whose values may be anything."""
    kind = KINDS[name.lower()]
    body = st.dictionaries(st.sampled_from(sorted(kind.body)), values, max_size=5)
    if not kind.sublists:
        return body
    lists = {
        sublist: st.one_of(values, st.fixed_dictionaries({"items": st.lists(line_of(specs), max_size=3)}))
        for sublist, specs in kind.sublists.items()
    }
    return st.builds(dict.__or__, body, st.fixed_dictionaries({}, optional=lists))


def line_of(specs: dict[str, Any]) -> st.SearchStrategy[dict[str, object]]:
    """Lines that name an item there is, more often than not, and junk beside it."""
    known = {"item": st.sampled_from([{"id": "1"}, {"id": "2"}, {"id": "3"}]), "quantity": numbers, "amount": numbers}
    known = {name: strategy for name, strategy in known.items() if name in specs}
    junk = st.dictionaries(st.sampled_from(sorted(specs)), values, max_size=4)
    return st.builds(dict.__or__, st.fixed_dictionaries({}, optional=known), junk)


bodies = st.sampled_from(KIND_NAMES).flatmap(lambda name: st.tuples(st.just(name), body_of(name)))
trades = st.sampled_from(TRADE_NAMES).flatmap(lambda name: st.tuples(st.just(name), body_of(name)))


class Bench:
    """An emulated account in this process, with a few records, and a signed-in client."""

    def __init__(self) -> None:
        self.account = Account(BASE)
        self.client = Client(Application(self.account))
        self.headers = {"Authorization": f"Bearer {self.account.gate._issue(BASE)}"}
        self.made = [
            self.write("POST", "customer", {"entityId": "Ada"}),
            self.write("POST", "nonInventorySaleItem", {"itemId": "CARD"}),
            self.write("POST", "inventoryItem", {"itemId": "TRAY"}),
            self.write("POST", "discountItem", {"itemId": "TEN", "rate": "-10%"}),
            self.write("POST", "cashSale", {"entity": "1", "item": {"items": [{"item": "1", "amount": 5}]}}),
            self.write("POST", "invoice", {"entity": "1", "item": {"items": [{"item": "2", "amount": 5}]}}),
            self.write("POST", "creditMemo", {"entity": "1", "item": {"items": [{"item": "1", "amount": 3}]}}),
            self.write("POST", "customerDeposit", {"customer": "1", "payment": 9}),
        ]
        assert self.made == [204] * len(self.made)

    def write(self, method: str, path: str, body: object) -> int:
        """Send a body; the answer must be NetSuite's, and a refusal must leave everything as it was."""
        before = self.everything()
        address = f"/services/rest/record/v1/{path}"
        answer = self.client.open(address, method=method, data=_json.encode(body), headers=self.headers)
        assert answer.status_code < 500, answer.get_data()
        if answer.status_code >= 400:
            document = _exact.decode(answer.get_data())
            assert document["status"] == answer.status_code
            assert document["o:errorDetails"][0]["detail"]
            assert self.everything() == before
        return answer.status_code

    def everything(self) -> object:
        """All that a write could change."""
        state = self.account.state
        shelves = (state.postings, state.stock, state.applications, state.children, state.external_ids, state.counters)
        families = {name: dict(shelf.items()) for name, shelf in state.families.items() if len(shelf)}
        return [families, *(dict(shelf.items()) for shelf in (*shelves, state.sticky))]

    def look(self) -> None:
        """What was written can be read and searched, and balances."""
        for name in TRADE_NAMES:
            listed = self.client.get(f"/services/rest/record/v1/{name}", headers=self.headers)
            for one in _exact.decode(listed.get_data())["items"]:
                path = f"/services/rest/record/v1/{name}/{one['id']}?expandSubResources=true"
                assert self.client.get(path, headers=self.headers).status_code == 200
        query = "SELECT SUM(amount) AS net FROM transactionaccountingline"
        found = self.client.post(
            "/services/rest/query/v1/suiteql", json={"q": query}, headers=self.headers | {"Prefer": "transient"}
        )
        assert found.status_code == 200, found.get_data()
        assert Decimal(_exact.decode(found.get_data())["items"][0]["net"]) == 0


def settled(examples: int) -> Any:
    """Settings that let one account serve an example."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.stamp("chosen")
@settled(60)
@given(st.lists(bodies, min_size=1, max_size=4))
def test_junk_bodies_of_every_type(sent: list[tuple[str, dict[str, object]]]) -> None:
    """No body of known names and wild values makes the emulator fail, and a refused one changes nothing."""
    bench = Bench()
    for name, body in sent:
        bench.write("POST", name, body)
    bench.look()


@pytest.mark.stamp("chosen")
@settled(60)
@given(st.lists(trades, min_size=1, max_size=4), st.sampled_from(["", "?replace=item"]))
def test_junk_in_transforms_and_edits(sent: list[tuple[str, dict[str, object]]], replace: str) -> None:
    """Wild bodies over transforms and edits: refused without a trace, or written so that the ledger balances."""
    bench = Bench()
    for name, body in sent:
        whole = {"entity": "1", "customer": "1"} | body
        bench.write("POST", name, {key: whole[key] for key in whole if key in KINDS[name.lower()].body} | body)
        bench.write("POST", f"cashSale/2/!transform/{name}{replace}", body)
        bench.write("POST", f"invoice/3/!transform/{name}", body)
        bench.write("POST", f"customerDeposit/4/!transform/{name}", body)
        bench.write("PATCH", f"cashSale/1{replace}", body)
        bench.write("PATCH", f"invoice/2{replace}", body)
    bench.look()


@pytest.mark.stamp("chosen")
@settled(100)
@given(
    st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE"]),
    st.lists(st.one_of(st.sampled_from([*KIND_NAMES, "1", "eid:x", "!transform", "item"]), st.text(max_size=6))),
    st.dictionaries(st.sampled_from(["q", "fields", "replace", "limit", "offset", "expandSubResources"]), st.text()),
    st.binary(max_size=20),
)
def test_junk_addresses_queries_and_bytes(method: str, path: list[str], query: dict[str, str], content: bytes) -> None:
    """No address, query or bytes make the emulator fail."""
    bench = Bench()
    address = "/services/rest/record/v1/" + "/".join(quote(part, safe="") for part in path)
    answer = bench.client.open(address, method=method, query_string=query, data=content, headers=bench.headers)
    assert answer.status_code < 500, answer.get_data()


PLANE = [
    *("seed", "clock", "faults", "journal", "preferences", "permissions", "governance", "credentials"),
    *("period-locks", "workflow-locks", "void", "edit-meanwhile", "gateway", "nowhere"),
]
ASKED = ["when", "do", "nth", "times", "type", "id", "body", "locked", "period", "subsidiary", "now", "date", "items"]
wishes = st.recursive(
    st.one_of(scalars, st.sampled_from(["drop", "any", "cashSale", "Jan 2026", "Parent Company"])),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(ASKED), inner, max_size=4)),
    max_leaves=6,
)


@pytest.mark.stamp("chosen")
@settled(100)
@given(st.lists(st.tuples(st.sampled_from(["GET", "POST", "DELETE"]), st.sampled_from(PLANE), wishes), max_size=5))
def test_junk_on_the_control_plane(asked: list[tuple[str, str, object]]) -> None:
    """Whatever the control plane is asked: never a failure of its own."""
    bench = Bench()
    for method, name, body in asked:
        answer = bench.client.open(f"/_emulator/{name}", method=method, data=_json.encode(body))
        assert answer.status_code < 500, answer.get_data()


SPOKEN = "SELECT FROM WHERE transaction item id , ( ) * = 'x' 1 t . JOIN ON AND SUM BUILTIN.DF TO_CHAR ROWNUM ? || NULL"


@pytest.mark.stamp("chosen")
@settled(100)
@given(
    st.lists(st.sampled_from(SPOKEN.split()), max_size=12).map(" ".join),
    st.one_of(st.none(), st.lists(scalars, max_size=2)),
    st.sampled_from(["", "(" * 3000, "1" + "+1" * 4000]),
)
def test_junk_in_suiteql(query: str, parameters: object, deep: str) -> None:
    """No query makes the emulator fail, however it is put together or nested."""
    bench = Bench()
    headers = bench.headers | {"Prefer": "transient"}
    body = _json.encode({"q": f"SELECT {deep or query}", "params": parameters})
    answer = bench.client.post("/services/rest/query/v1/suiteql", data=body, headers=headers)
    assert answer.status_code in {200, 400}, answer.get_data()
