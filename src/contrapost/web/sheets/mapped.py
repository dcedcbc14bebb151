"""Map: the amounts, the records with their lines, the ledger they make, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.netsuite.drafts import BookedBy, RecordType
from contrapost.refunds.money import Money
from contrapost.web import words

if TYPE_CHECKING:
    from decimal import Decimal

    from contrapost.netsuite.drafts import Draft, DraftLine, LedgerLine
    from contrapost.netsuite.lists import Lists
    from contrapost.records.rows import TransactionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountsSheet:
    """The five amounts: credited + rounding = paid out + to liability + receivable reduced."""

    credited: str
    rounding: str
    paid_out: str
    paid_by: str
    to_liability: str
    receivable_reduced: str
    zero: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """One line of a record to be made."""

    item: str
    beside: str
    quantity: str
    amount: str
    tax: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRecord:
    """One record to be made."""

    label: str
    source: str
    on: str
    external_id: str
    total: str
    currency: str
    lines: tuple[RecordLine, ...]
    applied_to: str
    """What a record without lines of its own does: pay a memo out, pay a deposit back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One line of the general ledger."""

    account: str
    record: str
    debit: str
    credit: str
    own: bool
    """NetSuite makes it by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why one thing is as it is."""

    what: str
    value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSheet:
    """What NetSuite is to hold."""

    records: tuple[PlannedRecord, ...]
    ledger: tuple[Booking, ...]
    debits: str
    credits: str
    several: bool
    """The ledger is of more than one record."""
    why: tuple[Why, ...]


def amounts_of(row: TransactionRow) -> AmountsSheet | None:
    """Gives the five amounts; None while there is no plan."""
    if row.plan is None:
        return None
    amounts = row.plan.amounts
    gateways = dict.fromkeys(tender.gateway for tender in row.document.tenders if tender.amount) if row.document else {}
    return AmountsSheet(
        credited=words.figures(amounts.credited),
        rounding=words.figures(amounts.rounding),
        paid_out=words.figures(amounts.paid_out),
        paid_by=", ".join(gateways) if amounts.paid_out else "",
        to_liability=words.figures(amounts.to_liability),
        receivable_reduced=words.figures(amounts.receivable_reduced),
        zero=words.figures(Money.zero(amounts.credited.currency)),
        currency=amounts.credited.currency,
    )


def sheet_of(row: TransactionRow, lists: Lists) -> MapSheet:
    """Gives the plan of a refund."""
    drafts = row.plan.drafts if row.plan else ()
    ledger = [(draft, line) for draft in drafts for line in draft.ledger]
    return MapSheet(
        records=tuple(_record(draft) for draft in drafts),
        ledger=tuple(_booking(draft, line, lists) for draft, line in ledger),
        debits=_sum(line.debit for _, line in ledger),
        credits=_sum(line.credit for _, line in ledger),
        several=len({(draft.external_id, line.on) for draft, line in ledger}) > 1,
        why=tuple(
            Why(what=reason.what[:1].upper() + reason.what[1:], value=reason.value, why=reason.why)
            for reason in (row.plan.trace if row.plan else ())
        ),
    )


def _record(draft: Draft) -> PlannedRecord:
    word = words.record_word(draft.record)
    source = f"from {words.record_word(draft.source.record)} {draft.source.tranid}" if draft.source else ""
    return PlannedRecord(
        label=word[:1].upper() + word[1:],
        source=source.strip(),
        on=str(draft.body.get("tranDate", "")),
        external_id=draft.external_id,
        total=words.figures(draft.total),
        currency=draft.total.currency,
        lines=tuple(_line(line) for line in draft.lines),
        applied_to="" if draft.lines else _does(draft),
    )


def _does(draft: Draft) -> str:
    """What a record without lines of its own does."""
    if draft.takes_back:
        return f"Record {draft.takes_back} is deleted" if draft.removes else f"Takes record {draft.takes_back} back"
    if draft.record is RecordType.SALES_ORDER:
        return "Closes the lines that were canceled before they were billed"
    return "Pays the deposit back" if "deposit" in draft.body else "Pays out what the credit memo credits"


def _line(line: DraftLine) -> RecordLine:
    return RecordLine(
        item=line.item,
        beside=line.why,
        quantity=f"{line.quantity.normalize():f}",
        amount=words.figures(line.amount),
        tax=words.figures(line.tax),
    )


def _booking(draft: Draft, line: LedgerLine, lists: Lists) -> Booking:
    return Booking(
        account=lists.account_label(line.account),
        record=words.record_word(line.on or draft.record),
        debit=_figures(line.debit),
        credit=_figures(line.credit),
        own=line.by is BookedBy.NETSUITE,
    )


def _sum(amounts: object) -> str:
    return f"{sum(amounts):,.2f}"  # type: ignore[call-overload] # an iterable of Decimals


def _figures(amount: Decimal) -> str:
    return f"{amount:,.2f}" if amount else ""
