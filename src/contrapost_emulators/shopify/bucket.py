"""The leaky bucket that limits queries: points come back at a steady rate, up to a most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

# Points a second by plan, as Shopify documents them; the bucket holds twenty seconds of them.
RATES = {"standard": 100, "advanced": 200, "plus": 1000, "enterprise": 2000}
SECONDS_HELD = 20


@dataclass
class Bucket:
    """The points one app has left in one shop."""

    rate: float = RATES["standard"]
    _left: float = field(default=-1.0)
    _at: datetime | None = None

    @property
    def maximum(self) -> float:
        """Gives how many points it holds when it is full."""
        return self.rate * SECONDS_HELD

    def left(self, now: datetime) -> float:
        """Says how many points are there now."""
        if self._at is None or self._left < 0:
            self._left = self.maximum
        elif now > self._at:
            self._left = min(self.maximum, self._left + (now - self._at).total_seconds() * self.rate)
        self._at = now
        return self._left

    def take(self, points: float, now: datetime) -> bool:
        """Takes points if so many are there."""
        if self.left(now) < points:
            return False
        self._left -= points
        return True

    def give_back(self, points: float) -> None:
        """Puts back what a query asked for and did not use."""
        self._left = min(self.maximum, self._left + points)

    def drain(self, now: datetime, leave: float = 0) -> None:
        """Leaves so many points, as if another query had used the rest."""
        self.left(now)
        self._left = max(0, min(leave, self.maximum))

    def status(self, now: datetime) -> dict[str, Any]:
        """Tells the bucket's state in Shopify's shape."""
        return {
            "maximumAvailable": float(self.maximum),
            "currentlyAvailable": int(self.left(now)),
            "restoreRate": float(self.rate),
        }
