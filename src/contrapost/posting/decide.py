"""What to do about an answer of NetSuite: one pure function decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.netsuite.answers import Unknown, Written

if TYPE_CHECKING:
    from contrapost.netsuite.answers import Answer
    from contrapost.refunds.finding import Finding

MAX_TRIES = 5
"""How often one record is sent, at most, before a person is asked."""
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Settle:
    """The record stands under this id."""

    netsuite_id: str


@dataclass(frozen=True, slots=True)
class LookUp:
    """Nobody knows whether it stands: look before anything is sent again."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """It does not stand, and may be sent again after a pause (to be spread by chance, so that clients do not meet)."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hold:
    """It does not stand, and sending it again unchanged would not help."""

    finding: Finding


Decision = Settle | LookUp | RetryAfter | Hold


def decide(answer: Answer, tries: int) -> Decision:
    """Decides what follows an answer to the `tries`-th sending of a record (counted from 1)."""
    if isinstance(answer, Written):
        return Settle(answer.id)
    if isinstance(answer, Unknown) or answer.exists:
        return LookUp()
    if answer.retryable and tries < MAX_TRIES:
        return RetryAfter(min(_FIRST_PAUSE_SECONDS * 2 ** (tries - 1), _LONGEST_PAUSE_SECONDS))
    return Hold(answer.finding)
