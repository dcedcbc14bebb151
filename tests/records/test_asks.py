"""What is asked stays asked until it is answered, and asking twice is asking once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from contrapost.records import asks, transactions, turns, workers
from contrapost.records.asks import Priority
from contrapost.records.models import Worker

if TYPE_CHECKING:
    from conftest import Books

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _taken(**more: object) -> list[int]:
    given = {"now": NOON, "after": {}, "most": 10, **more}
    return [one.transaction_id for one in asks.take("books", **given)]  # type: ignore[arg-type]


def test_manual_ones_come_first(books: Books) -> None:
    """Of those that are equally urgent, the one that was asked for first."""
    first, second, third = (books.kept(name) for name in "123")
    asks.ask([first], by="poll", priority=Priority.BACK_FILL, now=NOON)
    asks.ask([second, third], by="poll", priority=Priority.AUTOMATIC, now=NOON)
    asks.ask([third], by="ada", priority=Priority.MANUAL, now=NOON)

    assert _taken() == [third, second, first]
    assert _taken(most=2) == [third, second]
    assert _taken(only=Priority.BACK_FILL) == [first]


def test_asking_twice_is_asking_once(books: Books) -> None:
    """The more urgent of two asks counts, and what was seen last."""
    id_ = books.kept()
    assert asks.ask([id_, id_, 404], by="poll", priority=Priority.AUTOMATIC, now=NOON) == 1
    assert asks.ask([id_], by="ada", priority=Priority.MANUAL, now=NOON, seen={id_: "f"}) == 0
    assert asks.ask([id_], by="poll", priority=Priority.BACK_FILL, now=NOON, seen={id_: "f"}) == 0

    [one] = asks.take("books", now=NOON, after={}, most=10)
    assert (one.priority, one.by, one.seen) == (Priority.MANUAL, "ada", "f")


def test_an_answered_ask_is_gone_and_one_asked_again_stays(books: Books) -> None:
    """Who answers names the ask, not the refund: what was asked meanwhile is not lost."""
    id_ = books.kept()
    asks.ask([id_], by="ada", priority=Priority.AUTOMATIC, now=NOON)
    [before] = asks.take("books", now=NOON, after={}, most=10)
    asks.ask([id_], by="mo", priority=Priority.MANUAL, now=NOON)

    asks.done([before.id])
    [after] = asks.take("books", now=NOON, after={before.priority: before.id}, most=10)
    asks.done([after.id])

    assert (after.by, _taken()) == ("mo", [])


def test_an_ask_is_put_off_for_longer_each_time(books: Books) -> None:
    """It stays asked, and a person who asks again has it at once."""
    id_ = books.kept()
    asks.ask([id_], by="poll", priority=Priority.AUTOMATIC, now=NOON)
    [one] = asks.take("books", now=NOON, after={}, most=10)
    waits = []
    for tries in range(12):
        asks.put_off(one.id, now=NOON, tries=tries)
        waits.append(next(n for n in range(0, 1861, 20) if _taken(now=NOON + timedelta(seconds=n))))

    assert waits[:3] == [20, 40, 80]
    assert waits[-1] == 1800
    assert asks.due_netsuites(now=NOON) == []
    asks.ask([id_], by="ada", priority=Priority.MANUAL, now=NOON)
    assert (_taken(), asks.due_netsuites(now=NOON)) == ([id_], ["books"])


def test_a_deleted_refund_is_not_asked_for_any_more(books: Books) -> None:
    """The ask goes with the refund."""
    id_ = books.kept()
    asks.ask([id_], by="ada", priority=Priority.MANUAL, now=NOON)
    [backlog] = asks.backlogs()
    assert (backlog.netsuite, backlog.asks, backlog.oldest) == ("books", 1, NOON)

    transactions.delete(id_, by="ada", now=NOON)

    assert (asks.backlogs(), asks.of([id_])) == ([], {})


def test_each_run_of_some_work_has_a_number_of_its_own(books: Books) -> None:
    """A run that is over cannot be ended again; the next one may be put off."""
    assert books
    run = turns.present("post:books", now=NOON)
    assert run is not None
    assert (run.name, turns.present("post:books", now=NOON)) == ("post:books#1", run)

    assert (turns.end(run), turns.end(run)) == (True, False)
    second = turns.present("post:books", now=NOON)
    assert second is not None
    assert turns.put_off(second, now=NOON)

    assert turns.present("post:books", now=NOON) is None
    third = turns.present("post:books", now=NOON + timedelta(seconds=10))
    assert third is not None
    turns.put_off(third, now=NOON)
    assert turns.present("post:books", now=NOON + timedelta(seconds=19)) is None
    assert turns.present("post:books", now=NOON + timedelta(seconds=20)) is not None


def test_a_worker_that_is_not_heard_of_is_told(books: Books) -> None:
    """By the clock of the database; one that was taken for dead learns it when it comes back."""
    assert books
    assert [workers.beat(name, "1") for name in ("a", "b", "a")] == [False, False, True]
    Worker.objects.filter(name="b").update(seen_at=LONG_AGO)

    assert workers.silent() == ["b"]
    assert (workers.forget("b"), workers.forget("b")) == (True, False)
    assert [one.name for one in workers.listing()] == ["a"]
    assert not workers.beat("b", "1")
