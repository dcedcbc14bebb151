"""Values as NetSuite takes them: references, checkboxes, dates and numbers, by the type of the field. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from contrapost.mapping.sources import Kind
from contrapost.netsuite.catalog import FieldType

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost.mapping.sources import Value
    from contrapost.netsuite.catalog import Field


class OddValueError(ValueError):
    """A value cannot stand in a field of this type: says what is expected."""


def as_netsuite_takes_it(value: Value, field: Field | None) -> Any:  # noqa: ANN401 - a JSON value
    """Gives a value as it is sent for a field; None is one that NetSuite did not describe.

    Raises:
        OddValueError: it cannot be.
    """
    if field is None or field.type is None:
        return _by_itself(value)
    if field.choices and value.text not in field.choices:
        raise OddValueError(f"one of {', '.join(field.choices)}")
    return _BY_TYPE[field.type](value)


def shown(value: Any) -> str:  # noqa: ANN401 - a JSON value
    """Gives a value that is sent as a person reads it: `id:12`, `true`, `Web shop`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        name, named = next(iter(value.items()))
        return f"{_SHOWN[name]}{named}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


_NAMED: Final = {Kind.ID: "id", Kind.EXTERNAL_ID: "externalId", Kind.NAME: "refName"}
_SHOWN: Final = {"id": "id:", "externalId": "external:", "refName": "name:"}
_FLAGS: Final = {"true": True, "yes": True, "t": True, "false": False, "no": False, "f": False}


def _by_itself(value: Value) -> Any:  # noqa: ANN401 - a JSON value
    if value.kind in _NAMED:
        return {_NAMED[value.kind]: value.text}
    if value.kind is Kind.FLAG:
        return value.text == "true"
    return Decimal(value.text) if value.kind is Kind.AMOUNT else value.text


def _reference(value: Value) -> dict[str, str]:
    if value.kind in _NAMED:
        return {_NAMED[value.kind]: value.text}
    is_id = value.kind is Kind.WORD and re.fullmatch(r"-?\d+", value.text, re.ASCII)
    return {"id" if is_id else "refName": value.text}


def _choice(value: Value) -> dict[str, str]:
    return {"id": value.text}


def _text(value: Value) -> str:
    return value.text


def _flag(value: Value) -> bool:
    flag = _FLAGS.get(value.text.casefold())
    if flag is None:
        raise OddValueError("true or false")
    return flag


def _number(value: Value) -> Decimal:
    try:
        number = Decimal(value.text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or value.kind in _NAMED:
        raise OddValueError("a number such as 12.50")
    return number


def _integer(value: Value) -> int:
    if not re.fullmatch(r"[+-]?\d{1,15}", value.text, re.ASCII) or value.kind in _NAMED:
        raise OddValueError("a whole number")
    return int(value.text)


def _day(value: Value) -> str:
    try:
        return _moment_of(value).date().isoformat()
    except ValueError:
        raise OddValueError("a day such as 2026-03-01") from None


def _moment(value: Value) -> str:
    try:
        moment = _moment_of(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise OddValueError("a time with its zone, such as 2026-03-01T09:30:00Z")
    return moment.isoformat()


def _moment_of(value: Value) -> datetime:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value.text, re.ASCII):
        return datetime.combine(date.fromisoformat(value.text), datetime.min.time())
    if not re.match(r"\d{4}-\d\d-\d\dT", value.text, re.ASCII):
        raise ValueError(value.text)
    return datetime.fromisoformat(value.text)


def _list(value: Value) -> Any:  # noqa: ANN401 - as the others
    del value
    raise OddValueError("nothing: it holds a list, which rules do not write")


_BY_TYPE: Final[dict[FieldType, Callable[[Value], Any]]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.INTEGER: _integer,
    FieldType.FLAG: _flag,
    FieldType.DAY: _day,
    FieldType.MOMENT: _moment,
    FieldType.REFERENCE: _reference,
    FieldType.CHOICE: _choice,
    FieldType.LIST: _list,
}
