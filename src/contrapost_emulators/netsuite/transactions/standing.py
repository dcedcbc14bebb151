"""What a document's standing follows from: status letter, what is open, what is billed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.transactions.apply import open_amount, total_of
from contrapost_emulators.netsuite.transactions.banking import is_banked
from contrapost_emulators.netsuite.transactions.groups import goods
from contrapost_emulators.netsuite.transactions.quantities import (
    BILLS,
    RECEIPTS,
    REFUNDS,
    left_to_receive,
    number_of,
    owed,
    taken,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.netsuite.state import Lines, Record, State

# The line fields that tell how much of a line other documents took, and which documents those are.
TAKEN_FIELDS = {
    "SalesOrd": {"quantityBilled": BILLS},
    "RtnAuth": {"quantityReceived": RECEIPTS, "quantityBilled": REFUNDS},
}


def refresh(state: State, record_id: str) -> None:
    """Bring a transaction's derived values up to date after something else changed them."""
    record = state.require("transaction", record_id)
    derive = DERIVATIONS.get(record.kind.code)
    if derive is None or record.voided:
        return
    values = record.values.copy()
    values.update(derive(state, record))
    sublists = dict(record.sublists)
    for name, kinds in TAKEN_FIELDS.get(record.kind.code, {}).items():
        sublists["item"] = _with_taken(sublists["item"], name, taken(state, record, kinds))
    state.put(replace(record, values=values, sublists=sublists, modified=state.clock.now()))


def _with_taken(lines: Lines, name: str, quantities: dict[int, Decimal]) -> Lines:
    shown = [line.copy() for line in lines]
    for line in shown:
        line[name] = quantities.get(number_of(line), Decimal(0))
    return tuple(shown)


def _order(state: State, record: Record) -> Fields:
    billed = taken(state, record, BILLS)
    left = any(
        not line.flag("isClosed") and billed.get(number_of(line), Decimal(0)) < (line.number("quantity") or Decimal(1))
        for line in goods(record.lines("item"))
    )
    letter = record.values.text("orderStatus") or "B"
    if not left:
        letter = "G" if billed else "H"
    elif letter in {"G", "H"}:
        letter = "B"
    return Fields(status=letter, orderStatus=letter)


def _authorization(state: State, record: Record) -> Fields:
    """Where a return stands: approved, received in part or whole, and what came back refunded or not."""
    if record.values.text("orderStatus") == "A":
        return Fields(status="A")
    if all(line.flag("isClosed") for line in goods(record.lines("item"))):
        return Fields(status="H")
    received = any(taken(state, record, RECEIPTS).values())
    due = any(quantity > 0 for quantity in left_to_receive(state, record).values())
    pending = any(quantity > 0 for quantity in owed(state, record).values())
    if due:
        return Fields(status=("E" if pending else "D") if received else "B")
    return Fields(status="F" if pending else "G")


def _invoice(state: State, record: Record) -> Fields:
    left = open_amount(state, record)
    return Fields(amountRemaining=left, amountPaid=total_of(record) - left, status="A" if left else "B")


def _memo(state: State, record: Record) -> Fields:
    left = open_amount(state, record)
    applied = total_of(record) - left
    return Fields(
        amountRemaining=left, unapplied=left, applied=applied, amountPaid=applied, status="A" if left else "B"
    )


def _payment(state: State, record: Record) -> Fields:
    left = open_amount(state, record)
    status = "B" if _waits_for_the_bank(state, record) else "C"
    return Fields(unapplied=left, applied=total_of(record) - left, status=status)


def _deposit(state: State, record: Record) -> Fields:
    left = open_amount(state, record)
    taken = "A" if _waits_for_the_bank(state, record) else "B"
    return Fields(amountRemaining=left, unapplied=left, applied=total_of(record) - left, status=taken if left else "C")


def _cash_sale(state: State, record: Record) -> Fields:
    return Fields(status="B" if _waits_for_the_bank(state, record) else "C")


def _waits_for_the_bank(state: State, record: Record) -> bool:
    return record.values.ref("account") == state.roles["undeposited"] and not is_banked(state, record)


def _refund(state: State, record: Record) -> Fields:
    del state, record
    return Fields(status="R")


DERIVATIONS: dict[str, Callable[[State, Record], Fields]] = {
    "SalesOrd": _order,
    "RtnAuth": _authorization,
    "CustInvc": _invoice,
    "CustCred": _memo,
    "CustPymt": _payment,
    "CustDep": _deposit,
    "CashSale": _cash_sale,
    "CustRfnd": _refund,
}
