"""The emulator's clock: it runs, or stands where a test set it."""

from __future__ import annotations

from datetime import UTC, date, datetime


class Clock:
    """Tells the time, and can be frozen."""

    def __init__(self) -> None:
        self.frozen: datetime | None = None

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.frozen or datetime.now(UTC)

    def today(self) -> date:
        """The present day."""
        return self.now().date()

    def freeze(self, text: str | None) -> None:
        """Stand at a moment given in ISO form; none lets the clock run again."""
        if text is None:
            self.frozen = None
            return
        moment = datetime.fromisoformat(text)
        self.frozen = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
