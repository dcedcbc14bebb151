"""Posts that were asked for through a server: they go on when nobody waits for them any more."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from contrapost import flow
from contrapost.records.setup import database

if TYPE_CHECKING:
    from contrapost.app import App

_log = logging.getLogger(__name__)
THREADS = 4
"""Posts at once. Those to one NetSuite account follow one another all the same; the rest waits its turn."""


class Posts:
    """The posts of one server."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="post")

    def post(self, id_: int, *, by: str, seen: str, wait_seconds: float) -> flow.Result | None:
        """Posts one transaction and gives what came of it; None where it goes on after the wait.

        Raises:
            Exception: whatever `flow.post` raises within the wait.
        """
        asked: Future[flow.Result] = self._threads.submit(self._post, id_, by, seen)
        ended, _ = wait([asked], timeout=wait_seconds)
        if ended:
            return asked.result()
        asked.add_done_callback(_say_fault)
        return None

    def finish(self) -> None:
        """Waits for the posts under way; those that did not begin are left, and can be asked for again."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _post(self, id_: int, by: str, seen: str) -> flow.Result:
        with database():
            return flow.post(self._app, [id_], by=by, seen={id_: seen} if seen else None)


def _say_fault(ended: Future[flow.Result]) -> None:
    """A fault that nobody waits for any more goes to the log; the refund itself says how far it came."""
    fault = None if ended.cancelled() else ended.exception()
    if fault is not None:
        _log.error("A post that went on in the background failed", exc_info=fault)
