"""How many calls are under way to one NetSuite account at once: as many as it takes, and no more.

NetSuite counts the calls of a whole account, other integrations' too, and turns away with 429 what is beyond its
limit. The limit is asked for where our role may ask; then others' calls are found out about by what is turned away.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MOST = 100
"""More calls at once than this are never made."""
FIRST = 4
"""So many calls at once are made before the limit is known: every account takes five."""
_SLOWER = 2
PATIENCE = 150
"""After a call was turned away, so many must be answered before one more at once is tried; if that one is turned away
too, twice as many: what is turned away stays far below one in a hundred."""
MOST_PATIENCE = 2400
PATIENCE_SECONDS = 60.0
"""After so much time one more is tried all the same: others may have stopped."""
ASK_AGAIN_SECONDS = 600.0
"""How often the account's limit is asked for again while all of it is in use: it grows when more is bought."""


@dataclass(slots=True)
class Window:
    """How many calls may be under way now: up by one where all goes well, down at once where one is turned away.

    Nothing is read from a clock here: `now` is seconds that only grow.
    """

    ceiling: int = FIRST
    """The account's limit as far as it is known."""
    room: int = FIRST
    _patience: int = 0
    """Answers to wait for before the next raise; none as long as nothing was turned away."""
    _answers: int = 0
    """Since the last change."""
    _changed_at: float = 0.0
    _probing: bool = False
    """The last change was a raise, and nothing was turned away since."""

    def learn(self, limit: int | None) -> None:
        """Takes over the account's limit: two fifths are used at once, and the rest, which others may hold, by steps.

        Where the account does not tell its limit, that is found out by steps alone.
        """
        self.ceiling = max(1, min(limit or MOST, MOST))
        wanted = max(self.room, 2 * self.ceiling // 5) if limit and not self._patience else self.room
        self.room = min(wanted, self.ceiling)

    def answered(self, now: float) -> None:
        """Counts a call that was not turned away."""
        self._answers += 1
        if self.room >= self.ceiling:
            return
        if self._answers >= self._step() or now - self._changed_at >= PATIENCE_SECONDS:
            if self._probing and self._patience:
                self._patience = PATIENCE
            self._change(self.room + 1, now)
            self._probing = True

    def _step(self) -> int:
        """For how many answers to wait before the next raise.

        Where the limit is not told, half of what is ever used is reached fast, and the rest more slowly. After a call
        was turned away the first raise waits long, and those after it only until that one has proved itself.
        """
        if self._patience:
            return min(self.room, self._patience) if self._probing else self._patience
        return 0 if 2 * self.room < self.ceiling else _SLOWER

    def turned_away(self, under_way: int, now: float) -> None:
        """Makes room for the others: one less than were under way, the one that was turned away among them.

        Where far fewer were under way, others came suddenly and may go as suddenly: then only half is given up.
        """
        failed_probe = self._patience and self._probing
        self._patience = min(self._patience * 2, MOST_PATIENCE) if failed_probe else max(self._patience, PATIENCE)
        self._change(max(1, self.room // 2, min(self.room, under_way - 1)), now)
        self._probing = False

    def _change(self, room: int, now: float) -> None:
        self.room, self._answers, self._changed_at = room, 0, now


class Slots:
    """The calls to one account in this process, shared by all its threads: first come, first served."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._under_way = 0
        self._window = Window()
        self._asked_at: float | None = None

    @property
    def room(self) -> int:
        """How many calls may be under way now."""
        with self._lock:
            return self._window.room

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Waits for its turn, and holds one call's place for the time of a block."""
        self._take()
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                self._hand_on()

    def answered(self) -> None:
        """Says that the call in this slot was answered."""
        with self._lock:
            self._window.answered(self._clock())
            self._hand_on()

    def turned_away(self) -> None:
        """Says that the call in this slot was turned away because too many were under way."""
        with self._lock:
            self._window.turned_away(self._under_way, self._clock())

    def must_ask(self, coming: int = 1) -> bool:
        """Says, once, that the account's limit must be asked for: more calls come than are safe without knowing it.

        Asking takes no slot: it is the fifth of five calls.
        """
        with self._lock:
            must = self._asked_at is None and self._under_way + coming > self._window.room
            if must:
                self._asked_at = self._clock()
            return must

    def must_ask_again(self) -> bool:
        """Says, every ten minutes in which all of the limit is in use, that it must be asked for again; in a slot."""
        with self._lock:
            now, in_use = self._clock(), min(self._under_way, self._window.room)
            must = (
                self._asked_at is not None
                and now - self._asked_at >= ASK_AGAIN_SECONDS
                and in_use >= self._window.ceiling
            )
            if must:
                self._asked_at = now
            return must

    def learn(self, limit: int | None) -> None:
        """Takes over the account's limit; None where it does not tell."""
        with self._lock:
            self._window.learn(limit)
            self._hand_on()

    def _take(self) -> None:
        with self._lock:
            if not self._waiting and self._under_way < self._window.room:
                self._under_way += 1
                return
            turn = threading.Event()
            self._waiting.append(turn)
        try:
            turn.wait()
        except BaseException:
            self._give_up(turn)
            raise

    def _give_up(self, turn: threading.Event) -> None:
        with self._lock:
            if turn.is_set():
                self._under_way -= 1
            else:
                self._waiting.remove(turn)
            self._hand_on()

    def _hand_on(self) -> None:
        while self._waiting and self._under_way < self._window.room:
            self._under_way += 1
            self._waiting.popleft().set()


def limit_in(said: Mapping[str, Any]) -> int | None:
    """Reads the answer of `governanceLimits`: what is ours, or what is left to those for whom nothing is set aside."""
    own = said.get("integrationLimitType") == "integrationSpecific"
    names = ("integrationConcurrencyLimit",) if own else _SHARED
    return next((said[name] for name in names if isinstance(said.get(name), int) and said[name] > 0), None)


_SHARED = ("accountUnallocatedConcurrencyLimit", "accountConcurrencyLimit")
