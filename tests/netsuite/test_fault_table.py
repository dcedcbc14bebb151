"""Every fault that can be scripted, with the client's answer and what followed: as the page says, and once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fault_table import FAULTS, PAGE, Fault, line, page, play

if TYPE_CHECKING:
    from contrapost.demo.processes import Emulator


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.says)
def test_fault_ends_as_the_page_says(books_process: Emulator, fault: Fault) -> None:
    """Whatever goes wrong: the refund is posted in the end, it stands once, and the page tells it as it was.

    Written means that it stands, refused that it does not: only after an unknown outcome it may be either.
    """
    played = play(fault, books_process)
    assert played.stands == 1
    assert "Posted" in (played.state, played.again)
    for answer, held in zip(played.answers, played.held, strict=True):
        assert answer == "unknown" or held == (answer == "written")
    assert line(played) in PAGE.read_text(encoding="utf-8").splitlines(), "run make faults"


def test_page_has_a_line_for_each_fault() -> None:
    """The page holds the faults that are played, in their order, and nothing else."""
    text = PAGE.read_text(encoding="utf-8")
    told = [row.split(" | ")[0].removeprefix("| ") for row in text.splitlines() if row.startswith("| ")][2:]
    assert told == [fault.says for fault in FAULTS]
    assert text.startswith(page([]).rstrip())
