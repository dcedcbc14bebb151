"""The ledger balances, whatever is sold and refunded in whatever order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrapost_emulators.netsuite.bodies import BodyReader
from contrapost_emulators.netsuite.chart import fresh_state
from contrapost_emulators.netsuite.clock import Clock
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.kinds import kind_named
from contrapost_emulators.netsuite.lists import create as create_list
from contrapost_emulators.netsuite.transactions import book

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.state import Record, State

D = Decimal
cents = st.integers(0, 20_000).map(lambda number: D(number) / 100)
sold_lines = st.lists(st.tuples(st.sampled_from(["CARD", "TRAY"]), st.integers(1, 4), cents), min_size=1, max_size=3)
sales = st.tuples(
    st.sampled_from(["cashSale", "invoice"]), sold_lines, cents, st.sampled_from(["1", "1.1", "0.7321"]), st.booleans()
)
refunds = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4), st.integers(0, 3), st.booleans()), max_size=6)


def make(state: State, kind: str, **body: Any) -> Record:
    """A record made through the code that REST uses."""
    known = kind_named(kind)
    submission = BodyReader(state, known, "error").read(body)
    with state.write():
        return (book.create if known.is_transaction else create_list)(state, known, submission)


def become(state: State, source: Record, kind: str, body: dict[str, Any]) -> Record:
    """A refund by transform, its lines named."""
    submission = BodyReader(state, kind_named(kind), "error").read(body, frozenset({"item"}))
    with state.write():
        return book.transform(state, source, kind_named(kind), submission)


def fresh() -> State:
    """An account with a customer, two items in stock and a tax code."""
    state = fresh_state(Clock())
    make(state, "customer", entityId="Ada", externalId="ada")
    make(state, "nonInventorySaleItem", itemId="CARD", externalId="CARD")
    tray = make(state, "inventoryItem", itemId="TRAY", externalId="TRAY")
    make(state, "salesTaxItem", itemId="T", externalId="tax", rate=D("8.25"))
    opening = {"item": {"id": tray.id}, "adjustQtyBy": 7, "unitCost": D("3.3333")}
    make(state, "inventoryAdjustment", inventory={"items": [opening]})
    return state


def sell(state: State, sale: tuple[Any, ...]) -> Record:
    """One of the sales that hypothesis thinks of."""
    kind, lines, shipping, rate, taxed = sale
    tax = {"taxItem": {"externalId": "tax"}} if taxed else {}
    items = [{"item": {"externalId": item}, "quantity": quantity, "amount": amount} for item, quantity, amount in lines]
    return make(
        state,
        kind,
        entity={"externalId": "ada"},
        currency={"refName": "Euro"},
        exchangeRate=D(rate),
        shippingCost=shipping,
        item={"items": items},
        **tax,
    )


@pytest.mark.stamp("documented")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(sales, min_size=1, max_size=3), refunds)
def test_ledger_and_stock_always_agree(sold: Any, wanted: Any) -> None:
    """Any sales and part refunds: each posting balances in both currencies, and stock's worth equals its account."""
    state = fresh()
    bills = [sell(state, sale) for sale in sold]
    for which, line, quantity, memo_rate in wanted:
        bill = bills[which % len(bills)]
        kind = "cashRefund" if bill.kind.name == "cashSale" else "creditMemo"
        body: dict[str, Any] = {"item": {"items": [{"orderLine": line, "quantity": quantity}]}, "shippingCost": 0}
        if memo_rate:
            body["exchangeRate"] = D("1.2345")
        try:
            become(state, bill, kind, body)
        except Refused:
            continue
    for posting in state.postings.values():
        assert sum(row.base for row in posting.rows if row.account) == 0
        assert sum(row.foreign for row in posting.rows if row.account) == 0
    worth = sum((held.worth for held in state.stock.values()), D(0))
    asset = [row.base for p in state.postings.values() for row in p.rows if row.account == state.roles["asset"]]
    assert worth == sum(asset, D(0))


@pytest.mark.stamp("documented")
@settings(max_examples=20, deadline=None)
@given(sales)
def test_deleting_a_sale_takes_everything_back(sale: str) -> None:
    """A sale that is deleted leaves stock and ledger as they were."""
    state = fresh()
    before = dict(state.stock.items())
    made = sell(state, sale)
    with state.write():
        book.delete(state, made)
    after = dict(state.stock.items())
    assert {key: (held.quantity, held.worth) for key, held in after.items()} == {
        key: (held.quantity, held.worth) for key, held in before.items()
    }
    assert len(state.postings) == 1


steps = st.lists(
    st.tuples(st.sampled_from(["itemReceipt", "cashRefund", "delete"]), st.integers(1, 3), st.integers(1, 3)),
    max_size=9,
)


@pytest.mark.stamp("documented")
@settings(max_examples=30, deadline=None)
@given(sold_lines, steps, st.sampled_from(["goods first", "money first"]))
def test_a_return_is_received_and_refunded_within_what_it_authorizes(lines: Any, steps: Any, order: str) -> None:
    """Whatever is received, refunded and undone: counts add up, only receipts move stock, and the status follows."""
    state = fresh()
    ahead = state.preferences.refund_in_advance_of_return = order == "money first"
    sale = sell(state, ("cashSale", lines, D(0), "1.1", False))
    made = become(state, sale, "returnAuthorization", {"orderStatus": {"id": "B"}, "item": _all(sale)})
    sold = _trays(state)
    for what, line, quantity in steps:
        try:
            _step(state, made, what, {"orderLine": line, "quantity": quantity})
        except Refused:
            continue
    now = state.require("transaction", made.id)
    received = sum((one.amount("quantityReceived") for one in now.lines("item") if one["item"] == _tray(state)), D(0))
    assert _trays(state) == sold + received
    counts = [
        (n.amount("quantity"), n.amount("quantityReceived"), n.amount("quantityBilled")) for n in now.lines("item")
    ]
    assert all(authorized >= got and authorized >= paid for authorized, got, paid in counts)
    assert ahead or all(got >= paid for _, got, paid in counts)
    done = all(authorized == got == paid for authorized, got, paid in counts)
    assert (now.values.text("status") == "G") == done
    assert (now.values.text("status") == "B") == (not any(got for _, got, _ in counts))
    for document, posting in state.postings.items():
        assert document == made.id or sum(row.base for row in posting.rows if row.account) == 0


def _all(sale: Record) -> dict[str, Any]:
    return {"items": [{"orderLine": line["line"]} for line in sale.lines("item")]}


def _tray(state: State) -> str:
    found = state.by_external_id("item", "TRAY")
    assert found is not None
    return found.id


def _trays(state: State) -> D:
    return sum((held.quantity for (item, _), held in state.stock.items() if item == _tray(state)), D(0))


def _step(state: State, authorization: Record, what: str, line: dict[str, int]) -> None:
    if what != "delete":
        become(state, authorization, what, {"item": {"items": [line]}})
    elif children := state.children_of(authorization.id):
        with state.write():
            book.delete(state, children[-1])
