"""Other Transactions: the list of refunds and returns, with its filters and the actions on each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from contrapost.permissions import Action, Role, may
from contrapost.records import accounts, queries
from contrapost.records.cursors import CursorError
from contrapost.records.rows import Filters
from contrapost.refunds.lifecycle import State
from contrapost.web import words
from contrapost.web.asking import LIST, allowed, role_of, show
from contrapost.web.deeds import Deeds, deeds_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from contrapost.records.rows import TransactionSummary
    from contrapost.refunds.document import Refund
    from contrapost.web.asking import Asked

COUNTED_TO = 10_000
"""Counts above each tab stop here."""
ROWS = 50
_FIRST_YEAR, _LAST_YEAR = 1990, 2199

TYPES: Final = (("refunds", "Refunds And Returns"),)
"""The transaction types there are."""

CHANGED: Final = "changed"
"""The filter for what changed after posting: not a status of its own."""

GROUPS: Final[dict[str, tuple[str, frozenset[State]]]] = {
    "": ("All", frozenset()),
    "needs_attention": ("Error", frozenset({State.NEEDS_ATTENTION})),
    "waiting": ("Waiting", frozenset({State.WAITING, State.IMPORTED})),
    "ready": ("Ready", frozenset({State.READY})),
    "posting": ("Posting", frozenset({State.POSTING, State.OUTCOME_UNKNOWN})),
    "posted": ("Posted", frozenset({State.POSTED, State.RECONCILED})),
    "not_needed": ("Not needed", frozenset({State.NOT_NEEDED})),
    "canceled": ("Canceled", frozenset({State.CANCELED})),
    CHANGED: ("Changed after posting", frozenset()),
}
"""The statuses a person filters by, by their name in the address: the word, and the states behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filters as they were typed, kept even where they cannot be used."""

    account: str = ""
    status: str = ""
    order: str = ""
    since: str = ""
    until: str = ""

    def url(self, **other: str) -> str:
        """Gives the address of the list with these filters, some of them another."""
        given = {name: getattr(self, name) for name in self.__dataclass_fields__} | other
        wanted = urlencode({name: value for name, value in given.items() if value})
        return reverse("refunds") + (f"?{wanted}" if wanted else "")

    @property
    def narrowed(self) -> bool:
        """Says whether something is asked for beside the account."""
        return bool(self.status or self.order or self.since or self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One status with the number of refunds in it."""

    word: str
    count: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One refund in the list."""

    id: int
    order: str
    refund: str
    account: str
    url: str
    on: words.Moment
    holds: words.Holds
    amount: words.Amount
    status: words.Status
    said: words.Said | None
    """What is wrong, or waited for; shown on hover and on keyboard focus."""
    records: tuple[words.Record, ...]
    deeds: Deeds


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundsPage:
    """The list."""

    asked: Wanted
    accounts: tuple[str, ...]
    types: tuple[tuple[str, str], ...]
    tabs: tuple[Tab, ...]
    rows: tuple[Row, ...]
    shows_account: bool
    may_retrieve: bool
    check_url: str
    """Where what was posted is looked at again; empty where no account is chosen, or for those who may not."""
    url: str
    """Of this page of the list, with its filters."""
    first: str
    """Of the list's first page; empty on that page."""
    older: str
    """Of the next page; empty on the last."""


@require_safe
@allowed(Action.SEE)
def home(request: Asked) -> HttpResponse:
    """Leads to the list."""
    del request
    return redirect("refunds")


@require_safe
@allowed(Action.SEE)
def page(request: Asked) -> HttpResponse:
    """Shows one page of the list, newest refund first."""
    asked = _asked(request.GET)
    filters = _filters(request, asked)
    cursor = request.GET.get("cursor", "")
    try:
        listing = queries.listing(filters, cursor=cursor, limit=ROWS)
    except CursorError:
        messages.warning(request, "That page of the list is not there any more. This is the first one.")
        cursor, listing = "", queries.listing(filters, limit=ROWS)
    names = tuple(row.name for row in accounts.listing())
    found = RefundsPage(
        asked=asked,
        accounts=names,
        types=TYPES,
        tabs=_tabs(asked, filters),
        rows=_rows(listing.rows, role_of(request), request.contrapost.now()),
        shows_account=len(names) > 1 and not asked.account,
        may_retrieve=may(role_of(request), Action.RETRIEVE),
        check_url=reverse("check-posted", args=[asked.account]) if _may_check(request, asked, names) else "",
        url=asked.url(cursor=cursor),
        first=asked.url() if cursor else "",
        older=asked.url(cursor=listing.cursor) if listing.has_more else "",
    )
    return show(request, "refunds.html", found, here=asked.account, parts={LIST: "_partials/refund_list.html"})


def _may_check(request: HttpRequest, asked: Wanted, names: tuple[str, ...]) -> bool:
    return may(role_of(request), Action.RETRIEVE) and asked.account in names


def _asked(given: Mapping[str, str]) -> Wanted:
    return Wanted(**{name: given.get(name, "").strip() for name in Wanted.__dataclass_fields__})


def _filters(request: HttpRequest, asked: Wanted) -> Filters:
    """Reads the filters; one that cannot be used is left out, and said."""
    if asked.status not in GROUPS:
        messages.warning(request, f"There is no status “{asked.status}”. All are shown.")
    return Filters(
        account=asked.account,
        statuses=GROUPS.get(asked.status, GROUPS[""])[1],
        order=asked.order,
        first_day=_day(request, asked.since),
        last_day=_day(request, asked.until),
        changed=asked.status == CHANGED,
    )


def _day(request: HttpRequest, text: str) -> date | None:
    if not text:
        return None
    try:
        on = date.fromisoformat(text)
    except ValueError:
        on = None
    if on is None or not _FIRST_YEAR <= on.year <= _LAST_YEAR:
        messages.warning(request, f"“{text}” is no day of a refund. Write it as 2026-11-23.")
        return None
    return on


def _tabs(asked: Wanted, filters: Filters) -> tuple[Tab, ...]:
    tabs = []
    filters = replace(filters, statuses=frozenset(), changed=False)
    found = queries.counts(filters, cap=COUNTED_TO)
    for name, (word, states) in GROUPS.items():
        counted = sum(found[state] for state in states or State)
        if name == CHANGED:
            counted = queries.count(replace(filters, changed=True), cap=COUNTED_TO)
        tab = Tab(
            word=word,
            count=words.capped(counted, COUNTED_TO),
            url=asked.url(status=name),
            here=name == asked.status,
        )
        if counted or tab.here or not name:
            tabs.append(tab)
    return tuple(tabs)


def _rows(rows: tuple[TransactionSummary, ...], role: Role, now: datetime) -> tuple[Row, ...]:
    documents = queries.documents([row.id for row in rows])
    books = {netsuite.name: netsuite.settings for netsuite in accounts.netsuites()}
    return tuple(_row(row, documents.get(row.id), books[row.netsuite], role, now) for row in rows)


def _row(row: TransactionSummary, document: Refund | None, books: Mapping[str, str], role: Role, now: datetime) -> Row:
    told = next((finding for finding in row.findings), None)
    return Row(
        id=row.id,
        order=row.order_name or row.order_id,
        refund=row.store_refund_id,
        account=row.account,
        url=reverse("refund", args=[row.id]),
        on=words.day(row.refunded_on, now.date()),
        holds=words.holds(document),
        amount=words.amount(row.amount),
        status=words.status(row),
        said=words.said(told, row.account, may_set=may(role, Action.SEE_SETTINGS)) if told else None,
        records=tuple(words.record(link, books) for link in row.links),
        deeds=deeds_on(row, role),
    )
