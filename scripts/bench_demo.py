"""Starts the demo as its reader does: how long until its pages answer, and how much memory its processes hold."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import urllib3

if TYPE_CHECKING:
    from bench_tables import Row

READY_LIMIT, MEMORY_LIMIT = 15.0, 450
"""Seconds, and megabytes."""
PATIENCE = 60
SETTLED = 2.0
"""Seconds of asking for pages before the memory is read."""


def demo() -> list[Row]:
    """Starts the demo once; gives the rows of the table."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="bench") as home:
        call = [str(Path(sys.executable).with_name("contrapost")), "demo", "--home", home, "--port", str(port)]
        begun = time.perf_counter()
        with subprocess.Popen(call, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own command
            try:
                _answered(process, f"http://127.0.0.1:{port}/sign-in/")
                took = time.perf_counter() - begun
                end = time.monotonic() + SETTLED
                while time.monotonic() < end:
                    _answered(process, f"http://127.0.0.1:{port}/sign-in/")
                held, count = _memory(process.pid)
            finally:
                process.terminate()
    return [
        (
            "`contrapost demo`, until its pages answer",
            f"{took:.1f} s",
            f"under {READY_LIMIT:.0f} s",
            took < READY_LIMIT,
        ),
        (
            f"`contrapost demo`, memory of its {count} processes",
            f"{held:.0f} MB",
            f"under {MEMORY_LIMIT} MB",
            held < MEMORY_LIMIT,
        ),
    ]


def _answered(process: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            if urllib3.request("GET", url, retries=False, timeout=10).status == 200:  # noqa: PLR2004 - OK
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.02)
    sys.exit(f"The demo does not answer at {url}")


def _memory(pid: int) -> tuple[float, int]:
    """Adds up what a process and all it started hold in memory, pages shared between them counted each time."""
    said = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], check=True, capture_output=True, text=True)  # noqa: S607
    table = [tuple(map(int, line.split())) for line in said.stdout.splitlines()]
    family = {pid}
    while grown := {own for own, parent, _ in table if parent in family} - family:
        family |= grown
    return sum(rss for own, _, rss in table if own in family) * 1024 / 1e6, len(family)
