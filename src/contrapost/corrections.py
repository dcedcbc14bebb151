"""What people do with a refund that changed after posting: see its correction, accept or drop it, keep what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost import correcting as making
from contrapost import flow
from contrapost.mapping.taking_back import Way
from contrapost.records import correcting as rows
from contrapost.records import queries

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.correcting import Correction


def prepare(app: App, id_: int, *, way: Way = Way.OFFSET) -> Correction:
    """Works out what would correct a refund that changed after posting; sends and changes nothing.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it is not posted, or nothing of it changed.
        SetUpError: the NetSuite account is not set up to be connected.
        NetSuiteError: NetSuite could not be asked.
    """
    return making.prepare(app, queries.get(id_), way)


def accept(app: App, id_: int, *, way: Way, seen: str, by: str, reason: str = "") -> flow.Result:
    """Accepts the correction that was seen, and posts it: what stands is taken back, then the refund is booked anew.

    Posting it is like any post: once, looked at before anything is sent again, read back and compared.

    Args:
        app: the composition root.
        id_: the transaction.
        way: how what stands is taken back.
        seen: the fingerprint of the correction the person saw; another one is not carried out.
        by: who accepts it.
        reason: kept with it.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it has nothing to be corrected, cannot be now, or becomes something else than was seen.
        SetUpError: the NetSuite account is not set up to be connected.
        NetSuiteError: NetSuite could not be asked.
    """
    making.accept(app, id_, way=way, seen=seen, reason=reason, by=by)
    return flow.post(app, [id_], by=by)


def drop(app: App, id_: int, *, by: str) -> None:
    """Drops a correction that was accepted and of which nothing was sent: what was posted counts again.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it has none that could be dropped.
    """
    rows.drop(id_, by=by, now=app.now())


def keep(app: App, id_: int, *, reason: str, by: str) -> None:
    """Leaves what stands in NetSuite as it is, though something changed after posting.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: nothing of it changed, or no reason is given.
    """
    rows.kept(id_, reason=reason, by=by, now=app.now())
