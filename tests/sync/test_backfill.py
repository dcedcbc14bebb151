"""Back-fills: by orders, by a file, and by a span of time; interrupted and gone on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from trade import ACCOUNT

from contrapost import flow, syncing
from contrapost.cli.backfill import StillRunningError, _to_its_end
from contrapost.records import asks, backfills, golive, sync, workers
from contrapost.records.errors import RefusedError
from contrapost.refunds.lifecycle import State
from contrapost.stores.contract import StoreError

if TYPE_CHECKING:
    from conftest import Kept

LONG_AGO = timedelta(days=300)


def test_a_list_is_read_part_by_part(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """In test mode too: the refunds are brought and matched, what is not there is told, nothing is asked for."""
    monkeypatch.setattr(syncing, "ORDERS_AT_ONCE", 2)
    for number in (5301, 5302, 5303):
        kept.sell(number)
    asked = flow.Orders(names=["#5301", "5302", "#5399", "#5303", "#5301"])
    fill = flow.back_fill(kept.app, ACCOUNT, asked, by="ada")
    assert (fill.total, fill.percent) == (4, 0)
    assert sync.due(kept.clock()) == [ACCOUNT]

    assert flow.keep_up(kept.app, ACCOUNT)
    assert backfills.get(fill.id).percent == 50
    kept.keep_up()

    done = backfills.get(fill.id)
    assert (done.state, done.percent, done.done, done.found) == ("finished", 100, 4, 3)
    assert [problem.order for problem in done.problems] == ["#5399"]
    assert {row.status for row in kept.rows.values()} == {State.READY}
    assert kept.asked == {}
    assert sync.due(kept.clock()) == []


def test_a_span_of_a_live_account_is_asked_for_behind_all_else(live: Kept) -> None:
    """What polling finds overtakes it; refunds of days before the go-live date are brought and left."""
    live.keep_up()
    golive.switch(ACCOUNT, on=False, by="ada", now=live.clock())
    live.sell(5304)
    past = (live.clock() - timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")
    live.sell(5305, createdAt=past, processedAt=past)
    fill = flow.back_fill(live.app, ACCOUNT, flow.Span(since=live.clock() - LONG_AGO), by="ada")
    assert flow.fill_in(live.app, fill.id).state == "finished"
    assert live.asked == {}  # it is off: nothing goes by itself

    golive.switch(ACCOUNT, on=True, by="ada", now=live.clock())
    again = flow.back_fill(live.app, ACCOUNT, flow.Span(since=live.clock() - LONG_AGO), by="ada")
    flow.fill_in(live.app, again.id)
    assert live.asked == {"#5304": asks.Priority.BACK_FILL}
    live.sell(5306)
    live.keep_up()

    assert live.asked == {"#5304": asks.Priority.BACK_FILL, "#5306": asks.Priority.AUTOMATIC}
    assert live.rows["#5305"].status is State.READY


def test_an_interrupted_one_goes_on_where_it_was(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the store away in the middle, what was read stays, and the rest comes once the store is back."""
    monkeypatch.setattr(syncing, "ORDERS_AT_ONCE", 1)
    for number in (5307, 5308):
        kept.sell(number)
    fill = flow.back_fill(kept.app, ACCOUNT, flow.Orders(names=["#5307", "#5308"]), by="ada")
    flow.keep_up(kept.app, ACCOUNT)
    kept.shop.ask("POST", "faults", [{"when": "orders", "nth": 1, "times": 0, "do": "401"}])
    with pytest.raises(StoreError):
        flow.fill_in(kept.app, fill.id)
    assert (backfills.get(fill.id).state, backfills.get(fill.id).done) == ("running", 1)

    kept.shop.ask("DELETE", "faults")
    told: list[int] = []
    done = flow.fill_in(kept.app, fill.id, tell=lambda row: told.append(row.percent))

    assert (done.state, told) == ("finished", [100])
    assert set(kept.rows) == {"#5307", "#5308"}


def test_one_that_was_stopped_does_no_more(kept: Kept) -> None:
    """A person may stop it; it is over then, and stopping it twice is refused."""
    fill = flow.back_fill(kept.app, ACCOUNT, flow.Span(since=kept.clock() - LONG_AGO), by="ada")
    flow.stop_back_fill(kept.app, ACCOUNT, fill.id)

    assert sync.due(kept.clock()) == []
    assert backfills.get(fill.id).state == "stopped"
    with pytest.raises(RefusedError, match="over already"):
        flow.stop_back_fill(kept.app, ACCOUNT, fill.id)


def test_what_cannot_be_asked_for_is_refused(kept: Kept) -> None:
    """Nothing, a span that ends before it begins, and one that lies ahead."""
    now = kept.clock()
    for wanted in (
        flow.Orders(names=[" "]),
        flow.Span(since=now, until=now - LONG_AGO),
        flow.Span(since=now + LONG_AGO),
    ):
        with pytest.raises(RefusedError):
            flow.back_fill(kept.app, ACCOUNT, wanted, by="ada")
    assert backfills.listing(ACCOUNT) == ()


def test_the_command_watches_while_a_worker_does_it(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is not read twice; with the store away it says that the back-fill goes on by itself."""
    monkeypatch.setattr(syncing, "ORDERS_AT_ONCE", 1)
    for number in (5309, 5310):
        kept.sell(number)
    workers.beat("worker", "1")
    watched = replace(kept.app, sleep=lambda _seconds: flow.keep_up(kept.app, ACCOUNT))
    fill = flow.back_fill(watched, ACCOUNT, flow.Orders(names=["#5309", "#5310"]), by="ada")
    told: list[int] = []
    assert _to_its_end(watched, fill, told.append).state == "finished"
    assert told == [1, 2]

    kept.shop.ask("POST", "faults", [{"when": "orders", "nth": 1, "times": 0, "do": "401"}])
    again = flow.back_fill(watched, ACCOUNT, flow.Orders(names=["#5309"]), by="ada")
    with pytest.raises(StillRunningError, match="goes on by itself"):
        _to_its_end(watched, again, told.append)
    assert backfills.get(again.id).running
