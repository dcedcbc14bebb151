"""How much the account takes at once: its concurrency limit, which all its integrations share, and how long it takes.

The control plane reads it with `GET /_emulator/governance` and changes it with a `POST` of any of its settings:

    {"account_limit": 15, "taken_by_others": 7, "latency_ms": 300}
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_SETTING = 10_000_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What the control plane can set; the defaults are those of the standard service tier."""

    account_limit: int = 5
    """Requests that the whole account takes at once."""
    set_aside_for_others: int = 0
    """The part of it that is allocated to other integrations."""
    integration_limit: int | None = None
    """The part that is allocated to this integration; without one it shares what is not allocated."""
    taken_by_others: int = 0
    """Requests that other integrations have under way now, out of what is not allocated."""
    latency_ms: int = 0
    """How long each request takes, the emulator's own work in it; it is carried out halfway, and its place taken all
    the while."""
    async_seconds: int = 0
    """How long an asynchronous job takes by the emulator's clock."""
    administrator: bool = True
    """Whether the role that signs in may read the limits."""

    @property
    def unallocated(self) -> int:
        """What all integrations without a limit of their own share."""
        return max(0, self.account_limit - self.set_aside_for_others - (self.integration_limit or 0))

    @property
    def places(self) -> int:
        """How many requests of this integration are taken at once now."""
        if self.integration_limit is not None:
            return self.integration_limit
        return max(0, self.unallocated - self.taken_by_others)

    def document(self) -> dict[str, object]:
        """What the operation `governanceLimits` answers."""
        if not self.administrator:
            raise Refused("permission")
        limits: dict[str, object] = {
            "accountConcurrencyLimit": self.account_limit,
            "accountUnallocatedConcurrencyLimit": self.unallocated,
        }
        if self.integration_limit is None:
            return {**limits, "integrationLimitType": "accountLimit"}
        own = {"integrationConcurrencyLimit": self.integration_limit, "integrationLimitType": "integrationSpecific"}
        return limits | own


class Governance:
    """Counts the requests under way, and turns away what is beyond the limit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Back to the limits of a fresh account."""
        with self._lock:
            self.terms = Terms()
            self._under_way = self._most = self._turned_away = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one request's place for the time of a block, or refuse the request."""
        with self._lock:
            if self._under_way >= self.terms.places:
                self._turned_away += 1
                raise Refused("concurrency")
            self._under_way += 1
            self._most = max(self._most, self._under_way)
        try:
            yield
        finally:
            with self._lock:
                self._under_way = max(0, self._under_way - 1)

    def shown(self) -> dict[str, object]:
        """The settings, and what was counted since they were set last."""
        with self._lock:
            counted = {"under_way": self._under_way, "most_at_once": self._most, "turned_away": self._turned_away}
            return asdict(self.terms) | counted

    def change(self, body: object) -> None:
        """Set what a request names, all of it or nothing, and count anew."""
        known = asdict(Terms())
        if not isinstance(body, dict) or not body.keys() <= known.keys():
            raise Refused("bad request", why=f"there is: {', '.join(known)}")
        for name, value in body.items():
            _check(name, value)
        with self._lock:
            self.terms = replace(self.terms, **body)
            self._most, self._turned_away = self._under_way, 0


def _check(name: str, value: object) -> None:
    if name == "administrator":
        if not isinstance(value, bool):
            raise Refused("bad request", why=f"{name} is true or false")
    elif value is None and name == "integration_limit":
        return
    elif isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_SETTING:
        raise Refused("bad request", why=f"{name} is a whole number from 0")
