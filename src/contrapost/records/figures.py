"""Figures on how things stand: how much is where, since when, and who is at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count
from django.db.models.functions import Now

from contrapost.records import asks, setup, sync, workers
from contrapost.records.models import Lease, Transaction, Worker
from contrapost.refunds.lifecycle import BOOKED, State

if TYPE_CHECKING:
    from datetime import datetime

    from contrapost.records.asks import Backlog
    from contrapost.records.sync import SyncRow
    from contrapost.records.workers import WorkerRow

OPEN = tuple(state for state in State if state not in {*BOOKED, State.NOT_NEEDED, State.CANCELED})
"""States in which something is still to happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How things stand at one moment."""

    counts: dict[tuple[str, State], int]
    """Transactions by account and state."""
    oldest: dict[State, datetime]
    """When the oldest refund of each open state was made, where there is one."""
    backlogs: tuple[Backlog, ...]
    polls: tuple[SyncRow, ...]
    workers: tuple[WorkerRow, ...]
    alive: int
    """Workers heard of just now, by the clock of the database."""
    leases: frozenset[str]
    """NetSuite accounts that someone writes to now."""


def read() -> Figures:
    """Reads the figures."""
    counted = Transaction.objects.values("account__name", "status").annotate(number=Count("id")).order_by()
    return Figures(
        counts={(row["account__name"], State(row["status"])): row["number"] for row in counted},
        oldest={state: at for state in OPEN if (at := _oldest(state))},
        backlogs=tuple(asks.backlogs()),
        polls=sync.listing(),
        workers=workers.listing(),
        alive=alive(),
        leases=frozenset(Lease.objects.filter(until__gt=Now()).values_list("netsuite__name", flat=True)),
    )


def alive() -> int:
    """Counts the workers that were heard of just now, by the clock of the database."""
    return Worker.objects.filter(seen_at__gte=Now() - timedelta(seconds=workers.SILENT_SECONDS)).count()


def writing() -> int:
    """Counts the NetSuite accounts that someone writes to now."""
    return Lease.objects.filter(until__gt=Now()).count()


def is_of_this_release() -> bool:
    """Says whether the tables are as this program needs them."""
    here = setup.age()
    return not here.missing and not here.unknown


def _oldest(state: State) -> datetime | None:
    of_state = Transaction.objects.filter(status=state.value).order_by("refunded_at", "id")
    return of_state.values_list("refunded_at", flat=True).first()
