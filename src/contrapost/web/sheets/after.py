"""Post and after: what was sent and came back, and what happened so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contrapost.refunds.lifecycle import BOOKED, LABELS, Event, State
from contrapost.web import words

if TYPE_CHECKING:
    from datetime import datetime

    from contrapost.records.rows import AttemptRow, HistoryRow, TransactionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to write a record, or one look for it."""

    at: words.Moment
    what: str
    record: str
    answer: str
    took: str
    conclusion: str
    call: str
    """Method and path; empty, like what follows, for those who may not see it."""
    sent: str
    received: str
    request_id: str
    """By which NetSuite's support finds the call; empty where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened."""

    at: words.Moment
    by: str
    what: str
    note: str
    status: str
    tone: str


_EVENTS: Final[dict[str, str]] = {
    Event.RETRIEVED: "Retrieved from the store",
    Event.PLANNED: "Mapped",
    Event.MUST_WAIT: "Has to wait",
    Event.HELD: "Held",
    Event.NOTHING_TO_BOOK: "Nothing to book",
    Event.INTENDED: "Post began",
    Event.ANSWER_LOST: "NetSuite's answer was lost",
    Event.LOOKED_UP: "Looked up in NetSuite",
    Event.READ_BACK_EQUAL: "Posted and read back equal",
    Event.NOTHING_LANDED: "Nothing stands in NetSuite",
    Event.PROVEN: "Reconciled",
    Event.CANCELED: "Canceled",
    Event.RESTORED: "Restored",
    Event.ADOPTED: "Linked to records made by hand",
    Event.BOOKED_ELSEWHERE: "Booked elsewhere",
    Event.RELEASED: "Taken back",
    Event.CORRECTION_ACCEPTED: "Correction accepted",
    Event.CORRECTION_DROPPED: "Correction dropped",
    Event.TAKEN_BACK: "Taken back in NetSuite",
    "kept_as_it_is": "Kept as it is",
    "changed_at_store": "Changed at the store",
    "changed_after_posting": "Changed after posting",
    "as_posted": "As it was posted again",
    "accepted": "Accepted",
    "hidden": "Hidden",
    "shown": "Shown again",
}


def attempt(row: AttemptRow, now: datetime, *, with_raw: bool) -> Attempt:
    """Gives one attempt; what was sent and received only for those who may see it."""
    return Attempt(
        at=words.moment(row.at, now),
        what=row.what[:1].upper() + row.what[1:],
        record=row.external_id,
        answer=str(row.status or ""),
        took=f"{row.milliseconds:,} ms" if row.milliseconds else "",
        conclusion=row.conclusion,
        call=f"{row.method} {row.path}" if with_raw else "",
        sent=row.sent if with_raw else "",
        received=row.received if with_raw else "",
        request_id=row.request_id,
    )


def entry(row: HistoryRow, now: datetime) -> Entry:
    """Gives one entry of the history."""
    return Entry(
        at=words.moment(row.at, now),
        by=row.by,
        what=_EVENTS.get(row.event, row.event.replace("_", " ").capitalize()),
        note=words.plain(row.note),
        status=LABELS[row.to_state],
        tone=words.TONES[row.to_state],
    )


def reconciled(row: TransactionRow) -> str:
    """Says whether the refund was proven against store and NetSuite."""
    if row.status is State.RECONCILED:
        return "Store and NetSuite were compared after the post, and agree."
    if row.status in BOOKED and row.plan is None:
        return "It was made by hand in NetSuite, and not compared with the store since."
    if row.status in BOOKED:
        return "Read back equal when it was posted; not compared with the store again yet."
    return "Comes after the post."
