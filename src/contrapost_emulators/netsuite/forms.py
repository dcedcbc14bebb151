"""What an account made of the record types: its custom fields, and what it calls the way of payment.

As long as an account has no custom field, it takes any name that could be one, of any plain type. Once one is defined,
custom names that are not are unknown like other names that nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.kinds import FieldSpec, Kind, kind_named

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.preferences import Preferences

Specs = dict[str, FieldSpec]
PAYMENT_FIELD = "paymentOption"
NAME = re.compile(r"(custbody|custcol|custentity|custitem|cseg)[a-z0-9_]+")
# By the family they belong to, the prefixes of the custom fields that a record may have; the lines of items have two.
BODY_PREFIXES = {
    "transaction": ("custbody", "cseg"),
    "entity": ("custentity", "cseg"),
    "item": ("custitem", "cseg"),
}
LINE_PREFIXES = ("custcol", "cseg")
OTHER_PREFIXES = ("custrecord", "cseg")
# The types an administrator chooses from, and the types of the field tables they are.
TYPES = {
    "text": "text",
    "integer": "integer",
    "decimal": "number",
    "currency": "money",
    "checkbox": "flag",
    "date": "date",
    "list": "choice",
    "record": "ref",
}


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field that an administrator added: on all records its prefix allows, or on those that are named."""

    spec: FieldSpec
    label: str
    records: frozenset[str] = frozenset()

    def is_on(self, kind: Kind) -> bool:
        """Whether a record type has the field."""
        return not self.records or kind.name in self.records

    def document(self) -> dict[str, object]:
        """The field as the control plane shows it."""
        kind = next(name for name, plain in TYPES.items() if plain == self.spec.type)
        return {"name": self.spec.name, "label": self.label, "type": kind, "records": sorted(self.records)}


class Forms:
    """The record types as one account has them."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self.custom: dict[str, CustomField] = {}

    def define(self, field: CustomField) -> None:
        """Add a custom field, or change it."""
        self.custom[field.spec.name] = field

    def body(self, kind: Kind) -> Specs:
        """The fields of a record type."""
        specs = kind.body | self._custom(kind, BODY_PREFIXES.get(kind.family, OTHER_PREFIXES))
        name = self._preferences.payment_field
        if PAYMENT_FIELD in specs and name != PAYMENT_FIELD:
            specs[name] = replace(specs.pop(PAYMENT_FIELD), name=name)
        return specs

    def lines(self, kind: Kind, sublist: str) -> Specs:
        """The fields of the lines of a sublist."""
        prefixes = LINE_PREFIXES if sublist == "item" else ()
        return kind.sublists[sublist] | self._custom(kind, prefixes)

    def _custom(self, kind: Kind, prefixes: tuple[str, ...]) -> Specs:
        found = (field.spec for field in self.custom.values() if field.is_on(kind))
        return {spec.name: spec for spec in found if spec.name.startswith(prefixes)} if prefixes else {}

    def undefined(self, kind: Kind, *, line: bool) -> tuple[str, ...]:
        """The prefixes under which any name is taken: none once a custom field is defined."""
        if self.custom:
            return ()
        return LINE_PREFIXES if line else BODY_PREFIXES.get(kind.family, OTHER_PREFIXES)

    def kept(self, name: str) -> str:
        """The name under which a field is kept."""
        return PAYMENT_FIELD if name == self._preferences.payment_field else name

    def called(self, name: str) -> str:
        """The account's own name of a field."""
        return self._preferences.payment_field if name == PAYMENT_FIELD else name


def read_custom_field(document: object) -> CustomField:
    """A custom field from its JSON form.

    It is `{"name", "label", "type"}`, with `"entries": [...]` for a list, `"to": "customer"` for a record, and
    `"records": [...]` where only some record types have it.
    """
    if not isinstance(document, dict) or not {"name", "type"} <= document.keys() <= ASKED:
        raise Refused("bad request", why=f"a custom field is an object with {', '.join(sorted(ASKED))}")
    name, kind = str(document["name"]), TYPES.get(str(document["type"]))
    if not NAME.fullmatch(name) or kind is None:
        raise Refused("bad request", why=f"{name}: its type is one of {', '.join(TYPES)}, its name in lower case")
    entries = tuple((str(number), entry) for number, entry in enumerate(_texts(document, "entries"), start=1))
    target = kind_named(str(document.get("to"))).family if kind == "ref" else None
    if (kind == "choice") != bool(entries):
        raise Refused("bad request", why=f"{name}: a list has entries, and nothing else has")
    records = frozenset(kind_named(record).name for record in _texts(document, "records"))
    return CustomField(FieldSpec(name, kind, target, entries=entries), str(document.get("label", name)), records)


ASKED = frozenset({"name", "label", "type", "entries", "to", "records"})


def _texts(document: dict[str, object], name: str) -> list[str]:
    listed = document.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise Refused("bad request", why=f"{name} is a list of names")
    return listed
