"""Where a batch takes from what is to be posted: all that is asked for of a NetSuite account, or only some refunds."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from contrapost.records import asks
from contrapost.records.asks import Priority

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from contrapost.records.asks import Asked


MOST_URGENT = 200
"""So many are given at once, at most."""


class Source(Protocol):
    """Gives what was asked for, and gives nothing twice unless it was asked for anew."""

    def more(self, most: int) -> list[Asked]:
        """Gives the next ones, so many at most."""
        ...

    def rewind(self) -> None:
        """Lets what was given and is still asked for be given again."""
        ...

    def urgent(self) -> list[Asked]:
        """Gives those that a person waits for and that were not given yet."""
        ...


class EveryAsk:
    """All that is asked for of one NetSuite account and due, the most urgent first."""

    def __init__(self, netsuite: str, now: Callable[[], datetime]) -> None:
        self._netsuite, self._now = netsuite, now
        self._given: dict[Priority, int] = defaultdict(int)

    def more(self, most: int) -> list[Asked]:
        """Gives the next ones."""
        return self._take(most)

    def rewind(self) -> None:
        """Begins again with the oldest: some may have become due."""
        self._given.clear()

    def urgent(self) -> list[Asked]:
        """Gives what a person asked for since."""
        return self._take(MOST_URGENT, only=Priority.MANUAL)

    def _take(self, most: int, *, only: Priority | None = None) -> list[Asked]:
        found = asks.take(self._netsuite, now=self._now(), after=self._given, most=most, only=only)
        for one in found:
            self._given[one.priority] = max(self._given[one.priority], one.id)
        return found


class TheseAsks:
    """What was asked for some refunds, in the order of the refunds."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._left = list(ids)

    def more(self, most: int) -> list[Asked]:
        """Gives the next ones; those that were answered meanwhile are left out."""
        found: list[Asked] = []
        while self._left and len(found) < most:
            some, self._left = self._left[:most], self._left[most:]
            there = asks.of(some)
            found += [there[id_] for id_ in some if id_ in there]
        return found

    def rewind(self) -> None:
        """Gives none of them twice: what was put off is another run's."""

    def urgent(self) -> list[Asked]:
        """Gives nothing: all of them are as urgent."""
        return []
