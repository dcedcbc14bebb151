"""Measures the NetSuite client under an account's limit: how much of it is used, and how much is turned away."""

from __future__ import annotations

import random
import resource
import statistics
import sys
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from contrapost.demo.processes import emulator
from contrapost.netsuite.answers import Answer, Refused, Written
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.settings import read_settings
from contrapost.posting.rolling import Call, Pause, Rolling, Threads, Way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench_tables import Row

WRITES = 2_000
LATENCY_MS = 300
ALONE, SHARED, TURNED_AWAY, AIM_AT_50 = 0.95, 0.90, 0.01, 0.80
"""The least parts of the ceiling, and the largest part of calls turned away."""


@dataclass(frozen=True)
class Measured:
    """What many writes came to."""

    seconds: float
    calls: int
    turned_away: int
    client_busy: float
    """Processor seconds of this process."""
    emulator_busy: float
    """Processor seconds of the emulator, its start among them."""
    call_ms: float
    """How long a call took, on average, from when it was sent to when its answer was there."""

    def share_of(self, at_once: int, call_ms: float = LATENCY_MS) -> float:
        """The part of the ceiling, which is so many calls at once over the time one takes."""
        return WRITES / self.seconds / (at_once / (call_ms / 1000))

    def figures(self, at_once: int) -> str:
        """The rate; how much of that is the client's own doing; and who was how busy."""
        client, books = (busy / self.seconds for busy in (self.client_busy, self.emulator_busy))
        own = f"{self.share_of(at_once, self.call_ms):.1%} of what its {self.call_ms:.0f} ms a call allow"
        return f"{WRITES / self.seconds:.1f} writes/s, {own}; client busy {client:.0%}, emulator {books:.0%}"


def client() -> list[Row]:
    """Measures 2,000 writes at three limits, alone and with half of the places taken by others."""
    return [row for limit in (5, 15, 50) for row in _at(limit)]


def _at(limit: int) -> Iterator[Row]:
    alone = _measured(limit, others=0)
    aim = AIM_AT_50 if limit == 50 else ALONE  # noqa: PLR2004 - the largest limit measured
    yield _row(f"{limit} at once, alone: part of the ceiling", alone, limit, aim)
    turned_away = f"{alone.turned_away} of {alone.calls}"
    yield f"{limit} at once, alone: calls turned away", turned_away, "none", not alone.turned_away
    others = limit // 2
    shared = _measured(limit, others=others)
    what = f"{limit} at once, {others} taken by others"
    yield _row(f"{what}: part of what is left", shared, limit - others, SHARED)
    part = shared.turned_away / shared.calls
    turned_away = f"{shared.turned_away} of {shared.calls} ({part:.1%})"
    yield f"{what}: calls turned away", turned_away, f"under {TURNED_AWAY:.0%}", part < TURNED_AWAY


def _row(what: str, measured: Measured, at_once: int, aim: float) -> Row:
    share = measured.share_of(at_once)
    return what, f"{share:.1%} ({measured.figures(at_once)})", f"at least {aim:.0%}", share >= aim


def _measured(limit: int, *, others: int) -> Measured:
    """A new client each time: that it learns the limit is part of what is measured."""
    before = _of_children()
    with emulator("netsuite", "contrapost_emulators.netsuite") as books:
        books.ask("POST", "seed", _SEED)
        terms = {"account_limit": limit, "taken_by_others": others, "latency_ms": LATENCY_MS}
        books.ask("POST", "governance", terms)
        settings, _ = read_settings(books.credentials())
        if settings is None:
            sys.exit("The emulator gave no credentials")
        begun, busy = time.perf_counter(), time.process_time()
        call_ms = _write_all(RestNetSuite(settings))
        seconds, client_busy = time.perf_counter() - begun, time.process_time() - busy
        turned_away = books.ask("GET", "governance")["turned_away"]
        calls = len(books.ask("GET", "journal")["requests"])
    return Measured(seconds, calls, turned_away, client_busy, _of_children() - before, call_ms)


def _of_children() -> float:
    """The processor seconds of processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _write_all(net: RestNetSuite) -> float:
    """Writes side by side, as posting does, but without a database; gives how long a call took on average."""
    numbers = iter(range(WRITES))
    rolling: Rolling[int] = Rolling(
        seats=lambda: net.room + net.room // 4, keep=lambda: None, sleep=time.sleep, carrier=Threads()
    )

    def begin() -> Way[int] | None:
        number = next(numbers, None)
        return None if number is None else _way(net, number)

    return statistics.mean(rolling.run(begin))


def _way(net: RestNetSuite, number: int) -> Way[int]:
    while True:
        answer: Answer = yield Call(partial(net.create, "cashSale", _sale(number), what=f"write sale {number}"))
        if isinstance(answer, Written) and answer.exchange:
            return answer.exchange.milliseconds
        if not (isinstance(answer, Refused) and answer.retryable):
            sys.exit(f"Not written: {answer}")
        yield Pause(random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret


def _sale(number: int) -> dict[str, Any]:
    line = {"item": {"externalId": "card"}, "quantity": 1, "amount": 10}
    return {"externalId": f"sale-{number}", "entity": {"externalId": "ada"}, "item": {"items": [line]}}


_SEED = [
    {"type": "customer", "body": {"externalId": "ada", "companyName": "Ada"}},
    {"type": "nonInventorySaleItem", "body": {"externalId": "card", "itemId": "CARD"}},
]
