"""Inventory adjustments: the way stock and its cost are brought in."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.state import Move, Posting, Row
from contrapost_emulators.netsuite.transactions.draft import Draft, round_to
from contrapost_emulators.netsuite.transactions.numbered import assigned
from contrapost_emulators.netsuite.transactions.stock import move, unit_cost

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.transactions.trade import Outcome


def adjustment(draft: Draft) -> Outcome:
    """Units in or out at a cost, against the adjustment account."""
    if not draft.lines("inventory"):
        raise Refused("no lines", "inventory")
    draft.default("account", draft.state.roles["adjustment"])
    moves = [_move(draft, line, position) for position, line in enumerate(draft.lines("inventory"))]
    for change in moves:
        move(draft.state, change)
    total = sum((change.worth for change in moves), Decimal(0))
    draft.fields["estimatedTotalValue"] = total
    main = Row(0, draft.fields.need("account"), -total, -total, "main")
    return Posting((main, *(_row(draft, change) for change in moves)), tuple(moves)), []


def _move(draft: Draft, line: Fields, position: int) -> Move:
    path = f"inventory.items[{position}]"
    item = draft.state.find("item", line.ref("item"))
    if item is None or item.kind.code != "InvtPart":
        raise Refused("missing", f"{path}.item", name="Item")
    quantity = line.amount("adjustQtyBy")
    location = line.ref("location") or draft.fields.ref("adjLocation") or draft.state.roles["location"]
    cost = line.number("unitCost")
    if cost is None:
        cost = unit_cost(draft.state, item.id, location)
    line["line"], line["location"], line["unitCost"] = position + 1, location, cost
    numbers = assigned(draft, "inventory", line, item, quantity, location)
    return Move(item.id, location, quantity, round_to(cost * quantity, draft.base_places), position + 1, numbers)


def _row(draft: Draft, change: Move) -> Row:
    item = draft.state.require("item", change.item)
    asset = item.values.ref("assetAccount") or draft.state.roles["asset"]
    values = Fields(location=change.location)
    return Row(change.line, asset, change.worth, change.worth, "item", item.id, change.quantity, values)
