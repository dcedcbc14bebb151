"""Keeps us from running out of Shopify's points: knows how many are left, and waits until there are enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from contrapost.stores.shopify.payload import decimal

_SPARE: Final = 0.1
LONGEST: Final = 60.0
"""Seconds that one wait may last, whatever the shop says."""


@dataclass(slots=True)
class Pacer:
    """The points we have left, as far as the last answer told; clock and sleep are given, so that tests own them."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _left: float = 0.0
    _most: float = 0.0
    _rate: float = 0.0
    _at: float = 0.0

    def wait_for(self, points: float) -> None:
        """Waits until so many points are there; as long as nothing is known of them, not at all."""
        if self._rate <= 0:
            return
        missing = min(points, self._most) - self._now()
        if missing > 0:
            self.sleep(min(missing / self._rate + _SPARE, LONGEST))

    def learn(self, answer: object) -> None:
        """Takes note of what an answer tells of the points."""
        cost = answer.get("extensions") if isinstance(answer, Mapping) else None
        status = cost.get("cost") if isinstance(cost, Mapping) else None
        status = status.get("throttleStatus") if isinstance(status, Mapping) else None
        if not isinstance(status, Mapping):
            return
        read = [decimal(status.get(name)) for name in ("currentlyAvailable", "maximumAvailable", "restoreRate")]
        if all(each is not None for each in read):
            self._left, self._most, self._rate = (float(each or 0) for each in read)
            self._at = self.clock()

    def _now(self) -> float:
        return min(self._most, self._left + max(0.0, self.clock() - self._at) * self._rate)
