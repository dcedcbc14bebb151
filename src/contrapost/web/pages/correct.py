"""Correct: what would take back and book anew what changed after posting, and the forms that accept it or keep it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from contrapost import corrections
from contrapost.app import SetUpError
from contrapost.mapping.taking_back import Way
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.lists import Lists
from contrapost.permissions import Action
from contrapost.records import queries
from contrapost.records.errors import RecordsError
from contrapost.refunds.lifecycle import BOOKED, State
from contrapost.web import words
from contrapost.web.asking import allowed, go, show, who
from contrapost.web.pages.refused import no_such_refund
from contrapost.web.sheets import mapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from contrapost.correcting import Correction
    from contrapost.records.rows import TransactionRow
    from contrapost.refunds.changes import Change
    from contrapost.web.asking import Asked

_Came = TypeVar("_Came")
WAYS: Final = {
    Way.OFFSET: "By records that book the reverse; both stay in NetSuite",
    Way.DELETE: "By deleting what stands, where NetSuite and the role permit it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOffered:
    """One way to take back what stands."""

    word: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPage:
    """What a correction would do."""

    id: int
    order: str
    back: str
    list_url: str
    changes: tuple[Change, ...]
    ways: tuple[WayOffered, ...]
    way: str
    seen: str
    """Empty where it cannot be made."""
    findings: tuple[words.Said, ...]
    gone: tuple[str, ...]
    mapped: mapped.MapSheet
    records: tuple[()] = ()
    """None stands because of it yet."""


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.CORRECT)
@no_such_refund
def page(request: Asked, id_: int) -> HttpResponse:
    """Shows the correction in the way that is asked for; carries out the one that was seen."""
    given = request.POST if request.method == "POST" else request.GET
    way = Way(given["way"]) if given.get("way") in set(Way) else Way.OFFSET
    back = reverse("refund", args=[id_])
    if request.method == "POST":
        accepted = _accept(request, id_, way)
        return go(back if accepted else reverse("refund-correct", args=[id_]))
    made = _try(request, lambda: corrections.prepare(request.contrapost, id_, way=way))
    if made is None:
        return go(back)
    row = queries.get(id_)
    return show(request, "correct.html", _page(request, row, made), here=row.account)


@require_POST
@allowed(Action.CORRECT)
@no_such_refund
def keep(request: Asked, id_: int) -> HttpResponse:
    """Lets what stands stay as it is, with the reason."""

    def kept() -> TransactionRow:
        corrections.keep(request.contrapost, id_, reason=request.POST.get("reason", ""), by=who(request))
        return queries.get(id_)

    row = _try(request, kept)
    if row:
        messages.success(request, f"The refund of order {row.order_name} stays as it was posted.")
    return go(reverse("refund", args=[id_]))


@require_POST
@allowed(Action.CORRECT)
@no_such_refund
def drop(request: Asked, id_: int) -> HttpResponse:
    """Drops a correction that was accepted and of which nothing was sent."""

    def dropped() -> TransactionRow:
        corrections.drop(request.contrapost, id_, by=who(request))
        return queries.get(id_)

    row = _try(request, dropped)
    if row:
        messages.success(request, f"The correction of order {row.order_name} is dropped; nothing was sent.")
    return go(reverse("refund", args=[id_]))


def _accept(request: Asked, id_: int, way: Way) -> bool:
    given = request.POST
    seen, reason = given.get("seen", ""), given.get("reason", "")
    result = _try(
        request,
        lambda: corrections.accept(request.contrapost, id_, way=way, seen=seen, reason=reason, by=who(request)),
    )
    if result is None:
        return False
    row = result.transactions[0]
    for problem in result.problems:
        messages.error(request, f"{problem.finding.message} {problem.finding.fix}".strip())
    if row.status in BOOKED | {State.NOT_NEEDED}:
        messages.success(request, f"Corrected: NetSuite holds the refund of order {row.order_name} as it is now.")
    elif row.findings:
        messages.error(request, f"{row.findings[0].message} {row.findings[0].fix}".strip())
    return True


def _page(request: Asked, row: TransactionRow, made: Correction) -> CorrectPage:
    lists = request.contrapost.kept_lists(row.netsuite) or Lists()
    here = reverse("refund-correct", args=[row.id])
    return CorrectPage(
        id=row.id,
        order=row.order_name or row.order_id,
        back=reverse("refund", args=[row.id]),
        list_url=reverse("refunds", query={"account": row.account}),
        changes=row.changes,
        ways=tuple(WayOffered(word=word, url=f"{here}?way={one}", here=one is made.way) for one, word in WAYS.items()),
        way=made.way.value,
        seen=made.fingerprint if made.plan else "",
        findings=tuple(words.said(finding, row.account, may_set=False) for finding in made.findings),
        gone=tuple(f"{id_} is {why} already" for id_, why in sorted(made.gone.items())),
        mapped=mapped.sheet_of(replace(row, plan=made.plan), lists),
    )


def _try(request: Asked, deed: Callable[[], _Came]) -> _Came | None:
    """Does it; what is refused is said, and nothing comes of it."""
    try:
        return deed()
    except RecordsError as refused:
        messages.error(request, str(refused))
    except (SetUpError, NetSuiteError) as problem:
        findings = problem.findings if isinstance(problem, SetUpError) else (problem.finding,)
        for finding in findings:
            messages.error(request, f"{finding.message} {finding.fix}".strip())
    return None
