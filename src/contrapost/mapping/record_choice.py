"""Which way a refund goes: not yet, not at all, or to which cash account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.netsuite.bill import Waiting
from contrapost.refunds.balance import balance
from contrapost.refunds.document import TenderKind, TenderStatus
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.bill import Bill
    from contrapost.netsuite.lists import Lists
    from contrapost.refunds.document import Refund


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
    """Says why a refund moves nothing: no money, no liability, and nothing that was owed."""
    sums = balance(refund)
    if sums.paid_out or sums.to_liability or (sums.credited and refund.order_unpaid):
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


def unsupported(refund: Refund, bill: Bill) -> tuple[Finding, ...]:
    """Finds what keeps a refund from being planned on a bill at all."""
    found = []
    if refund.currency != bill.currency:
        found.append(
            error(
                "currency_differs",
                f"The refund is in {refund.currency}, but {bill.label} is in {bill.currency}.",
                fix="Set which of the store's currencies the orders are booked in (the connector's setting money).",
                where="currency",
            )
        )
    sums = balance(refund)
    least = min(sums.credited, sums.paid_out, sums.to_liability)
    if least.amount < 0:
        found.append(
            error(
                "below_zero",
                f"The refund comes to {least}: the customer would pay, and that is a sale.",
                fix="Book the sale in NetSuite by hand, and cancel this refund here.",
            )
        )
    if refund.exchanges_goods:
        found.append(
            error(
                "exchange",
                "The customer exchanged goods: the money is net of the goods that went out.",
                fix="Bill the goods that went out, book the goods that came back by hand, and cancel this refund here.",
            )
        )
    return (*found, *_odd_figures(refund))


def _odd_figures(refund: Refund) -> tuple[Finding, ...]:
    """Finds figures that no document can hold as they are: units below zero, amounts finer than the currency."""
    below = [
        error(
            "quantity_odd",
            f"The refund takes back {line.quantity} {line.sku or line.title}.",
            fix=_FIX_FIGURES,
            where=f"line {line.id}",
        )
        for line in refund.lines
        if line.quantity < 0
    ]
    amounts = (
        *(amount for line in refund.lines for amount in (line.credited, line.tax)),
        *(amount for charge in refund.charges for amount in (charge.credited, charge.tax)),
        *(amount for difference in refund.adjustments for amount in (difference.amount, difference.tax)),
        *(tender.amount for tender in refund.tenders),
    )
    fine = next((amount for amount in amounts if not amount.is_exact), None)
    if fine is None:
        return tuple(below)
    message = f"The refund has an amount of {fine}, finer than the smallest unit of {fine.currency}."
    return (*below, error("amount_too_fine", message, fix=_FIX_FIGURES))


_FIX_FIGURES = "Correct the refund at the store and retrieve it again, or book it by hand and cancel it here."


def gateways_of(refund: Refund) -> tuple[str, ...]:
    """Gives the gateways that money left by, each once."""
    moved = (t for t in refund.tenders if t.kind is TenderKind.MONEY and t.status is TenderStatus.SUCCEEDED)
    return tuple(dict.fromkeys(tender.gateway for tender in moved if tender.amount))


def cash_account(refund: Refund, bill: Bill, profile: Profile, lists: Lists) -> tuple[str, tuple[Finding, ...]]:
    """Finds the account the money left from, by gateway, currency and subsidiary. There is no default.

    Returns:
        The internal id, empty where there is a finding instead.
    """
    gateways = gateways_of(refund)
    accounts: dict[str, None] = {}
    for gateway in gateways:
        named = profile.cash_account(gateway, refund.currency, bill.subsidiary)
        account = lists.account(named) if named else None
        if account is None:
            return "", (_not_mapped(gateway, named, refund.currency),)
        accounts[account.id] = None
    if len(accounts) > 1:
        return "", (_several_accounts(gateways),)
    return next(iter(accounts), ""), ()


def _not_mapped(gateway: str, named: str | None, currency: str) -> Finding:
    where = f"cash_account.{gateway}"
    if named:
        return error(
            "account_unknown",
            f"The account's setting {where} names {named!r}, and NetSuite has no such account.",
            fix="Give the account's number as NetSuite's chart of accounts shows it, or id: and its internal id.",
            where=where,
        )
    return error(
        "cash_account_not_mapped",
        f"Money was refunded through {gateway} in {currency}, and the account names no cash account for it.",
        fix=f"Name one: contrapost accounts set ACCOUNT --set {where}=NUMBER.",
        where=where,
    )


def _several_accounts(gateways: tuple[str, ...]) -> Finding:
    return error(
        "split_tender",
        f"The money left from several cash accounts ({', '.join(gateways)}), and one record has only one.",
        fix="Book this refund in NetSuite by hand, one record for each account, and cancel it here.",
        where="tenders",
    )
