"""A worker as its user starts it: watched on a port of its own, with a log a program reads, until it is told to end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

if TYPE_CHECKING:
    from pathlib import Path

WAIT_SECONDS = 60


def _ready(address: str) -> bool:
    try:
        with urlopen(address) as answer:
            return bool(json.load(answer)["works"])
    except HTTPError:
        return False


def test_a_worker_is_watched_and_ends_well(with_tables: Path, tmp_path: Path) -> None:
    """It says where it can be watched, is ready, and on SIGTERM stops with 0; each line of its log is an object."""
    shutil.copy(with_tables, tmp_path / "contrapost.sqlite3")
    environment = {**os.environ, "CONTRAPOST_HOME": str(tmp_path), "CONTRAPOST_LOG": "json"}
    environment.pop("DATABASE_URL", None)
    call = [sys.executable, "-c", "from contrapost.cli import main; main()", "worker", "--metrics-port", "0"]
    with subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        address = worker.stdout.readline().split()[-3]
        end = time.monotonic() + WAIT_SECONDS
        while not _ready(address) and time.monotonic() < end:
            time.sleep(0.1)
        with urlopen(address.replace("/health/ready", "/metrics")) as answer:
            metrics = answer.read().decode()
        worker.terminate()
        _, said = worker.communicate(timeout=WAIT_SECONDS)

    assert worker.returncode == 0, said
    assert "contrapost_workers_alive 1.0" in metrics
    events = [json.loads(line)["event"] for line in said.splitlines()]
    assert (events[0], events[-1]) == ("worker started", "worker stopped")
