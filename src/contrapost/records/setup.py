"""Setting up the database: where it is, how it is opened, and how it gets its tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIT_SECONDS = 30
"""How long a SQLite writer waits for another, and how long PostgreSQL's pool waits for a free connection."""
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


def migrate() -> None:
    """Makes or mends the tables; of two processes that start at once, one waits for the other."""
    with _alone():
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)


@contextmanager
def database() -> Iterator[None]:
    """Closes, at its end, the connection that a thread of ours opened inside it."""
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
    parts = urlsplit(database_url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    pool = {"min_size": 1, "max_size": int(options.pop("pool", 8)), "timeout": WAIT_SECONDS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "pool": pool},
    }


@contextmanager
def _alone() -> Iterator[None]:
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
    with closing(sqlite3.connect(f"{name}.setup", timeout=WAIT_SECONDS, isolation_level=None)) as beside:
        beside.execute("BEGIN EXCLUSIVE")
        yield
