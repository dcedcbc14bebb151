"""Reads one JSON value as the type a field has, or says that it is not of that type."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.field_tables import CHOICES

if TYPE_CHECKING:
    from collections.abc import Callable

# Within these bounds every amount, rate and product of both is exact.
LARGEST_NUMBER = Decimal(10) ** 15
NUMBER_PLACES = 10
LONGEST_TEXT = 4000
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
WORDS = {"t": True, "true": True, "f": False, "false": False}
REFERENCE_KEYS = frozenset({"id", "externalId", "refName", "links"})


class WrongType(Exception):  # noqa: N818 - it says what is wrong with a value, and is answered as a refusal
    """A value that a field of its type cannot hold."""


def convert(kind: str, name: str, value: object) -> object:
    """The value of a field of a type, as it is kept."""
    if kind == "choice":
        return _choice(name, value)
    return CONVERSIONS[kind](value)


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or len(str(value)) > LONGEST_TEXT:
        raise WrongType
    return str(value)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise WrongType
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        raise WrongType
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= LARGEST_NUMBER:
        raise WrongType
    return round(number, NUMBER_PLACES) if number.as_tuple().exponent < -NUMBER_PLACES else number  # type: ignore[operator] # finite numbers have a whole exponent


def _rate(value: object) -> object:
    if isinstance(value, str) and value.strip().endswith("%"):
        return f"{_number(value.strip().removesuffix('%'))}%"
    return _number(value)


def _flag(value: object) -> bool:
    if isinstance(value, str) and value.lower() in WORDS:
        return WORDS[value.lower()]
    if not isinstance(value, bool):
        raise WrongType
    return value


def _choice(name: str, value: object) -> str:
    """The id of an entry of a fixed list, where the list is known one that stands in it."""
    given = value.get("id", value.get("refName")) if isinstance(value, dict) else value
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise WrongType
    if name in CHOICES and str(given) not in CHOICES[name]:
        raise WrongType
    return _text(given)


def entry(entries: tuple[tuple[str, str], ...], value: object) -> str:
    """The id of an entry of a custom list, named by its id or by what it is called."""
    given = value.get("id", value.get("refName")) if isinstance(value, dict) else value
    for number, name in entries:
        if str(given) in {number, name}:
            return number
    raise WrongType


def _date(value: object) -> date:
    match = DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise WrongType
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        raise WrongType from None


def _integer(value: object) -> int:
    number = _number(value)
    if number != int(number):
        raise WrongType
    return int(number)


def _outside(value: object) -> object:
    """A reference to a record of a type the emulator does not hold: it is kept as it came."""
    if isinstance(value, dict):
        if not value.keys() <= REFERENCE_KEYS or not (value.keys() - {"links"}):
            raise WrongType
        return {name: _text(part) for name, part in value.items() if name != "links"}
    return {"id": _text(value)}


def _subrecord(value: object) -> object:
    if not isinstance(value, dict):
        raise WrongType
    return value


def _collection(value: object) -> object:
    if not isinstance(value, dict) or not isinstance(value.get("items", []), list):
        raise WrongType
    return value


def custom(value: object) -> object:
    """The value of a custom field, whose type the emulator does not know: a scalar, or a choice from a list."""
    if isinstance(value, bool):
        return value
    if isinstance(value, dict):
        if isinstance(value.get("items"), list):
            return {"items": [_outside(one) for one in value["items"]]}
        return _outside(value)
    if isinstance(value, int | Decimal):
        return _number(value)
    return _text(value)


CONVERSIONS: dict[str, Callable[[object], object]] = {
    "text": _text,
    "number": _number,
    "money": _number,
    "rate": _rate,
    "flag": _flag,
    "date": _date,
    "time": _text,
    "integer": _integer,
    "outside": _outside,
    "subrecord": _subrecord,
    "collection": _collection,
}
