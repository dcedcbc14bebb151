"""Workers: which processes do work, and which of them have not been heard of, by the clock of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models.functions import Now

from contrapost.records.models import Worker

if TYPE_CHECKING:
    from datetime import datetime

BEAT_SECONDS = 3.0
"""How often a worker makes itself heard."""
SILENT_SECONDS = 12.0
"""One that was not heard of for so long counts as dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """One worker."""

    name: str
    version: str
    started_at: datetime
    seen_at: datetime


def beat(name: str, version: str) -> bool:
    """Makes a worker heard; says whether it was known, and had not been taken for dead."""
    if Worker.objects.filter(name=name).update(seen_at=Now()):
        return True
    Worker.objects.bulk_create(
        [Worker(name=name, version=version, started_at=Now(), seen_at=Now())], ignore_conflicts=True
    )
    return False


def silent(*, seconds: float = SILENT_SECONDS) -> list[str]:
    """Names the workers that have not been heard of for so long."""
    dead = Worker.objects.filter(seen_at__lt=Now() - timedelta(seconds=seconds))
    return list(dead.order_by("name").values_list("name", flat=True))


def forget(name: str) -> bool:
    """Takes a worker off the list; says whether it was there."""
    return bool(Worker.objects.filter(name=name).delete()[0])


def listing() -> tuple[WorkerRow, ...]:
    """Gives the workers, by name."""
    return tuple(WorkerRow(**row) for row in Worker.objects.order_by("name").values(*WorkerRow.__dataclass_fields__))
