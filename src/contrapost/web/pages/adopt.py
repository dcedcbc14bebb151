"""Adopt: the records made by hand that may stand for a refund, and the form that links them or says it is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from contrapost import flow
from contrapost.app import SetUpError
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.links import record_url
from contrapost.permissions import Action
from contrapost.records import accounts, queries
from contrapost.records.errors import RecordsError
from contrapost.web import words
from contrapost.web.asking import allowed, go, show, who
from contrapost.web.pages.refused import no_such_refund

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.http import HttpResponse

    from contrapost.mapping.fit import Candidate
    from contrapost.web.asking import Asked

FITS: Final = {
    "whole": ("Amount and items agree", "done"),
    "amount": ("The amount agrees, the items do not", "wait"),
    "items": ("The items agree, the amount does not", "wait"),
    "little": ("Neither amount nor items agree", "error"),
}
"""How well a candidate fits, in words and in the colour of a state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One candidate."""

    word: str
    tone: str
    total: words.Amount
    records: tuple[words.Record, ...]
    on: tuple[words.Moment, ...]
    names: tuple[str, ...]
    seen: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptPage:
    """What may be linked to one refund."""

    id: int
    order: str
    amount: words.Amount
    holds: words.Holds
    back: str
    list_url: str
    offered: tuple[Offered, ...]
    nothing: str
    """Why there is nothing to link; empty where there is something."""


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.ADOPT)
@no_such_refund
def page(request: Asked, id_: int) -> HttpResponse:
    """Shows the candidates; links the one that was chosen."""
    row, back = queries.get(id_), reverse("refund", args=[id_])
    try:
        if request.method == "POST":
            given = request.POST
            flow.adopt(
                request.contrapost,
                id_,
                given.get("records", "").split(),
                by=who(request),
                seen=given.get("seen", ""),
                reason=given.get("reason", ""),
            )
            messages.success(request, f"The refund of order {row.order_name} is posted: linked, nothing was sent.")
            return go(back)
        found = flow.adoptable(request.contrapost, id_)
    except RecordsError as refused:
        messages.error(request, str(refused))
        return go(reverse("refund-adopt", args=[id_]) if request.method == "POST" else back)
    except (SetUpError, NetSuiteError) as problem:
        findings = problem.findings if isinstance(problem, SetUpError) else (problem.finding,)
        for finding in findings:
            messages.error(request, f"{finding.message} {finding.fix}".strip())
        return go(back)
    books, today = accounts.netsuite(row.netsuite).settings, request.contrapost.now().date()
    shown = AdoptPage(
        id=id_,
        order=row.order_name or row.order_id,
        amount=words.amount(row.amount),
        holds=words.holds(row.document),
        back=back,
        list_url=reverse("refunds", query={"account": row.account}),
        offered=tuple(_offered(one, books, today) for one in found.candidates),
        nothing=f"{found.finding.message} {found.finding.fix}" if found.finding else "",
    )
    return show(request, "adopt.html", shown, here=row.account)


@require_POST
@allowed(Action.ADOPT)
@no_such_refund
def elsewhere(request: Asked, id_: int) -> HttpResponse:
    """Says that the refund is booked without a record of its own."""
    row = queries.get(id_)
    try:
        flow.book_elsewhere(request.contrapost, id_, reason=request.POST.get("reason", ""), by=who(request))
        messages.success(request, f"The refund of order {row.order_name} is booked elsewhere; nothing is done to it.")
    except RecordsError as refused:
        messages.error(request, str(refused))
    return go(reverse("refund", args=[id_]))


@require_POST
@allowed(Action.ADOPT)
@no_such_refund
def release(request: Asked, id_: int) -> HttpResponse:
    """Takes back that records were linked by hand, or that the refund is booked elsewhere."""
    row = queries.get(id_)
    try:
        result = flow.release(request.contrapost, id_, by=who(request))
        messages.success(request, f"Taken back. The refund of order {row.order_name} was looked at anew.")
        for problem in result.problems:
            messages.error(request, f"{problem.finding.message} {problem.finding.fix}".strip())
    except RecordsError as refused:
        messages.error(request, str(refused))
    except SetUpError as problem:
        for finding in problem.findings:
            messages.error(request, f"{finding.message} {finding.fix}".strip())
    return go(reverse("refund", args=[id_]))


def _offered(candidate: Candidate, books: Mapping[str, str], today: date) -> Offered:
    word, tone = FITS[candidate.fit]
    records = tuple(
        words.Record(
            label=words.record_word(one.record.value).capitalize(),
            number=one.standing.tranid or one.id,
            url=record_url(books, one.record.value, one.id),
        )
        for one in candidate.records
    )
    return Offered(
        word=word,
        tone=tone,
        total=words.amount(candidate.total),
        records=records,
        on=tuple(words.day(one.standing.day, today) for one in candidate.records if one.standing.day),
        names=tuple(one.name for one in candidate.records),
        seen=candidate.fingerprint,
        says=candidate.says,
    )
