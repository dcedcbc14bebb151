"""What rows say to a comparison, on both databases: pages of a span, whose a record is, and the move to reconciled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from contrapost.netsuite.answers import Exchange, Written
from contrapost.posting.journal import Conclusion
from contrapost.records import booked, keeping, queries, reconciliations, transactions
from contrapost.refunds.finding import error
from contrapost.refunds.lifecycle import Event, State

if TYPE_CHECKING:
    from conftest import Books

    from contrapost.records.journal import RowsJournal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = NOON.date()


def _posted(books: Books, refund: str, *records: str, journal: RowsJournal | None = None) -> int:
    """Posts a refund by the journal, its records numbered from 100 times the row's id."""
    id_ = books.kept(refund)
    plan = books.ready(id_, *records)
    with_lease = journal or books.journal()
    [work] = queries.work([id_])
    for place, draft in enumerate(plan.drafts):
        with_lease.intend(work, draft)
        said = Exchange(method="POST", path="/x", sent="", status=204, received="")
        with_lease.settle(work, draft, Written(id=str(id_ * 100 + place), exchange=said))
        [work] = queries.work([id_])
    with_lease.conclude(Conclusion(work, Event.READ_BACK_EQUAL))
    return id_


def test_a_span_is_read_page_by_page_each_refund_once(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refunds of the same moment are not lost between pages; those of other days, shops and zones are left out."""
    monkeypatch.setattr(booked, "ROWS_AT_ONCE", 2)
    inside = {str(number) for number in range(5)}
    for number in sorted(inside):
        books.kept(number)
    late = datetime(2026, 3, 2, 5, tzinfo=UTC)
    books.kept("late", refunded_at=late, refunded_on=DAY)
    books.kept("before", refunded_at=NOON - timedelta(days=1), refunded_on=DAY - timedelta(days=1))
    books.keep(books.retrieved("other"), account="other")

    pages = list(booked.between("shop", DAY, DAY))

    found = [row.store_refund_id for page in pages for row in page]
    assert sorted(found) == sorted(inside | {"late"})
    assert max(len(page) for page in pages) == 2
    assert list(booked.between("shop", date(2020, 1, 1), date(2020, 1, 2))) == []


def test_credit_documents_count_once(books: Books) -> None:
    """A memo counts, the customer refund that pays it does not, and one that pays a deposit back does."""
    memo = _posted(books, "1", "creditMemo", "customerRefund")
    [row] = booked.named("shop", ["1"])

    assert row.id == memo
    assert [(link.record, link.counted) for link in row.links] == [("creditMemo", True), ("customerRefund", False)]
    assert row.status is State.POSTED
    assert row.digest == keeping.digest_of(books.retrieved("1"))


def test_a_record_belongs_to_whom_it_is_linked_or_planned_for(books: Books) -> None:
    """By its internal id where it is linked, by its external id where its answer was lost; others belong to nobody."""
    journal = books.journal()
    posted = _posted(books, "1", "cashRefund", journal=journal)
    unknown = books.kept("2")
    plan = books.ready(unknown, "cashRefund")
    [work] = queries.work([unknown])
    journal.intend(work, plan.drafts[0])
    lost = plan.drafts[0].external_id.upper()

    found = booked.holders("books", [(str(posted * 100), "whatever"), ("7", lost), ("8", "by-hand"), ("9", "")])

    assert {id_: holder.store_refund_id for id_, holder in found.items()} == {str(posted * 100): "1", "7": "2"}


def test_only_what_is_posted_is_proven_and_once(books: Books) -> None:
    """Posted becomes reconciled with its history; what is not posted, or is proven already, stays as it is."""
    posted, waiting = _posted(books, "1", "cashRefund"), books.kept("2")

    assert booked.prove([waiting, posted], by="ada", now=NOON) == 1
    assert booked.prove([waiting, posted], by="ada", now=NOON) == 0

    assert queries.states([posted, waiting]) == {posted: State.RECONCILED, waiting: State.IMPORTED}
    last = queries.history(posted)[-1]
    assert (last.event, last.by, last.from_state, last.to_state) == ("proven", "ada", State.POSTED, State.RECONCILED)


def test_what_was_deleted_is_known(books: Books) -> None:
    """A comparison says that it was deleted here, rather than never retrieved."""
    transactions.delete(books.kept("1"), by="ada", now=NOON)

    assert booked.deleted("shop", ["1", "2"]) == {"1"}


def test_a_comparison_is_kept_with_its_lines_until_it_is_long_past(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines come back in their order, kind by kind; those of old comparisons are let go, what they came to stays."""
    assert books
    monkeypatch.setattr(reconciliations, "LINES_KEPT_OF", 1)
    ids = []
    for hour in range(2):
        now = NOON + timedelta(hours=hour)
        id_ = reconciliations.begin("shop", DAY, DAY, offline=True, by="ada", now=now)
        for portion in (['{"a":1}', '{"a":2}'], ['{"a":3}']):
            reconciliations.add_lines(id_, "matched", portion, compared=3)
        reconciliations.finish(id_, "{}", open_=0, compared=3, findings=[], now=now)
        ids.append(id_)

    old, new = ids
    assert list(reconciliations.lines(new, ["different", "matched"])) == ['[{"a":1},{"a":2}]', '[{"a":3}]']
    assert list(reconciliations.lines(old, ["matched"])) == []
    assert [row.id for row in reconciliations.listing("shop")] == [new, old]
    assert reconciliations.get(old).totals == "{}"
    finding = error("netsuite_unreachable", "Away.", fix="Wait.")
    reconciliations.fail(new, [finding], now=NOON)
    assert (reconciliations.get(new).failed, reconciliations.get(new).findings) == (True, (finding,))
