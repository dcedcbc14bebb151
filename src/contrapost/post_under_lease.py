"""Posting under the lease of a NetSuite account: by this process where it is free, else by whoever holds it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.asked import EveryAsk, TheseAsks
from contrapost.batch import Batch, why_not
from contrapost.posting.journal import LeaseLostError
from contrapost.process import is_gone
from contrapost.records import asks, lease, queries
from contrapost.refunds.finding import Finding, error
from contrapost.stores.contract import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from contrapost.app import App

_LOOK_SECONDS = 0.1


def post_here_or_wait(
    app: App,
    netsuite: str,
    members: Sequence[int],
    seen: Mapping[int, str],
    tell: Callable[[int], None],
    wait_seconds: float,
) -> tuple[list[Problem], set[int]]:
    """Posts transactions that are asked for, or waits until the process that posts to their NetSuite account has.

    Args:
        app: the composition root.
        netsuite: the NetSuite account of all of them.
        members: the transactions.
        seen: by transaction, the fingerprint of the preview that was seen.
        tell: told how many are done with.
        wait_seconds: how long to wait for another process.

    Returns:
        What was not posted, and why; and those that were posted by this process.
    """
    end = time.monotonic() + wait_seconds
    while True:
        with lease.holding(netsuite, app.holder, gone=is_gone) as held:
            if held is not None:
                return _post_here(Batch(app, netsuite, held, TheseAsks(members), tell), members)
        left = asks.of(members)
        if not left:
            return _answered_elsewhere(members, seen), set()
        if time.monotonic() >= end:
            busy = _busy(lease.holder_of(netsuite) or "Another process", netsuite)
            return [Problem(order=row.order_name, finding=busy) for row in queries.get_all(left)], set()
        app.sleep(_LOOK_SECONDS)


def _post_here(batch: Batch, members: Sequence[int]) -> tuple[list[Problem], set[int]]:
    try:
        return batch.run(), batch.posted
    except LeaseLostError:
        return [Problem(order=row.order_name, finding=_lost()) for row in queries.get_all(members)], batch.posted


def _answered_elsewhere(members: Sequence[int], seen: Mapping[int, str]) -> list[Problem]:
    """Says why those that another process took up were not posted; what it sent speaks for itself."""
    problems = []
    for row in queries.get_all(members):
        finding = None if row.frozen else why_not(row, seen.get(row.id, ""))
        if finding:
            problems.append(Problem(order=row.order_name, finding=finding))
    return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What posting all that was asked for came to."""

    done: int
    away: bool
    """NetSuite could not be asked; what was asked for waits."""


def post_all_asked(
    app: App, netsuite: str, *, stop: Callable[[], bool], tell: Callable[[int], None] = lambda _: None
) -> Worked | None:
    """Posts all that is asked for of one NetSuite account and due, until nothing is left or it is told to stop.

    Returns:
        None where another process posts to this account now.

    Raises:
        NotFoundError: there is no such NetSuite account.
        SetUpError: it is not set up to be connected.
        LeaseLostError: another process took over; what is asked stays asked.
    """
    with lease.holding(netsuite, app.holder, gone=is_gone) as held:
        if held is None:
            return None
        batch = Batch(app, netsuite, held, EveryAsk(netsuite, app.now), tell, stop)
        batch.run()
    return Worked(done=batch.done, away=batch.away)


def _busy(holder: str, netsuite: str) -> Finding:
    return error(
        "netsuite_in_use",
        f"{holder} is posting to the NetSuite account {netsuite} now.",
        fix="This refund stays asked for, and is posted in its turn by the server or a worker. Look again in a moment.",
    )


def _lost() -> Finding:
    return error(
        "lease_lost",
        "Another process took over posting to this NetSuite account.",
        fix="Nothing more was sent from here. Look at the refund: the other process finishes it, or post again.",
    )
