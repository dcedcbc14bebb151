"""Ways that go on side by side: threads carry the calls to NetSuite, and one thread does everything else.

A way is a generator. It yields a call, its own or one together with others, and is given what came of it, or yields a
pause; whatever else it does, it does in the one thread that runs all ways. There is no barrier: as soon as one way
waits or ends, the next one goes on.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

Result = TypeVar("Result")

MOST_THREADS = 128
KEEP_SECONDS = 3.0
"""How often what has to be kept is kept, also while nothing ends."""


@dataclass(frozen=True, slots=True)
class Call:
    """Something to be done by a thread, while the others go on; what it gives or raises comes back to the way."""

    do: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Together:
    """Something to be done in one call with what other ways want of the same kind, once nothing else can be begun."""

    kind: str
    item: Any
    do: Callable[[list[Any]], list[Any]]
    """Given the items of several ways, gives what came of each, in their order."""
    most: int
    """So many are done in one call, at most."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing to be done for some seconds."""

    seconds: float


WayStep = Call | Together | Pause
Way = Generator[WayStep, Any, Result]


class Carrier(Protocol):
    """Does calls, somewhere."""

    def carry(self, call: Callable[[], Any]) -> Future[Any]:
        """Begins a call."""
        ...

    def ended(self, timeout: float) -> list[Future[Any]]:
        """Gives the calls that ended since it was last asked; waits for one, if need be, for no longer than this."""
        ...

    def end(self) -> None:
        """Begins nothing more; what is under way is left to itself."""
        ...


class Threads:
    """Carries each call in a thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="netsuite")
        self._ended: SimpleQueue[Future[Any]] = SimpleQueue()

    def carry(self, call: Callable[[], Any]) -> Future[Any]:
        """Begins a call in a thread."""
        future = self._pool.submit(call)
        future.add_done_callback(self._ended.put)
        return future

    def ended(self, timeout: float) -> list[Future[Any]]:
        """Gives the calls that ended, in the order in which they did."""
        try:
            found = [self._ended.get(timeout=timeout)]
        except Empty:
            return []
        while not self._ended.empty():
            found.append(self._ended.get())
        return found

    def end(self) -> None:
        """Begins nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Rolling(Generic[Result]):
    """Runs ways side by side, as many as there are seats.

    Args:
        seats: how many ways may be under way now.
        keep: called every few seconds while ways wait; what it raises ends all of them.
        sleep: takes seconds; called only while no call is under way.
        clock: seconds that only grow.
        carrier: does the calls.
    """

    def __init__(
        self,
        *,
        seats: Callable[[], int],
        keep: Callable[[], None],
        sleep: Callable[[float], None],
        clock: Callable[[], float] = time.monotonic,
        carrier: Carrier,
    ) -> None:
        self._seats, self._keep, self._sleep, self._clock, self._carrier = seats, keep, sleep, clock, carrier
        self._calling: dict[Future[Any], list[Way[Result]]] = {}
        self._gathered: dict[str, list[tuple[Together, Way[Result]]]] = {}
        self._pausing: list[tuple[float, int, Way[Result]]] = []
        self._begun = 0
        self._kept_at = clock()

    def run(self, begin: Callable[[], Way[Result] | None]) -> Iterator[Result]:
        """Runs ways until none is under way and none can be begun, and yields what each gives.

        Args:
            begin: gives the next way, or None where none can be begun before another one ends.
        """
        try:
            while True:
                while len(self._calling) + len(self._pausing) < self._seats() and (way := begin()):
                    yield from self._go_on(way)
                if self._calling:
                    yield from self._take_ended()
                elif self._gathered:
                    self._do_together(next(iter(self._gathered)))
                elif self._pausing:
                    self._sleep_until(self._pausing[0][0])
                    yield from self._wake()
                else:
                    return
        finally:
            self._carrier.end()

    def _take_ended(self) -> Iterator[Result]:
        now = self._clock()
        until_due = self._pausing[0][0] - now if self._pausing else KEEP_SECONDS
        for future in self._carrier.ended(max(0.0, min(until_due, KEEP_SECONDS))):
            ways, failed = self._calling.pop(future), future.exception()
            came = [None] * len(ways) if failed else future.result()
            for way, its_own in zip(ways, came, strict=True):
                yield from self._go_on(way, its_own, failed)
        while self._pausing and self._pausing[0][0] <= self._clock():
            yield from self._wake()
        if self._clock() - self._kept_at >= KEEP_SECONDS:
            self._keep_now()

    def _wake(self) -> Iterator[Result]:
        _, _, way = heapq.heappop(self._pausing)
        yield from self._go_on(way)

    def _go_on(
        self,
        way: Way[Result],
        came: Any = None,  # noqa: ANN401 - whatever the call gave
        failed: BaseException | None = None,
    ) -> Iterator[Result]:
        """Lets a way do what it does until it waits again, or ends."""
        try:
            step = way.throw(failed) if failed else way.send(came)
        except StopIteration as end:
            yield end.value
            return
        if isinstance(step, Call):
            self._calling[self._carrier.carry(lambda: [step.do()])] = [way]
        elif isinstance(step, Together):
            gathered = self._gathered.setdefault(step.kind, [])
            gathered.append((step, way))
            if len(gathered) >= step.most:
                self._do_together(step.kind)
        else:
            self._begun += 1
            heapq.heappush(self._pausing, (self._clock() + step.seconds, self._begun, way))

    def _do_together(self, kind: str) -> None:
        gathered = self._gathered.pop(kind)
        do, items = gathered[0][0].do, [step.item for step, _ in gathered]
        self._calling[self._carrier.carry(lambda: do(items))] = [way for _, way in gathered]

    def _sleep_until(self, due: float) -> None:
        left = due - self._clock()
        while left > 3 * KEEP_SECONDS:
            self._sleep(KEEP_SECONDS)
            self._keep_now()
            left -= KEEP_SECONDS
        self._sleep(max(0.0, left))

    def _keep_now(self) -> None:
        self._keep()
        self._kept_at = self._clock()
