"""Money: exact, in one currency, split without losing a cent."""

from __future__ import annotations

from decimal import Decimal
from operator import add, ge, gt, le, lt, sub
from typing import TYPE_CHECKING, Any

import pytest
from builders import usd
from hypothesis import given
from hypothesis import strategies as st

from contrapost.refunds.money import CurrencyMismatchError, Money, decimals_of, split, total

if TYPE_CHECKING:
    from collections.abc import Callable

UNITS = st.integers(min_value=-(10**12), max_value=10**12)
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLP"])
WEIGHTS = st.lists(
    st.one_of(
        st.decimals(min_value=0, max_value=10**6, allow_nan=False, allow_infinity=False),
        st.fractions(min_value=0, max_value=1000).map(lambda part: Decimal(part.numerator) / part.denominator),
    ),
    min_size=1,
    max_size=12,
)


def _amount(units: int, currency: str) -> Money:
    return Money(Decimal(units).scaleb(-decimals_of(currency)), currency)


@given(UNITS, CURRENCIES, WEIGHTS)
def test_parts_of_a_split_add_up_to_the_amount(units: int, currency: str, weights: list[Decimal]) -> None:
    """The parts of a split add up exactly, each in whole minor units of its currency."""
    amount = _amount(units, currency)
    parts = split(amount, weights)
    assert total(parts, currency) == amount
    assert all(part.is_exact for part in parts)


@given(UNITS, CURRENCIES, WEIGHTS)
def test_each_part_is_within_a_unit_of_its_share(units: int, currency: str, weights: list[Decimal]) -> None:
    """No part is a whole minor unit or more away from its exact share, and none has the wrong sign."""
    amount = _amount(units, currency)
    shares = weights if any(weights) else [Decimal(1)] * len(weights)
    unit = Decimal(1).scaleb(-decimals_of(currency))
    for part, share in zip(split(amount, weights), shares, strict=True):
        exact = amount.amount * share / sum(shares)
        assert abs(part.amount - exact) < unit + Decimal("1e-12")
        assert part.amount * units >= 0


@pytest.mark.parametrize(
    ("amount", "currency", "weights", "parts"),
    [
        ("10.00", "USD", [1, 1, 1], ["3.34", "3.33", "3.33"]),
        ("-10.00", "USD", [1, 1, 1], ["-3.34", "-3.33", "-3.33"]),
        ("100", "JPY", [1, 1, 1], ["34", "33", "33"]),
        ("1.000", "KWD", [1, 1, 1], ["0.334", "0.333", "0.333"]),
        ("0.01", "USD", [0, 0], ["0.01", "0.00"]),
        ("5.00", "USD", [0, 1], ["0.00", "5.00"]),
        ("0.00", "USD", [3, 1], ["0.00", "0.00"]),
    ],
)
def test_splits_as_worked_by_hand(amount: str, currency: str, weights: list[int], parts: list[str]) -> None:
    """A few splits that anyone can check by hand."""
    made = split(Money.of(amount, currency), [Decimal(weight) for weight in weights])
    assert [part.text for part in made] == parts


@pytest.mark.parametrize("weights", [[], [Decimal(-1), Decimal(2)]])
def test_split_refuses_no_or_negative_weights(weights: list[Decimal]) -> None:
    """Without a weight, or with one below zero, there is nothing to split by."""
    with pytest.raises(ValueError, match="weights"):
        split(usd("1.00"), weights)


def test_split_refuses_what_is_finer_than_a_cent() -> None:
    """Half a cent cannot be split into whole cents."""
    with pytest.raises(ValueError, match="finer"):
        split(usd("1.005"), [Decimal(1)])


@pytest.mark.parametrize("operation", [add, sub, lt, le, gt, ge])
def test_currencies_do_not_mix(operation: Callable[[Money, Money], Any]) -> None:
    """Amounts of two currencies are neither added nor compared."""
    with pytest.raises(CurrencyMismatchError, match=r"1.00 USD and 1.00 EUR"):
        operation(usd("1.00"), Money.of("1.00", "EUR"))


def test_same_number_in_another_currency_is_another_amount() -> None:
    """One dollar does not equal one euro."""
    assert usd("1.00") != Money.of("1.00", "EUR")


@pytest.mark.parametrize("number", [1.1, 1, "1.10", None])
def test_money_takes_decimals_only(number: Any) -> None:
    """Money is made of a Decimal, never of a float or a bare number."""
    with pytest.raises(TypeError, match="Decimal"):
        Money(number, "USD")


def test_reading_an_amount_refuses_a_float() -> None:
    """A float has lost its cents already: reading it as an amount is refused."""
    with pytest.raises(TypeError, match="float"):
        Money.of(0.1, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "abc", "1,50", "12.50.1", "NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Text that is no finite decimal number is refused, naming it."""
    with pytest.raises(ValueError, match="amount"):
        Money.of(text, "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("12.5", "USD", "12.50"),
        ("12.500", "USD", "12.50"),
        ("1200", "JPY", "1200"),
        ("1.5", "KWD", "1.500"),
        ("12.505", "USD", "12.505"),
        ("1E+3", "JPY", "1000"),
    ],
)
def test_amount_reads_with_its_currencys_decimals(amount: str, currency: str, text: str) -> None:
    """An amount is shown with its currency's decimals, with more only where it has more."""
    assert Money.of(amount, currency).text == text


@given(st.integers(min_value=-(10**30), max_value=10**30))
def test_absurd_amounts_are_refused_when_read(number: int) -> None:
    """An amount that no store can mean is refused where it is read; every other can be shown and judged."""
    if abs(number) >= 10**15:
        with pytest.raises(ValueError, match="store can mean"):
            Money.of(number, "USD")
    else:
        assert Money.of(number, "USD").text == f"{number}.00"
        assert Money.of(number, "USD").is_exact
