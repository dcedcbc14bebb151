"""Serial and lot numbers: an inventory detail says which of them a line brings in or takes out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.kinds import KINDS
from contrapost_emulators.netsuite.state import Record

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.state import Lines, State
    from contrapost_emulators.netsuite.transactions.draft import Draft

SERIAL, LOT = "serializedInventoryItem", "lotNumberedInventoryItem"

Numbers = tuple[tuple[str, Decimal], ...]
"""Ids of inventory numbers, each with the units of it that move."""


def assigned(draft: Draft, sublist: str, line: Fields, item: Record, quantity: Decimal, location: str) -> Numbers:
    """The numbers a line moves: in where the quantity is positive, out of a location where it is not."""
    if item.kind.name not in {SERIAL, LOT}:
        return ()
    position = next(number for number, one in enumerate(draft.lines(sublist)) if one is line)
    path = f"{sublist}.items[{position}].inventoryDetail"
    if line.ref("item") != item.id:
        raise Refused("not emulated", path, what="kits with serial or lot numbered members")
    wanted = _assignments(line)
    if not wanted:
        raise Refused("inventory detail", path)
    units = [_units(item, one, f"{path}.inventoryAssignment.items[{n}]") for n, one in enumerate(wanted)]
    if sum(units) != abs(quantity):
        raise Refused("inventory detail quantity", path, assigned=sum(units), quantity=abs(quantity))
    line["inventoryDetail"] = Fields(quantity=abs(quantity), inventoryAssignment=wanted)
    if quantity > 0:
        return _brought_in(draft.state, item, wanted, units, path)
    return _taken_out(draft.state, item, wanted, units, location, path)


def _assignments(line: Fields) -> Lines:
    detail = line.get("inventoryDetail")
    given = detail.get("inventoryAssignment") if isinstance(detail, Fields) else None
    return tuple(one.copy() for one in given) if isinstance(given, tuple) else ()


def _units(item: Record, assignment: Fields, path: str) -> Decimal:
    units = assignment.number("quantity")
    units = assignment["quantity"] = Decimal(1) if units is None else units
    if units <= 0 or (item.kind.name == SERIAL and units != 1):
        raise Refused("invalid value", f"{path}.quantity", value=units, name="quantity")
    return units


def _brought_in(state: State, item: Record, wanted: Lines, units: list[Decimal], path: str) -> Numbers:
    brought: dict[str, Decimal] = {}
    for position, (one, quantity) in enumerate(zip(wanted, units, strict=True)):
        name = one.text("receiptInventoryNumber")
        place = f"{path}.inventoryAssignment.items[{position}].receiptInventoryNumber"
        if not name:
            raise Refused("missing", place, name="Serial/Lot Number")
        number = _number(state, item, name, one)
        if item.kind.name == SERIAL and (number in brought or on_hand(state, number) > 0):
            raise Refused("serial number there", place, number=name)
        brought[number] = brought.get(number, Decimal(0)) + quantity
    return tuple(brought.items())


def _taken_out(state: State, item: Record, wanted: Lines, units: list[Decimal], location: str, path: str) -> Numbers:
    out: dict[str, Decimal] = {}
    for position, (one, quantity) in enumerate(zip(wanted, units, strict=True)):
        number = state.find("inventoryNumber", one.ref("issueInventoryNumber"))
        place = f"{path}.inventoryAssignment.items[{position}].issueInventoryNumber"
        if number is None:
            raise Refused("missing", place, name="Serial/Lot Number")
        if number.values.ref("item") != item.id:
            raise Refused("invalid value", place, value=number.name, name="issueInventoryNumber")
        out[number.id] = out.get(number.id, Decimal(0)) - quantity
        available = state.numbers.get((number.id, location)) or Decimal(0)
        if available + out[number.id] < 0:
            raise Refused("not available", place, available=available)
    return tuple(out.items())


def on_hand(state: State, number: str) -> Decimal:
    """The units of a serial or lot number over all locations."""
    places = (state.numbers.get((number, location.id)) for location in state.family("location"))
    return sum((units for units in places if units), Decimal(0))


def _number(state: State, item: Record, name: str, assignment: Fields) -> str:
    """The id of an item's number, which comes into being with the first receipt that names it."""
    key = f"inventoryNumber:{item.id}:{name.lower()}"
    held = state.names.get(key)
    if held is not None:
        return held
    now = state.clock.now()
    values = Fields(inventoryNumber=name, item=item.id, expirationDate=assignment.get("expirationDate"))
    record = Record(KINDS["inventorynumber"], str(state.next_number("inventoryNumber id")), values, {}, now, now)
    state.put(record)
    state.names[key] = record.id
    return record.id
