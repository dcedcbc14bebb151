"""The looks of a refund on its page: since when it waits, how often it was looked at, and when it is next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.refunds.lifecycle import State
from contrapost.refunds.looks import waited_for
from contrapost.web import words

if TYPE_CHECKING:
    from datetime import datetime

    from contrapost.records.rows import TransactionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsSheet:
    """The looks of a refund that waits, or is tried again by itself."""

    since: words.Moment | None
    """None where it does not wait, and is only tried again."""
    age: str
    looks: int
    following: words.Moment | None


def sheet_of(row: TransactionRow, now: datetime) -> WaitsSheet | None:
    """Gives the looks of a refund; None where it is not looked at again by itself."""
    looks = row.looks
    if row.status is State.IMPORTED or (looks.since is None and looks.next_at is None):
        return None
    return WaitsSheet(
        since=words.moment(looks.since, now) if looks.since else None,
        age=waited_for(looks.since, now) if looks.since else "",
        looks=looks.count,
        following=words.moment(looks.next_at, now) if looks.next_at else None,
    )
