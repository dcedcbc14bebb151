"""Match: the bill the order was billed with, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.netsuite.bill import remaining
from contrapost.netsuite.links import record_url
from contrapost.refunds.money import total
from contrapost.web import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from contrapost.netsuite.bill import Bill, Deposit
    from contrapost.records.rows import TransactionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedBill:
    """One bill of the order, as NetSuite has it."""

    label: str
    url: str
    on: words.Moment
    total: str
    unpaid: str
    """Empty on a cash sale, and where nothing is owed."""
    credited: str
    left: str
    currency: str
    credits: tuple[str, ...]
    """The credits that stand against it, ours or made by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedDeposit:
    """One deposit of the order."""

    label: str
    url: str
    left: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSheet:
    """What NetSuite holds of the order."""

    bills: tuple[MatchedBill, ...]
    deposits: tuple[MatchedDeposit, ...]
    unbilled: str
    """Units of the sales order that no bill holds; empty where there are none."""
    order: str


def sheet_of(row: TransactionRow, books: Mapping[str, str], now: datetime) -> MatchSheet:
    """Gives what match found last."""
    order = row.bills
    if order is None:
        return MatchSheet(bills=(), deposits=(), unbilled="", order="")
    unbilled = (line for line in order.order_lines if line.unbilled and not line.closed)
    return MatchSheet(
        bills=tuple(_bill(bill, books, now) for bill in order.bills),
        deposits=tuple(_deposit(deposit, books) for deposit in order.deposits),
        unbilled=", ".join(f"{line.unbilled.normalize():f} {words.TIMES} {line.item}" for line in unbilled),
        order=order.order_tranid,
    )


def _deposit(deposit: Deposit, books: Mapping[str, str]) -> MatchedDeposit:
    return MatchedDeposit(
        label=deposit.label,
        url=record_url(books, "customerDeposit", deposit.id),
        left=words.figures(deposit.left),
        currency=deposit.currency,
    )


def _bill(bill: Bill, books: Mapping[str, str], now: datetime) -> MatchedBill:
    return MatchedBill(
        label=bill.label,
        url=record_url(books, bill.kind.value, bill.id),
        on=words.day(bill.day, now.date()),
        total=words.figures(bill.total),
        unpaid=words.figures(bill.unpaid) if bill.unpaid else "",
        credited=words.figures(total((credit.total for credit in bill.credits), bill.currency)),
        left=words.figures(remaining(bill).total),
        currency=bill.currency,
        credits=tuple(credit.label for credit in bill.credits),
    )
