"""A server of our own, started as its user would start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import urllib3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    status: int
    json: Any


@dataclass(frozen=True)
class Server:
    """A running server, and what it said on the terminal before it was ready."""

    url: str
    first_link: str
    process: subprocess.Popen[str]
    token: str = ""

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """Asks the API."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        text = json.dumps(body) if body is not None else None
        got = urllib3.request(method, f"{self.url}/api/v1{path}", body=text, headers=headers, timeout=60, retries=False)
        return Answer(got.status, json.loads(got.data) if got.data else None)


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """Runs `contrapost web` on a free port for the time of a block."""
    call = [sys.executable, "-c", "from contrapost.cli import main; main()", "web", "--port", "0"]
    environment = {**os.environ, "CONTRAPOST_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    with subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            assert url.startswith("http://127.0.0.1:"), url
            is_first = not has_people(home)
            link = [process.stdout.readline() for _ in range(2)][1].strip() if is_first else ""
            yield Server(url, link, process)
        finally:
            process.terminate()
            assert process.wait(timeout=60) == 0


def has_people(home: Path) -> bool:
    """Says whether anybody can sign in, as the command line tells."""
    return bool(json.loads(contrapost(home, "people", "list", "--json")))


def contrapost(home: Path, *call: str) -> str:
    """Calls the command line and gives what it said."""
    environment = {**os.environ, "CONTRAPOST_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", "from contrapost.cli import main; main()", *call]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
