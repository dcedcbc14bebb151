"""A day as calendars have it all over the Earth: the moments between which it is that day somewhere. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

FURTHEST_AHEAD: Final = timedelta(hours=14)
"""How much earlier than in UTC a day begins in the earliest zone."""
FURTHEST_BEHIND: Final = timedelta(hours=12)
"""How much later than in UTC a day ends in the latest zone."""


def start_of(day: date) -> datetime:
    """Gives the moment before which it is this day nowhere on Earth."""
    return datetime.combine(day, time(), UTC) - FURTHEST_AHEAD


def end_of(day: date) -> datetime:
    """Gives the moment from which on it is this day nowhere on Earth any more."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1) + FURTHEST_BEHIND
