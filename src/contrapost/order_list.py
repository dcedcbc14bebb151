"""Lists of orders as people keep them: the first column of a file, one order a line. Pure."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADINGS = {"order", "orders", "order id", "order_id", "order name", "name", "id"}


def orders_in(lines: Iterable[str]) -> list[str]:
    """Gives the orders of a CSV file; a heading is known by its word, and an empty line is no order.

    Raises:
        csv.Error: these are no lines of such a file.
    """
    names = [row[0].strip() for row in csv.reader(lines) if row and row[0].strip()]
    return names[1:] if names and names[0].lower() in _HEADINGS else names
