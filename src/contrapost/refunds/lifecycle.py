"""The states of a transaction and the moves between them: one table."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a transaction stands."""

    IMPORTED = "imported"
    """Retrieved, not yet matched."""
    WAITING = "waiting"
    """Nothing wrong, but something has to happen first; the reason says what."""
    READY = "ready"
    """The plan stands and may be posted."""
    POSTING = "posting"
    """A first intent is saved: NetSuite may hear of it at any moment."""
    OUTCOME_UNKNOWN = "outcome_unknown"
    """A write got no clear answer; NetSuite is looked at before anything is sent again."""
    POSTED = "posted"
    """Every record stands in NetSuite and was read back equal to the plan."""
    RECONCILED = "reconciled"
    """Posted, and proven against store and NetSuite afterwards."""
    NEEDS_ATTENTION = "needs_attention"
    """A person has to decide or mend something; the findings say what."""
    NOT_NEEDED = "not_needed"
    """There is nothing to book; the reason says why."""
    CANCELED = "canceled"
    """Kept, never acted on; a person can restore it."""


class Event(StrEnum):
    """What can happen to a transaction."""

    RETRIEVED = "retrieved"
    PLANNED = "planned"
    """The map step gave a plan without errors."""
    MUST_WAIT = "must_wait"
    HELD = "held"
    """The map step, or an answer of NetSuite, gave an error."""
    NOTHING_TO_BOOK = "nothing_to_book"
    INTENDED = "intended"
    """The plan is frozen and the first intent saved."""
    ANSWER_LOST = "answer_lost"
    LOOKED_UP = "looked_up"
    """NetSuite was looked at; it is known again what stands there."""
    READ_BACK_EQUAL = "read_back_equal"
    NOTHING_LANDED = "nothing_landed"
    """A look showed that no record of the plan exists: the plan may be made anew."""
    PROVEN = "proven"
    CANCELED = "canceled"
    RESTORED = "restored"
    ADOPTED = "adopted"
    """A person linked the records that somebody made by hand for it: nothing is sent."""
    BOOKED_ELSEWHERE = "booked_elsewhere"
    """A person said that it is booked without a record of its own, or in other books."""
    RELEASED = "released"
    """What a person linked or said so is taken back."""
    CORRECTION_ACCEPTED = "correction_accepted"
    """A person accepted the correction of what changed after posting: its plan is to be posted."""
    CORRECTION_DROPPED = "correction_dropped"
    """Nothing of the correction was carried out: what was posted counts again."""
    TAKEN_BACK = "taken_back"
    """What stood for the refund was taken back, and nothing is booked in its place."""


class IllegalMoveError(Exception):
    """This event cannot happen in this state: a fault of the caller, not of data."""


_BEFORE_POSTING: Final = (State.IMPORTED, State.WAITING, State.READY, State.NEEDS_ATTENTION, State.NOT_NEEDED)

_CORRECTING: Final = (State.READY, State.POSTING, State.NEEDS_ATTENTION)
"""States of a correction that was accepted and of which nothing stands yet."""

_MOVES: Final[dict[tuple[State, Event], State]] = {
    **{(state, Event.RETRIEVED): State.IMPORTED for state in _BEFORE_POSTING},
    **{(state, Event.PLANNED): State.READY for state in _BEFORE_POSTING},
    **{(state, Event.MUST_WAIT): State.WAITING for state in _BEFORE_POSTING},
    **{(state, Event.HELD): State.NEEDS_ATTENTION for state in _BEFORE_POSTING},
    **{(state, Event.NOTHING_TO_BOOK): State.NOT_NEEDED for state in _BEFORE_POSTING},
    **{(state, Event.CANCELED): State.CANCELED for state in _BEFORE_POSTING},
    **{(state, Event.ADOPTED): State.POSTED for state in _BEFORE_POSTING},
    **{(state, Event.BOOKED_ELSEWHERE): State.NOT_NEEDED for state in _BEFORE_POSTING},
    (State.POSTED, Event.RELEASED): State.IMPORTED,
    (State.RECONCILED, Event.RELEASED): State.IMPORTED,
    (State.NOT_NEEDED, Event.RELEASED): State.IMPORTED,
    **{(state, Event.CORRECTION_ACCEPTED): State.READY for state in (State.POSTED, State.RECONCILED)},
    **{(state, Event.CORRECTION_DROPPED): State.POSTED for state in _CORRECTING},
    (State.POSTING, Event.TAKEN_BACK): State.NOT_NEEDED,
    (State.CANCELED, Event.RESTORED): State.IMPORTED,
    (State.READY, Event.INTENDED): State.POSTING,
    (State.NEEDS_ATTENTION, Event.INTENDED): State.POSTING,
    (State.POSTING, Event.INTENDED): State.POSTING,
    (State.POSTING, Event.ANSWER_LOST): State.OUTCOME_UNKNOWN,
    (State.POSTING, Event.READ_BACK_EQUAL): State.POSTED,
    (State.POSTING, Event.HELD): State.NEEDS_ATTENTION,
    (State.POSTING, Event.NOTHING_LANDED): State.READY,
    (State.NEEDS_ATTENTION, Event.NOTHING_LANDED): State.READY,
    (State.OUTCOME_UNKNOWN, Event.LOOKED_UP): State.POSTING,
    (State.OUTCOME_UNKNOWN, Event.ANSWER_LOST): State.OUTCOME_UNKNOWN,
    (State.OUTCOME_UNKNOWN, Event.HELD): State.NEEDS_ATTENTION,
    (State.POSTED, Event.PROVEN): State.RECONCILED,
}

LABELS: Final[dict[State, str]] = {
    State.IMPORTED: "Imported",
    State.WAITING: "Waiting",
    State.READY: "Ready",
    State.POSTING: "Posting",
    State.OUTCOME_UNKNOWN: "Checking",
    State.POSTED: "Posted",
    State.RECONCILED: "Reconciled",
    State.NEEDS_ATTENTION: "Error",
    State.NOT_NEEDED: "Not needed",
    State.CANCELED: "Canceled",
}
"""What people read for each state, everywhere."""

UNDER_WAY: Final = frozenset({State.POSTING, State.OUTCOME_UNKNOWN})
"""States in which NetSuite may hold records that our rows do not know of yet."""

BOOKED: Final = frozenset({State.POSTED, State.RECONCILED})
"""States in which the refund stands in NetSuite in full."""

RESTING: Final = frozenset({Event.BOOKED_ELSEWHERE.value, Event.TAKEN_BACK.value})
"""Reasons for which a refund that is not needed is left alone until a person takes that back."""


def rests(state: State, reason: str) -> bool:
    """Says whether a person decided that there is nothing to book: neither polls nor looks wake it up."""
    return state is State.NOT_NEEDED and reason in RESTING


def move(state: State, event: Event) -> State:
    """Gives the state after an event.

    Raises:
        IllegalMoveError: the event cannot happen in this state.
    """
    try:
        return _MOVES[state, event]
    except KeyError:
        raise IllegalMoveError(f"{event} cannot happen to a transaction that is {state}") from None


def can(state: State, event: Event) -> bool:
    """Says whether an event can happen in a state."""
    return (state, event) in _MOVES
