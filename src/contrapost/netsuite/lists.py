"""The lists of a NetSuite account that mapping looks things up in: accounts, items, posting periods. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003 - msgspec reads this type at run time
from decimal import Decimal  # noqa: TC003 - msgspec reads this type at run time
from typing import TypeVar

from contrapost.netsuite.catalog import Catalog

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAccount:
    """One account of the chart of accounts."""

    id: str
    number: str
    name: str
    type: str
    """NetSuite's word: `Bank`, `AcctRec`, `Income`, `OthCurrLiab` …"""

    @property
    def label(self) -> str:
        """Number and name, as NetSuite's screens show them."""
        return f"{self.number} {self.name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item a profile names."""

    id: str
    name: str
    type: str
    income_account: str
    """Internal id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """One location of the company's stock."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One posting period: a month, not a quarter or a year."""

    id: str
    name: str
    start: date
    end: date
    """The last day."""
    closed: bool
    """Closed, or locked for A/R: an override would post all the same, and the month would no longer agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """One currency of the account."""

    id: str
    symbol: str
    decimals: int
    """Its precision in NetSuite: 0 or 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidiary:
    """One subsidiary and the currency its books are kept in."""

    id: str
    name: str
    currency_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """An exchange rate of NetSuite: base currency for one unit of another, from a day on."""

    base_id: str
    currency_id: str
    day: date
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """What mapping needs to know of a NetSuite account beside the bills."""

    accounts: tuple[LedgerAccount, ...] = ()
    items: tuple[Item, ...] = ()
    locations: tuple[Location, ...] = ()
    periods: tuple[Period, ...] = ()
    asked_items: tuple[str, ...] = ()
    """The names that `items` was asked for, found or not."""
    currencies: tuple[Currency, ...] = ()
    subsidiaries: tuple[Subsidiary, ...] = ()
    """None in an account that has only one company."""
    rates: tuple[Rate, ...] = ()
    """Newest first."""
    catalog: Catalog = field(default_factory=Catalog)
    """What the account says of the records that refunds become; empty where our role may not read it."""
    catalog_read_at: datetime | None = None
    """It changes seldom and is long, so it is read less often than the rest."""
    suitetax: bool = False
    """The account holds tax in SuiteTax's details; otherwise it is legacy tax."""

    def account(self, named: str) -> LedgerAccount | None:
        """Finds an account by its number or name, or by its internal id written `id:123`."""
        return _only([entry for entry in self.accounts if _is(named, entry.id, entry.number, entry.name, entry.label)])

    def item(self, named: str) -> Item | None:
        """Finds an item by its name, or by its internal id written `id:123`."""
        return _only([entry for entry in self.items if _is(named, entry.id, entry.name)])

    def location(self, named: str) -> Location | None:
        """Finds a location by its name, or by its internal id written `id:123`."""
        return _only([entry for entry in self.locations if _is(named, entry.id, entry.name)])

    def currency(self, symbol: str) -> Currency | None:
        """Finds a currency by its ISO code."""
        return _only([entry for entry in self.currencies if entry.symbol == symbol])

    def base_of(self, subsidiary_id: str) -> Currency | None:
        """Gives the currency a subsidiary's books are kept in, where the lists know it."""
        owner = _only([entry for entry in self.subsidiaries if entry.id == subsidiary_id])
        return _only([entry for entry in self.currencies if owner and entry.id == owner.currency_id])

    def rate_on(self, day: date, currency_id: str, subsidiary_id: str) -> Decimal | None:
        """Gives the rate of a currency on a day in a subsidiary's books, where the lists know it."""
        base = self.base_of(subsidiary_id)
        bases = {base.id} if base else {entry.base_id for entry in self.rates}
        if len(bases) != 1:
            return None
        fitting = (
            entry.rate
            for entry in self.rates
            if entry.currency_id == currency_id and entry.day <= day and entry.base_id in bases
        )
        return next(fitting, None)

    def account_label(self, account_id: str) -> str:
        """Gives number and name of an account, or its internal id where it is not in the list."""
        return next((entry.label for entry in self.accounts if entry.id == account_id), f"id:{account_id}")


def _is(named: str, id_: str, *names: str) -> bool:
    if named.startswith("id:"):
        return named == f"id:{id_}"
    return named.casefold() in {name.casefold() for name in names if name}


def _only(found: list[_Entry]) -> _Entry | None:
    return found[0] if len(found) == 1 else None
