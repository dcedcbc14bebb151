"""What NetSuite is to hold for a refund: drafts of records, and the plan they make together. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from contrapost.refunds.finding import Finding  # noqa: TC001 - msgspec reads this type at run time
from contrapost.refunds.money import Money


class RecordType(StrEnum):
    """The NetSuite records a refund becomes, by their REST names."""

    CASH_REFUND = "cashRefund"
    CREDIT_MEMO = "creditMemo"
    CUSTOMER_REFUND = "customerRefund"
    RETURN_AUTHORIZATION = "returnAuthorization"
    ITEM_RECEIPT = "itemReceipt"
    SALES_ORDER = "salesOrder"
    """Not made but changed: lines that were canceled before they were billed are closed."""
    CASH_SALE = "cashSale"
    """Only to take a cash refund back."""
    INVOICE = "invoice"
    """Only to take a credit memo back."""
    CUSTOMER_PAYMENT = "customerPayment"
    """Only to take a customer refund back."""


SHORT_NAMES = {
    RecordType.CASH_REFUND: "cr",
    RecordType.CREDIT_MEMO: "cm",
    RecordType.CUSTOMER_REFUND: "rf",
    RecordType.RETURN_AUTHORIZATION: "ra",
    RecordType.ITEM_RECEIPT: "ir",
    RecordType.SALES_ORDER: "so",
    RecordType.CASH_SALE: "cs",
    RecordType.INVOICE: "iv",
    RecordType.CUSTOMER_PAYMENT: "pm",
}
"""The part of the external id that says which record it is."""

LABELS = {
    RecordType.CASH_REFUND: "cash refund",
    RecordType.CREDIT_MEMO: "credit memo",
    RecordType.CUSTOMER_REFUND: "customer refund",
    RecordType.RETURN_AUTHORIZATION: "return authorization",
    RecordType.ITEM_RECEIPT: "item receipt",
    RecordType.SALES_ORDER: "sales order",
    RecordType.CASH_SALE: "cash sale",
    RecordType.INVOICE: "invoice",
    RecordType.CUSTOMER_PAYMENT: "customer payment",
}
"""What people call the records."""


def label_of(record: str, tranid: str, id_: str) -> str:
    """Gives a record and its number, as a person would look for it: its internal id where it has no number."""
    return f"{LABELS[RecordType(record)]} {tranid or id_}"


OWN_LABELS = {"depositApplication": "deposit application", "fxReval": "exchange revaluation"}
"""What people call the records that NetSuite makes by itself beside ours."""

CREDITS = frozenset({RecordType.CASH_REFUND, RecordType.CREDIT_MEMO})
"""The records that credit the customer: totals are compared with these, never with a payment of one of them too."""


UNDOING = frozenset({RecordType.CASH_SALE, RecordType.INVOICE, RecordType.CUSTOMER_PAYMENT})
"""The records that take refunds back; no refund becomes one of them."""

REFUNDING = tuple(record for record in RecordType if record not in UNDOING)
"""The records that a refund becomes, or changes."""

WITH_TOTAL = CREDITS | UNDOING | {RecordType.CUSTOMER_REFUND}
"""Records whose total is money; authorizations and receipts only carry goods."""


class BookedBy(StrEnum):
    """Who makes a ledger line: the plan, or NetSuite by itself (cost, exchange)."""

    PLAN = "plan"
    NETSUITE = "netsuite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The record that a draft is transformed from."""

    record: str
    id: str
    """Internal id; empty where the record is of the same plan and not written yet."""
    tranid: str = ""
    written: str = ""
    """External id of the record of the same plan that this is transformed from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One line of a draft, as a person reads it; the body says the same to NetSuite."""

    item: str
    quantity: Decimal
    amount: Money
    tax: Money
    order_line: int | None = None
    """The line of the bill it takes back, if it takes one back."""
    why: str = ""
    store_lines: tuple[str, ...] = ()
    """The ids of the store's refunded lines that it stands for."""
    fields: dict[str, Any] = field(default_factory=dict)
    """What field rules wrote to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line of the general ledger a record makes, in the subsidiary's base currency."""

    account: str
    """Internal id."""
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    by: BookedBy = BookedBy.PLAN
    on: str = ""
    """The record NetSuite makes by itself and books this on, such as `depositApplication`; empty for the draft's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMove:
    """Units that go back to stock."""

    item: str
    item_id: str
    location: str
    """Internal id; empty where NetSuite takes its own default."""
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One record to be written: exactly what is sent, and what will stand because of it."""

    record: RecordType
    external_id: str
    source: Source | None
    """Transformed from this, or, for a sales order, the order that is changed; None for a record made by itself."""
    replace: tuple[str, ...]
    """Sublists of which only the lines named here shall remain."""
    body: dict[str, Any]
    """Sent as it is, but that `{"written": EXTERNAL_ID}` becomes the internal id of that record of the same plan."""
    total: Money
    lines: tuple[DraftLine, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    stock: tuple[StockMove, ...] = ()
    gateways: tuple[str, ...] = ()
    """Whose money it pays out; empty for a record that stands for all of the refund."""
    takes_back: str = ""
    """Internal id of the record of the same refund that this takes back; empty for one that books."""
    removes: bool = False
    """Takes back by deleting that record, not by a record that books its reverse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The four amounts of a refund and its rounding: credited + rounding = the other three together."""

    credited: Money
    paid_out: Money
    to_liability: Money
    receivable_reduced: Money
    rounding: Money
    goods_out: Money | None = None
    """What of the goods taken back the customer took in other goods, billed by another record."""

    @property
    def documents(self) -> Money:
        """What NetSuite's credit documents come to where the plan is right: liabilities are lines within them."""
        return self.paid_out + self.receivable_reduced + (self.goods_out or Money.zero(self.paid_out.currency))

    def __add__(self, other: Amounts) -> Amounts:
        zero = Money.zero(self.credited.currency)
        return Amounts(
            credited=self.credited + other.credited,
            paid_out=self.paid_out + other.paid_out,
            to_liability=self.to_liability + other.to_liability,
            receivable_reduced=self.receivable_reduced + other.receivable_reduced,
            rounding=self.rounding + other.rounding,
            goods_out=(self.goods_out or zero) + (other.goods_out or zero),
        )

    @property
    def difference(self) -> Money:
        """What keeps the equation from holding; zero where it holds."""
        return self.credited + self.rounding - self.paid_out - self.to_liability - self.receivable_reduced


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one thing of the plan is as it is."""

    what: str
    """`record`, `account`, `date`, `line 2 quantity` …"""
    value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one refund becomes: drafts in the order they are to be written, and why."""

    drafts: tuple[Draft, ...]
    amounts: Amounts
    findings: tuple[Finding, ...] = ()
    trace: tuple[Reason, ...] = ()
    revision: int = 1
    rounded: Money | None = None
    """What stands on lines for rounding, without regard to its sign; None where nothing does."""
    beyond: Money | None = None
    """What keeps it from being posted because the bill does not hold as much; a person may accept it."""

    @property
    def netsuite_total(self) -> Money:
        """What NetSuite's documents will come to: a memo and the customer refund that pays it out are counted once."""
        books = [draft for draft in self.drafts if not draft.takes_back]
        credits_ = (draft.total for draft in books if draft.record in CREDITS or "deposit" in draft.body)
        return sum(credits_, Money.zero(self.amounts.credited.currency))

    @property
    def only_takes_back(self) -> bool:
        """Says whether it leaves nothing that stands for the refund."""
        return bool(self.drafts) and all(draft.takes_back for draft in self.drafts)

    @property
    def fingerprint(self) -> str:
        """Tells this plan from every one that writes something else; shown with a preview, sent with a post."""
        said = [(draft.record, draft.external_id, draft.source, draft.replace, draft.body) for draft in self.drafts]
        return hashlib.sha256(json.dumps(said, default=_plain, sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Source):
        return asdict(value)
    raise TypeError(f"A draft's body may not hold {value!r}")
