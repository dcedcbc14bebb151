"""A refund is one row, however often it comes, and what is frozen is not overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contrapost.posting.journal import Conclusion
from contrapost.records import keeping, queries, transactions
from contrapost.records.amounts import from_minor, to_minor
from contrapost.records.errors import NotFoundError
from contrapost.refunds import finding
from contrapost.refunds.lifecycle import Event, State
from contrapost.refunds.looks import Looks
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from conftest import Books

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"), [("12.50", "USD", 1250), ("1250", "JPY", 1250), ("1.234", "KWD", 1234)]
)
def test_amounts_are_kept_in_minor_units(books: Books, amount: str, currency: str, minor: int) -> None:
    """Dollars have cents, yen none, dinars a thousand fils; nothing is lost on the way."""
    id_ = books.kept("9001", amount, currency)

    assert to_minor(Money.of(amount, currency)) == minor
    assert queries.get(id_).amount == Money.of(amount, currency)


@given(minor=some.integers(-(10**15), 10**15), currency=some.sampled_from(["USD", "JPY", "KWD", "CLF"]))
def test_minor_units_and_back(minor: int, currency: str) -> None:
    """Every number of minor units comes back as it was."""
    assert to_minor(from_minor(minor, currency)) == minor


def test_a_new_refund_is_imported(books: Books) -> None:
    """A refund seen first is imported, with its document, and history names who retrieved it."""
    one = books.retrieved()

    [kept] = books.keep(one)

    row = queries.get(kept.id)
    assert (kept.is_new, kept.changed, row.status, row.document) == (True, True, State.IMPORTED, one.refund)
    [entry] = queries.history(kept.id)
    assert (entry.event, entry.by, entry.from_state, entry.to_state) == ("retrieved", "poll", None, State.IMPORTED)
    assert queries.raw(kept.id) == one.raw


def test_the_same_payload_again_changes_nothing(books: Books) -> None:
    """Retrieving twice is retrieving once: same row, same state, same plan, no entry."""
    one = books.retrieved()
    [first] = books.keep(one)
    books.ready(first.id)
    before = queries.get(first.id)

    [second] = books.keep(one)

    assert (second.id, second.is_new, second.changed) == (first.id, False, False)
    assert queries.get(first.id) == before
    assert books.history(first.id) == ["retrieved", "planned"]


def test_a_refund_twice_in_one_answer_is_one_row(books: Books) -> None:
    """Of a refund that stands twice on a page the last counts."""
    kept = books.keep(books.retrieved(amount="1.00"), books.retrieved(amount="2.00"))

    assert [queries.get(one.id).amount for one in kept] == [Money.of("2.00", "USD")]


def test_the_same_refund_id_in_two_shops_is_two_refunds(books: Books) -> None:
    """Identity is the refund's id within its shop."""
    [mine], [other] = books.keep(books.retrieved()), books.keep(books.retrieved(), account="other")

    assert mine.id != other.id


def test_retrieving_for_an_unknown_account_is_refused(books: Books) -> None:
    """The name of the account is told."""
    with pytest.raises(NotFoundError, match="nosuch"):
        books.keep(books.retrieved(), account="nosuch")


BEFORE_POSTING = [
    (None, State.IMPORTED),
    (Event.PLANNED, State.READY),
    (Event.MUST_WAIT, State.WAITING),
    (Event.HELD, State.NEEDS_ATTENTION),
    (Event.NOTHING_TO_BOOK, State.NOT_NEEDED),
]


@pytest.mark.parametrize(("event", "state"), BEFORE_POSTING)
def test_a_changed_payload_replaces_the_document(books: Books, event: Event | None, state: State) -> None:
    """Until posting begins, what the store says last counts: the plan of the old document is gone."""
    id_ = books.kept()
    if event:
        looks = Looks(since=NOON, count=2, next_at=NOON)
        transactions.mapped(id_, event, reason="so", plan=books.plan(id_), looks=looks, by="map", now=NOON)
    assert queries.get(id_).status is state

    [again] = books.keep(books.retrieved(amount="11.00"))

    row = queries.get(id_)
    assert (again.id, again.is_new, again.changed) == (id_, False, True)
    assert (row.status, row.amount, row.edition) == (State.IMPORTED, Money.of("11.00", "USD"), 2)
    assert (row.plan, row.fingerprint, row.reason, row.looks) == (None, "", "", Looks(next_at=NOON))


def test_a_changed_payload_of_a_canceled_refund_waits_for_its_restoring(books: Books) -> None:
    """A canceled refund stays canceled; restored, it is the one the store has now."""
    id_ = books.kept()
    transactions.cancel(id_, by="alice", now=NOON)

    [again] = books.keep(books.retrieved(amount="11.00"))

    row = queries.get(id_)
    assert (again.changed, row.status, row.amount) == (False, State.CANCELED, Money.of("11.00", "USD"))
    assert books.history(id_) == ["retrieved", "canceled", "changed_at_store"]


def test_a_changed_payload_of_a_frozen_refund_is_noted_once(books: Books) -> None:
    """Once the plan is frozen the document stays, and history says, once for each change, that the store differs."""
    id_ = books.kept()
    books.ready(id_)
    [work] = queries.work([id_])
    books.journal().intend(work, work.plan.drafts[0])
    before = queries.get(id_)

    kept = [books.keep(books.retrieved(amount=amount))[0].changed for amount in ("11.00", "11.00", "12.00")]

    row = queries.get(id_)
    assert kept == [False, False, False]
    assert (row.document, row.plan, row.status) == (before.document, before.plan, State.POSTING)
    assert books.history(id_)[2:] == ["intended", "changed_after_posting", "changed_after_posting"]


def test_what_changed_while_frozen_is_taken_once_thawed(books: Books) -> None:
    """A change that came too late for a plan is taken as soon as that plan is given up."""
    id_ = books.kept()
    books.ready(id_)
    [work] = queries.work([id_])
    journal = books.journal()
    journal.intend(work, work.plan.drafts[0])
    books.keep(books.retrieved(amount="11.00"))
    journal.conclude(Conclusion(work, Event.NOTHING_LANDED))

    [again] = books.keep(books.retrieved(amount="11.00"))

    row = queries.get(id_)
    assert (again.changed, row.status, row.amount.text, row.revision) == (True, State.IMPORTED, "11.00", 2)


def test_a_payload_that_cannot_be_read_is_held(books: Books) -> None:
    """It is kept with the reader's findings and shown as an error; read later, it is imported."""
    trouble = finding.error("unreadable", "The amount is missing", fix="Tell us")
    broken = replace(books.retrieved(), refund=None, findings=(trouble,))

    [kept] = books.keep(broken)

    row = queries.get(kept.id)
    assert (row.status, row.document, row.findings) == (State.NEEDS_ATTENTION, None, (trouble,))
    assert row.amount == Money.zero("")
    assert not books.keep(broken)[0].changed
    [mended] = books.keep(books.retrieved())
    assert (mended.changed, queries.get(kept.id).status) == (True, State.IMPORTED)


def test_a_deleted_refund_comes_back_by_hand_only(books: Books) -> None:
    """Polling leaves a deleted refund out; a person who asks for it gets it, and may delete it again."""
    id_ = books.kept()
    transactions.delete(id_, by="alice", now=NOON)

    assert books.keep(books.retrieved()) == []
    [revived] = books.keep(books.retrieved(), by_hand=True)

    assert revived.is_new
    assert [one.id for one in books.keep(books.retrieved())] == [revived.id]
    transactions.delete(revived.id, by="alice", now=NOON)
    assert books.keep(books.retrieved()) == []


def test_a_refund_brought_back_never_uses_an_external_id_twice(books: Books) -> None:
    """The count of plans goes on where it was when the refund was deleted."""
    id_ = books.kept()
    books.ready(id_)
    [work] = queries.work([id_])
    journal = books.journal()
    journal.intend(work, work.plan.drafts[0])
    journal.conclude(Conclusion(work, Event.NOTHING_LANDED))
    transactions.delete(id_, by="alice", now=NOON)

    [revived] = keeping.keep("shop", [books.retrieved()], by="alice", now=NOON, by_hand=True)

    assert queries.get(revived.id).revision == 2
