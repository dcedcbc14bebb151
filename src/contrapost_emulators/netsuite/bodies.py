"""Reads a request body against the field tables: names, types and references, before any rule applies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.field_values import WrongType, convert, custom, entry
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.kinds import ASSIGNMENT, INVENTORY_DETAIL
from contrapost_emulators.netsuite.references import REPEATED, resolve, resolve_all

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.kinds import FieldSpec, Kind
    from contrapost_emulators.netsuite.state import State

# What a collection holds beside its items when a client sends back what it read.
COLLECTION_KEYS = frozenset({"items", "links", "count", "hasMore", "offset", "totalResults"})


@dataclass
class Submission:
    """What a request sets: explicit values (none where it sent null) and lines of each sublist it names.

    Warnings tell of names and values that were ignored, notices of what a rule of accounting remarked.
    """

    fields: Fields = field(default_factory=Fields)
    sublists: dict[str, list[Fields]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    replace: frozenset[str] = frozenset()


class BodyReader:
    """Reads one body; `names` and `values` say what an unknown name or a wrong value gets: error, warning or ignore."""

    def __init__(self, state: State, kind: Kind, names: str, values: str = "error") -> None:
        self.state = state
        self.kind = kind
        self.names = names
        self.values = values
        self.warnings: list[str] = []
        self._body = state.forms.body(kind)

    def read(self, body: object, replace: frozenset[str] = frozenset()) -> Submission:
        """The typed values of a body."""
        if not isinstance(body, dict):
            raise Refused("bad json")
        submission = Submission(warnings=self.warnings, replace=replace)
        for name, value in body.items():
            if name in self.kind.sublists:
                submission.sublists[name] = self._lines(self.state.forms.lines(self.kind, name), value, name)
            else:
                self._one(self._body, submission.fields, name, value, name)
        return submission

    def _lines(self, specs: dict[str, FieldSpec], value: object, path: str) -> list[Fields]:
        if value is None:
            return []
        items = value.get("items") if isinstance(value, dict) else value
        if not isinstance(value, dict) or not isinstance(items, list | None):
            raise Refused("invalid value", path, value=_brief(items), name=_last(path))
        for name in value.keys() - COLLECTION_KEYS:
            self._unknown(name, f"{path}.{name}")
        for number, line in enumerate(items or []):
            if not isinstance(line, dict):
                raise Refused("invalid value", f"{path}.items[{number}]", value=_brief(line), name=_last(path))
        return [self._line(specs, line, f"{path}.items[{number}]") for number, line in enumerate(items or [])]

    def _line(self, specs: dict[str, FieldSpec], line: dict[str, object], path: str) -> Fields:
        fields = Fields()
        for name, value in line.items():
            self._one(specs, fields, name, value, f"{path}.{name}")
        return fields

    def _detail(self, value: object, path: str) -> Fields:
        """An inventory detail: the numbers it assigns stand in a sublist of its own."""
        if not isinstance(value, dict):
            raise WrongType
        plain = {name: part for name, part in value.items() if name != "inventoryAssignment"}
        detail = self._line(INVENTORY_DETAIL, plain, path)
        assignments = self._lines(ASSIGNMENT, value.get("inventoryAssignment"), f"{path}.inventoryAssignment")
        detail["inventoryAssignment"] = tuple(assignments)
        return detail

    def _one(self, specs: dict[str, FieldSpec], into: Fields, name: str, value: object, path: str) -> None:
        spec = specs.get(name)
        if name == "links" or (spec is not None and spec.read_only):
            return
        if spec is None and not name.startswith(self.state.forms.undefined(self.kind, line=specs is not self._body)):
            self._unknown(name, path)
        elif value is None:
            into[self.state.forms.kept(name)] = None
        else:
            self._keep(spec, into, name, value, path)

    def _keep(self, spec: FieldSpec | None, into: Fields, name: str, value: object, path: str) -> None:
        """Keep a value of the right type; a reference must also lead to a record, whatever the caller wishes."""
        try:
            into[self.state.forms.kept(name)] = custom(value) if spec is None else self._typed(spec, value, path)
        except WrongType:
            if self.values == "error":
                raise Refused("invalid value", path, value=_brief(value), name=name) from None
            self._warn(self.values, f"Invalid value of '{path}' was ignored.")

    def _typed(self, spec: FieldSpec, value: object, path: str) -> object:
        if spec.type == "detail":
            return self._detail(value, path)
        if spec.entries:
            return entry(spec.entries, value)
        if spec.target is None:
            return convert(spec.type, spec.name, value)
        if spec.type == "refs":
            return resolve_all(self.state, spec.target, value, path)
        return resolve(self.state, spec.target, value, path)

    def _unknown(self, name: str, path: str) -> None:
        if self.names == "error":
            raise Refused("unknown field", path, name=name)
        self._warn(self.names, f"Unknown reference or field name '{path}' was ignored.")

    def _warn(self, wish: str, words: str) -> None:
        if wish == "warning":
            self.warnings.append(words)


def _last(path: str) -> str:
    """The name of what a path leads to."""
    return path.rsplit(".", 1)[-1]


def _brief(value: object) -> str:
    """A value as a refusal repeats it."""
    return str(value)[:REPEATED]
