"""Waiting: what refunds wait for, how many and since when; and another look at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contrapost.permissions import Action, may
from contrapost.records import waiting
from contrapost.records.cursors import CursorError
from contrapost.records.rows import Again
from contrapost.refunds.looks import waited_for
from contrapost.web import words
from contrapost.web.again import look_now
from contrapost.web.asking import allowed, go_back, role_of, show

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from contrapost.records.rows import TransactionSummary, WaitingGroup
    from contrapost.web.asking import Asked

ROWS = 50
_MOST_DIGITS = 18
"""What has more is the number of no row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What waits for the same, of one account."""

    account: str
    reason: str
    word: str
    count: str
    too_long: int
    oldest: words.Moment
    age: str
    following: words.Moment | None
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One refund that waits."""

    id: int
    order: str
    account: str
    url: str
    amount: words.Amount
    status: words.Status
    word: str
    message: str
    since: words.Moment
    age: str
    looks: int
    following: words.Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPage:
    """All that waits, and the refunds of one reason."""

    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    account: str
    reason: str
    chosen: str
    """In words, which of them are listed."""
    may_look: bool
    url: str
    older: str
    """Of the next page; empty on the last."""


@require_safe
@allowed(Action.SEE)
def page(request: Asked) -> HttpResponse:
    """Shows what is waited for, most first, and the refunds that wait, the longest waiting first."""
    account, reason, cursor = (request.GET.get(name, "").strip() for name in ("account", "reason", "cursor"))
    try:
        listing = waiting.listing(account=account, reason=reason, cursor=cursor, limit=ROWS)
    except CursorError:
        messages.warning(request, "That page of the list is not there any more. This is the first one.")
        cursor, listing = "", waiting.listing(account=account, reason=reason, limit=ROWS)
    now = request.contrapost.now()
    found = WaitingPage(
        groups=tuple(_group(one, now, account, reason) for one in waiting.groups()),
        rows=tuple(_row(row, now) for row in listing.rows),
        account=account,
        reason=reason,
        chosen=f"{words.plain(reason)}, {account}" if account and reason else "",
        may_look=may(role_of(request), Action.RETRIEVE),
        url=_url(account, reason, cursor),
        older=_url(account, reason, listing.cursor) if listing.has_more else "",
    )
    return show(request, "waiting.html", found, here=account)


@require_POST
@allowed(Action.RETRIEVE)
def look(request: Asked) -> HttpResponse:
    """Looks again at once: at one refund, or at all of an account that wait for the same."""
    account, reason, id_ = (request.POST.get(name, "").strip() for name in ("account", "reason", "id"))
    number = int(id_) if id_.isascii() and id_.isdecimal() and len(id_) <= _MOST_DIGITS else 0
    ids = frozenset({number}) if id_ else frozenset()
    look_now(request, account, Again(ids=ids, reason=reason))
    return go_back(request, reverse("waiting"))


def _url(account: str, reason: str, cursor: str = "") -> str:
    given = {"account": account, "reason": reason, "cursor": cursor}
    wanted = urlencode({name: value for name, value in given.items() if value})
    return reverse("waiting") + (f"?{wanted}" if wanted else "")


def _group(group: WaitingGroup, now: datetime, account: str, reason: str) -> Group:
    return Group(
        account=group.account,
        reason=group.reason,
        word=words.plain(group.reason),
        count=f"{group.count:,}",
        too_long=group.too_long,
        oldest=words.moment(group.oldest, now),
        age=waited_for(group.oldest, now),
        following=words.moment(group.next_look_at, now) if group.next_look_at else None,
        url=_url(group.account, group.reason),
        here=(group.account, group.reason) == (account, reason),
    )


def _row(row: TransactionSummary, now: datetime) -> Row:
    since = row.looks.since or now
    told = next((finding for finding in row.findings if finding.code == row.reason), None)
    return Row(
        id=row.id,
        order=row.order_name or row.order_id,
        account=row.account,
        url=reverse("refund", args=[row.id]),
        amount=words.amount(row.amount),
        status=words.status(row),
        word=words.plain(row.reason),
        message=told.message if told else "",
        since=words.moment(since, now),
        age=waited_for(since, now),
        looks=row.looks.count,
        following=words.moment(row.looks.next_at, now) if row.looks.next_at else None,
    )
