"""What waits: due in its turn, put off, asked for, grouped and listed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from contrapost.records import queries, transactions, waiting
from contrapost.records.cursors import CursorError
from contrapost.records.rows import Again
from contrapost.refunds.lifecycle import Event, State
from contrapost.refunds.looks import Looks

if TYPE_CHECKING:
    from conftest import Books

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _waits(
    books: Books, refund: str, *, hours: int, reason: str = "not_billed", days: int = 0, event: Event = Event.MUST_WAIT
) -> int:
    """A refund that waits since some days ago, and is looked at in some hours."""
    id_ = books.kept(refund)
    looks = Looks(since=NOON - timedelta(days=days), count=2, next_at=NOON + timedelta(hours=hours))
    transactions.mapped(id_, event, reason=reason, looks=looks, by="map", now=NOON)
    return id_


def test_what_is_due_comes_longest_due_first(books: Books) -> None:
    """Only what was to be looked at by now, of the account asked for."""
    late, early, _ = (_waits(books, f"r{hours}", hours=hours) for hours in (2, 1, 4))
    now = NOON + timedelta(hours=3)

    assert [one.id for one in waiting.due(now=now)] == [early, late]
    assert [one.reason for one in waiting.due(now=now, account="shop", limit=1)] == ["not_billed"]
    assert waiting.due(now=now, account="other") == []


def test_what_was_retrieved_is_due_until_it_is_mapped(books: Books) -> None:
    """A process that dies between retrieving and mapping leaves nothing behind that nobody looks at."""
    id_ = books.kept()
    assert [one.id for one in waiting.due(now=NOON)] == [id_]

    books.ready(id_)

    assert waiting.due(now=NOON) == []


def test_put_off_moves_only_what_is_still_due(books: Books) -> None:
    """What could not be looked at keeps since when it waits, and comes again later."""
    due, not_due = _waits(books, "r1", hours=-1, days=3), _waits(books, "r2", hours=5)

    waiting.put_off([due, not_due], now=NOON)

    assert waiting.due(now=NOON) == []
    assert queries.get(not_due).looks.count == 2
    looks = queries.get(due).looks
    assert (looks.since, looks.count) == (NOON - timedelta(days=3), 3)
    assert looks.next_at is not None
    assert looks.next_at > NOON


def test_asking_for_a_look_makes_it_due_and_begins_the_schedule_anew(books: Books) -> None:
    """For one, or for all that waits for the same; what does not wait is left alone."""
    billed, other, ready = _waits(books, "r1", hours=9), _waits(books, "r2", hours=9, reason="x"), books.kept("r3")
    books.ready(ready)

    assert waiting.look_now("shop", Again(reason="not_billed"), now=NOON) == 1
    assert waiting.look_now("shop", Again(ids=frozenset({other, ready})), now=NOON) == 1

    assert {one.id for one in waiting.due(now=NOON)} == {billed, other}
    assert queries.get(billed).looks.count == 0
    assert [one.id for one in waiting.due(now=NOON, again=Again(reason="x"))] == [other]
    assert waiting.look_now("other", Again(reason="not_billed"), now=NOON) == 0


def test_groups_count_each_reason_with_its_oldest(books: Books) -> None:
    """By account and reason, most first; those that wait for too long are among them and counted apart."""
    _waits(books, "r1", hours=9, days=2)
    _waits(books, "r2", hours=4, days=20, event=Event.HELD)
    _waits(books, "r3", hours=4, reason="refund_pending")
    hidden = _waits(books, "r4", hours=4, reason="refund_pending")
    transactions.hide(hidden, by="alice", now=NOON)

    billed, pending = waiting.groups()

    assert (billed.reason, billed.count, billed.too_long, billed.most_looks) == ("not_billed", 2, 1, 2)
    assert billed.oldest == NOON - timedelta(days=20)
    assert billed.next_look_at == NOON + timedelta(hours=4)
    assert (pending.account, pending.reason, pending.count) == ("shop", "refund_pending", 1)
    assert waiting.groups("other") == ()


def test_the_list_goes_from_the_longest_waiting_on(books: Books) -> None:
    """Page by page, none twice and none left out, also where several wait since the same moment."""
    ids = [_waits(books, f"r{number}", hours=1, days=days) for number, days in enumerate((1, 5, 5, 3))]

    seen, cursor = [], ""
    while True:
        page = waiting.listing(account="shop", reason="not_billed", cursor=cursor, limit=1)
        seen += [row.id for row in page.rows]
        cursor = page.cursor
        if not page.has_more:
            break

    assert seen == [ids[1], ids[2], ids[3], ids[0]]
    with pytest.raises(CursorError):
        waiting.listing(cursor="what")


def test_what_comes_further_waits_no_more(books: Books) -> None:
    """Mapped to a plan, canceled or said anew by the store: it leaves the list."""
    planned, canceled, changed = (_waits(books, f"r{number}", hours=1) for number in range(3))
    books.ready(planned)
    transactions.cancel(canceled, by="alice", now=NOON)
    books.keep(books.retrieved("r2", amount="11.00"))

    assert waiting.groups() == ()
    assert queries.get(canceled).status is State.CANCELED
    assert [one.id for one in waiting.due(now=NOON)] == [changed]
