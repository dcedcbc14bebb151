"""Decides how the figures of a refund are to be read, by the money that moved.

Two things Shopify does not say on the refund itself. Where prices include tax, whether `subtotalSet` does too: those
who read it disagree. And whether what the refund's return and the shop's ledger name beside it (goods that went out
in exchange, return fees, additional fees) is part of this refund's money, or stands in its adjustments already. So
every reading is tested against what was paid out, and one is taken only where it comes to that, to the last minor
unit. Whether amounts carry their tax is asked of the shop's ledger where the money does not tell; where neither
does, the refund is held: this is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

from contrapost.refunds.document import TenderStatus
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contrapost.refunds.document import Adjustment, Tender

PENDING_REASON = "PENDING_REFUND_DISCREPANCY"
GOODS_OUT = "goods out"


class TaxReading(StrEnum):
    """What the amounts of lines and shipping hold."""

    WITHOUT_TAX = "without tax"
    WITH_TAX = "with tax"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The sums of one refund that the decision rests on."""

    goods: Money
    """Lines and shipping as they were sent."""
    tax: Money
    other: Money
    """Duties, and what the adjustments give or keep, other than for money that is still on its way."""
    paid: Money
    """Money that moved or is on its way."""
    beside: Mapping[str, Money]
    """What is named beside the refund and may be part of its money, by name: above zero, it gives more."""
    goods_out: Money
    """Goods that went out in exchange, with tax; they take away no more than there is."""
    ledger: Money | None
    """What the shop's ledger takes back for lines and shipping, after taxes, where it was read."""
    prices_include_tax: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How the figures are to be read."""

    tax: TaxReading
    counted: frozenset[str] = frozenset()
    """What of that beside the refund is part of its money."""
    adds_up: bool = False
    """So read, the refund comes to the money."""


def sums_of(
    goods: Sequence[tuple[Money, Money]], other: Sequence[Money], adjustments: Sequence[Adjustment],
    tenders: Sequence[Tender], currency: str,
) -> tuple[Money, Money, Money, Money]:  # fmt: skip
    """Adds up goods, their tax, what else is credited, and the money."""
    given = [each.amount + each.tax for each in adjustments if each.reason != PENDING_REASON]
    moved = [each.amount for each in tenders if each.status is not TenderStatus.FAILED]
    return (
        total((net for net, _ in goods), currency),
        total((tax for _, tax in goods), currency),
        total([*other, *given], currency),
        total(moved, currency),
    )


def fit(sums: Sums) -> Fit:
    """Finds the reading that comes to the money; without one, only the tax may still be told by the ledger.

    Of readings that differ only in what they count, the one that counts least is taken, goods out before fees: all
    come to the same amounts, whatever they are called.
    """
    fits = list(_fits(sums))
    readings = {found.tax for found in fits}
    how = readings.pop() if len(readings) == 1 else _by_ledger(sums)
    same = [found for found in fits if found.tax is how]
    return min(same, key=lambda found: (len(found.counted), GOODS_OUT not in found.counted), default=Fit(tax=how))


def _fits(sums: Sums) -> Iterator[Fit]:
    for how in _readings(sums):
        for counted in _choices(sums):
            if _comes_to(sums, how, counted) == sums.paid:
                yield Fit(tax=how, counted=counted, adds_up=True)


def _readings(sums: Sums) -> tuple[TaxReading, ...]:
    may_carry_tax = sums.prices_include_tax and bool(sums.tax)
    return (TaxReading.WITHOUT_TAX, TaxReading.WITH_TAX) if may_carry_tax else (TaxReading.WITHOUT_TAX,)


def _choices(sums: Sums) -> Iterator[frozenset[str]]:
    names = [name for name, amount in sums.beside.items() if amount] + ([GOODS_OUT] if sums.goods_out else [])
    for size in range(len(names) + 1):
        yield from (frozenset(chosen) for chosen in combinations(names, size))


def _comes_to(sums: Sums, how: TaxReading, counted: frozenset[str]) -> Money:
    gross = sums.goods + sums.other + total((sums.beside[name] for name in counted - {GOODS_OUT}), sums.paid.currency)
    if how is TaxReading.WITHOUT_TAX:
        gross += sums.tax
    taken = min(sums.goods_out, max(gross, Money.zero(gross.currency)))
    return gross - taken if GOODS_OUT in counted else gross


def _by_ledger(sums: Sums) -> TaxReading:
    readings = _readings(sums)
    if len(readings) == 1:
        return readings[0]
    if sums.ledger == sums.goods + sums.tax:
        return TaxReading.WITHOUT_TAX
    return TaxReading.WITH_TAX if sums.ledger == sums.goods else TaxReading.UNDECIDED
