"""What people and the map step may do to a transaction, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from contrapost.netsuite.answers import Written
from contrapost.netsuite.bill import Bills
from contrapost.posting.journal import Conclusion
from contrapost.records import queries, transactions
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.refunds.finding import warning
from contrapost.refunds.lifecycle import Event, State
from contrapost.refunds.looks import Looks

if TYPE_CHECKING:
    from conftest import Books

    from contrapost.posting.journal import Work
    from contrapost.records.journal import RowsJournal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_result_of_map_is_saved_whole(books: Books) -> None:
    """Bills, plan, findings, reason and the next look come back exactly."""
    id_ = books.kept()
    bills, plan = Bills(order_id="5", order_tranid="SO5", bills=()), books.plan(id_)
    odd = warning("odd", "Something is odd", fix="Look")

    saved = transactions.mapped(
        id_,
        Event.PLANNED,
        reason="r",
        findings=[odd],
        bills=bills,
        plan=plan,
        looks=Looks(next_at=NOON),
        by="map",
        now=NOON,
    )

    row = queries.get(id_)
    assert saved
    assert (row.status, row.reason, row.findings, row.looks.next_at) == (State.READY, "r", (odd,), NOON)
    assert (row.bills, row.plan, row.fingerprint) == (bills, plan, plan.fingerprint)


def test_waiting_for_the_same_thing_does_not_fill_the_history(books: Books) -> None:
    """A refund looked at every quarter of an hour gets one entry until the reason changes."""
    id_ = books.kept()

    for reason in ("not billed", "not billed", "period closed"):
        transactions.mapped(id_, Event.MUST_WAIT, reason=reason, by="poll", now=NOON)

    assert [entry.note for entry in queries.history(id_)] == ["", "not billed", "period closed"]


def test_a_plan_of_an_older_document_is_not_saved(books: Books) -> None:
    """What was mapped while the store's payload changed is out of date, and changes nothing."""
    id_ = books.kept()
    edition, plan = queries.get(id_).edition, books.plan(id_)
    books.keep(books.retrieved(amount="11.00"))

    assert not transactions.mapped(id_, Event.PLANNED, plan=plan, edition=edition, by="map", now=NOON)
    assert queries.get(id_).status is State.IMPORTED


def test_a_plan_of_another_revision_is_not_saved(books: Books) -> None:
    """Its external ids are spent."""
    id_ = books.kept()

    assert not transactions.mapped(id_, Event.PLANNED, plan=books.plan(id_, revision=2), by="map", now=NOON)


def test_a_canceled_refund_is_not_mapped(books: Books) -> None:
    """Canceled while it was being mapped, it stays canceled."""
    id_ = books.kept()
    transactions.cancel(id_, by="alice", now=NOON)

    assert not transactions.mapped(id_, Event.PLANNED, plan=books.plan(id_), by="map", now=NOON)
    assert queries.get(id_).status is State.CANCELED


def test_a_frozen_plan_is_not_mapped_anew(books: Books) -> None:
    """From the first intent on the plan stands."""
    id_ = books.kept()
    plan = books.ready(id_)
    _intend(books, id_)

    assert not transactions.mapped(id_, Event.HELD, by="map", now=NOON)
    assert (queries.get(id_).plan, queries.get(id_).status) == (plan, State.POSTING)


def test_cancel_and_restore(books: Books) -> None:
    """A canceled refund is kept and can be restored, to be mapped anew; each names who did it."""
    id_ = books.kept()

    transactions.cancel(id_, by="alice", now=NOON)
    assert queries.get(id_).status is State.CANCELED
    transactions.restore(id_, by="bob", now=NOON)

    assert queries.get(id_).status is State.IMPORTED
    assert [entry.by for entry in queries.history(id_)] == ["poll", "alice", "bob"]


def test_what_cannot_be_canceled_or_restored_says_so(books: Books) -> None:
    """Once NetSuite may hold records nothing is canceled; what is not canceled is not restored."""
    id_ = books.kept()
    with pytest.raises(RefusedError, match="not canceled"):
        transactions.restore(id_, by="alice", now=NOON)
    books.ready(id_)
    _intend(books, id_)

    with pytest.raises(RefusedError, match="cannot be canceled"):
        transactions.cancel(id_, by="alice", now=NOON)
    assert books.history(id_) == ["retrieved", "planned", "intended"]


def test_delete_is_refused_once_a_plan_is_frozen(books: Books) -> None:
    """A refund NetSuite may hold is hidden instead."""
    id_ = books.kept()
    books.ready(id_)
    _intend(books, id_)

    with pytest.raises(RefusedError, match="stays here"):
        transactions.delete(id_, by="alice", now=NOON)
    assert queries.get(id_)


def test_delete_leaves_nothing_but_a_tombstone(books: Books) -> None:
    """The row and all that belongs to it are gone."""
    id_ = books.kept()
    books.ready(id_)
    work, journal = _intend(books, id_)
    journal.conclude(Conclusion(work, Event.NOTHING_LANDED))

    transactions.delete(id_, by="alice", now=NOON)

    with pytest.raises(NotFoundError):
        queries.get(id_)
    assert (queries.history(id_), queries.attempts(id_)) == ((), ())


def test_a_posted_refund_is_hidden_and_shown_again(books: Books) -> None:
    """Hiding leaves it out of lists and changes nothing else; history names who did it, once."""
    id_ = books.kept()
    books.ready(id_, "cashRefund")
    work, journal = _intend(books, id_)
    journal.settle(work, work.plan.drafts[0], Written(id="77"))
    journal.conclude(Conclusion(work, Event.READ_BACK_EQUAL))

    transactions.hide(id_, by="alice", now=NOON)
    transactions.hide(id_, by="alice", now=NOON)
    assert queries.get(id_).hidden
    transactions.unhide(id_, by="bob", now=NOON + timedelta(days=1))

    row = queries.get(id_)
    assert (row.hidden, row.status) == (False, State.POSTED)
    assert books.history(id_)[-2:] == ["hidden", "shown"]


@pytest.mark.parametrize("verb", ["cancel", "restore", "delete", "hide", "unhide"])
def test_an_unknown_refund_is_named(books: Books, verb: str) -> None:
    """Every verb says which refund it did not find."""
    assert books

    with pytest.raises(NotFoundError, match="no refund 404"):
        getattr(transactions, verb)(404, by="alice", now=NOON)


def _intend(books: Books, id_: int) -> tuple[Work, RowsJournal]:
    [work] = queries.work([id_])
    journal = books.journal()
    journal.intend(work, work.plan.drafts[0])
    return work, journal
