"""How much of each line of an order or a return is billed, received or refunded, and how much is left."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.transactions.groups import goods

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.state import Record, State

BILLS = frozenset({"CashSale", "CustInvc"})
RECEIPTS = frozenset({"ItemRcpt"})
REFUNDS = frozenset({"CashRfnd", "CustCred"})
# Received unless the item says otherwise; an inventory item always is.
RECEIVED_ITEMS = frozenset({"InvtPart", "NonInvtPart", "Kit"})

Quantities = dict[int, Decimal]


def number_of(line: Fields) -> int:
    """The number of a saved line."""
    return int(str(line["line"]))


def counted(line: Fields) -> Decimal:
    """The quantity of a line; one without a quantity, such as a discount, is there once."""
    quantity = line.number("quantity")
    return Decimal(1) if quantity is None else quantity


def taken(state: State, source: Record, by: frozenset[str], *, but: str | None = None) -> Quantities:
    """What documents of some kinds took of each line of their source, leaving one document out."""
    quantities: Quantities = {}
    for child in state.children_of(source.id):
        if child.kind.code in by and child.id != but and not child.voided:
            for line in goods(child.lines("item")):
                number = line.get("orderLine")
                if isinstance(number, int):
                    quantities[number] = quantities.get(number, Decimal(0)) + counted(line)
    return quantities


def is_received(state: State, line: Fields) -> bool:
    """Whether the goods of a line come back through an item receipt."""
    item = state.require("item", line.need("item"))
    usual = item.kind.code in RECEIVED_ITEMS
    return item.kind.code == "InvtPart" or item.values.flag("isFulfillable", default=usual)


def left_to_bill(state: State, order: Record, *, but: str | None = None) -> Quantities:
    """What is neither billed nor closed, by line of a sales order."""
    return _left(order, taken(state, order, BILLS, but=but))


def left_to_receive(state: State, authorization: Record, *, but: str | None = None) -> Quantities:
    """What has not come back yet, by line of a return authorization that is received at all."""
    left = _left(authorization, taken(state, authorization, RECEIPTS, but=but))
    lines = {number_of(line): line for line in authorization.lines("item")}
    return {number: quantity for number, quantity in left.items() if is_received(state, lines[number])}


def left_to_refund(state: State, authorization: Record, *, but: str | None = None) -> Quantities:
    """What may be refunded now, by line: what came back, or all of it where refunds may run ahead of returns."""
    if state.preferences.refund_in_advance_of_return:
        return _left(authorization, taken(state, authorization, REFUNDS, but=but))
    return owed(state, authorization, but=but)


def owed(state: State, authorization: Record, *, but: str | None = None) -> Quantities:
    """What came back, or never has to, and is not refunded yet, by line of a return authorization."""
    left = _left(authorization, taken(state, authorization, REFUNDS, but=but))
    due = left_to_receive(state, authorization)
    return {number: max(quantity - due.get(number, Decimal(0)), Decimal(0)) for number, quantity in left.items()}


def with_own(left: Quantities, before: Record | None) -> Quantities:
    """What is left for a document that is edited: what it holds stays its own, though the line was closed since."""
    whole = dict(left)
    for line in goods(before.lines("item")) if before is not None else ():
        number = line.get("orderLine")
        if isinstance(number, int):
            whole[number] = max(counted(line), left.get(number, Decimal(0)))
    return whole


def _left(source: Record, gone: Mapping[int, Decimal]) -> Quantities:
    """What is left of each line that is not closed."""
    lines = [line for line in goods(source.lines("item")) if not line.flag("isClosed")]
    return {number_of(line): counted(line) - gone.get(number_of(line), Decimal(0)) for line in lines}
