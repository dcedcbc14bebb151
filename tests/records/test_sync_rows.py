"""How far accounts are read, hints, webhooks taken, back-fills and decisions, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.db.transaction import atomic

from contrapost.records import accounts, asks, backfills, golive, hints, sync
from contrapost.records.errors import NotFoundError
from contrapost.records.models import Sync, SyncNote
from contrapost.records.models.posting import AppendOnlyError
from contrapost.records.setup import database
from contrapost.refunds.finding import error

if TYPE_CHECKING:
    from conftest import Books

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


def _live() -> sync.SyncRow:
    golive.sign_off("shop", by="ada", now=NOON, go_live_on=NOON.date(), note="", shown="[]")
    golive.switch("shop", on=True, by="ada", now=NOON)
    return sync.get("shop")


def test_a_position_moves_forward_and_only_from_where_it_was(books: Books) -> None:
    """Of two processes that read the same page, the slower one takes nothing back."""
    assert books
    row = _live()
    assert sync.page_read(row, cursor="two", reached=NOON, ended=False, now=NOON)
    slow = sync.page_read(row, cursor="one", reached=None, ended=False, now=NOON)
    second = sync.get("shop")
    assert (slow, second.cursor, second.read_to) == (False, "two", NOON)
    assert sync.due(NOON) == ["shop"]

    assert sync.page_read(second, cursor="", reached=NOON - timedelta(days=1), ended=True, now=NOON)

    ended = sync.get("shop")
    assert (ended.cursor, ended.read_to, ended.next_poll_at) == ("", NOON, LATER)
    assert sync.due(NOON) == []
    assert sync.due(LATER) == ["shop"]


def test_an_account_that_failed_rests(books: Books) -> None:
    """It is not due while it rests; a person may hurry it, and what went well forgets the failures."""
    assert books
    _live()
    sync.failed("shop", error("store_failing", "It fails.", fix="Wait."), paused_until=LATER)
    row = sync.get("shop")
    assert (row.failures, row.rests_at(NOON), sync.due(NOON)) == (1, True, [])
    assert row.error is not None

    sync.hurry("shop", now=NOON)
    assert sync.due(NOON) == ["shop"]
    sync.went_well(sync.get("shop"), None)

    assert (sync.get("shop").failures, sync.get("shop").error) == (0, None)


def test_what_may_be_posted_by_itself(books: Books) -> None:
    """Ready, of the go-live date or later, and not asked for yet."""
    old, new, asked, waiting = (
        books.kept(name, refunded_on=day, refunded_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        for name, day in (("1", date(2026, 2, 27)), ("2", NOON.date()), ("3", NOON.date()), ("4", NOON.date()))
    )
    for id_ in (old, new, asked):
        books.ready(id_, "cashRefund")
    asks.ask([asked], by="ada", priority=asks.Priority.MANUAL, now=NOON)
    assert sync.to_be_asked("shop") == []
    _live()

    assert sync.to_be_asked("shop") == [new]
    assert sync.to_be_asked("shop", [old, asked, waiting]) == []
    assert sync.to_be_asked("shop", [new, old]) == [new]


def test_webhooks_at_once_are_taken_once_each(url: str, books: Books) -> None:
    """Of one webhook that comes four times at once one is new; two of one order make one hint, and lose none."""
    assert url
    assert books

    def take(number: int) -> bool:
        with database():
            return hints.take("shop", "77", delivery_id=f"d{number % 2}", body=str(number % 2).encode(), now=NOON)

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(8)))

    assert sorted(taken) == [False] * 6 + [True] * 2
    assert list(hints.waiting("shop")) == ["77"]
    assert hints.count("shop") == 1
    assert sync.due(NOON) == ["shop"]
    assert hints.forget(before=NOON) == 0
    assert hints.forget(before=LATER) == 2


def test_only_the_newest_token_is_the_addresss(books: Books) -> None:
    """A token of another account, of before, or of an account there is not is none."""
    assert books
    former, token = hints.new_address_token("shop"), hints.new_address_token("shop")
    assert hints.is_address_token("shop", token)
    assert not any(hints.is_address_token(*wrong) for wrong in (("shop", former), ("other", token), ("nobody", token)))
    hints.no_address("shop")
    assert not hints.is_address_token("shop", token)
    assert not hints.is_address_token("shop", "")
    with pytest.raises(NotFoundError):
        hints.new_address_token("nobody")


def test_a_back_fill_goes_on_from_where_it_is(books: Books) -> None:
    """Each part counts once, whoever saves it; it is at its end when all of it was read."""
    assert books
    id_ = backfills.ask("shop", by="ada", now=NOON, since=NOON - timedelta(days=100))
    row = backfills.get(id_)
    half = NOON - timedelta(days=50)
    assert backfills.went_on(row, now=NOON, found=3, cursor="two", reached=half, ended=False)
    assert not backfills.went_on(row, now=NOON, found=3, cursor="two", reached=half, ended=False)
    row = backfills.get(id_)
    assert (row.percent, row.found) == (50, 3)

    assert backfills.went_on(row, now=NOON, found=0, ended=True)

    assert (backfills.get(id_).state, backfills.get(id_).percent) == ("finished", 100)
    assert backfills.running("shop") is None


def test_the_database_itself_keeps_test_mode(books: Books) -> None:
    """No statement turns on an account that is in test mode; decisions are written once."""
    assert books
    with pytest.raises(IntegrityError), atomic():
        Sync.objects.filter(account__name="shop").update(automatic=True)
    _live()
    with pytest.raises(AppendOnlyError):
        SyncNote.objects.all().update(by="nobody")


def test_another_shop_is_tested_anew(books: Books) -> None:
    """An account that is bound to another shop is in test mode, and read from nowhere; its decisions stay."""
    _live()
    golive.change("shop", by="ada", now=NOON, poll_minutes=9)
    row = accounts.get("shop", vault=books.vault)

    accounts.update(replace(row, settings={**row.settings, "x": "y"}), vault=books.vault)
    assert sync.get("shop").automatic
    accounts.update(replace(row, identity="another"), vault=books.vault)

    new = sync.get("shop")
    assert (new.live, new.automatic, new.read_to, new.go_live_on, new.poll_minutes) == (False, False, None, None, 9)
    assert golive.notes("shop")[-1].what == "signed off"


def test_an_account_goes_with_all_that_keeps_it_up(books: Books) -> None:
    """One without transactions can be removed after it was live, with its notes, hints and back-fills."""
    assert books
    _live()
    hints.take("shop", "77", delivery_id="d", body=b"1", now=NOON)
    backfills.ask("shop", by="ada", now=NOON, orders=["#1"])

    accounts.remove("shop")

    assert [row.account for row in sync.listing()] == ["other"]
    assert golive.notes("shop") == ()


def test_accounts_of_before_start_in_test_mode(books: Books) -> None:
    """The migration gives each account that was there its row, in test mode."""
    assert books
    Sync.objects.all().delete()
    import_module("contrapost.records.migrations.0007_sync").start_in_test_mode(apps, None)

    assert [(row.account, row.live, row.automatic) for row in sync.listing()] == [
        ("other", False, False),
        ("shop", False, False),
    ]
