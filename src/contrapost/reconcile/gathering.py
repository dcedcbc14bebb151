"""What store, rows and NetSuite say of the refunds of a span, gathered on disk and put in one order.

The store answers in the order of its changes and NetSuite in that of its ids. So each side is put into a table of a
database of its own that is gone with the process, and read again ordered by refund: memory stays what it was however
many refunds there are.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date  # noqa: TC003 - msgspec reads this type at run time
from typing import TYPE_CHECKING, Final

from contrapost.codec import decode, encode
from contrapost.reconcile.compare import Claim, Document, Ours
from contrapost.refunds.finding import Finding  # noqa: TC001 - msgspec reads this type at run time
from contrapost.refunds.money import Money  # noqa: TC001 - msgspec reads this type at run time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TABLES: Final = """
CREATE TABLE claim (refund TEXT PRIMARY KEY, order_id TEXT NOT NULL, ours TEXT, store TEXT) WITHOUT ROWID;
CREATE TABLE linked (id INTEGER PRIMARY KEY, refund TEXT NOT NULL);
CREATE TABLE document (refund TEXT NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (refund, id)) WITHOUT ROWID;
"""
_CACHE_KB: Final = 4096
_READ_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSide:
    """A refund as our rows know it, with what names it."""

    order: str
    day: date
    ours: Ours
    digest: str
    """Of what was retrieved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSide:
    """A refund as the store says it now."""

    order: str
    day: date
    paid: Money
    changed: bool = False
    why: tuple[Finding, ...] = ()
    """Why there is no row of it."""


class Gathered:
    """Both sides of a comparison while it is made."""

    def __init__(self) -> None:
        self._tables = sqlite3.connect("", isolation_level=None)
        self._tables.executescript(f"PRAGMA cache_size=-{_CACHE_KB}; PRAGMA temp_store=FILE; {_TABLES} BEGIN;")

    def close(self) -> None:
        """Lets go what was gathered."""
        self._tables.close()

    def put_own(self, refund: str, order_id: str, side: OwnSide) -> None:
        """Puts in what our rows know of a refund, over what they said before."""
        self._put(refund, order_id, "ours", encode(side))
        self._tables.executemany(
            "INSERT OR REPLACE INTO linked VALUES (?, ?)", [(int(one.id), refund) for one in side.ours.linked]
        )

    def put_store(self, refund: str, order_id: str, side: StoreSide) -> None:
        """Puts in what the store says of a refund; it may say it more than once, the last counts."""
        self._put(refund, order_id, "store", encode(side))

    def put_document(self, document: Document) -> None:
        """Puts in a record of NetSuite's."""
        self._tables.execute(
            "INSERT OR REPLACE INTO document VALUES (?, ?, ?)", (document.refund, int(document.id), encode(document))
        )

    def own(self, refunds: Sequence[str]) -> dict[str, OwnSide]:
        """Gives what our rows know of some refunds, of those that were put in."""
        marks = ",".join("?" * len(refunds))  # one page of a store, or one of NetSuite's
        rows = self._tables.execute(
            f"SELECT refund, ours FROM claim WHERE refund IN ({marks}) AND ours IS NOT NULL",  # noqa: S608 - marks
            list(refunds),
        )
        return {refund: decode(ours, OwnSide) for refund, ours in rows}

    def unsaid(self) -> Iterator[list[tuple[str, str]]]:
        """Gives the refunds that we have and the store did not tell of, with their orders, some hundred at a time."""
        yield from self._portions("SELECT refund, order_id FROM claim WHERE store IS NULL ORDER BY refund")

    def unread(self) -> Iterator[list[tuple[str, str]]]:
        """Gives the ids of records that our rows name and NetSuite was not asked for, with their refunds."""
        yield from self._portions(
            "SELECT l.id, l.refund FROM linked l LEFT JOIN document d ON d.refund = l.refund AND d.id = l.id "
            "WHERE d.id IS NULL ORDER BY l.id"
        )

    def with_strays(self) -> Iterator[list[tuple[str, str]]]:
        """Gives the refunds that we have and NetSuite holds records of that our rows do not name, each with one."""
        yield from self._portions(
            "SELECT d.refund, MIN(d.id) FROM document d LEFT JOIN linked l ON l.id = d.id "
            "WHERE d.refund <> '' AND l.id IS NULL GROUP BY d.refund ORDER BY d.refund"
        )

    def claims(self, *, offline: bool) -> Iterator[Claim]:
        """Gives the refunds, ordered; `offline`, our rows stand for the store."""
        rows = self._tables.execute("SELECT refund, ours, store FROM claim ORDER BY refund")
        for refund, ours, store in rows:
            own = decode(ours, OwnSide) if ours else None
            said = decode(store, StoreSide) if store else None
            yield _claim(refund, own, said, offline=offline)

    def documents(self) -> Iterator[Document]:
        """Gives NetSuite's records, ordered by refund."""
        rows = self._tables.execute("SELECT document FROM document ORDER BY refund, id")
        for (document,) in rows:
            yield decode(document, Document)

    def _put(self, refund: str, order_id: str, side: str, text: str) -> None:
        self._tables.execute(
            f"INSERT INTO claim (refund, order_id, {side}) VALUES (?, ?, ?) "  # noqa: S608 - a name of ours
            f"ON CONFLICT (refund) DO UPDATE SET {side} = excluded.{side}",
            (refund, order_id, text),
        )

    def _portions(self, sql: str) -> Iterator[list[tuple[str, str]]]:
        """Reads all rows in portions; what is put in meanwhile does not change them."""
        self._tables.execute("DROP TABLE IF EXISTS asked")
        self._tables.execute(f"CREATE TEMP TABLE asked AS {sql}")
        rows = self._tables.execute("SELECT * FROM asked ORDER BY rowid")
        while found := rows.fetchmany(_READ_AT_ONCE):
            yield [(str(one), str(other)) for one, other in found]


@contextmanager
def gathering() -> Iterator[Gathered]:
    """Gives an empty place to gather both sides in, for the time of a comparison."""
    gathered = Gathered()
    try:
        yield gathered
    finally:
        gathered.close()


def _claim(refund: str, own: OwnSide | None, said: StoreSide | None, *, offline: bool) -> Claim:
    named = said or own
    if named is None:
        raise ValueError(f"Nobody says anything of refund {refund}")
    paid = said.paid if said else own.ours.amount if own and offline else None
    return Claim(
        refund=refund,
        order=named.order,
        day=named.day,
        paid=paid,
        ours=own.ours if own else None,
        changed=said.changed if said else False,
        why=said.why if said else (),
    )
