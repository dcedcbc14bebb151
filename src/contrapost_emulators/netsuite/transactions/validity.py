"""Whether a transaction may use what it names: active records, of its subsidiary, in a currency of its customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.transactions.groups import goods

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.kinds import FieldSpec
    from contrapost_emulators.netsuite.state import Record, State
    from contrapost_emulators.netsuite.transactions.draft import Draft

# Families whose records can be inactive, or kept from some subsidiaries.
CHECKED = frozenset({"entity", "item", "account", "location", "department", "classification", "tax", "paymentOption"})
MANDATORY = {
    "location": ("make_locations_mandatory", "Location"),
    "department": ("make_departments_mandatory", "Department"),
    "class": ("make_classes_mandatory", "Class"),
}
MOST_LINES = {"item": 5_000, "payment": 10_000}
# Made by NetSuite itself, which asks itself nothing.
OWN = frozenset({"DepAppl", "FxReval", "Journal"})


def check_named(draft: Draft) -> None:
    """Refuse too many lines, records that the draft may not name, and the lack of what the account makes mandatory."""
    if draft.kind.code in OWN:
        return
    for sublist, most in MOST_LINES.items():
        if len(draft.sublists.get(sublist, ())) > most:
            raise Refused("too many lines", sublist, most=most, sublist=sublist)
    for path, name, record in _named(draft):
        _check(draft, path, name, record)
    _check_customer(draft)
    for name, (preference, label) in MANDATORY.items():
        if getattr(draft.state.preferences, preference) and not _is_filled(draft, name):
            raise Refused("missing", name, name=label)


def _named(draft: Draft) -> Iterator[tuple[str, str, Record]]:
    """What the draft names anew, with its place and the field that names it: on an edit, what the request names."""
    for name, record in _references(draft.state, draft.kind.body, draft.fields):
        if draft.before is None or name in draft.given.fields:
            yield name, name, record
    for sublist in ("item", "inventory"):
        for position, line in enumerate(draft.sublists.get(sublist, ())):
            if draft.before is None or "_given" in line:
                specs = draft.kind.sublists[sublist]
                for name, record in _references(draft.state, specs, line):
                    yield f"{sublist}.items[{position}].{name}", name, record


def _references(state: State, specs: Mapping[str, FieldSpec], values: Fields) -> Iterator[tuple[str, Record]]:
    for name in values:
        spec = specs.get(name)
        if spec is not None and spec.target in CHECKED and spec.type == "ref":
            record = state.find(spec.target, values.ref(name))
            if record is not None:
                yield name, record


def _check(draft: Draft, path: str, name: str, record: Record) -> None:
    if record.values.flag("isInactive"):
        raise Refused("invalid reference", path, name=name, value=record.id)
    subsidiary = draft.fields.need("subsidiary")
    if not _serves(draft.state, record, subsidiary):
        raise Refused("reference of another subsidiary", path, name=name, value=record.id, subsidiary=subsidiary)


def _serves(state: State, record: Record, subsidiary: str) -> bool:
    """Whether a record is for a subsidiary: it names none, names it, or names one above it with its children."""
    chosen = record.values.get("subsidiary")
    if not isinstance(chosen, tuple) or not chosen or subsidiary in chosen:
        return True
    return record.values.flag("includeChildren") and any(one in chosen for one in _above(state, subsidiary))


def _above(state: State, subsidiary: str) -> Iterator[str]:
    seen = {subsidiary}
    while True:
        parent = state.require("subsidiary", subsidiary).values.get("parent")
        subsidiary = str(parent.get("id")) if isinstance(parent, dict) else ""
        if subsidiary in seen or state.find("subsidiary", subsidiary) is None:
            return
        seen.add(subsidiary)
        yield subsidiary


def _check_customer(draft: Draft) -> None:
    name = "entity" if "entity" in draft.kind.body else "customer"
    customer = draft.state.find("entity", draft.fields.ref(name))
    if customer is None:
        return
    own = customer.values.ref("subsidiary")
    if own is not None and own != draft.fields.ref("subsidiary"):
        raise Refused("reference of another entity", "subsidiary", **_words(draft, "subsidiary", customer))
    currencies = {line.ref("currency") for line in customer.lines("currencyList")} | {customer.values.ref("currency")}
    if currencies != {None} and draft.fields.ref("currency") not in currencies:
        raise Refused("reference of another entity", "currency", **_words(draft, "currency", customer))


def _words(draft: Draft, name: str, customer: Record) -> dict[str, object]:
    return {"name": name, "value": draft.fields.ref(name), "entity": customer.id}


def _is_filled(draft: Draft, name: str) -> bool:
    """Whether the header has a value, or every line has one of its own."""
    lines = goods(draft.sublists.get("item", ())) or draft.sublists.get("inventory") or []
    return draft.fields.ref(name) is not None or (bool(lines) and all(line.ref(name) is not None for line in lines))
