"""A worker: makes itself heard, hands out what is due, takes over what a dead one was doing, and does its share."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from contrapost.engine import works
from contrapost.engine.hand_out import HandOut
from contrapost.log import say, warn
from contrapost.process import collect_seldom, is_gone
from contrapost.records import turns, workers
from contrapost.records.errors import DATABASE_LOST
from contrapost.records.setup import database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost.app import App
    from contrapost.records.turns import Run

TICK_SECONDS = 1.0
"""How often it is looked for what is due."""
CHECK_SECONDS = 5.0
"""How long after a run was offered it is asked whether it is over without having ended its turn."""
LEFT_SECONDS = 20.0
"""How often it is looked whether a run of ours ended while its end could not be noted."""
PROOF_SECONDS = 60.0
"""How often it is looked for what is due once a day."""
FORGET_SECONDS = 3600.0
WELL_SECONDS = 15.0
"""After so long without a round that went well, a worker is not well."""
FINISH_SECONDS = 60
"""How long a worker that is told to end waits for what is under way."""


class Worker:
    """One worker; there is one in a process."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._ending = threading.Event()
        self._hand_out = HandOut(app.engine_url, app.holder, self._do)
        self._offered: dict[str, tuple[Run, float]] = {}
        self._doing: set[str] = set()
        self._idle: set[str] = set()
        """Runs of ours that were not being done when that was last looked at."""
        self._beaten_at = self._forgot_at = self._proofs_at = self._well_at = self._left_at = float("-inf")
        self._thread = threading.Thread(target=self._go_round, name="worker", daemon=True)

    def start(self) -> None:
        """Begins, in threads of its own; heard before it can take a run, so that none it takes is left alone."""
        with database():
            workers.beat(self._app.holder, version("contrapost"))
        self._hand_out.start()
        self._thread.start()
        say("worker started", worker=self._app.holder)

    def end(self) -> None:
        """Begins nothing more, waits for what is under way, and says good-bye to the others."""
        self._ending.set()
        self._thread.join()
        self._hand_out.end(wait_seconds=FINISH_SECONDS)
        try:
            with database():
                workers.forget(self._app.holder)
        except DATABASE_LOST as fault:
            warn("worker could not say good-bye", worker=self._app.holder, fault=str(fault))
        say("worker stopped", worker=self._app.holder)

    def is_well(self) -> bool:
        """Says whether it went its round just now: the database answered, and what is due was handed out."""
        return time.monotonic() - self._well_at < WELL_SECONDS

    def _do(self, run: Run) -> None:
        self._doing.add(run.name)
        try:
            with database():
                works.do(self._app, run, stop=self._ending.is_set)
        finally:
            self._doing.discard(run.name)

    def _go_round(self) -> None:
        """Goes on whatever happens: a database that is away comes back."""
        well = True
        while not self._ending.wait(TICK_SECONDS):
            try:
                with database():
                    self._tick()
                if not well:
                    warn("worker goes on", worker=self._app.holder)
                    self._left_at = float("-inf")
                well, self._well_at = True, time.monotonic()
            except Exception as fault:  # noqa: BLE001 - the next round may do better
                if well:
                    warn("worker waits", worker=self._app.holder, fault=f"{type(fault).__name__}: {fault}".strip())
                well = False

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._beaten_at >= workers.BEAT_SECONDS:
            self._beat()
            self._beaten_at = now
        proofs = now - self._proofs_at >= PROOF_SECONDS
        for work in works.due(self._app, proofs=proofs):
            self._offer(work, now)
        if now - self._left_at >= LEFT_SECONDS:
            self._take_up_own()
            self._left_at = now
        if proofs:
            self._proofs_at = now
        if now - self._forgot_at >= FORGET_SECONDS:
            self._hand_out.forget(now=self._app.now())
            self._forgot_at = now

    def _beat(self) -> None:
        """Makes this worker heard, and takes over from those who are not heard any more, or whom nobody knows."""
        workers.beat(self._app.holder, version("contrapost"))
        under_way = self._hand_out.under_way()
        known = [one.name for one in workers.listing()]
        dead = {name for name in known if is_gone(name)} | set(workers.silent())
        for name in sorted(dead | (under_way.keys() - set(known))):
            left = under_way.get(name, [])
            self._hand_out.hand_out_again(left)
            for run in left:
                warn("run taken over", run=run, worker=self._app.holder, dead=name)
            workers.forget(name)

    def _take_up_own(self) -> None:
        """Takes up again what this worker did and could not note the end of; twice seen, so that it is no beginning."""
        idle = {name for name in self._hand_out.under_way().get(self._app.holder, ()) if name not in self._doing}
        again, self._idle = sorted(idle & self._idle), idle
        self._hand_out.hand_out_again(again)
        for name in again:
            warn("run taken up again", run=name, worker=self._app.holder)

    def _offer(self, work: str, now: float) -> None:
        run = turns.present(work, now=self._app.now())
        if run is None:
            return
        offered, at = self._offered.get(work, (None, 0.0))
        if run != offered:
            self._hand_out.offer(run)
            self._offered[work] = (run, now)
        elif now - at >= CHECK_SECONDS:
            if self._hand_out.is_over(run):
                turns.put_off(run, now=self._app.now())
            self._offered[work] = (run, now)


@contextmanager
def working(app: App) -> Iterator[Worker]:
    """Works in this process for the time of a block; gives the worker."""
    worker = Worker(app)
    worker.start()
    collect_seldom()
    try:
        yield worker
    finally:
        worker.end()
