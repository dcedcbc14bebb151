"""The command line says a lost database in a sentence, without a stack trace and without its password."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from contrapost.cli.root import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Calls the command line where there is no database, and gives the exit code."""
    monkeypatch.setenv("CONTRAPOST_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "sqlite:////no-such-folder/rows.db")

    def called(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["contrapost", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(str(ended.value.code))

    return called


@pytest.mark.parametrize("words", [("list",), ("backup", "b"), ("upgrade",), ("doctor",)])
def test_a_lost_database_is_a_sentence(
    call: Callable[..., int], capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """Each verb ends with 1, what is wrong, and what to do."""
    assert call(*words) == 1

    said = capsys.readouterr().err
    assert "The database does not answer, or its disk is full" in said
    assert "do it again: nothing is half-done" in said
    assert "did not foresee" not in said


def test_a_lost_database_is_a_problem(call: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts read a code."""
    assert call("list", "--json") == 1

    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "database_lost"
