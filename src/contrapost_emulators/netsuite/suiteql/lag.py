"""How far SuiteQL is behind what was written: the records that wait, and when each is seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, str]
LONGEST_LAG = 10**7


@dataclass(frozen=True, slots=True)
class Lag:
    """What is written is not seen by so many queries, and not for so many seconds of the emulator's clock."""

    queries: int = 0
    seconds: int = 0


def read_lag(body: object) -> Lag:
    """A lag from its JSON form: `{"queries": 3}`, `{"seconds": 30}`, both, or none."""
    if not isinstance(body, dict) or not body.keys() <= {"queries", "seconds"}:
        raise Refused("bad request", why="there is: queries, seconds")
    for name, value in body.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_LAG:
            raise Refused("bad request", why=f"{name} is a whole number from 0")
    return Lag(**body)


class Queue:
    """The records that SuiteQL is still to see; one that is written again waits anew."""

    def __init__(self) -> None:
        self._queries = 0
        self._waiting: dict[Key, tuple[int, datetime | None]] = {}

    def add(self, written: Mapping[Key, datetime], lag: Lag) -> None:
        """Let records wait that were written at some moments."""
        for key, moment in written.items():
            due = moment + timedelta(seconds=lag.seconds) if lag.seconds else None
            self._waiting[key] = (self._queries + lag.queries, due)

    def take_due(self, now: datetime) -> list[Key]:
        """The records that a query which is asked now sees anew."""
        due = [
            key
            for key, (query, moment) in self._waiting.items()
            if query <= self._queries and (moment is None or moment <= now)
        ]
        for key in due:
            del self._waiting[key]
        return sorted(due)

    def count_query(self) -> None:
        """Count a query that was asked."""
        self._queries += 1
