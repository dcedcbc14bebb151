"""Writes a case anew with what the program makes of it, for a person to review: tests compare, they never rewrite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mapping_cases import BECOMES, in_order, read_case
from mapping_outcome import ALWAYS_SAID, play

if TYPE_CHECKING:
    from pathlib import Path

    from mapping_cases import Case, Row
    from mapping_outcome import Played

    from contrapost.app import App
    from contrapost.demo.processes import Emulator


def rewritten(path: Path, books: Emulator, app: App) -> str:
    """Gives the text of a case as the program would have it; unchanged where the case holds."""
    case = read_case(path)
    return with_outcome(path.read_text(encoding="utf-8"), case, play(case, books, app))


def with_outcome(text: str, case: Case, played: Played) -> str:
    """Puts what came out under the last heading: the tables the case has, and those no case may leave out."""
    head, _, tail = text.partition(f"## {BECOMES}\n")
    tail = re.sub(r"^\*\*Comes to:\*\* .+$", f"**Comes to:** {played.comes_to}", tail, flags=re.MULTILINE)
    ready = played.comes_to == "ready"
    for columns in dict.fromkeys((*case.tables, *ALWAYS_SAID)):
        rows, made = case.tables.get(columns), played.tables[columns] if ready else []
        if rows is None and made:
            tail = f"{tail.rstrip()}\n\n{_table(columns, made)}"
        elif rows is not None and in_order(made) != in_order(rows):
            tail = _without_table(tail, columns, _table(columns, _as_before(made, rows)))
    return f"{head}## {BECOMES}\n{tail.rstrip()}\n"


def _as_before(made: list[Row], rows: list[Row]) -> list[Row]:
    """Rows in the order of the case, so that a reviewer sees what changed and nothing else."""
    places = {tuple(row.values())[:2]: place for place, row in enumerate(rows)}
    return sorted(made, key=lambda row: places.get(tuple(row.values())[:2], len(places)))


def _without_table(text: str, columns: tuple[str, ...], instead: str) -> str:
    head = re.escape("| " + " | ".join(columns) + " |\n")
    return re.sub(rf"{head}(?:^\|.*\|\n?)+\n?", lambda _: f"{instead}\n" if instead else "", text, flags=re.MULTILINE)


def _table(columns: tuple[str, ...], rows: list[Row]) -> str:
    if not rows:
        return ""
    lines = ["| " + " | ".join(cells) + " |" for cells in (columns, *(tuple(row.values()) for row in rows))]
    lines.insert(1, "|" + "---|" * len(columns))
    return "\n".join(lines) + "\n"
