"""A small model of what NetSuite's documents do to ledger, stock and open balances.

It is written from what is known of NetSuite, and knows nothing of the emulator's code: the two are played against each
other, and where they differ, one is wrong. It keeps documents in plain dictionaries by a number of its own. A step it
refuses raises `Refused` and changes nothing.
"""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

D = Decimal
ZERO = D(0)
ONE = D(1)
SALES = frozenset({"cashSale", "invoice"})
REFUNDS = frozenset({"cashRefund", "creditMemo"})
APPLIES_TO = {
    "creditMemo": {"invoice"},
    "customerPayment": {"invoice"},
    "depositApplication": {"invoice"},
    "customerRefund": {"creditMemo", "customerPayment"},
}
"""What may be set against what; a refund of a deposit goes through a deposit application."""
BECOMES = {
    ("salesOrder", "cashSale"),
    ("salesOrder", "invoice"),
    ("cashSale", "cashRefund"),
    ("invoice", "creditMemo"),
    ("cashRefund", "creditMemo"),
}


class Refused(Exception):  # noqa: N818 - an answer
    """A step that NetSuite turns down."""


@dataclass(frozen=True)
class Line:
    """One line of a sale or refund."""

    number: int
    item: str
    quantity: Decimal
    rate: Decimal | None
    """None for an amount that was given without units."""
    amount: Decimal
    source: int | None = None


@dataclass(frozen=True)
class Wish:
    """A line as a request states it: what it does not state is None."""

    key: int | None = None
    item: str | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Move:
    """Units of stock that came in or left by a line, with their worth where the rules say what it is."""

    line: int
    item: str
    units: Decimal
    worth: Decimal | None


@dataclass
class Holding:
    """Stock of an item: units and worth; the worth is none once it depends on what no rule says."""

    units: Decimal
    worth: Decimal | None


@dataclass(frozen=True)
class Terms:
    """The head of a sale or refund, beside its lines."""

    currency: str = "USD"
    rate: Decimal = ONE
    month: int = 0
    shipping: Decimal = ZERO
    discounted: bool = False
    taxed: bool = False


@dataclass
class Document:
    """One document."""

    kind: str
    customer: str
    terms: Terms
    total: Decimal = ZERO
    lines: tuple[Line, ...] = ()
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    source: int | None = None
    moves: tuple[Move, ...] = ()
    applied: dict[int, Decimal] = field(default_factory=dict)
    """What it applies: document and amount."""

    @property
    def subtotal(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), ZERO)


def rounded(amount: Decimal, places: int = 2) -> Decimal:
    """An amount at a number of decimals, halves away from zero."""
    return amount.quantize(D(1).scaleb(-places), ROUND_HALF_UP)


@dataclass(frozen=True)
class Apply:
    """A document to be set against, as a request states it; without an amount: as much as there is."""

    to: int
    amount: Decimal | None = None
    on: bool = True


@dataclass(frozen=True)
class Settling:
    """What a request says about applying."""

    lines: tuple[Apply, ...] = ()
    automatic: bool | None = None


NOT_SETTLING = Settling()


@dataclass(frozen=True)
class Changes:
    """What a transform's request says about the head of the new document."""

    month: int
    rate: Decimal
    shipping: Decimal | None = None
    replaced: bool = False


class Books:
    """All documents of an account, its stock, its periods, and the user's last choice of autoApply."""

    TAX_PERCENT = D("8.25")
    DISCOUNT_PERCENT = D(-10)

    def __init__(self, places: dict[str, int], stock: dict[str, Holding]) -> None:
        self.places = places
        self.stock = stock
        self.documents: dict[int, Document] = {}
        self.shut: set[int] = set()
        self.auto_apply = False
        self.last = 0

    def copy(self) -> Self:
        """The same books, to try a step on."""
        return copy.deepcopy(self)

    # ---- what stands open

    def open_of(self, number: int) -> Decimal:
        """What of a document is still open."""
        document = self.documents[number]
        taken = sum((other.applied.get(number, ZERO) for other in self.documents.values()), ZERO)
        own = ZERO if document.kind == "depositApplication" else sum(document.applied.values(), ZERO)
        if document.kind == "depositApplication":
            own = sum((a for to, a in document.applied.items() if self.documents[to].kind == "invoice"), ZERO)
        return document.total - taken - own

    def billed(self, order: int, but: int | None = None) -> dict[int, Decimal]:
        """How many units of each line of an order are billed."""
        units: dict[int, Decimal] = {}
        for number, document in self.documents.items():
            if document.source == order and document.kind in SALES and number != but:
                for line in document.lines:
                    if line.source is not None:
                        units[line.source] = units.get(line.source, ZERO) + line.quantity
        return units

    # ---- making documents

    def sell(
        self, kind: str, customer: str, terms: Terms, wishes: list[Wish], settling: Settling = NOT_SETTLING
    ) -> int:
        """A new sale, refund or order without a source."""
        document = Document(kind, customer, terms)
        self._lay_lines(document, [], wishes, replaced=False)
        return self._book(document, settling)

    def transform(
        self, source: int, kind: str, changes: Changes, wishes: list[Wish], settling: Settling = NOT_SETTLING
    ) -> int:
        """A sale from an order, or a refund from a sale: what the request does not change comes from the source.

        All but the date and the rate, which are the day's. An invoice that is open is preselected for its memo.
        """
        origin = self.documents[source]
        if (origin.kind, kind) not in BECOMES:
            raise Refused("no such transform")
        shipping = origin.terms.shipping if changes.shipping is None else changes.shipping
        terms = replace(origin.terms, rate=changes.rate, month=changes.month, shipping=shipping)
        document = Document(kind, origin.customer, terms, source=source)
        self._lay_lines(document, self._offered(source), wishes, replaced=changes.replaced)
        preselected = origin.kind == "invoice" and kind == "creditMemo" and self.open_of(source) > 0
        if preselected and all(one.to != source for one in settling.lines):
            settling = replace(settling, lines=(Apply(source), *settling.lines))
        return self._book(document, settling)

    def edit(self, number: int, wishes: list[Wish], *, replaced: bool) -> None:
        """Other lines for a sale, refund or order; what it applies, and what is applied to it, stays."""
        before = self.documents[number]
        self._must_be_open_for(before)
        document = replace(before, applied=dict(before.applied))
        self._lay_lines(document, list(before.lines), wishes, replaced=replaced)
        self._total(document)
        if document.total < before.total - self.open_of(number):
            raise Refused("less than what is applied")
        kept = Settling(tuple(Apply(to, amount) for to, amount in before.applied.items()))
        self._move(before.moves, -1)
        try:
            self._book(document, kept, number)
        except Refused:
            self._move(before.moves)
            raise

    def _offered(self, source: int) -> list[Line]:
        """The lines a transform starts with: all of a sale, the unbilled part of an order."""
        origin = self.documents[source]
        copied = [replace(line, number=0, source=line.number) for line in origin.lines]
        if origin.kind != "salesOrder":
            return copied
        billed = self.billed(source)
        offered = []
        for line in copied:
            left = line.quantity - billed.get(line.source or 0, ZERO)
            if left > 0:
                offered.append(line if left == line.quantity else self._repriced(origin, line, left))
        if not offered:
            raise Refused("nothing left to bill")
        return offered

    def _repriced(self, document: Document, line: Line, quantity: Decimal) -> Line:
        if line.rate is None:
            raise Refused("no rate to work out an amount with")
        amount = rounded(line.rate * quantity, self.places[document.terms.currency])
        return replace(line, quantity=quantity, amount=amount)

    def _lay_lines(self, document: Document, held: list[Line], wishes: list[Wish], *, replaced: bool) -> None:
        """Keyed sublist: a wish with the key of a line changes it, one without adds, what nobody mentions stays.

        A line that is not saved yet is keyed by the line it came from, a saved one by its own number.
        """
        lines = list(held)
        mentioned: set[int] = set()
        for wish in wishes:
            place = next((n for n, line in enumerate(lines) if wish.key is not None and wish.key == _key(line)), None)
            if place is None:
                lines.append(self._new_line(document, wish))
                mentioned.add(len(lines) - 1)
            else:
                lines[place] = self._changed(document, lines[place], wish)
                mentioned.add(place)
        if replaced:
            lines = [line for place, line in enumerate(lines) if place in mentioned]
        if not lines:
            raise Refused("no lines")
        document.lines = _numbered(lines)

    def _new_line(self, document: Document, wish: Wish) -> Line:
        if wish.item is None or wish.amount is None:
            raise Refused("a line without item or amount")
        quantity = D(1) if wish.quantity is None else wish.quantity
        return self._priced(document, Line(0, wish.item, quantity, None, ZERO), wish.amount)

    def _changed(self, document: Document, line: Line, wish: Wish) -> Line:
        if wish.amount is not None:
            quantity = line.quantity if wish.quantity is None else wish.quantity
            return self._priced(document, replace(line, quantity=quantity), wish.amount)
        return line if wish.quantity is None else self._repriced(document, line, wish.quantity)

    def _priced(self, document: Document, line: Line, amount: Decimal) -> Line:
        """A line of a given amount: its rate follows, with ten decimals."""
        amount = rounded(amount, self.places[document.terms.currency])
        rate = rounded(amount / line.quantity, 10) if line.quantity else line.rate
        return replace(line, amount=amount, rate=rate)

    def _total(self, document: Document) -> None:
        places = self.places[document.terms.currency]
        terms = replace(document.terms, shipping=rounded(document.terms.shipping, places))
        document.terms = terms
        discount = self.DISCOUNT_PERCENT if terms.discounted else ZERO
        document.discount = rounded(document.subtotal * discount / 100, places)
        basis = document.subtotal + document.discount
        document.tax = rounded(basis * (self.TAX_PERCENT if terms.taxed else ZERO) / 100, places)
        document.total = basis + document.tax + terms.shipping
        if document.total < 0:
            raise Refused("a total below zero")

    def _book(self, document: Document, settling: Settling, number: int | None = None) -> int:
        self._total(document)
        if document.kind != "salesOrder":
            self._must_be_open(document.terms.month)
        if document.kind in REFUNDS and any(
            line.item in self.stock and (line.quantity < 0 or line.amount < 0) for line in document.lines
        ):
            raise Refused("stocked goods below zero")
        self._must_not_overbill(document, number)
        if document.kind == "creditMemo":
            self._settle_memo(document, settling, number)
        document.moves = self._moved(document)
        return self._keep(document, number)

    def _keep(self, document: Document, number: int | None = None) -> int:
        if number is None:
            self.last += 1
            number = self.last
        self.documents[number] = document
        return number

    def _must_be_open_for(self, document: Document) -> None:
        """What is posted in a period that is shut cannot be changed."""
        if document.kind != "salesOrder":
            self._must_be_open(document.terms.month)

    def _must_be_open(self, month: int) -> None:
        if month in self.shut:
            raise Refused("the period is shut")

    def _must_not_overbill(self, document: Document, number: int | None) -> None:
        if document.source is None or self.documents[document.source].kind != "salesOrder":
            return
        billed = self.billed(document.source, but=number)
        ordered = {line.number: line.quantity for line in self.documents[document.source].lines}
        for line in document.lines:
            if line.source in ordered and line.quantity > ordered[line.source] - billed.get(line.source, ZERO):
                raise Refused("more than was ordered")

    # ---- settling

    def _settle_memo(self, document: Document, settling: Settling, number: int | None) -> None:
        """A memo is set against what it names; with autoApply, which stays as it was last set, the oldest follow."""
        automatic = False if number else self.auto_apply
        if settling.automatic is not None:
            automatic = settling.automatic
        freed = self.documents.pop(number) if number else None
        try:
            document.applied = self.applied(document, settling.lines, document.total, automatic=automatic)
        finally:
            if freed is not None and number is not None:
                self.documents[number] = freed
        if settling.automatic is not None:
            self.auto_apply = settling.automatic

    def applied(
        self, document: Document, wanted: tuple[Apply, ...], left: Decimal | None, *, automatic: bool = False
    ) -> dict[int, Decimal]:
        """The amounts a document is set against others with; `left` is what it has, none where it takes the sum."""
        amounts: dict[int, Decimal] = {}
        for one in (one for one in wanted if one.on):
            if not self._fits(document, one.to) or one.to in amounts:
                raise Refused("cannot be applied")
            amounts[one.to] = self._share(document, one, left)
            left = None if left is None else left - amounts[one.to]
        if automatic and left is not None:
            for number in self._oldest_invoices(document, set(amounts)):
                amounts[number] = min(left, self.open_of(number))
                left -= amounts[number]
        return {number: amount for number, amount in amounts.items() if amount}

    def _share(self, document: Document, one: Apply, left: Decimal | None) -> Decimal:
        free = self.open_of(one.to)
        if one.amount is None:
            return free if left is None else min(free, left)
        amount = rounded(one.amount, self.places[document.terms.currency])
        if amount < 0 or amount > free or (left is not None and amount > left):
            raise Refused("more than is open")
        return amount

    def _fits(self, document: Document, to: int) -> bool:
        target = self.documents[to]
        same = target.customer == document.customer and target.terms.currency == document.terms.currency
        return same and target.kind in APPLIES_TO.get(document.kind, set())

    def _oldest_invoices(self, document: Document, taken: set[int]) -> list[int]:
        found = [
            number
            for number, other in self.documents.items()
            if other.kind == "invoice" and number not in taken and self._fits(document, number)
        ]
        return sorted(found, key=lambda number: (self.documents[number].terms.month, number))

    # ---- stock

    def _moved(self, document: Document) -> tuple[Move, ...]:
        """Move what a document's lines move, one after the other."""
        moves: list[Move] = []
        if document.kind in SALES | REFUNDS:
            make = self._leaves if document.kind in SALES else self._comes_back
            for line in document.lines:
                if line.item in self.stock and line.quantity:
                    moves.append(make(document, line))
                    self._move((moves[-1],))
        return tuple(moves)

    def _leaves(self, document: Document, line: Line) -> Move:
        """A sale takes units at the average cost; what units cost that are not there, no rule says."""
        del document
        held = self.stock[line.item]
        alone = held.units > 0 and held.worth is not None
        worth = rounded(held.worth / held.units * line.quantity) if alone and held.worth is not None else None
        return Move(line.number, line.item, -line.quantity, None if worth is None else -worth)

    def _comes_back(self, document: Document, line: Line) -> Move:
        """A refund brings units back at the cost they left with; without a sale, at no cost."""
        sold = self.documents[document.source].moves if document.source else ()
        left = next((move for move in sold if move.line == line.source and move.item == line.item), None)
        if left is None:
            return Move(line.number, line.item, line.quantity, ZERO)
        worth = None if left.worth is None else rounded(left.worth / left.units * line.quantity)
        return Move(line.number, line.item, line.quantity, worth)

    def _move(self, moves: tuple[Move, ...], sign: int = 1) -> None:
        for move in moves:
            held = self.stock[move.item]
            worth = None if held.worth is None or move.worth is None else held.worth + sign * move.worth
            self.stock[move.item] = Holding(held.units + sign * move.units, worth)


def _key(line: Line) -> int | None:
    return line.number or line.source


def _numbered(lines: list[Line]) -> tuple[Line, ...]:
    """New lines get the numbers after the highest one there."""
    numbers = itertools.count(max((line.number for line in lines), default=0) + 1)
    return tuple(line if line.number else replace(line, number=next(numbers)) for line in lines)
