"""Money: an exact amount in one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from contrapost.refunds.currencies import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NO_STORE_MEANS: Final = Decimal(10) ** 15
"""Amounts from here on would need more digits than sums are exact to."""


class CurrencyMismatchError(TypeError):
    """Amounts of different currencies were added or compared."""


def decimals_of(currency: str) -> int:
    """Gives the decimals of an ISO 4217 currency: USD 2, JPY 0, KWD 3."""
    return DECIMALS.get(currency, 2)


def is_currency(code: str) -> bool:
    """Says whether ISO 4217 knows this code."""
    return code in DECIMALS


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency; adds only to its own kind.

    The amount may carry more decimals than the currency has (some stores send them): `is_exact` tells.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        amount: object = self.amount
        if not isinstance(amount, Decimal):
            raise TypeError(f"Money takes a Decimal, not {type(amount).__name__}")
        if not self.amount.is_finite():
            raise ValueError(f"Money takes a finite amount, not {self.amount}")

    @classmethod
    def of(cls, text: str | int | Decimal, currency: str) -> Money:
        """Reads an amount as people write it: `Money.of("12.50", "USD")`.

        Raises:
            ValueError: the text is no finite decimal number, or one that no store can mean.
            TypeError: it is a float, which has lost its cents already.
        """
        given: object = text
        if isinstance(given, float):
            raise TypeError(f"Money is not read from a float such as {text}")
        try:
            amount = Decimal(text)
        except InvalidOperation:
            raise ValueError(f"{text!r} is no amount of money") from None
        if amount.is_finite() and abs(amount) >= _NO_STORE_MEANS:
            raise ValueError(f"{text!r} is no amount of money that a store can mean")
        return cls(amount, currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Gives nothing, in this currency."""
        return cls(Decimal(0), currency)

    @property
    def is_exact(self) -> bool:
        """Says whether the amount needs no more decimals than the currency has."""
        exponent = self.amount.as_tuple().exponent
        fits = isinstance(exponent, int) and -exponent <= decimals_of(self.currency)
        return fits or self.rounded().amount == self.amount

    def rounded(self) -> Money:
        """Rounds half up to the currency's decimals."""
        unit = Decimal(1).scaleb(-decimals_of(self.currency))
        return Money(self.amount.quantize(unit, rounding=ROUND_HALF_UP), self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other).amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other).amount

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other).amount

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other).amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"

    @property
    def text(self) -> str:
        """The amount with the currency's decimals, or more where it has more: `12.50`."""
        amount = self.amount + 0  # zero is shown without a sign
        return f"{Money(amount, self.currency).rounded().amount if self.is_exact else amount.normalize():f}"

    def _same(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self} and {other} are of different currencies")
        return other


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Adds amounts of one currency; of none, the sum is zero in that currency.

    Raises:
        CurrencyMismatchError: an amount is of another currency.
    """
    added = Decimal(0)
    for amount in amounts:
        if amount.currency != currency:
            raise CurrencyMismatchError(f"{amount} is not of {currency}")
        added += amount.amount
    return Money(added, currency)


def split(amount: Money, weights: Sequence[Decimal]) -> tuple[Money, ...]:
    """Splits an amount by weights so that the parts add up to it exactly.

    Each part is rounded to the currency's minor unit; what is left over goes, one unit at a time, to the parts that
    rounding cut most (the first of equals). With all weights zero the parts are weighed alike.

    Raises:
        ValueError: there is no weight, or one is negative, or the amount itself is finer than the minor unit.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("split takes one or more weights, none of them negative")
    if not amount.is_exact:
        raise ValueError(f"{amount} is finer than the smallest unit of its currency")
    if len(weights) == 1:
        return (amount,)
    shares = list(weights) if any(weights) else [Decimal(1)] * len(weights)
    whole = sum(shares, Decimal(0))
    units = int(abs(amount.amount).scaleb(decimals_of(amount.currency)))
    parts = [int(units * share // whole) for share in shares]
    cut = [units * share / whole - part for share, part in zip(shares, parts, strict=True)]
    for index in sorted(range(len(parts)), key=lambda index: -cut[index])[: units - sum(parts)]:
        parts[index] += 1
    sign = -1 if amount.amount < 0 else 1
    return tuple(Money(Decimal(sign * part).scaleb(-decimals_of(amount.currency)), amount.currency) for part in parts)
