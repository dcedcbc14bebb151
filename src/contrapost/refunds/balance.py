"""The amounts of a refund as the store states them, and what they leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.refunds.document import AdjustmentKind, TenderKind, TenderStatus
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from contrapost.refunds.document import Refund


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What one refund credits and where it went, in the refund's currency.

    credited = lines + charges + their tax + extra given - kept - goods out. `gap` is what of it went nowhere yet: to be
    found in a receivable reduced, or a fault.
    """

    lines: Money
    """With tax."""
    charges: Money
    """Shipping, duties, tips, fees, with tax."""
    extra_given: Money
    kept: Money
    paid_out: Money
    """Successful tenders of money."""
    to_liability: Money
    """Successful tenders of gift card and store credit."""
    pending: Money
    """Tenders that have not been decided yet."""
    cash_rounding: Money
    """What paying out in coins added; below zero where it took. It is rounding, and no part of what is credited."""
    goods_out: Money
    """With tax: what of the goods taken back the customer took in other goods. What these cost more is a sale."""
    extra_sold: Money
    """What goods out cost beyond all that is credited: sold by the exchange, and no part of the refund."""

    @property
    def credited(self) -> Money:
        """What the customer is credited in all, net of the goods that went out in exchange."""
        return self.gross - self.goods_out

    @property
    def gross(self) -> Money:
        """What credit documents come to where another record bills the goods that went out in exchange."""
        return self.lines + self.charges + self.extra_given - self.kept

    @property
    def amount(self) -> Money:
        """What a person calls the amount of the refund: what went to the customer or is on its way, else the credit."""
        return (self.paid_out + self.to_liability + self.pending) or self.credited

    @property
    def gap(self) -> Money:
        """What is credited but neither paid out nor given as a liability; below zero, more went out than credited."""
        return self.credited + self.cash_rounding - self.paid_out - self.to_liability


def balance(refund: Refund) -> Balance:
    """Adds up a refund."""
    currency = refund.currency
    differences = (one for one in refund.adjustments if one.kind is AdjustmentKind.DIFFERENCE)
    adjustments = [one.amount + one.tax for one in differences]
    lines = total((line.credited + line.tax for line in refund.lines), currency)
    charges = total((charge.credited + charge.tax for charge in refund.charges), currency)
    extra_given = total((amount for amount in adjustments if amount.amount > 0), currency)
    kept = -total((amount for amount in adjustments if amount.amount < 0), currency)
    out = total((line.credited + line.tax for line in refund.goods_out), currency)
    taken = min(out, max(lines + charges + extra_given - kept, Money.zero(currency)))
    return Balance(
        lines=lines,
        charges=charges,
        extra_given=extra_given,
        kept=kept,
        cash_rounding=cash_rounding(refund),
        goods_out=taken,
        extra_sold=out - taken,
        paid_out=_tendered(refund, TenderStatus.SUCCEEDED, TenderKind.MONEY),
        to_liability=_tendered(refund, TenderStatus.SUCCEEDED, TenderKind.GIFT_CARD, TenderKind.STORE_CREDIT),
        pending=_tendered(refund, TenderStatus.PENDING, *TenderKind),
    )


def cash_rounding(refund: Refund) -> Money:
    """Adds up what paying out in coins added to a refund, or took from it."""
    coins = (one for one in refund.adjustments if one.kind is AdjustmentKind.CASH_ROUNDING)
    return total((one.amount + one.tax for one in coins), refund.currency)


def _tendered(refund: Refund, status: TenderStatus, *kinds: TenderKind) -> Money:
    tenders = (tender.amount for tender in refund.tenders if tender.status is status and tender.kind in kinds)
    return total(tenders, refund.currency)
