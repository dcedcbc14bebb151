"""Asks: that refunds be posted. An ask is a committed row, so none is lost, and asking twice is asking once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.db.transaction import atomic

from contrapost.records.models import Ask, NetSuiteAccount, Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

_AT_ONCE = 500
"""So many rows are written or named in one statement."""
_FIRST_PAUSE = timedelta(seconds=20)
_LONGEST_PAUSE = timedelta(minutes=30)


class Priority(IntEnum):
    """What comes before what: lower ones come first."""

    MANUAL = 0
    """A person waits for it."""
    CORRECTION = 1
    AUTOMATIC = 2
    BACK_FILL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One ask."""

    id: int
    transaction_id: int
    priority: Priority
    by: str
    seen: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many asks wait for one NetSuite account, and since when the oldest does."""

    netsuite: str
    asks: int
    oldest: datetime


def ask(
    ids: Iterable[int], *, by: str, priority: Priority, now: datetime, seen: Mapping[int, str] | None = None
) -> int:
    """Asks that transactions be posted, and says how many of them were not asked for before.

    Of one that is asked for already, the more urgent priority counts, it is due at once, and the preview seen last is
    the one that is posted.

    Args:
        ids: of transactions, of any accounts; those that are not there are left out.
        by: who or what asks.
        priority: what comes before what.
        now: the present moment.
        seen: by transaction, the fingerprint of the preview that was seen.
    """
    wanted = list(dict.fromkeys(ids))
    return sum(
        _ask_some(wanted[start : start + _AT_ONCE], by, priority, now, seen or {})
        for start in range(0, len(wanted), _AT_ONCE)
    )


def _ask_some(ids: Sequence[int], by: str, priority: Priority, now: datetime, seen: Mapping[int, str]) -> int:
    """A new row for each: a row's id says when it was asked for."""
    with atomic():
        accounts = dict(Transaction.objects.filter(pk__in=ids).values_list("id", "account__netsuite"))
        before = {one.transaction_id: one for one in Ask.objects.select_for_update().filter(transaction__in=accounts)}
        stays = {id_ for id_, one in before.items() if _says_nothing_new(one, priority, now, seen.get(id_, ""))}
        Ask.objects.filter(pk__in=[one.pk for id_, one in before.items() if id_ not in stays]).delete()
        Ask.objects.bulk_create(
            (
                Ask(
                    transaction_id=id_,
                    netsuite_id=accounts[id_],
                    priority=min(priority, before[id_].priority) if id_ in before else priority,
                    asked_at=now,
                    asked_by=by,
                    seen=seen.get(id_, ""),
                    not_before=now,
                )
                for id_ in ids
                if id_ in accounts and id_ not in stays
            ),
            ignore_conflicts=True,
        )
    return len(accounts) - len(before)


def _says_nothing_new(one: Ask, priority: Priority, now: datetime, seen: str) -> bool:
    return one.priority <= priority and one.not_before <= now and one.seen == seen


def take(
    netsuite: str, *, now: datetime, after: Mapping[Priority, int], most: int, only: Priority | None = None
) -> list[Asked]:
    """Gives the next asks that are due, the most urgent first, and of those the longest waiting.

    Args:
        netsuite: the NetSuite account.
        now: the present moment.
        after: by priority, the ask from which on to go on.
        most: so many at most.
        only: only those of this priority.
    """
    found: list[Asked] = []
    for priority in [only] if only is not None else Priority:
        if len(found) >= most:
            break
        rows = Ask.objects.filter(
            netsuite__name=netsuite, priority=priority.value, id__gt=after.get(priority, 0), not_before__lte=now
        ).order_by("id")
        found += [_asked(row) for row in rows[: most - len(found)]]
    return found


def done(ids: Iterable[int]) -> None:
    """Takes asks away that were answered.

    Args:
        ids: of asks. One asked again meanwhile is another one, and stays.
    """
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        Ask.objects.filter(pk__in=wanted[start : start + _AT_ONCE]).delete()


def put_off(id: int, *, now: datetime, tries: int) -> None:  # noqa: A002 - a row's id is called id
    """Lets an ask wait, each time longer: what kept it from being done passes by itself."""
    pause = min(_FIRST_PAUSE * 2 ** min(tries, 10), _LONGEST_PAUSE)
    Ask.objects.filter(pk=id).update(not_before=now + pause, tries=tries + 1)


def of(ids: Sequence[int]) -> dict[int, Asked]:
    """Gives the asks that there are for these transactions, by transaction."""
    return {row.transaction_id: _asked(row) for row in Ask.objects.filter(transaction__in=ids)}


def due_netsuites(*, now: datetime) -> list[str]:
    """Names the NetSuite accounts for which something is asked that is due."""
    return [
        name
        for id_, name in NetSuiteAccount.objects.order_by("name").values_list("id", "name")
        if Ask.objects.filter(netsuite=id_, not_before__lte=now).exists()
    ]


def backlogs() -> list[Backlog]:
    """Says for each NetSuite account how much is asked for and waits, and since when."""
    rows = Ask.objects.values("netsuite__name").annotate(asks=Count("id"), oldest=Min("asked_at"))
    return [
        Backlog(netsuite=row["netsuite__name"], asks=row["asks"], oldest=row["oldest"])
        for row in rows.order_by("netsuite__name")
    ]


def _asked(row: Ask) -> Asked:
    return Asked(
        id=row.pk,
        transaction_id=row.transaction_id,
        priority=Priority(row.priority),
        by=row.asked_by,
        seen=row.seen,
        tries=row.tries,
    )
