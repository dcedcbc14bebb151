"""Reading transactions: one, a page of a list, what is to be posted, what is due. Never by counting rows to skip."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum

from contrapost.codec import decode
from contrapost.netsuite.bill import Bills
from contrapost.netsuite.drafts import Plan
from contrapost.posting.journal import Progress, Step, Work
from contrapost.records.amounts import from_minor
from contrapost.records.cursors import cursor_at, read_cursor
from contrapost.records.errors import NotFoundError
from contrapost.records.models import Account, Attempt, HistoryEntry, Link, PlannedRecord, Transaction
from contrapost.records.rows import AttemptRow, HistoryRow, LinkRow, Listing, TransactionRow, TransactionSummary
from contrapost.refunds.changes import Change
from contrapost.refunds.days import end_of, start_of
from contrapost.refunds.document import Refund
from contrapost.refunds.finding import Finding
from contrapost.refunds.lifecycle import BOOKED, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    from contrapost.records.rows import Filters

LONGEST_PAGE = 500
"""Rows of one page at most."""
_READ_AT_ONCE = 200
"""Transactions with their documents; each may have some tens of kilobytes of them."""
_MOST_OF_AN_ORDER = 10_000
"""An order has a handful of refunds; this many bear its name only where a store names orders alike."""
_NEWEST_FIRST = ("-refunded_at", "-id")
LONG = ("raw", "document", "bills", "plan", "later", "later_raw")
"""What is long, and shown by no list."""


def get(id: int) -> TransactionRow:
    """Gives a transaction with its documents.

    Raises:
        NotFoundError: there is no such transaction.
    """
    return next(get_all([id]))


def get_all(ids: Iterable[int]) -> Iterator[TransactionRow]:
    """Gives transactions with their documents, in the order asked for, some hundred of them read at once.

    Raises:
        NotFoundError: there is no such transaction.
    """
    wanted = list(ids)
    for start in range(0, len(wanted), _READ_AT_ONCE):
        some = wanted[start : start + _READ_AT_ONCE]
        found = Transaction.objects.select_related("account__netsuite").defer("raw", "later_raw").in_bulk(some)
        links, progress = _links(some), _progress(found.values())
        for id_ in some:
            if id_ not in found:
                raise _no_transaction(id_)
            yield _with_documents(found[id_], links[id_], progress[id_])


def states(ids: Sequence[int]) -> dict[int, State]:
    """Gives where each of these transactions stands."""
    return {id_: State(status) for id_, status in Transaction.objects.filter(pk__in=ids).values_list("id", "status")}


def _with_documents(row: Transaction, links: tuple[LinkRow, ...], progress: Mapping[str, Progress]) -> TransactionRow:
    return TransactionRow(
        **_summed_up(row, links),
        document=decode(row.document, Refund) if row.document else None,
        later=decode(row.later, Refund) if row.later else None,
        bills=decode(row.bills, Bills) if row.bills else None,
        plan=decode(row.plan, Plan) if row.plan else None,
        fingerprint=row.fingerprint,
        revision=row.revision,
        edition=row.edition,
        frozen=row.frozen,
        correcting=row.correcting is not None,
        accepted=from_minor(row.accepted_minor or 0, row.currency),
        progress=progress,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def raw(id: int) -> str:
    """Gives the payload of a transaction as it was kept.

    Raises:
        NotFoundError: there is no such transaction.
    """
    found = Transaction.objects.filter(pk=id).values_list("raw", flat=True).first()
    if found is None:
        raise _no_transaction(id)
    return found


def documents(ids: Sequence[int]) -> dict[int, Refund]:
    """Gives the documents of these transactions, of those whose payload could be read."""
    found = Transaction.objects.filter(pk__in=ids, document__isnull=False).values_list("id", "document")
    return {id_: decode(document, Refund) for id_, document in found if document}


def listing(filters: Filters, *, cursor: str = "", limit: int = 50) -> Listing:
    """Gives one page of the transactions that pass the filters, newest refund first.

    Rows that come in meanwhile shift nothing: the cursor names the last row seen, not a number of rows.

    Args:
        filters: which transactions.
        cursor: that of the page before; empty for the first page.
        limit: rows of the page, at most `LONGEST_PAGE`.

    Raises:
        CursorError: the cursor is none that a list gave.
    """
    size = max(1, min(limit, LONGEST_PAGE))
    found = _newest(filters, cursor, size + 1)
    page, has_more = found[:size], len(found) > size
    return Listing(
        rows=summed_up(page),
        cursor=cursor_at(page[-1].refunded_at, page[-1].pk) if has_more else "",
        has_more=has_more,
    )


def summed_up(rows: Sequence[Transaction]) -> tuple[TransactionSummary, ...]:
    """Gives what lists show of transactions, in their order."""
    links = _links([row.pk for row in rows])
    return tuple(TransactionSummary(**_summed_up(row, links[row.pk])) for row in rows)


def count(filters: Filters, *, cap: int = 10_000) -> int:
    """Counts the transactions that pass the filters, up to a cap: there, it means "that many or more"."""
    rows = _narrowed(filters)
    return min(cap, sum(_counted(part, cap) for part in _by_status(rows, filters)))


def counts(filters: Filters, *, cap: int = 10_000) -> dict[State, int]:
    """Counts, for each status, the transactions that pass the other filters, each up to a cap."""
    rows = _narrowed(replace(filters, statuses=frozenset()))
    if filters.order:
        found = Counter(rows.values_list("status", flat=True))
        return {state: min(cap, found[state]) for state in State}
    return {state: _counted(rows.filter(status=state.value), cap) for state in State}


def rounded_in_month(account: str, day: date, currency: str, *, beside: int) -> Decimal:
    """Sums what was rounded in a month of refunds of one account and currency, as far as it is sent or may be.

    Args:
        account: its name.
        day: any day of the month.
        currency: that of the refunds.
        beside: a transaction that is left out.
    """
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    rows = Transaction.objects.filter(
        account__name=account,
        currency=currency,
        refunded_on__gte=first,
        refunded_on__lt=following,
        frozen=True,
        rounded_minor__isnull=False,
    ).exclude(pk=beside)
    minor = rows.aggregate(sum=Sum("rounded_minor"))["sum"] or 0
    return from_minor(minor, currency).amount


def work(ids: Sequence[int]) -> list[Work]:
    """Gives those of these transactions that can be posted, or whose posting can go on, in the order asked for."""
    rows = {row.pk: row for row in Transaction.objects.filter(pk__in=ids, plan__isnull=False) if _can_be_posted(row)}
    progress = _progress(rows.values())
    return [_work(rows[id_], progress[id_]) for id_ in dict.fromkeys(ids) if id_ in rows]


def _work(row: Transaction, progress: Mapping[str, Progress]) -> Work:
    plan, bills = decode(row.plan or "", Plan), row.bills or ""
    look_first = not row.frozen and any(f'"{draft.external_id}"' in bills for draft in plan.drafts)
    return Work(transaction_id=row.pk, plan=plan, progress=progress, look_first=look_first)


def attempts(id: int) -> tuple[AttemptRow, ...]:
    """Gives what was sent for a transaction and what came back, oldest first."""
    names = AttemptRow.__dataclass_fields__
    return tuple(AttemptRow(**one) for one in Attempt.objects.filter(transaction=id).order_by("id").values(*names))


def history(id: int) -> tuple[HistoryRow, ...]:
    """Gives what happened to a transaction, oldest first."""
    names = HistoryRow.__dataclass_fields__
    entries = HistoryEntry.objects.filter(transaction=id).order_by("id").values(*names)
    return tuple(HistoryRow(**{**one, **_states(one)}) for one in entries)


def _states(entry: Mapping[str, str]) -> dict[str, State | None]:
    before = State(entry["from_state"]) if entry["from_state"] else None
    return {"from_state": before, "to_state": State(entry["to_state"])}


def _can_be_posted(row: Transaction) -> bool:
    return row.status == State.READY or (row.frozen and row.status not in BOOKED)


def _newest(filters: Filters, cursor: str, limit: int) -> list[Transaction]:
    """Gives the newest transactions that pass the filters, without what a list does not show.

    Each status is asked for on its own: so each question is answered from the front of one index, whatever the
    database makes of how common a status is.
    """
    rows = _after(_narrowed(filters), cursor).select_related("account__netsuite")
    shown = rows.defer(*LONG).order_by(*_NEWEST_FIRST)
    found = [row for part in _by_status(shown, filters) for row in part[:limit]]
    return sorted(found, key=lambda row: (row.refunded_at, row.pk), reverse=True)[:limit]


def _counted(rows: QuerySet[Transaction], cap: int) -> int:
    """Counts up to a cap; the order keeps the database on the index that also lists these rows."""
    return rows.order_by(*_NEWEST_FIRST)[:cap].count()


def _by_status(rows: QuerySet[Transaction], filters: Filters) -> list[QuerySet[Transaction]]:
    if filters.order or not filters.statuses:
        return [rows]
    return [rows.filter(status=state.value) for state in sorted(filters.statuses)]


def _narrowed(filters: Filters) -> QuerySet[Transaction]:
    """Gives what passes all filters but that of the status, which is compared here only where an order is named.

    Account and order are looked up first, so that the database knows how few rows it is asked for.
    """
    rows = Transaction.objects.all()
    if filters.order:
        rows = rows.filter(pk__in=_of_order(filters))
    elif filters.account:
        named = Account.objects.filter(name=filters.account).values_list("id", flat=True)
        rows = rows.filter(account__in=list(named))
    if filters.since:
        rows = rows.filter(refunded_at__gte=filters.since)
    rows = rows.filter(_on_days(filters))
    if filters.changed:
        rows = rows.filter(changed_at__isnull=False)
    return rows if filters.include_hidden else rows.filter(hidden=False)


def _on_days(filters: Filters) -> Q:
    """Says what was refunded on the days asked for, each in its shop's zone.

    The moments around them are named too, since the indexes are in the order of moments, whatever the zone.
    """
    asked = Q()
    if filters.first_day:
        asked &= Q(refunded_on__gte=filters.first_day, refunded_at__gte=start_of(filters.first_day))
    if filters.last_day:
        asked &= Q(refunded_on__lte=filters.last_day, refunded_at__lt=end_of(filters.last_day))
    return asked


def _of_order(filters: Filters) -> list[int]:
    """Gives the refunds of an order, of the account and statuses asked for.

    Those are compared here: in the question, they would lead SQLite to read all of an account for the few it seeks.
    """
    text = filters.order.strip()
    bare = text.removeprefix("#")
    ids = Transaction.objects.values_list("id", flat=True)
    named = ids.filter(order_name__in=[bare, f"#{bare}"])
    found = list(named.union(ids.filter(order_id=text), ids.filter(store_refund_id=text))[:_MOST_OF_AN_ORDER])
    rows = Transaction.objects.filter(pk__in=found).values_list("id", "account__name", "status")
    return [
        id_
        for id_, account, status in rows
        if filters.account in {"", account} and (not filters.statuses or status in filters.statuses)
    ]


def _after(rows: QuerySet[Transaction], cursor: str) -> QuerySet[Transaction]:
    if not cursor:
        return rows
    at, last = read_cursor(cursor)
    return rows.filter(Q(refunded_at__lte=at), Q(refunded_at__lt=at) | Q(id__lt=last))


def _links(ids: Sequence[int]) -> Mapping[int, tuple[LinkRow, ...]]:
    links: dict[int, tuple[LinkRow, ...]] = defaultdict(tuple)
    for link in Link.objects.filter(transaction__in=ids).order_by("id"):
        links[link.transaction_id] += (
            LinkRow(
                record=link.record,
                netsuite_id=link.netsuite_id,
                tranid=link.tranid,
                external_id=link.external_id,
                total=from_minor(link.total_minor, link.currency),
                adopted=link.adopted,
                taken_back=link.taken_back or "",
            ),
        )
    return links


def _progress(rows: Iterable[Transaction]) -> Mapping[int, dict[str, Progress]]:
    revisions = {row.pk: row.revision for row in rows if row.frozen}
    progress: dict[int, dict[str, Progress]] = defaultdict(dict)
    for record in PlannedRecord.objects.filter(transaction__in=revisions).order_by("position"):
        if record.revision == revisions[record.transaction_id]:
            step = Progress(step=Step(record.step), netsuite_id=record.netsuite_id)
            progress[record.transaction_id][record.external_id] = step
    return progress


def _summed_up(row: Transaction, links: tuple[LinkRow, ...]) -> dict[str, Any]:
    changes = tuple(one for one in decode(row.changes or "[]", tuple[Change, ...]) if not one.kept)
    return {
        "id": row.pk,
        "account": row.account.name,
        "connector": row.account.connector,
        "netsuite": row.account.netsuite.name,
        "store_refund_id": row.store_refund_id,
        "order_id": row.order_id,
        "order_name": row.order_name,
        "refunded_at": row.refunded_at,
        "refunded_on": row.refunded_on,
        "amount": from_minor(row.amount_minor, row.currency),
        "status": State(row.status),
        "reason": row.reason,
        "looks": row.looked,
        "hidden": row.hidden,
        "findings": (*(one.finding for one in changes), *decode(row.findings, tuple[Finding, ...])),
        "changes": changes,
        "links": links,
    }


def _no_transaction(id: int) -> NotFoundError:
    return NotFoundError(f"There is no refund {id}. `contrapost list` shows those there are.")
