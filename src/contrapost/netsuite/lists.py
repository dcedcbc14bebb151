"""The lists of a NetSuite account that mapping looks things up in: accounts, items, posting periods. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - msgspec reads this type at run time
from typing import TypeVar

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
class Lists:
    """What mapping needs to know of a NetSuite account beside the bills."""

    accounts: tuple[LedgerAccount, ...] = ()
    items: tuple[Item, ...] = ()
    locations: tuple[Location, ...] = ()
    periods: tuple[Period, ...] = ()
    asked_items: tuple[str, ...] = ()
    """The names that `items` was asked for, found or not."""
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

    def account_label(self, account_id: str) -> str:
        """Gives number and name of an account, or its internal id where it is not in the list."""
        return next((entry.label for entry in self.accounts if entry.id == account_id), f"id:{account_id}")


def _is(named: str, id_: str, *names: str) -> bool:
    if named.startswith("id:"):
        return named == f"id:{id_}"
    return named.casefold() in {name.casefold() for name in names if name}


def _only(found: list[_Entry]) -> _Entry | None:
    return found[0] if len(found) == 1 else None
