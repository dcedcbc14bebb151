"""Accounting books beside the primary one: each keeps every posting at its own rate, in its own currency."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.transactions.draft import Draft, round_to
from contrapost_emulators.netsuite.transactions.header import precision, todays_rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contrapost_emulators.netsuite.state import Books, Record, Row, State

SUBLIST = "accountingBookDetail"


def secondary_books(state: State) -> list[Record]:
    """The books beside the primary one."""
    return [book for book in state.family("accountingBook") if not book.values.flag("isPrimary")]


def keep_books(draft: Draft, rows: Iterable[Row]) -> Books:
    """What each row is worth in each secondary book; the rates of the books are completed on the way."""
    books = secondary_books(draft.state)
    if SUBLIST not in draft.kind.sublists or not (books or draft.lines(SUBLIST)):
        return {}
    rates = _rates(draft, books)
    rows = list(rows)
    return {book.id: _worth(draft, book, rates[book.id], rows) for book in books}


def _rates(draft: Draft, books: list[Record]) -> dict[str, Decimal]:
    """The rate of each book: what the request says, else the day's."""
    given = {line.ref("accountingBook"): line for line in draft.lines(SUBLIST)}
    for position, line in enumerate(draft.lines(SUBLIST)):
        rate = line.number("exchangeRate")
        unknown = line.ref("accountingBook") not in {book.id for book in books}
        if unknown or (rate is not None and rate <= 0):
            name = "accountingBook" if unknown else "exchangeRate"
            path = f"{SUBLIST}.items[{position}].{name}"
            raise Refused("invalid value", path, value=line.get(name), name=name)
    currency = draft.state.require("currency", draft.fields.need("currency"))
    lines = [given.get(book.id) or Fields(accountingBook=book.id) for book in books]
    for book, line in zip(books, lines, strict=True):
        own = draft.state.require("currency", book.values.need("currency"))
        line["currency"] = own.id
        line.setdefault("exchangeRate", todays_rate(currency, own))
    draft.sublists[SUBLIST] = lines
    return {book.id: line.amount("exchangeRate") for book, line in zip(books, lines, strict=True)}


def _worth(draft: Draft, book: Record, rate: Decimal, rows: list[Row]) -> tuple[Decimal, ...]:
    """Each row at a book's rate; what rounding leaves over goes to the largest row but the main one."""
    places = precision(draft.state.require("currency", book.values.need("currency")))
    worth = [round_to(_foreign(draft, row) * rate, places) if row.account else Decimal(0) for row in rows]
    left = sum(worth, Decimal(0))
    if left:
        largest = max(range(1, len(rows)), key=lambda number: abs(worth[number]))
        worth[largest] -= left
    return tuple(worth)


def _foreign(draft: Draft, row: Row) -> Decimal:
    """A row in the transaction's currency; costs are exact in base currency only."""
    return row.base / draft.fields.amount("exchangeRate") if row.kind == "cost" else row.foreign


def book_residues(draft: Draft, target: Record, residue: Callable[[Decimal, Decimal], Decimal]) -> dict[str, Decimal]:
    """What an application leaves over in each secondary book, given what it leaves at a pair of rates."""
    ends = _rates_by_book(draft.lines(SUBLIST)), _rates_by_book(target.lines(SUBLIST))
    return {book: residue(rate, ends[1][book]) for book, rate in ends[0].items() if book in ends[1]}


def _rates_by_book(lines: Iterable[Fields]) -> dict[str, Decimal]:
    return {line.need("accountingBook"): line.amount("exchangeRate") for line in lines}
