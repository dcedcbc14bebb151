"""Turns: the runs of recurring work, numbered, so that each is handed out once however many processes hand it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from contrapost.records.models import Turn

if TYPE_CHECKING:
    from datetime import datetime

_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of some work."""

    work: str
    number: int

    @property
    def name(self) -> str:
        """What it is handed out under."""
        return f"{self.work}#{self.number}"


def present(work: str, *, now: datetime) -> Run | None:
    """Gives the present run of some work; None while it was put off."""
    row, _ = Turn.objects.get_or_create(work=work)
    return None if row.due_at and row.due_at > now else Run(work, row.number)


def end(run: Run) -> bool:
    """Ends a run, so that the next one may be handed out; says whether it was the present one."""
    present_one = Turn.objects.filter(work=run.work, number=run.number)
    return bool(present_one.update(number=F("number") + 1, due_at=None, pauses=0))


def put_off(run: Run, *, now: datetime, until: datetime | None = None) -> bool:
    """Ends a run and lets the next one wait: until a moment, or each time in a row longer.

    Returns:
        Whether it was the present one.
    """
    present_one = Turn.objects.filter(work=run.work, number=run.number)
    row = present_one.first()
    if row is None:
        return False
    pause = min(_FIRST_PAUSE * 2 ** min(row.pauses, 10), _LONGEST_PAUSE)
    return bool(
        present_one.update(number=F("number") + 1, due_at=until or now + pause, pauses=0 if until else F("pauses") + 1)
    )
