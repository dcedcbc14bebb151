"""Comparisons of a store with NetSuite as they are kept: begun, told of while they go on, ended, read again."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.db.transaction import atomic

from contrapost.codec import decode, encode
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.records.models import Account, Reconciliation, ReconciliationLines, ReconciliationSchedule, Sync
from contrapost.records.models.sync import LIVE
from contrapost.refunds.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCHEDULE = "schedule"
"""Who compares where nobody asked."""
USUAL_DAYS, MOST_DAYS = 7, 366
AGAIN_AFTER = timedelta(hours=1)
LONGEST = timedelta(hours=6)
LINES_KEPT_OF = 60
"""So many comparisons of an account keep their lines; older ones keep what they added up to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationRow:
    """One comparison."""

    id: int
    account: str
    since: date
    """The first day, in the shop's zone."""
    until: date
    """The last day."""
    offline: bool
    """The store was not asked: our rows stood for it."""
    by: str
    began_at: datetime
    ended_at: datetime | None
    """None while it goes on."""
    failed: bool
    compared: int
    open: int
    """Lines that leave something to be done."""
    totals: str
    """As they were given; empty before the end."""
    findings: tuple[Finding, ...]


def begin(account: str, since: date, until: date, *, offline: bool, by: str, now: datetime) -> int:
    """Begins a comparison and gives its id.

    Raises:
        NotFoundError: there is no such account.
    """
    row = Reconciliation.objects.create(
        account=_shop(account), since=since, until=until, offline=offline, by=by, began_at=now
    )
    return int(row.pk)


def add_lines(id_: int, kind: str, lines: Sequence[str], *, compared: int) -> None:
    """Adds lines of one kind, each JSON, and tells how many refunds and records were compared so far."""
    text = "[" + ",".join(lines) + "]"
    with atomic():
        number = ReconciliationLines.objects.filter(reconciliation=id_, kind=kind).count()
        packed = zlib.compress(text.encode())
        ReconciliationLines.objects.create(reconciliation_id=id_, kind=kind, number=number, packed=packed)
        Reconciliation.objects.filter(pk=id_).update(compared=compared)


def finish(id_: int, totals: str, *, open_: int, compared: int, findings: Sequence[Finding], now: datetime) -> None:
    """Ends a comparison with what it came to, and lets go the lines of those long past."""
    _end(id_, totals=totals, open=open_, compared=compared, findings=encode(tuple(findings)), ended_at=now)
    account = Reconciliation.objects.values_list("account", flat=True).get(pk=id_)
    past = Reconciliation.objects.filter(account=account).order_by(F("began_at").desc()).values_list("id", flat=True)
    ReconciliationLines.objects.filter(reconciliation__in=list(past[LINES_KEPT_OF : 2 * LINES_KEPT_OF])).delete()


def fail(id_: int, findings: Sequence[Finding], *, now: datetime) -> None:
    """Ends a comparison that could not be made, with the reason."""
    _end(id_, findings=encode(tuple(findings)), ended_at=now, failed=True)


def get(id_: int) -> ReconciliationRow:
    """Gives one comparison.

    Raises:
        NotFoundError: there is none of this id.
    """
    found = Reconciliation.objects.select_related("account").filter(pk=id_).first()
    if found is None:
        raise NotFoundError(f"There is no reconciliation {id_}.")
    return _row(found)


def listing(account: str = "", *, limit: int = 20) -> tuple[ReconciliationRow, ...]:
    """Gives the newest comparisons, of one account or of all."""
    rows = Reconciliation.objects.select_related("account").order_by(F("began_at").desc(), F("id").desc())
    if account:
        rows = rows.filter(account__in=list(Account.objects.filter(name=account).values_list("id", flat=True)))
    return tuple(_row(found) for found in rows[:limit])


def lines(id_: int, kinds: Sequence[str]) -> Iterator[str]:
    """Gives the lines of these kinds in portions, each a JSON list; of one long past there are none."""
    parts = ReconciliationLines.objects.filter(reconciliation=id_)
    for kind in kinds:
        for packed in parts.filter(kind=kind).order_by("number").values_list("packed", flat=True).iterator(10):
            yield zlib.decompress(packed).decode()


def daily(account: str) -> int:
    """Says how many days back an account is compared every day; 0 for never."""
    days = ReconciliationSchedule.objects.filter(account__name=account).values_list("days", flat=True).first()
    return USUAL_DAYS if days is None else days


def set_daily(account: str, days: int) -> None:
    """Sets how many days back an account is compared every day, from 0, which is never, to `MOST_DAYS`.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: so many days are too many.
    """
    if not 0 <= days <= MOST_DAYS:
        raise RefusedError(f"An account is compared every day for 0 (never) to {MOST_DAYS} days back.")
    ReconciliationSchedule.objects.update_or_create(account=_shop(account), defaults={"days": days})


def due(now: datetime) -> list[str]:
    """Names the live accounts that are to be compared by the schedule now: once a day, or an hour after it failed."""
    live = Sync.objects.filter(mode=LIVE).order_by("account__name").values_list("account__name", flat=True)
    return [account for account in live if daily(account) and _is_due(account, now)]


def is_going_on(row: ReconciliationRow, now: datetime) -> bool:
    """Says whether a comparison goes on; one that never ended within hours was broken off with its process."""
    return row.ended_at is None and row.began_at > now - LONGEST


def _is_due(account: str, now: datetime) -> bool:
    found = Reconciliation.objects.select_related("account").filter(account__name=account, by=SCHEDULE)
    last = found.order_by(F("began_at").desc()).first()
    if last is None:
        return True
    row = _row(last)
    went_wrong = row.failed or (row.ended_at is None and not is_going_on(row, now))
    return now - row.began_at >= (AGAIN_AFTER if went_wrong else timedelta(days=1)) and not is_going_on(row, now)


def _shop(name: str) -> Account:
    found = Account.objects.filter(name=name).first()
    if found is None:
        raise NotFoundError(f"There is no account named {name}. `contrapost accounts` lists those there are.")
    return found


def _end(id_: int, **values: object) -> None:
    Reconciliation.objects.filter(pk=id_).update(**values)


def _row(found: Reconciliation) -> ReconciliationRow:
    plain = {
        name: getattr(found, name)
        for name in ReconciliationRow.__dataclass_fields__
        if name not in {"id", "account", "findings"}
    }
    return ReconciliationRow(
        id=found.pk, account=found.account.name, findings=decode(found.findings, tuple[Finding, ...]), **plain
    )
