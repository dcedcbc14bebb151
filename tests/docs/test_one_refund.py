"""The page that follows one refund is true: its code runs, and its steps are the flow's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/one-refund.md"


def test_the_code_of_the_page_runs(tmp_path: Path) -> None:
    """Every block holds, in the order of the page, against a shop and a NetSuite that are emulated."""
    call = [sys.executable, str(Path(__file__).parent / "run_page.py"), str(PAGE), str(tmp_path / "home")]
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_the_page_has_the_headings_of_the_flow() -> None:
    """The page's steps are those that the sections of flow.py are numbered with, and then the proof."""
    flow = (ROOT / "src/contrapost/flow.py").read_text(encoding="utf-8")
    sections = ", ".join(re.findall(r"^# ---- (\d.*)$", flow, re.MULTILINE)).split(", ")
    headings = re.findall(r"^## (\d .*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert [heading.lower() for heading in headings[: len(sections)]] == sections
    assert headings[-1].lower().endswith("reconcile")
