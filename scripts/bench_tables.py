"""What a measurement answers, and the table of some of them."""

from __future__ import annotations

Row = tuple[str, str, str, bool]
"""What was measured, the figure, its limit, and whether it is kept."""
Table = tuple[list[str], bool]
"""The lines of a table, and whether every limit in it is kept."""


def table(rows: list[Row]) -> Table:
    """Makes a table of measurements."""
    lines = ["| What | Measured | Limit | Kept |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {what} | {measured} | {limit} | {'yes' if kept else '**no**'} |" for what, measured, limit, kept in rows
    ]
    return lines, all(kept for *_, kept in rows)
