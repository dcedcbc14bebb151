"""The emulator's clock, which runs or stands where a test set it, and what is to be done when it has come so far."""

from __future__ import annotations

import heapq
import itertools
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Tells the time, can be frozen, and can go before or behind the machine's."""

    def __init__(self) -> None:
        self.frozen: datetime | None = None
        self.skew = timedelta()

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.frozen or datetime.now(UTC) + self.skew

    def today(self) -> date:
        """The present day."""
        return self.now().date()

    def freeze(self, text: str | None) -> None:
        """Stand at a moment given in ISO form; none lets the clock run again, as the machine's does."""
        if text is None:
            self.frozen, self.skew = None, timedelta()
            return
        moment = datetime.fromisoformat(text)
        self.frozen = moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def go_wrong(self, seconds: int) -> None:
        """Run so many seconds before the machine's clock, or behind it."""
        self.frozen, self.skew = None, timedelta(seconds=seconds)


class Agenda:
    """Work that is done once the clock has come that far: a test moves the clock, and nobody waits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count()
        self._work: list[tuple[datetime, int, Callable[[], object]]] = []

    def add(self, seconds: float, work: Callable[[], object]) -> None:
        """Do a piece of work so many seconds from now; at once where that is none."""
        heapq.heappush(self._work, (self._clock.now() + timedelta(seconds=seconds), next(self._numbers), work))
        self.catch_up()

    def catch_up(self) -> None:
        """Do what is due by now, in the order in which it fell due."""
        while self._work and self._work[0][0] <= self._clock.now():
            _, _, work = heapq.heappop(self._work)
            work()

    def clear(self) -> None:
        """Forget what is still to be done."""
        self._work.clear()
