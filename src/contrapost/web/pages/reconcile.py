"""Reconcile: the store's refunds against NetSuite's records, compared, kept, and given as a file."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contrapost import flow
from contrapost.app import SetUpError
from contrapost.door import comparisons_of
from contrapost.permissions import Action, may
from contrapost.reconcile import kept
from contrapost.reconcile.compare import Kind
from contrapost.reconcile.report import KIND_WORDS, table
from contrapost.reconcile.run import days
from contrapost.records import accounts, reconciliations
from contrapost.records.errors import RecordsError
from contrapost.shapes import reconciliation_shape
from contrapost.stores.contract import StoreError
from contrapost.web import words
from contrapost.web.asking import allowed, go, refuse, role_of, show, who
from contrapost.web.pages.refused import no_such_refund

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contrapost.reconcile.compare import Document, Line
    from contrapost.reconcile.report import Group, Sum
    from contrapost.records.reconciliations import ReconciliationRow
    from contrapost.web.asking import Asked

WAIT_SECONDS: Final = 20
"""So long a page waits for a comparison; then it shows how far it has come."""
SHOWN: Final = 200
"""So many lines stand on the page; the file has all."""
TONES: Final = {
    Kind.MATCHED: "done",
    Kind.ONLY_IN_STORE: "wait",
    Kind.ONLY_IN_NETSUITE: "check",
    Kind.DIFFERENT: "error",
}
"""The one visual language for kinds; the word always stands beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One comparison in the list."""

    url: str
    account: str
    span: str
    at: words.Moment
    by: str
    status: words.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcilePage:
    """The form, and the comparisons there are."""

    accounts: tuple[str, ...]
    account: str
    since: str
    until: str
    offline: bool
    problem: str
    past: tuple[Past, ...]
    may_compare: bool
    may_set: bool
    daily: int
    most_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What some lines add up to."""

    word: str
    tone: str
    lines: str
    store: str
    explained: str
    netsuite: str
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """One day in one currency."""

    on: words.Moment
    currency: str
    whole: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyFigures:
    """All days of one currency, by kind and together."""

    currency: str
    kinds: tuple[Figures, ...]
    whole: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """One refund compared."""

    on: words.Moment
    order: str
    refund: str
    url: str
    """Of the refund here; empty where it is not here."""
    status: words.Status
    difference: words.Amount
    records: tuple[words.Record, ...]
    said: tuple[words.Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPage:
    """What one comparison came to."""

    past: Past
    offline: bool
    going_on: bool
    failed: bool
    compared: str
    open: str
    findings: tuple[words.Said, ...]
    currencies: tuple[CurrencyFigures, ...]
    days: tuple[DayFigures, ...]
    lines: tuple[ComparedLine, ...]
    has_more: bool
    to_retrieve: bool
    table_url: str
    json_url: str
    retrieve_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.SEE)
def page(request: Asked) -> HttpResponse:
    """Lists the comparisons, and makes one more."""
    if request.method != "POST":
        return _show(request, request.GET)
    if not may(role_of(request), Action.RECONCILE):
        return refuse(request)
    given = request.POST
    try:
        span = days(_day(given.get("since", "")), _until(given), request.contrapost.now())
        offline = given.get("offline") == "yes"
        started = comparisons_of(request).start(
            given.get("account", ""), span, by=who(request), offline=offline, wait_seconds=WAIT_SECONDS
        )
    except ValueError as wrong:
        return _show(request, given, problem=str(wrong))
    except RecordsError as wrong:
        return _show(request, given, problem=str(wrong))
    return go(reverse("reconciliation", args=[started]))


@require_POST
@allowed(Action.CHANGE_SETTINGS)
def daily(request: Asked) -> HttpResponse:
    """Sets how many days back an account is compared every day."""
    account, given = request.POST.get("account", ""), request.POST.get("daily", "").strip()
    try:
        reconciliations.set_daily(account, int(given))
    except ValueError:
        messages.error(request, f"“{given}” is no number of days.")
    except RecordsError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"{account} is compared every day, {given} days back." if int(given) else
                         f"{account} is not compared by itself any more.")  # fmt: skip
    return go(reverse("reconcile", query={"account": account}))


@require_safe
@allowed(Action.SEE)
@no_such_refund
def one(request: Asked, id_: int) -> HttpResponse:
    """Shows what a comparison came to: its sums, and what leaves something to be done."""
    row = reconciliations.get(id_)
    lines = kept.lines_of(id_, kept.OPEN_KINDS)
    books = accounts.netsuite(accounts.get(row.account).netsuite).settings
    now = request.contrapost.now()
    totals = kept.totals_of(row)
    may_set = may(role_of(request), Action.SEE_SETTINGS)
    shown = ComparedPage(
        past=_past(row, request),
        offline=row.offline,
        going_on=reconciliations.is_going_on(row, now),
        failed=row.failed,
        compared=f"{row.compared:,}",
        open=f"{row.open:,}" if row.open else "",
        findings=tuple(words.said(finding, row.account, may_set=may_set) for finding in row.findings),
        currencies=tuple(_currency(currency, group) for currency, group in totals.by_currency().items()),
        days=tuple(_of_day(group, now.date()) for group in totals.groups),
        lines=tuple(_line(line, row, books, now.date()) for line in islice(lines, SHOWN)),
        has_more=next(lines, None) is not None,
        to_retrieve=may(role_of(request), Action.RETRIEVE) and next(kept.to_retrieve(id_), None) is not None,
        table_url=reverse("reconciliation-table", args=[id_]),
        json_url=reverse("reconciliation-json", args=[id_]),
        retrieve_url=reverse("reconciliation-retrieve", args=[id_]),
    )
    return show(request, "reconciliation.html", shown, here=row.account)


@require_POST
@allowed(Action.RETRIEVE)
@no_such_refund
def retrieve(request: Asked, id_: int) -> HttpResponse:
    """Retrieves what a comparison found at the store and that is missing here, or says something else now."""
    try:
        result = flow.retrieve_missing(request.contrapost, id_, by=who(request))
    except (StoreError, SetUpError) as problem:
        messages.error(request, str(problem))
    else:
        count = len(result.transactions)
        came = "1 refund" if count == 1 else f"{count:,} refunds"
        messages.success(request, f"Retrieved {came}. Compare again to see what is left.")
    return go(reverse("reconciliation", args=[id_]))


@require_safe
@allowed(Action.SEE)
@no_such_refund
def as_table(request: Asked, id_: int) -> HttpResponse:
    """Gives every line as a file of comma-separated values."""
    del request
    row = reconciliations.get(id_)
    rows = csv.writer(_Echo())
    written = (rows.writerow(line) for line in table(kept.lines_of(id_)))
    return _file(written, row, "csv", "text/csv; charset=utf-8")


@require_safe
@allowed(Action.SEE)
@no_such_refund
def as_json(request: Asked, id_: int) -> HttpResponse:
    """Gives the sums, and every line that did not match, as JSON."""
    del request
    row = reconciliations.get(id_)
    shape = reconciliation_shape(row, kept.totals_of(row), kept.lines_of(id_, kept.OPEN_KINDS))
    return _file(iter([json.dumps(shape, indent=2, ensure_ascii=False)]), row, "json", "application/json")


class _Echo:
    """Gives back what is written to it, so that a file is sent line by line and never held whole."""

    def write(self, line: str) -> str:
        """Gives the line back."""
        return line


def _file(parts: Iterator[str], row: ReconciliationRow, kind: str, media: str) -> HttpResponse:
    answer = StreamingHttpResponse(parts, content_type=media)
    name = f"{row.account}-{row.since}-{row.until}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast("HttpResponse", answer)  # Django keeps the two apart, and takes either


def _show(request: Asked, given: Mapping[str, str], *, problem: str = "") -> HttpResponse:
    names = tuple(row.name for row in accounts.listing())
    account = given.get("account", "") or (names[0] if names else "")
    now = request.contrapost.now()
    shown = ReconcilePage(
        accounts=names,
        account=account,
        since=given.get("since", "") or (now.date().replace(day=1) - timedelta(days=1)).replace(day=1).isoformat(),
        until=given.get("until", ""),
        offline=given.get("offline") == "yes",
        problem=problem,
        past=tuple(_past(row, request) for row in reconciliations.listing(given.get("account", ""))),
        may_compare=may(role_of(request), Action.RECONCILE),
        may_set=may(role_of(request), Action.CHANGE_SETTINGS),
        daily=reconciliations.daily(account),
        most_days=reconciliations.MOST_DAYS,
    )
    return show(request, "reconcile.html", shown, here=given.get("account", ""), status=422 if problem else 200)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"“{text}” is no day. Write it as 2026-11-23.") from None


def _until(given: Mapping[str, str]) -> date | None:
    text = given.get("until", "").strip()
    return _day(text) if text else None


def _past(row: ReconciliationRow, request: Asked) -> Past:
    now = request.contrapost.now()
    return Past(
        url=reverse("reconciliation", args=[row.id]),
        account=row.account,
        span=f"{row.since} to {row.until}",
        at=words.moment(row.began_at, now),
        by=row.by,
        status=_status(row, going_on=reconciliations.is_going_on(row, now)),
    )


def _status(row: ReconciliationRow, *, going_on: bool) -> words.Status:
    if going_on:
        return words.Status(word="Comparing", tone="check", reason=f"{row.compared:,} so far")
    if row.failed or row.ended_at is None:
        return words.Status(word="Not finished", tone="error", reason="")
    if row.open:
        return words.Status(word=f"{row.open:,} open", tone="wait", reason="")
    return words.Status(word="All matched", tone="done", reason="")


def _currency(currency: str, group: Group) -> CurrencyFigures:
    return CurrencyFigures(
        currency=currency,
        kinds=tuple(_figures(KIND_WORDS[kind], TONES[kind], group.kinds[kind]) for kind in Kind if kind in group.kinds),
        whole=_figures("All", "", group.whole),
    )


def _of_day(group: Group, today: date) -> DayFigures:
    return DayFigures(on=words.day(group.day, today), currency=group.currency, whole=_figures("", "", group.whole))


def _figures(word: str, tone: str, of: Sum) -> Figures:
    return Figures(
        word=word,
        tone=tone,
        lines=f"{of.lines:,}",
        store=words.figures(of.store),
        explained=words.figures(of.explained),
        netsuite=words.figures(of.netsuite),
        difference=words.figures(of.difference),
    )


def _line(line: Line, row: ReconciliationRow, books: Mapping[str, str], today: date) -> ComparedLine:
    return ComparedLine(
        on=words.day(line.day, today),
        order=line.order,
        refund=line.refund,
        url=reverse("refund", args=[line.transaction]) if line.transaction else "",
        status=words.Status(word=KIND_WORDS[line.kind], tone=TONES[line.kind], reason=""),
        difference=words.amount(line.difference),
        records=tuple(_records(line.documents, books)),
        said=tuple(words.said(finding, row.account, may_set=False) for finding in line.why),
    )


def _records(documents: Iterable[Document], books: Mapping[str, str]) -> Iterator[words.Record]:
    for document in documents:
        yield words.record_at(document.record, document.tranid or document.id, document.id, books)
