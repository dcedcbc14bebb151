"""Waiting and looking again, against an emulated shop and emulated books: each reason ends when its cause does."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from waits import Shop

from contrapost import planning
from contrapost.records import queries, waiting
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.demo.processes import Emulator


@pytest.fixture
def shop(app: App, shop_process: Emulator, books_process: Emulator) -> Shop:
    """A shop without orders."""
    return Shop(app, shop_process, books_process)


def test_an_order_that_comes_into_netsuite_is_found_when_its_look_is_due(shop: Shop) -> None:
    """Not in NetSuite, then not billed, then billed: each look says how it stands; nothing is asked between them."""
    shop.sold(3001)
    [row] = shop.retrieved(3001)
    assert (row.status, row.reason, row.looks.count) == (State.WAITING, "order_not_in_netsuite", 1)
    assert shop.look().ids == ()

    shop.days_pass(2)
    assert len(shop.look().ids) == 1
    again = queries.get(row.id)
    assert (again.status, again.looks.count) == (State.WAITING, 2)
    assert waiting.due(now=shop.app.now()) == []

    shop.billed(3001)
    shop.days_pass(2)
    assert shop.look().problems == ()
    ready = queries.get(row.id)
    assert (ready.status, ready.looks.since, ready.looks.next_at) == (State.READY, None, None)


def test_money_on_its_way_is_asked_for_at_the_store(shop: Shop) -> None:
    """Only the store can say that it moved: the look reads the order there, and brings no other refund of it."""
    shop.billed(3001)
    shop.sold(3001, status="PENDING", adjustment="108.25")
    [row] = shop.retrieved(3001)
    assert row.reason == "refund_pending"
    shop.sold(3001)

    shop.days_pass(1)
    shop.look()

    assert queries.get(row.id).status is State.READY


def test_a_store_that_is_away_keeps_the_refund_waiting(shop: Shop) -> None:
    """The look says what is wrong, the refund goes on waiting, and is looked at later again."""
    shop.sold(3001, status="PENDING", adjustment="108.25")
    [row] = shop.retrieved(3001)
    shop.shop.ask("POST", "faults", [{"when": "orders", "times": 9, "do": "500"}])

    shop.days_pass(1)
    looked = shop.look()

    assert [one.finding.code for one in looked.problems] == ["store_failing"]
    assert not looked.more
    assert queries.get(row.id).status is State.WAITING
    assert waiting.due(now=shop.app.now()) == []


def test_what_waits_for_too_long_needs_attention_and_is_still_looked_at(shop: Shop) -> None:
    """After the account's days, it says for what and since when it waited; once billed, it is ready all the same."""
    shop.sold(3001)
    [row] = shop.retrieved(3001)
    shop.days_pass(15)
    shop.look()

    late = queries.get(row.id)
    assert (late.status, late.reason) == (State.NEEDS_ATTENTION, "order_not_in_netsuite")
    assert late.findings[0].code == "waited_too_long"
    assert "15 days" in late.findings[0].message
    assert late.findings[1].code == "order_not_in_netsuite"
    assert [group.too_long for group in waiting.groups()] == [1]

    shop.billed(3001)
    shop.days_pass(16)
    shop.look()
    assert queries.get(row.id).status is State.READY


def test_netsuite_away_is_waited_for(shop: Shop) -> None:
    """A look that meets a NetSuite in maintenance puts all off, and what they waited for before stays as it was."""
    shop.sold(3001)
    [row] = shop.retrieved(3001)
    shop.days_pass(1)
    shop.books.ask("POST", "faults", [{"when": "suiteql", "times": 50, "do": "500 before commit"}])
    looked = shop.look()
    shop.books.ask("DELETE", "faults")

    assert looked.problems
    away = queries.get(row.id)
    assert away.status is State.WAITING
    assert away.reason.startswith("netsuite_")
    assert away.looks.since is not None
    assert shop.app.now() - away.looks.since > timedelta(hours=23)
    assert waiting.due(now=shop.app.now()) == []


def test_a_poisoned_refund_keeps_no_other_from_being_looked_at(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One whose mapping meets a fault of ours is held, with the fault in the log; the others come to be ready."""
    for number in (3001, 3002, 3003):
        shop.sold(number)
        shop.billed(number)
    mapped = planning.plan

    def poisoned(document: Any, *rest: Any) -> Any:
        if document.order_name == "#3002":
            raise ZeroDivisionError("poison")
        return mapped(document, *rest)

    monkeypatch.setattr(planning, "plan", poisoned)
    with caplog.at_level(logging.ERROR):
        rows = shop.retrieved(3001, 3002, 3003)

    assert [row.status for row in rows] == [State.READY, State.NEEDS_ATTENTION, State.READY]
    assert [finding.code for finding in rows[1].findings] == ["unexpected_fault"]
    assert "ZeroDivisionError" in rows[1].findings[0].message
    assert "poison" in caplog.text
