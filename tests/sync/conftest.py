"""A shop and its books, with the opened Contrapost between them and a clock that tests set."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from contrapost import flow
from contrapost.app import App
from contrapost.demo.processes import Emulator
from contrapost.records import asks, golive, queries, sync
from contrapost.records.rows import Filters, TransactionSummary

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
from trade import ACCOUNT, Trade


@dataclass
class Clock:
    """The time our side takes it to be; the shop has its own."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        """Gives the time."""
        return datetime.now(UTC) + self.ahead

    def forward(self, **by: float) -> None:
        """Moves on."""
        self.ahead += timedelta(**by)


@dataclass(frozen=True)
class Kept(Trade):
    """The shop and its books, kept up."""

    clock: Clock

    def go_live(self, on: date | None = None) -> None:
        """Signs the account off and turns it on, as if its check list had been worked through."""
        since = on or (self.clock() - timedelta(days=7)).date()
        golive.sign_off(ACCOUNT, by="ada", now=self.clock(), go_live_on=since, note="", shown="[]")
        golive.switch(ACCOUNT, on=True, by="ada", now=self.clock())

    def keep_up(self, *, most: int = 20) -> int:
        """Does all that is due, and says in how many goes."""
        for go in range(1, most + 1):
            if not flow.keep_up(self.app, ACCOUNT):
                return go
        raise AssertionError("it never came to an end")

    def forward(self, **by: float) -> None:
        """Moves our clock on, and NetSuite's with it, which takes no signature of another time."""
        self.clock.forward(**by)
        self.books.ask("POST", "clock", {"skew_seconds": int(self.clock.ahead.total_seconds())})

    @property
    def rows(self) -> dict[str, TransactionSummary]:
        """What is here, by the order's name."""
        return {row.order_name: row for row in queries.listing(Filters(), limit=500).rows}

    @property
    def asked(self) -> dict[str, asks.Priority]:
        """What is asked to be posted, by the order's name, and how urgent it is."""
        ids = {row.id: name for name, row in self.rows.items()}
        return {ids[id_]: one.priority for id_, one in asks.of(list(ids)).items()}

    @property
    def sync(self) -> sync.SyncRow:
        """How the account is kept up."""
        return sync.get(ACCOUNT)

    def questions(self) -> int:
        """How often the shop was asked since the journal was emptied."""
        return len([one for one in self.shop.ask("GET", "journal")["requests"] if "graphql" in one["path"]])


@pytest.fixture
def kept(app: App, shop_process: Emulator, books_process: Emulator) -> Kept:
    """A connected shop, in test mode."""
    clock = Clock()
    made = Kept(replace(app, now=clock), shop_process, books_process, clock)
    made.connect()
    return made


@pytest.fixture
def live(kept: Kept) -> Kept:
    """A connected shop that is live and automatic."""
    kept.go_live()
    return kept
