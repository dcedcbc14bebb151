"""When a refund is looked at again: soon at first, then ever more seldom, and never not at all. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

PAUSES: Final = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""What lies between the first looks; from then on it is a day."""
LONGEST_PAUSE: Final = timedelta(days=1)
SPREAD: Final = 0.2
"""A pause is made longer by up to this part, so that what came together is not looked at together for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How often a refund was looked at without coming further, and when it is looked at next."""

    since: datetime | None = None
    """Since when it waits; none where it does not wait."""
    count: int = 0
    """Looks since then, or since what it waits for changed."""
    next_at: datetime | None = None


NO_LOOKS: Final = Looks()


def waits_on(before: Looks, *, id_: int, now: datetime, same: bool) -> Looks:
    """Gives the looks of a refund that was looked at now and has to wait.

    Args:
        before: its looks so far.
        id_: the refund, from which the spread of its pauses comes.
        now: the present moment.
        same: it waits for the same thing as before; for another one it is looked at soon again.
    """
    tried = tries_on(before if same else replace(before, count=0), id_=id_, now=now)
    return replace(tried, since=before.since or now)


def tries_on(before: Looks, *, id_: int, now: datetime) -> Looks:
    """Gives the looks of a refund that was held now for something that passes by itself, or is mended elsewhere."""
    count = before.count + 1
    return Looks(count=count, next_at=now + pause_after(count, id_))


def pause_after(count: int, id_: int) -> timedelta:
    """Gives the pause after so many looks: the same for the same refund, whenever it is asked for."""
    pause = PAUSES[count - 1] if 0 < count <= len(PAUSES) else LONGEST_PAUSE
    drawn = hashlib.sha256(f"{id_}:{count}".encode()).digest()
    return pause * (1 + SPREAD * int.from_bytes(drawn[:4]) / 2**32)


def waited_for(since: datetime, now: datetime) -> str:
    """Says in words how long something has waited: `3 days`, `5 hours`, `12 minutes`."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    for unit, length in (("day", 24 * 60), ("hour", 60)):
        if minutes >= length:
            return _counted(minutes // length, unit)
    return _counted(minutes, "minute")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
