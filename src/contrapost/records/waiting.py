"""What waits, and what is to be looked at again: due, asked for, put off, listed by its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min, Q
from django.db.transaction import atomic

from contrapost.records.cursors import cursor_at, read_cursor
from contrapost.records.models import Account, Transaction
from contrapost.records.models.transactions import HELD
from contrapost.records.queries import LONG, LONGEST_PAGE, summed_up
from contrapost.records.rows import Due, Listing, WaitingGroup
from contrapost.refunds.lifecycle import State
from contrapost.refunds.looks import tries_on
from contrapost.refunds.retry import RULES, Retry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from contrapost.records.rows import Again


def due(*, now: datetime, account: str = "", limit: int = 200, again: Again | None = None) -> list[Due]:
    """Gives the transactions that were to be looked at again by now, longest due first.

    Args:
        now: the present moment.
        account: only this account's.
        limit: so many at most.
        again: only these.
    """
    rows = _chosen(account, again) if again else Transaction.objects.all()
    if account:
        rows = rows.filter(account__name=account)
    found = rows.filter(next_look_at__lte=now).order_by("next_look_at", "id").values(*Due.__dataclass_fields__)
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


def look_now(account: str, again: Again, *, now: datetime) -> int:
    """Makes transactions due at once, and lets their looks begin anew: somebody says that it is worth it.

    What neither waits nor is held is left alone.

    Returns:
        How many transactions that is.
    """
    return _chosen(account, again).update(next_look_at=now, looks=None)


def settings_changed(accounts: Sequence[str], *, now: datetime) -> int:
    """Makes due at once what may have waited, or was held, for a setting of these accounts; says how much that is."""
    rows = Transaction.objects.filter(status__in=_LOOKED_AT, frozen=False, account__name__in=accounts)
    return rows.update(next_look_at=now)


def netsuite_read(netsuite: str, *, now: datetime) -> int:
    """Makes due at once what is held by something that is mended in NetSuite, whose lists were just read anew."""
    codes = [code for code, rule in RULES.items() if rule is Retry.NETSUITE]
    rows = Transaction.objects.filter(status=State.NEEDS_ATTENTION.value, frozen=False, cause__in=codes)
    return rows.filter(account__netsuite__name=netsuite).update(next_look_at=now)


def _chosen(account: str, again: Again) -> QuerySet[Transaction]:
    rows = Transaction.objects.filter(hidden=False, status__in=_LOOKED_AT)
    if account:
        rows = rows.filter(account__in=_named(account))
    if again.ids:
        rows = rows.filter(pk__in=again.ids)
    if again.reason:
        rows = rows.filter(waiting_since__isnull=False, reason=again.reason)
    if again.code:
        rows = rows.filter(status__in=HELD, cause=again.code)
    if again.code and again.where is not None:
        rows = rows.filter(cause_where=again.where)
    return rows


_LOOKED_AT = [State.WAITING.value, *HELD]
"""Where a transaction stands that another look may bring further."""


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
        rows = rows.filter(account__in=_named(account))
    return rows.filter(reason=reason) if reason else rows


def _named(account: str) -> list[int]:
    """Looked up first, so that the database knows how few rows it is asked for."""
    return list(Account.objects.filter(name=account).values_list("id", flat=True))
