"""Reviewing a case: what the program makes of it, written where the case says something else."""

from __future__ import annotations

from dataclasses import replace

from mapping_cases import Case, Row, read_case
from mapping_cases import paths as cases
from mapping_outcome import LEDGER, OPEN, STOCK, Played
from mapping_review import with_outcome

BY_HAND = next(path for path in cases() if path.stem == "full_refund_of_a_cash_sale")


def _played(case: Case, **more: object) -> Played:
    tables = {LEDGER: [], STOCK: [], OPEN: [], **case.tables}
    said = {
        "comes_to": "ready",
        "words": "",
        "unnamed_warnings": (),
        "equations": [],
        "written": True,
        "written_again": [],
    }
    return Played(**{**said, "preview": tables[LEDGER], "tables": tables, "tables_afterwards": {}, **more})  # type: ignore[arg-type]


def test_case_that_holds_stays_as_it_is() -> None:
    """Where the program comes to what the case says, not a letter is changed."""
    case, text = read_case(BY_HAND), BY_HAND.read_text(encoding="utf-8")

    assert with_outcome(text, case, _played(case)) == text


def test_what_differs_is_written_and_nothing_else() -> None:
    """A table that came out otherwise is written anew; head, given parts and the other tables stay."""
    case, text = read_case(BY_HAND), BY_HAND.read_text(encoding="utf-8")
    row: Row = {"record": "cash refund", "account": "4000", "debit": "1.00", "credit": ""}

    made = with_outcome(text, case, _played(case, tables={**_played(case).tables, LEDGER: [row]}))

    assert "| cash refund | 4000 | 1.00 |  |" in made
    assert "| cash refund | 1090 |" not in made
    assert made.split("## What it becomes")[0] == text.split("## What it becomes")[0]
    assert "| cash refund | CS-1 | 61.62 |" in made
    assert "| MUG | Main | 97 | 100 |" in made


def test_held_case_loses_its_tables_and_gets_them_back() -> None:
    """A case that does not come to a plan has no tables; one that does gets those that no case may leave out."""
    case, text = read_case(BY_HAND), BY_HAND.read_text(encoding="utf-8")

    held = with_outcome(text, case, _played(case, comes_to="held: exchange"))
    assert "**Comes to:** held: exchange" in held
    assert "|" not in held.split("## What it becomes")[1]

    ready = with_outcome(held, replace(case, tables={}), _played(case))
    assert "| cash refund | 1090 |  | 61.62 |" in ready
    assert "| MUG | Main | 97 | 100 |" in ready
