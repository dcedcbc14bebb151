"""The works there are, which of them have something to do now, and how each is done: by a function of flow."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from contrapost import flow
from contrapost.app import SetUpError
from contrapost.log import say, warn
from contrapost.posting.journal import LeaseLostError
from contrapost.records import asks, reconciliations, sync, turns
from contrapost.records.errors import DATABASE_LOST, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost.app import App
    from contrapost.records.turns import Run

POST, SHOP, PROOF = "post", "shop", "proof"
"""Kinds of work: post what is asked for of a NetSuite account; keep a store account up; compare its last days."""
LONGEST_SECONDS = 300.0
"""After so long a run ends though there is more, so that others' runs come up too."""
BUSY_AGAIN = timedelta(seconds=2)
"""When it is tried again, where someone else is posting to the account."""
_log = logging.getLogger(__name__)


def due(app: App, *, proofs: bool) -> list[str]:
    """Names the works that have something to do now: `post:books`, `shop:main`.

    Args:
        app: the composition root.
        proofs: also those that are due once a day and need not be looked for every second.
    """
    now = app.now()
    return [
        *(f"{POST}:{name}" for name in asks.due_netsuites(now=now)),
        *(f"{SHOP}:{name}" for name in sync.due(now)),
        *(f"{PROOF}:{name}" for name in (reconciliations.due(now) if proofs else ())),
    ]


def do(app: App, run: Run, *, stop: Callable[[], bool]) -> None:
    """Does a run, and ends it, so that the next one of its work may be handed out.

    What goes wrong is logged, and the next run waits: longer each time in a row. Where another process took the run
    over, it is that one's to end.

    Args:
        app: the composition root.
        run: which.
        stop: says that this process is to end: the run then ends early, and the next one does the rest.
    """
    kind, _, name = run.work.partition(":")
    end = time.monotonic() + LONGEST_SECONDS

    def enough() -> bool:
        return stop() or time.monotonic() >= end

    try:
        if kind == POST:
            _post(app, run, name, enough)
        elif kind == SHOP:
            _keep_up(app, run, name, enough)
        else:
            flow.reconcile_due(app, name)
            turns.end(run)
    except LeaseLostError:
        warn("run given up", run=run.name, why="another process posts to this account now")
    except (SetUpError, NotFoundError) as problem:
        warn("run put off", run=run.name, why=str(problem))
        turns.put_off(run, now=app.now())
    except DATABASE_LOST as fault:
        # Nothing can be saved now, not even that the turn is put off: the run is over without having ended its turn,
        # which is noticed once the database is back.
        warn("database lost", run=run.name, fault=f"{type(fault).__name__}: {fault}".strip())
    except Exception:  # noqa: BLE001 - one account's fault must not end the worker
        _log.exception("%s failed, and is tried again", run.name)
        turns.put_off(run, now=app.now())


def _post(app: App, run: Run, netsuite: str, enough: Callable[[], bool]) -> None:
    worked = flow.post_asked(app, netsuite, stop=enough)
    if worked is None:
        turns.put_off(run, now=app.now(), until=app.now() + BUSY_AGAIN)
        return
    say("run over", run=run.name, answered=worked.done, away=worked.away)
    if worked.away:
        turns.put_off(run, now=app.now())
    else:
        turns.end(run)


def _keep_up(app: App, run: Run, account: str, enough: Callable[[], bool]) -> None:
    while flow.keep_up(app, account) and not enough():
        pass
    turns.end(run)
