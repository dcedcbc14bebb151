"""Bringing the database to the release of this program, with a backup before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.backups.taking import back_up
from contrapost.records import renewal, setup

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

FOLDER = "backups"
"""Where backups are kept that are made unasked, in the home folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What was changed, or would be."""

    came_from: str
    """The last migration of the tables before; empty where there were none."""
    to: str
    steps: tuple[str, ...]
    """Migrations that were carried out, or would be."""
    backup: Path | None = None


def upgrade(home: Path, *, now: datetime, with_backup: bool = True, dry_run: bool = False) -> Upgrade:
    """Brings the tables to this program's release; of rows that are there it makes a backup before.

    Args:
        home: the folder in which backups are kept.
        now: the present moment, which names the backup.
        with_backup: no, where another way back was kept.
        dry_run: only say what would be done.

    Raises:
        BusyError: a server or worker is at work on it.
        OtherReleaseError: the database is of a newer release.
        OSError: the backup cannot be written; nothing was changed.
    """
    here = setup.age()
    setup.check_not_newer(here)
    found = Upgrade(came_from=here.last, to=here.known[-1], steps=here.missing)
    if dry_run:
        return found
    if here.missing:
        renewal.check_nobody_works()
    backup = None
    if with_backup and here.missing and renewal.has_rows():
        backup = home / FOLDER / f"before-{here.known[-1]}-{now:%Y%m%dT%H%M%SZ}.contrapost"
        backup.parent.mkdir(parents=True, exist_ok=True)
        back_up(backup, now=now)
    setup.migrate()
    return Upgrade(came_from=found.came_from, to=found.to, steps=found.steps, backup=backup)
