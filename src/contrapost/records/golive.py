"""Letting an account go live, and turning what goes by itself on and off: each decision is kept with who made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.transaction import atomic

from contrapost.codec import decode
from contrapost.netsuite.bill import Bills
from contrapost.records.amounts import from_minor
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.records.models import Attempt, Link, Sync, SyncNote, Transaction
from contrapost.records.models.sync import LIVE, TEST
from contrapost.refunds.days import start_of
from contrapost.refunds.lifecycle import BOOKED

if TYPE_CHECKING:
    from datetime import date, datetime

SIGNED_OFF, SWITCHED_ON, SWITCHED_OFF, BACK_TO_TEST = "signed off", "automatic on", "automatic off", "back to test"
CHANGED = "settings"
SAMPLES = 20
"""So many refunds, the newest that were posted, are looked at for one that went all the way."""
OURS = "cp-"
"""How the external ids of our own records begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """One decision about an account, and who made it."""

    at: datetime
    by: str
    what: str
    """`signed off`, `automatic on`, `automatic off`, `back to test` or `settings`."""
    note: str
    shown: str
    """What the check list showed, as JSON; empty for what was no sign-off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A refund with which an account was tried."""

    id: int
    order_name: str
    mapped: bool
    """There is a plan of it, which its preview shows."""
    posted: bool
    read_back: bool
    """All of its records were read back and found equal."""


def sign_off(account: str, *, by: str, now: datetime, go_live_on: date, note: str, shown: str) -> None:
    """Lets an account go live; what goes by itself is turned on apart from that.

    Raises:
        NotFoundError: there is no such account.
    """
    with atomic():
        row = _locked(account)
        row.mode, row.go_live_on = LIVE, go_live_on
        begins = min(start_of(go_live_on), now)
        if row.read_to is None or row.read_to > begins:
            row.read_to, row.cursor = begins, ""
        row.save()
        _note(row, SIGNED_OFF, by=by, now=now, note=note, shown=shown)


def back_to_test(account: str, *, by: str, now: datetime, note: str) -> None:
    """Takes an account back to test mode: nothing goes by itself until it is signed off again.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is in test mode.
    """
    with atomic():
        row = _locked(account)
        if row.mode == TEST:
            raise RefusedError(f"The account {account} is in test mode already.")
        row.mode, row.automatic, row.next_poll_at, row.next_look_back_at = TEST, False, None, None
        row.save()
        _note(row, BACK_TO_TEST, by=by, now=now, note=note)


def switch(account: str, *, on: bool, by: str, now: datetime) -> None:
    """Turns on or off that an account's refunds are retrieved and posted by themselves.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is in test mode.
    """
    with atomic():
        row = _locked(account)
        if row.automatic == on:
            return
        if on and row.mode != LIVE:
            raise RefusedError(
                f"The account {account} is in test mode, where nothing goes by itself. Work through its check list and "
                f"sign it off first: contrapost golive {account}."
            )
        row.automatic = on
        row.next_poll_at = now if on else None
        row.next_look_back_at = now if on and row.look_back_days else None
        row.save()
        _note(row, SWITCHED_ON if on else SWITCHED_OFF, by=by, now=now)


def change(account: str, *, by: str, now: datetime, **wanted: Any) -> None:  # noqa: ANN401 - each of its own type
    """Changes how an account is kept up.

    Args:
        account: its name.
        by: who asked for it.
        now: the present moment.
        wanted: any of `go_live_on`, `poll_minutes`, `look_back_days` and `look_back_hours`.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is in test mode, and its go-live date would be set without the sign-off.
    """
    with atomic():
        row = _locked(account)
        if row.mode != LIVE and "go_live_on" in wanted:
            raise RefusedError(f"The go-live date of {account} is set when it is signed off.")
        for name, value in wanted.items():
            setattr(row, name, value)
        if row.go_live_on and row.read_to and start_of(row.go_live_on) < row.read_to and "go_live_on" in wanted:
            row.read_to, row.cursor = start_of(row.go_live_on), ""
        if row.automatic:
            row.next_poll_at = now
            row.next_look_back_at = now if row.look_back_days else None
        row.save()
        said = ", ".join(f"{name} = {value}" for name, value in sorted(wanted.items()))
        _note(row, CHANGED, by=by, now=now, note=said)


def notes(account: str, *, limit: int = 50) -> tuple[NoteRow, ...]:
    """Gives what was decided about an account, newest first."""
    names = NoteRow.__dataclass_fields__
    rows = SyncNote.objects.filter(account__name=account).order_by("-id").values(*names)[:limit]
    return tuple(NoteRow(**one) for one in rows)


def booked_by_others(account: str, *, among: int = 200) -> tuple[str, ...]:
    """Names the credits of the same amount that others made in NetSuite for an account's newest refunds.

    Only refunds are looked at of which nothing of ours stands, as NetSuite was last seen; no question is asked. Of a
    live account those before its go-live date are left out: what booked them then is of no matter now.

    Args:
        account: its name.
        among: so many refunds, the newest.
    """
    rows = Transaction.objects.filter(account__name=account).order_by("-refunded_at", "-id")
    day = Sync.objects.filter(account__name=account, mode=LIVE).values_list("go_live_on", flat=True).first()
    rows = rows.filter(refunded_on__gte=day) if day else rows
    seen = rows.values_list("order_name", "bills", "amount_minor", "currency", "frozen")[:among]
    return tuple(
        f"{credit.label} (order {order})"
        for order, bills, minor, currency, frozen in seen
        if bills and not frozen
        for bill in decode(bills, Bills).bills
        for credit in bill.credits
        if credit.total == from_minor(minor, currency) and not credit.external_id.startswith(OURS)
    )


def sample(account: str) -> Sample | None:
    """Gives the refund of an account that came furthest, the newest of those; None where none was retrieved.

    One that a person linked by hand was posted by nobody here, so that another one is looked for.
    """
    rows = Transaction.objects.filter(account__name=account).order_by("-refunded_at", "-id")
    shown = rows.only("id", "order_name", "status", "fingerprint")
    booked = [_sample(found) for found in shown.filter(status__in=[state.value for state in BOOKED])[:SAMPLES]]
    if booked:
        return next((one for one in booked if one.read_back), booked[0])
    found = shown.filter(~Q(fingerprint="")).first() or shown.first()
    return _sample(found) if found else None


def _sample(found: Transaction) -> Sample:
    links = set(Link.objects.filter(transaction=found).values_list("external_id", flat=True))
    equal = set(Attempt.objects.filter(transaction=found.pk, what="read back").values_list("external_id", flat=True))
    posted = found.status in BOOKED
    return Sample(
        id=found.pk,
        order_name=found.order_name,
        mapped=bool(found.fingerprint),
        posted=posted,
        read_back=posted and bool(links) and links <= equal,
    )


def _locked(account: str) -> Sync:
    found = Sync.objects.select_for_update(of=("self",)).select_related("account").filter(account__name=account).first()
    if found is None:
        raise NotFoundError(f"There is no account named {account}. `contrapost accounts` lists those there are.")
    return found


def _note(row: Sync, what: str, *, by: str, now: datetime, note: str = "", shown: str = "") -> None:
    SyncNote(account=row.account, at=now, by=by, what=what, note=note, shown=shown).save()
