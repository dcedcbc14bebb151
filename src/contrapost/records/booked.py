"""What our rows say of the refunds of some days: where each stands, and the NetSuite records that stand for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.db.transaction import atomic

from contrapost.codec import decode
from contrapost.netsuite.drafts import RecordType
from contrapost.records import history
from contrapost.records.amounts import from_minor
from contrapost.records.models import Account, Link, NetSuiteAccount, PlannedRecord, Tombstone, Transaction
from contrapost.refunds.finding import Finding
from contrapost.refunds.lifecycle import Event, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from contrapost.refunds.money import Money

ROWS_AT_ONCE: Final = 1000
"""Rows read together."""
_ASKED_AT_ONCE: Final = 500
"""Values of one question."""
_APART: Final = timedelta(days=1)
"""A moment's day differs from one zone to another by no more."""
_COLUMNS: Final = (
    "id",
    "store_refund_id",
    "order_id",
    "order_name",
    "refunded_at",
    "refunded_on",
    "amount_minor",
    "currency",
    "status",
    "findings",
    "digest",
)
_CREDITING: Final = {RecordType.CASH_REFUND.value, RecordType.CREDIT_MEMO.value}
_PAYING: Final = RecordType.CUSTOMER_REFUND.value


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLink:
    """A record that carries money and stands for a refund."""

    netsuite_id: str
    record: str
    tranid: str
    total: Money
    counted: bool
    """It is a credit document, or pays back a deposit: what NetSuite's total is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedRow:
    """Where one refund stands."""

    id: int
    store_refund_id: str
    order_id: str
    order_name: str
    refunded_on: date
    amount: Money
    status: State
    findings: tuple[Finding, ...]
    digest: str
    links: tuple[BookedLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose a NetSuite record is."""

    account: str
    store_refund_id: str
    taken_back: bool = False
    """A correction took it back: it counts no more, nor does what took it back."""


def between(account: str, since: date, until: date) -> Iterator[tuple[BookedRow, ...]]:
    """Gives the refunds of an account whose day in the shop's zone is within a span, some hundred at a time.

    Args:
        account: its name.
        since: the first day.
        until: the last day.
    """
    shops = list(Account.objects.filter(name=account).values_list("id", flat=True))
    earliest = datetime.combine(since - _APART, time.min, UTC)
    latest = datetime.combine(until + 2 * _APART, time.min, UTC)
    rows = Transaction.objects.filter(account__in=shops, refunded_at__gte=earliest, refunded_at__lt=latest)
    rows = rows.filter(refunded_on__gte=since, refunded_on__lte=until).order_by("-refunded_at", "-id")
    after = Q()
    while True:
        found = list(rows.filter(after).values(*_COLUMNS)[:ROWS_AT_ONCE])
        if found:
            yield _rows(found)
        if len(found) < ROWS_AT_ONCE:
            return
        at, id_ = found[-1]["refunded_at"], found[-1]["id"]
        after = Q(refunded_at__lte=at) & (Q(refunded_at__lt=at) | Q(id__lt=id_))


def named(account: str, refunds: Sequence[str]) -> tuple[BookedRow, ...]:
    """Gives the refunds of an account that the store knows by these ids, those that are here."""
    rows: list[dict[str, Any]] = []
    for some in _portions(refunds):
        rows += Transaction.objects.filter(account__name=account, store_refund_id__in=some).values(*_COLUMNS)
    return _rows(rows)


def deleted(account: str, refunds: Sequence[str]) -> set[str]:
    """Gives those of these refunds that were deleted here."""
    found: set[str] = set()
    for some in _portions(refunds):
        stones = Tombstone.objects.filter(account__name=account, store_refund_id__in=some)
        found |= set(stones.values_list("store_refund_id", flat=True))
    return found


def holders(netsuite: str, records: Sequence[tuple[str, str]]) -> dict[str, Holder]:
    """Says of NetSuite records, given by internal and external id, whose refund each stands for, or is planned for.

    Gives:
        By internal id; records that none of our rows knows are left out.
    """
    held_in = NetSuiteAccount.objects.get(name=netsuite).pk
    names = ("transaction__account__name", "transaction__store_refund_id")
    found: dict[str, Holder] = {}
    for some in _portions(records):
        links = Link.objects.filter(held_in=held_in, netsuite_id__in=[id_ for id_, _ in some])
        for id_, taken_back, account, refund in links.values_list("netsuite_id", "taken_back", *names):
            found[id_] = Holder(account=account, store_refund_id=refund, taken_back=taken_back is not None)
        rest = {external.lower(): id_ for id_, external in some if external and id_ not in found}
        planned = PlannedRecord.objects.filter(
            external_id__in=list(rest), transaction__account__netsuite=held_in
        ).values_list("external_id", *names)
        for external, account, refund in planned:
            found[rest[external.lower()]] = Holder(account=account, store_refund_id=refund)
    return found


def prove(ids: Sequence[int], *, by: str, now: datetime) -> int:
    """Moves those of these transactions that are posted to reconciled, and says how many that were.

    Nothing is sent by it, so it needs no lease: a transaction that moved meanwhile stays as it is.
    """
    moved = 0
    for some in _portions(sorted(ids)):
        with atomic():
            rows = Transaction.objects.filter(pk__in=some, status=State.POSTED.value)
            posted = list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
            state = history.moved_together(posted, State.POSTED, Event.PROVEN, by=by, now=now)
            rows.filter(pk__in=posted).update(status=state.value, updated_at=now)
            moved += len(posted)
    return moved


@dataclass(frozen=True, slots=True)
class _Draft:
    """The part of a planned record that says what it pays back."""

    external_id: str
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Drafts:
    """The part of a plan that is read here."""

    drafts: tuple[_Draft, ...] = ()


def _rows(found: Sequence[dict[str, Any]]) -> tuple[BookedRow, ...]:
    links = _links([one["id"] for one in found])
    return tuple(
        BookedRow(
            id=one["id"],
            store_refund_id=one["store_refund_id"],
            order_id=one["order_id"],
            order_name=one["order_name"],
            refunded_on=one["refunded_on"],
            amount=from_minor(one["amount_minor"], one["currency"]),
            status=State(one["status"]),
            findings=decode(one["findings"], tuple[Finding, ...]),
            digest=one["digest"],
            links=tuple(links[one["id"]]),
        )
        for one in found
    )


def _links(ids: Sequence[int]) -> dict[int, list[BookedLink]]:
    links: dict[int, list[BookedLink]] = defaultdict(list)
    for some in _portions(ids):
        found = list(Link.objects.filter(transaction__in=some, record__in=[*_CREDITING, _PAYING]).order_by("id"))
        found = [link for link in found if link.taken_back is None]
        paying_back = _paying_back({link.transaction_id for link in found if link.record == _PAYING})
        credited = {link.transaction_id for link in found if link.record in _CREDITING}
        for link in found:
            links[link.transaction_id].append(
                BookedLink(
                    netsuite_id=link.netsuite_id,
                    record=link.record,
                    tranid=link.tranid,
                    total=from_minor(link.total_minor, link.currency),
                    counted=link.record in _CREDITING
                    or (link.transaction_id not in credited if link.adopted else link.external_id in paying_back),
                )
            )
    return links


def _paying_back(ids: set[int]) -> set[str]:
    """The external ids of customer refunds that pay a deposit back: their plans say so."""
    plans = Transaction.objects.filter(pk__in=ids, plan__isnull=False).values_list("plan", flat=True)
    drafts = (draft for plan in plans.iterator(100) for draft in decode(plan or "{}", _Drafts).drafts)
    return {draft.external_id for draft in drafts if "deposit" in draft.body}


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _ASKED_AT_ONCE):
        yield values[start : start + _ASKED_AT_ONCE]
