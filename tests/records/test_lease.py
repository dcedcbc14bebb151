"""One process at a time writes to a NetSuite account, by the clock of the database."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from contrapost.records import lease
from contrapost.records.errors import NotFoundError
from contrapost.records.models import Lease
from contrapost.records.setup import database

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Books

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ROUNDS = 15

COUNT_UP = """
import sys
import time
from pathlib import Path
from contrapost.records.setup import configure
configure(sys.argv[1])
from contrapost.records.lease import holding
counter = Path(sys.argv[2])
left = int(sys.argv[3])
while left:
    with holding("books", sys.argv[4]) as held:
        if held is None:
            time.sleep(0.01)
            continue
        left -= 1
        seen = int(counter.read_text())
        counter.write_text(str(seen + 1))
        print(held.token)
"""


def test_a_lease_is_held_by_one(books: Books) -> None:
    """While it is held nobody else gets it, nor the holder a second time; given back, the next one does."""
    assert books
    mine = lease.acquire("books", "me")
    assert mine is not None
    assert (lease.acquire("books", "you"), lease.acquire("books", "me")) == (None, None)
    assert lease.holder_of("books") == "me"

    lease.release(mine)

    yours = lease.acquire("books", "you")
    assert yours is not None
    assert yours.token == mine.token + 1


def test_a_lease_that_ran_out_can_be_taken(books: Books) -> None:
    """Its former holder can neither renew it nor give it back."""
    mine = books.held("me")
    Lease.objects.update(until=LONG_AGO)
    assert lease.holder_of("books") == ""

    yours = books.held("you")

    assert not lease.renew(mine)
    lease.release(mine)
    assert (lease.holder_of("books"), lease.renew(yours)) == ("you", True)


def test_a_lease_that_nobody_took_is_still_ours(books: Books) -> None:
    """Asleep for longer than the lease, with nobody else there, work goes on."""
    mine = books.held("me")
    Lease.objects.update(until=LONG_AGO)

    assert lease.renew(mine)
    assert lease.acquire("books", "you") is None


def test_a_lease_given_back_cannot_be_renewed(books: Books) -> None:
    """Who gave it back has to take it again, under a new token."""
    mine = books.held("me")
    lease.release(mine)

    assert not lease.renew(mine)


def test_a_lease_is_given_back_after_a_fault(books: Books) -> None:
    """A block that fails holds nobody up."""
    assert books
    with pytest.raises(ZeroDivisionError), lease.holding("books", "me"):
        _ = 1 / 0

    assert lease.acquire("books", "you")


def test_a_block_knows_that_somebody_else_holds_it(books: Books) -> None:
    """It goes in without the lease, and does not give the other one's back."""
    other = books.held("other")

    with lease.holding("books", "me") as held:
        assert held is None

    assert lease.renew(other)


def test_the_lease_of_one_who_is_gone_is_taken_at_once(books: Books) -> None:
    """It can save nothing any more, should it be there after all."""
    other = books.held("other")

    with lease.holding("books", "me", gone=lambda name: name == "other") as held:
        assert held is not None
        assert (held.holder, held.token) == ("me", other.token + 1)
        assert not lease.renew(other)


def test_an_unknown_netsuite_account_is_named(books: Books) -> None:
    """No lease without an account."""
    assert books

    with pytest.raises(NotFoundError, match="nosuch"):
        lease.acquire("nosuch", "me")


def test_processes_never_hold_it_together(books: Books, url: str, tmp_path: Path) -> None:
    """Two processes that count up a file under the lease miss no number, and no token is given twice."""
    assert books
    counter = tmp_path / "counter"
    counter.write_text("0")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", COUNT_UP, url, str(counter), str(ROUNDS), name],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]

    said = [process.communicate() for process in processes]

    assert [process.returncode for process in processes] == [0, 0], said
    assert counter.read_text() == str(2 * ROUNDS)
    tokens = sorted(int(token) for out, _ in said for token in out.split())
    assert tokens == list(range(1, 2 * ROUNDS + 1))


def test_of_many_threads_one_gets_it(books: Books) -> None:
    """Eight threads ask at once; one holds it."""
    assert books

    def ask(number: int) -> lease.Held | None:
        with database():
            return lease.acquire("books", f"thread {number}")

    with ThreadPoolExecutor(8) as threads:
        got = [held for held in threads.map(ask, range(8)) if held]

    assert len(got) == 1
