"""The SuiteQL endpoint: pages of rows, every value a string."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from contrapost_emulators.netsuite.answers import Answer, shown
from contrapost_emulators.netsuite.collection import page_of
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.suiteql.dates import displayed, number_text, read
from contrapost_emulators.netsuite.suiteql.dialect import for_mirror, refuse
from contrapost_emulators.netsuite.suiteql.shapes import Shape, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contrapost_emulators.netsuite.suiteql.mirror import Mirror

LARGEST_ANSWER_ROWS = 100_000


def answer_query(mirror: Mirror, body: object, query: Mapping[str, str], prefer: str, base: str) -> Answer:
    """Run a query and answer one page of its rows."""
    if "transient" not in prefer.lower():
        raise Refused("suiteql prefer")
    limit, offset = page_of(query)
    found = run(mirror, *_asked(body))
    form = mirror.state.preferences.date_format
    page = found.rows[offset : offset + limit]
    address = f"{base}/services/rest/query/v1/suiteql"
    links = [{"rel": "self", "href": f"{address}?limit={limit}&offset={offset}"}]
    more = offset + limit < len(found.rows)
    if more:
        links.append({"rel": "next", "href": f"{address}?limit={limit}&offset={offset + limit}"})
    document = {
        "links": links,
        "count": len(page),
        "hasMore": more,
        "items": [{"links": [], **_strings(found.names, row, form)} for row in page],
        "offset": offset,
        "totalResults": len(found.rows),
    }
    return shown(document, "collection")


def _asked(body: object) -> tuple[str, list[Value | None]]:
    """The query of a body, and the parameters to bind."""
    if not isinstance(body, dict) or not isinstance(body.get("q"), str):
        raise Refused("bad json")
    parameters = body.get("params") or []
    if not isinstance(parameters, list) or not all(isinstance(one, str | int | Decimal | None) for one in parameters):
        raise refuse("params is a list of texts and numbers")
    return body["q"], [_bound(value) for value in parameters]


def _bound(value: str | int | Decimal | None) -> Value | None:
    if isinstance(value, bool):
        return "T" if value else "F"
    return float(value) if isinstance(value, Decimal) else value


class Found(NamedTuple):
    """The rows of a query as the mirror gives them, with the names of their columns."""

    names: list[str]
    rows: list[tuple[object, ...]]


def run(mirror: Mirror, query: str, parameters: list[Value | None]) -> Found:
    """All rows of a query; more than NetSuite shows are refused, so that nobody takes a part for the whole."""
    shape = Shape(query, parameters)
    statement = for_mirror(shape.text)
    mirror.bring_up_to_date()
    try:
        cursor = mirror.ask(statement, shape.values)
        rows = cursor.fetchmany(LARGEST_ANSWER_ROWS + 1)
    except (sqlite3.Error, OverflowError) as error:
        raise refuse(_words(str(error))) from None
    if len(rows) > LARGEST_ANSWER_ROWS:
        raise refuse(f"The query gives more than {LARGEST_ANSWER_ROWS} rows")
    return Found([column[0].lower() for column in cursor.description], rows)


def _strings(names: list[str], row: tuple[object, ...], form: str) -> dict[str, str]:
    return {name: _string(value, form) for name, value in zip(names, row, strict=True) if value is not None}


def _string(value: object, form: str) -> str:
    moment = read(value)
    return displayed(moment, form) if moment else number_text(value)


def _words(error: str) -> str:
    """SQLite's complaint in SuiteQL's words."""
    if error.startswith("no such column: "):
        name = error.removeprefix("no such column: ").split(".")[-1]
        return f"Field '{name}' not found"
    if "user-defined function" in error:
        return "Invalid or unsupported search: a function was given a value it cannot read"
    if error == "interrupted":
        return "The query takes too long"
    return f"Invalid or unsupported search: {error}"
