"""A set of named values, read with the type the caller expects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


class Fields(dict[str, object]):
    """The values of one record or one sublist line, by field name."""

    def text(self, name: str) -> str | None:
        """The text of a field, or none."""
        value = self.get(name)
        return None if value is None else str(value)

    def ref(self, name: str) -> str | None:
        """The internal id a reference field holds, or none."""
        return self.text(name)

    def need(self, name: str) -> str:
        """The internal id of a reference that is known to be there."""
        return str(self[name])

    def number(self, name: str) -> Decimal | None:
        """The exact number of a field, or none."""
        value = self.get(name)
        return value if isinstance(value, Decimal) else None

    def amount(self, name: str) -> Decimal:
        """The number of a field, zero when it is empty."""
        return self.number(name) or Decimal(0)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """The truth of a field, or the default when it is empty."""
        value = self.get(name)
        return value if isinstance(value, bool) else default

    def day(self, name: str) -> date | None:
        """The date of a field, or none."""
        value = self.get(name)
        return value if isinstance(value, date) else None

    def copy(self) -> Fields:
        """The same values in a set of their own."""
        return Fields(self)
