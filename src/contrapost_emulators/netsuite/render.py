"""Shows a saved record as the REST API does."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.kinds import ASSIGNMENT, INVENTORY_DETAIL
from contrapost_emulators.netsuite.labels import choice_label

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.kinds import FieldSpec, Kind
    from contrapost_emulators.netsuite.state import Record, State

Document = dict[str, object]
# How the names of custom fields begin; what else is kept beside the fields of a type is not shown.
CUSTOM = ("cust", "cseg")


class Renderer:
    """Shows records with links that start at one address."""

    def __init__(self, state: State, base: str) -> None:
        self.state = state
        self.base = base

    def address(self, record: Record) -> str:
        """The address of a record."""
        return self.place(record.kind, record.id)

    def place(self, kind: Kind, record_id: str) -> str:
        """The address of a record by its type and internal id."""
        return f"{self.base}/services/rest/record/v1/{kind.name}/{record_id}"

    def record(self, record: Record, *, only: frozenset[str], expand: bool, simple: bool = False) -> Document:
        """One record with its values, its references named, its sublists linked or expanded, its choices as asked."""
        shown = self._fields(record, self.state.forms.body(record.kind), record.values)
        if simple:
            shown |= {name: record.values[name] for name in _choices(record) if name in shown}
        shown["id"] = record.id
        shown["createdDate"] = _moment(record.created)
        shown["lastModifiedDate"] = _moment(record.modified)
        for sublist in record.kind.sublists:
            shown[sublist] = self.sublist(record, sublist, expand=expand)
        if only:
            shown = {name: value for name, value in shown.items() if name in only}
        return {"links": [_link("self", self.address(record))], **shown}

    def sublist(self, record: Record, sublist: str, *, expand: bool) -> Document:
        """A sublist: a link, or its lines."""
        links = [_link("self", f"{self.address(record)}/{sublist}")]
        if not expand:
            return {"links": links}
        lines = [self.line(record, sublist, line) for line in record.lines(sublist)]
        return {
            "links": links,
            "items": lines,
            "count": len(lines),
            "hasMore": False,
            "offset": 0,
            "totalResults": len(lines),
        }

    def line(self, record: Record, sublist: str, line: Fields) -> Document:
        """One line of a sublist."""
        address = f"{self.address(record)}/{sublist}/{line.text('line') or line.text('doc')}"
        specs = self.state.forms.lines(record.kind, sublist)
        return {"links": [_link("self", address)], **self._fields(record, specs, line)}

    def _fields(self, record: Record, specs: dict[str, FieldSpec], values: Fields) -> Document:
        shown: Document = {}
        for kept, value in values.items():
            name = self.state.forms.called(kept)
            spec = specs.get(name)
            if value is None or (spec is None and not name.startswith(CUSTOM)):
                continue
            shown[name] = self._value(record, spec, value) if spec else value
        return shown

    def _value(self, record: Record, spec: FieldSpec, value: object) -> object:
        if spec.type == "refs" and isinstance(value, tuple):
            chosen = [self._reference(str(spec.target), str(one)) for one in value]
            return {"items": chosen, "count": len(chosen), "totalResults": len(chosen)}
        if isinstance(value, Fields):
            return self._detail(record, value)
        if spec.target is not None:
            return self._reference(spec.target, str(value))
        if spec.type == "choice":
            label = dict(spec.entries).get(str(value)) or choice_label(record.kind, spec.name, str(value))
            return {"id": value, "refName": label}
        if isinstance(value, Decimal):
            return plain(value)
        return value.isoformat() if isinstance(value, date | datetime) else value

    def _detail(self, record: Record, detail: Fields) -> Document:
        """An inventory detail with the numbers it assigns."""
        assigned = detail.get("inventoryAssignment")
        lines = [self._fields(record, ASSIGNMENT, one) for one in assigned] if isinstance(assigned, tuple) else []
        shown = self._fields(record, INVENTORY_DETAIL, Fields(quantity=detail.get("quantity")))
        return {**shown, "inventoryAssignment": {"items": lines, "count": len(lines), "totalResults": len(lines)}}

    def _reference(self, family: str, record_id: str) -> Document:
        record = self.state.find(family, record_id)
        if record is None:
            return {"id": record_id}
        return {"links": [_link("self", self.address(record))], "id": record_id, "refName": record.name}


def _choices(record: Record) -> list[str]:
    return [name for name, spec in record.kind.body.items() if spec.type == "choice"]


def plain(number: Decimal) -> Decimal:
    """The number without trailing zeros, written out."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def _link(relation: str, address: str) -> Document:
    return {"rel": relation, "href": address}


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
