"""Plays every fault of NetSuite's against the emulator, and writes docs/netsuite-faults.md. Run by `make faults`."""

from __future__ import annotations

import sys
from pathlib import Path

from contrapost.demo.processes import emulator

TESTS = Path(__file__).resolve().parents[1] / "tests"


def main() -> None:
    """Writes the page."""
    sys.path.insert(0, str(TESTS))
    from fault_table import FAULTS, PAGE, page, play

    with emulator("netsuite", "contrapost_emulators.netsuite") as running:
        PAGE.write_text(page([play(fault, running) for fault in FAULTS]), encoding="utf-8")


if __name__ == "__main__":
    main()
