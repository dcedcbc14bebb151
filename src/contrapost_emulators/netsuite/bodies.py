"""Reads a request body against the field tables: names, types and references, before any rule applies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.references import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.netsuite.kinds import FieldSpec, Kind
    from contrapost_emulators.netsuite.state import State

CUSTOM = ("custbody", "custcol", "custentity", "custitem", "custrecord", "cseg")


@dataclass
class Submission:
    """What a request sets: explicit values (none where it sent null) and lines of each sublist it names."""

    fields: Fields = field(default_factory=Fields)
    sublists: dict[str, list[Fields]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    replace: frozenset[str] = frozenset()


class BodyReader:
    """Reads one body; `names` says what happens to a field name nobody knows: Error, Warning or Ignore."""

    def __init__(self, state: State, kind: Kind, names: str) -> None:
        self.state = state
        self.kind = kind
        self.names = names
        self.warnings: list[str] = []

    def read(self, body: object, replace: frozenset[str] = frozenset()) -> Submission:
        """The typed values of a body."""
        if not isinstance(body, dict):
            raise Refused("bad json", why="an object is expected")
        submission = Submission(warnings=self.warnings, replace=replace)
        for name, value in body.items():
            if name in self.kind.sublists:
                submission.sublists[name] = self._lines(name, value)
            else:
                self._one(self.kind.body, submission.fields, name, value, name)
        return submission

    def _lines(self, sublist: str, value: object) -> list[Fields]:
        items = value.get("items", []) if isinstance(value, dict) else value
        if items is None:
            return []
        if not isinstance(items, list):
            raise Refused("invalid value", sublist, value=items, name=sublist)
        return [self._line(sublist, line, number) for number, line in enumerate(items)]

    def _line(self, sublist: str, line: object, number: int) -> Fields:
        path = f"{sublist}.items[{number}]"
        if not isinstance(line, dict):
            raise Refused("invalid value", path, value=line, name=sublist)
        fields = Fields()
        for name, value in line.items():
            self._one(self.kind.sublists[sublist], fields, name, value, f"{path}.{name}")
        return fields

    def _one(self, specs: dict[str, FieldSpec], into: Fields, name: str, value: object, path: str) -> None:
        spec = specs.get(name)
        if spec is None and name.startswith(CUSTOM):
            into[name] = value
        elif spec is None:
            self._unknown(name, path)
        elif not spec.read_only:
            into[name] = None if value is None else self._typed(spec, value, path)

    def _unknown(self, name: str, path: str) -> None:
        if self.names == "error":
            raise Refused("unknown field", path, name=name)
        if self.names != "ignore":
            self.warnings.append(f"Unknown reference or field name '{path}' was ignored.")

    def _typed(self, spec: FieldSpec, value: object, path: str) -> object:
        if spec.target is not None:
            return resolve(self.state, spec.target, value, path)
        try:
            return CONVERSIONS[spec.type](value)
        except (ValueError, TypeError, InvalidOperation):
            raise Refused("invalid value", path, value=value, name=spec.name) from None


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        raise TypeError
    return str(value)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise TypeError
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError
    return number


def _rate(value: object) -> object:
    if isinstance(value, str) and value.strip().endswith("%"):
        return f"{_number(value.strip().rstrip('%'))}%"
    return _number(value)


def _flag(value: object) -> bool:
    words = {"t": True, "true": True, "f": False, "false": False}
    return value if isinstance(value, bool) else words[_choice(value).lower()]


def _choice(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("id", value.get("refName")))
    return _text(value)


def _date(value: object) -> date:
    return date.fromisoformat(_text(value)[:10])


def _integer(value: object) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError
    return int(number)


def _flag_or_refuse(value: object) -> bool:
    try:
        return _flag(value)
    except KeyError:
        raise ValueError from None


def _as_is(value: object) -> object:
    return value


CONVERSIONS: dict[str, Callable[[object], object]] = {
    "text": _text,
    "number": _number,
    "money": _number,
    "rate": _rate,
    "flag": _flag_or_refuse,
    "date": _date,
    "time": _text,
    "choice": _choice,
    "integer": _integer,
    "any": _as_is,
}
