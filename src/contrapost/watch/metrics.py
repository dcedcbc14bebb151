"""The figures as metrics: gauges of what stands in the database, beside the counters of this process."""

from __future__ import annotations

import threading
import time
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from contrapost.counts import REGISTRY
from contrapost.records import figures
from contrapost.records.errors import DATABASE_LOST
from contrapost.records.setup import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from prometheus_client import Metric

    from contrapost.records.figures import Figures

READ_AFTER_SECONDS = 10.0
"""However often it is asked, the database is asked no more often than this."""


class Readings(Collector):
    """Reads the figures when metrics are asked for. Safe to share between threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._read: tuple[float, list[Metric]] = (float("-inf"), [])

    def collect(self) -> Iterable[Metric]:
        """Gives them; those of the database are missing while it is lost, and one says so."""
        with self._lock:
            if time.monotonic() - self._read[0] >= READ_AFTER_SECONDS:
                self._read = (time.monotonic(), list(self._fresh()))
            return self._read[1]

    def _fresh(self) -> Iterator[Metric]:
        yield _one("contrapost_release", "This program's release.", [((version("contrapost"),), 1)], "release")
        try:
            with database():
                found = figures.read()
        except DATABASE_LOST:
            yield _one("contrapost_database_up", "Whether the database answers.", [((), 0)])
            return
        yield _one("contrapost_database_up", "Whether the database answers.", [((), 1)])
        yield from _of_refunds(found, self._now())
        yield from _of_work(found, self._now())


def registry_of(readings: Readings) -> CollectorRegistry:
    """Gives all metrics of this process together."""
    registry = CollectorRegistry()
    registry.register(readings)
    registry.register(_Counted())
    return registry


def as_text(registry: CollectorRegistry) -> bytes:
    """Gives metrics as Prometheus reads them."""
    return generate_latest(registry)


class _Counted(Collector):
    """What this process counts."""

    def collect(self) -> Iterable[Metric]:
        return REGISTRY.collect()


def _of_refunds(found: Figures, now: datetime) -> Iterator[Metric]:
    yield _one(
        "contrapost_transactions",
        "Refunds by account and state.",
        [((account, state.value), number) for (account, state), number in found.counts.items()],
        "account",
        "state",
    )
    yield _one(
        "contrapost_oldest_seconds",
        "Age of the oldest refund of each state in which something is still to happen.",
        [((state.value,), _age(at, now)) for state, at in found.oldest.items()],
        "state",
    )
    yield _one(
        "contrapost_poll_lag_seconds",
        "How far what was read from a store is behind now.",
        [((row.account,), _age(row.read_to, now)) for row in found.polls if row.read_to],
        "account",
    )
    yield _one(
        "contrapost_poll_failures",
        "Tries to read a store that failed in a row.",
        [((row.account,), row.failures) for row in found.polls],
        "account",
    )


def _of_work(found: Figures, now: datetime) -> Iterator[Metric]:
    yield _one(
        "contrapost_asks",
        "Refunds that were asked to be posted and are not yet.",
        [((one.netsuite,), one.asks) for one in found.backlogs],
        "netsuite",
    )
    yield _one(
        "contrapost_oldest_ask_seconds",
        "How long the one that was asked for first has been waiting.",
        [((one.netsuite,), _age(one.oldest, now)) for one in found.backlogs],
        "netsuite",
    )
    yield _one("contrapost_workers_alive", "Workers heard of within the last seconds.", [((), found.alive)])
    yield _one(
        "contrapost_worker_silent_seconds",
        "How long ago each worker was heard of.",
        [((one.name,), _age(one.seen_at, now)) for one in found.workers],
        "worker",
    )
    yield _one(
        "contrapost_leases",
        "NetSuite accounts that someone writes to now.",
        [((name,), 1) for name in sorted(found.leases)],
        "netsuite",
    )


def _one(name: str, what: str, values: Iterable[tuple[tuple[str, ...], float]], *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=labels)
    for of, value in values:
        family.add_metric(of, value)
    return family


def _age(at: datetime, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds())
