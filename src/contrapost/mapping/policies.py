"""The policies of a profile: each a choice with a default that works for a plain store. Pure."""

from __future__ import annotations

from enum import StrEnum


class RestockPolicy(StrEnum):
    """How goods that came back go back to stock: on the refund itself, by return authorization and receipt, or not."""

    AS_STORE = "as_store"
    RETURN_AUTHORIZATION = "return_authorization"
    NEVER = "never"


class GoodsPolicy(StrEnum):
    """What to do with a refund whose goods are still on their way back."""

    REFUND = "refund"
    """Refund now and leave stock alone."""
    WAIT = "wait"
    """Wait until the store says that they are back."""
    IN_ADVANCE = "in_advance"
    """Authorize the return and refund now; NetSuite's own people receive the goods (*Refund in Advance of Return*)."""


class PeriodPolicy(StrEnum):
    """What to do with a refund whose period is closed or locked for A/R."""

    NEXT_OPEN = "next_open"
    HOLD = "hold"
    ASK = "ask"


class DatePolicy(StrEnum):
    """Which day a refund is booked on."""

    REFUND = "refund"
    POSTING = "posting"


class OrderLinePolicy(StrEnum):
    """What to do with lines of a sales order that were canceled before they were billed."""

    TELL = "tell"
    CLOSE = "close"


class ExchangePolicy(StrEnum):
    """Who bills the goods that go out in an exchange."""

    ORDER_SYNC = "order_sync"
    """The order's own integration: the refund waits until it has."""
    HOLD = "hold"


class FeePolicy(StrEnum):
    """Where a marketplace's fees are booked."""

    SETTLEMENT = "settlement"
    REFUND = "refund"


class RatePolicy(StrEnum):
    """The rate of a customer refund in a foreign currency."""

    DAY = "day"
    BILL = "bill"


class AmountTaxPolicy(StrEnum):
    """What tax an amount carries that was refunded without lines."""

    AUTO = "auto"
    """Pro rata where the store's prices include tax (VAT), none where they do not (sales tax)."""
    PRO_RATA = "pro_rata"
    NONE = "none"


class LegacyTaxPolicy(StrEnum):
    """Who says the tax of a line where the account has legacy tax."""

    NETSUITE = "netsuite"
    STORE = "store"


class ChargebackPolicy(StrEnum):
    """What to do with money that the customer's bank took back."""

    HOLD = "hold"
    AS_REFUND = "as_refund"


class UnpaidInvoicePolicy(StrEnum):
    """What to do with a refund of an invoice that is still open in NetSuite although the store was paid."""

    REFUND = "refund"
    WAIT = "wait"


class UnknownOrderPolicy(StrEnum):
    """What to do with a refund of an order that NetSuite never had."""

    WAIT = "wait"
    STAND_ALONE = "stand_alone"
