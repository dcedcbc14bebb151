"""Ways side by side: as many as there are seats, none waits for another, and the lease is kept meanwhile."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from builders import draft, plan_with
from hypothesis import given, settings
from hypothesis import strategies as st
from posting_fakes import Desk, InAnyOrder

from contrapost.netsuite.drafts import RecordType
from contrapost.posting.journal import LeaseLostError
from contrapost.posting.rolling import KEEP_SECONDS, Call, Pause, Rolling, Threads, Together, Way
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from contrapost.posting.journal import Work


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Gives the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Sleeps at once."""
        self.slept.append(seconds)
        self.now += seconds


def run(
    ways: Iterable[Way[str]], *, seats: int = 2, turns: Iterable[int] = (), keep: Callable[[], None] = lambda: None
) -> tuple[list[str], InAnyOrder, Clock]:
    """Runs ways without threads and gives what they gave, in the order in which they ended."""
    clock, carrier, waiting = Clock(), InAnyOrder(list(turns)), iter(ways)
    rolling: Rolling[str] = Rolling(seats=lambda: seats, keep=keep, sleep=clock.sleep, clock=clock, carrier=carrier)
    return list(rolling.run(lambda: next(waiting, None))), carrier, clock


def way(name: str, *steps: Call | Together | Pause) -> Way[str]:
    """Takes steps one after the other, and gives the name and what the calls gave."""
    said = []
    for step in steps:
        came = yield step
        said += [] if isinstance(step, Pause) else [came]
    return f"{name}: {', '.join(map(str, said))}"


def gives(what: object) -> Call:
    """A call that gives something."""
    return Call(lambda: what)


@given(st.integers(1, 6), st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 20), max_size=80))
def test_every_way_ends_with_what_its_calls_gave(seats: int, lengths: list[int], turns: list[int]) -> None:
    """However many go side by side and whichever ends first, each gets its own answers, and no more are under way."""
    ways = [way(str(n), *(gives(n * 10 + step) for step in range(length))) for n, length in enumerate(lengths)]
    ended, carrier, _ = run(ways, seats=seats, turns=turns)
    assert sorted(ended) == sorted(
        f"{n}: {', '.join(str(n * 10 + step) for step in range(length))}" for n, length in enumerate(lengths)
    )
    assert carrier.most <= seats


def test_no_way_waits_for_another() -> None:
    """While one call takes its time, the others go through one after the other on the second seat."""
    slow = way("slow", gives(1))
    ended, _, _ = run([slow, *(way(str(n), gives(n)) for n in range(3))], turns=[0, 0, 2, 0, 2, 0, 2, 0])
    assert ended == ["0: 0", "1: 1", "2: 2", "slow: 1"]


def test_pauses_hold_nobody_up() -> None:
    """Calls of other ways go on during a pause; only when all pause is there sleep, until the first is due."""
    ended, _, clock = run([way("a", Pause(3), gives(1)), way("b", gives(2)), way("c", Pause(1), gives(3))])
    assert ended == ["b: 2", "c: 3", "a: 1"]
    assert clock.slept == [1.0, 2.0]


def test_a_long_pause_keeps_the_lease() -> None:
    """In a pause that is longer than is sure, what has to be kept is kept."""
    kept: list[int] = []
    _, _, clock = run([way("a", Pause(40))], keep=lambda: kept.append(1))
    assert sum(clock.slept) == 40
    assert len(kept) == 11
    assert max(clock.slept) <= 3 * KEEP_SECONDS


def test_what_a_call_raises_comes_to_its_way() -> None:
    """A call that fails fails in its own way, which may do something about it; the others do not notice."""

    def fails() -> None:
        raise ValueError("broken")

    def careful() -> Way[str]:
        try:
            yield Call(fails)
        except ValueError as fault:
            return f"saw {fault}"
        return "saw nothing"

    ended, _, _ = run([careful(), way("b", gives(1))])
    assert sorted(ended) == ["b: 1", "saw broken"]


def test_threads_carry_calls_at_the_same_time() -> None:
    """With threads, two calls really are under way at once, and ways run in the calling thread alone."""
    both = threading.Barrier(2, timeout=10)
    seen: set[int] = set()

    def of_two() -> Way[str]:
        seen.add(threading.get_ident())
        yield Call(both.wait)
        seen.add(threading.get_ident())
        return "met"

    waiting = iter([of_two(), of_two()])
    rolling: Rolling[str] = Rolling(seats=lambda: 2, keep=lambda: None, sleep=lambda _: None, carrier=Threads())
    assert list(rolling.run(lambda: next(waiting, None))) == ["met", "met"]
    assert seen == {threading.get_ident()}


def test_what_is_wanted_together_is_done_in_one_call() -> None:
    """Ways that want the same kind of thing wait until no more come, or until they are as many as are taken at once."""
    calls: list[list[int]] = []

    def doubled(items: list[int]) -> list[int]:
        calls.append(items)
        return [item * 2 for item in items]

    ended, _, _ = run([way(str(n), Together("double", n, doubled, 3)) for n in range(7)], seats=2)
    assert sorted(ended) == [f"{n}: {n * 2}" for n in range(7)]
    assert [len(items) for items in calls] == [3, 3, 1]


def test_what_fails_together_fails_for_each() -> None:
    """A call for several that fails is told to each of them."""

    def fails(_: list[int]) -> list[int]:
        raise ValueError("broken")

    def careful(number: int) -> Way[str]:
        try:
            yield Together("x", number, fails, 2)
        except ValueError as fault:
            return f"{number} saw {fault}"
        return "saw nothing"

    ended, _, _ = run([careful(1), careful(2)])
    assert sorted(ended) == ["1 saw broken", "2 saw broken"]


# ---- posting side by side


def plans(count: int) -> Desk:
    """A desk with so many refunds, every second one of an invoice."""
    made = []
    for n in range(count):
        memo = draft(f"cm{n}", RecordType.CREDIT_MEMO), draft(f"rf{n}", RecordType.CUSTOMER_REFUND, after=f"cm{n}")
        made.append(plan_with(*memo) if n % 2 else plan_with(draft(f"cr{n}")))
    return Desk(*made)


@settings(deadline=None)
@given(st.integers(1, 7), st.integers(1, 5), st.lists(st.integers(0, 20), max_size=120))
def test_many_refunds_are_posted_side_by_side(room: int, together: int, turns: list[int]) -> None:
    """Whatever the order of answers: each is posted once, memos before their refunds, as many at once as seats."""
    desk = plans(9)
    desk.net.room, desk.net.together, desk.turns = room, together, turns
    desk.post()
    assert set(desk.states) == {State.POSTED}
    assert desk.net.counts == dict.fromkeys(desk.planned(), 1)
    written = [call.split()[1] for call in desk.calls if call.startswith("write")]
    assert all(written.index(f"cm{n}") < written.index(f"rf{n}") for n in range(1, 9, 2))
    assert isinstance(desk.carrier, InAnyOrder)
    assert min(room, 9) <= desk.carrier.most <= 2 * room


def test_records_that_stand_alone_are_written_together() -> None:
    """Where NetSuite takes them together, customer refunds wait for each other; memos, made from bills, do not."""
    desk = plans(8)
    desk.net.room, desk.net.together = 3, 100
    desk.post()
    assert desk.states == [State.POSTED] * 8
    assert [call for call in desk.calls if call.startswith("together")] == ["together 4"]
    assert desk.net.counts == dict.fromkeys(desk.planned(), 1)


def test_what_must_wait_is_begun_after_an_outcome() -> None:
    """Where nothing can be begun before another outcome, what landed is read back, and then the rest goes on."""
    desk = plans(3)
    desk.net.room = 4
    ended: set[int] = set()

    def works() -> Iterator[Work | None]:
        yield desk.journal.work(1)
        while 1 not in ended:
            yield None
        yield desk.journal.work(2)
        yield desk.journal.work(3)

    for outcome in desk.poster().post(works()):
        ended.add(outcome.transaction_id)
    assert ended == {1, 2, 3}
    assert desk.states == [State.POSTED] * 3
    assert desk.calls.index("conclude 1 read_back_equal") < desk.calls.index("intend cm1")


def test_many_are_read_back_while_the_last_are_still_sent() -> None:
    """At the end of a run, most of what landed is proven before the last answer comes; a few wait for the others."""
    for count, early in ((80, 1), (20, 0)):
        desk = plans(count)
        desk.net.room, desk.turns = 4, []
        desk.post()
        last = max(place for place, call in enumerate(desk.calls) if call.startswith("settle"))
        assert sum(call.startswith("read back") for call in desk.calls[:last]) == early
        assert sum(call.startswith("read back") for call in desk.calls[last:]) == 1
        assert desk.states == [State.POSTED] * count


def test_a_refund_that_changed_meanwhile_is_told_as_passed_over() -> None:
    """Who waits for an outcome of a refund that is not posted any more gets one: nothing was sent of it."""
    desk = plans(1)
    work = desk.journal.work(1)
    desk.journal.rows[1].plan = plan_with(draft("cr", total="9.00"))
    (outcome,) = desk.poster().post([work])
    assert (outcome.transaction_id, outcome.event) == (1, None)
    assert desk.states == [State.READY]


def test_lease_lost_while_several_are_under_way() -> None:
    """When the lease goes to another process, nothing is begun any more, and no answer is saved."""
    desk = plans(6)
    desk.net.room, desk.turns = 4, []
    desk.journal.lose_lease_after = "settle cr0"
    with pytest.raises(LeaseLostError):
        desk.post()
    settled = [call for call in desk.calls if call.startswith("settle")]
    assert settled == ["settle cr0 written"]
    assert not any(call.startswith("conclude") for call in desk.calls)
