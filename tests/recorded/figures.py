"""Reads figures out of a payload of any cart: what cannot be read is a finding with its place, and reads as zero."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from contrapost.refunds.finding import Finding, blocks, error
from contrapost.refunds.money import Money, decimals_of, is_currency

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from contrapost.refunds.document import Refund

Part = dict[str, Any]
Read = tuple["Refund | None", tuple[Finding, ...]]

_MOST = Decimal(10) ** 12
_MOST_UNITS = 1_000_000
_MOST_DECIMALS = 20


@dataclass
class Figures:
    """One refund being read: its currency, and what could not be read so far."""

    currency: str
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not is_currency(self.currency):
            self.odd("currency", f"is none of ISO 4217 but {self.currency!r}")

    @property
    def zero(self) -> Money:
        """Nothing, in this currency."""
        return Money.zero(self.currency)

    def odd(self, where: str, what: str) -> None:
        """Notes a place of the payload that cannot be read."""
        fix = "Retrieve the order again; if this comes back, report it with the refund's raw payload."
        self.findings.append(error("payload_unreadable", f"{where} {what}.", fix=fix, where=where))

    def amount(self, part: Mapping[str, Any], name: str, where: str = "", *, missing: str | None = None) -> Money:
        """Reads an amount in whole units of the currency; one that may be missing reads as what is given for it."""
        place = f"{where}.{name}" if where else name
        value = part.get(name)
        read = decimal(missing if value in (None, "") and missing is not None else value)
        if read is None:
            self.odd(place, f"is no amount of money but {value!r}")
        return Money(read or Decimal(0), self.currency)

    def minor(self, part: Mapping[str, Any], name: str, where: str = "") -> Money:
        """Reads an amount that the cart counts in the smallest unit of the currency."""
        counted = self.amount(part, name, where)
        if counted.amount != counted.amount.to_integral_value():
            self.odd(f"{where}.{name}".strip("."), f"counts {counted.amount} of a unit that has no parts")
        return Money(counted.amount.scaleb(-decimals_of(self.currency)), self.currency)

    def share(self, of: Money, part: Money, whole: Money) -> Money:
        """Gives the part of an amount that stands to it as `part` stands to `whole`, rounded to the cent."""
        return Money(of.amount * part.amount / whole.amount, of.currency).rounded() if whole else self.zero

    def units(self, part: Mapping[str, Any], name: str, where: str) -> int:
        """Reads a number of units, whole and not below zero."""
        read = decimal(part.get(name))
        if read is None or read != read.to_integral_value() or not 0 <= read <= _MOST_UNITS:
            self.odd(f"{where}.{name}", f"is no number of units but {part.get(name)!r}")
            return 0
        return int(read)

    def moment(self, part: Mapping[str, Any], name: str) -> datetime:
        """Reads a date and time; where it names no zone, the cart means UTC."""
        try:
            read = datetime.fromisoformat(str(part.get(name)))
        except ValueError:
            self.odd(name, f"is no date and time but {part.get(name)!r}")
            return datetime.min.replace(tzinfo=UTC)
        return read if read.tzinfo else read.replace(tzinfo=UTC)

    def result(self, refund: Refund) -> Read:
        """Gives the refund with its findings, or the findings alone where one says that it cannot be trusted."""
        found = tuple(self.findings)
        return (None if blocks(found) else refund), found


def decimal(value: object) -> Decimal | None:
    """Reads a number, sent as text or as a number, that an amount can be."""
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        return None
    try:
        read = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    is_amount = read.is_finite() and abs(read) < _MOST and int(read.as_tuple().exponent) >= -_MOST_DECIMALS
    return read + 0 if is_amount else None


def inner(parent: Mapping[str, Any], name: str) -> Part:
    """Gives an object that may be missing."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def text(parent: Mapping[str, Any], name: str) -> str:
    """Gives a text, or a number as text; anything else is no text."""
    value = parent.get(name)
    return str(value) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""


def parts(parent: Mapping[str, Any], name: str) -> list[Part]:
    """Gives the objects of a list; what is none is passed over."""
    value = parent.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def load(path: Path) -> Any:
    """Reads a recorded answer, every number exactly as it was sent."""
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
