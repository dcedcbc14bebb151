"""Stock by item and location at average cost, and the units a line moves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.state import Holding, Move, Posting, Record, State
from contrapost_emulators.netsuite.transactions.draft import Draft, round_to
from contrapost_emulators.netsuite.transactions.groups import goods
from contrapost_emulators.netsuite.transactions.numbered import assigned
from contrapost_emulators.netsuite.transactions.quantities import BILLS, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    for number, units in change.numbers:
        there = state.numbers.get((number, change.location)) or Decimal(0)
        state.numbers[number, change.location] = there + units
        state.touched.add(("inventoryNumber", number))


def move_back(state: State, changes: tuple[Move, ...]) -> None:
    """Take back what a posting moved."""
    for change in changes:
        numbers = tuple((number, -units) for number, units in change.numbers)
        move(state, Move(change.item, change.location, -change.quantity, -change.worth, change.line, numbers))


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
    for line, part, quantity in _units(draft, draft.lines("item")):
        location = location_of(draft, line)
        worth = round_to(unit_cost(draft.state, part.id, location) * quantity, draft.base_places)
        numbers = assigned(draft, "item", line, part, -quantity, location)
        moves.append(_move(draft.state, Move(part.id, location, -quantity, -worth, number_of(line), numbers)))
    return moves


def take_back(draft: Draft) -> list[Move]:
    """The units a refund brings in, at the cost they left with; those of a return come with its receipt instead."""
    of_return = draft.source is not None and draft.source.kind.code == "RtnAuth"
    lines = [line for line in draft.lines("item") if not (of_return and line.get("orderLine"))]
    return _bring_in(draft, lines)


def receive(draft: Draft) -> list[Move]:
    """The units an item receipt brings in."""
    return _bring_in(draft, draft.lines("item"))


def _bring_in(draft: Draft, lines: list[Fields]) -> list[Move]:
    """Units at the cost they left with; a line that goes back to no sale has no cost to reverse."""
    moves = []
    for line, part, quantity in _units(draft, lines):
        cost = line.number("unitCostOverride")
        if cost is None:
            cost = cost_at_sale(draft.state, draft.source, line.get("orderLine"), part.id)
        worth = round_to(cost * quantity, draft.base_places)
        location = location_of(draft, line)
        numbers = assigned(draft, "item", line, part, quantity, location)
        moves.append(_move(draft.state, Move(part.id, location, quantity, worth, number_of(line), numbers)))
    return moves


def _units(draft: Draft, lines: list[Fields]) -> Iterator[tuple[Fields, Record, Decimal]]:
    for line in goods(lines):
        quantity = line.amount("quantity")
        item = draft.state.require("item", line.need("item"))
        if quantity:
            for part, units in stocked_parts(draft.state, item, quantity):
                yield line, part, units


def cost_at_sale(state: State, source: Record | None, number: object, item: str) -> Decimal:
    """What a unit of an item on a line cost when it was sold, found through return and order back to the bill."""
    if source is None:
        return Decimal(0)
    if source.kind.code == "RtnAuth":
        line = next((line for line in source.lines("item") if line["line"] == number), Fields())
        sale = state.find("transaction", source.values.ref("createdFrom"))
        return cost_at_sale(state, sale, line.get("orderLine"), item)
    if source.kind.code == "SalesOrd":
        return _average(
            [move for bill in _bills(state, source) for move in _moves(state, bill, number, "orderLine")], item
        )
    return _average(_moves(state, source, number, "line"), item)


def _bills(state: State, order: Record) -> list[Record]:
    return [child for child in state.children_of(order.id) if child.kind.code in BILLS]


def _moves(state: State, sale: Record, number: object, key: str) -> list[Move]:
    """What a sale moved of the lines whose key is a number."""
    posting = state.postings.get(sale.id) or Posting()
    lines = {line["line"] for line in sale.lines("item") if line.get(key) == number}
    return [change for change in posting.moves if change.line in lines]


def _average(moves: list[Move], item: str) -> Decimal:
    own = [change for change in moves if change.item == item]
    units = sum((change.quantity for change in own), Decimal(0))
    return sum((change.worth for change in own), Decimal(0)) / units if units else Decimal(0)


def _move(state: State, change: Move) -> Move:
    move(state, change)
    return change


def _number(line: Fields) -> int:
    return int(str(line["line"]))
