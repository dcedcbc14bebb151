"""History: every move of a transaction, and who or what made it, in the transaction that makes the move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.records.models import HistoryEntry
from contrapost.refunds.lifecycle import State, move

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from contrapost.records.models import Transaction
    from contrapost.refunds.lifecycle import Event

CHANGED_AT_STORE = "changed_at_store"
"""The store says something new of a refund whose document is not replaced any more, or not acted on."""
CHANGED_AFTER_POSTING = "changed_after_posting"
"""Store or NetSuite say something else now than was posted."""
KEPT_AS_IT_IS = "kept_as_it_is"
"""A person lets stand what changed after posting."""
AS_POSTED = "as_posted"
"""What had changed on one side is again as it was posted."""
ACCEPTED = "accepted"
"""A person accepted that the refund gives more than its bill still holds."""
HIDDEN = "hidden"
SHOWN = "shown"
"""A hidden transaction is shown again."""


def moved(row: Transaction, event: Event, *, by: str, now: datetime, note: str = "") -> None:
    """Moves a transaction by an event, unsaved, and appends that to its history.

    Raises:
        IllegalMoveError: the event cannot happen in its state.
    """
    before, row.status = row.status, move(State(row.status), event).value
    row.updated_at = now
    HistoryEntry(
        transaction=row, at=now, by=by, event=event.value, from_state=before, to_state=row.status, note=note
    ).save()


def moved_together(ids: Sequence[int], before: State, event: Event, *, by: str, now: datetime) -> State:
    """Appends the same move of many transactions to their histories, and gives the state to put them in.

    Raises:
        IllegalMoveError: the event cannot happen in that state.
    """
    after = move(before, event)
    HistoryEntry.objects.bulk_create(
        HistoryEntry(transaction_id=id_, at=now, by=by, event=event.value, from_state=before, to_state=after.value)
        for id_ in ids
    )
    return after


def noted(row: Transaction, event: str, *, by: str, now: datetime, note: str = "") -> None:
    """Appends something that happened without a move."""
    row.updated_at = now
    HistoryEntry(
        transaction=row, at=now, by=by, event=event, from_state=row.status, to_state=row.status, note=note
    ).save()


def began(row: Transaction, event: Event, *, by: str, now: datetime) -> None:
    """Appends the first entry of a transaction."""
    HistoryEntry(transaction=row, at=now, by=by, event=event.value, from_state="", to_state=row.status).save()
