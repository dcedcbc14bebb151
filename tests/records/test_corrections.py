"""Rows of what changed after posting and of its correction: accepted, dropped, carried out, kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from contrapost.netsuite.answers import Written
from contrapost.posting.journal import Conclusion
from contrapost.records import correcting, lease, queries, transactions
from contrapost.records.errors import RefusedError
from contrapost.refunds.lifecycle import Event, State

if TYPE_CHECKING:
    from conftest import Books

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _changed(books: Books) -> int:
    """A refund of 10.00 that is posted, and of which the store says 11.00 now."""
    id_ = books.kept()
    books.ready(id_, "cashRefund")
    _carry_out(books, id_, "71", Event.READ_BACK_EQUAL)
    books.keep(books.retrieved(amount="11.00"))
    return id_


def _carry_out(books: Books, id_: int, netsuite_id: str, event: Event) -> None:
    held = books.held()
    journal, [work] = books.journal(held), queries.work([id_])
    for number, draft in enumerate(work.plan.drafts):
        journal.intend(work, draft)
        journal.settle(work, draft, Written(id=f"{netsuite_id}{number}"))
    journal.conclude(Conclusion(work, event))
    lease.release(held)


def _accept(books: Books, id_: int, revision: int) -> None:
    row = queries.get(id_)
    plan = books.plan(id_, "cashRefund", revision=revision)
    correcting.accepted(
        id_, plan, way="delete", gone={"710": "void"}, edition=row.edition, reason="why", by="ada", now=NOON
    )


def test_what_is_dropped_is_as_it_was(books: Books) -> None:
    """Plan, document, amount, changes and revision come back; the next correction takes a revision of its own."""
    id_ = _changed(books)
    before = queries.get(id_)
    _accept(books, id_, 2)
    accepted = queries.get(id_)

    correcting.drop(id_, by="ada", now=NOON)
    back = queries.get(id_)

    assert (accepted.status, accepted.amount.text, accepted.changes) == (State.READY, "11.00", ())
    assert accepted.correcting
    for name in ("status", "plan", "fingerprint", "document", "later", "amount", "changes", "revision", "links"):
        assert getattr(back, name) == getattr(before, name), name
    assert correcting.next_revision(id_) == 3
    assert books.history(id_)[-2:] == ["correction_accepted", "correction_dropped"]


def test_what_is_carried_out_counts_from_then_on(books: Books) -> None:
    """The new record stands, the old one is said to be gone, and the document is the one the store says."""
    id_ = _changed(books)
    _accept(books, id_, 2)
    with pytest.raises(RefusedError):
        transactions.cancel(id_, by="ada", now=NOON)
    assert not transactions.mapped(id_, Event.MUST_WAIT, by="poll", now=NOON)

    _carry_out(books, id_, "72", Event.READ_BACK_EQUAL)
    row = queries.get(id_)

    assert (row.status, row.correcting, row.changes) == (State.POSTED, False, ())
    assert [(link.netsuite_id, link.taken_back) for link in row.links] == [("710", "void"), ("720", "")]
    assert correcting.taken_back("books", ["710", "720"]) == {"710"}
    with pytest.raises(RefusedError):
        correcting.drop(id_, by="ada", now=NOON)


def test_what_is_kept_is_not_told_again(books: Books) -> None:
    """A reason is needed; the same change stays silent, another one is told."""
    id_ = _changed(books)
    with pytest.raises(RefusedError):
        correcting.kept(id_, reason=" ", by="ada", now=NOON)

    correcting.kept(id_, reason="settled", by="ada", now=NOON)
    books.keep(books.retrieved(amount="11.00"))
    silent = queries.get(id_)
    books.keep(books.retrieved(amount="12.00"))

    assert silent.changes == ()
    assert [one.finding.code for one in queries.get(id_).changes] == ["changed_at_store"]
