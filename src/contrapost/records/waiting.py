"""What waits, and what is to be looked at again: due, asked for, put off, listed by its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min, Q
from django.db.transaction import atomic

from contrapost.records.cursors import cursor_at, read_cursor
from contrapost.records.models import Account, Transaction
from contrapost.records.queries import LONG, LONGEST_PAGE, summed_up
from contrapost.records.rows import Due, Listing, WaitingGroup
from contrapost.refunds.lifecycle import State
from contrapost.refunds.looks import tries_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet


def due(*, now: datetime, account: str = "", limit: int = 200) -> list[Due]:
    """Gives the transactions that were to be looked at again by now, longest due first."""
    rows = Transaction.objects.filter(next_look_at__lte=now)
    if account:
        rows = rows.filter(account__name=account)
    found = rows.order_by("next_look_at", "id").values(*Due.__dataclass_fields__)
    return [Due(**one) for one in found[:limit]]


def put_off(ids: Sequence[int], *, now: datetime) -> None:
    """Has those of these transactions that are still due looked at later, so that none of them is due for ever."""
    with atomic():
        rows = Transaction.objects.select_for_update(no_key=True).filter(pk__in=ids, next_look_at__lte=now)
        for row in rows.defer(*LONG):
            since = row.waiting_since
            row.looked = tries_on(row.looked, id_=row.pk, now=now)
            row.waiting_since = since
            row.save(update_fields=["waiting_since", "looks", "next_look_at"])


def look_now(*, now: datetime, ids: Sequence[int] = (), account: str = "", reason: str = "") -> int:
    """Makes what waits due at once, and lets its looks begin anew: somebody says that it is worth it.

    Args:
        now: the present moment.
        ids: only these transactions; all, where none is named.
        account: only this account's.
        reason: only what waits for this.

    Returns:
        How many transactions that is.
    """
    rows = _waiting(account, reason)
    if ids:
        rows = rows.filter(pk__in=ids)
    return rows.update(next_look_at=now, looks=None)


def groups(account: str = "") -> tuple[WaitingGroup, ...]:
    """Gives what is waited for, each reason of each account with how many wait and since when, most first."""
    rows = _waiting(account).values("account__name", "reason")
    found = rows.annotate(
        waiting=Count("id"),
        oldest=Min("waiting_since"),
        next=Min("next_look_at"),
        most=Max("looks"),
        late=Count("id", filter=Q(status=State.NEEDS_ATTENTION.value)),
    )
    return tuple(
        WaitingGroup(
            account=one["account__name"],
            reason=one["reason"],
            count=one["waiting"],
            too_long=one["late"],
            oldest=one["oldest"],
            most_looks=one["most"] or 0,
            next_look_at=one["next"],
        )
        for one in found.order_by("-waiting", "account__name", "reason")
    )


def listing(*, account: str = "", reason: str = "", cursor: str = "", limit: int = 50) -> Listing:
    """Gives one page of what waits, the longest waiting first.

    Raises:
        CursorError: the cursor is none that a list gave.
    """
    rows = _waiting(account, reason)
    if cursor:
        at, last = read_cursor(cursor)
        rows = rows.filter(Q(waiting_since__gte=at), Q(waiting_since__gt=at) | Q(id__gt=last))
    size = max(1, min(limit, LONGEST_PAGE))
    shown = rows.select_related("account__netsuite").defer(*LONG).order_by("waiting_since", "id")
    found = list(shown[: size + 1])
    page, has_more = found[:size], len(found) > size
    end = page[-1] if has_more else None
    return Listing(
        rows=summed_up(page),
        cursor=cursor_at(end.waiting_since, end.pk) if end and end.waiting_since else "",
        has_more=has_more,
    )


def _waiting(account: str = "", reason: str = "") -> QuerySet[Transaction]:
    """What waits, also what waits for so long that it needs attention; not what is hidden."""
    rows = Transaction.objects.filter(waiting_since__isnull=False, hidden=False)
    if account:
        rows = rows.filter(account__in=list(Account.objects.filter(name=account).values_list("id", flat=True)))
    return rows.filter(reason=reason) if reason else rows
