"""Errors: what holds refunds, each cause once, with its cure; and another try for all that a cause holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contrapost.permissions import Action, may
from contrapost.records import causes
from contrapost.records.cursors import CursorError
from contrapost.records.rows import Again
from contrapost.refunds.retry import Retry, rule_of
from contrapost.web import words
from contrapost.web.again import look_now
from contrapost.web.asking import allowed, go_back, role_of, show

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from contrapost.records.rows import CauseGroup, TransactionSummary
    from contrapost.web.asking import Asked

ROWS = 50
AGAIN = {
    Retry.BY_ITSELF: "Tried again by itself, ever more seldom.",
    Retry.NETSUITE: "Looked at again by itself, ever more seldom, once it may be mended in NetSuite.",
    Retry.SETTING: "Looked at again as soon as a setting of the account changes.",
    Retry.STORE: "Looked at again when the store says something new.",
    Retry.PERSON: "Waits for a person.",
}
"""What brings a refund further, by the retry rule of what holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is held by the same thing, of one account."""

    account: str
    code: str
    where: str
    word: str
    said: words.Said
    example: str
    count: str
    checking: int
    oldest: words.Moment
    again: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One refund that is held."""

    order: str
    account: str
    url: str
    amount: words.Amount
    status: words.Status
    on: words.Moment
    said: words.Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsPage:
    """All that holds refunds, and the refunds that one cause holds."""

    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    chosen: str
    """In words, which of them are listed; empty for all."""
    may_retry: bool
    url: str
    older: str
    """Of the next page; empty on the last."""


@require_safe
@allowed(Action.SEE)
def page(request: Asked) -> HttpResponse:
    """Shows what holds refunds, most first, and the refunds that are held, the longest held first."""
    account, code, cursor = (request.GET.get(name, "").strip() for name in ("account", "code", "cursor"))
    where = request.GET.get("where", "").strip() if code else None
    try:
        listing = causes.listing(account=account, code=code, where=where, cursor=cursor, limit=ROWS)
    except CursorError:
        messages.warning(request, "That page of the list is not there any more. This is the first one.")
        cursor, listing = "", causes.listing(account=account, code=code, where=where, limit=ROWS)
    now, role = request.contrapost.now(), role_of(request)
    may_set = may(role, Action.SEE_SETTINGS)
    found = ErrorsPage(
        groups=tuple(_group(one, now, may_set=may_set, here=(account, code, where)) for one in causes.groups()),
        rows=tuple(_row(row, now, may_set=may_set) for row in listing.rows),
        chosen=", ".join(one for one in (words.plain(code), where, account) if one) if code else "",
        may_retry=may(role, Action.POST),
        url=_url(account, code, where or "", cursor),
        older=_url(account, code, where or "", listing.cursor) if listing.has_more else "",
    )
    return show(request, "errors.html", found, here=account)


@require_POST
@allowed(Action.POST)
def retry(request: Asked) -> HttpResponse:
    """Tries again all that one cause holds."""
    account, code, where = (request.POST.get(name, "").strip() for name in ("account", "code", "where"))
    if code:
        look_now(request, account, Again(code=code, where=where))
    else:
        messages.error(request, "Say which cause is to be tried again.")
    return go_back(request, reverse("errors"))


def _url(account: str, code: str, where: str, cursor: str = "") -> str:
    given = {"account": account, "code": code, "where": where, "cursor": cursor}
    wanted = urlencode({name: value for name, value in given.items() if value})
    return reverse("errors") + (f"?{wanted}" if wanted else "")


def _group(group: CauseGroup, now: datetime, *, may_set: bool, here: tuple[str, str, str | None]) -> Group:
    cause = group.cause
    return Group(
        account=group.account,
        code=cause.code,
        where=cause.where,
        word=words.plain(cause.code),
        said=words.said(group.finding, group.account, may_set=may_set),
        example=group.order_name if group.count > 1 else "",
        count=f"{group.count:,}",
        checking=group.checking,
        oldest=words.moment(group.oldest, now),
        again=AGAIN[rule_of(cause.code)],
        url=_url(group.account, cause.code, cause.where),
        here=(group.account, cause.code, cause.where) == here,
    )


def _row(row: TransactionSummary, now: datetime, *, may_set: bool) -> Row:
    told = next((finding for finding in row.findings if finding.severity == "error"), None)
    return Row(
        order=row.order_name or row.order_id,
        account=row.account,
        url=reverse("refund", args=[row.id]),
        amount=words.amount(row.amount),
        status=words.status(row),
        on=words.day(row.refunded_on, now.date()),
        said=words.said(told, row.account, may_set=may_set) if told else None,
    )
