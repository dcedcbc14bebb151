"""Lists the records of a type, filtered by the simple conditions of the `q` parameter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contrapost_emulators.netsuite.forms import Forms
    from contrapost_emulators.netsuite.kinds import Kind
    from contrapost_emulators.netsuite.render import Renderer
    from contrapost_emulators.netsuite.state import Record, State

CONDITION = re.compile(r'\s*(?P<field>\w+)\s+(?P<operator>\w+)\s*(?P<value>\[[^\]]*\]|"[^"]*"|[^\s"]+)?\s*')
DEFAULT_LIMIT = 1000

OPERATORS: dict[str, Callable[[str, list[str]], bool]] = {
    "IS": lambda held, wanted: held.lower() in wanted,
    "EQUAL": lambda held, wanted: held.lower() in wanted,
    "ANY_OF": lambda held, wanted: held.lower() in wanted,
    "CONTAIN": lambda held, wanted: wanted[0] in held.lower(),
    "START_WITH": lambda held, wanted: held.lower().startswith(wanted[0]),
    "EMPTY": lambda held, _: held == "",
    "EMPTY_NOT": lambda held, _: held != "",
}


def search(state: State, renderer: Renderer, kind: Kind, query: Mapping[str, str]) -> dict[str, object]:
    """One page of the records that meet the conditions, as ids and links."""
    found = [record for record in state.kind(kind.name) if _meets(record, state.forms, query.get("q", ""))]
    limit, offset = page_of(query)
    page = found[offset : offset + limit]
    return {
        "links": [],
        "count": len(page),
        "hasMore": offset + limit < len(found),
        "items": [{"id": r.id, "links": [{"rel": "self", "href": renderer.address(r)}]} for r in page],
        "offset": offset,
        "totalResults": len(found),
    }


def page_of(query: Mapping[str, str]) -> tuple[int, int]:
    """The limit and offset of a request, checked by NetSuite's rules."""
    try:
        limit, offset = int(query.get("limit", DEFAULT_LIMIT)), int(query.get("offset", 0))
    except ValueError:
        raise Refused("paging", "limit", why="limit and offset must be whole numbers.") from None
    if not 1 <= limit <= DEFAULT_LIMIT:
        raise Refused("paging", "limit", why="The limit must be between 1 and 1000.")
    if offset < 0 or offset % limit:
        raise Refused("paging", "offset", why="The offset must be a multiple of the limit.")
    return limit, offset


def _meets(record: Record, forms: Forms, text: str) -> bool:
    conditions = [part for part in re.split(r"\s+AND\s+", text) if part.strip()]
    return all(_meets_one(record, forms, condition) for condition in conditions)


def _meets_one(record: Record, forms: Forms, text: str) -> bool:
    match = CONDITION.fullmatch(text)
    operator = OPERATORS.get(match["operator"].upper()) if match else None
    if match is None or operator is None:
        raise Refused("bad search", "q")
    field = match["field"]
    if field != "id" and field not in forms.body(record.kind):
        raise Refused("bad search", "q")
    held = record.id if field == "id" else record.values.text(forms.kept(field)) or ""
    wanted = [word.strip().strip('"').lower() for word in (match["value"] or "").strip("[]").split(",")]
    return operator(held, wanted)
