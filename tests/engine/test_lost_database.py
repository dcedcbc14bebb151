"""A worker whose database goes away, or whose disk is full, stops cleanly, says so, and goes on when it is back."""

from __future__ import annotations

import resource
import time
from urllib.parse import urlsplit

import psycopg
from campaign import Campaign, until
from django.db import connection

from contrapost.records import queries
from contrapost.refunds.lifecycle import State

FULL_BYTES = 60_000
"""No file may grow beyond this: far below what the database already has, far above the log."""


def _said(campaign: Campaign) -> str:
    return (campaign.home / "workers.log").read_text()


def _begin(campaign: Campaign) -> int:
    """Starts a worker on slow books, and waits until it posts."""
    campaign.trade(8)
    campaign.books.ask("POST", "governance", {"latency_ms": 300, "account_limit": 2})
    number = campaign.workshop.start()
    until(lambda: State.POSTING in queries.states(campaign.ids).values(), "one posts")
    return number


def _waits(campaign: Campaign, number: int) -> None:
    """Nothing is written while it waits, and it lives."""
    before = campaign.writes()
    time.sleep(1)
    assert campaign.writes() == before
    assert number in campaign.workshop.alive()


def _ends_well(campaign: Campaign, number: int) -> None:
    """The same process brings all to their end, each once, and says so without a stack trace."""
    campaign.books.ask("POST", "governance", {"latency_ms": 0})
    until(lambda: not campaign.ids_open(), "all are posted")
    count = campaign.count()
    assert (count.duplicates, count.missing) == (0, 0)
    assert campaign.workshop.alive() == [number]
    said = _said(campaign)
    assert "worker goes on" in said
    assert "Traceback" not in said


def _let_in(url: str, *, whom: bool) -> None:
    """Lets nobody into the database any more, and throws out who is in; or lets them in again."""
    name = urlsplit(url).path.removeprefix("/")
    with psycopg.connect(url.replace(f"/{name}", "/postgres"), autocommit=True) as session:
        session.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {whom}".encode())
        if not whom:
            session.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_postgresql_goes_away_and_comes_back(on_postgres: Campaign) -> None:
    """All its connections break while it posts, and none can be made: it waits, and ends its work once one can."""
    number = _begin(on_postgres)
    connection.close()

    _let_in(on_postgres.url, whom=False)
    until(lambda: "worker waits" in _said(on_postgres), "the log says that it waits")
    _waits(on_postgres, number)
    _let_in(on_postgres.url, whom=True)

    _ends_well(on_postgres, number)


def test_the_disk_is_full_and_has_room_again(campaign: Campaign) -> None:
    """Nothing can be written while it posts: it sends nothing it could not note, and goes on once there is room."""
    number = _begin(campaign)
    _, most = resource.prlimit(number, resource.RLIMIT_FSIZE)

    resource.prlimit(number, resource.RLIMIT_FSIZE, (FULL_BYTES, most))
    until(lambda: "worker waits" in _said(campaign), "the log says that it waits")
    _waits(campaign, number)
    resource.prlimit(number, resource.RLIMIT_FSIZE, (most, most))

    _ends_well(campaign, number)
