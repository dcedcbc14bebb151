"""Keeping an account up by polling: what is retrieved, what is asked to be posted, and what a fault leaves behind."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import urllib3
from trade import ACCOUNT
from world import order, refund

from contrapost import flow, planning, syncing
from contrapost.records import asks, golive, keeping, queries, sync
from contrapost.refunds.lifecycle import State
from contrapost.stores.shopify.queries import ORDERS_PAGE

if TYPE_CHECKING:
    from conftest import Kept

    from contrapost.mapping.terms import Terms
    from contrapost.netsuite.bill import Bills
    from contrapost.refunds.document import Refund

MANY = ORDERS_PAGE + 2


def test_a_new_account_is_in_test_mode_and_nothing_goes_by_itself(kept: Kept) -> None:
    """A refund at the store is neither retrieved nor posted before a person lets the account go live."""
    kept.sell(5001)

    assert sync.due(kept.clock()) == []
    assert kept.keep_up() == 1
    assert kept.rows == {}
    assert not kept.sync.live
    with pytest.raises(Exception, match="test mode"):
        golive.switch(ACCOUNT, on=True, by="ada", now=kept.clock())


def test_what_is_refunded_is_retrieved_and_asked_for_once(live: Kept) -> None:
    """A poll brings the refund, maps it and asks for its posting; the next poll, though it overlaps, does nothing."""
    live.sell(5002)
    assert sync.due(live.clock()) == [ACCOUNT]

    live.keep_up()

    assert live.rows["#5002"].status is State.READY
    assert live.asked == {"#5002": asks.Priority.AUTOMATIC}
    assert sync.due(live.clock()) == []
    live.forward(minutes=5)
    assert sync.due(live.clock()) == [ACCOUNT]
    live.books.ask("DELETE", "journal")
    live.keep_up()
    assert live.books.ask("GET", "journal")["requests"] == []
    assert live.asked == {"#5002": asks.Priority.AUTOMATIC}


def test_refunds_before_the_go_live_date_are_retrieved_and_left(kept: Kept) -> None:
    """They are here to be looked at; a person who asks for one by its order can post it all the same."""
    yesterday = (kept.clock() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    kept.go_live(kept.clock().date() + timedelta(days=1))
    kept.sell(5003, createdAt=yesterday, processedAt=yesterday)

    kept.keep_up()

    assert kept.rows["#5003"].status is State.READY
    assert kept.asked == {}
    row = kept.retrieve(5003)
    assert flow.post(kept.app, [row.id], by="ada").transactions[0].status is State.POSTED


def test_more_than_a_page_is_read_in_several_goes(live: Kept) -> None:
    """Each go reads one page; the position moves with each, and nothing is left out."""
    for number in range(5100, 5100 + MANY):
        live.sell(number, billed=False)

    goes = live.keep_up()

    assert goes > 1
    assert len(live.rows) == MANY
    assert live.sync.cursor == ""
    assert live.sync.polled_at is not None


def test_a_store_that_is_away_loses_nothing(live: Kept) -> None:
    """The error is kept, the position stays, each pause is longer; once the store is back the refund comes."""
    live.keep_up()
    live.forward(minutes=5)
    before = live.sync
    live.sell(5004)
    live.shop.ask("POST", "faults", [{"when": "orders", "nth": 1, "times": 0, "do": "401"}])

    rests = []
    for _ in range(3):
        syncing.keep_up(live.app, ACCOUNT, chance=lambda: 0.5)
        now = live.sync
        assert now.error is not None
        assert now.error.code == "store_token_refused"
        assert (now.read_to, now.cursor, now.polled_at) == (before.read_to, before.cursor, before.polled_at)
        assert now.paused_until is not None
        assert sync.due(live.clock()) == []
        rests.append(now.paused_until - live.clock())
        live.forward(seconds=rests[-1].total_seconds() + 1)
    assert rests[0] < rests[1] < rests[2]

    live.shop.ask("DELETE", "faults")
    live.keep_up()
    assert live.sync.error is None
    assert live.asked == {"#5004": asks.Priority.AUTOMATIC}


@pytest.mark.parametrize("broken", ["keep", "states", "look", "ask", "page_read"])
def test_a_crash_at_any_step_loses_nothing(live: Kept, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    """Whatever step the process dies at, the next one starts with the same page and brings it to its end."""
    live.sell(5005)
    places = {
        "keep": (keeping, "keep"),
        "states": (syncing.queries, "states"),
        "look": (syncing, "look_again"),
        "ask": (asks, "ask"),
        "page_read": (sync, "page_read"),
    }
    with monkeypatch.context() as dying:
        dying.setattr(*places[broken], _die)
        with pytest.raises(SystemExit):
            flow.keep_up(live.app, ACCOUNT)
    assert live.sync.polled_at is None

    live.keep_up()

    assert live.asked == {"#5005": asks.Priority.AUTOMATIC}
    assert live.sync.polled_at is not None


def _die(*_given: object, **_named: object) -> None:
    raise SystemExit


def test_a_poisoned_refund_keeps_no_other_up(live: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refund that makes our own code fail is held with a finding; those beside it go on."""
    for number in (5006, 5007, 5008):
        live.sell(number)
    mapped = planning.plan

    def fails_on_one(refund: Refund, bills: Bills, terms: Terms) -> object:
        if refund.order_name == "#5007":
            raise KeyError("nobody thought of this")
        return mapped(refund, bills, terms)

    monkeypatch.setattr(planning, "plan", fails_on_one)
    live.keep_up()

    assert live.rows["#5007"].status is State.NEEDS_ATTENTION
    assert live.rows["#5007"].findings[0].code == "unexpected_fault"
    assert set(live.asked) == {"#5006", "#5008"}


def test_turning_it_off_stops_it_and_on_again_goes_on(live: Kept) -> None:
    """What was refunded in between comes with the first poll afterwards; each turn names who did it."""
    live.keep_up()
    golive.switch(ACCOUNT, on=False, by="ada", now=live.clock())
    live.sell(5009)
    live.forward(hours=3)
    assert sync.due(live.clock()) == []

    golive.switch(ACCOUNT, on=True, by="bea", now=live.clock())
    live.keep_up()

    assert set(live.asked) == {"#5009"}
    assert [(note.what, note.by) for note in golive.notes(ACCOUNT)] == [
        ("automatic on", "bea"),
        ("automatic off", "ada"),
        ("automatic on", "ada"),
        ("signed off", "ada"),
    ]


def test_a_clock_of_ours_that_jumps_skips_nothing(live: Kept) -> None:
    """The position is the store's time, never ours: with our clock days ahead, and back again, all refunds come."""
    live.sell(5010)
    live.forward(days=3)
    live.keep_up()
    live.sell(5011)
    live.forward(minutes=6)
    live.keep_up()
    live.sell(5012)
    live.forward(days=-3, minutes=6)
    sync.hurry(ACCOUNT, now=live.clock())
    live.keep_up()

    assert set(live.rows) == {"#5010", "#5011", "#5012"}


def test_what_waits_is_looked_at_again_when_it_is_due(live: Kept) -> None:
    """An order that is billed later becomes ready at its look, and is asked for then."""
    live.sell(5013, billed=False)
    live.keep_up()
    assert live.rows["#5013"].status is State.WAITING
    live.sell(5013)
    due_at = live.rows["#5013"].looks.next_at
    assert due_at is not None
    live.forward(seconds=(due_at - live.clock()).total_seconds() + 1)
    golive.switch(ACCOUNT, on=True, by="ada", now=live.clock())

    assert sync.due(live.clock()) == [ACCOUNT]
    live.keep_up()

    assert live.asked == {"#5013": asks.Priority.AUTOMATIC}


def test_looking_back_reads_the_last_days_again(live: Kept) -> None:
    """With a look back set, what changed in the last days is read anew at its own pace, though no poll would."""
    live.sell(5014)
    live.keep_up()
    golive.change(ACCOUNT, by="ada", now=live.clock(), look_back_days=30, look_back_hours=6)
    live.keep_up()
    live.forward(hours=1)
    live.keep_up()
    live.shop.ask("DELETE", "journal")
    golive.switch(ACCOUNT, on=True, by="ada", now=live.clock())
    assert live.sync.next_look_back_at is not None
    assert live.sync.next_look_back_at > live.clock()

    live.forward(hours=6)
    live.keep_up()

    assert live.sync.next_look_back_at > live.clock()
    assert live.sync.look_back_cursor == ""


def test_text_that_no_database_keeps_stops_nothing(live: Kept) -> None:
    """A note with NUL and half of a surrogate pair comes with signs in their place, and the refund goes its way."""
    for number in (5015, 5016):
        live.sell(number)
    back = refund(50151, [(0, 1, "100.00", "8.25")], paid="108.25", note="a\x00b\ud800c")
    sold = order(5015, [("LAMP", 1, "100.00", "8.25")], [back], paid="108.25")
    sent = urllib3.request("POST", f"{live.shop.url}/_emulator/orders", body=json.dumps([sold]).encode())
    assert sent.status == 200

    live.keep_up()

    assert set(live.asked) == {"#5015", "#5016"}
    document = queries.get(live.rows["#5015"].id).document
    assert document is not None
    assert document.note == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
