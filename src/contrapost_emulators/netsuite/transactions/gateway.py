"""Card gateways: a record that asks for it moves the customer's money, a second time if the shop already did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.state import Movement
from contrapost_emulators.netsuite.transactions.apply import total_of

if TYPE_CHECKING:
    from decimal import Decimal

    from contrapost_emulators.netsuite.state import Record, State
    from contrapost_emulators.netsuite.transactions.draft import Draft

DIRECTIONS = {
    "CashSale": "charge",
    "CustPymt": "charge",
    "CustDep": "charge",
    "CashRfnd": "refund",
    "CustRfnd": "refund",
}


def move_money(draft: Draft, record: Record) -> None:
    """Have the gateway charge or refund a new record's total, where the record says so."""
    direction = DIRECTIONS.get(record.kind.code)
    asked = draft.fields.text("handlingMode") == "PROCESS" or draft.fields.flag("chargeIt")
    amount = total_of(record)
    if direction is None or not asked or not amount or draft.before is not None:
        return
    source = draft.fields.ref("transactionToRefund") or draft.fields.ref("createdFrom")
    if direction == "refund" and source is not None:
        _refuse_second_refund(draft.state, source, amount)
    symbol = draft.state.require("currency", draft.fields.need("currency")).values.text("symbol") or ""
    draft.state.gateway[record.id] = Movement(record.id, record.kind.name, direction, amount, symbol, source)


def _refuse_second_refund(state: State, source: str, amount: Decimal) -> None:
    """A gateway gives back no more than the transaction it is asked to refund."""
    before = [movement.amount for movement in state.gateway.values() if movement.source == source]
    if sum(before, amount) > total_of(state.require("transaction", source)):
        raise Refused("already refunded")
