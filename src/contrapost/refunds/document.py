"""The refund document: one refund as the store knows it, in words that fit every store.

A store makes up to five statements about a refund, and they may disagree. They are kept apart:
(a) money that moved (`tenders`), (b) value credited (`lines`, `charges`, `adjustments`), (c) its tax (the `tax` of
each of those), (d) goods back (`Line.goods`), (e) the store's own fees (`store_fees`). What (a) and (b+c) differ by is
for `balance` to name, never for a reader of payloads to fold away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003 - msgspec reads these types at run time
from enum import StrEnum

from contrapost.refunds.money import Money  # noqa: TC001 - msgspec reads this type at run time


class Restock(StrEnum):
    """What the store says became of the goods of a line."""

    RETURNED = "returned"
    """The unit had been shipped and came back, or is on its way back."""
    CANCELED = "canceled"
    """The unit was never shipped."""
    KEPT = "kept"
    """The customer keeps the unit, or it is written off: it does not go back to stock."""


class LineKind(StrEnum):
    """What a line sells: goods, or a gift card (a liability, not revenue)."""

    GOODS = "goods"
    GIFT_CARD = "gift_card"


class ChargeKind(StrEnum):
    """What a charge beside the lines was for."""

    SHIPPING = "shipping"
    DUTY = "duty"
    TIP = "tip"
    FEE = "fee"
    STORE_FEE = "store_fee"
    """The store's own fee, where it is booked on the refund: below zero what it gave back to us."""


class TenderKind(StrEnum):
    """Where refunded money went: out of a cash account, or into a liability to the customer."""

    MONEY = "money"
    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"


class TenderStatus(StrEnum):
    """How far a tender has come at the gateway."""

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    FAILED = "failed"


class AdjustmentKind(StrEnum):
    """What kind of difference an adjustment is."""

    DIFFERENCE = "difference"
    """Something given beyond the lines, or kept of them."""
    CASH_ROUNDING = "cash_rounding"
    """Coins that do not exist: cash was paid out to the next one that does."""


class Cause(StrEnum):
    """Who took the money back: the shop by a refund, or the customer's bank by a dispute."""

    REFUND = "refund"
    CHARGEBACK = "chargeback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Statement (d): what the store says of a line's goods."""

    restock: Restock
    came_back: bool
    """The store says that the units are back in its stock."""
    shipped: bool
    """The units had left the store's stock before the refund."""
    location: str = ""
    """Where they came back to, in the store's words; empty where it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Value credited for units of one order line. One refund may have several lines for the same order line."""

    id: str
    """The store's id of this refund line, or one made from its place where the store gives none."""
    order_line_id: str
    sku: str
    title: str
    quantity: int
    credited: Money
    """After all discounts, without tax."""
    tax: Money
    goods: Goods
    kind: LineKind = LineKind.GOODS


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Value credited beside the lines: shipping, a duty, a tip, a fee. Amount without tax."""

    kind: ChargeKind
    credited: Money
    tax: Money
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A difference the store itself names. Above zero the customer got more; below zero something was kept."""

    amount: Money
    tax: Money
    reason: str = ""
    """The store's own word for it."""
    kind: AdjustmentKind = AdjustmentKind.DIFFERENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """Statement (a): money that moved, or is to move, back to the customer by one means of payment."""

    id: str
    kind: TenderKind
    gateway: str
    """The store's name of the gateway, in lower case, such as `shopify_payments`."""
    amount: Money
    status: TenderStatus
    gateway_reference: str = ""
    """The gateway's own id of the movement, where the store gives it."""
    payout_id: str = ""
    """The payout in which the gateway settles the movement, where the store gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFee:
    """Statement (e): what the store itself took or gave back for this refund. Above zero we paid it."""

    name: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One refund as the store knows it. Every amount is in `currency`."""

    store_refund_id: str
    """The store's own id of the refund: what makes it the same refund when it is seen again."""
    order_id: str
    """The store's own id of the order."""
    order_name: str
    """What a person calls the order, such as `#1001`."""
    refunded_at: datetime
    """With its zone."""
    refunded_on: date
    """The day of `refunded_at` in the shop's zone: the day the books know."""
    currency: str
    lines: tuple[Line, ...] = ()
    charges: tuple[Charge, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    tenders: tuple[Tender, ...] = ()
    store_fees: tuple[StoreFee, ...] = ()
    order_unpaid: bool = False
    """The store had not been paid for what this refund takes back: a credit then reduces what is owed."""
    exchanges_goods: bool = False
    """The customer got other goods for these; the money is net of them."""
    goods_out: tuple[Line, ...] = ()
    """The goods the customer got in exchange, at what the store charged for them; empty where it does not say."""
    prices_include_tax: bool = False
    """The order's prices carry their tax, as they do where it is VAT."""
    facilitator_tax: Money | None = None
    """Tax the customer got back from the marketplace that had collected it: neither credited nor paid by us."""
    cause: Cause = Cause.REFUND
    note: str = ""
    """The reason as the shop's staff wrote it."""
    facts: dict[str, str] = field(default_factory=dict)
    """Other facts of the order and refund that field mappings may copy, by name: `customer_email`, `tags` …"""
