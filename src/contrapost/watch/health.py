"""Whether this process can do its work now: few words, no names, nothing secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.records import figures
from contrapost.records.errors import DATABASE_LOST
from contrapost.records.setup import database

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How it is."""

    database: str
    """`ok` or `lost`."""
    migrations: str
    """`ok`, `missing` (run `contrapost upgrade`), or `unknown` while the database is lost."""
    workers: int
    """Heard of within the last seconds, in whatever process."""
    leases: int
    """NetSuite accounts that someone writes to now."""
    works: bool
    """Whether this process does what it was started for."""

    @property
    def ready(self) -> bool:
        """Says whether all is as it must be; that no worker is alive does not keep pages from being shown."""
        return self.database == self.migrations == "ok" and self.works


def look(is_working: Callable[[], bool] = lambda: True) -> Health:
    """Looks whether the database answers, is of this release, and who is at work.

    Args:
        is_working: says whether the rest of this process does its work.
    """
    try:
        with database():
            return Health(
                database="ok",
                migrations="ok" if figures.is_of_this_release() else "missing",
                workers=figures.alive(),
                leases=figures.writing(),
                works=is_working(),
            )
    except DATABASE_LOST:
        return Health(database="lost", migrations="unknown", workers=0, leases=0, works=is_working())
