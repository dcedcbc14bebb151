"""Handing work out over all processes, by DBOS: each run once, a work's runs one by one, none lost with a process.

What DBOS keeps are receipts: with its tables gone, the runs that are due are handed out anew. A run is one step that
can be done again from its start, because flow looks before it sends.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from dbos import DBOS, DBOSPortableJSONSerializer

from contrapost.records.turns import Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

QUEUE = "work"
POLL_SECONDS = 1.0
"""How often a process looks for a run to do: what it costs an idle one, and how late a run begins."""
AT_ONCE = 12
"""Runs that one process does at once."""
_VERSION = "contrapost"
"""One for all releases: a new one takes over what an old one left, since a run's arguments are names."""
_OVER = {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}
KEEP = timedelta(days=7)
"""How long the receipts of what is over are kept."""

_do: Callable[[Run], None] | None = None


@DBOS.workflow(name="run")
def _run(work: str, number: int) -> None:
    _step(work, number)


@DBOS.step(name="do")
def _step(work: str, number: int) -> None:
    if _do is None:
        raise RuntimeError("This process was not told what to do with a run")
    _do(Run(work, number))


class HandOut:
    """This process's part in handing out; there is one in a process.

    Args:
        database_url: where DBOS keeps its receipts.
        name: names this process, and no other one ever.
        do: does a run; whatever it raises ends up in the run's receipt.
    """

    def __init__(self, database_url: str, name: str, do: Callable[[Run], None]) -> None:
        global _do  # noqa: PLW0603 - DBOS finds the workflow by its name, not through us
        _do = do
        _log_with_us()
        DBOS(
            config={
                "name": "contrapost",
                "system_database_url": _prepared(database_url),
                "executor_id": name,
                "application_version": _VERSION,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "ERROR",
                "enable_otlp": False,
                "use_listen_notify": False,
                "notification_listener_polling_interval_sec": 2.0,
                "scheduler_polling_interval_sec": 3600.0,
                "sys_db_pool_size": 4,
            }
        )

    def start(self) -> None:
        """Begins to take runs."""
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=AT_ONCE,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )

    def offer(self, run: Run) -> None:
        """Hands a run out, once however often and by however many it is offered; its work's runs follow one another."""
        DBOS.enqueue_workflow_with_options(
            {"queue_name": QUEUE, "workflow_name": "run", "workflow_id": run.name, "queue_partition_key": run.work},
            run.work,
            run.number,
        )

    def is_over(self, run: Run) -> bool:
        """Says whether a run that was offered is over, however it ended."""
        status = DBOS.get_workflow_status(run.name)
        return status is not None and status.status in _OVER

    def under_way(self) -> dict[str, list[str]]:
        """Names, by process, the runs that it took and that are not known to be over."""
        by_process: dict[str, list[str]] = defaultdict(list)
        for one in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
            by_process[one.executor_id or ""].append(one.workflow_id)
        return dict(by_process)

    def hand_out_again(self, names: list[str]) -> None:
        """Hands out again what a process took and does not do any more."""
        if names:
            DBOS.resume_workflows(names, queue_name=QUEUE)

    def forget(self, *, now: datetime) -> int:
        """Removes the receipts of what is long over; says how many there were."""
        before = (now - KEEP).isoformat()
        old = DBOS.list_workflows(
            status=sorted(_OVER), end_time=before, limit=1000, load_input=False, load_output=False
        )
        if old:
            DBOS.delete_workflows([one.workflow_id for one in old])
        return len(old)

    def end(self, *, wait_seconds: int) -> None:
        """Takes no more runs, waits for those under way, and lets go of the database."""
        DBOS.destroy(workflow_completion_timeout_sec=wait_seconds)


def _log_with_us() -> None:
    """Lets DBOS's lines go the way of all others; with a handler of its own, it would write them by itself."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.addFilter(_one_line)


def _one_line(record: logging.LogRecord) -> bool:
    """A receipt that could not be written needs no frames: the run is done again, or noticed to be over."""
    fault = record.exc_info[1] if record.exc_info else None
    if fault is not None and type(fault).__module__.startswith("sqlalchemy"):
        first, *_ = str(fault).splitlines()
        record.msg, record.args, record.exc_info = "receipt not written: %s", (first,), None
    return True


def _prepared(url: str) -> str:
    """Gives the address as SQLAlchemy takes it; a SQLite file is set to WAL, which DBOS does not do."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        with closing(sqlite3.connect(unquote(parts.path.removeprefix("/")))) as session:
            session.execute("PRAGMA journal_mode=WAL")
        return url
    asked = [(name, value) for name, value in parse_qsl(parts.query) if name != "pool"]
    return urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(asked), ""))
