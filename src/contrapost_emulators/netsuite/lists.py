"""Saves what is not a transaction: customers, items, accounts, periods and the other lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.labels import ACCOUNT_TYPES
from contrapost_emulators.netsuite.served import check_served
from contrapost_emulators.netsuite.state import Lines, Record, State
from contrapost_emulators.netsuite.transactions.draft import overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.netsuite.bodies import Submission
    from contrapost_emulators.netsuite.kinds import FieldSpec, Kind

# What must be filled, by kind: any one of the fields of a group, and what the refusal calls it.
REQUIRED: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "giftCertificateItem": ((("liabilityAccount",), "Liability Account"),),
    "customer": ((("entityId", "companyName", "lastName"), "Company Name"),),
    "account": ((("acctName",), "Name"), (("acctType",), "Type")),
    "salesTaxItem": ((("itemId",), "Tax Code"),),
    "currency": ((("name", "symbol"), "Name"),),
}

ITEM_REQUIRED = ((("itemId",), "Item Name/Number"),)


# The field that identifies a line of a keyed sublist; lines of all others are only ever added.
KEYS = {"addressBook": "internalId"}


def create(state: State, kind: Kind, submission: Submission) -> Record:
    """Save a new list record."""
    check_served(kind, "create")
    values = Fields()
    overlay(values, submission.fields)
    sublists = {name: tuple(lines) for name, lines in submission.sublists.items()}
    record_id = str(state.next_number(f"{kind.family} id"))
    now = state.clock.now()
    return _save(state, Record(kind, record_id, values, sublists, now, now))


def edit(state: State, record: Record, submission: Submission) -> Record:
    """Save a list record with the changes of a request."""
    values = record.values.copy()
    overlay(values, submission.fields)
    sublists = dict(record.sublists)
    for name, lines in submission.sublists.items():
        sublists[name] = _merged(sublists.get(name, ()), lines, KEYS.get(name), replace=name in submission.replace)
    return _save(state, Record(record.kind, record.id, values, sublists, record.created, state.clock.now()))


def _merged(held: Lines, changes: list[Fields], key: str | None, *, replace: bool) -> Lines:
    """Lines after a request: one whose key is there is updated, the rest are added; replace drops what is not named."""
    lines = [line.copy() for line in held]
    named = []
    for change in changes:
        known = key is not None and change.get(key) is not None
        line = next((line for line in lines if known and line.get(key or "") == change.get(key or "")), None)
        if line is None:
            line = Fields()
            lines.append(line)
        overlay(line, change)
        named.append(line)
    return tuple(line for line in lines if not replace or any(line is one for one in named))


def _save(state: State, record: Record) -> Record:
    for names, label in _required(record.kind):
        if not any(record.values.text(name) for name in names):
            raise Refused("missing", names[0], name=label)
    complete = COMPLETIONS.get(record.kind.family)
    if complete is not None:
        complete(state, record)
    state.put(record)
    return record


def _required(kind: Kind) -> tuple[tuple[tuple[str, ...], str], ...]:
    if kind.family == "item":
        return ITEM_REQUIRED + REQUIRED.get(kind.name, ())
    return REQUIRED.get(kind.name, ((("name",), "Name"),) if "name" in kind.body else ())


def _customer(state: State, record: Record) -> None:
    values = record.values
    if not values.text("entityId"):
        person = " ".join(part for part in (values.text("firstName"), values.text("lastName")) if part)
        values["entityId"] = values.text("companyName") or person
    _refuse_twin(state, record, "entityId", "duplicate entity")
    _number_addresses(state, record)


def _number_addresses(state: State, record: Record) -> None:
    """Give each new address a number to be found by."""
    for line in record.lines("addressBook"):
        if line.get("internalId") is None:
            line["internalId"] = state.next_number("address id")


def _item(state: State, record: Record) -> None:
    _refuse_twin(state, record, "itemId", "duplicate")
    record.values["fullName"] = record.values["itemId"]


def _account(state: State, record: Record) -> None:
    values = record.values
    if values.text("acctType") not in ACCOUNT_TYPES:
        raise Refused("invalid value", "acctType", value=values.text("acctType"), name="acctType")
    if values.text("acctNumber"):
        _refuse_twin(state, record, "acctNumber", "duplicate")
    values["display"] = " ".join(part for part in (values.text("acctNumber"), values.text("acctName")) if part)


def _currency(state: State, record: Record) -> None:
    del state
    record.values.setdefault("name", record.values.text("symbol"))
    record.values.setdefault("currencyPrecision", "2")
    if record.values.text("currencyPrecision") not in {"0", "2"}:
        raise Refused(
            "invalid value",
            "currencyPrecision",
            value=record.values.text("currencyPrecision"),
            name="currencyPrecision",
        )


def _own_currency(state: State, record: Record) -> None:
    record.values.setdefault("currency", state.roles["currency"])


COMPLETIONS: dict[str, Callable[[State, Record], None]] = {
    "entity": _customer,
    "item": _item,
    "account": _account,
    "currency": _currency,
    "subsidiary": _own_currency,
    "accountingBook": _own_currency,
}


def _refuse_twin(state: State, record: Record, field: str, message: str) -> None:
    """Names of a list are unique in it."""
    key = f"{record.kind.family}.{field}:{(record.values.text(field) or '').lower()}"
    holder = state.names.get(key)
    if holder is not None and holder != record.id and state.find(record.kind.family, holder):
        twin = state.require(record.kind.family, holder)
        if (twin.values.text(field) or "").lower() == (record.values.text(field) or "").lower():
            raise Refused(message)
    state.names[key] = record.id


def delete(state: State, record: Record) -> None:
    """Delete a list record that nothing refers to."""
    check_served(record.kind, "delete")
    users = [other.name for family in list(state.families) for other in state.family(family) if _uses(other, record)]
    if users:
        raise Refused("dependents", names=", ".join(users[:5]))
    state.remove(record)


def _uses(other: Record, record: Record) -> bool:
    if _mentions(other.kind.body, other.values, record):
        return True
    return any(
        _mentions(other.kind.sublists[name], line, record) for name in other.kind.sublists for line in other.lines(name)
    )


def _mentions(specs: dict[str, FieldSpec], values: Fields, record: Record) -> bool:
    family = record.kind.family
    held = [values.get(name) for name, spec in specs.items() if spec.target == family]
    return any(record.id in value if isinstance(value, tuple) else value == record.id for value in held)
