"""Stock by item and location at average cost, and the units a line moves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.state import Holding, Move, Record, State
from contrapost_emulators.netsuite.transactions.draft import Draft, round_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost_emulators.netsuite.fieldset import Fields

NOTHING = Holding()


def holding(state: State, item: str, location: str) -> Holding:
    """What is held of an item at a location."""
    return state.stock.get((item, location)) or NOTHING


def unit_cost(state: State, item: str, location: str) -> Decimal:
    """The average cost of a unit, or the last one known when there is none left."""
    held = holding(state, item, location)
    return held.worth / held.quantity if held.quantity > 0 else held.last_cost


def move(state: State, change: Move) -> None:
    """Add units and worth to a holding."""
    held = holding(state, change.item, change.location)
    quantity, worth = held.quantity + change.quantity, held.worth + change.worth
    last = worth / quantity if quantity > 0 else held.last_cost
    state.stock[change.item, change.location] = Holding(quantity, worth, last)
    state.touched.add(("item", change.item))


def move_back(state: State, changes: tuple[Move, ...]) -> None:
    """Take back what a posting moved."""
    for change in changes:
        move(state, Move(change.item, change.location, -change.quantity, -change.worth, change.line))


def location_of(draft: Draft, line: Fields) -> str:
    """Where a line's units come from or go to."""
    return line.ref("location") or draft.fields.ref("location") or draft.state.roles["location"]


def stocked_parts(state: State, item: Record, quantity: Decimal) -> Iterator[tuple[Record, Decimal]]:
    """The inventory items a line stands for: itself, or the members of a kit."""
    if item.kind.code == "InvtPart":
        yield item, quantity
    for member in item.lines("member"):
        part = state.require("item", member.need("item"))
        yield from stocked_parts(state, part, quantity * (member.number("quantity") or Decimal(1)))


def sell(draft: Draft) -> list[Move]:
    """The units a sale takes out, each at the average cost of its location."""
    moves = []
    for line, part, quantity in _units(draft):
        location = location_of(draft, line)
        worth = round_to(unit_cost(draft.state, part.id, location) * quantity, draft.base_places)
        moves.append(_move(draft.state, Move(part.id, location, -quantity, -worth, _number(line))))
    return moves


def take_back(draft: Draft) -> list[Move]:
    """The units a refund brings in, at the cost they left with; a line of its own has no cost to reverse."""
    moves = []
    for line, part, quantity in _units(draft):
        cost = _cost_at_sale(draft, line, part.id)
        worth = round_to(cost * quantity, draft.base_places)
        change = Move(part.id, location_of(draft, line), quantity, worth, _number(line))
        moves.append(_move(draft.state, change))
    return moves


def _units(draft: Draft) -> Iterator[tuple[Fields, Record, Decimal]]:
    for line in draft.lines("item"):
        quantity = line.amount("quantity")
        item = draft.state.require("item", line.need("item"))
        if quantity:
            for part, units in stocked_parts(draft.state, item, quantity):
                yield line, part, units


def _cost_at_sale(draft: Draft, line: Fields, item: str) -> Decimal:
    posting = draft.state.postings.get(draft.source.id) if draft.source else None
    for sold in posting.moves if posting else ():
        if sold.line == line.get("orderLine") and sold.item == item and sold.quantity:
            return sold.worth / sold.quantity
    return Decimal(0)


def _move(state: State, change: Move) -> Move:
    move(state, change)
    return change


def _number(line: Fields) -> int:
    return int(str(line["line"]))
