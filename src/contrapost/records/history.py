"""History: every move of a transaction, and who or what made it, in the transaction that makes the move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.records.models import HistoryEntry
from contrapost.records.statements import add, carry_out
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
    carry_out(*add([entry_of_move(row, event, by=by, now=now, note=note)]))


def entry_of_move(row: Transaction, event: Event, *, by: str, now: datetime, note: str = "") -> HistoryEntry:
    """Moves a transaction by an event, and gives the entry that says so; for a caller that saves both.

    Raises:
        IllegalMoveError: the event cannot happen in its state.
    """
    before, after = State(row.status), move(State(row.status), event)
    row.status, row.updated_at = after.value, now
    return entry(row.pk, event, before, after, by=by, now=now, note=note)


def entry(
    transaction: int, event: Event, before: State, after: State, *, by: str, now: datetime, note: str = ""
) -> HistoryEntry:
    """Gives the entry of a move that its caller makes and saves."""
    return HistoryEntry(
        transaction_id=transaction,
        at=now,
        by=by,
        event=event.value,
        from_state=before.value,
        to_state=after.value,
        note=note,
    )


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
