"""Keyed values that can be put back to how they were, so that every write is all or nothing."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
RECENT = 500


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
        self._held: dict[K, Any] = {}

    def __getitem__(self, key: K) -> V:
        return self._value(key, self._held[key])

    def __setitem__(self, key: K, value: V) -> None:
        self._remember(key)
        self._held[key] = self._form(key, value)

    def __contains__(self, key: K) -> bool:
        return key in self._held

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: K) -> V | None:
        """The value at a key, or none."""
        return self[key] if key in self._held else None

    def remove(self, key: K) -> None:
        """Take a key away, if it is there."""
        if key in self._held:
            self._remember(key)
            del self._held[key]

    def items(self) -> Iterator[tuple[K, V]]:
        """All keys with their values, oldest first."""
        return ((key, self._value(key, form)) for key, form in list(self._held.items()))

    def values(self) -> Iterator[V]:
        """All values, oldest first."""
        return (value for _, value in self.items())

    def _form(self, key: K, value: V) -> Any:  # noqa: ANN401 - each kind of shelf has its own
        """The form in which a value is held."""
        del key
        return value

    def _value(self, key: K, form: Any) -> V:  # noqa: ANN401 - the same
        """The value that is held in a form."""
        del key
        value: V = form
        return value

    def _remember(self, key: K) -> None:
        if key in self._held:
            before = self._held[key]
            self._log.remember(lambda: self._held.__setitem__(key, before))
        else:
            self._log.remember(lambda: self._held.__delitem__(key))


class PackedShelf(Shelf[K, V]):
    """A shelf for very many values: each is held as the bytes in which it differs from the first of its sort.

    Two sales differ in little, so that one takes a tenth of the room its objects would; the values used last are kept
    as objects too.
    """

    def __init__(self, log: UndoLog, sort: Callable[[V], str]) -> None:
        super().__init__(log)
        self._sort = sort
        self._numbers: dict[str, int] = {}
        self._firsts: list[bytes] = []
        self._recent: dict[K, tuple[bytes, V]] = {}

    def of_sort(self, sort: str) -> Iterator[V]:
        """The values of one sort, oldest first."""
        return (self._value(key, packed) for key, packed in self._packed_of_sort(sort))

    def keys_of_sort(self, sort: str) -> list[K]:
        """The keys of the values of one sort, oldest first; nothing is unpacked for it."""
        return [key for key, _ in self._packed_of_sort(sort)]

    def _packed_of_sort(self, sort: str) -> list[tuple[K, bytes]]:
        number = self._numbers.get(sort)
        return [(key, packed) for key, packed in self._held.items() if packed[0] == number]

    def _form(self, key: K, value: V) -> bytes:
        plain = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        number = self._number(self._sort(value), plain)
        packer = zlib.compressobj(zdict=self._firsts[number])
        packed = bytes((number,)) + packer.compress(plain) + packer.flush()
        self._keep(key, packed, value)
        return packed

    def _number(self, sort: str, plain: bytes) -> int:
        if sort not in self._numbers:
            self._numbers[sort] = len(self._firsts)
            self._firsts.append(plain)
        return self._numbers[sort]

    def _value(self, key: K, form: bytes) -> V:
        known = self._recent.get(key)
        if known is not None and known[0] is form:
            return known[1]
        unpacker = zlib.decompressobj(zdict=self._firsts[form[0]])
        value: V = pickle.loads(unpacker.decompress(form[1:]))  # noqa: S301 - bytes of our own making
        self._keep(key, form, value)
        return value

    def _keep(self, key: K, packed: bytes, value: V) -> None:
        self._recent.pop(key, None)
        self._recent[key] = (packed, value)
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
