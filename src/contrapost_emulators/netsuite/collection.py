"""Lists the records of a type, filtered by the simple conditions of the `q` parameter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

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


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of `q`: a field, by the name it is kept under, an operator, and the values it is compared with."""

    field: str
    operator: str
    wanted: list[str]

    def is_met_by(self, record: Record) -> bool:
        """Whether a record is one that is asked for."""
        held = record.id if self.field == "id" else record.values.text(self.field) or ""
        return OPERATORS[self.operator](held, self.wanted)

    @property
    def names_records(self) -> bool:
        """Whether only records with some ids can meet it: they are looked up, and no other is looked at."""
        return self.field in {"id", "externalId"} and self.operator in {"IS", "EQUAL", "ANY_OF"}


def search(state: State, renderer: Renderer, kind: Kind, query: Mapping[str, str]) -> dict[str, object]:
    """One page of the records that meet the conditions, as ids and links."""
    found = _found(state, kind, _conditions(state, kind, query.get("q", "")))
    limit, offset = page_of(query)
    page = found[offset : offset + limit]
    return {
        "links": [],
        "count": len(page),
        "hasMore": offset + limit < len(found),
        "items": [{"id": one, "links": [{"rel": "self", "href": renderer.place(kind, one)}]} for one in page],
        "offset": offset,
        "totalResults": len(found),
    }


def _found(state: State, kind: Kind, conditions: list[Condition]) -> list[str]:
    if not conditions:
        return state.ids(kind)
    return [
        record.id for record in _candidates(state, kind, conditions) if all(c.is_met_by(record) for c in conditions)
    ]


def _candidates(state: State, kind: Kind, conditions: list[Condition]) -> Iterator[Record]:
    naming = next((condition for condition in conditions if condition.names_records), None)
    if naming is None:
        return state.kind(kind.name)
    look = state.find if naming.field == "id" else state.by_external_id
    named = {record.id: record for one in naming.wanted if (record := look(kind.family, one)) and record.kind is kind}
    return iter([named[number] for number in sorted(named, key=int)])


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


def _conditions(state: State, kind: Kind, text: str) -> list[Condition]:
    parts = [part for part in re.split(r"\s+AND\s+", text) if part.strip()]
    return [_condition(state, kind, part) for part in parts]


def _condition(state: State, kind: Kind, text: str) -> Condition:
    match = CONDITION.fullmatch(text)
    if match is None or match["operator"].upper() not in OPERATORS:
        raise Refused("bad search", "q")
    field = match["field"]
    if field != "id" and field not in state.forms.body(kind):
        raise Refused("bad search", "q")
    wanted = [word.strip().strip('"').lower() for word in (match["value"] or "").strip("[]").split(",")]
    return Condition(state.forms.kept(field), match["operator"].upper(), wanted)
