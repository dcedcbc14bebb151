"""The six steps across the top of a refund's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.refunds.lifecycle import BOOKED, LABELS, UNDER_WAY, State
from contrapost.web import words

if TYPE_CHECKING:
    from datetime import datetime

    from contrapost.records.rows import TransactionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: how far it is, and in a few words what came of it."""

    number: int
    word: str
    beside: str
    state: str
    """`done`, `now` or `next`."""
    anchor: str


def steps_of(row: TransactionRow, now: datetime) -> tuple[Step, ...]:
    """Gives the six steps of a refund as it stands."""
    beside = (
        ("Store", f"refunded {words.day(row.refunded_on, now.date()).short}", "store"),
        ("Refund", f"retrieved {words.moment(row.created_at, now).short}", "refund"),
        ("Match", _matched(row), "match"),
        ("Map", _mapped(row), "map"),
        ("Post", _posted(row), "post"),
        ("Reconcile", "compared" if row.status is State.RECONCILED else "not yet", "reconcile"),
    )
    reached = _reached(row)
    return tuple(
        Step(number=number, word=word, beside=said, state=_state(number, reached), anchor=anchor)
        for number, (word, said, anchor) in enumerate(beside, start=1)
    )


def _state(number: int, reached: int) -> str:
    if number < reached:
        return "done"
    return "now" if number == reached else "next"


def _reached(row: TransactionRow) -> int:
    """Names the step that the refund is at."""
    if row.status is State.RECONCILED:
        return 7
    if row.status in BOOKED:
        return 6
    if row.status is State.READY or row.frozen:
        return 5
    if row.document is None:
        return 2
    return 4 if row.bills else 3


def _matched(row: TransactionRow) -> str:
    if row.bills is None:
        return "no bill found yet"
    bills = [bill.label for bill in row.bills.bills]
    deposits = [deposit.label for deposit in row.bills.deposits if deposit.left]
    return " and ".join(bills or deposits) or f"sales order {row.bills.order_tranid}, not billed yet"


def _mapped(row: TransactionRow) -> str:
    if row.plan and row.plan.drafts:
        return " and ".join(words.record_word(draft.record) for draft in row.plan.drafts)
    if row.status is State.NOT_NEEDED:
        return "nothing to book"
    if row.status in BOOKED:
        return "made by hand"
    return "not yet" if row.plan is None else "held: see below"


def _posted(row: TransactionRow) -> str:
    if row.links:
        return ", ".join(link.tranid or link.netsuite_id for link in row.links)
    if row.status is State.READY:
        return "preview below"
    return LABELS[row.status].lower() if row.status in UNDER_WAY | {State.CANCELED} else "not yet"
