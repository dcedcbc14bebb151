"""Failures that pass are tried again by themselves; what is mended elsewhere is looked at again; data waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from waits import Shop

from contrapost import accounts, flow
from contrapost.records import asks, causes, queries
from contrapost.records.models import Transaction
from contrapost.records.rows import Again
from contrapost.refunds.lifecycle import State
from contrapost.refunds.retry import Cause

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.demo.processes import Emulator
    from contrapost.records.rows import TransactionRow


@pytest.fixture
def shop(app: App, shop_process: Emulator, books_process: Emulator) -> Shop:
    """A shop without orders."""
    return Shop(app, shop_process, books_process)


def _ready(shop: Shop) -> TransactionRow:
    shop.sold(3001)
    shop.billed(3001)
    [row] = shop.retrieved(3001)
    assert row.status is State.READY
    return row


@pytest.mark.parametrize(
    ("do", "status", "by", "priority"),
    [
        ("429", State.NEEDS_ATTENTION, "retry", asks.Priority.AUTOMATIC),
        ("drop", State.OUTCOME_UNKNOWN, "ada", asks.Priority.MANUAL),
    ],
)
def test_a_post_that_met_what_passes_is_asked_for_again_by_itself(
    shop: Shop, do: str, status: State, by: str, priority: asks.Priority
) -> None:
    """Nobody asks twice: a retry is asked for at its time, or the ask stays while the outcome is not known."""
    row = _ready(shop)
    shop.books.ask("POST", "faults", [{"when": "create cashRefund", "times": 20, "do": do}])
    flow.post(shop.app, [row.id], by="ada")
    shop.books.ask("DELETE", "faults")
    held = queries.get(row.id)
    assert held.status is status
    assert held.looks.next_at is not None

    Transaction.objects.update(next_look_at=shop.app.now() - timedelta(minutes=1))
    assert shop.look().asked == (by == "retry")

    [ask] = asks.of([row.id]).values()
    assert (ask.by, ask.priority) == (by, priority)
    assert queries.get(row.id).looks.count == held.looks.count + 1
    flow.post(shop.app, [row.id], by="retry")
    assert queries.get(row.id).status is State.POSTED
    assert queries.get(row.id).looks.next_at is None
    assert not asks.of([row.id])


def test_what_a_setting_holds_is_looked_at_when_it_changes(shop: Shop) -> None:
    """The same cause is shown once for both; with the setting mended both become ready at the next look."""
    for number in (3001, 3002):
        shop.sold(number, gateway="klarna")
        shop.billed(number)
    rows = shop.retrieved(3001, 3002)
    assert [row.looks.next_at for row in rows] == [None, None]
    [group] = causes.groups("shop")
    assert (group.cause, group.count) == (Cause(code="cash_account_not_mapped", where="cash_account.klarna"), 2)

    accounts.change(shop.app, "shop", {"cash_account.klarna": "1091"})
    shop.look()

    assert [queries.get(row.id).status for row in rows] == [State.READY, State.READY]
    assert causes.groups("shop") == ()


def test_what_is_mended_in_netsuite_is_looked_at_by_itself(shop: Shop) -> None:
    """Nobody tells us when somebody corrects a bill: it is looked at by the schedule, as what waits is."""
    shop.sold(3001)
    shop.billed(3001, item="POSTER")
    [row] = shop.retrieved(3001)
    assert [finding.code for finding in row.findings] == ["item_not_on_bill"]
    assert row.looks.since is None
    assert row.looks.next_at is not None


def test_all_that_one_cause_holds_is_tried_again_together(shop: Shop) -> None:
    """At once, in the name of who asked; what came of it is told, and what is still held stays held."""
    for number in (3001, 3002):
        shop.sold(number)
        shop.billed(number, item="POSTER")
    rows = shop.retrieved(3001, 3002)
    cause = causes.groups("shop")[0].cause

    looked = flow.look_now(shop.app, "shop", Again(code=cause.code), by="ada")

    assert set(looked.ids) == {row.id for row in rows}
    assert (looked.left, looked.problems) == (0, ())
    assert [queries.get(row.id).status for row in rows] == [State.NEEDS_ATTENTION] * 2
