"""Workers share the work: a dead one's is taken over, a person's comes first, and the server works too."""

from __future__ import annotations

import signal
from collections import Counter

from campaign import WAIT_SECONDS, Campaign, until

from contrapost import flow
from contrapost.process import is_gone, new_name
from contrapost.records import asks, lease, queries, workers
from contrapost.records.asks import Priority
from contrapost.refunds.lifecycle import State

HOUR = 3600


def test_a_dead_workers_run_is_taken_over(on_postgres: Campaign) -> None:
    """Four workers on PostgreSQL, the one that posts is killed with calls under way: another one goes on at once."""
    campaign = on_postgres
    campaign.trade(12)
    campaign.books.ask("POST", "governance", {"account_limit": 2, "latency_ms": 500})
    numbers = {campaign.workshop.start() for _ in range(4)}
    until(lambda: State.POSTING in queries.states(campaign.ids).values(), "one posts")
    holder = lease.holder_of("books")
    number = int(holder.split(":")[2])
    assert number in numbers

    campaign.kill(number)
    campaign.books.ask("POST", "governance", {"latency_ms": 0})
    until(lambda: not campaign.ids_open(), "all are posted")

    count = campaign.count()
    assert (count.duplicates, count.missing) == (0, 0)
    log = (campaign.home / "workers.log").read_text()
    assert f"dead={holder}" in log
    assert "Traceback" not in log


def die_before_the_first_round(campaign: Campaign) -> None:
    """One worker hands a run out and dies; another one takes it and dies before it goes its round; nothing was sent."""
    campaign.trade(2)
    for death, mute in (("offer after 1", False), ("intend before 1", True)):
        number = campaign.workshop.start(death, mute=mute)
        until(lambda number=number: number not in campaign.workshop.alive(), "it dies")  # type: ignore[misc]
    assert set(queries.states(campaign.ids).values()) == {State.READY}


def test_what_a_worker_took_before_its_first_round_is_taken_over(campaign: Campaign) -> None:
    """A worker that dies with a run it took in its first second is missed all the same."""
    die_before_the_first_round(campaign)
    assert len(workers.listing()) > 0

    campaign.workshop.start()
    until(lambda: not campaign.ids_open(), "another one has posted all")

    assert "run taken over run=post:books" in (campaign.home / "workers.log").read_text()


def test_what_a_worker_nobody_knows_took_is_taken_over(campaign: Campaign) -> None:
    """Its name is on no list, as after a restore, and its run is handed out again."""
    die_before_the_first_round(campaign)
    for one in workers.listing():
        workers.forget(one.name)
    assert workers.listing() == ()

    campaign.workshop.start()
    until(lambda: not campaign.ids_open(), "another one has posted all")

    assert "run taken over run=post:books" in (campaign.home / "workers.log").read_text()


def test_a_new_release_takes_over_what_an_old_one_left(campaign: Campaign) -> None:
    """The old release is told to end, or killed, with calls under way: the new one does the rest, each refund once."""
    campaign.trade(30)
    campaign.books.ask("POST", "governance", {"account_limit": 2, "latency_ms": 500})
    for place, sign in enumerate((signal.SIGTERM, signal.SIGKILL), start=1):
        number = campaign.workshop.start(release=f"0.{place}")
        until(lambda: State.POSTING in queries.states(campaign.ids).values(), "the old release posts")
        assert [one.version for one in workers.listing()][-1:] == [f"0.{place}"]
        campaign.workshop.kill(number, sign)
        assert campaign.ids_open()

    campaign.workshop.start(release="9.0")
    campaign.books.ask("POST", "governance", {"latency_ms": 0})
    until(lambda: not campaign.ids_open(), "the new release has posted all")

    count = campaign.count()
    assert (count.duplicates, count.missing) == (0, 0)
    assert "Traceback" not in (campaign.home / "workers.log").read_text()


def test_a_clock_that_jumps_doubles_and_loses_nothing(campaign: Campaign) -> None:
    """NetSuite lets nobody in who signs with a wrong time: what is held for that is posted once the clock is right."""
    clock = campaign.home / "clock"
    clock.write_text("0")
    campaign.trade(12)
    campaign.books.ask("POST", "governance", {"account_limit": 2, "latency_ms": 300})
    campaign.workshop.start(clock=clock)
    until(lambda: State.POSTED in queries.states(campaign.ids).values(), "the first are posted")
    clock.write_text(str(3 * HOUR))
    campaign.books.ask("POST", "faults", [{"when": "any", "do": "expired token"}])
    until(lambda: not asks.of(campaign.ids), "all is answered")
    held = campaign.ids_open()
    assert "netsuite_sign_in_refused" in {one.code for id_ in held for one in queries.get(id_).findings}
    clock.write_text(str(-26 * HOUR))
    asks.ask(held, by="ada", priority=Priority.MANUAL, now=campaign.app.now())
    clock.write_text("0")
    until(lambda: not campaign.ids_open(), "all are posted")

    count = campaign.count()
    assert (count.duplicates, count.missing) == (0, 0)


def test_a_person_comes_first(campaign: Campaign) -> None:
    """What a person asks for overtakes what was asked for before it, and is read back without waiting for the rest."""
    before = campaign.trade(16)
    campaign.books.ask("POST", "governance", {"account_limit": 2, "latency_ms": 100})
    last = before[-1]
    asks.done([asks.of([last])[last].id])
    campaign.workshop.start()
    until(lambda: State.POSTING in queries.states(campaign.ids).values(), "the first is being sent")

    said = flow.post(campaign.app, [last], by="ada", wait_seconds=WAIT_SECONDS)

    assert [row.status for row in said.transactions] == [State.POSTED]
    assert campaign.ids_open()
    assert {one.by for one in queries.history(last)} >= {"ada"}


def test_workers_are_known_while_they_live(campaign: Campaign) -> None:
    """One that ends says good-bye; nothing is sent after that, and what is asked stays asked."""
    number = campaign.workshop.start()
    until(workers.listing, "it is heard")
    campaign.workshop.kill(number, signal.SIGTERM)
    assert workers.listing() == ()
    ids = campaign.trade(1)
    assert Counter(one.priority for one in asks.of(ids).values()) == {Priority.AUTOMATIC: len(ids)}


def test_a_process_knows_that_another_one_is_gone() -> None:
    """One of this machine, for sure; of others nothing is said."""
    host, machine, number, chance = new_name().split(":")
    assert not is_gone(new_name())
    assert is_gone(f"{host}:{machine}:{2**22 + 1}:{chance}")
    assert not is_gone(f"{host}:elsewhere:{2**22 + 1}:{chance}")
    assert not is_gone(f"{host}:{machine}:not a number:{chance}")
    assert not is_gone(f"{host}:{number}")
