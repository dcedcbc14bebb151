"""The page on reconciling is true: its code runs, and its words are those of the code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from contrapost.reconcile.report import KIND_WORDS

PAGE = Path(__file__).resolve().parents[2] / "docs/reconcile.md"


def test_the_code_of_the_page_runs(tmp_path: Path) -> None:
    """Every block holds, in the order of the page, against a shop and a NetSuite that are emulated."""
    call = [sys.executable, str(Path(__file__).parent / "run_page.py"), str(PAGE), str(tmp_path / "home")]
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 3


def test_the_page_explains_every_kind() -> None:
    """Each kind that people read has its row."""
    text = PAGE.read_text(encoding="utf-8")

    assert not [word for word in KIND_WORDS.values() if f"| {word} |" not in text]
