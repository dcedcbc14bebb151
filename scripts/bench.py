"""Measures parts of Contrapost and writes their tables into docs/benchmarks.md. Run by `make bench`.

The date is passed in (`make bench DATE=2026-11-23`): a table says when it was made, and a script does not guess.
`make bench DATE=2026-11-23 PART=emulator` measures one part and leaves the other tables as they are.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench_calls import MODULES, counted, started
from bench_client import client
from bench_demo import demo
from bench_emulator import emulated
from bench_engine import engine
from bench_list import listed
from bench_mapping import mapped
from bench_million import million
from bench_reconcile import compared
from bench_tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench_tables import Table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"

_OF_PAGES = "A page of the list with a million refunds: the middle of 60 requests / their 95th percentile."


def main() -> int:
    """Measures the parts asked for, writes their tables, and says whether every limit is kept."""
    day, *parts = [word for word in sys.argv[1:] if word]
    if not day.startswith("20") or not PARTS.keys() >= set(parts):
        sys.exit(f"Say which day it is: make bench DATE=2026-11-23; parts are {', '.join(PARTS)}")
    kept = [_measured(part, day) for part in parts or PARTS]
    return 0 if all(kept) else 1


def _measured(part: str, day: str) -> bool:
    lines, kept = PARTS[part]()
    machine = f"Measured on {day}: {os.cpu_count()} CPUs, Python {platform.python_version()}, {platform.system()}."
    begin, end = f"<!-- {part} begins -->", f"<!-- {part} ends -->"
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(begin)[0], text.split(end)[1]
    PAGE.write_text(before + "\n".join([begin, machine, "", *lines, end]) + after, encoding="utf-8")
    print("\n".join(lines))  # noqa: T201 - a script talks
    return kept


def _calls() -> Table:
    return table([*counted(), *(started(name, module) for name, module in MODULES.items()), *demo()])


def _emulator() -> Table:
    return table(emulated())


def _list() -> Table:
    lines, kept = listed()
    return [_OF_PAGES, "", *lines], kept


def _client() -> Table:
    return table(client())


def _engine() -> Table:
    return table(list(engine()))


def _million() -> Table:
    return table(million())


def _mapping() -> Table:
    return table(mapped())


def _reconcile() -> Table:
    return table(compared())


PARTS: dict[str, Callable[[], Table]] = {
    "calls": _calls,
    "client": _client,
    "engine": _engine,
    "million": _million,
    "emulator": _emulator,
    "mapping": _mapping,
    "reconcile": _reconcile,
    "list": _list,
}


if __name__ == "__main__":
    sys.exit(main())
