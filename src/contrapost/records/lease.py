"""The lease: one process at a time writes to a NetSuite account, by the clock of the database.

Each time the lease changes hands its token grows by one. Whoever saves anything names the token; a process that slept
while another took over holds a token that is not the lease's any more, and saves nothing. A lease that ran out but was
taken by nobody is still its holder's: nobody else has written since.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Now
from django.db.transaction import atomic

from contrapost.log import say, warn
from contrapost.records.errors import NotFoundError
from contrapost.records.models import Lease
from contrapost.records.statements import Statement, carry_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

SECONDS = 20
"""How long a lease lasts unless it is renewed."""
_RENEW = {
    "sqlite": "UPDATE records_lease SET until = strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', %s || ' seconds') "
    "WHERE id = %s AND token = %s AND holder = %s",
    "postgresql": "UPDATE records_lease SET until = statement_timestamp() + %s * interval '1 second' "
    "WHERE id = %s AND token = %s AND holder = %s",
}
_IS_OURS = "SELECT 1 FROM records_lease WHERE id = %s AND token = %s AND holder = %s"
"""Written out, because they are asked with everything that is saved."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lease as it was taken."""

    netsuite: str
    """Name of the NetSuite account."""
    holder: str
    token: int
    seconds: int
    id: int


def acquire(netsuite: str, holder: str, *, seconds: int = SECONDS) -> Held | None:
    """Takes the lease of a NetSuite account where it is free; None where someone holds it.

    Raises:
        NotFoundError: there is no such NetSuite account.
    """
    is_free = Q(until__isnull=True) | Q(until__lte=Now())
    with atomic():
        lease = Lease.objects.filter(netsuite__name=netsuite)
        taken = Lease.objects.filter(is_free, pk__in=lease.values("pk")).update(
            holder=holder, token=F("token") + 1, until=Now() + timedelta(seconds=seconds)
        )
        row = lease.first()
    if row is None:
        raise NotFoundError(f"There is no NetSuite account named {netsuite!r}. Add it first, or correct the name.")
    if not taken:
        return None
    say("lease taken", netsuite=netsuite, holder=holder, lease=row.token)
    return Held(netsuite, holder, row.token, seconds, row.pk)


def renew(held: Held) -> bool:
    """Makes a lease last from now on again, and says whether it is still ours.

    Inside a transaction this keeps the lease from changing hands until that is committed.
    """
    [renewed] = carry_out(renewal(held))
    return is_renewed(held, renewed)


def renewal(held: Held) -> Statement:
    """Gives the statement by which a lease is renewed, to be carried out before others in one transaction."""
    return Statement(_RENEW[connection.vendor], [held.seconds, held.id, held.token, held.holder])


def is_renewed(held: Held, rows: int) -> bool:
    """Says by the rows that the renewal found whether the lease is still ours."""
    if not rows:
        warn("lease lost", netsuite=held.netsuite, holder=held.holder, lease=held.token)
    return bool(rows)


def is_ours(held: Held) -> bool:
    """Says whether nobody else took a lease that is ours, without renewing it."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_OURS, [held.id, held.token, held.holder])
        return cursor.fetchone() is not None


def release(held: Held) -> None:
    """Gives a lease back at once, if it is still ours."""
    _ours(held).update(holder="", until=None)


def holder_of(netsuite: str) -> str:
    """Names who writes to a NetSuite account now; empty where nobody does."""
    leases = Lease.objects.filter(netsuite__name=netsuite, until__gt=Now())
    return leases.values_list("holder", flat=True).first() or ""


@contextmanager
def holding(
    netsuite: str, holder: str, *, gone: Callable[[str], bool] = lambda _: False, seconds: int = SECONDS
) -> Iterator[Held | None]:
    """Holds the lease of a NetSuite account for the time of a block; None where somebody else holds it.

    Args:
        netsuite: the NetSuite account.
        holder: who takes it.
        gone: says of a holder whether it is there no more, for sure; then its lease is taken.
        seconds: how long it lasts unless it is renewed.

    Raises:
        NotFoundError: there is no such NetSuite account.
    """
    held = acquire(netsuite, holder, seconds=seconds)
    if held is None and gone(before := holder_of(netsuite)) and _take_from(netsuite, before):
        held = acquire(netsuite, holder, seconds=seconds)
    try:
        yield held
    finally:
        if held is not None:
            release(held)


def _take_from(netsuite: str, gone: str) -> bool:
    """Ends the lease of a holder that is there no more; says whether it held it."""
    return bool(Lease.objects.filter(netsuite__name=netsuite, holder=gone).update(holder="", until=None))


def _ours(held: Held) -> QuerySet[Lease]:
    return Lease.objects.filter(pk=held.id, token=held.token, holder=held.holder)
