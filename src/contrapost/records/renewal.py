"""Tables made anew in place of those that are there: they change over as a whole, or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models.functions import Now
from django.db.transaction import atomic

from contrapost.records import setup, snapshot
from contrapost.records.errors import BusyError
from contrapost.records.workers import SILENT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_OURS = ("records_", "account_", "auth_", "django_", "web_cache")
"""How the names of tables begin that we, Django and its apps make; the database is ours alone."""
_OUR_FUNCTIONS = """
SELECT oid::regprocedure::text FROM pg_proc
WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'records\\_%'
"""
_WAIT_FOR_OTHERS = "30s"


def has_rows() -> bool:
    """Says whether anything is kept in the database that we are pointed at."""
    here = setup.age()
    setup.check_not_newer(here)
    if not here.made_by:
        return False
    return any(table.rows.exists() for table in snapshot.tables(here.last))


def check_nobody_works() -> None:
    """Refuses to go on while a worker is heard of or someone writes to a NetSuite account, by the database's clock.

    Raises:
        BusyError: so it is.
    """
    here = setup.age()
    known = {table.model.__name__: table.rows for table in snapshot.tables(here.last)} if here.made_by else {}
    heard_of = Now() - timedelta(seconds=SILENT_SECONDS)
    if ("Worker" in known and known["Worker"].filter(seen_at__gte=heard_of).exists()) or (
        "Lease" in known and known["Lease"].filter(until__gt=Now()).exists()
    ):
        raise BusyError(
            "A server or worker is at work on this database. Stop every one of them, wait half a minute, and try again."
        )


@contextmanager
def anew(database_url: str, last: str) -> Iterator[None]:
    """Gives, for a block, empty tables as they are after a migration; at its end they stand, as new as this program.

    What was there is gone then. Where the block raises, or this process dies in it, all is as it was before.

    Args:
        database_url: of the database that this process is pointed at.
        last: the name of the migration.
    """
    if connection.vendor == "sqlite":
        with _beside(Path(connection.settings_dict["NAME"]), database_url):
            setup.mend(last)
            with atomic():
                yield
            setup.mend()
        return
    with setup.alone(), atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT_FOR_OTHERS}'")
            _drop_all()
        setup.mend(last)
        yield
        with connection.cursor() as cursor:
            # A table with checks that are still to come cannot be altered, and later migrations put rows in too.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        setup.mend()


@contextmanager
def _beside(path: Path, database_url: str) -> Iterator[None]:
    """Points this process at a new file; at the end of the block its pages take the place of the old one's, at once.

    They are copied under the locks of SQLite, so that a server that has the file open sees all of them or none.
    """
    draft = path.with_name(f"{path.name}.restoring")
    _remove(draft)
    setup.configure(f"sqlite:///{draft}")
    try:
        yield
        connection.close()
        with (
            connection.wrap_database_errors,
            closing(sqlite3.connect(draft)) as new,
            closing(sqlite3.connect(path, timeout=setup.WAIT_SECONDS)) as old,
        ):
            new.backup(old)
    finally:
        connection.close()
        setup.configure(database_url)
        _remove(draft)


def _remove(draft: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _drop_all() -> None:
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name.startswith(_OURS)]
        for name in names:
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)} CASCADE")
        cursor.execute(_OUR_FUNCTIONS)
        for (signature,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {signature} CASCADE")
