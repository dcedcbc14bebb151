"""What a document's standing follows from: status letter, what is open, what is billed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.transactions.apply import open_amount, total_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.netsuite.state import Lines, Record, State

BILLS = frozenset({"CashSale", "CustInvc"})


def refresh(state: State, record_id: str) -> None:
    """Bring a transaction's derived values up to date after something else changed them."""
    record = state.require("transaction", record_id)
    derive = DERIVATIONS.get(record.kind.code)
    if derive is None:
        return
    values = record.values.copy()
    values.update(derive(state, record))
    sublists = dict(record.sublists)
    if record.kind.code == "SalesOrd":
        sublists["item"] = _with_billed(state, record)
    state.put(replace(record, values=values, sublists=sublists, modified=state.clock.now()))


def billed_quantities(state: State, order: Record, *, but: str | None = None) -> dict[int, Decimal]:
    """How much of each line of a sales order is billed, leaving one bill out."""
    billed: dict[int, Decimal] = {}
    for child in state.children_of(order.id):
        if child.kind.code in BILLS and child.id != but:
            for line in child.lines("item"):
                number = line.get("orderLine")
                if isinstance(number, int):
                    billed[number] = billed.get(number, Decimal(0)) + (line.number("quantity") or Decimal(1))
    return billed


def _with_billed(state: State, order: Record) -> Lines:
    billed = billed_quantities(state, order)
    lines = []
    for line in order.lines("item"):
        shown = line.copy()
        shown["quantityBilled"] = billed.get(int(str(line["line"])), Decimal(0))
        lines.append(shown)
    return tuple(lines)


def _order(state: State, record: Record) -> Fields:
    billed = billed_quantities(state, record)
    lines = record.lines("item")
    left = [
        line
        for line in lines
        if not line.flag("isClosed")
        and billed.get(int(str(line["line"])), Decimal(0)) < (line.number("quantity") or Decimal(1))
    ]
    letter = record.values.text("orderStatus") or "B"
    if not left:
        letter = "G" if billed else "H"
    elif letter in {"G", "H"}:
        letter = "B"
    return Fields(status=letter, orderStatus=letter)


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
    status = "B" if record.values.ref("account") == state.roles["undeposited"] else "C"
    return Fields(unapplied=left, applied=total_of(record) - left, status=status)


def _deposit(state: State, record: Record) -> Fields:
    left = open_amount(state, record)
    taken = "A" if record.values.ref("account") == state.roles["undeposited"] else "B"
    return Fields(amountRemaining=left, unapplied=left, applied=total_of(record) - left, status=taken if left else "C")


def _cash_sale(state: State, record: Record) -> Fields:
    return Fields(status="B" if record.values.ref("account") == state.roles["undeposited"] else "C")


def _refund(state: State, record: Record) -> Fields:
    del state, record
    return Fields(status="R")


DERIVATIONS: dict[str, Callable[[State, Record], Fields]] = {
    "SalesOrd": _order,
    "CustInvc": _invoice,
    "CustCred": _memo,
    "CustPymt": _payment,
    "CustDep": _deposit,
    "CashSale": _cash_sale,
    "CustRfnd": _refund,
}
