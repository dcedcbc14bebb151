"""Where a reading of changed orders has come to: a span of time and a place in it. Opaque to everyone else."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from contrapost.refunds.finding import error
from contrapost.stores.contract import StoreError

if TYPE_CHECKING:
    from datetime import timedelta

DEEPEST = 20_000
"""Shopify pages no deeper than 25,000 orders; from here on a new span begins where the last one came to."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A span of changes, and how far into it we are."""

    since: str
    until: str = ""
    after: str = ""
    passed: int = 0

    @classmethod
    def start(cls, since: datetime, until: datetime | None) -> Cursor:
        """Begins a span."""
        return cls(_written(since), _written(until) if until else "")

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Reads a cursor that `write` wrote.

        Raises:
            StoreError: it is none.
        """
        try:
            read = json.loads(urlsafe_b64decode(text.encode()))
            found = cls(str(read["since"]), str(read["until"]), str(read["after"]), int(read["passed"]))
            datetime.fromisoformat(found.since)
        except (ValueError, TypeError, LookupError):
            fix = "Start again from a point in time."
            raise StoreError(error("cursor_unknown", "The cursor is none of ours.", fix=fix), retryable=False) from None
        return found

    def write(self) -> str:
        """Writes the cursor as text."""
        return urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    def within(self, until: datetime | None) -> Cursor:
        """Gives a cursor at the beginning of a span the end that is asked for now."""
        return self if self.after or until is None else replace(self, until=_written(until))

    def search(self) -> str:
        """Writes the search for the span."""
        return f"updated_at:>='{self.since}'" + (f" AND updated_at:<='{self.until}'" if self.until else "")

    def next_page(self, after: str, count: int, last: str) -> Cursor:
        """Goes on behind a page."""
        if self.passed + count >= DEEPEST and last > self.since:
            return Cursor(last, self.until)
        return replace(self, after=after, passed=self.passed + count)

    def finished(self, last: str, overlap: timedelta) -> Cursor:
        """Gives the cursor for the next reading, once this one has come to its end: a little before the last change."""
        try:
            again = _written(datetime.fromisoformat(last) - overlap)
        except (ValueError, OverflowError):
            return Cursor(self.since)
        return Cursor(max(self.since, again))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
