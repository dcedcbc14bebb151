"""What the verbs that run for long have alike: they say in the log that they run, and send metrics where asked."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from contrapost.app import sends_to_collector
from contrapost.log import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost.watch.answers import Watch


@contextmanager
def watched_over(what: str, watch: Watch, *, address: str = "") -> Iterator[None]:
    """Runs a block as a process that others watch.

    Raises:
        NoOpenTelemetryError: metrics are to be sent to a collector, and what sends them is not installed.
    """
    from contrapost.watch import otel

    with otel.sent(watch.registry) if sends_to_collector() else nullcontext():
        say(f"{what} started", address=address)
        try:
            yield
        finally:
            say(f"{what} stopped")
