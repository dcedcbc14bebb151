"""What the verbs that run for long have alike: they send their metrics where the environment asks for it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from contrapost.app import sends_to_collector

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from contrapost.watch.answers import Watch


def sent_where_asked(watch: Watch) -> AbstractContextManager[None]:
    """Sends metrics to a collector for the time of a block, if one is named.

    Raises:
        NoOpenTelemetryError: one is, and what sends them is not installed.
    """
    from contrapost.watch import otel

    return otel.sent(watch.registry) if sends_to_collector() else nullcontext()
