"""Making a backup: the rows of one moment, written while servers and workers go on."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from contrapost.backups.form import BackupError, Manifest, writing
from contrapost.records import setup, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from contrapost.vault import Vault


def back_up(
    path: Path, *, now: datetime, key_of: Vault | None = None, tell: Callable[[int], None] = lambda _: None
) -> Manifest:
    """Writes a backup of the database that this process is pointed at.

    Args:
        path: the file; it must not be there yet, its folder must.
        now: the present moment.
        key_of: the vault whose keys go with it; none do where none is given.
        tell: told after each table how many rows are written so far.

    Raises:
        BackupError: there is nothing to back up, or the file is there already.
        OtherReleaseError: the database is of a newer release.
        OSError: the file cannot be written.
    """
    here = setup.age()
    setup.check_not_newer(here)
    if not here.made_by:
        raise BackupError("There is nothing to back up: the database has no tables yet.")
    with writing(path) as backup, snapshot.held_still():
        for table in snapshot.tables(here.last):
            backup.put(table.name, table.lines())
            tell(sum(contents.rows for contents in backup.tables.values()))
        manifest = Manifest(
            made_at=now,
            release=version("contrapost"),
            database=setup.kind(),
            migration=here.last,
            tables=backup.tables,
            with_key=key_of is not None,
        )
        backup.finish(manifest, key_of.spelled_out() if key_of else "")
    return manifest
