"""How many calls are under way at once: as many as the account takes, and others get what is theirs."""

from __future__ import annotations

import heapq
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from builders import draft
from hypothesis import given
from hypothesis import strategies as st
from netsuite_server import Server, refusal, reply

from contrapost.netsuite import concurrency
from contrapost.netsuite.answers import Refused, Written
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.concurrency import ASK_AGAIN_SECONDS, FIRST, MOST, Slots, Window, limit_in
from contrapost.netsuite.settings import NetSuiteSettings, read_settings
from contrapost.posting.rolling import Call, Pause, Rolling, Threads, Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost.demo.processes import Emulator

LATENCY = 0.3
REFUSED_AFTER = 0.005


@dataclass(frozen=True)
class Run:
    """What many calls came to in an account that was reckoned, not waited for."""

    written: int
    turned_away: int
    seconds: float
    room: int

    def share_of(self, at_once: float) -> float:
        """The part of what so many calls at once could have written."""
        return self.written / (at_once * self.seconds / LATENCY)


def play(window: Window, free: Callable[[float], int], calls: int) -> Run:
    """Keeps as many calls under way as the window allows, against an account with so many places free at a time."""
    now, under_way, taken, written, turned_away = 0.0, 0, 0, 0, 0
    ends: list[tuple[float, int, bool]] = []
    begun = 0
    while written < calls:
        while under_way < window.room and written + under_way < calls:
            begun, under_way = begun + 1, under_way + 1
            fits = taken < free(now)
            taken += fits
            heapq.heappush(ends, (now + (LATENCY if fits else REFUSED_AFTER), begun, fits))
        now, _, fitted = heapq.heappop(ends)
        if fitted:
            taken, written = taken - 1, written + 1
            window.answered(now)
        else:
            turned_away += 1
            window.turned_away(under_way, now)
        under_way -= 1
    return Run(written, turned_away, now, window.room)


def known(limit: int | None) -> Window:
    """A window that was told the account's limit, or told that it may not be known."""
    window = Window()
    window.learn(limit)
    return window


@pytest.mark.parametrize("limit", [1, 2, 5, 15, 20, 50])
def test_alone_the_whole_limit_is_used_and_nothing_turned_away(limit: int) -> None:
    """Where the limit is known and nobody else calls, all of it is used, and NetSuite never has to say no."""
    run = play(known(limit), lambda _: limit, 100 * limit)
    assert run.turned_away == 0
    assert run.share_of(limit) > 0.95
    assert run.room == limit


@pytest.mark.parametrize(("limit", "others"), [(5, 2), (15, 7), (15, 14), (50, 25), (50, 45)])
def test_others_keep_what_they_hold(limit: int, others: int) -> None:
    """With places taken by others, what is left is used to nine tenths, and under 1 % is turned away."""
    run = play(known(limit), lambda _: limit - others, 2000)
    assert run.share_of(limit - others) > 0.9
    assert run.turned_away / (run.written + run.turned_away) < 0.01 or run.turned_away <= limit - others


@pytest.mark.parametrize("limit", [5, 15, 25])
def test_a_limit_that_may_not_be_asked_is_found_by_trying(limit: int) -> None:
    """A role that may not ask for the limit finds it by what is turned away, with under 1 % of that."""
    run = play(known(None), lambda _: limit, 4000)
    assert run.share_of(limit) > 0.9
    assert run.turned_away / run.written < 0.01


def test_places_that_others_leave_are_taken_again() -> None:
    """When others stop after half a minute, the whole limit is in use again within another two."""
    window = known(15)
    run = play(window, lambda now: 8 if now < 30 else 15, 6000)
    assert run.room == 15
    assert run.seconds < 30 + 120 + (6000 - 26 * 150) * LATENCY / 15


def test_a_burst_of_others_gives_up_no_more_than_half() -> None:
    """One call turned away while few were under way does not stop the rest."""
    window = known(16)
    play(window, lambda _: 16, 100)
    window.turned_away(1, 10.0)
    assert window.room == 8


@given(
    st.integers(-5, 500),
    st.lists(st.tuples(st.sampled_from(["answered", "turned away", "learn"]), st.integers(0, 120)), max_size=300),
)
def test_room_stays_within_the_limit(limit: int, events: list[tuple[str, int]]) -> None:
    """Whatever happens, at least one call may be under way, and never more than the limit."""
    window = known(limit)
    now = 0.0
    for event, number in events:
        now += number
        if event == "answered":
            window.answered(now)
        elif event == "turned away":
            window.turned_away(number, now)
        else:
            window.learn(number)
        assert 1 <= window.room <= window.ceiling <= MOST


class Crowd:
    """Threads that want slots; each stays in its own until it is let go."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.came: list[int] = []
        self.changed = threading.Condition()
        self.let_go = threading.Semaphore(0)
        self.threads: list[threading.Thread] = []

    def add(self) -> None:
        """One more thread asks for a slot, after all that asked before."""
        number = len(self.threads)
        thread = threading.Thread(target=self._stay, args=(number,), daemon=True)
        self.threads.append(thread)
        thread.start()
        while thread.is_alive() and not self._arrived(number):
            pass

    def _arrived(self, number: int) -> bool:
        with self.slots._lock:
            return number < len(self.came) + len(self.slots._waiting)

    def _stay(self, number: int) -> None:
        with self.slots.slot():
            with self.changed:
                self.came.append(number)
                self.changed.notify_all()
            self.let_go.acquire()

    def until(self, count: int) -> list[int]:
        """Those that have a slot, once so many have come."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.came) >= count, timeout=10)
            return list(self.came)

    def end(self) -> None:
        """Lets all go."""
        self.let_go.release(len(self.threads))
        for thread in self.threads:
            thread.join(timeout=10)


def test_slots_go_to_those_who_came_first() -> None:
    """No more calls are under way than there is room for, and who waits longest is next."""
    crowd = Crowd(Slots(lambda: 0.0))
    for _ in range(FIRST + 3):
        crowd.add()
    assert sorted(crowd.until(FIRST)) == list(range(FIRST))
    for count in range(1, 4):
        crowd.let_go.release()
        assert crowd.until(FIRST + count)[FIRST:] == list(range(FIRST, FIRST + count))
    crowd.end()


def test_more_room_lets_those_who_wait_in() -> None:
    """Each answer makes room for one more of those who wait, up to the limit that was learned."""
    slots = Slots(lambda: 0.0)
    crowd = Crowd(slots)
    for _ in range(FIRST + 3):
        crowd.add()
    crowd.until(FIRST)
    slots.learn(FIRST + 2)
    for _ in range(12):
        slots.answered()
    assert sorted(crowd.until(FIRST + 2)) == list(range(FIRST + 2))
    assert slots.room == FIRST + 2
    crowd.end()


def test_the_limit_is_asked_for_once_and_only_in_need() -> None:
    """As long as there is a slot there is no reason to ask for the limit; then it is asked for once."""
    slots = Slots(lambda: 0.0)
    crowd = Crowd(slots)
    for _ in range(FIRST):
        assert not slots.must_ask()
        crowd.add()
    crowd.until(FIRST)
    assert [slots.must_ask(), slots.must_ask()] == [True, False]
    crowd.end()


def test_the_limit_is_asked_for_again_while_all_of_it_is_in_use() -> None:
    """An account may be given a larger limit: every ten minutes it is asked for, and only where it would help."""
    now = 0.0
    slots = Slots(lambda: now)
    crowd = Crowd(slots)
    assert not slots.must_ask_again()
    for _ in range(FIRST):
        crowd.add()
    crowd.until(FIRST)
    assert slots.must_ask()
    slots.learn(FIRST)
    assert not slots.must_ask_again()
    now = ASK_AGAIN_SECONDS
    assert [slots.must_ask_again(), slots.must_ask_again()] == [True, False]
    slots.learn(FIRST + 10)
    now *= 2
    assert not slots.must_ask_again()
    crowd.end()


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ({"accountConcurrencyLimit": 15, "accountUnallocatedConcurrencyLimit": 10}, 10),
        ({"accountConcurrencyLimit": 15, "integrationLimitType": "accountLimit"}, 15),
        ({"accountConcurrencyLimit": 15, "accountUnallocatedConcurrencyLimit": 0}, 15),
        ({"integrationConcurrencyLimit": 3, "integrationLimitType": "integrationSpecific"}, 3),
        ({"accountConcurrencyLimit": "15"}, None),
        ({}, None),
    ],
)
def test_limits_are_read(said: dict[str, object], limit: int | None) -> None:
    """What is set aside for us counts, else what is set aside for nobody; an odd answer says nothing."""
    assert limit_in(said) == limit


def write_many(books: Emulator, count: int, **terms: object) -> tuple[RestNetSuite, dict[str, Any], list[str]]:
    """Writes customers side by side in an account of these terms; gives the client, what was counted, and the calls."""
    books.ask("POST", "reset")
    books.ask("POST", "governance", {"latency_ms": 40, **terms})
    settings, _ = read_settings(books.credentials())
    assert settings is not None
    net, numbers = RestNetSuite(settings), iter(range(count))

    def way(number: int) -> Way[None]:
        body = {"externalId": f"c{number}", "companyName": f"Customer {number}"}
        while True:
            answer = yield Call(lambda: net.create("customer", body, what="create"))
            if isinstance(answer, Written):
                return
            assert isinstance(answer, Refused)
            yield Pause(0.05)

    rolling: Rolling[None] = Rolling(
        seats=lambda: net.room + net.room // 4, keep=lambda: None, sleep=time.sleep, carrier=Threads()
    )
    list(rolling.run(lambda: way(number) if (number := next(numbers, None)) is not None else None))
    calls = [one["path"] for one in books.ask("GET", "journal")["requests"]]
    assert len(net.rows("SELECT id FROM customer", "count")) >= count
    return net, books.ask("GET", "governance"), calls


def test_a_larger_limit_is_used_without_a_new_start(books_process: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account is given more while we write: it is noticed, and nothing is turned away for asking."""
    net, _, _ = write_many(books_process, 30, account_limit=5)
    assert net.room == 5
    monkeypatch.setattr(concurrency, "ASK_AGAIN_SECONDS", 0.0)
    books_process.ask("POST", "governance", {"account_limit": 12})
    rolling: Rolling[None] = Rolling(seats=lambda: 16, keep=lambda: None, sleep=time.sleep, carrier=Threads())
    calls = iter(range(120))

    def way() -> Way[None]:
        yield Call(lambda: net.rows("SELECT id FROM customer", "count"))

    list(rolling.run(lambda: way() if next(calls, None) is not None else None))
    assert net.room == 12
    assert not books_process.ask("GET", "governance")["turned_away"]


def test_the_limit_is_learned_from_the_account(books_process: Emulator) -> None:
    """Once calls wait for each other the limit is asked for, once; then it is used and never gone beyond."""
    net, counted, calls = write_many(books_process, 60, account_limit=9)
    assert sum("governanceLimits" in path for path in calls) == 1
    assert net.room == 9
    assert counted["most_at_once"] <= 9
    assert counted["turned_away"] == 0


def test_a_role_that_may_not_ask_gets_by(books_process: Emulator) -> None:
    """Where the limit may not be asked for, calls are turned away now and then, and all is written all the same."""
    net, counted, _ = write_many(books_process, 60, account_limit=7, administrator=False)
    assert net.room <= 7
    assert 0 < counted["turned_away"] < 30


def net_of(server: Server) -> RestNetSuite:
    """A client that signs each call by itself."""
    tokens = {"consumer_key": "ck", "consumer_secret": "cs", "token_id": "ti", "token_secret": "ts"}
    return RestNetSuite(NetSuiteSettings(account_id="1", url=server.url, **tokens), sleep=lambda _: None)


def test_turned_away_calls_make_the_client_call_less() -> None:
    """A 429 is a refusal that may be tried again, and from then on fewer calls are under way at once."""
    with Server(answers=[refusal(429, "Concurrent request limit exceeded.")]) as server:
        net = net_of(server)
        before = net.room
        answer = net.write(draft("cr"), {})
    assert isinstance(answer, Refused)
    assert answer.retryable
    assert net.room < before


def test_nothing_is_sent_once_another_process_writes() -> None:
    """The lease is looked at in the moment of sending: where it is another's, the call never leaves."""
    with Server(answers=[reply(204, Location="https://x/record/v1/cashRefund/7")]) as server:
        net = net_of(server)
        refused = net.write(draft("cr"), {}, lambda: False)
        written = net.write(draft("cr"), {}, lambda: True)
    assert isinstance(refused, Refused)
    assert "nothing was sent" in refused.finding.message
    assert isinstance(written, Written)
    assert len(server.requests) == 1
