"""What a person of a role can do to a refund as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contrapost.permissions import Action, Role, may
from contrapost.refunds.lifecycle import BOOKED, UNDER_WAY, Event, State, can, rests

if TYPE_CHECKING:
    from contrapost.records.rows import TransactionSummary

_NOT_TO_POST: Final = BOOKED | {State.CANCELED, State.NOT_NEEDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """Which actions of the menu fit the refund's state and the person's role."""

    post: bool
    cancel: bool
    restore: bool
    adopt: bool
    release: bool
    correct: bool
    delete: bool


def deeds_on(row: TransactionSummary, role: Role) -> Deeds:
    """Says what this role may do to a refund that stands so.

    What waits, or was held, may be posted: a post looks again first, and says what is still missing.
    """
    gone_out = bool(row.links) or row.status in UNDER_WAY | BOOKED
    resting = rests(row.status, row.reason)
    by_hand = bool(row.standing) and all(link.adopted for link in row.standing)
    return Deeds(
        post=may(role, Action.POST) and row.status not in _NOT_TO_POST,
        cancel=may(role, Action.CANCEL) and not gone_out and can(row.status, Event.CANCELED),
        restore=may(role, Action.CANCEL) and can(row.status, Event.RESTORED),
        adopt=may(role, Action.ADOPT) and not gone_out and not resting and can(row.status, Event.ADOPTED),
        release=may(role, Action.ADOPT) and (resting or by_hand),
        correct=may(role, Action.CORRECT) and bool(row.changes) and row.status in BOOKED,
        delete=may(role, Action.DELETE) and not gone_out,
    )
