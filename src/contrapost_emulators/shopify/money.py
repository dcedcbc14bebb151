"""Money bags: an amount in the shop's currency and in the customer's, in Shopify's shape."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

Bag = dict[str, Any]

MOST = Decimal(10) ** 15
"""No amount reaches it."""

# Currencies whose smallest unit is not a hundredth; all others have two decimals.
_DECIMALS = dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0) | dict.fromkeys(
    ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3
)


def amount_text(value: object, currency: str) -> str:
    """Writes an amount as Shopify does: at least the currency's decimals, no more than it was given.

    Raises:
        ValueError: the value is no finite number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(f"{value!r} is no amount")  # noqa: TRY004 - one class for all that is no amount
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount") from None
    if not amount.is_finite() or abs(amount) >= MOST:
        raise ValueError(f"{value!r} is no amount")
    rounded = amount.quantize(_unit(currency), rounding=ROUND_HALF_UP)
    return f"{rounded if rounded == amount else amount:f}"


def one(amount: object, currency: str) -> Bag:
    """Makes one amount of money."""
    return {"__typename": "MoneyV2", "amount": amount_text(amount, currency), "currencyCode": currency}


def bag(shop: Bag, presentment: Bag | None = None) -> Bag:
    """Makes a bag; where the customer's amount is not given it is the shop's."""
    return {"__typename": "MoneyBag", "shopMoney": shop, "presentmentMoney": presentment or dict(shop)}


def add(bags: list[Bag], zero: Bag) -> Bag:
    """Adds bags, in both of their currencies."""
    return _each(zero, lambda side: sum((_amount(each, side) for each in bags), Decimal(0)))


def less(first: Bag, second: Bag) -> Bag:
    """Takes the second bag from the first."""
    return _each(first, lambda side: _amount(first, side) - _amount(second, side))


def times(whole: Bag, factor: Decimal) -> Bag:
    """Multiplies a bag and rounds half up to the smallest unit."""
    return _each(whole, lambda side: _rounded(_amount(whole, side) * factor, whole[side]["currencyCode"]))


def shop_amount(whole: Bag) -> Decimal:
    """Gives the amount in the shop's currency."""
    return _amount(whole, "shopMoney")


def _amount(whole: Bag, side: str) -> Decimal:
    return Decimal(whole[side]["amount"])


def _each(like: Bag, amount_of: Any) -> Bag:  # noqa: ANN401 - a function of the side's name
    sides = (one(amount_of(side), like[side]["currencyCode"]) for side in ("shopMoney", "presentmentMoney"))
    return bag(*sides)


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(_unit(currency), rounding=ROUND_HALF_UP)


def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-_DECIMALS.get(currency, 2))
