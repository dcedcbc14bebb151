"""What changed of posted refunds afterwards: the links to be checked, and what was noticed of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.transaction import atomic

from contrapost.codec import decode, encode
from contrapost.netsuite.answers import Standing
from contrapost.records import history
from contrapost.records.amounts import from_minor
from contrapost.records.models import Link, Transaction
from contrapost.refunds.changes import Change, Side
from contrapost.refunds.lifecycle import BOOKED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A record that stands for a posted refund, as it stood when it was read back or adopted."""

    link_id: int
    transaction_id: int
    standing: Standing


def watched(
    account: str, *, since: datetime | None, after: int, limit: int, among: Sequence[int] | None = None
) -> list[Watched]:
    """Gives the records of an account's posted refunds, in the order of their links.

    Args:
        account: name of the shop's account.
        since: only of refunds made at this moment or later.
        after: the link to go on from; 0 for the first.
        limit: at most so many.
        among: only of these transactions, some hundred at most.
    """
    links = Link.objects.filter(
        transaction__account__name=account,
        transaction__status__in=[state.value for state in BOOKED],
        taken_back__isnull=True,
        id__gt=after,
    )
    if since:
        links = links.filter(transaction__refunded_at__gte=since)
    if among is not None:
        links = links.filter(transaction__in=among)
    return [_watched(link) for link in links.order_by("id")[:limit]]


def noticed(found: Mapping[int, Sequence[Change]], *, by: str, now: datetime) -> list[int]:
    """Keeps what changed in NetSuite of some posted refunds, and takes off what does not any more.

    Args:
        found: by transaction, what changed; nothing for one whose records stand as they did.
        by: who or what looked.
        now: the present moment.

    Returns:
        The transactions of which something changed that was not known.
    """
    known = set(Transaction.objects.filter(pk__in=found, changed_at__isnull=False).values_list("pk", flat=True))
    news = []
    for id_ in sorted({id_ for id_, changes in found.items() if changes} | known):
        with atomic():
            row = Transaction.objects.select_for_update(no_key=True).filter(pk=id_).first()
            if row is not None and row.status in BOOKED and take_over(row, Side.NETSUITE, found[id_], by=by, now=now):
                news.append(id_)
                row.save()
    return news


def take_over(row: Transaction, side: Side, changes: Sequence[Change], *, by: str, now: datetime) -> bool:
    """Puts what changed on one side onto a transaction, unsaved; says whether that is news."""
    known = decode(row.changes, tuple[Change, ...]) if row.changes else ()
    others = tuple(one for one in known if one.side is not side)
    before = tuple(one for one in known if one.side is side)
    if len(before) == len(changes) and all(was.is_same(now_) for was, now_ in zip(before, changes, strict=True)):
        return False
    stands = (*others, *changes)
    row.changes = encode(stands) if stands else None
    row.changed_at = (row.changed_at or now) if any(not one.kept for one in stands) else None
    note = " ".join(one.finding.message for one in changes) or f"nothing differs any more on the side of the {side}"
    history.noted(row, history.CHANGED_AFTER_POSTING if changes else history.AS_POSTED, by=by, now=now, note=note)
    return True


def _watched(link: Link) -> Watched:
    return Watched(
        link_id=link.pk,
        transaction_id=link.transaction_id,
        standing=Standing(
            record=link.record,
            id=link.netsuite_id,
            tranid=link.tranid,
            external_id=link.external_id,
            total=from_minor(link.total_minor, link.currency),
            voided=False,
            created_from="",
            ledger=_ledger(link.ledger),
        ),
    )


def _ledger(text: str) -> tuple[tuple[str, Decimal], ...]:
    from decimal import Decimal

    return decode(text, tuple[tuple[str, Decimal], ...]) if text else ()
