"""Store and refund: what the store says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.refunds.document import LineKind, TenderKind, TenderStatus
from contrapost.stores.discovery import connector
from contrapost.web import words

if TYPE_CHECKING:
    from datetime import datetime

    from contrapost.records.rows import TransactionRow
    from contrapost.refunds.document import Adjustment, Charge, Line, Refund, Tender


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLine:
    """One line of what the store credits."""

    title: str
    sku: str
    beside: str
    quantity: str
    value: str
    tax: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One way the value went to the customer."""

    how: str
    beside: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSheet:
    """What the store says of the refund."""

    store: str
    refund: str
    order: str
    order_id: str
    on: words.Moment
    retrieved: words.Moment
    note: str
    currency: str
    lines: tuple[StoreLine, ...]
    paid: tuple[Paid, ...]
    fees: tuple[Paid, ...]
    readable: bool


def sheet_of(row: TransactionRow, now: datetime) -> StoreSheet:
    """Gives what the store says of a refund."""
    refund = row.document
    return StoreSheet(
        store=connector(row.connector).label,
        refund=row.store_refund_id,
        order=row.order_name,
        order_id=row.order_id,
        on=words.moment(row.refunded_at, now),
        retrieved=words.moment(row.created_at, now),
        note=refund.note if refund else "",
        currency=row.amount.currency,
        lines=_lines(refund) if refund else (),
        paid=tuple(_paid(tender) for tender in refund.tenders) if refund else (),
        fees=tuple(Paid(how=fee.name, beside="", amount=words.figures(fee.amount)) for fee in refund.store_fees)
        if refund
        else (),
        readable=refund is not None,
    )


def _lines(refund: Refund) -> tuple[StoreLine, ...]:
    return (
        *(_goods(line) for line in refund.lines),
        *(_charge(charge) for charge in refund.charges),
        *(_adjustment(adjustment) for adjustment in refund.adjustments),
    )


def _goods(line: Line) -> StoreLine:
    kind = "gift card" if line.kind is LineKind.GIFT_CARD else ""
    goods = words.goods_word(line.goods.restock, line.goods.location)
    return StoreLine(
        title=line.title or line.sku,
        sku=line.sku,
        beside=", ".join(word for word in (kind, goods) if word),
        quantity=str(line.quantity),
        value=words.figures(line.credited),
        tax=words.figures(line.tax),
    )


def _charge(charge: Charge) -> StoreLine:
    return StoreLine(
        title=charge.title or charge.kind.value.capitalize(),
        sku="",
        beside="" if not charge.title else charge.kind.value,
        quantity="",
        value=words.figures(charge.credited),
        tax=words.figures(charge.tax),
    )


def _adjustment(adjustment: Adjustment) -> StoreLine:
    more = adjustment.amount.amount >= 0
    return StoreLine(
        title="Given beyond the lines" if more else "Kept",
        sku="",
        beside=adjustment.reason.replace("_", " ").lower(),
        quantity="",
        value=words.figures(adjustment.amount),
        tax=words.figures(adjustment.tax),
    )


_KINDS = {
    TenderKind.MONEY: "Paid back",
    TenderKind.GIFT_CARD: "To a gift card",
    TenderKind.STORE_CREDIT: "To store credit",
}
_STATUSES = {TenderStatus.SUCCEEDED: "", TenderStatus.PENDING: "still on its way", TenderStatus.FAILED: "failed"}


def _paid(tender: Tender) -> Paid:
    beside = ", ".join(word for word in (tender.gateway, _STATUSES[tender.status]) if word)
    return Paid(how=_KINDS[tender.kind], beside=beside, amount=words.figures(tender.amount))
