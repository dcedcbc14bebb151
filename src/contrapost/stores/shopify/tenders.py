"""Reads the money of a refund: how much went back, by which means, and what the gateway took for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.refunds.document import Adjustment, AdjustmentKind, StoreFee, Tender, TenderKind, TenderStatus
from contrapost.refunds.finding import Finding, info
from contrapost.refunds.money import Money
from contrapost.stores.shopify.payload import Reading, decimal, inner, text

if TYPE_CHECKING:
    from contrapost.stores.shopify.payload import Part

_STATUSES = {
    "SUCCESS": TenderStatus.SUCCEEDED,
    "PENDING": TenderStatus.PENDING,
    "AWAITING_RESPONSE": TenderStatus.PENDING,
    "UNKNOWN": TenderStatus.PENDING,
    "FAILURE": TenderStatus.FAILED,
    "ERROR": TenderStatus.FAILED,
}
_KINDS = dict.fromkeys(
    ("REFUND", "VOID", "CHANGE", "SALE", "CAPTURE", "AUTHORIZATION", "EMV_AUTHORIZATION", "SUGGESTED_REFUND")
)
_LIABILITIES = {"gift_card": TenderKind.GIFT_CARD, "shopify_store_credit": TenderKind.STORE_CREDIT}
_NOT_PAID = {"PENDING", "AUTHORIZED", "EXPIRED", "VOIDED"}


def read_tenders(refund: Part, reading: Reading) -> tuple[list[Tender], list[Adjustment]]:
    """Reads the money that moved, or is to move (the transactions that are refunds), and what rounding changed of it.

    Of cash, what moved is what was paid in coins: the transaction's amount with its rounding.
    """
    tenders: list[Tender] = []
    rounded: list[Adjustment] = []
    for part, where in reading.nodes(refund, "transactions"):
        if reading.word(part, "kind", where, _KINDS) == "REFUND":
            rounding = reading.money_or_zero(part, "amountRoundingSet", where)
            tender = _tender(part, where, rounding, reading)
            tenders.append(tender)
            if rounding and tender.status is not TenderStatus.FAILED:
                rounded.append(_rounding(rounding))
                reading.findings.append(_rounded(tender.amount, rounding, where))
    return tenders, rounded


def _tender(part: Part, where: str, rounding: Money, reading: Reading) -> Tender:
    gateway = text(part, "gateway").strip().lower()
    amount = reading.money(part, "amountSet", where) + rounding
    if amount < Money.zero(reading.currency):
        reading.unreadable(f"{where}.amountSet", f"is a refund of less than nothing, {amount}")
    return Tender(
        id=text(part, "id").rsplit("/", 1)[-1],
        kind=_LIABILITIES.get(gateway, TenderKind.MONEY),
        gateway=gateway,
        amount=amount,
        status=_STATUSES[reading.word(part, "status", where, _STATUSES)],
        gateway_reference=text(part, "paymentId"),
        payout_id=text(part, "payoutId"),
    )


def _rounding(rounding: Money) -> Adjustment:
    return Adjustment(
        amount=rounding,
        tax=Money.zero(rounding.currency),
        reason="CASH_ROUNDING",
        kind=AdjustmentKind.CASH_ROUNDING,
    )


def read_fees(refund: Part, reading: Reading) -> tuple[StoreFee, ...]:
    """Reads the gateway's fees that are in the refund's currency; those in another are no part of the document."""
    fees = []
    for transaction, where in Reading(reading.side, reading.currency).nodes(refund, "transactions"):
        for fee, place in reading.nodes(transaction, "fees") if transaction.get("fees") else ():
            taken = inner(fee, "amount")
            amount = decimal(taken.get("amount"))
            if amount is None:
                reading.unreadable(f"{where}.{place}.amount", "is not an amount of money")
            elif taken.get("currencyCode") == reading.currency:
                fees.append(StoreFee(name=text(fee, "type"), amount=Money(amount, reading.currency)))
    return tuple(fees)


def is_unpaid(order: Part, tenders: list[Tender], reading: Reading) -> bool:
    """Says whether the shop had received nothing for the order; a refund that pays out tells the contrary."""
    if any(each.status is not TenderStatus.FAILED and each.amount for each in tenders):
        return False
    if order.get("totalReceivedSet") is not None:
        return not reading.money(order, "totalReceivedSet", "order")
    return order.get("unpaid") is True or text(order, "displayFinancialStatus") in _NOT_PAID


def _rounded(paid: Money, rounding: Money, where: str) -> Finding:
    return info(
        "cash_rounded",
        f"Cash was rounded by {rounding}: {paid} was paid out in coins and notes.",
        where=f"{where}.amountRoundingSet",
    )
