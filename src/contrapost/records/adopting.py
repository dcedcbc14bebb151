"""Records that people linked to a refund, and refunds that are booked elsewhere: said, kept, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.transaction import atomic

from contrapost.codec import encode
from contrapost.records import history
from contrapost.records.amounts import to_minor
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.records.models import Link, Transaction
from contrapost.refunds.finding import info, warning
from contrapost.refunds.lifecycle import Event, State, can, rests
from contrapost.refunds.looks import NO_LOOKS, Looks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from contrapost.netsuite.by_hand import ByHand


def linked(netsuite: str, ids: Sequence[str]) -> frozenset[str]:
    """Gives those of these records of a NetSuite account, by internal id, that stand for a refund already."""
    found = Link.objects.filter(held_in__name=netsuite, netsuite_id__in=ids)
    return frozenset(found.values_list("netsuite_id", flat=True))


def adopted(id: int, records: Sequence[ByHand], *, says: Sequence[str], reason: str, by: str, now: datetime) -> None:
    """Links records to a transaction, and moves it to posted.

    Args:
        id: the transaction.
        records: as they stand in NetSuite.
        says: what does not agree.
        reason: why they are linked all the same.
        by: who confirms it.
        now: the present moment.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it stands or is under way, or a record stands for another refund.
    """
    with atomic():
        row = _open(id, Event.ADOPTED)
        taken = linked(row.account.netsuite.name, [one.id for one in records])
        if taken:
            named = ", ".join(one.label for one in records if one.id in taken)
            raise RefusedError(f"{named} stands for another refund already. Nothing was linked.")
        Link.objects.bulk_create(_link(row, one) for one in records)
        labels = " and ".join(one.label for one in records)
        row.reason, row.looked = "", NO_LOOKS
        row.plan, row.fingerprint, row.rounded_minor = None, "", None
        row.say([warning("adopted_differs", f"{labels}, made by hand: {sentence}") for sentence in says])
        note = f"{labels}{f': {reason}' if reason else ''}"
        history.moved(row, Event.ADOPTED, by=by, now=now, note=note)
        row.save()


def booked_elsewhere(id: int, *, reason: str, by: str, now: datetime) -> None:
    """Keeps that a refund is booked without a NetSuite record of its own; nothing looks at it again by itself.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it stands or is under way, or no reason is given.
    """
    if not reason.strip():
        raise RefusedError("Say where it is booked: the reason is kept in the refund's history.")
    with atomic():
        row = _open(id, Event.BOOKED_ELSEWHERE)
        row.reason, row.looked = Event.BOOKED_ELSEWHERE.value, NO_LOOKS
        row.plan, row.fingerprint, row.rounded_minor = None, "", None
        said = f"{by} said that this refund is booked elsewhere: {reason.strip()}"
        row.say([info("booked_elsewhere", said, fix="If that was wrong, take it back; then post it.")])
        history.moved(row, Event.BOOKED_ELSEWHERE, by=by, now=now, note=reason.strip())
        row.save()


def released(id: int, *, by: str, now: datetime) -> None:
    """Takes back that records were linked by hand, or that a refund is booked elsewhere; it is to be mapped anew.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: nobody linked or said so.
    """
    with atomic():
        row = _locked(id)
        links = Link.objects.filter(transaction=row, taken_back__isnull=True)
        by_hand = links.exists() and not links.filter(adopted=False).exists()
        if not (by_hand or rests(State(row.status), row.reason)) or not can(State(row.status), Event.RELEASED):
            raise RefusedError(
                f"The refund {row.store_refund_id} of {row.order_name} was neither linked to records made by hand, nor "
                "marked as booked elsewhere."
            )
        note = "no longer linked: " + ", ".join(str(link) for link in links) if by_hand else "not booked elsewhere"
        if by_hand:
            links.delete()
        row.reason, row.looked = "", Looks(next_at=now)
        row.say([])
        history.moved(row, Event.RELEASED, by=by, now=now, note=note)
        row.save()


def _link(row: Transaction, one: ByHand) -> Link:
    return Link(
        transaction=row,
        held_in=row.account.netsuite,
        record=one.record.value,
        netsuite_id=one.id,
        tranid=one.standing.tranid,
        external_id=one.standing.external_id,
        total_minor=to_minor(one.total),
        currency=one.total.currency,
        adopted=True,
        ledger=encode(one.standing.booked),
    )


def _open(id: int, event: Event) -> Transaction:
    row = _locked(id)
    if row.frozen or row.correcting or not can(State(row.status), event):
        raise RefusedError(
            f"The refund {row.store_refund_id} of {row.order_name} is {row.status.replace('_', ' ')}: NetSuite holds "
            "records of it that we sent, or may, or it is canceled."
        )
    return row


def _locked(id: int) -> Transaction:
    rows = Transaction.objects.select_related("account__netsuite").select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=id).first()
    if found is None:
        raise NotFoundError(f"There is no refund {id}. `contrapost list` shows those there are.")
    return found
