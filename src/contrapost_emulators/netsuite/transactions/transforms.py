"""Which record becomes which, and what the new one takes over from its source."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.transactions.apply import open_amount, party, receivable_account
from contrapost_emulators.netsuite.transactions.groups import is_frame, without_empty
from contrapost_emulators.netsuite.transactions.quantities import (
    counted,
    left_to_bill,
    left_to_receive,
    left_to_refund,
    number_of,
)
from contrapost_emulators.netsuite.transactions.returns import refuse_unapproved

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.netsuite.state import Record
    from contrapost_emulators.netsuite.transactions.draft import Draft
    from contrapost_emulators.netsuite.transactions.quantities import Quantities

# What the new document's header takes over; not the exchange rate, which is the day's.
HEADER = (
    *("entity", "subsidiary", "currency", "location", "department", "class", "otherRefNum", "memo"),
    *("shippingCost", "shippingTaxCode", "handlingCost", "shipMethod", "discountItem", "discountRate"),
    *("taxItem", "taxRate", "isTaxable"),
)
# Of a line, all but what ties it to its own document and what is worked out anew.
NOT_COPIED = frozenset(
    (
        "line",
        "orderLine",
        "lineUniqueKey",
        "tax1Amt",
        "grossAmt",
        "quantityBilled",
        "quantityReceived",
        "isClosed",
        "inventoryDetail",
    )
)
# What an item receipt takes over from its return, in the header and of each line.
RECEIPT_HEADER = ("entity", "subsidiary", "currency", "location", "department", "class")
RECEIPT_LINE = ("item", "description", "location", "department", "class", "rate")


def start_transform(draft: Draft, source: Record) -> None:
    """Fill a draft from its source, as the screen of the transform would show it."""
    copy = TRANSFORMS.get((source.kind.name, draft.kind.name))
    if copy is None:
        raise Refused("no transform", source=source.kind.name, target=draft.kind.name)
    draft.source = source
    if "createdFrom" in draft.kind.body:  # payments and customer refunds are tied by what they apply
        draft.fields["createdFrom"] = source.id
    copy(draft, source)


def _copy_trade(draft: Draft, source: Record) -> None:
    for name in HEADER:
        if name in draft.kind.body:
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
    _offer(draft, left_to_bill(draft.state, source), "nothing left to bill")


def _offer(draft: Draft, left: Quantities, refusal: str) -> None:
    """Keep the copied lines of which something is left, each at the quantity that is."""
    offered = []
    for line in draft.lines("item"):
        if is_frame(line):
            offered.append(line)
            continue
        quantity = left.get(int(str(line["orderLine"])), Decimal(0))
        if quantity <= 0:
            continue
        if quantity != counted(line):
            line["quantity"] = quantity
            line.pop("amount", None)
        offered.append(line)
    draft.sublists["item"] = without_empty(offered)
    if not draft.lines("item"):
        raise Refused(refusal)


def _authorize_return(draft: Draft, source: Record) -> None:
    """All lines that are not closed are offered, however many of them came back before; shipping is not."""
    _copy_trade(draft, source)
    closed = {number_of(line) for line in source.lines("item") if line.flag("isClosed")}
    open_lines = [line for line in draft.lines("item") if line["orderLine"] not in closed or is_frame(line)]
    draft.sublists["item"] = without_empty(open_lines)
    draft.default("paymentOption", source.values.ref("paymentOption"))


def _receive_return(draft: Draft, source: Record) -> None:
    """What has not come back yet is offered, every line preselected under the number it has on the return."""
    refuse_unapproved(source)
    for name in RECEIPT_HEADER:
        draft.default(name, source.values.get(name))
    left = left_to_receive(draft.state, source)
    offered = [line for line in source.lines("item") if left.get(number_of(line), Decimal(0)) > 0]
    if not offered:
        raise Refused("nothing left to receive")
    draft.sublists["item"] = [_receipt_line(line, left[number_of(line)]) for line in offered]


def _receipt_line(line: Fields, left: Decimal) -> Fields:
    copied = Fields({name: line[name] for name in RECEIPT_LINE if name in line})
    number = number_of(line)
    copied.update(line=number, orderLine=number, itemReceive=True, quantity=left, quantityRemaining=left)
    return copied


def _refund_return(draft: Draft, source: Record) -> None:
    """What may be refunded of a return is offered, and nothing else."""
    refuse_unapproved(source)
    _copy_trade(draft, source)
    _offer(draft, left_to_refund(draft.state, source), "nothing left to refund")


def _refund_return_in_cash(draft: Draft, source: Record) -> None:
    _refund_return(draft, source)
    draft.default("paymentOption", source.values.ref("paymentOption"))


def _credit_return(draft: Draft, source: Record) -> None:
    """The invoice that the return was made from is offered preselected."""
    _refund_return(draft, source)
    sale = draft.state.find("transaction", source.values.ref("createdFrom"))
    if sale is not None and sale.kind.code == "CustInvc":
        _offer_invoice(draft, sale)


def _refund_sale(draft: Draft, source: Record) -> None:
    _copy_trade(draft, source)
    draft.default("paymentOption", source.values.ref("paymentOption"))


def _credit_invoice(draft: Draft, source: Record) -> None:
    """The invoice is offered preselected; how much of it is settled once the memo's total is known."""
    _copy_trade(draft, source)
    _offer_invoice(draft, source)


def _offer_invoice(draft: Draft, invoice: Record) -> None:
    if open_amount(draft.state, invoice) > 0:
        draft.sublists["apply"] = [Fields(doc=invoice.id, line=0, apply=True, _offered=True)]


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
    ("salesOrder", "returnAuthorization"): _authorize_return,
    ("cashSale", "cashRefund"): _refund_sale,
    ("cashSale", "returnAuthorization"): _authorize_return,
    ("cashRefund", "creditMemo"): _copy_trade,
    ("invoice", "creditMemo"): _credit_invoice,
    ("invoice", "returnAuthorization"): _authorize_return,
    ("invoice", "customerPayment"): _settle,
    ("creditMemo", "customerRefund"): _settle,
    ("customerPayment", "customerRefund"): _settle,
    ("returnAuthorization", "itemReceipt"): _receive_return,
    ("returnAuthorization", "cashRefund"): _refund_return_in_cash,
    ("returnAuthorization", "creditMemo"): _credit_return,
    ("customerDeposit", "customerRefund"): _refund_deposit,
    ("customerDeposit", "depositApplication"): _use_deposit,
}
