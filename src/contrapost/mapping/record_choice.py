"""Which way a refund goes: not yet, not at all, or what keeps it from being planned."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.mapping.allocation import is_item, named_item
from contrapost.mapping.policies import ChargebackPolicy, ExchangePolicy, UnpaidInvoicePolicy
from contrapost.netsuite.bill import BillKind, LineKind, Waiting
from contrapost.refunds.balance import balance
from contrapost.refunds.document import Cause, TenderStatus
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.bill import Bill, Bills
    from contrapost.refunds.document import Line, Refund
    from contrapost.refunds.money import Money

NETSUITE_DECIMALS = 2
"""NetSuite keeps amounts with two decimals, or none; never with three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNeeded:
    """There is nothing to book."""

    code: str
    message: str


def not_yet(refund: Refund) -> Waiting | None:
    """Says what a refund has to wait for at the store: money that is still on its way."""
    sums = balance(refund)
    if not sums.pending:
        return None
    return Waiting(
        code="refund_pending",
        message=f"{sums.pending} of this refund is still pending at the store's payment gateway.",
        fix="Nothing to do: it is booked once the gateway says that the money moved.",
    )


def nothing_to_book(refund: Refund) -> NotNeeded | None:
    """Says why a refund moves nothing: no money, no liability, nothing that was owed, nothing exchanged."""
    sums = balance(refund)
    if sums.paid_out or sums.to_liability or sums.goods_out or (sums.credited and refund.order_unpaid):
        return None
    failed = [tender for tender in refund.tenders if tender.status is TenderStatus.FAILED]
    if failed:
        return NotNeeded(code="refund_failed", message="The payment gateway refused this refund: no money moved.")
    if sums.credited:
        return None
    return NotNeeded(code="nothing_moved", message="This refund moved no money and credits nothing.")


def before_billing(refund: Refund) -> NotNeeded | None:
    """Says why an order that was never billed needs no record: it was canceled before anyone paid."""
    sums = balance(refund)
    if refund.order_unpaid and not sums.paid_out and not sums.to_liability:
        message = "The order was canceled before it was paid or billed: there is nothing in the books to take back."
        return NotNeeded(code="canceled_before_billing", message=message)
    return None


def not_billed(order: Bills) -> Waiting:
    """Says that an order waits for its bill."""
    return Waiting(
        code="not_billed",
        message=f"The order is in NetSuite as sales order {order.order_tranid}, but it has not been billed yet.",
        fix="Bill the order in NetSuite (cash sale or invoice): the refund is looked at again by itself.",
    )


def exchange_waits(refund: Refund, order: Bills, profile: Profile) -> Waiting | None:
    """Says that an exchange waits until the goods that went out are billed: only then do both sides meet."""
    if not refund.goods_out or profile.exchanges is not ExchangePolicy.ORDER_SYNC:
        return None
    missing = [line for line in refund.goods_out if not _is_billed(line, refund, order, profile)]
    if not missing:
        return None
    named = ", ".join(f"{line.quantity} {line.sku or line.title}" for line in missing)
    return Waiting(
        code="exchange_not_billed",
        message=f"The customer exchanged goods, and what went out ({named}) is not billed in NetSuite yet.",
        fix="Once the goods that went out are billed on this order, the goods that came back are credited in full.",
    )


def _is_billed(line: Line, refund: Refund, order: Bills, profile: Profile) -> bool:
    """Goods out are billed when the bills hold them beside the units that come back and those credited before."""
    name = named_item(line, profile)
    wanted = Decimal(sum(one.quantity for one in refund.goods_out if named_item(one, profile) == name))
    back = Decimal(sum(one.quantity for one in refund.lines if named_item(one, profile) == name))
    billed = sum(
        (
            one.quantity
            for bill in order.bills
            for one in bill.of_kind(LineKind.ITEM)
            if is_item(one.item, one.item_id, name)
        ),
        Decimal(0),
    )
    return billed >= wanted + back


def invoice_waits(refund: Refund, bill: Bill, paid_out: Money, profile: Profile) -> Waiting | None:
    """Says that a paid refund waits for the payment of its invoice, where the profile wants that."""
    waits = profile.unpaid_invoices is UnpaidInvoicePolicy.WAIT and bill.kind is BillKind.INVOICE
    if not waits or not bill.unpaid or not paid_out or refund.order_unpaid:
        return None
    return Waiting(
        code="invoice_unpaid",
        message=f"The store was paid for {bill.label}, but {bill.unpaid} of it is still open in NetSuite.",
        fix="Once the payment is in NetSuite, the refund is booked.",
    )


def unsupported(refund: Refund, order: Bills, profile: Profile) -> tuple[Finding, ...]:
    """Finds what keeps a refund from being planned on an order at all."""
    return (
        *_other_currencies(refund, order),
        *_below_zero(refund),
        *_exchange(refund, profile),
        *_chargeback(refund, profile),
        *_odd_figures(refund),
    )


def _other_currencies(refund: Refund, order: Bills) -> Iterator[Finding]:
    records = [(bill.currency, bill.label) for bill in order.bills]
    records += [(deposit.currency, deposit.label) for deposit in order.deposits]
    for currency, label in records:
        if currency != refund.currency:
            yield error(
                "currency_differs",
                f"The refund is in {refund.currency}, but {label} is in {currency}.",
                fix="Set which of the store's currencies the orders are booked in (the connector's setting money).",
                where="currency",
            )
            return


def _below_zero(refund: Refund) -> Iterator[Finding]:
    sums = balance(refund)
    least = min(sums.credited, sums.paid_out, sums.to_liability)
    if least.amount < 0:
        yield error(
            "below_zero",
            f"The refund comes to {least}: the customer would pay, and that is a sale.",
            fix="Book the sale in NetSuite by hand, and cancel this refund here.",
        )


def _exchange(refund: Refund, profile: Profile) -> Iterator[Finding]:
    if (refund.exchanges_goods and not refund.goods_out) or (
        refund.goods_out and profile.exchanges is ExchangePolicy.HOLD
    ):
        yield error(
            "exchange",
            "The customer exchanged goods: the money is net of the goods that went out.",
            fix="Bill the goods that went out, book the goods that came back by hand, and cancel this refund here.",
        )


def _chargeback(refund: Refund, profile: Profile) -> Iterator[Finding]:
    if refund.cause is Cause.CHARGEBACK and profile.chargebacks is ChargebackPolicy.HOLD:
        yield error(
            "chargeback",
            "The customer's bank took this money back: a dispute that may still be won.",
            fix="Once the dispute is lost, set chargebacks to as_refund for this account, or book it by hand and "
            "cancel it here.",
        )


def _odd_figures(refund: Refund) -> Iterator[Finding]:
    """Finds figures that no document can hold as they are: units below zero, amounts finer than NetSuite keeps."""
    for line in (*refund.lines, *refund.goods_out):
        if line.quantity < 0:
            yield error(
                "quantity_odd",
                f"The refund takes back {line.quantity} {line.sku or line.title}.",
                fix=_FIX_FIGURES,
                where=f"line {line.id}",
            )
    fine = next((found for found in _amounts(refund) if not _fits(found[0])), None)
    if fine is not None:
        amount, where = fine
        unit = amount.currency if amount.is_exact else f"{amount.currency} itself"
        told = "NetSuite keeps two decimals at most" if amount.is_exact else f"finer than the smallest unit of {unit}"
        yield error("amount_too_fine", f"The refund has an amount of {amount}, {told}.", fix=_FIX_FIGURES, where=where)


def _amounts(refund: Refund) -> Iterator[tuple[Money, str]]:
    """Every amount of a refund, with its place."""
    for line in (*refund.lines, *refund.goods_out):
        yield line.credited, f"line {line.id}"
        yield line.tax, f"tax of line {line.id}"
    for charge in refund.charges:
        yield charge.credited, charge.kind.value
        yield charge.tax, f"tax of {charge.kind.value}"
    for adjustment in refund.adjustments:
        yield adjustment.amount, "adjustments"
        yield adjustment.tax, "tax of adjustments"
    for tender in refund.tenders:
        yield tender.amount, f"tender {tender.id}"


def _fits(amount: Money) -> bool:
    return amount.is_exact and round(amount.amount, NETSUITE_DECIMALS) == amount.amount


_FIX_FIGURES = "Correct the refund at the store and retrieve it again, or book it by hand and cancel it here."
