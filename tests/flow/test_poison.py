"""A poisoned refund among others that are posted: it is held with the fault in the log, the others are posted."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from waits import Shop

from contrapost import flow, planning
from contrapost.netsuite import client
from contrapost.posting import post as posting
from contrapost.records import asks, queries
from contrapost.records.models import Transaction
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost.app import App
    from contrapost.demo.processes import Emulator

POISONED = "#3002"
REFUND = "30021"


@pytest.fixture
def shop(app: App, shop_process: Emulator, books_process: Emulator) -> Shop:
    """Three refunds that are ready."""
    made = Shop(app, shop_process, books_process)
    for number in (3001, 3002, 3003):
        made.sold(number)
        made.billed(number)
    made.ids = [row.id for row in made.retrieved(3001, 3002, 3003)]
    return made


def _unreadable(_patch: pytest.MonkeyPatch) -> None:
    Transaction.objects.filter(order_name=POISONED).update(bills='{"no": "bills"}')


def _not_matched(patch: pytest.MonkeyPatch) -> None:
    matched = planning.match

    def fails(net: Any, documents: Any, *rest: Any, **more: Any) -> Any:
        if any(one.order_name == POISONED for one in documents):
            raise ZeroDivisionError("poison")
        return matched(net, documents, *rest, **more)

    patch.setattr(planning, "match", fails)


def _not_sent(patch: pytest.MonkeyPatch) -> None:
    write = client.RestNetSuite.write

    def fails(net: Any, draft: Any, *rest: Any) -> Any:
        if REFUND in draft.external_id:
            raise ZeroDivisionError("poison")
        return write(net, draft, *rest)

    patch.setattr(client.RestNetSuite, "write", fails)


def _not_read_back(patch: pytest.MonkeyPatch) -> None:
    read_back = client.RestNetSuite.read_back

    def fails(net: Any, drafts: Any) -> Any:
        if any(REFUND in draft.external_id for draft in drafts.values()):
            raise ZeroDivisionError("poison")
        return read_back(net, drafts)

    patch.setattr(client.RestNetSuite, "read_back", fails)


def _not_compared(patch: pytest.MonkeyPatch) -> None:
    compare = posting.identity_differences

    def fails(draft: Any, standing: Any) -> Any:
        if REFUND in draft.external_id:
            raise ZeroDivisionError("poison")
        return compare(draft, standing)

    patch.setattr(posting, "identity_differences", fails)


@pytest.mark.parametrize("poison", [_unreadable, _not_matched, _not_sent, _not_read_back, _not_compared])
def test_a_poisoned_refund_keeps_no_other_from_being_posted(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    poison: Callable[[pytest.MonkeyPatch], None],
) -> None:
    """Wherever it goes wrong, one fault is one held refund; with the fault mended it is posted, and only once."""
    asks.ask(shop.ids, by="ada", priority=asks.Priority.MANUAL, now=shop.app.now())
    with monkeypatch.context() as poisoned, caplog.at_level(logging.ERROR):
        poison(poisoned)
        flow.post_asked(shop.app, "books", stop=lambda: False)
    states = queries.states(shop.ids)

    assert [states[id_] for id_ in shop.ids] == [State.POSTED, State.NEEDS_ATTENTION, State.POSTED]
    assert "Traceback" in caplog.text
    assert not asks.of(shop.ids)
    held = Transaction.objects.get(pk=shop.ids[1])
    assert held.cause == "unexpected_fault"

    Transaction.objects.filter(pk=held.pk).update(bills=None)
    flow.post(shop.app, shop.ids, by="ada")
    assert set(queries.states(shop.ids).values()) == {State.POSTED}
    assert shop.credits() == 3
