"""How the mirror keeps dates, so that they compare as dates and are told from text that looks like one."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

MARK = "\x02"
Cell = str | int | float | None
PART = re.compile("YYYY|MM|DD|M|D")


def stored(moment: date | datetime | None) -> str | None:
    """A moment in the mirror's form; midnight is the day alone, so that equal moments are equal texts."""
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return MARK + moment.isoformat()
    return MARK + moment.replace(tzinfo=None).isoformat(timespec="seconds").removesuffix("T00:00:00")


def read(value: object) -> datetime | None:
    """The moment a stored value stands for, or none when it is no date."""
    if isinstance(value, str) and value.startswith(MARK):
        return datetime.fromisoformat(value[1:])
    return None


def displayed(moment: datetime, form: str) -> str:
    """A date in the account's format: `M` and `D` without a leading zero, `MM` and `DD` with one."""
    parts = {"YYYY": f"{moment.year:04d}", "MM": f"{moment.month:02d}", "DD": f"{moment.day:02d}"}
    parts |= {"M": str(moment.month), "D": str(moment.day)}
    return PART.sub(lambda part: parts[part.group()], form)


FORMATS = (  # the parts of an Oracle date format, longest first
    ("YYYY", "%Y"),
    ("HH24", "%H"),
    ("HH12", "%I"),
    ("MON", "%b"),
    ("YY", "%y"),
    ("MM", "%m"),
    ("DD", "%d"),
    ("HH", "%I"),
    ("MI", "%M"),
    ("SS", "%S"),
)


def python_format(oracle: str) -> str:
    """An Oracle date format in Python's letters."""
    text, out = oracle, ""
    while text:
        for letters, code in FORMATS:
            if text.upper().startswith(letters):
                out, text = out + code, text[len(letters) :]
                break
        else:
            out, text = out + text[0].replace("%", "%%"), text[1:]
    return out


def to_char(value: object, form: str, oracle: str | None = None) -> str | None:
    """TO_CHAR: a date in a format, or in the account's, `form`; a number as text."""
    moment = read(value)
    if moment is None:
        return None if value is None else number_text(value)
    return moment.strftime(python_format(oracle)) if oracle else displayed(moment, form)


def to_date(value: object, python: str) -> str | None:
    """TO_DATE: text in a format as a date."""
    return None if value is None else stored(datetime.strptime(str(value), python))  # noqa: DTZ007 - a calendar day


def trunc(value: str | float | None, unit: str = "DD") -> str | float | None:
    """TRUNC: the day of a date, or the first day of its month, quarter or year; the whole part of a number."""
    moment = read(value)
    if moment is None:
        return int(value) if isinstance(value, int | float) else value
    day = moment.date()
    if unit.upper() in {"MM", "MON", "MONTH"}:
        return stored(day.replace(day=1))
    if unit.upper() in {"Q", "QUARTER"}:
        return stored(day.replace(month=day.month - (day.month - 1) % 3, day=1))
    return stored(day.replace(month=1, day=1) if unit.upper() in {"Y", "YY", "YYYY", "YEAR"} else day)


def plus(left: Cell, right: Cell) -> Cell:
    """A sum: of numbers, or of a date and days."""
    moment, days = (read(left), right) if read(left) else (read(right), left)
    if left is None or right is None:
        return None
    if moment is not None:
        return stored(moment + timedelta(days=_number(days)))
    return _number(left) + _number(right)


def minus(left: Cell, right: Cell) -> Cell:
    """A difference: of numbers, of a date and days, or of two dates in days."""
    first, second = read(left), read(right)
    if left is None or right is None:
        return None
    if first is not None and second is not None:
        return (first - second) / timedelta(days=1)
    return plus(left, -_number(right))


def _number(value: Cell) -> float:
    return value if isinstance(value, int | float) else float(str(value))


def number_text(value: object) -> str:
    """A number without trailing zeros; the mirror computes in doubles and shows eight decimals at most."""
    if isinstance(value, float):
        text = f"{value:.8f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(value)
