"""Return authorizations, which post nothing, and the item receipts that bring their goods back into stock."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.state import Posting
from contrapost_emulators.netsuite.transactions.ledger import receipt_rows, trade_rows
from contrapost_emulators.netsuite.transactions.quantities import (
    RECEIPTS,
    REFUNDS,
    counted,
    left_to_receive,
    number_of,
    taken,
    with_own,
)
from contrapost_emulators.netsuite.transactions.stock import receive
from contrapost_emulators.netsuite.transactions.trade import complete

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.state import Record
    from contrapost_emulators.netsuite.transactions.draft import Draft
    from contrapost_emulators.netsuite.transactions.trade import Outcome

PENDING_APPROVAL, PENDING_RECEIPT = "A", "B"


def return_authorization(draft: Draft) -> Outcome:
    """A return authorization: what may come back, at what price; nothing is posted."""
    _set_order_status(draft)
    taxes = complete(draft)
    _refuse_undoing_returns(draft)
    return Posting(tuple(trade_rows(draft, -1, taxes, [], None))), []


def _set_order_status(draft: Draft) -> None:
    """The account's default unless the request says: approved, or yet to be."""
    approved = draft.state.preferences.default_return_authorization_status == "Pending Receipt"
    draft.default("orderStatus", PENDING_RECEIPT if approved else PENDING_APPROVAL)
    letter = draft.fields.text("orderStatus")
    if letter not in {PENDING_APPROVAL, PENDING_RECEIPT}:
        raise Refused("invalid value", "orderStatus", value=letter, name="orderStatus")


def _refuse_undoing_returns(draft: Draft) -> None:
    """Refuse an edit that leaves less on an authorization than was received or refunded of it."""
    if draft.before is None:
        return
    kept = {number_of(line): counted(line) for line in draft.lines("item")}
    for kinds in (RECEIPTS, REFUNDS):
        for number, quantity in taken(draft.state, draft.before, kinds).items():
            if kept.get(number, Decimal(0)) < quantity or draft.fields.text("orderStatus") == PENDING_APPROVAL:
                raise Refused("already returned", line=number, quantity=quantity)


def refuse_unapproved(source: Record) -> None:
    """Refuse to go on with a return that nobody approved."""
    if source.values.text("orderStatus") == PENDING_APPROVAL:
        raise Refused("not approved", doc=source.name)


def item_receipt(draft: Draft) -> Outcome:
    """An item receipt: the goods it receives come back at the cost they left with."""
    lines = [line for line in draft.lines("item") if line.flag("itemReceive", default=True)]
    if draft.source is None or not lines:
        raise Refused("no lines", "item")
    left = with_own(left_to_receive(draft.state, draft.source, but=draft.id), draft.before)
    for position, line in enumerate(lines):
        _check(line, left, f"item.items[{position}]", draft.source)
    draft.sublists["item"] = lines
    moves = receive(draft)
    return Posting(tuple(receipt_rows(draft, moves)), tuple(moves)), []


def _check(line: Fields, left: dict[int, Decimal], path: str, source: Record) -> None:
    number = line.get("orderLine")
    if not isinstance(number, int) or number not in left:
        raise Refused("not of the return", path, doc=source.name)
    line.pop("_given", None)
    quantity = line.number("quantity")
    quantity = left[number] if quantity is None else quantity
    if quantity <= 0:
        raise Refused("invalid value", f"{path}.quantity", value=quantity, name="quantity")
    if quantity > left[number]:
        raise Refused("overage", f"{path}.quantity")
    line.update(itemReceive=True, quantity=quantity, quantityRemaining=left[number])
