"""The schedule of looks: soon at first, ever more seldom, spread, and without an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrapost.refunds.looks import (
    LONGEST_PAUSE,
    NO_LOOKS,
    PAUSES,
    SPREAD,
    pause_after,
    tries_on,
    waited_for,
    waits_on,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@given(st.integers(1, 2**63), st.integers(1, 10_000))
def test_a_pause_is_the_schedules_and_a_little_more(id_: int, count: int) -> None:
    """Whichever refund and whichever look: never sooner than the schedule, never later than its spread allows."""
    least = PAUSES[count - 1] if count <= len(PAUSES) else LONGEST_PAUSE
    assert least <= pause_after(count, id_) <= least * (1 + SPREAD)
    assert pause_after(count, id_) == pause_after(count, id_)


def test_what_came_together_is_spread() -> None:
    """A hundred refunds that began to wait in the same moment are not looked at in the same second."""
    seconds = {int(pause_after(1, id_).total_seconds()) for id_ in range(100)}
    assert len(seconds) > 40


def test_looks_widen_and_never_end() -> None:
    """Five looks bring it from minutes to half a day; from then on it is looked at every day."""
    looks, now = NO_LOOKS, NOON
    gaps = []
    for _ in range(30):
        looks = waits_on(looks, id_=7, now=now, same=True)
        assert looks.next_at is not None
        gaps.append(looks.next_at - now)
        now = looks.next_at
    assert looks.since == NOON
    assert gaps[:6] == sorted(gaps[:6])
    assert gaps[0] < timedelta(minutes=7)
    assert all(LONGEST_PAUSE <= gap <= LONGEST_PAUSE * 1.2 for gap in gaps[5:])


def test_another_reason_is_looked_at_soon_again() -> None:
    """Once in NetSuite and not billed yet, it is looked at after minutes; how long it waits in all still counts."""
    looks = NO_LOOKS
    for _ in range(9):
        looks = waits_on(looks, id_=7, now=NOON, same=True)
    later = NOON + timedelta(days=3)
    changed = waits_on(looks, id_=7, now=later, same=False)
    assert (changed.since, changed.count) == (NOON, 1)
    assert changed.next_at is not None
    assert changed.next_at - later < timedelta(minutes=7)


def test_what_is_tried_again_does_not_wait() -> None:
    """A try again has a next time, and no moment since which it waits."""
    tried = tries_on(NO_LOOKS, id_=7, now=NOON)
    assert (tried.since, tried.count) == (None, 1)
    assert tried.next_at is not None


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=23), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=15, hours=3), "15 days"),
    ],
)
def test_ages_are_said_in_words(ago: timedelta, words: str) -> None:
    """In the largest unit that fits."""
    assert waited_for(NOON - ago, NOON) == words
