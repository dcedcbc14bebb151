"""What happens to transactions outside posting: kept, mapped, canceled, restored, hidden, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.transaction import atomic

from contrapost.codec import decode, encode
from contrapost.netsuite.drafts import Plan
from contrapost.records import history
from contrapost.records.amounts import to_minor
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.records.models import Attempt, HistoryEntry, Link, Tombstone, Transaction
from contrapost.refunds.lifecycle import Event, State, can, move, rests
from contrapost.refunds.looks import NO_LOOKS, Looks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from contrapost.netsuite.bill import Bills
    from contrapost.refunds.finding import Finding


def mapped(  # noqa: PLR0913 - each is one thing that map says
    id: int,
    event: Event,
    *,
    by: str,
    now: datetime,
    edition: int | None = None,
    reason: str = "",
    findings: Sequence[Finding] = (),
    bills: Bills | None = None,
    plan: Plan | None = None,
    looks: Looks = NO_LOOKS,
) -> bool:
    """Saves what match and map came to, and moves the transaction; says whether it did.

    It does not, and changes nothing, where the result is out of date: the plan was frozen meanwhile, the transaction
    was canceled or posted, its document is another one (`edition`), or the plan is of another revision.

    Args:
        id: the transaction.
        event: `PLANNED`, `MUST_WAIT`, `HELD` or `NOTHING_TO_BOOK`.
        by: who or what asked for it.
        now: the present moment.
        edition: that of the row the result was made from.
        reason: one sentence, for waiting and not needed.
        findings: replace those of before.
        bills: what match found, for display.
        plan: what the refund would become; kept with errors too, so that it can be shown.
        looks: since when it waits, and when it is to be looked at again.

    Raises:
        NotFoundError: there is no such transaction.
    """
    with atomic():
        row = _locked(id)
        if not _takes(row, event, edition, plan):
            return False
        before = (row.status, row.reason, row.fingerprint)
        said_before = _said(row)
        row.reason, row.looked = reason, looks
        row.say(findings)
        row.bills = encode(bills) if bills else None
        row.plan, row.fingerprint = (encode(plan), plan.fingerprint) if plan else (None, "")
        row.rounded_minor = to_minor(plan.rounded) if plan and plan.rounded else None
        _move_if_news(row, event, before, by=by, now=now)
        if _said(row) != said_before:
            row.save()
    return True


def goes_by(id: int, revision: int) -> bool:
    """Takes over the revision that NetSuite shows records of, where it is a later one and no plan is frozen.

    Returns:
        Whether it did.
    """
    open_ones = Transaction.objects.filter(pk=id, frozen=False, correcting__isnull=True, revision__lt=revision)
    return bool(open_ones.update(revision=revision))


def held_for_fault(id: int, finding: Finding, *, by: str, now: datetime) -> None:
    """Holds a transaction that a fault of ours stops, also one whose plan is frozen: what was sent is looked up later.

    Raises:
        NotFoundError: there is no such transaction.
    """
    with atomic():
        row = _locked(id)
        if can(State(row.status), Event.HELD):
            row.say([finding])
            row.looked = NO_LOOKS
            history.moved(row, Event.HELD, by=by, now=now, note=finding.message)
            row.save()


def cancel(id: int, *, by: str, now: datetime) -> None:
    """Cancels a transaction: it is kept and never acted on.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it is posted, being posted, or a plan of it is frozen.
    """
    with atomic():
        row = _locked(id)
        if row.frozen or row.correcting or not can(State(row.status), Event.CANCELED):
            raise RefusedError(
                f"The refund {row.store_refund_id} of {row.order_name} cannot be canceled: NetSuite holds records of "
                "it, or may. Post it to the end, or void its records in NetSuite; what stands in NetSuite stays here."
            )
        row.looked = NO_LOOKS
        history.moved(row, Event.CANCELED, by=by, now=now)
        row.save()


def accept(id: int, *, reason: str, by: str, now: datetime) -> None:
    """Accepts that a refund gives more than its bill still holds, by as much as its plan says; to be mapped anew.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: nothing of it is to be accepted, or no reason is given.
    """
    if not reason.strip():
        raise RefusedError("Say why: the reason is kept in the refund's history.")
    with atomic():
        row = _locked(id)
        plan = decode(row.plan, Plan) if row.plan and not row.frozen else None
        if plan is None or plan.beyond is None or row.status != State.NEEDS_ATTENTION:
            raise RefusedError(
                f"The refund {row.store_refund_id} of {row.order_name} has nothing to be accepted: it is not held for "
                "giving more than its bill still holds."
            )
        row.accepted_minor = to_minor(plan.beyond)
        history.noted(row, history.ACCEPTED, by=by, now=now, note=f"{plan.beyond} above the bill: {reason.strip()}")
        row.save()


def restore(id: int, *, by: str, now: datetime) -> None:
    """Brings a canceled transaction back, to be matched and mapped anew.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it is not canceled.
    """
    with atomic():
        row = _locked(id)
        if not can(State(row.status), Event.RESTORED):
            raise RefusedError(f"The refund {row.store_refund_id} of {row.order_name} is not canceled.")
        row.reason, row.looked = "", Looks(next_at=now)
        history.moved(row, Event.RESTORED, by=by, now=now)
        row.save()


def hide(id: int, *, by: str, now: datetime) -> None:
    """Leaves a transaction out of lists; nothing else changes.

    Raises:
        NotFoundError: there is no such transaction.
    """
    _set_hidden(id, hidden=True, by=by, now=now)


def unhide(id: int, *, by: str, now: datetime) -> None:
    """Shows a hidden transaction in lists again.

    Raises:
        NotFoundError: there is no such transaction.
    """
    _set_hidden(id, hidden=False, by=by, now=now)


def delete(id: int, *, by: str, now: datetime) -> None:
    """Removes a transaction with all that belongs to it; a tombstone keeps polling from bringing it back.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: a NetSuite record is linked to it, or a plan of it is frozen.
    """
    with atomic():
        row = _locked(id)
        if row.frozen or Link.objects.filter(transaction=row).exists():
            raise RefusedError(
                f"The refund {row.store_refund_id} of {row.order_name} cannot be deleted: NetSuite holds records of "
                "it, or may. What stands in NetSuite stays here."
            )
        Tombstone.objects.create(
            account_id=row.account_id, store_refund_id=row.store_refund_id, revision=row.revision, at=now, by=by
        )
        row.delete()
        Attempt.objects.all().of_deleted(id)
        HistoryEntry.objects.all().of_deleted(id)


def _locked(id: int) -> Transaction:
    rows = Transaction.objects.select_for_update().defer("raw", "document")
    found = next(iter(rows.filter(pk=id)), None)
    if found is None:
        raise NotFoundError(f"There is no refund {id}. `contrapost list` shows those there are.")
    return found


def _takes(row: Transaction, event: Event, edition: int | None, plan: Plan | None) -> bool:
    return (
        not row.frozen
        and row.correcting is None
        and can(State(row.status), event)
        and not rests(State(row.status), row.reason)
        and edition in {None, row.edition}
        and (plan is None or plan.revision == row.revision)
    )


def _said(row: Transaction) -> tuple[object, ...]:
    """All that match and map say of a transaction: looking at it again mostly says the same."""
    return (row.status, row.reason, row.looked, row.findings, row.bills, row.plan, row.rounded_minor)


def _move_if_news(row: Transaction, event: Event, before: tuple[str, str, str], *, by: str, now: datetime) -> None:
    """Looking again, for weeks, at what waits for the same thing must not fill its history."""
    after = (move(State(row.status), event).value, row.reason, row.fingerprint)
    if after != before:
        history.moved(row, event, by=by, now=now, note=row.reason)


def _set_hidden(id: int, *, hidden: bool, by: str, now: datetime) -> None:
    with atomic():
        row = _locked(id)
        if row.hidden == hidden:
            return
        row.hidden = hidden
        history.noted(row, history.HIDDEN if hidden else history.SHOWN, by=by, now=now)
        row.save()
