"""Keyed values that can be put back to how they were, so that every write is all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class UndoLog:
    """Remembers how to take back each change of the write that is under way."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], None]] = []

    def remember(self, step: Callable[[], None]) -> None:
        """Add the way back from one change."""
        self._steps.append(step)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Keep the changes made inside, or none of them when it raises."""
        self._steps.clear()
        try:
            yield
        except BaseException:
            self.take_back()
            raise
        self._steps.clear()

    def take_back(self) -> None:
        """Undo the changes, newest first."""
        while self._steps:
            self._steps.pop()()


class Shelf(Generic[K, V]):
    """A mapping whose changes are remembered; its values are replaced, never altered."""

    def __init__(self, log: UndoLog) -> None:
        self._log = log
        self._held: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        return self._held[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._remember(key)
        self._held[key] = value

    def __contains__(self, key: K) -> bool:
        return key in self._held

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: K) -> V | None:
        """The value at a key, or none."""
        return self._held.get(key)

    def remove(self, key: K) -> None:
        """Take a key away, if it is there."""
        if key in self._held:
            self._remember(key)
            del self._held[key]

    def items(self) -> list[tuple[K, V]]:
        """All keys with their values, oldest first."""
        return list(self._held.items())

    def values(self) -> list[V]:
        """All values, oldest first."""
        return list(self._held.values())

    def _remember(self, key: K) -> None:
        if key in self._held:
            before = self._held[key]
            self._log.remember(lambda: self._held.__setitem__(key, before))
        else:
            self._log.remember(lambda: self._held.__delitem__(key))
