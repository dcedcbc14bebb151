"""What this process has done, counted since it started; what stands in the database is counted there."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

NETSUITE_CALLS: Final = Counter(
    "contrapost_netsuite_calls",
    "Calls to NetSuite by their HTTP status; 'none' where no whole answer came. 429: too many at once.",
    ["netsuite", "answer"],
    registry=REGISTRY,
)
NETSUITE_SECONDS: Final = Histogram(
    "contrapost_netsuite_seconds",
    "How long NetSuite took to answer a call.",
    ["netsuite"],
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15, 60, 300, 900),
    registry=REGISTRY,
)
ATTEMPTS: Final = Counter(
    "contrapost_attempts",
    "Tries to bring a record to stand, by what was done (write, look) and what came of it (written, refused, unknown).",
    ["what", "answer"],
    registry=REGISTRY,
)
