"""Voids: a transaction is set to nothing, or a journal reverses it; what it settled is open again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.kinds import KINDS
from contrapost_emulators.netsuite.state import Posting, Record, Row, State
from contrapost_emulators.netsuite.transactions.book import delete_attendants, refuse_dependents, withdraw
from contrapost_emulators.netsuite.transactions.draft import Draft
from contrapost_emulators.netsuite.transactions.gift_certificates import settle_certificates
from contrapost_emulators.netsuite.transactions.header import fill_header
from contrapost_emulators.netsuite.transactions.periods import refuse_in_shut_period
from contrapost_emulators.netsuite.transactions.standing import refresh

if TYPE_CHECKING:
    from datetime import date

# What can be set to nothing, and what the preference for reversing journals leaves with a void at all.
DIRECT = frozenset({"CashSale", "CustInvc", "CashRfnd", "CustCred", "CustPymt", "CustDep", "CustRfnd"})
BY_JOURNAL = frozenset({"CustRfnd"})
EMPTIED = ("amount", "quantity", "tax1Amt", "grossAmt", "taxAmount", "taxBasis")
TOTALS = (
    *("total", "subtotal", "discountTotal", "taxTotal", "shippingCost", "handlingCost", "payment"),
    *("amountRemaining", "amountPaid", "applied", "unapplied"),
)


def void(state: State, record: Record, day: date | None) -> Record:
    """Void a transaction; answers the record itself, or the journal that reverses it, dated on a day."""
    by_journal = state.preferences.void_transactions_using_reversing_journals
    if record.kind.code not in (BY_JOURNAL if by_journal else DIRECT):
        raise Refused("no void", name=record.name)
    if record.voided:
        raise Refused("already voided")
    refuse_dependents(state, record, "linked")
    return _reverse(state, record, day) if by_journal else _empty(state, record)


def _empty(state: State, record: Record) -> Record:
    """Set the total and every line to nothing, in the transaction's own period."""
    refuse_in_shut_period(state, record)
    posting = state.postings.get(record.id) or Posting()
    settled = withdraw(state, record)
    state.postings[record.id] = Posting(tuple(_nothing(row) for row in posting.rows if row.kind != "cost"))
    values = record.values.copy()
    values.update({name: Decimal(0) for name in TOTALS if name in values})
    sublists = {name: tuple(_emptied(line) for line in lines) for name, lines in record.sublists.items()}
    _mark(state, replace(record, values=values, sublists=sublists | _unapplied(record)))
    _refresh(state, record, settled)
    settle_certificates(state, record, state.require("transaction", record.id))
    return record


def _nothing(row: Row) -> Row:
    return replace(row, foreign=Decimal(0), base=Decimal(0), quantity=Decimal(0) if row.quantity is not None else None)


def _emptied(line: Fields) -> Fields:
    emptied = line.copy()
    emptied.update({name: Decimal(0) for name in EMPTIED if name in emptied})
    return emptied


def _unapplied(record: Record) -> dict[str, tuple[Fields, ...]]:
    return {name: () for name in ("apply", "deposit") if name in record.sublists}


def _reverse(state: State, record: Record, day: date | None) -> Record:
    """Book the reverse of a transaction on its day; what the transaction itself did stays."""
    posting = state.postings[record.id]
    settled = withdraw(state, record)
    state.postings[record.id] = posting
    journal = _journal(state, record, day)
    rows = tuple(replace(row, foreign=-row.foreign, base=-row.base) for row in posting.rows)
    books = {book: tuple(-worth for worth in worths) for book, worths in posting.books.items()}
    state.postings[journal.id] = Posting(rows, books=books)
    values = record.values.copy()
    values["voidJournal"] = journal.id
    _mark(state, replace(record, values=values, sublists=record.sublists | _unapplied(record)))
    _refresh(state, record, settled)
    return journal


def _journal(state: State, record: Record, day: date | None) -> Record:
    draft = Draft(state, KINDS["journalentry"], str(state.next_number("transaction id")))
    draft.fields.update({name: record.values[name] for name in ("subsidiary", "currency", "exchangeRate")})
    draft.fields.update(createdFrom=record.id, memo="VOID", tranDate=day or state.clock.today())
    fill_header(draft)
    lines = tuple(_journal_line(row) for row in state.postings[record.id].rows)
    now = state.clock.now()
    journal = Record(draft.kind, draft.id, draft.fields, {"line": lines}, now, now)
    state.put(journal)
    state.children[record.id] = (*(state.children.get(record.id) or ()), journal.id)
    return journal


def _journal_line(row: Row) -> Fields:
    side = "credit" if row.foreign > 0 else "debit"
    return Fields({"line": row.id, "account": row.account, side: abs(row.foreign)})


def _mark(state: State, record: Record) -> None:
    values = record.values.copy()
    values.update(status="V", _voided=True)
    state.put(replace(record, values=values, modified=state.clock.now()))


def _refresh(state: State, record: Record, settled: list[str]) -> None:
    source = record.values.ref("createdFrom")
    delete_attendants(state, record, settled)
    for other in [*settled, *([source] if source else [])]:
        if state.find("transaction", other) is not None:
            refresh(state, other)
