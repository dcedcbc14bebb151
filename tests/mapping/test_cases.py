"""Every case in `cases/`: played in the emulated NetSuite, and compared with what an accountant wrote down."""

from __future__ import annotations

from pathlib import Path

import pytest
from mapping_cases import in_order, paths, read_case
from mapping_outcome import ALWAYS_SAID, LEDGER, play

from contrapost.app import App
from contrapost.demo.processes import Emulator


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_comes_to_what_the_case_says(path: Path, books_process: Emulator, app: App) -> None:
    """The refund comes to what the case says; where it is ready, NetSuite holds what case and preview say, once."""
    case = read_case(path)

    played = play(case, books_process, app)

    assert played.comes_to == case.comes_to, played.words
    assert not [words for words in case.says if words not in played.words], played.words
    assert not [code for code in played.unnamed_warnings if code not in " ".join(case.says)]
    assert not played.written_again
    assert played.written is (case.comes_to == "ready")
    assert in_order(played.preview) == in_order(played.tables[LEDGER]), "the preview showed another ledger"
    assert not played.equations
    for columns in dict.fromkeys((*case.tables, *(ALWAYS_SAID if played.written else ()))):
        assert in_order(played.tables[columns]) == in_order(case.tables.get(columns, ())), columns
    for columns, rows in case.tables_afterwards.items():
        assert in_order(played.tables_afterwards[columns]) == in_order(rows), f"afterwards, {columns}"
