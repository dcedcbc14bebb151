"""Lists go on where they stopped, whatever comes in meanwhile, and show what their filters ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from contrapost.records import queries, transactions
from contrapost.records.cursors import CursorError
from contrapost.records.rows import Filters
from contrapost.refunds.lifecycle import Event, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from conftest import Books

    from contrapost.records.rows import TransactionSummary

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVERYTHING = Filters()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moments=some.lists(some.sampled_from([0, 1, 500_000, 1_000_000, 1_000_001]), max_size=12),
    limit=some.integers(1, 5),
)
def test_pages_hold_each_row_once_in_order(books: Books, moments: list[int], limit: int) -> None:
    """Even where many refunds bear the same moment, or moments differ by a microsecond."""
    for row in _pages(5):
        transactions.delete(row.id, by="alice", now=NOON)
    times = [NOON + timedelta(microseconds=moment) for moment in moments]
    books.keep(*(books.retrieved(f"r{n}", refunded_at=at) for n, at in enumerate(times)), by_hand=True)

    seen = list(_pages(limit))

    key = [(row.refunded_at, row.id) for row in seen]
    assert key == sorted(key, reverse=True)
    assert len({row.id for row in seen}) == len(seen) == len(moments)


def test_rows_that_come_in_meanwhile_shift_nothing(books: Books) -> None:
    """The second page begins after the last row of the first, though newer refunds came and one went."""
    ids = [books.kept(f"r{number}", refunded_at=NOON + timedelta(hours=number)) for number in range(4)]
    first = queries.listing(EVERYTHING, limit=2)
    books.kept("newer", refunded_at=NOON + timedelta(days=1))
    transactions.delete(ids[2], by="alice", now=NOON)

    second = queries.listing(EVERYTHING, cursor=first.cursor, limit=2)

    assert [row.id for row in first.rows] == [ids[3], ids[2]]
    assert [row.id for row in second.rows] == [ids[1], ids[0]]
    assert (second.has_more, second.cursor) == (False, "")


def test_filters(books: Books) -> None:
    """Account, status, order, span and hidden rows each narrow the list."""
    old = books.kept("r1", refunded_at=NOON - timedelta(days=2))
    waiting = books.kept("r2")
    transactions.mapped(waiting, Event.MUST_WAIT, by="map", now=NOON)
    hidden = books.kept("r3")
    transactions.hide(hidden, by="alice", now=NOON)
    [elsewhere] = books.keep(books.retrieved("r4"), account="other")

    def shown(**asked: object) -> set[int]:
        filters = Filters(**asked)
        rows = {row.id for row in queries.listing(filters).rows}
        assert queries.count(filters) == len(rows)
        return rows

    assert shown() == {old, waiting, elsewhere.id}
    assert shown(include_hidden=True) == {old, waiting, elsewhere.id, hidden}
    assert shown(account="other") == {elsewhere.id}
    assert shown(account="shop", statuses=frozenset({State.WAITING, State.READY})) == {waiting}
    assert shown(order="#r1") == shown(order="r1") == shown(order="or1") == {old}
    assert shown(order="r2", account="shop", statuses=frozenset({State.WAITING})) == {waiting}
    assert shown(order="r2", account="other") == shown(order="r2", statuses=frozenset({State.READY})) == set()
    assert shown(since=NOON) == {waiting, elsewhere.id}
    assert shown(order="nosuch") == set()


def test_days_are_those_of_the_shop(books: Books) -> None:
    """One moment is another day in another zone: each refund is on the day that its shop's calendar showed."""
    day = NOON.date()
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    late = NOON.replace(hour=23, minute=30)
    yesterday = books.kept("r1", refunded_at=NOON.replace(hour=0, minute=30), refunded_on=before)
    farthest_west = books.kept("r2", refunded_at=late - timedelta(hours=12), refunded_on=before)
    today = books.kept("r3", refunded_at=late, refunded_on=day)
    ends_last = books.kept("r4", refunded_at=late + timedelta(hours=12), refunded_on=day)
    tomorrow = books.kept("r5", refunded_at=late, refunded_on=after)
    begins_first = books.kept("r6", refunded_at=NOON - timedelta(hours=2), refunded_on=after)

    def shown(first: date | None, last: date | None) -> set[int]:
        filters = Filters(first_day=first, last_day=last)
        rows = {row.id for row in queries.listing(filters).rows}
        assert queries.count(filters) == sum(queries.counts(filters).values()) == len(rows)
        return rows

    assert shown(day, day) == {today, ends_last}
    assert shown(before, before) == shown(None, before) == {yesterday, farthest_west}
    assert shown(after, None) == {tomorrow, begins_first}
    assert shown(None, None) == {yesterday, farthest_west, today, ends_last, tomorrow, begins_first}


@pytest.mark.parametrize("cursor", ["x", "!!!!", "eA", "WzEsMl0", "\N{SNOWMAN}"])
def test_a_cursor_that_no_list_gave_is_refused(books: Books, cursor: str) -> None:
    """It is the caller's error, told in words."""
    assert books

    with pytest.raises(CursorError, match="first page"):
        queries.listing(EVERYTHING, cursor=cursor)


def test_counting_stops_at_the_cap(books: Books) -> None:
    """Beyond the cap nobody waits for an exact number."""
    for number in range(4):
        books.kept(f"r{number}")

    assert (queries.count(EVERYTHING), queries.count(EVERYTHING, cap=3)) == (4, 3)


def test_pages_of_several_statuses_are_one_list(books: Books) -> None:
    """Newest first whatever their status, each once, page after page."""
    ids = [books.kept(f"r{number}", refunded_at=NOON + timedelta(hours=number)) for number in range(6)]
    for id_ in ids[::2]:
        transactions.mapped(id_, Event.MUST_WAIT, by="map", now=NOON)
    filters = Filters(statuses=frozenset({State.WAITING, State.IMPORTED}))

    first = queries.listing(filters, limit=4)
    second = queries.listing(filters, limit=4, cursor=first.cursor)

    assert [row.id for row in (*first.rows, *second.rows)] == ids[::-1]
    assert (first.has_more, second.has_more) == (True, False)


def test_each_status_is_counted_up_to_the_cap(books: Books) -> None:
    """The other filters hold; that of the status does not, and hidden rows are left out."""
    for number in range(4):
        books.kept(f"r{number}")
    transactions.mapped(books.kept("r4"), Event.MUST_WAIT, by="map", now=NOON)
    transactions.hide(books.kept("r5"), by="alice", now=NOON)
    waiting = frozenset({State.WAITING})

    found = queries.counts(Filters(statuses=waiting), cap=3)

    assert {state: number for state, number in found.items() if number} == {State.IMPORTED: 3, State.WAITING: 1}
    assert queries.counts(Filters(order="r4"))[State.WAITING] == 1
    assert not any(queries.counts(Filters(account="other")).values())


def test_a_page_costs_two_questions_and_skips_nothing(books: Books) -> None:
    """One for the rows and one for their links, however long the page; rows are never skipped by number."""
    for number in range(5):
        books.kept(f"r{number}")
    cursor = queries.listing(EVERYTHING, limit=2).cursor

    with CaptureQueriesContext(connection) as asked:
        queries.listing(EVERYTHING, cursor=cursor, limit=2)

    assert len(asked) == 2
    assert not any("OFFSET" in question["sql"] for question in asked)


def _pages(limit: int) -> Iterator[TransactionSummary]:
    cursor, has_more = "", True
    while has_more:
        page = queries.listing(EVERYTHING, cursor=cursor, limit=limit)
        assert len(page.rows) <= limit
        yield from page.rows
        cursor, has_more = page.cursor, page.has_more
