"""Describes the fields of record types in JSON Schema, with what NetSuite adds: keys, filters, custom fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.field_tables import CHOICES
from contrapost_emulators.netsuite.kinds import ASSIGNMENT, INVENTORY_DETAIL, KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.netsuite.forms import Forms
    from contrapost_emulators.netsuite.kinds import FieldSpec, Kind

Schema = dict[str, object]
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
TEXTS: dict[str, Schema] = {
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
    "flag": {"type": "boolean"},
    "integer": {"type": "integer", "format": "int64"},
    "number": {"type": "number", "format": "double"},
    "money": {"type": "number", "format": "double"},
    # A percentage is told from an amount by its sign, as on the screens.
    "rate": {"oneOf": [{"type": "number", "format": "double"}, {"type": "string"}]},
    "subrecord": {"type": "object"},
    "collection": {"type": "object"},
}
FILTERED = frozenset({"text", "date", "time", "flag", "integer", "number", "money", "choice", "ref"})
# What the lines of a sublist are known by: while they are new, and once they are saved.
LINE_KEYS: dict[str, tuple[list[str], list[str]]] = {
    "item": (["orderLine"], ["line"]),
    "apply": (["doc", "line"], ["doc", "line"]),
    "deposit": (["doc"], ["doc"]),
    "accountingBookDetail": (["accountingBook"], ["accountingBook"]),
    "addressBook": (["internalId"], ["internalId"]),
    "inventoryAssignment": (["internalId"], ["internalId"]),
}
PAGE: Schema = {
    "count": {"type": "integer", "format": "int64", "readOnly": True},
    "hasMore": {"type": "boolean", "readOnly": True},
    "offset": {"type": "integer", "format": "int64", "readOnly": True},
    "totalResults": {"type": "integer", "format": "int64", "readOnly": True},
}


class Describer:
    """Describes the record types of one account; how another schema is referred to depends on the format."""

    def __init__(self, forms: Forms, refer: Callable[[str], Schema]) -> None:
        self.forms = forms
        self.refer = refer

    def record(self, kind: Kind, sublist: Callable[[str], Schema]) -> Schema:
        """A record type: its fields, and what its sublists are, which the format may put elsewhere."""
        specs = self.forms.body(kind)
        properties = {name: self._field(spec) for name, spec in specs.items()}
        properties |= {name: sublist(name) for name in kind.sublists}
        properties["refName"] = {"title": "Reference Name", "type": "string", "readOnly": True}
        return {"type": "object", "properties": properties, "x-ns-filterable": filterable(specs)}

    def lines(self, kind: Kind, sublist: str) -> Schema:
        """One line of a sublist."""
        return self._line(self.forms.lines(kind, sublist), sublist)

    def _line(self, specs: dict[str, FieldSpec], sublist: str) -> Schema:
        properties = {name: self._field(spec) for name, spec in specs.items()}
        properties["links"] = self._links()
        return {
            "type": "object",
            "properties": properties,
            "x-ns-filterable": filterable(specs),
            "x-ns-sublistkey": _key(sublist),
        }

    def collection(self, line: Schema) -> Schema:
        """The lines of a sublist, or the records of a list, by pages."""
        listed = {"items": {"type": "array", "items": line}, "links": self._links()}
        return {"type": "object", "properties": PAGE | listed}

    def _field(self, spec: FieldSpec) -> Schema:
        if spec.name == "links":
            return self._links()
        marks: Schema = {"title": self._title(spec.name)}
        marks |= {"readOnly": True} if spec.read_only else {"nullable": True}
        if spec.name in self.forms.custom:
            marks["x-ns-custom-field"] = True
        schema = self._type(spec)
        return schema if "$ref" in schema else marks | schema

    def _title(self, name: str) -> str:
        custom = self.forms.custom.get(name)
        return custom.label if custom else " ".join(word.capitalize() for word in WORD.findall(name))

    def _type(self, spec: FieldSpec) -> Schema:
        if spec.type == "choice":
            return _choice(spec)
        if spec.type == "refs":
            return self.collection(self._to(spec.target))
        if spec.type == "detail":
            return self._detail()
        return self._to(spec.target) if spec.type in {"ref", "outside"} else TEXTS[spec.type]

    def _to(self, family: str | None) -> Schema:
        """A reference: to a record type where the family has only one, to any record else."""
        kinds = [kind.name for kind in KINDS.values() if kind.family == family]
        return self.refer(kinds[0] if len(kinds) == 1 else "nsResource")

    def _detail(self) -> Schema:
        properties = {name: self._field(spec) for name, spec in INVENTORY_DETAIL.items()}
        properties["inventoryAssignment"] = self.collection(self._line(ASSIGNMENT, "inventoryAssignment"))
        return {"type": "object", "properties": properties}

    def _links(self) -> Schema:
        return {"title": "Links", "type": "array", "readOnly": True, "items": self.refer("nsLink")}


def filterable(specs: dict[str, FieldSpec]) -> list[str]:
    """The fields that `q` can ask for."""
    return sorted(name for name, spec in specs.items() if spec.type in FILTERED)


def _choice(spec: FieldSpec) -> Schema:
    known = [number for number, _ in spec.entries] or sorted(CHOICES.get(spec.name, ()))
    entries: Schema = {"enum": known} if known else {}
    return {"type": "object", "properties": {"id": {"type": "string", **entries}, "refName": {"type": "string"}}}


def _key(sublist: str) -> Schema:
    if sublist not in LINE_KEYS:
        return {"present": False}
    new, existing = LINE_KEYS[sublist]
    return {"present": True, "value": {"new": new, "existing": existing}}


LINK: Schema = {
    "type": "object",
    "properties": {"rel": {"type": "string"}, "href": {"type": "string", "format": "uri"}},
}
RESOURCE: Schema = {
    "type": "object",
    "properties": {
        "id": {"title": "Internal identifier", "type": "string"},
        "externalId": {"title": "External identifier", "type": "string"},
        "refName": {"title": "Reference Name", "type": "string"},
    },
}
ERROR: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "format": "int32"},
        "o:errorDetails": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    name: {"type": "string"}
                    for name in (
                        *("detail", "o:errorCode", "o:errorPath"),
                        *("o:errorHeader", "o:errorQueryParam", "o:errorUrl"),
                    )
                },
                "required": ["detail", "o:errorCode"],
            },
        },
    },
    "required": ["type", "title", "status", "o:errorDetails"],
}
