"""Corrections that people accept: what they replace is kept, so that one that comes to nothing leaves all as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.db.transaction import atomic

from contrapost.codec import decode, encode
from contrapost.records import history
from contrapost.records.amounts import to_minor
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.records.models import Correction, Link, Transaction
from contrapost.refunds.balance import balance
from contrapost.refunds.changes import Change
from contrapost.refunds.document import Refund
from contrapost.refunds.finding import Finding, info
from contrapost.refunds.lifecycle import BOOKED, Event, State, can
from contrapost.refunds.looks import NO_LOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from contrapost.netsuite.drafts import Plan

_REPLACED = (
    *("raw", "document", "digest", "amount_minor", "currency", "findings", "bills", "plan", "fingerprint", "revision"),
    *("frozen", "rounded_minor", "changes", "later", "later_raw"),
)
"""The columns that an accepted correction replaces."""


def next_revision(id: int) -> int:
    """Gives the revision of the next correction of a transaction: none was used before.

    Raises:
        NotFoundError: there is no such transaction.
    """
    row = _locked(id, lock=False)
    used = Correction.objects.filter(transaction=row).aggregate(most=Max("revision"))["most"] or 0
    return max(row.revision, used) + 1


def taken_back(netsuite: str, ids: Sequence[str]) -> frozenset[str]:
    """Gives those of these records of a NetSuite account, by internal id, that a correction took back."""
    links = Link.objects.filter(held_in__name=netsuite, netsuite_id__in=ids, taken_back__isnull=False)
    return frozenset(links.values_list("netsuite_id", flat=True))


def accepted(
    id: int, plan: Plan, *, way: str, gone: Mapping[str, str], edition: int, reason: str, by: str, now: datetime
) -> None:
    """Makes the correction of a posted transaction its plan, to be posted next.

    Args:
        id: the transaction.
        plan: takes back what stands, and books the refund as it stands now.
        way: how it is taken back.
        gone: by internal id, the records that do not stand any more, and why.
        edition: that of the row the plan was made from.
        reason: as the person gave it.
        by: who accepts it.
        now: the present moment.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it is not posted any more, is being corrected, or changed since the plan was made.
    """
    with atomic():
        row = _locked(id)
        if not can(State(row.status), Event.CORRECTION_ACCEPTED) or row.correcting or not row.changes:
            raise RefusedError(_not_to_correct(row))
        if row.edition != edition or plan.revision != next_revision(id):
            raise RefusedError("The refund changed since the correction was made. Nothing was sent; look at it again.")
        kept = Correction.objects.create(
            transaction=row,
            at=now,
            by=by,
            reason=reason,
            way=way,
            revision=plan.revision,
            gone=encode(dict(gone)),
            before=encode({name: getattr(row, name) for name in _REPLACED}),
        )
        _take_later(row)
        row.correcting, row.frozen, row.looked = kept.pk, False, NO_LOOKS
        row.changes, row.changed_at, row.later, row.later_raw = None, None, None, None
        row.revision, row.plan, row.fingerprint = plan.revision, encode(plan), plan.fingerprint
        row.rounded_minor = to_minor(plan.rounded) if plan.rounded else None
        row.say(plan.findings)
        history.moved(row, Event.CORRECTION_ACCEPTED, by=by, now=now, note=f"{way}{f': {reason}' if reason else ''}")
        row.save()


def kept(id: int, *, reason: str, by: str, now: datetime) -> None:
    """Leaves what stands as it is, though it changed; the same change is not told again.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: nothing of it changed after posting, or no reason is given.
    """
    if not reason.strip():
        raise RefusedError("Say why it stays: the reason is kept in the refund's history.")
    with atomic():
        row = _locked(id)
        if not row.changed_at or row.correcting:
            raise RefusedError(_not_to_correct(row))
        changes = decode(row.changes or "[]", tuple[Change, ...])
        row.changes, row.changed_at = encode(tuple(one.as_kept() for one in changes)), None
        history.noted(row, history.KEPT_AS_IT_IS, by=by, now=now, note=reason.strip())
        row.save()


def drop(id: int, *, by: str, now: datetime) -> None:
    """Drops a correction that was accepted and of which nothing was sent.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it is not being corrected, or the correction is on its way.
    """
    with atomic():
        row = _locked(id)
        if not row.correcting or row.frozen:
            raise RefusedError(
                f"The refund {row.store_refund_id} of {row.order_name} has no correction that could be dropped: none "
                "was accepted, or it is on its way to NetSuite. Post it to the end."
            )
        go_back(row, now=now)
        history.moved(row, Event.CORRECTION_DROPPED, by=by, now=now)
        row.save()


def go_back(row: Transaction, *, now: datetime) -> None:
    """Puts back what an accepted correction replaced, unsaved; for a caller that moves and saves."""
    correction = Correction.objects.get(transaction=row, ended_at__isnull=True)
    before: dict[str, Any] = decode(correction.before, dict[str, Any])
    for name, value in before.items():
        setattr(row, name, value)
    row.say(decode(row.findings, tuple[Finding, ...]))
    row.changed_at, row.correcting = now, None
    Correction.objects.filter(pk=correction.pk).update(ended_at=now)


def carried_out(row: Transaction, event: Event, *, now: datetime) -> None:
    """Ends a correction that stands in NetSuite, unsaved; for a caller that moves and saves."""
    correction = Correction.objects.get(transaction=row, ended_at__isnull=True)
    for netsuite_id, why in decode(correction.gone, dict[str, str]).items():
        Link.objects.filter(transaction=row, netsuite_id=netsuite_id).update(taken_back=why)
    row.correcting = None
    Correction.objects.filter(pk=correction.pk).update(ended_at=now, done=True)
    if event is Event.TAKEN_BACK:
        row.frozen, row.plan, row.fingerprint, row.reason = False, None, "", Event.TAKEN_BACK.value
        row.rounded_minor, row.revision = None, row.revision + 1
        said = "What stood in NetSuite for this refund was taken back, and nothing is booked in its place."
        row.say([info("taken_back", said, fix="If it has to be booked after all, take that back; then post it.")])


def _take_later(row: Transaction) -> None:
    """Takes over the document as the store says it now, where it says another one."""
    if row.later is None:
        return
    refund = decode(row.later, Refund)
    amount = balance(refund).amount
    row.document, row.raw, row.digest = row.later, row.later_raw or row.raw, row.seen_digest
    row.amount_minor, row.currency = to_minor(amount), amount.currency


def _not_to_correct(row: Transaction) -> str:
    state = "being corrected" if row.correcting else row.status.replace("_", " ")
    return (
        f"The refund {row.store_refund_id} of {row.order_name} is {state}"
        f"{'' if row.changed_at or row.status not in BOOKED else ' and nothing of it changed since'}: only what "
        "changed after posting is corrected."
    )


def _locked(id: int, *, lock: bool = True) -> Transaction:
    rows = Transaction.objects.all()
    found = (rows.select_for_update(no_key=True) if lock else rows).filter(pk=id).first()
    if found is None:
        raise NotFoundError(f"There is no refund {id}. `contrapost list` shows those there are.")
    return found
