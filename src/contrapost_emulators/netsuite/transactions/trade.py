"""Sales orders, cash sales, invoices, cash refunds and credit memos: lines, tax, totals, ledger and stock."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.state import Application, Move, Posting
from contrapost_emulators.netsuite.transactions.apply import settle
from contrapost_emulators.netsuite.transactions.gift_certificates import set_codes
from contrapost_emulators.netsuite.transactions.groups import is_frame
from contrapost_emulators.netsuite.transactions.ledger import trade_rows
from contrapost_emulators.netsuite.transactions.pricing import price_lines
from contrapost_emulators.netsuite.transactions.quantities import BILLS, counted, left_to_refund, taken, with_own
from contrapost_emulators.netsuite.transactions.stock import sell, take_back
from contrapost_emulators.netsuite.transactions.tax import Tax, work_out_tax

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.transactions.draft import Draft

Outcome = tuple[Posting, list[Application]]


def order(draft: Draft) -> Outcome:
    """A sales order: lines and totals, but nothing is posted."""
    draft.default("orderStatus", "B")
    taxes = complete(draft)
    return Posting(tuple(trade_rows(draft, 1, taxes, [], None))), []


def cash_sale(draft: Draft) -> Outcome:
    """A cash sale: cash in, goods out."""
    draft.default("account", draft.state.roles["undeposited"])
    return _sale(draft), []


def invoice(draft: Draft) -> Outcome:
    """An invoice: a receivable, goods out."""
    _receivable(draft, sticky=False)
    return _sale(draft), []


def cash_refund(draft: Draft) -> Outcome:
    """A cash refund: cash out, goods back where the quantity says so."""
    draft.default("account", draft.state.roles["undeposited"])
    return _refund(draft), []


def credit_memo(draft: Draft) -> Outcome:
    """A credit memo: a receivable reduced, applied to the invoices its `apply` lines name."""
    _receivable(draft, sticky=True)
    posting = _refund(draft)
    return posting, settle(draft, draft.fields.amount("total"), draft.fields.need("account"))


def _receivable(draft: Draft, *, sticky: bool) -> None:
    """The receivables account; on a memo, and for autoApply, the user's last choice is the default."""
    customer = draft.state.require("entity", draft.fields.need("entity"))
    if sticky:
        for name in ("account", "autoApply"):
            draft.default(name, draft.state.sticky.get(f"{draft.kind.name}.{name}"))
            if name in draft.given.fields and draft.fields.get(name) is not None:
                draft.state.sticky[f"{draft.kind.name}.{name}"] = draft.fields[name]
    draft.default("account", customer.values.ref("receivablesAccount") or draft.state.roles["receivable"])


def _sale(draft: Draft) -> Posting:
    taxes = complete(draft)
    set_codes(draft)
    _refuse_over_billing(draft)
    return _posting(draft, 1, taxes, [] if _is_shipped_apart(draft) else sell(draft))


def _is_shipped_apart(draft: Draft) -> bool:
    ordered = draft.source is not None and draft.source.kind.code == "SalesOrd"
    return ordered and draft.state.preferences.advanced_shipping


def _refund(draft: Draft) -> Posting:
    taxes = complete(draft)
    _refuse_over_refund(draft)
    return _posting(draft, -1, taxes, take_back(draft))


def _posting(draft: Draft, sign: int, taxes: list[Tax], moves: list[Move]) -> Posting:
    return Posting(tuple(trade_rows(draft, sign, taxes, moves, draft.fields.need("account"))), tuple(moves))


def complete(draft: Draft) -> list[Tax]:
    """Price the lines and work out discount, tax and total; answers the taxes."""
    price_lines(draft)
    fields = draft.fields
    fields["subtotal"] = sum((line.amount("amount") for line in draft.lines("item")), Decimal(0))
    fields["discountTotal"] = _header_discount(draft)
    for name in ("shippingCost", "handlingCost"):
        if fields.get(name) is not None:
            fields[name] = draft.rounded(fields.amount(name))
    taxes = work_out_tax(draft)
    fields["taxTotal"] = sum((tax.amount for tax in taxes), Decimal(0))
    parts = ("subtotal", "discountTotal", "shippingCost", "handlingCost", "taxTotal")
    fields["total"] = draft.rounded(sum((fields.amount(name) for name in parts), Decimal(0)))
    if fields.amount("total") < 0:
        raise Refused("negative total", total=fields["total"])
    return taxes


def _header_discount(draft: Draft) -> Decimal:
    """The discount of the header: an amount, or a percentage of the lines as they are now."""
    discount = draft.state.find("item", draft.fields.ref("discountItem"))
    if discount is None:
        return Decimal(0)
    rate = draft.fields.get("discountRate")
    if rate is None:
        rate = discount.values.get("rate")
        draft.default("discountRate", rate)
    if isinstance(rate, str):
        return draft.rounded(draft.fields.amount("subtotal") * Decimal(rate.rstrip("%")) / 100)
    return draft.rounded(rate) if isinstance(rate, Decimal) else Decimal(0)


def _refuse_over_billing(draft: Draft) -> None:
    if draft.source is None or draft.source.kind.code != "SalesOrd":
        return
    billed = taken(draft.state, draft.source, BILLS, but=draft.id)
    ordered = {line["line"]: line.number("quantity") for line in draft.source.lines("item")}
    for line in draft.lines("item"):
        number = line.get("orderLine")
        whole = ordered.get(number)
        if isinstance(number, int) and whole is not None:
            left = whole - billed.get(number, Decimal(0))
            if line.amount("quantity") > left:
                raise Refused("over-billed", line=number, left=left)


def _refuse_over_refund(draft: Draft) -> None:
    """Refuse to refund more of a return's line than it has left."""
    if draft.source is None or draft.source.kind.code != "RtnAuth":
        return
    left = with_own(left_to_refund(draft.state, draft.source, but=draft.id), draft.before)
    for position, line in enumerate(draft.lines("item")):
        number = None if is_frame(line) else line.get("orderLine")
        if isinstance(number, int) and counted(line) > left.get(number, Decimal(0)):
            free = left.get(number, Decimal(0))
            raise Refused("over-refunded", f"item.items[{position}].quantity", line=number, left=free)
