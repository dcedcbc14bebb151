"""Comparisons that were asked for through a server: they go on when nobody waits for them any more."""

from __future__ import annotations

import logging
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

from contrapost import flow
from contrapost.app import SetUpError
from contrapost.log import warn
from contrapost.netsuite.answers import NetSuiteError
from contrapost.records.setup import database
from contrapost.stores.contract import StoreError

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.reconcile.run import Days

_log = logging.getLogger(__name__)
THREADS = 2
"""Comparisons at once; each reads much of the store and of NetSuite."""


class Comparisons:
    """The comparisons of one server."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reconcile")

    def start(self, account: str, span: Days, *, by: str, offline: bool, wait_seconds: float) -> int:
        """Starts a comparison and gives its id, once it has ended or the wait is over; what came of it is kept.

        Raises:
            NotFoundError: there is no such account.
        """
        began: Future[int] = Future()
        ended = self._threads.submit(self._run, account, span, by, offline, began)
        either: list[Future[Any]] = [began, ended]
        wait(either, return_when=FIRST_COMPLETED)
        if not began.done():
            ended.result()
        wait([ended], timeout=wait_seconds)
        return began.result()

    def finish(self) -> None:
        """Waits for the comparisons under way; those that did not begin are left."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, account: str, span: Days, by: str, offline: bool, began: Future[int]) -> None:  # noqa: FBT001
        try:
            with database():
                flow.reconcile(self._app, account, span, by=by, offline=offline, began=began.set_result)
        except (StoreError, NetSuiteError, SetUpError) as problem:
            warn("comparison not made", account=account, why=str(problem))
        except Exception:
            if not began.done():
                raise
            _log.exception("The comparison of %s failed", account)
