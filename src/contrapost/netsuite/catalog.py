"""What a NetSuite account says of its records: their fields, custom ones too, and how their lines are known. Pure.

NetSuite describes each account's own records: fields of features that are off are not there, custom fields are, and
the field that names the way of payment goes by one of two names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PAYMENT_FIELDS = ("paymentOption", "paymentMethod")
"""The names that the way of payment goes by, newest first: an account has one of them."""
_OWN_PREFIXES = ("custbody", "custcol", "cseg", "custrecord", "custentity")


class FieldType(StrEnum):
    """What NetSuite says that a field holds."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    FLAG = "checkbox"
    DAY = "date"
    MOMENT = "date and time"
    REFERENCE = "reference to a record"
    CHOICE = "choice from a list"
    LIST = "list"
    """A sublist, a subrecord, or several choices at once: nothing that one value can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record or of the lines of a sublist."""

    name: str
    type: FieldType | None
    """None for a type we do not know."""
    title: str = ""
    """As NetSuite's screens call it; empty for references, of which the description says no more."""
    choices: tuple[str, ...] = ()
    """The ids one of which it can be, where it is a choice from a list."""

    @property
    def is_custom(self) -> bool:
        """Says whether the account added it."""
        return self.name.startswith(_OWN_PREFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sublist:
    """The lines of a record: their fields, and what a line is known by."""

    name: str
    fields: tuple[Field, ...]
    new_keys: tuple[str, ...] = ()
    """Name a line that a transform copied, before the record is saved; none where lines are always added."""
    existing_keys: tuple[str, ...] = ()
    """Name a line of a saved record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One record type."""

    record: str
    fields: tuple[Field, ...]
    sublists: tuple[Sublist, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """The record types that were read; what is not among them is not known, and nothing is said of it."""

    records: tuple[Described, ...] = ()

    def knows(self, record: str) -> bool:
        """Says whether the description of a record type was read."""
        return self._described(record) is not None

    def has(self, record: str, field: str, sublist: str = "") -> bool:
        """Says whether a record type that is known has a field, or the lines of its sublist have."""
        return self.field(record, field, sublist) is not None

    def names(self, record: str, sublist: str = "") -> tuple[str, ...]:
        """Names the fields of a record type that is known, or of the lines of its sublist."""
        return tuple(field.name for field in self._fields(record, sublist))

    def field(self, record: str, field: str, sublist: str = "") -> Field | None:
        """Gives a field, where there is one of this name."""
        return next((one for one in self._fields(record, sublist) if one.name == field), None)

    def type_of(self, record: str, field: str, sublist: str = "") -> FieldType | None:
        """Gives the type of a field that there is; None for a type we do not know."""
        found = self.field(record, field, sublist)
        return found.type if found else None

    def sublist(self, record: str, name: str) -> Sublist | None:
        """Gives a sublist of a record type, where there is one of this name."""
        described = self._described(record)
        return next((one for one in described.sublists if one.name == name), None) if described else None

    def own_name(self, record: str, field: str) -> str:
        """Gives the account's name of a field of a record: another than this one only for the way of payment."""
        if field not in PAYMENT_FIELDS or self.has(record, field):
            return field
        return next((name for name in PAYMENT_FIELDS if self.has(record, name)), field)

    def _described(self, record: str) -> Described | None:
        return next((one for one in self.records if one.record == record), None)

    def _fields(self, record: str, sublist: str) -> tuple[Field, ...]:
        if sublist:
            lines = self.sublist(record, sublist)
            return lines.fields if lines else ()
        described = self._described(record)
        return described.fields if described else ()


def read_catalog(document: Mapping[str, Any], records: Iterable[str]) -> Catalog:
    """Reads the description that NetSuite gives of its records in OpenAPI; a record it does not describe is left out.

    Args:
        document: the answer of `metadata-catalog?select=…`.
        records: the record types that are wanted.
    """
    schemas = _within(document, "components", "schemas")
    found = (_described(record, schemas) for record in records if _within(schemas, record, "properties"))
    return Catalog(records=tuple(found))


def _described(record: str, schemas: Mapping[str, Any]) -> Described:
    properties = _within(schemas, record, "properties")
    return Described(
        record=record,
        fields=tuple(_field(name, schema, schemas) for name, schema in _named(properties)),
        sublists=tuple(_sublists(properties, schemas)),
    )


def _named(properties: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The properties that are described, by name."""
    return [(name, properties[name]) for name in sorted(properties) if isinstance(properties[name], dict)]


def _sublists(properties: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Sublist]:
    for name, schema in _named(properties):
        line = _resolved(_within(_resolved(schema, schemas), "properties", "items", "items"), schemas)
        columns = _within(line, "properties")
        if columns:
            keys = _within(line, "x-ns-sublistkey", "value")
            yield Sublist(
                name=name,
                fields=tuple(_field(one, said, schemas) for one, said in _named(columns)),
                new_keys=_texts(keys.get("new")),
                existing_keys=_texts(keys.get("existing")),
            )


def _field(name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Field:
    return Field(
        name=name,
        type=_type(schema, schemas),
        title=str(schema.get("title", "")),
        choices=_texts(_within(schema, "properties", "id").get("enum")),
    )


def _type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> FieldType | None:
    """A reference says which record it is to, or, where it may be to several, all of them."""
    options = schema.get("oneOf")
    said = options[0] if isinstance(options, list) and options and isinstance(options[0], dict) else schema
    kind = said.get("type")
    if "$ref" in said:
        whole = _within(_resolved(said, schemas), "properties")
        is_part = "-" in str(said["$ref"]).rpartition("/")[2]
        return FieldType.LIST if is_part or "items" in whole else FieldType.REFERENCE
    if kind == "object":
        properties = _within(said, "properties")
        if "id" not in properties:
            return FieldType.LIST
        return FieldType.CHOICE if "enum" in _within(properties, "id") else FieldType.REFERENCE
    if kind == "string":
        return _TEXTS.get(str(said.get("format", "")), FieldType.TEXT)
    return _PLAIN.get(str(kind))


_TEXTS = {"date": FieldType.DAY, "date-time": FieldType.MOMENT}
_PLAIN = {
    "boolean": FieldType.FLAG,
    "number": FieldType.NUMBER,
    "integer": FieldType.INTEGER,
    "array": FieldType.LIST,
}


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return _within(schemas, name) if name else schema


def _within(schema: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """Goes down into a document; what is not there, or not as expected, is empty."""
    for name in names:
        schema = schema.get(name, {})
        if not isinstance(schema, dict):
            return {}
    return schema


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values) if isinstance(values, list) else ()
