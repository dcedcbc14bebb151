"""Setting up the database: where it is, how it is opened, and how it gets its tables."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from contrapost.records.errors import OtherReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIT_SECONDS = 30
"""How long a SQLite writer waits for another."""
CONNECT_SECONDS = 10
"""How long it is waited for a connection to PostgreSQL: no longer, or a lost one keeps every visitor waiting."""
APPS = ("contrapost.records", "django.contrib.contenttypes", "django.contrib.auth")
"""What every process has; a door may add more."""
_MIGRATING = 0x636F6E7472
"""The number of the PostgreSQL lock under which tables are made: "contr"."""


class DatabaseUrlError(ValueError):
    """The address of the database cannot be used; says what is right."""


def configure(database_url: str, *, debug: bool = False, **more: Any) -> None:  # noqa: ANN401 - as Django takes them
    """Tells Django where the database is and, once in a process, which apps there are.

    Called again, it points this process at another database; then no other thread may have the former one open.

    Args:
        database_url: `sqlite:///relative/path`, `sqlite:////absolute/path` or `postgresql://user:password@host/name`.
        debug: Django's own debug switch.
        more: further Django settings; `INSTALLED_APPS` come after `APPS`.

    Raises:
        DatabaseUrlError: the address is of neither form.
    """
    database = database_of(database_url)
    if settings.configured:
        _point_at(database)
        return
    apps = [*APPS, *more.pop("INSTALLED_APPS", ())]
    standard = {
        "AUTH_USER_MODEL": "records.Person",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
    }
    settings.configure(DATABASES={"default": database}, DEBUG=debug, INSTALLED_APPS=apps, **{**standard, **more})
    django.setup()


def database_of(database_url: str) -> dict[str, Any]:
    """Gives what Django wants to know of the database at this address.

    Raises:
        DatabaseUrlError: the address is neither of SQLite nor of PostgreSQL, or names no database.
    """
    parts = urlsplit(database_url)
    name = unquote(parts.path.removeprefix("/"))
    if not name or parts.scheme not in {"sqlite", "postgresql", "postgres"}:
        raise DatabaseUrlError(
            "The address of the database must be sqlite:///path or postgresql://user:password@host/name"
        )
    return _sqlite(name) if parts.scheme == "sqlite" else _postgresql(database_url, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How old the tables are: the migrations that made them, and those this program has."""

    made_by: tuple[str, ...]
    """Names of our migrations that were carried out, in their order; none where there are no tables yet."""
    known: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Migrations that this program has and the tables lack."""
        return tuple(name for name in self.known if name not in self.made_by)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Migrations of the tables that this program has not: they are of a newer release."""
        return tuple(name for name in self.made_by if name not in self.known)

    @property
    def last(self) -> str:
        """The migration that the tables stand at; empty where there are none."""
        return self.made_by[-1] if self.made_by else ""


def age() -> Age:
    """Says how old the tables are, without changing them."""
    loader = MigrationLoader(connection)
    known = tuple(sorted(name for app, name in loader.disk_migrations if app == "records"))
    made_by = tuple(sorted(name for app, name in loader.applied_migrations if app == "records"))
    return Age(made_by=made_by, known=known)


def kind() -> str:
    """Names the kind of database: `sqlite` or `postgresql`."""
    return connection.vendor


def start() -> None:
    """Makes the tables where there are none; of two processes that start at once, one waits for the other.

    Raises:
        OtherReleaseError: the tables are of another release than this program.
    """
    with alone():
        here = age()
        check_not_newer(here)
        if here.made_by and here.missing:
            raise OtherReleaseError(
                f"The database is of an earlier release: it lacks {len(here.missing)} of this program's changes. Stop "
                "every server and worker and run `contrapost upgrade`, which makes a backup first."
            )
        mend()


def migrate() -> None:
    """Makes or mends the tables, however old they are."""
    with alone():
        mend()


def check_not_newer(here: Age) -> None:
    """Refuses tables that a newer release made.

    Raises:
        OtherReleaseError: they are.
    """
    if here.unknown:
        raise OtherReleaseError(
            f"The database is of a newer release: this program does not know {here.unknown[-1]}. Install that release, "
            "or go back to a backup that this one made."
        )


def mend(last: str = "") -> None:
    """Brings the tables to a migration of ours, or to the newest; nobody else may do so at the same time."""
    if last:
        call_command("migrate", "records", last, interactive=False, verbosity=0)
        return
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


@contextmanager
def database() -> Iterator[None]:
    """Closes, at its end, the connection that a thread of ours opened inside it; one that broke is opened anew."""
    if connection.connection is not None and not connection.in_atomic_block and not connection.is_usable():
        connection.close()
    was_open = connection.connection is not None
    try:
        yield
    finally:
        if not was_open:
            connections.close_all()


def _point_at(database: dict[str, Any]) -> None:
    present = connections.settings["default"]
    if all(present.get(name) == value for name, value in database.items()):
        return
    connection.close()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool:
        close_pool()
    connections.settings["default"] = connections.configure_settings({"default": database})["default"]
    del connections["default"]


def _sqlite(name: str) -> dict[str, Any]:
    options = {
        "timeout": WAIT_SECONDS,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    }
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}


def _postgresql(database_url: str, name: str) -> dict[str, Any]:
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it warns of each try; who needed one says it once
    parts = urlsplit(database_url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    pool = {"min_size": 1, "max_size": int(options.pop("pool", 8)), "timeout": CONNECT_SECONDS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,  # a connection that a restart of the server broke is not handed out
        "OPTIONS": {**options, "pool": pool},
    }


@contextmanager
def alone() -> Iterator[None]:
    """Keeps every other process from making or mending the tables for the time of a block."""
    if connection.vendor == "sqlite":
        with _alone_on_sqlite(str(connection.settings_dict["NAME"])):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


@contextmanager
def _alone_on_sqlite(name: str) -> Iterator[None]:
    """Holds a file beside the database, which itself cannot be held while its journal is turned to WAL."""
    with connection.wrap_database_errors:
        beside = sqlite3.connect(f"{name}.setup", timeout=WAIT_SECONDS, isolation_level=None)
    with closing(beside):
        with connection.wrap_database_errors:
            beside.execute("BEGIN EXCLUSIVE")
        yield
