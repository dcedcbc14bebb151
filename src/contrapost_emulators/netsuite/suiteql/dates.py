"""How the mirror keeps dates, so that they compare as dates and are told from text that looks like one."""

from __future__ import annotations

from datetime import date, datetime

MARK = "\x02"


def stored(moment: date | datetime | None) -> str | None:
    """A moment in the mirror's form."""
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - a calendar day has no zone
    return MARK + moment.replace(tzinfo=None).isoformat(timespec="seconds")


def read(value: object) -> datetime | None:
    """The moment a stored value stands for, or none when it is no date."""
    if isinstance(value, str) and value.startswith(MARK):
        return datetime.fromisoformat(value[1:])
    return None


def displayed(moment: datetime) -> str:
    """A date in the account's format, M/D/YYYY."""
    return f"{moment.month}/{moment.day}/{moment.year}"


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


def to_char(value: object, oracle: str | None = None) -> str | None:
    """TO_CHAR: a date in a format, a number as text."""
    moment = read(value)
    if moment is None:
        return None if value is None else number_text(value)
    return moment.strftime(python_format(oracle)) if oracle else displayed(moment)


def to_date(value: object, python: str) -> str | None:
    """TO_DATE: text in a format as a date."""
    return None if value is None else stored(datetime.strptime(str(value), python))  # noqa: DTZ007 - a calendar day


def trunc(value: str | float | None) -> str | float | None:
    """TRUNC: the day of a date, the whole part of a number."""
    moment = read(value)
    if moment is not None:
        return stored(moment.date())
    return int(value) if isinstance(value, int | float) else value


def number_text(value: object) -> str:
    """A number without trailing zeros; the mirror computes in doubles and shows eight decimals at most."""
    if isinstance(value, float):
        text = f"{value:.8f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(value)
