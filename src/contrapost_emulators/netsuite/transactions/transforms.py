"""Which record becomes which, and what the new one takes over from its source."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.transactions.apply import open_amount, party, receivable_account
from contrapost_emulators.netsuite.transactions.standing import billed_quantities

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.netsuite.state import Record
    from contrapost_emulators.netsuite.transactions.draft import Draft

# What the new document's header takes over; not the exchange rate, which is the day's.
HEADER = (
    *("entity", "subsidiary", "currency", "location", "department", "class", "otherRefNum", "memo"),
    *("shippingCost", "shippingTaxCode", "handlingCost", "shipMethod", "discountItem", "discountRate"),
    *("taxItem", "taxRate", "isTaxable"),
)
# Of a line, all but what ties it to its own document and what is worked out anew.
NOT_COPIED = frozenset({"line", "orderLine", "lineUniqueKey", "tax1Amt", "grossAmt", "quantityBilled", "isClosed"})


def start_transform(draft: Draft, source: Record) -> None:
    """Fill a draft from its source, as the screen of the transform would show it."""
    copy = TRANSFORMS.get((source.kind.name, draft.kind.name))
    if copy is None:
        raise Refused("no transform", source=source.kind.name, target=draft.kind.name)
    draft.source = source
    draft.fields["createdFrom"] = source.id
    copy(draft, source)


def _copy_trade(draft: Draft, source: Record) -> None:
    for name in HEADER:
        draft.default(name, source.values.get(name))
    for name, value in source.values.items():
        if name.startswith("custbody"):
            draft.fields[name] = value
    draft.sublists["item"] = [_copy_line(line) for line in source.lines("item")]
    draft.sublists["taxDetails"] = [detail.copy() for detail in source.lines("taxDetails")]


def _copy_line(line: Fields) -> Fields:
    copied = Fields({name: value for name, value in line.items() if name not in NOT_COPIED})
    copied["orderLine"] = line["line"]
    if str(line.get("rate")).endswith("%"):
        copied.pop("amount", None)
    return copied


def _bill_order(draft: Draft, source: Record) -> None:
    """Only what is not billed yet and not closed is offered."""
    _copy_trade(draft, source)
    billed = billed_quantities(draft.state, source)
    closed = {line["line"] for line in source.lines("item") if line.flag("isClosed")}
    offered = []
    for line in draft.lines("item"):
        number = int(str(line["orderLine"]))
        quantity = line.number("quantity")
        left = (quantity or Decimal(1)) - billed.get(number, Decimal(0))
        if number in closed or left <= 0:
            continue
        if quantity is not None and left != quantity:
            line["quantity"] = left
            line.pop("amount", None)
        offered.append(line)
    if not offered:
        raise Refused("nothing left to bill")
    draft.sublists["item"] = offered


def _refund_sale(draft: Draft, source: Record) -> None:
    _copy_trade(draft, source)
    draft.default("paymentOption", source.values.ref("paymentOption"))


def _credit_invoice(draft: Draft, source: Record) -> None:
    """The invoice is offered preselected; how much of it is settled once the memo's total is known."""
    _copy_trade(draft, source)
    if open_amount(draft.state, source) > 0:
        draft.sublists["apply"] = [Fields(doc=source.id, line=0, apply=True, _offered=True)]


def _copy_settlement(draft: Draft, source: Record) -> None:
    draft.fields["customer"] = party(source.values)
    for name in ("subsidiary", "currency", "location", "department", "class"):
        draft.default(name, source.values.get(name))


def _settle(draft: Draft, source: Record) -> None:
    _copy_settlement(draft, source)
    draft.fields["arAcct"] = receivable_account(source)
    draft.sublists["apply"] = [Fields(doc=source.id, line=0, apply=True)]


def _refund_deposit(draft: Draft, source: Record) -> None:
    _copy_settlement(draft, source)
    draft.sublists["deposit"] = [Fields(doc=source.id, apply=True)]


def _use_deposit(draft: Draft, source: Record) -> None:
    _copy_settlement(draft, source)
    draft.fields["deposit"] = source.id


TRANSFORMS: dict[tuple[str, str], Callable[[Draft, Record], None]] = {
    ("salesOrder", "cashSale"): _bill_order,
    ("salesOrder", "invoice"): _bill_order,
    ("cashSale", "cashRefund"): _refund_sale,
    ("invoice", "creditMemo"): _credit_invoice,
    ("invoice", "customerPayment"): _settle,
    ("creditMemo", "customerRefund"): _settle,
    ("customerPayment", "customerRefund"): _settle,
    ("customerDeposit", "customerRefund"): _refund_deposit,
    ("customerDeposit", "depositApplication"): _use_deposit,
}
