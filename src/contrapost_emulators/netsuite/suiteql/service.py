"""The SuiteQL endpoint: pages of rows, every value a string."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.answers import Answer, shown
from contrapost_emulators.netsuite.collection import page_of
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.suiteql.dates import displayed, number_text, read
from contrapost_emulators.netsuite.suiteql.dialect import for_mirror, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contrapost_emulators.netsuite.suiteql.mirror import Mirror

LARGEST_ANSWER_ROWS = 100_000


def answer_query(mirror: Mirror, body: object, query: Mapping[str, str], prefer: str, base: str) -> Answer:
    """Run a query and answer one page of its rows."""
    if "transient" not in prefer.lower():
        raise Refused("suiteql prefer")
    if not isinstance(body, dict) or not isinstance(body.get("q"), str):
        raise Refused("bad json")
    limit, offset = page_of(query)
    rows = run(mirror, body["q"], body.get("params") or [])
    page = rows[offset : offset + limit]
    address = f"{base}/services/rest/query/v1/suiteql"
    links = [{"rel": "self", "href": f"{address}?limit={limit}&offset={offset}"}]
    more = offset + limit < len(rows)
    if more:
        links.append({"rel": "next", "href": f"{address}?limit={limit}&offset={offset + limit}"})
    document = {
        "links": links,
        "count": len(page),
        "hasMore": more,
        "items": [{"links": [], **row} for row in page],
        "offset": offset,
        "totalResults": len(rows),
    }
    return shown(document, "collection")


def run(mirror: Mirror, query: str, parameters: list[object]) -> list[dict[str, str]]:
    """All rows of a query, nulls left out."""
    statement = for_mirror(query, mirror.state.clock)
    mirror.bring_up_to_date()
    try:
        cursor = mirror.database.execute(statement, [_bound(value) for value in parameters])
        rows = cursor.fetchmany(LARGEST_ANSWER_ROWS)
    except sqlite3.Error as error:
        raise refuse(_words(str(error))) from None
    names = [column[0].lower() for column in cursor.description]
    return [_strings(names, row) for row in rows]


def _bound(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _strings(names: list[str], row: tuple[object, ...]) -> dict[str, str]:
    return {name: _string(value) for name, value in zip(names, row, strict=True) if value is not None}


def _string(value: object) -> str:
    moment = read(value)
    return displayed(moment) if moment else number_text(value)


def _words(error: str) -> str:
    """SQLite's complaint in SuiteQL's words."""
    if error.startswith("no such column: "):
        name = error.removeprefix("no such column: ").split(".")[-1]
        return f"Field '{name}' not found"
    return f"Invalid or unsupported search: {error}"
