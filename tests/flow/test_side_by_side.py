"""Many refunds in one post: side by side, those of one order one after the other, whatever NetSuite does meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from world import PROFILE, bill, chart, order, refund

from contrapost import accounts, batch, flow
from contrapost.records import asks, lease, queries
from contrapost.records.asks import Priority
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.demo.processes import Emulator

ORDERS = range(3001, 3009)
TWICE = (3002, 3005)
"""Orders with two refunds, a lamp each; the others have one."""


class Trade:
    """An emulated shop and emulated books with some orders, all of them retrieved."""

    def __init__(self, app: App, shop: Emulator, books: Emulator) -> None:
        self.app, self.shop, self.books = app, shop, books
        for running in (shop, books):
            running.ask("POST", "reset")
        self._seed(chart())
        accounts.add_netsuite(app, "books", books.credentials())
        accounts.add(app, "shopify", "shop", {**shop.credentials(), **PROFILE})
        for number in ORDERS:
            backs = [
                refund(number * 10 + n, [(0, 1, "100.00", "8.25")], paid="108.25")
                for n in range(1, 3 if number in TWICE else 2)
            ]
            sold = order(number, [("LAMP", 2, "100.00", "16.50")], backs, paid="216.50")
            shop.ask("POST", "orders", [sold])
            self._seed([bill("cashSale", f"#{number}", [("LAMP", 2, "200.00", "16.50")])])
        found = flow.retrieve(app, "shop", flow.Orders(names=[f"#{number}" for number in ORDERS]), by="test")
        self.ids = [row.id for row in found.transactions]
        books.ask("DELETE", "journal")

    def _seed(self, records: list[tuple[str, dict[str, Any]]]) -> None:
        self.books.ask("POST", "seed", [{"type": kind, "body": body} for kind, body in records])

    def post(self) -> list[int]:
        """Posts all that is here, and gives what was told of how far it came."""
        told: list[int] = []
        flow.post(self.app, self.ids, by="test", tell=told.append)
        return told

    def states(self) -> Counter[State]:
        """How many refunds stand where."""
        return Counter(queries.states(self.ids).values())

    def credited(self) -> dict[str, Decimal]:
        """What NetSuite holds of refunds: by order, the sum."""
        rows = self.app.netsuite_for("books").rows(
            "SELECT DISTINCT b.otherrefnum, r.id, r.foreigntotal FROM transaction r JOIN transactionline l "
            "ON l.transaction = r.id JOIN transaction b ON b.id = l.createdfrom WHERE r.type = 'CashRfnd'",
            "sum up",
        )
        sums: dict[str, Decimal] = {}
        for row in rows:
            sums[row["otherrefnum"]] = sums.get(row["otherrefnum"], Decimal(0)) - Decimal(row["foreigntotal"])
        return sums


@pytest.fixture
def trade(app: App, shop_process: Emulator, books_process: Emulator) -> Trade:
    """Eight orders, ten refunds."""
    return Trade(app, shop_process, books_process)


WHOLE = {f"#{number}": Decimal("216.50") if number in TWICE else Decimal("108.25") for number in ORDERS}


@pytest.mark.parametrize("at_once", [300, 3])
def test_many_refunds_are_posted_once_each(trade: Trade, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """Ten refunds, two of them on orders that have one already: all stand once, to the cent, and each is told."""
    monkeypatch.setattr(batch, "LOOK_AT_ONCE", at_once)
    monkeypatch.setattr(batch, "LOOK_AHEAD", 0)
    told = trade.post()
    assert trade.states() == {State.POSTED: 10}
    assert trade.credited() == WHOLE
    assert told == list(range(1, 11))


def test_what_is_answered_is_not_taken_again(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the last are being sent it is looked for more, and those that are done with are no part of it."""
    monkeypatch.setattr(batch, "AGAIN_SECONDS", 0.0)
    trade.books.ask("POST", "governance", {"account_limit": 2, "latency_ms": 50})
    asks.ask(trade.ids, by="test", priority=Priority.AUTOMATIC, now=trade.app.now())

    worked = flow.post_asked(trade.app, "books", stop=lambda: False)

    assert worked is not None
    assert worked.done == 10
    assert trade.states() == {State.POSTED: 10}
    assert trade.credited() == WHOLE


def test_refunds_of_one_order_never_go_side_by_side(trade: Trade) -> None:
    """The second refund of an order is sent only once the first was read back."""
    trade.post()
    calls = [one["path"] for one in trade.books.ask("GET", "journal")["requests"]]
    writes = [place for place, path in enumerate(calls) if "!transform" in path]
    sales = Counter(calls[place].partition("cashSale/")[2].partition("/")[0] for place in writes)
    for sale in (sale for sale, count in sales.items() if count == 2):
        first, second = (place for place in writes if f"cashSale/{sale}/" in calls[place])
        assert any("suiteql" in path for path in calls[first:second])
    assert sorted(sales.values()) == [1] * 6 + [2] * 2


@pytest.mark.parametrize("do", ["429", "commit then drop", "drop", "500 after commit"])
def test_trouble_of_some_holds_up_no_other(trade: Trade, do: str) -> None:
    """Four calls in a row go wrong: those are looked up or sent again, the others go on, and all stand once."""
    trade.books.ask("POST", "faults", [{"when": "create cashRefund", "nth": 2, "times": 4, "do": do}])
    trade.post()
    trade.books.ask("DELETE", "faults")
    trade.post()
    assert trade.states() == {State.POSTED: 10}
    assert trade.credited() == WHOLE


def test_no_more_is_under_way_than_the_account_takes(trade: Trade) -> None:
    """An account that takes three calls at once is never asked a fourth for long, and nothing is lost over it."""
    trade.books.ask("POST", "governance", {"account_limit": 3, "latency_ms": 300})
    trade.post()
    assert trade.states() == {State.POSTED: 10}
    assert trade.credited() == WHOLE
    assert trade.books.ask("GET", "governance")["most_at_once"] == 3


def test_the_accounts_limit_is_known_before_the_first_is_sent(trade: Trade) -> None:
    """More refunds than are safe without knowing it: the limit is asked for beside the first look, once."""
    trade.books.ask("POST", "governance", {"account_limit": 12, "latency_ms": 200})
    trade.post()
    calls = [one["path"] for one in trade.books.ask("GET", "journal")["requests"]]
    first = next(place for place, path in enumerate(calls) if "!transform" in path)
    asked = [place for place, path in enumerate(calls) if "governanceLimits" in path]
    assert len(asked) == 1
    assert asked[0] < first


def test_one_refund_is_posted_without_asking_for_the_limit(trade: Trade) -> None:
    """For one refund the limit is of no use, and asking for it would be one more call."""
    flow.post(trade.app, trade.ids[:1], by="test")
    calls = [one["path"] for one in trade.books.ask("GET", "journal")["requests"]]
    assert not any("governanceLimits" in path for path in calls)


def test_a_post_waits_no_longer_than_told_and_stays_asked(trade: Trade) -> None:
    """Where another process posts to the account all the time, it is named, and nothing is sent from here."""
    other = lease.acquire("books", "worker 7")
    assert other is not None

    said = flow.post(trade.app, trade.ids, by="test", wait_seconds=0)

    assert {problem.finding.code for problem in said.problems} == {"netsuite_in_use"}
    assert all("worker 7" in problem.finding.message for problem in said.problems)
    assert set(asks.of(trade.ids)) == set(trade.ids)
    assert trade.states() == {State.READY: 10}


def test_a_post_goes_on_when_the_other_process_is_done(trade: Trade) -> None:
    """The lease is taken on the next try."""
    other = lease.acquire("books", "worker 7")
    assert other is not None
    waiting = replace(trade.app, sleep=lambda _seconds: lease.release(other))

    said = flow.post(waiting, trade.ids, by="test", wait_seconds=60)

    assert (said.problems, trade.states()) == ((), {State.POSTED: 10})
    assert asks.of(trade.ids) == {}
