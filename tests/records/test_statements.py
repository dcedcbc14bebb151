"""Rows saved by statements that are made once are the rows that Django's models would have saved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection
from django.db.transaction import atomic

from contrapost.records.models import HistoryEntry, Link, NetSuiteAccount, Transaction
from contrapost.records.statements import Statement, add, carry_out, save

if TYPE_CHECKING:
    from conftest import Books

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_CALLED = "UPDATE records_transaction SET reason = %s WHERE id = %s"


def _entry(id_: int, note: str = "") -> HistoryEntry:
    return HistoryEntry(
        transaction_id=id_, at=NOON, by="ada", event="held", from_state="ready", to_state="ready", note=note
    )


def _link(id_: int, netsuite_id: str) -> Link:
    books = NetSuiteAccount.objects.get()
    more = {"record": "cashRefund", "total_minor": 1, "currency": "USD"}
    return Link(transaction_id=id_, held_in=books, netsuite_id=netsuite_id, **more)


def test_rows_are_added_as_they_are(books: Books) -> None:
    """Several rows of one table go in with one statement, texts with percent signs, quotes and semicolons too."""
    id_ = books.kept()
    notes = ["100 % of 'it'; DROP TABLE x", "%s", "Größe \N{SNOWMAN}"]
    assert carry_out(*add([_entry(id_, note) for note in notes])) == [3]
    rows = HistoryEntry.objects.filter(transaction=id_, by="ada").order_by("id")
    assert [(row.note, row.at) for row in rows] == [(note, NOON) for note in notes]


def test_each_statement_says_of_how_many_rows_it_was(books: Books) -> None:
    """Counts come in the order of the statements, whatever kind they are."""
    ids = [books.kept(), books.kept()]
    nothing = Statement(_CALLED, ["never", 999])
    assert carry_out(nothing, *add([_entry(ids[0])]), Statement(_CALLED, ["late", ids[1]]), *add([])) == [0, 1, 1]
    assert Transaction.objects.get(pk=ids[1]).reason == "late"
    assert carry_out() == []


def test_what_is_there_already_is_left_out(books: Books) -> None:
    """Of a row that is there already, by a rule of the table, nothing is changed."""
    ids = [books.kept(), books.kept()]
    assert carry_out(*add([_link(ids[0], "77")], unless_there=True)) == [1]
    assert carry_out(*add([_link(ids[1], "77")], unless_there=True)) == [0]
    assert Link.objects.get().transaction_id == ids[0]


def test_what_was_not_read_is_not_saved(books: Books) -> None:
    """A row of which some fields were read saves these, and leaves alone what others save meanwhile."""
    id_ = books.kept()
    row = Transaction.objects.only("status", "looks").get(pk=id_)
    Transaction.objects.filter(pk=id_).update(reason="said meanwhile")
    row.looks = 3
    assert carry_out(save(row)) == [1]
    found = Transaction.objects.get(pk=id_)
    assert (found.reason, found.looks) == ("said meanwhile", 3)


def test_a_row_against_a_rule_saves_nothing(books: Books) -> None:
    """What the table refuses undoes the statements before it, too."""
    id_ = books.kept()
    before = HistoryEntry.objects.count()
    nobody = _entry(id_)
    nobody.by = ""
    with pytest.raises(IntegrityError), atomic():
        carry_out(Statement(_CALLED, ["late", id_]), *add([_entry(id_), nobody]))
    assert Transaction.objects.get(pk=id_).reason != "late"
    assert HistoryEntry.objects.count() == before
    assert connection.is_usable()
