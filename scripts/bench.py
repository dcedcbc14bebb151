"""Measures calls, start-up, the list of refunds and the demo, and writes docs/benchmarks.md. Run by `make bench`.

The date is passed in (`make bench DATE=2026-11-23`): a table says when it was made, and a script does not guess.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from bench_calls import MODULES, counted, started
from bench_demo import demo
from bench_list import listed

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- table begins -->", "<!-- table ends -->"
Row = tuple[str, str, str, bool]
"""What was measured, the figure, its limit, and whether it is kept."""

_OF_PAGES = "A page of the list with a million refunds: the middle of 60 requests / their 95th percentile."


def main() -> int:
    """Measures, writes the table, and says whether every limit is kept."""
    day = sys.argv[1] if len(sys.argv) > 1 else ""
    if not day:
        sys.exit("Say which day it is: make bench DATE=2026-11-23")
    rows = [*counted(), *(started(name, module) for name, module in MODULES.items()), *demo()]
    pages, pages_kept = listed()
    table = ["| What | Measured | Limit | Kept |", "| --- | --- | --- | --- |"]
    table += [
        f"| {what} | {measured} | {limit} | {'yes' if kept else '**no**'} |" for what, measured, limit, kept in rows
    ]
    table += ["", _OF_PAGES, "", *pages]
    machine = f"Measured on {day}: {os.cpu_count()} CPUs, Python {platform.python_version()}, {platform.system()}."
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{machine}\n\n" + "\n".join(table) + f"\n{END}{after}", encoding="utf-8")
    print("\n".join(table))  # noqa: T201 - a script talks
    return 0 if pages_kept and all(kept for *_, kept in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
