"""How pages say things: amounts, days, states, findings, and what a refund holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from contrapost.mapping.profile import is_profile_setting
from contrapost.netsuite.drafts import LABELS as RECORD_LABELS
from contrapost.netsuite.drafts import OWN_LABELS
from contrapost.netsuite.links import record_url
from contrapost.refunds.document import ChargeKind, Refund, Restock, TenderKind, TenderStatus
from contrapost.refunds.lifecycle import LABELS, State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from contrapost.records.rows import LinkRow, TransactionSummary
    from contrapost.refunds.finding import Finding
    from contrapost.refunds.money import Money

MINUS: Final = "\N{MINUS SIGN}"
TIMES: Final = "\N{MULTIPLICATION SIGN}"
MOST_LINES_NAMED = 2
"""A refund with more lines is summed up from here on."""

TONES: Final[dict[State, str]] = {
    State.IMPORTED: "wait",
    State.WAITING: "wait",
    State.READY: "ready",
    State.POSTING: "check",
    State.OUTCOME_UNKNOWN: "check",
    State.POSTED: "done",
    State.RECONCILED: "done",
    State.NEEDS_ATTENTION: "error",
    State.NOT_NEEDED: "idle",
    State.CANCELED: "idle",
}
"""The one visual language for states; the word always stands beside it."""

_RECORDS: Final = {
    **{kind.value: word for kind, word in RECORD_LABELS.items()},
    **OWN_LABELS,
    "cashSale": "cash sale",
    "invoice": "invoice",
    "salesOrder": "sales order",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An amount as a page shows it: figures, and the currency small beside them."""

    figures: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment: short to read, exact on hover."""

    short: str
    exact: str
    machine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finding as a page says it."""

    severity: str
    message: str
    fix: str
    cure_url: str = ""
    """Where the fix can be made; empty where it is made elsewhere."""
    cure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A state as a page shows it."""

    word: str
    tone: str
    reason: str
    """What is waited for, what is wrong, or why there is nothing to book: in three words."""
    changed: bool = False
    """Whether something changed after posting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A NetSuite record that stands, to be opened there."""

    label: str
    number: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """What a refund holds, in words."""

    what: str
    beside: str


def capped(count: int, cap: int) -> str:
    """Gives a count as people read it: `1,284`, and `10,000+` where counting stopped."""
    return f"{cap:,}+" if count >= cap else f"{count:,}"


def amount(money: Money) -> Amount:
    """Gives an amount with its thousands set apart."""
    return Amount(figures=figures(money), currency=money.currency)


def figures(money: Money) -> str:
    """Gives the figures of an amount, with a true minus sign."""
    return f"{Decimal(money.text) + 0:,f}".replace("-", MINUS)


def day(value: date, today: date) -> Moment:
    """Gives a day; the year only where it is another one."""
    short = f"{value.day} {value:%b}" if value.year == today.year else f"{value.day} {value:%b %Y}"
    return Moment(short=short, exact=f"{value.day} {value:%B %Y}", machine=value.isoformat())


def moment(value: datetime, now: datetime) -> Moment:
    """Gives a moment; the year only where it is another one."""
    on = day(value.date(), now.date()).short
    return Moment(short=f"{on}, {value:%H:%M}", exact=f"{value:%Y-%m-%d %H:%M:%S} UTC", machine=value.isoformat())


def status(row: TransactionSummary) -> Status:
    """Gives the state of a transaction in words."""
    held = row.status is State.NEEDS_ATTENTION and row.findings
    return Status(
        word=LABELS[row.status],
        tone=TONES[row.status],
        reason=plain(row.findings[0].code if held else row.reason),
        changed=bool(row.changes),
    )


def plain(code: str) -> str:
    """Says a code in words: `order_not_in_netsuite` is "order not in NetSuite"."""
    return code.replace("_", " ").replace("netsuite", "NetSuite").replace("suitetax", "SuiteTax")


def record_word(record: str) -> str:
    """Gives what people call a NetSuite record."""
    return _RECORDS.get(record, record)


def record(link: LinkRow, settings: Mapping[str, str]) -> Record:
    """Gives a record that stands, with its address in NetSuite."""
    return record_at(link.record, f"{link.tranid or link.netsuite_id}{_taken_back(link)}", link.netsuite_id, settings)


def record_at(kind: str, number: str, id_: str, settings: Mapping[str, str]) -> Record:
    """Gives any record by its REST name, its number and its internal id, with its address in NetSuite."""
    word = record_word(kind)
    return Record(label=word[:1].upper() + word[1:], number=number, url=record_url(settings, kind, id_))


def _taken_back(link: LinkRow) -> str:
    """Says beside a number why the record does not stand for the refund any more."""
    if not link.taken_back:
        return ""
    is_said = link.taken_back in {"deleted", "vanished", "void"} or link.taken_back.startswith("takes back ")
    return f" ({link.taken_back if is_said else 'taken back'})"


def said(finding: Finding, account: str, *, may_set: bool) -> Said:
    """Says a finding, with the way to its cure where that is a setting of the account.

    What the fix says to type on the command line is done on that page, so the page's own words stand in its place.
    """
    typed = _TYPED.search(finding.fix)
    named = finding.where if is_profile_setting(finding.where) else typed[1] if typed else ""
    fix = f"Set {named} for {account}." if _CALLED in finding.fix and named else _ASIDE.sub("", finding.fix)
    if not (named and is_profile_setting(named) and may_set):
        return Said(severity=finding.severity.value, message=finding.message, fix=fix)
    url = reverse("account", args=[account], query={"set": named})
    return Said(
        severity=finding.severity.value, message=finding.message, fix=fix, cure_url=url, cure="Open this setting"
    )


_TYPED: Final = re.compile(r"--set ([^\s=]+)=")
_ASIDE: Final = re.compile(r" \(--set [^)]*\)")
_CALLED: Final = "contrapost accounts set "


def holds(refund: Refund | None) -> Holds:
    """Says in a few words what a refund holds."""
    if refund is None:
        return Holds(what="Cannot be read", beside="the store's payload is kept")
    parts = [f"{line.quantity} {TIMES} {line.title or line.sku}" for line in refund.lines[:MOST_LINES_NAMED]]
    more = len(refund.lines) - MOST_LINES_NAMED
    if more > 0:
        parts.append(f"{more} more {'line' if more == 1 else 'lines'}")
    parts += _charges(refund)
    if refund.exchanges_goods:
        parts.append("exchanged for other goods")
    if not parts:
        parts = ["Amount only" if any(tender.amount for tender in refund.tenders) else "Nothing of value"]
    return Holds(what=", ".join(parts), beside=", ".join(_beside(refund)))


_CHARGE_WORDS = {
    ChargeKind.SHIPPING: "shipping",
    ChargeKind.DUTY: "duties",
    ChargeKind.TIP: "tip",
    ChargeKind.FEE: "fee",
}
GOODS_WORDS = {
    Restock.RETURNED: "returned",
    Restock.CANCELED: "canceled before shipping",
    Restock.KEPT: "goods not returned",
}
"""What became of the goods of a line."""
_TENDER_WORDS = {TenderKind.GIFT_CARD: "to a gift card", TenderKind.STORE_CREDIT: "to store credit"}


def _charges(refund: Refund) -> list[str]:
    words = dict.fromkeys(_CHARGE_WORDS[charge.kind] for charge in refund.charges)
    return [word if refund.lines else word.capitalize() for word in words]


def _beside(refund: Refund) -> list[str]:
    said_ = list(dict.fromkeys(GOODS_WORDS[line.goods.restock] for line in refund.lines))
    said_ += dict.fromkeys(_TENDER_WORDS[tender.kind] for tender in refund.tenders if tender.kind in _TENDER_WORDS)
    if any(tender.status is TenderStatus.PENDING for tender in refund.tenders):
        said_.append("money still on its way")
    if refund.note:
        said_.append(f"“{refund.note}”")
    return said_


def goods_word(restock: Restock, location: str) -> str:
    """Says what became of goods, and where they went."""
    word = GOODS_WORDS[restock]
    return f"{word} to {location}" if location and restock is Restock.RETURNED else word
