"""What is held, by its cause: the same cause is shown once, with how many refunds it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q

from contrapost.codec import decode
from contrapost.records.cursors import cursor_at, read_cursor
from contrapost.records.models import Account, Transaction
from contrapost.records.models.transactions import HELD
from contrapost.records.queries import LONG, LONGEST_PAGE, summed_up
from contrapost.records.rows import CauseGroup, Listing
from contrapost.refunds.finding import Finding, Severity
from contrapost.refunds.lifecycle import State
from contrapost.refunds.retry import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet


def groups(account: str = "", *, code: str = "", where: str | None = None) -> tuple[CauseGroup, ...]:
    """Gives what holds refunds, each cause of each account with how many it holds and since when, most first."""
    rows = _held(account, code, where).values("account__name", "cause", "cause_where")
    found = rows.annotate(
        held=Count("id"),
        checking=Count("id", filter=Q(status=State.OUTCOME_UNKNOWN.value)),
        oldest=Min("updated_at"),
        first=Min("id"),
    )
    counted = list(found.order_by("-held", "account__name", "cause", "cause_where"))
    firsts = Transaction.objects.only("id", "order_name", "findings").in_bulk([one["first"] for one in counted])
    return tuple(_group(one, firsts[one["first"]]) for one in counted if one["first"] in firsts)


def listing(
    *, account: str = "", code: str = "", where: str | None = None, cursor: str = "", limit: int = 50
) -> Listing:
    """Gives one page of what is held, the longest held first.

    Args:
        account: only this account's.
        code: only what a finding of this code holds.
        where: with a code, only what it holds for this setting or field; empty for none.
        cursor: that of the page before; empty for the first page.
        limit: rows of the page, at most `LONGEST_PAGE`.

    Raises:
        CursorError: the cursor is none that a list gave.
    """
    rows = _held(account, code, where)
    if cursor:
        at, last = read_cursor(cursor)
        rows = rows.filter(Q(updated_at__gte=at), Q(updated_at__gt=at) | Q(id__gt=last))
    size = max(1, min(limit, LONGEST_PAGE))
    found = list(rows.select_related("account__netsuite").defer(*LONG).order_by("updated_at", "id")[: size + 1])
    page, has_more = found[:size], len(found) > size
    cursor = cursor_at(page[-1].updated_at, page[-1].pk) if has_more else ""
    return Listing(rows=summed_up(page), cursor=cursor, has_more=has_more)


def _group(counted: Mapping[str, object], first: Transaction) -> CauseGroup:
    said = {name: counted[name] for name in ("checking", "oldest")}
    cause = Cause(code=str(counted["cause"]), where=str(counted["cause_where"] or ""))
    findings = decode(first.findings, tuple[Finding, ...])
    errors = [one for one in findings if one.severity is Severity.ERROR] or [Finding(cause.code, Severity.ERROR, "")]
    return CauseGroup(
        account=str(counted["account__name"]),
        cause=cause,
        count=counted["held"],  # type: ignore[arg-type] # a count
        finding=errors[0],
        order_name=first.order_name,
        **said,  # type: ignore[arg-type] # a count and a moment
    )


def _held(account: str, code: str, where: str | None) -> QuerySet[Transaction]:
    rows = Transaction.objects.filter(status__in=HELD, cause__isnull=False, hidden=False)
    if code:
        rows = rows.filter(cause=code)
    if code and where is not None:
        rows = rows.filter(cause_where=where)
    if account:
        rows = rows.filter(account__in=list(Account.objects.filter(name=account).values_list("id", flat=True)))
    return rows
