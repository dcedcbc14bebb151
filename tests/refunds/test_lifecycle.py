"""Lifecycle: which state follows which, and that nothing leads back from the books."""

from __future__ import annotations

import pytest

from contrapost.refunds.lifecycle import BOOKED, LABELS, Event, IllegalMoveError, State, can, move

BEFORE = {State.IMPORTED, State.WAITING, State.READY, State.NEEDS_ATTENTION, State.NOT_NEEDED}
ALWAYS = {
    Event.RETRIEVED: State.IMPORTED,
    Event.PLANNED: State.READY,
    Event.MUST_WAIT: State.WAITING,
    Event.HELD: State.NEEDS_ATTENTION,
    Event.NOTHING_TO_BOOK: State.NOT_NEEDED,
    Event.CANCELED: State.CANCELED,
    Event.ADOPTED: State.POSTED,
    Event.BOOKED_ELSEWHERE: State.NOT_NEEDED,
}
LEGAL = {(state, event): to for state in BEFORE for event, to in ALWAYS.items()} | {
    (State.CANCELED, Event.RESTORED): State.IMPORTED,
    (State.READY, Event.INTENDED): State.POSTING,
    (State.NEEDS_ATTENTION, Event.INTENDED): State.POSTING,
    (State.NEEDS_ATTENTION, Event.NOTHING_LANDED): State.READY,
    (State.POSTING, Event.INTENDED): State.POSTING,
    (State.POSTING, Event.ANSWER_LOST): State.OUTCOME_UNKNOWN,
    (State.POSTING, Event.READ_BACK_EQUAL): State.POSTED,
    (State.POSTING, Event.HELD): State.NEEDS_ATTENTION,
    (State.POSTING, Event.NOTHING_LANDED): State.READY,
    (State.OUTCOME_UNKNOWN, Event.LOOKED_UP): State.POSTING,
    (State.OUTCOME_UNKNOWN, Event.ANSWER_LOST): State.OUTCOME_UNKNOWN,
    (State.OUTCOME_UNKNOWN, Event.HELD): State.NEEDS_ATTENTION,
    (State.POSTED, Event.PROVEN): State.RECONCILED,
    (State.POSTED, Event.CORRECTION_ACCEPTED): State.READY,
    (State.RECONCILED, Event.CORRECTION_ACCEPTED): State.READY,
    (State.READY, Event.CORRECTION_DROPPED): State.POSTED,
    (State.POSTING, Event.CORRECTION_DROPPED): State.POSTED,
    (State.NEEDS_ATTENTION, Event.CORRECTION_DROPPED): State.POSTED,
    (State.POSTING, Event.TAKEN_BACK): State.NOT_NEEDED,
    (State.POSTED, Event.RELEASED): State.IMPORTED,
    (State.RECONCILED, Event.RELEASED): State.IMPORTED,
    (State.NOT_NEEDED, Event.RELEASED): State.IMPORTED,
}
"""Written by hand from what the states mean, apart from the table in the code."""


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", State)
def test_every_move_is_as_written_here(state: State, event: Event) -> None:
    """Each event leads where it should, and every other one is refused with a sentence."""
    assert can(state, event) is ((state, event) in LEGAL)
    if (state, event) in LEGAL:
        assert move(state, event) is LEGAL[state, event]
    else:
        with pytest.raises(IllegalMoveError, match=f"{event} cannot happen"):
            move(state, event)


TAKEN_BACK = {Event.RELEASED, Event.CORRECTION_ACCEPTED}
"""What only a person does with what stands."""


def _reachable(start: State) -> set[State]:
    seen, ahead = {start}, [start]
    while ahead:
        state = ahead.pop()
        following = {move(state, event) for event in set(Event) - TAKEN_BACK if can(state, event)} - seen
        seen |= following
        ahead += following
    return seen


@pytest.mark.parametrize("state", sorted(BOOKED))
def test_nothing_leads_back_from_the_books(state: State) -> None:
    """What is posted never comes to a state from which it would be posted again, unless a person takes it back."""
    assert _reachable(state) <= BOOKED


def test_canceled_only_restores() -> None:
    """A canceled refund can be restored, and nothing else happens to it."""
    assert [event for event in Event if can(State.CANCELED, event)] == [Event.RESTORED]


def test_posted_only_after_reading_back() -> None:
    """Only a read-back that agrees makes a refund posted, or a person who links what was made by hand.

    A correction that comes to nothing leaves it posted as it was.
    """
    leading = {event for state in State for event in Event if can(state, event) and move(state, event) in BOOKED}
    assert leading == {Event.READ_BACK_EQUAL, Event.PROVEN, Event.ADOPTED, Event.CORRECTION_DROPPED}


def test_unknown_outcome_is_looked_at_first() -> None:
    """While an outcome is unknown nothing is intended, planned, canceled or posted."""
    allowed = {event for event in Event if can(State.OUTCOME_UNKNOWN, event)}
    assert allowed == {Event.LOOKED_UP, Event.ANSWER_LOST, Event.HELD}


def test_every_state_has_a_name_for_people() -> None:
    """Each state has its own word on screens."""
    assert set(LABELS) == set(State)
    assert len(set(LABELS.values())) == len(LABELS)
