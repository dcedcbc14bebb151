"""How far each account is read, when it is read next, and what went wrong last. A position moves only forward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from contrapost.codec import decode, encode
from contrapost.records.errors import NotFoundError
from contrapost.records.models import Account, BackFill, Hint, Sync, Transaction
from contrapost.records.models.sync import LIVE, RUNNING
from contrapost.refunds.days import start_of
from contrapost.refunds.finding import Finding
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

DUE_LOOKED_AT = 1_000
"""So many transactions that are due are looked at to name their accounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRow:
    """How one account is kept up, and how far it has come."""

    account: str
    live: bool
    automatic: bool
    go_live_on: date | None
    """Refunds of earlier days, in the shop's zone, are retrieved and never posted by themselves."""
    poll_minutes: int
    next_poll_at: datetime | None
    read_to: datetime | None
    """Every change before this moment, by the store's clock, was read."""
    cursor: str
    """Where a poll that has begun goes on; empty between two polls."""
    polled_at: datetime | None
    error: Finding | None
    """What ended the last try, or was odd in it."""
    failures: int
    paused_until: datetime | None
    look_back_days: int
    look_back_hours: int
    next_look_back_at: datetime | None
    look_back_since: datetime | None
    look_back_cursor: str
    has_hooks: bool
    """There is an address that the store may call."""
    hooked_at: datetime | None

    def polls_at(self, now: datetime) -> bool:
        """Says whether a poll is due, or has begun and goes on."""
        return self.automatic and self.next_poll_at is not None and self.next_poll_at <= now

    def looks_back_at(self, now: datetime) -> bool:
        """Says whether a look back is due, or has begun and goes on."""
        return self.automatic and self.next_look_back_at is not None and self.next_look_back_at <= now

    def rests_at(self, now: datetime) -> bool:
        """Says whether the store is left alone, because it failed just now."""
        return self.paused_until is not None and self.paused_until > now


def get(account: str) -> SyncRow:
    """Gives how an account is kept up.

    Raises:
        NotFoundError: there is no such account.
    """
    found = Sync.objects.select_related("account").filter(account__name=account).first()
    if found is None:
        raise NotFoundError(f"There is no account named {account}. `contrapost accounts` lists those there are.")
    return _row(found)


def listing() -> tuple[SyncRow, ...]:
    """Gives how every account is kept up, by name."""
    return tuple(_row(found) for found in Sync.objects.select_related("account").order_by("account__name"))


def due(now: datetime) -> list[str]:
    """Names the accounts with something to do now: to be read, or with transactions to be looked at again."""
    hinted = Exists(Hint.objects.filter(account=OuterRef("account")))
    filling = Exists(BackFill.objects.filter(account=OuterRef("account"), state=RUNNING))
    reads = Sync.objects.filter(
        Q(paused_until__isnull=True) | Q(paused_until__lte=now),
        Q(automatic=True, next_poll_at__lte=now) | Q(automatic=True, next_look_back_at__lte=now) | hinted | filling,
    ).values_list("account__name", flat=True)
    return sorted({*reads, *_with_due_transactions(now)})


def _with_due_transactions(now: datetime) -> set[str]:
    rows = Transaction.objects.filter(next_look_at__lte=now).order_by("next_look_at", "id")
    accounts = set(rows.values_list("account", flat=True)[:DUE_LOOKED_AT])
    return set(Account.objects.filter(pk__in=accounts).values_list("name", flat=True))


def page_read(row: SyncRow, *, cursor: str, reached: datetime | None, ended: bool, now: datetime) -> bool:
    """Saves how far a poll has come, once what it brought is kept; says whether it was still where the row says.

    Args:
        row: as it was when the page was asked for.
        cursor: where to go on.
        reached: the last change of the page, by the store's clock; None for an empty page.
        ended: it was the poll's last page.
        now: the present moment.
    """
    read_to = max(filter(None, (row.read_to, reached)), default=None)
    following = {"polled_at": now, "next_poll_at": now + timedelta(minutes=row.poll_minutes)} if ended else {}
    there = _sync(row.account).filter(cursor=row.cursor, read_to=row.read_to)
    return bool(there.update(read_to=read_to, cursor="" if ended else cursor, **following))


def begin_anew(row: SyncRow) -> None:
    """Lets a poll start again where its span begins, because the store does not take its cursor any more."""
    _sync(row.account).filter(cursor=row.cursor).update(cursor="")


def looked_back(row: SyncRow, *, since: datetime, cursor: str, ended: bool, now: datetime) -> None:
    """Saves how far a look back has come, once what it brought is kept."""
    if ended:
        said = {"look_back_since": None, "look_back_cursor": ""}
        following = {"next_look_back_at": now + timedelta(hours=row.look_back_hours)}
        _sync(row.account).update(**said, **following)
    else:
        _sync(row.account).update(look_back_since=since, look_back_cursor=cursor)


def failed(account: str, finding: Finding, *, paused_until: datetime) -> None:
    """Keeps why a try failed; nothing else moves, so that the next one goes on from the same place."""
    _sync(account).update(error=encode(finding), failures=F("failures") + 1, paused_until=paused_until)


def went_well(row: SyncRow, odd: Finding | None) -> None:
    """Forgets the failures before; what was odd is kept to be shown until the next try."""
    if odd is not None or row.error is not None or row.failures or row.paused_until:
        error = encode(odd) if odd else ""
        _sync(row.account).update(error=error, failures=0, paused_until=None)


def hurry(account: str, *, now: datetime) -> None:
    """Lets an account be read at once, whatever failed before.

    Raises:
        NotFoundError: there is no such account.
    """
    get(account)
    _sync(account).update(paused_until=None)
    _sync(account).filter(automatic=True).update(next_poll_at=now)


def to_be_asked(account: str, ids: Sequence[int] | None = None, *, limit: int = 500) -> list[int]:
    """Gives the transactions that may be posted by themselves and are not asked for yet.

    They are ready, not hidden, of an account that is live and automatic, and not of a day before its go-live date.

    Args:
        account: its name.
        ids: only of these; of all where left out.
        limit: so many at most.
    """
    row = get(account)
    if not (row.live and row.automatic and row.go_live_on):
        return []
    rows = Transaction.objects.filter(
        account__name=account,
        status=State.READY.value,
        hidden=False,
        refunded_on__gte=row.go_live_on,
        refunded_at__gte=start_of(row.go_live_on),
        ask__isnull=True,
    )
    return list(_among(rows, ids).order_by("refunded_at", "id").values_list("id", flat=True)[:limit])


def _among(rows: QuerySet[Transaction], ids: Sequence[int] | None) -> QuerySet[Transaction]:
    return rows if ids is None else rows.filter(pk__in=ids)


def _sync(account: str) -> QuerySet[Sync]:
    return Sync.objects.filter(account__in=Account.objects.filter(name=account).values("pk"))


def _row(found: Sync) -> SyncRow:
    same = ("automatic", "go_live_on", "poll_minutes", "next_poll_at", "read_to", "cursor", "polled_at", "failures")
    more = ("paused_until", "look_back_days", "look_back_hours", "next_look_back_at", "look_back_since")
    return SyncRow(
        account=found.account.name,
        live=found.mode == LIVE,
        error=decode(found.error, Finding) if found.error else None,
        look_back_cursor=found.look_back_cursor,
        has_hooks=bool(found.hook_digest),
        hooked_at=found.hooked_at,
        **{name: getattr(found, name) for name in (*same, *more)},
    )
