"""A copy of the account in an SQLite database in memory, brought up to date before each query."""

from __future__ import annotations

import itertools
import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.suiteql import dates
from contrapost_emulators.netsuite.suiteql.lag import Lag, Queue
from contrapost_emulators.netsuite.suiteql.rows import Cells, label_rows, rows_of
from contrapost_emulators.netsuite.suiteql.tables import AFFINITIES, COLUMNS, CUSTOM, INDEXES, KEYS, VIEWS, columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contrapost_emulators.netsuite.state import State

# A query may take this many steps of SQLite's machine: a join without a condition would never end.
STEPS_A_ROUND, LONGEST_ROUNDS = 1_000_000, 3_000
MOST_BEHIND = 500
# Which rows go when a record of a family changes: table and the column that holds its id.
OWNED: dict[str, tuple[tuple[str, str], ...]] = {
    "transaction": (
        ("transaction", "id"),
        ("transactionline", "transaction"),
        ("transactionaccountingline", "transaction"),
        ("transactiontaxdetail", "transaction"),
        ("_links", "nextdoc"),
    ),
    "item": (("item", "id"), ("inventoryitemlocations", "item"), ("aggregateitemlocation", "item")),
    "giftCertificate": (("giftcertificate", "id"),),
    "inventoryNumber": (("inventorynumber", "id"), ("inventorynumberlocation", "inventorynumber")),
    "entity": (("customer", "id"),),
    "account": (("account", "id"),),
    "period": (("accountingperiod", "id"),),
    "currency": (("currency", "id"), ("currencyrate", "transactioncurrency")),
    "tax": (("salestaxitem", "id"),),
    "subsidiary": (("subsidiary", "id"),),
    "location": (("location", "id"),),
    "department": (("department", "id"),),
    "classification": (("classification", "id"),),
    "accountingBook": (("accountingbook", "id"),),
}


class Mirror:
    """The tables, their rows, and the functions queries may call."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.lag = Lag()
        self._queue = Queue()
        self.database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._columns = {table: set(columns(table)) for table in COLUMNS}
        self._create()

    def _create(self) -> None:
        self.database.execute("PRAGMA case_sensitive_like = ON")
        for table in COLUMNS:
            cells = [f"`{name}` {AFFINITIES[letter]}" for name, letter in columns(table).items()]
            key = [f"PRIMARY KEY (`{KEYS[table]}`)"] if table in KEYS else []
            form = "" if KEYS.get(table, "id") == "id" else " WITHOUT ROWID"
            self.database.execute(f"CREATE TABLE `{table}` ({', '.join(cells + key)}){form}")
        for view, query in VIEWS.items():
            self.database.execute(f"CREATE VIEW `{view}` AS {query}")
        for number, (table, column) in enumerate(INDEXES):
            filled = f"ON `{table}` (`{column}`) WHERE `{column}` IS NOT NULL"
            self.database.execute(f"CREATE INDEX `_index{number}` {filled}")
        self.database.create_function("NS_TO_CHAR", -1, self._to_char)
        self.database.create_function("NS_TO_DATE", 2, dates.to_date, deterministic=True)
        self.database.create_function("NS_TRUNC", -1, dates.trunc, deterministic=True)
        self.database.create_function("NS_PLUS", 2, dates.plus, deterministic=True)
        self.database.create_function("NS_MINUS", 2, dates.minus, deterministic=True)
        self.database.create_function("NS_NOW", 0, lambda: dates.stored(self.state.clock.now()))
        self._insert("dual", {"dummy": "X"})
        for label_table, label in label_rows():
            self._insert(label_table, label)

    def _to_char(self, value: object, oracle: str | None = None) -> str | None:
        return dates.to_char(value, self.state.preferences.date_format, oracle)

    def ask(self, statement: str, values: Mapping[str, object]) -> sqlite3.Cursor:
        """Run a statement that reads; one that would go on for minutes is interrupted."""
        rounds = itertools.count(1)
        self.database.set_progress_handler(lambda: next(rounds) > LONGEST_ROUNDS, STEPS_A_ROUND)
        return self.database.execute(statement, values)

    def keep_up(self) -> None:
        """Renew rows now where very many changed, so that the next query need not wait for all of them."""
        if len(self.state.touched.at) > MOST_BEHIND:
            self._renew()

    def bring_up_to_date(self) -> None:
        """Renew, before a query, the rows of every record that changed and that queries see by now."""
        self._renew()
        self._queue.count_query()

    def _renew(self) -> None:
        self._queue.add(self.state.touched.take(), self.lag)
        due = self._queue.take_due(self.state.clock.now())
        self.database.set_progress_handler(None, 0)
        self._declare_custom_fields()
        self.database.execute("BEGIN")
        for family, record_id in due:
            self._forget(family, record_id)
            record = self.state.find(family, record_id)
            for table, cells in rows_of(self.state, record) if record else ():
                self._insert(table, cells)
        self.database.execute("COMMIT")

    def _forget(self, family: str, record_id: str) -> None:
        self.database.execute("DELETE FROM `_names` WHERE kind = ? AND id = ?", (family, record_id))
        for table, column in OWNED.get(family, ()):
            self.database.execute(f"DELETE FROM `{table}` WHERE `{column}` = ?", (record_id,))  # noqa: S608

    def _insert(self, table: str, cells: Cells) -> None:
        filled = {name: _cell(value) for name, value in cells.items() if value is not None}
        for name in filled.keys() - self._columns[table]:
            self._add_column(table, name)
        names = ", ".join(f"`{name}`" for name in filled)
        marks = ", ".join("?" for _ in filled)
        statement = f"INSERT INTO `{table}` ({names}) VALUES ({marks})"  # noqa: S608 - names from our own tables
        self.database.execute(statement, tuple(filled.values()))

    def _declare_custom_fields(self) -> None:
        """A custom field can be asked for once it is defined, though no record holds it yet."""
        for table, prefix in CUSTOM.items():
            for name in self.state.forms.custom.keys() - self._columns[table]:
                if name.startswith(prefix):
                    self._add_column(table, name)

    def _add_column(self, table: str, name: str) -> None:
        """Custom fields come into being when first used."""
        if not name.startswith(CUSTOM.get(table, "\0")) or not name.isidentifier():
            raise ValueError(f"{table}.{name}")
        self.database.execute(f"ALTER TABLE `{table}` ADD COLUMN `{name}`")
        self._columns[table].add(name)


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, int | float | str) else str(value)
