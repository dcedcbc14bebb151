"""The record types that are served, read from the field tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite import field_tables
from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its name, its type, the family a reference points to, and whether it can be set."""

    name: str
    type: str
    target: str | None = None
    read_only: bool = False
    entries: tuple[tuple[str, str], ...] = ()  # of a custom list: id and name of each


@dataclass(frozen=True)
class Kind:
    """One record type: its REST name, its family (which shares ids), and its fields."""

    name: str
    family: str
    code: str
    label: str
    body_text: str
    sublist_names: tuple[str, ...] = ()
    name_fields: tuple[str, ...] = ("name",)

    def __reduce__(self) -> tuple[Callable[[str], Kind], tuple[str]]:
        return kind_named, (self.name,)

    @cached_property
    def body(self) -> dict[str, FieldSpec]:
        """The body fields by name."""
        return read_fields(self.body_text)

    @cached_property
    def sublists(self) -> dict[str, dict[str, FieldSpec]]:
        """The fields of each sublist."""
        tables = field_tables.SUBLISTS
        return {name: read_fields(tables.get(f"{self.name}.{name}", tables[name])) for name in self.sublist_names}

    @property
    def is_transaction(self) -> bool:
        """Whether records of this type share the namespace of transactions."""
        return self.family == "transaction"


def read_fields(text: str) -> dict[str, FieldSpec]:
    """The fields a table's text names, but for those it takes out again with `-name`."""
    specs = [read_field(word) for word in text.split() if not word.startswith("-")]
    left_out = {word[1:] for word in text.split() if word.startswith("-")}
    return {spec.name: spec for spec in specs if spec.name not in left_out}


def read_field(word: str) -> FieldSpec:
    """One field from its word: `name:type`, `name>family` or `name>>family`, with `!` where it cannot be set."""
    plain = word.rstrip("!")
    read_only = plain != word
    if ">>" in plain:
        name, target = plain.split(">>")
        return FieldSpec(name, "refs", target, read_only)
    if ">" in plain:
        name, target = plain.split(">")
        return FieldSpec(name, "ref", target, read_only)
    name, kind = plain.split(":")
    return FieldSpec(name, kind, None, read_only)


def _kinds() -> dict[str, Kind]:
    kinds = [
        Kind(name, family, code, label, body, tuple(sublists.split()), tuple(names.split()))
        for name, family, code, label, body, sublists, names in field_tables.KIND_ROWS
    ]
    return {kind.name.lower(): kind for kind in kinds}


KINDS: dict[str, Kind] = _kinds()
INVENTORY_DETAIL = read_fields(field_tables.INVENTORY_DETAIL)
ASSIGNMENT = read_fields(field_tables.ASSIGNMENT)


def kind_named(name: str) -> Kind:
    """The record type of a name in any case of letters, or a refusal that says it is not served."""
    plain = name.lower()
    kind = KINDS.get(field_tables.SPELLINGS.get(plain, plain))
    if kind is None:
        raise Refused("no such type", kind=name)
    return kind
