"""Back-fills of one account: asked for by orders, by a file or by days, and how far each has come."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from contrapost import flow
from contrapost.order_list import orders_in
from contrapost.permissions import Action, may
from contrapost.records import accounts, backfills
from contrapost.records.errors import RecordsError, RefusedError
from contrapost.web import words
from contrapost.web.asking import LIST, allowed, go, refuse, role_of, show, who
from contrapost.web.pages.refused import no_such_refund

if TYPE_CHECKING:
    from django.http import HttpResponse

    from contrapost.records.backfills import BackFillRow
    from contrapost.web.asking import Asked

_MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BackFill:
    """One back-fill as the page shows it."""

    id: int
    what: str
    by: str
    asked: words.Moment
    percent: int
    found: int
    state: str
    running: bool
    problems: tuple[words.Said, ...]
    more_problems: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackFillsPage:
    """All back-fills of an account."""

    name: str
    rows: tuple[BackFill, ...]
    running: bool
    problem: str
    orders: str
    since: str
    until: str
    may_ask: bool


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.SEE)
@no_such_refund
def page(request: Asked, name: str) -> HttpResponse:
    """Lists the back-fills of an account, and takes another one from those who may retrieve."""
    if request.method != "POST":
        return _show(request, name)
    if not may(role_of(request), Action.RETRIEVE):
        return refuse(request)
    try:
        row = flow.back_fill(request.contrapost, name, _wanted(request), by=who(request))
    except RefusedError as refused:
        return _show(request, name, problem=str(refused))
    messages.success(request, f"Back-fill {row.id} is asked for; a worker brings it part by part.")
    return go(reverse("back-fills", args=[name]))


@require_POST
@allowed(Action.RETRIEVE)
@no_such_refund
def stop(request: Asked, name: str, id_: int) -> HttpResponse:
    """Stops a back-fill; what it brought stays."""
    try:
        flow.stop_back_fill(request.contrapost, name, id_)
    except RecordsError as refused:
        messages.error(request, str(refused))
    return go(reverse("back-fills", args=[name]))


def _wanted(request: Asked) -> flow.Orders | flow.Span:
    names = [*request.POST.get("orders", "").split(), *_uploaded(request)]
    since, until = request.POST.get("since", "").strip(), request.POST.get("until", "").strip()
    if names and since:
        raise RefusedError("Give either orders or days, not both.")
    if not since:
        return flow.Orders(names=names)
    try:
        end = datetime.combine(date.fromisoformat(until), time(), tzinfo=UTC) + timedelta(days=1) if until else None
        return flow.Span(since=datetime.combine(date.fromisoformat(since), time(), tzinfo=UTC), until=end)
    except (ValueError, OverflowError):
        raise RefusedError("A day is written as 2026-11-01.") from None


def _uploaded(request: Asked) -> list[str]:
    """Gives the first column of the file that was chosen, without its heading."""
    chosen = request.FILES.get("file")
    if chosen is None:
        return []
    try:
        lines = chosen.read(_MOST_BYTES).decode("utf-8-sig").splitlines()
        return orders_in(lines)
    except (UnicodeDecodeError, csv.Error):
        raise RefusedError(f"{chosen.name} is no text in UTF-8 with one order a line.") from None


def _show(request: Asked, name: str, *, problem: str = "") -> HttpResponse:
    rows = backfills.listing(accounts.get(name).name)
    shown = BackFillsPage(
        name=name,
        rows=tuple(_back_fill(row, request.contrapost.now()) for row in rows),
        running=any(row.running for row in rows),
        problem=problem,
        orders=request.POST.get("orders", ""),
        since=request.POST.get("since", ""),
        until=request.POST.get("until", ""),
        may_ask=may(role_of(request), Action.RETRIEVE),
    )
    parts = {LIST: "_partials/back_fill_list.html"}
    return show(request, "back_fills.html", shown, here=name, parts=parts, status=422 if problem else 200)


def _back_fill(row: BackFillRow, now: datetime) -> BackFill:
    span = f"orders changed {row.since:%Y-%m-%d} to {row.until:%Y-%m-%d}" if row.since and row.until else ""
    return BackFill(
        id=row.id,
        what=span or f"{row.done:,} of {row.total:,} orders",
        by=row.asked_by,
        asked=words.moment(row.asked_at, now),
        percent=row.percent,
        found=row.found,
        state=row.state,
        running=row.running,
        problems=tuple(
            words.Said(
                severity=one.finding.severity.value,
                message=f"{one.order}: {one.finding.message}" if one.order else one.finding.message,
                fix=one.finding.fix,
            )
            for one in row.problems
        ),
        more_problems=row.problem_count - len(row.problems),
    )
