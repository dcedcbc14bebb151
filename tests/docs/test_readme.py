"""The ten steps of the README lead a refund into the books, as they are written there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from contrapost.demo.books import books
from contrapost.demo.processes import Emulator, emulator

ROOT = Path(__file__).resolve().parents[2]
MAIN = [sys.executable, "-c", "from contrapost.cli import main; main()"]
NOT_YET = 1
"""The store is connected before its cash accounts are named, and says so."""


def test_the_ten_steps_post_a_refund_once(tmp_path: Path) -> None:
    """Each command does what its step says; the last one changes nothing."""
    steps = re.findall(r"^ +contrapost (.+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    with (
        emulator("shopify", "contrapost_emulators.shopify") as store,
        emulator("netsuite", "contrapost_emulators.netsuite") as netsuite,
    ):
        store.ask("POST", "seed")
        netsuite.ask("POST", "seed", books())
        calls = [shlex.split(step) for step in steps]
        calls[0] = _with_credentials(calls[0], netsuite)
        calls[1] = _with_credentials(calls[1], store)
        done = [_contrapost(call, tmp_path / "home") for call in calls]

    assert len(steps) == 10
    assert [one.returncode for one in done] == [0, NOT_YET, *([0] * 8)], "\n".join(one.stdout for one in done)
    assert "Posted" in done[7].stdout
    assert done[9].stdout == done[7].stdout
    assert not [one.stderr for one in done if one.stderr]


def _with_credentials(call: list[str], running: Emulator) -> list[str]:
    """The same call with what the emulator gives in the place of the README's examples."""
    kept = call[: call.index("--set")]
    return [*kept, *(f"--set={name}={value}" for name, value in running.credentials().items())]


def _contrapost(call: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CONTRAPOST_HOME": str(home), "COLUMNS": "200"}
    environment.pop("DATABASE_URL", None)
    return subprocess.run([*MAIN, *call], env=environment, capture_output=True, text=True, check=False, timeout=60)
