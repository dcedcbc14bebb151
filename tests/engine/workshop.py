"""Workers as processes of their own that can be killed, quickly started by a fork of a process that has imported all.

Run as a program it reads one line of JSON for each worker to start (`{"home": …, "url": …, "die": "settle before 2"}`),
forks, and answers with the process's number. `die` kills it with SIGKILL just before or after the n-th call of a
function between two steps of posting; without it, it lives until it is killed or told to end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

STEPS = (
    "intend", "settle", "conclude", "still_ours", "write", "find", "read_back", "done", "end", "present", "offer",
)  # fmt: skip
"""What a worker can be killed before or after: the journal's saves, the calls, and the hand-out's own steps."""
END_SECONDS = 30


class Workshop:
    """Starts workers, and kills them."""

    def __init__(self, home: Path, url: str, log: Path) -> None:
        self._home, self._url, self._log = home, url, log
        self._alive: list[int] = []
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, die: str = "", *, release: str = "", clock: Path | None = None, mute: bool = False) -> int:
        """Starts a worker and gives its process number.

        Args:
            die: where it is killed: `settle before 2`.
            release: the release of Contrapost that it says it is.
            clock: a file of seconds, by which its clock goes wrong; it is read each time.
            mute: it never goes its round: it takes what others handed out, and is heard once, at its start.
        """
        asked = {"home": str(self._home), "url": self._url, "log": str(self._log), "die": die}
        asked |= {"release": release, "clock": str(clock or ""), "mute": "yes" if mute else ""}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        self._alive.append(int(self._process.stdout.readline()))
        return self._alive[-1]

    def alive(self) -> list[int]:
        """The workers that run; those that died are forgotten."""
        self._alive = [number for number in self._alive if _runs(number)]
        return list(self._alive)

    def kill(self, number: int, sign: signal.Signals = signal.SIGKILL) -> None:
        """Sends a signal, and after a deadly one waits until the worker is gone."""
        with suppress(ProcessLookupError):
            os.kill(number, sign)
        end = time.monotonic() + END_SECONDS
        while sign in {signal.SIGKILL, signal.SIGTERM} and _runs(number) and time.monotonic() < end:
            time.sleep(0.01)

    def close(self) -> None:
        """Kills what is left."""
        for number in self.alive():
            self.kill(number)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


def _runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def _main() -> None:
    """Imports what a worker needs, then forks one for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    from contrapost.records.setup import configure

    configure("sqlite:///none")
    import contrapost.cli.worker
    import contrapost.engine.worker  # noqa: F401 - what every worker needs is imported once

    for line in sys.stdin:
        asked = json.loads(line)
        number = os.fork()
        if number:
            print(number, flush=True)  # noqa: T201 - the answer
        else:
            _work(asked)


def _work(asked: dict[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(0)
    os.environ["CONTRAPOST_HOME"] = asked["home"]
    os.environ.pop("DATABASE_URL", None)
    if asked["url"]:
        os.environ["DATABASE_URL"] = asked["url"]
    if asked["die"]:
        _die_at(*asked["die"].split())
    if asked["release"]:
        _be_of(asked["release"])
    if asked["clock"]:
        _go_by(Path(asked["clock"]))
    if asked["mute"]:
        _be_mute()
    from contrapost.cli.worker import command

    command([], standalone_mode=False)
    os._exit(0)


def _die_at(step: str, when: str, times: str) -> None:
    """Wraps the function so that its n-th call kills the process."""
    owner = _owner(step)
    real, left = getattr(owner, step), int(times)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        came = real(*args, **kwargs)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return came

    setattr(owner, step, deadly)


def _be_of(release: str) -> None:
    """Says that it is of another release, to the other workers and to the hand-out."""
    from contrapost.engine import worker

    worker.version = lambda _name: release


def _be_mute() -> None:
    """Lets the first round be an hour away."""
    from contrapost.engine import worker

    worker.TICK_SECONDS = 3600.0


def _go_by(clock: Path) -> None:
    """Goes by a clock that is wrong by as much as the file says."""
    from contrapost import app

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=float(clock.read_text()))

    app.datetime = Wrong  # type: ignore[misc]


def _owner(step: str) -> Any:
    from contrapost.engine.hand_out import HandOut
    from contrapost.netsuite.client import RestNetSuite
    from contrapost.records import asks, turns
    from contrapost.records.journal import RowsJournal

    for owner in (RowsJournal, RestNetSuite, asks, turns, HandOut):
        if hasattr(owner, step):
            return owner
    raise LookupError(step)


if __name__ == "__main__":
    _main()
