"""Keeping what was retrieved: a refund is one row, however often it comes, and what is frozen is not overwritten."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.transaction import atomic

from contrapost.codec import decode, encode
from contrapost.log import say
from contrapost.records import history, noticing
from contrapost.records.amounts import to_minor
from contrapost.records.errors import NotFoundError
from contrapost.records.models import Account, Tombstone, Transaction
from contrapost.records.rows import Kept
from contrapost.refunds.balance import balance
from contrapost.refunds.changes import Change, Side, changed_at_store, deleted_at_store
from contrapost.refunds.document import Refund
from contrapost.refunds.finding import Finding
from contrapost.refunds.lifecycle import BOOKED, Event, State, rests
from contrapost.refunds.looks import NO_LOOKS, Looks

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from contrapost.stores.contract import Retrieved


def keep(
    account: str,
    retrieved: Sequence[Retrieved],
    *,
    by: str,
    now: datetime,
    by_hand: bool,
    whole_orders: Collection[str] = (),
) -> list[Kept]:
    """Saves the refunds of one shop as they came, in one go; says of each what became of it.

    A refund that was deleted is left out when polling brings it, and comes back when a person asks for it.

    Args:
        account: name of the shop's account.
        retrieved: the refunds; of one that is there twice, the last counts.
        by: who or what retrieved them.
        now: the present moment.
        by_hand: a person asked for these refunds.
        whole_orders: orders of which these are all refunds: a posted one that is missing was deleted at the store.

    Raises:
        NotFoundError: there is no such account.
    """
    wanted = {one.store_refund_id: one for one in retrieved}
    with atomic():
        shop = _shop(account)
        there = {row.store_refund_id: row for row in _rows(shop, wanted)}
        deleted = {stone.store_refund_id: stone for stone in _tombstones(shop, wanted)}
        kept = []
        for refund_id, one in wanted.items():
            if refund_id in there:
                kept.append(_again(there[refund_id], one, by=by, now=now))
            elif refund_id not in deleted:
                kept.append(_first(shop, one, by=by, now=now))
            elif by_hand:
                kept.append(_first(shop, one, by=by, now=now, revision=deleted[refund_id].revision))
                deleted[refund_id].delete()
        for row in _gone(shop, wanted, whole_orders):
            if noticing.take_over(row, Side.STORE, _deleted(row), by=by, now=now):
                row.later, row.later_raw = None, None
                row.save()
    say("retrieved", account=account, refunds=len(kept), new=sum(one.is_new for one in kept), by=by)
    return kept


def digest_of(one: Retrieved) -> str:
    """Gives what tells a refund from the same one with other words of the store; kept rows hold theirs."""
    return _digest(encode(one.refund) if one.refund else None, encode(one.findings))


def _digest(document: str | None, findings: str) -> str:
    return hashlib.sha256(f"{document}\n{findings}".encode()).hexdigest()


def _shop(name: str) -> Account:
    """Locks the shop, so that two retrievals of it come one after the other."""
    found = Account.objects.select_for_update(no_key=True).filter(name=name).first()
    if found is None:
        raise NotFoundError(f"There is no account named {name}. `contrapost accounts` lists those there are.")
    return found


def _rows(shop: Account, wanted: dict[str, Retrieved]) -> Sequence[Transaction]:
    return list(Transaction.objects.select_for_update().filter(account=shop, store_refund_id__in=wanted).order_by("pk"))


def _tombstones(shop: Account, wanted: dict[str, Retrieved]) -> Sequence[Tombstone]:
    return list(Tombstone.objects.filter(account=shop, store_refund_id__in=wanted))


def _gone(shop: Account, wanted: Collection[str], orders: Collection[str]) -> Sequence[Transaction]:
    """The refunds of whole orders that were sent to NetSuite and that the store does not have any more.

    The database is not asked for the shop: without counts of its rows, SQLite would read all of the shop's.
    """
    if not orders:
        return ()
    sent = Q(frozen=True) | Q(status__in=[state.value for state in BOOKED])
    rows = Transaction.objects.select_for_update(no_key=True).filter(sent, order_id__in=orders)
    gone = rows.exclude(store_refund_id__in=wanted).defer("raw", "bills", "plan", "later_raw")
    return [row for row in gone if row.account_id == shop.pk]


def _deleted(row: Transaction) -> tuple[Change, ...]:
    return deleted_at_store(decode(row.document, Refund)) if row.document else ()


def _first(shop: Account, one: Retrieved, *, by: str, now: datetime, revision: int = 1) -> Kept:
    said = {"refunded_at": now, "refunded_on": now.date(), "amount_minor": 0, "currency": "", **_said(one)}
    row = Transaction(
        account=shop,
        store_refund_id=one.store_refund_id,
        status=State.IMPORTED.value,
        revision=revision,
        seen_digest=said["digest"],
        next_look_at=now if one.refund else None,
        created_at=now,
        updated_at=now,
        **said,
    )
    row.save(force_insert=True)
    history.began(row, Event.RETRIEVED, by=by, now=now)
    _hold_unreadable(row, by=by, now=now)
    return Kept(id=row.pk, is_new=True, changed=True)


def _again(row: Transaction, one: Retrieved, *, by: str, now: datetime) -> Kept:
    said = _said(one)
    is_news = said["digest"] != row.seen_digest
    is_final = row.frozen or row.status in BOOKED or row.correcting is not None
    replaced = said["digest"] != row.digest and not is_final
    resting = rests(State(row.status), row.reason)
    acted_on = replaced and row.status != State.CANCELED and not resting
    row.seen_digest = said["digest"]
    if replaced:
        _replace(row, said, resting=resting)
    told = is_final and _later(row, one, by=by, now=now)
    if acted_on:
        row.looked = Looks(next_at=now if one.refund else None)
        history.moved(row, Event.RETRIEVED, by=by, now=now, note="the store's payload changed")
        _hold_unreadable(row, by=by, now=now)
    elif is_news and not told and (is_final or replaced):
        history.noted(row, history.CHANGED_AT_STORE, by=by, now=now, note=_WHAT_CHANGED[is_final])
    if replaced or is_news or told:
        row.save()
    return Kept(id=row.pk, is_new=False, changed=acted_on)


_WHAT_CHANGED = {
    True: "the store changed this refund after it was posted or being posted; what was posted stands as it is",
    False: "the store changed this refund while it is not acted on; bringing it back takes the new one",
}


def _later(row: Transaction, one: Retrieved, *, by: str, now: datetime) -> bool:
    """Keeps what the store says now beside what was posted, where they differ in what is booked; says if that is news.

    What cannot be read tells nothing: what was known of it stays.
    """
    if one.refund is None or row.document is None:
        return False
    changes = changed_at_store(decode(row.document, Refund), one.refund)
    row.later, row.later_raw = (encode(one.refund), one.raw) if changes else (None, None)
    return noticing.take_over(row, Side.STORE, changes, by=by, now=now)


def _replace(row: Transaction, said: dict[str, Any], *, resting: bool) -> None:
    """A plan made of the old document must never be posted, nor what was waited for count.

    Of a refund that somebody said is booked elsewhere, that stays.
    """
    reason, findings = row.reason, row.findings
    for name, value in said.items():
        setattr(row, name, value)
    row.cause = row.cause_where = None
    row.edition += 1
    row.reason, row.looked = "", NO_LOOKS
    if resting:
        row.reason, row.findings = reason, findings
    row.bills, row.plan, row.fingerprint = None, None, ""
    row.changes, row.changed_at, row.later, row.later_raw = None, None, None, None


def _hold_unreadable(row: Transaction, *, by: str, now: datetime) -> None:
    if row.document is None:
        row.say(decode(row.findings, tuple[Finding, ...]))
        history.moved(row, Event.HELD, by=by, now=now, note="the payload could not be read")
        row.save()


def _said(one: Retrieved) -> dict[str, Any]:
    """Gives the columns that hold what the store said; those of the list only where it could be read."""
    document = encode(one.refund) if one.refund else None
    findings = encode(one.findings)
    said: dict[str, Any] = {
        "order_id": one.order_id,
        "order_name": one.order_name,
        "raw": one.raw,
        "document": document,
        "findings": findings,
        "digest": _digest(document, findings),
    }
    if one.refund:
        amount = balance(one.refund).amount
        said |= {
            "refunded_at": one.refund.refunded_at,
            "refunded_on": one.refund.refunded_on,
            "amount_minor": to_minor(amount),
            "currency": amount.currency,
        }
    return said
