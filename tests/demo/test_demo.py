"""The demo as a newcomer starts it: one command, and everything is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import urllib3


def _start(home: Path, *more: str) -> subprocess.Popen[str]:
    call = [sys.executable, "-m", "contrapost", "demo", "--port", "0", "--home", str(home), *more]
    environment = {name: value for name, value in os.environ.items() if name != "CONTRAPOST_HOME"}
    environment["COLUMNS"] = "120"
    pipe = subprocess.PIPE
    return subprocess.Popen(call, stdout=pipe, stderr=subprocess.STDOUT, text=True, env=environment)


def test_the_demo_shows_the_way_and_ends(tmp_path: Path) -> None:
    """With --once it retrieves, previews and posts in the terminal, writes nothing twice, and ends well."""
    said, _ = _start(tmp_path / "home", "--once").communicate(timeout=120)

    assert "6 refunds posted, 117.83 USD in all" in said
    assert "Posted a second time: nothing more was written." in said
    assert "Traceback" not in said


def test_the_demo_opens_the_pages_and_says_how_to_sign_in(tmp_path: Path) -> None:
    """It prints an address that answers and three people who can sign in, and ends when it is told to."""
    process = _start(tmp_path / "home")
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if "until you press" in line:
            break
    address = next(word for line in said for word in line.split() if "in the list at" in line and "http://" in word)

    answer = _first_answer(f"{address}/sign-in/")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)

    assert answer.status == 200
    assert {"ada", "mo", "rhea"} <= {line.split()[0] for line in said if line.strip()}
    assert process.returncode == 0


def test_a_folder_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    """The demo empties its own folder only: another one stays as it is, and the sentence says what to do."""
    (tmp_path / "precious.txt").write_text("mine")

    process = _start(tmp_path, "--once")
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "is not a folder of the demo" in said
    assert (tmp_path / "precious.txt").read_text() == "mine"


def _first_answer(url: str) -> urllib3.BaseHTTPResponse:
    """The server listens before it says so; a moment may pass until it answers."""
    for _ in range(200):
        try:
            return urllib3.request("GET", url, retries=False)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")
