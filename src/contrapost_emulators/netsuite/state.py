"""What one emulated account holds: records, postings, stock, links and the user's last choices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.forms import Forms
from contrapost_emulators.netsuite.kinds import KINDS, Kind
from contrapost_emulators.netsuite.preferences import Permissions, Preferences
from contrapost_emulators.netsuite.shelf import PackedShelf, Shelf, UndoLog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from contrapost_emulators.netsuite.clock import Clock

Lines = tuple[Fields, ...]
# By accounting book: what each row of a posting is worth in it.
Books = Mapping[str, tuple[Decimal, ...]]


@dataclass(frozen=True, slots=True)
class Record:
    """One saved record: its kind, its internal id, its values and its sublists."""

    kind: Kind
    id: str
    values: Fields
    sublists: dict[str, Lines]
    created: datetime
    modified: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Family and internal id: what a record is found by."""
        return (self.kind.family, self.id)

    @property
    def voided(self) -> bool:
        """Whether a person voided this transaction."""
        return self.values.flag("_voided")

    def lines(self, sublist: str) -> Lines:
        """The lines of one sublist."""
        return self.sublists.get(sublist, ())

    @property
    def name(self) -> str:
        """What a reference to this record shows."""
        for field_name in self.kind.name_fields:
            if text := self.values.text(field_name):
                return text
        return self.id


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a transaction as searches see it; amounts are positive on the debit side."""

    id: int
    account: str | None
    foreign: Decimal
    base: Decimal
    kind: str = "item"  # main, item, tax, cost, shipping, discount
    item: str | None = None
    quantity: Decimal | None = None
    values: Fields = field(default_factory=Fields)


@dataclass(frozen=True, slots=True)
class Move:
    """Units of an item that came to (positive) or left a location, with their worth in base currency."""

    item: str
    location: str
    quantity: Decimal
    worth: Decimal
    line: int
    numbers: tuple[tuple[str, Decimal], ...] = ()  # serial and lot numbers, each with the units of it


@dataclass(frozen=True, slots=True)
class Posting:
    """What one transaction did to the ledger and to stock; in secondary books each row has a worth of its own."""

    rows: tuple[Row, ...] = ()
    moves: tuple[Move, ...] = ()
    books: Books = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holding:
    """The stock of one item at one location: units, worth, and the last unit cost known."""

    quantity: Decimal = Decimal(0)
    worth: Decimal = Decimal(0)
    last_cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Application:
    """An amount of one document set against another: `by` applies, `to` is applied."""

    by: str
    to: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that a card gateway took from a customer (charge) or gave back (refund), and for which record."""

    transaction: str
    type: str
    direction: str
    amount: Decimal
    currency: str
    source: str | None = None


class Touched:
    """The records that changed since searches last looked, and when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.at: dict[tuple[str, str], datetime] = {}

    def add(self, key: tuple[str, str]) -> None:
        """Note that a record changed now."""
        self.at[key] = self._clock.now()

    def take(self) -> dict[tuple[str, str], datetime]:
        """All of them; they are forgotten here."""
        taken, self.at = self.at, {}
        return taken


class State:
    """One account. Every change goes through `write`, which keeps all of it or nothing."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.preferences = Preferences()
        self.permissions = Permissions()
        self.period_locks: set[tuple[str, str]] = set()  # period and subsidiary, locked for receivables
        self.forms = Forms(self.preferences)
        self.log = UndoLog()
        self.families: defaultdict[str, Shelf[str, Record]] = defaultdict(lambda: Shelf(self.log))
        self.transactions = PackedShelf[str, Record](self.log, lambda record: record.kind.name)
        self.families["transaction"] = self.transactions
        self.external_ids: Shelf[str, str] = Shelf(self.log)
        self.postings = PackedShelf[str, Posting](self.log, _sort_of)
        self.stock: Shelf[tuple[str, str], Holding] = Shelf(self.log)
        self.numbers: Shelf[tuple[str, str], Decimal] = Shelf(self.log)
        self.applications: Shelf[str, tuple[Application, ...]] = Shelf(self.log)
        self.children: Shelf[str, tuple[str, ...]] = Shelf(self.log)
        self.sticky: Shelf[str, object] = Shelf(self.log)
        self.names: Shelf[str, str] = Shelf(self.log)
        self.counters: Shelf[str, int] = Shelf(self.log)
        self.gateway: Shelf[str, Movement] = Shelf(self.log)
        self.workflow_locks: set[tuple[str, str]] = set()
        self.meanwhile: dict[tuple[str, str], object] = {}  # what a person saves during the next write of a record
        self.touched = Touched(clock)
        self.roles: dict[str, str] = {}

    @contextmanager
    def write(self) -> Iterator[None]:
        """Make changes that stand together or not at all."""
        with self.log.all_or_nothing():
            yield

    def next_number(self, counter: str) -> int:
        """The next number of a named sequence."""
        number = (self.counters.get(counter) or 0) + 1
        self.counters[counter] = number
        return number

    def put(self, record: Record) -> None:
        """Save a record and its place in the external ids of its family."""
        before = self.families[record.kind.family].get(record.id)
        old = before.values.text("externalId") if before else None
        new = record.values.text("externalId")
        if old and old != new:
            self.external_ids.remove(_namespaced(record.kind.family, old))
        if new:
            self._claim(record, new)
        self.families[record.kind.family][record.id] = record
        self.touched.add(record.key)

    def _claim(self, record: Record, external_id: str) -> None:
        key = _namespaced(record.kind.family, external_id)
        holder = self.external_ids.get(key)
        if holder is not None and holder != record.id:
            raise Refused("duplicate entity" if record.kind.family == "entity" else "duplicate")
        if holder is None:
            self.external_ids[key] = record.id

    def remove(self, record: Record) -> None:
        """Take a record away."""
        external_id = record.values.text("externalId")
        if external_id:
            self.external_ids.remove(_namespaced(record.kind.family, external_id))
        self.families[record.kind.family].remove(record.id)
        self.touched.add(record.key)

    def find(self, family: str, record_id: str | None) -> Record | None:
        """The record of a family by its internal id, or none."""
        return self.families[family].get(record_id) if record_id else None

    def require(self, family: str, record_id: str) -> Record:
        """The record of a family by its internal id, which is known to be there."""
        return self.families[family][record_id]

    def by_external_id(self, family: str, external_id: str) -> Record | None:
        """The record of a family by its external id, in any case of letters."""
        return self.find(family, self.external_ids.get(_namespaced(family, external_id)))

    def family(self, family: str) -> Iterator[Record]:
        """All records of a family, oldest first."""
        return self.families[family].values()

    def kind(self, name: str) -> Iterator[Record]:
        """All records of one kind, oldest first."""
        kind = KINDS[name.lower()]
        if kind.is_transaction:
            return self.transactions.of_sort(kind.name)
        return (record for record in self.family(kind.family) if record.kind is kind)

    def ids(self, kind: Kind) -> list[str]:
        """The internal ids of all records of one kind, oldest first."""
        if kind.is_transaction:
            return self.transactions.keys_of_sort(kind.name)
        return [record.id for record in self.kind(kind.name)]

    def children_of(self, record_id: str) -> list[Record]:
        """The documents made from a document."""
        children = (self.find("transaction", child) for child in self.children.get(record_id) or ())
        return [child for child in children if child is not None]

    def touch(self, record_id: str) -> None:
        """Note that searches must see a transaction anew."""
        self.touched.add(("transaction", record_id))


def _sort_of(posting: Posting) -> str:
    """Trades have a row for each line, tax and charge; settlements a debit and a credit."""
    return "trade" if len(posting.rows) > len(("debit", "credit")) else "settlement"


def _namespaced(family: str, external_id: str) -> str:
    """The key of an external id: all records of a family share one namespace, which knows no case of letters."""
    return f"{family} {external_id.lower()}"
