"""Reads values out of a payload that may hold anything: each place that cannot be read becomes a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from contrapost.refunds.finding import Finding, error
from contrapost.refunds.money import Money, is_currency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost.stores.shopify.settings import Side

Part = Mapping[str, object]

MOST_AMOUNT = Decimal(10) ** 12
MOST_DECIMALS = 6
MOST_UNITS = 1_000_000
_AGAIN = "Retrieve the order again; if this comes back, report it with the refund's raw payload."


@dataclass(slots=True)
class Reading:
    """One refund being read: in which money, and what could not be read so far."""

    side: Side
    currency: str
    findings: list[Finding] = field(default_factory=list)

    def unreadable(self, where: str, what: str) -> None:
        """Notes that a place of the payload cannot be read."""
        self.findings.append(error("payload_unreadable", f"{where} {what}.", fix=_AGAIN, where=where))

    def part(self, value: object, where: str) -> Part:
        """Reads an object; what is none gives an empty one and a finding."""
        if isinstance(value, Mapping):
            return value
        self.unreadable(where, _told(value, "an object"))
        return {}

    def nodes(self, parent: Part, name: str) -> Iterator[tuple[Part, str]]:
        """Gives each node of a connection, or each item of a list, with its place."""
        value = parent.get(name)
        if isinstance(value, Mapping):
            if self._goes_on(value.get("pageInfo")):
                self.unreadable(name, "goes on beyond the page that was read")
            value = value.get("nodes")
        if not isinstance(value, list | tuple):
            self.unreadable(name, _told(value, "a list"))
            return
        for place, each in enumerate(value):
            where = f"{name}[{place}]"
            if isinstance(each, Mapping):
                yield each, where
            else:
                self.unreadable(where, _told(each, "an object"))

    def money(self, parent: Part, name: str, where: str) -> Money:
        """Reads an amount out of a money bag; what cannot be read is zero and a finding."""
        bag = parent.get(name)
        place = f"{where}.{name}" if where else name
        sided = bag.get(f"{self.side}Money") if isinstance(bag, Mapping) else None
        if not isinstance(sided, Mapping):
            self.unreadable(place, _told(sided if bag is None else bag, f"an amount with its {self.side}Money"))
            return Money.zero(self.currency)
        currency = sided.get("currencyCode")
        if currency != self.currency:
            self.unreadable(place, f"is in {currency!r}, the order is in {self.currency}")
            return Money.zero(self.currency)
        amount = decimal(sided.get("amount"))
        if amount is None:
            self.unreadable(place, _told(sided.get("amount"), "an amount of money"))
        return Money(amount or Decimal(0), self.currency)

    def money_or_zero(self, parent: Part, name: str, where: str) -> Money:
        """Reads an amount that the store may leave out."""
        return self.money(parent, name, where) if parent.get(name) is not None else Money.zero(self.currency)

    def units(self, parent: Part, where: str) -> int:
        """Reads a number of units: whole and not below zero."""
        value = parent.get("quantity")
        read = decimal(value)
        if read is None or read != read.to_integral_value() or not 0 <= read <= MOST_UNITS:
            self.unreadable(f"{where}.quantity", _told(value, "a number of units"))
            return 0
        return int(read)

    def moment(self, parent: Part, *names: str) -> datetime | None:
        """Reads the first date and time there is among these; it must carry its zone."""
        name = next((each for each in names if parent.get(each) is not None), names[0])
        value = parent.get(name)
        try:
            read = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            read = None
        if read is None or read.tzinfo is None:
            self.unreadable(name, _told(value, "a date and time with its zone"))
            return None
        return read

    def word(self, parent: Part, name: str, where: str, known: Mapping[str, object]) -> str:
        """Reads a word out of a fixed list."""
        value = parent.get(name)
        if isinstance(value, str) and value in known:
            return value
        self.unreadable(f"{where}.{name}", _told(value, f"one of {', '.join(known)}"))
        return next(iter(known))

    @staticmethod
    def _goes_on(page: object) -> bool:
        return isinstance(page, Mapping) and page.get("hasNextPage") is True


def decimal(value: object) -> Decimal | None:
    """Reads a number, sent as text or as a number, that an amount can be; none where it is no such number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        read = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        return None
    if not read.is_finite() or (read and (abs(read) >= MOST_AMOUNT or int(read.as_tuple().exponent) < -MOST_DECIMALS)):
        return None
    return read + 0


def text(parent: Part, name: str) -> str:
    """Reads a text, or a number as text; anything else is no text."""
    value = parent.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    return str(value)


def inner(parent: Part, name: str) -> Part:
    """Reads an object that may be missing."""
    value = parent.get(name)
    return value if isinstance(value, Mapping) else {}


def objects(value: object) -> Iterator[dict[str, object]]:
    """Gives the objects of a list; what is none is passed over."""
    for each in value if isinstance(value, list | tuple) else ():
        if isinstance(each, dict):
            yield each


def nodes_of(parent: Part, name: str) -> object:
    """Gives what should be the nodes of a connection, or the items of a list, unread."""
    value = parent.get(name)
    return value.get("nodes") if isinstance(value, Mapping) else value


def ids_of(parent: Part, name: str) -> list[str]:
    """Gives the ids of a list of objects."""
    return [own for each in objects(parent.get(name)) if (own := text(each, "id"))]


def number_of(parent: Part) -> str:
    """Gives the number at the end of a global id: what the store itself shows as the id."""
    own = text(parent, "legacyResourceId") or text(parent, "id").rsplit("/", 1)[-1].split("?", 1)[0]
    return own if own.isdigit() else ""


def currency_of(order: Part, side: Side) -> str:
    """Gives the currency an order is read in; empty where it names none that exists."""
    name = "currencyCode" if side == "shop" else "presentmentCurrencyCode"
    code = text(order, name)
    return code if is_currency(code) else ""


def _told(value: object, wanted: str) -> str:
    if value is None:
        return f"is missing; {wanted} belongs there"
    shown = repr(value)
    return f"is not {wanted} but {shown if len(shown) <= 40 else shown[:37] + '…'}"  # noqa: PLR2004 - as much as reads well
