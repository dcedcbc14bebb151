"""Amounts as the tables hold them: whole minor units, with the currency beside them."""

from __future__ import annotations

from decimal import Decimal

from contrapost.refunds.money import Money, decimals_of


def to_minor(amount: Money) -> int:
    """Gives an amount in minor units of its currency, rounded half up: 12.50 USD is 1250, 1250 JPY is 1250."""
    return int(amount.rounded().amount.scaleb(decimals_of(amount.currency)))


def from_minor(minor: int, currency: str) -> Money:
    """Gives the amount that these minor units of a currency are."""
    return Money(Decimal(minor).scaleb(-decimals_of(currency)), currency)
