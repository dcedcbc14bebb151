"""Back-fills: what was asked for, how far each has come, and what it could not do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from contrapost.codec import decode, encode
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.records.models import Account, BackFill
from contrapost.records.models.sync import FINISHED, RUNNING, STOPPED
from contrapost.stores.contract import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from contrapost.refunds.finding import Finding

MOST_PROBLEMS = 100
"""So many problems of one back-fill are kept word for word; the rest is counted."""
MOST_ORDERS = 200_000
"""A longer list is asked for in parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackFillRow:
    """One back-fill."""

    id: int
    account: str
    asked_at: datetime
    asked_by: str
    since: datetime | None
    """None where orders are asked for by name."""
    until: datetime | None
    cursor: str
    reached: datetime | None
    """Up to which change of a span it has come."""
    total: int
    """Orders asked for; 0 for a span of time."""
    done: int
    """Orders of the list that were read."""
    found: int
    """Refunds that came."""
    state: str
    """`running`, `finished` or `stopped`."""
    finished_at: datetime | None
    problems: tuple[Problem, ...]
    """The first of what could not be done."""
    problem_count: int

    @property
    def running(self) -> bool:
        """Says whether there is more of it to do."""
        return self.state == RUNNING

    @property
    def percent(self) -> int:
        """Gives how far it has come, in whole percent: of the orders, or of the span of time."""
        if self.state == FINISHED:
            return 100
        if self.total:
            return 100 * self.done // self.total
        if self.since is None or self.until is None or self.reached is None or self.until <= self.since:
            return 0
        return max(0, min(99, int(100 * ((self.reached - self.since) / (self.until - self.since)))))


def ask(
    account: str,
    *,
    by: str,
    now: datetime,
    orders: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Asks for refunds of the past, of orders or of a span of time, and gives the id of the back-fill.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: neither or both is asked for, the span ends before it begins, or the list is too long.
    """
    shop = Account.objects.filter(name=account).first()
    if shop is None:
        raise NotFoundError(f"There is no account named {account}. `contrapost accounts` lists those there are.")
    names = list(dict.fromkeys(name.strip() for name in orders if name.strip()))
    if bool(names) == bool(since):
        raise RefusedError("Say which refunds to fill in: those of some orders, or those of a span of time.")
    if len(names) > MOST_ORDERS:
        raise RefusedError(f"{len(names)} orders are more than {MOST_ORDERS} in one list. Split the list.")
    end = min(until, now) if until else now
    if since and end <= since:
        raise RefusedError("The span ends before it begins. Give a beginning that is past and before the end.")
    made = BackFill.objects.create(
        account=shop,
        asked_at=now,
        asked_by=by,
        since=since,
        until=end if since else None,
        orders=encode(tuple(names)),
        total=len(names),
    )
    return int(made.pk)


def get(id: int) -> BackFillRow:
    """Gives a back-fill.

    Raises:
        NotFoundError: there is none of this id.
    """
    found = BackFill.objects.select_related("account").defer("orders").filter(pk=id).first()
    if found is None:
        raise NotFoundError(f"There is no back-fill {id}.")
    return _row(found)


def of_account(account: str, id: int) -> BackFillRow:
    """Gives a back-fill of an account.

    Raises:
        NotFoundError: the account has none of this id.
    """
    row = get(id)
    if row.account != account:
        raise NotFoundError(f"{account} has no back-fill {id}.")
    return row


def listing(account: str, *, limit: int = 20) -> tuple[BackFillRow, ...]:
    """Gives the back-fills of an account, newest first."""
    rows = BackFill.objects.select_related("account").defer("orders").filter(account__name=account)
    return tuple(_row(found) for found in rows.order_by("-id")[:limit])


def running(account: str) -> BackFillRow | None:
    """Gives the back-fill of an account that is the next to go on, the one asked for first; None where none is."""
    rows = BackFill.objects.select_related("account").defer("orders")
    found = rows.filter(account__name=account, state=RUNNING).order_by("id").first()
    return _row(found) if found else None


def next_orders(row: BackFillRow, most: int) -> tuple[str, ...]:
    """Gives the orders of a list that come next."""
    text = BackFill.objects.filter(pk=row.id).values_list("orders", flat=True).get()
    return decode(text, tuple[str, ...])[row.done : row.done + most]


def went_on(
    row: BackFillRow,
    *,
    now: datetime,
    found: int,
    problems: Sequence[Problem] = (),
    orders: int = 0,
    cursor: str = "",
    reached: datetime | None = None,
    ended: bool,
) -> bool:
    """Saves how far a back-fill has come, once what it brought is kept; says whether it was still where the row says.

    Args:
        row: as it was when the part was asked for.
        now: the present moment.
        found: refunds that came.
        problems: what could not be done.
        orders: how many orders of a list were read.
        cursor: where a span goes on.
        reached: the last change of the page, by the store's clock.
        ended: there is no more.
    """
    kept = (*row.problems, *problems)[:MOST_PROBLEMS]
    rows = BackFill.objects.filter(pk=row.id, state=RUNNING, done=row.done, cursor=row.cursor)
    return bool(
        rows.update(
            done=F("done") + orders,
            found=F("found") + found,
            cursor=cursor,
            reached=max(filter(None, (row.reached, reached)), default=None),
            problems=encode(kept),
            problem_count=F("problem_count") + len(problems),
            **({"state": FINISHED, "finished_at": now} if ended else {}),
        )
    )


def stop(id: int, *, now: datetime, why: Finding | None = None) -> None:
    """Stops a back-fill; what it brought stays.

    Raises:
        NotFoundError: there is none of this id.
        RefusedError: it is over.
    """
    row = get(id)
    problems = (Problem(order="", finding=why), *row.problems)[:MOST_PROBLEMS] if why else row.problems
    rows = BackFill.objects.filter(pk=id, state=RUNNING)
    if not rows.update(state=STOPPED, finished_at=now, problems=encode(problems)):
        raise RefusedError(f"The back-fill {id} is over already.")


def _row(found: BackFill) -> BackFillRow:
    names = ("asked_at", "asked_by", "since", "until", "cursor", "reached", "total", "done", "found", "state")
    return BackFillRow(
        id=found.pk,
        account=found.account.name,
        finished_at=found.finished_at,
        problems=decode(found.problems, tuple[Problem, ...]),
        problem_count=found.problem_count,
        **{name: getattr(found, name) for name in names},
    )
