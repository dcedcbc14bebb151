"""The day a refund is booked on: its own, or one in an open period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.mapping.policies import PeriodPolicy
from contrapost.netsuite.bill import Waiting
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from contrapost.netsuite.lists import Period


@dataclass(frozen=True, slots=True)
class BookingDay:
    """The transaction date, its posting period, and why."""

    day: date
    period_id: str
    why: str
    moved: bool = False


def booking_day(
    day: date, periods: Sequence[Period], policy: PeriodPolicy, *, refunded_on: date | None = None
) -> BookingDay | Waiting | Finding:
    """Finds the day and period a refund is booked in that is to be booked on this day.

    A period that is closed, or locked for A/R, counts as closed. The transaction date moves along with the period,
    because NetSuite may refuse a date outside its period (*Allow Transaction Date Outside of Posting Period*).
    """
    own = next((period for period in periods if period.start <= day <= period.end), None)
    if own is None:
        return error(
            "period_missing",
            f"NetSuite has no accounting period for {day}.",
            fix="Set up the fiscal year in NetSuite (Setup > Accounting > Manage Accounting Periods), then try again.",
        )
    own_day = refunded_on is None or day == refunded_on
    if not own.closed:
        whose = (
            "the day of the refund in the shop's time zone" if own_day else "the day of posting, as the profile says"
        )
        return BookingDay(day, own.id, f"{whose}; period {own.name} is open", moved=not own_day)
    if policy is PeriodPolicy.HOLD:
        return Waiting(
            code="period_closed",
            message=f"The accounting period {own.name} is closed or locked for A/R.",
            fix="Reopen the period in NetSuite, or set the account's period policy to next_open.",
        )
    if policy is PeriodPolicy.ASK:
        return error(
            "period_closed",
            f"The accounting period {own.name} is closed or locked for A/R, and the account asks what to do.",
            fix="Reopen the period in NetSuite, or set the account's period policy to next_open and retrieve the "
            "refund again.",
            where="period",
        )
    later = sorted((period for period in periods if period.start > day and not period.closed), key=lambda p: p.start)
    if not later:
        return error(
            "period_missing",
            f"The accounting period {own.name} is closed, and NetSuite has no later one that is open.",
            fix="Open a period in NetSuite, then try again.",
        )
    first = later[0]
    return BookingDay(
        first.start, first.id, f"period {own.name} is closed, so the first day of the next open one", moved=True
    )
