"""Starting emulators as processes of their own, and ending them with us."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import urllib3

if TYPE_CHECKING:
    from collections.abc import Iterator

READY_SECONDS = 20
_PAUSE_SECONDS = 0.02
_ERROR_STATUS = 400
_NUMBERS_EXACT = msgspec.json.Encoder(decimal_format="number")


class EmulatorError(Exception):
    """An emulator did not start, or refused what the demo gave it."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator."""

    name: str
    url: str

    def credentials(self) -> dict[str, str]:
        """Gives what an account takes to connect to it, by the names of its settings."""
        said = self.ask("GET", "credentials")
        return {name: value for name, value in said.items() if isinstance(value, str)}

    def ask(self, method: str, what: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Asks its control plane.

        Raises:
            EmulatorError: it refused.
        """
        text = _NUMBERS_EXACT.encode(body) if body is not None else None
        headers = {"Content-Type": "application/json"}
        answer = urllib3.request(method, f"{self.url}/_emulator/{what}", body=text, headers=headers)
        if answer.status >= _ERROR_STATUS:
            raise EmulatorError(f"The emulated {self.name} refused {what}: {answer.data.decode()[:500]}")
        return json.loads(answer.data) if answer.data else None


@contextmanager
def emulator(name: str, module: str, *options: str) -> Iterator[Emulator]:
    """Runs an emulator for the time of a block, on a free port; with further options of its own, where some are given.

    Raises:
        EmulatorError: it ended, or said nothing, before it was ready.
    """
    call = [sys.executable, "-m", module, "--port", "0", "--attached", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(call, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603 - our own module
        try:
            yield Emulator(name, _ready(name, process))
        finally:
            process.terminate()
            process.wait()
            if process.stdout:
                process.stdout.close()


def _ready(name: str, process: subprocess.Popen[str]) -> str:
    """Waits until an emulator has said its address on its first line and answers there."""
    first = process.stdout.readline() if process.stdout else ""
    url = next((word.rstrip("/.,") for word in first.split() if word.startswith("http://")), "")
    if not url:
        raise EmulatorError(f"The emulated {name} did not start: {first.strip() or 'it said nothing'}")
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            urllib3.request("GET", f"{url}/_emulator/credentials", retries=False)
        except urllib3.exceptions.HTTPError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return url
    raise EmulatorError(f"The emulated {name} does not answer at {url}")
