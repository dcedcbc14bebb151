"""One refund: what the store says, what NetSuite would hold, why, and what happened so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contrapost import flow
from contrapost.app import SetUpError
from contrapost.netsuite.lists import Lists
from contrapost.permissions import Action, may
from contrapost.records import accounts, queries
from contrapost.records.errors import RecordsError
from contrapost.refunds.lifecycle import BOOKED, State
from contrapost.web import words
from contrapost.web.asking import allowed, go, go_back, role_of, show, who
from contrapost.web.deeds import Deeds, deeds_on
from contrapost.web.pages.refused import no_such_refund
from contrapost.web.sheets import after, mapped, match, store, waits
from contrapost.web.sheets.steps import Step, steps_of
from contrapost.web.sheets.verdict import Verdict, verdict_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from contrapost.flow import Result
    from contrapost.records.rows import TransactionRow
    from contrapost.refunds.changes import Change
    from contrapost.web.asking import Asked

_Came = TypeVar("_Came")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPage:
    """All that is known of one refund, under the six headings of the flow."""

    id: int
    order: str
    account: str
    amount: words.Amount
    status: words.Status
    deeds: Deeds
    may_drop: bool
    """A correction was accepted, and nothing of it was sent."""
    beyond: words.Amount | None
    """What may be accepted above what the bill still holds, by those who may."""
    seen: str
    """The fingerprint of the plan on this page; sent with a post."""
    steps: tuple[Step, ...]
    verdict: Verdict
    waits: waits.WaitsSheet | None
    """How often it was looked at, where it waits or is tried again by itself."""
    may_look: bool
    findings: tuple[words.Said, ...]
    """Those that the verdict does not say already."""
    changes: tuple[Change, ...]
    """What changed after posting, to be compared."""
    amounts: mapped.AmountsSheet | None
    store: store.StoreSheet
    match: match.MatchSheet
    mapped: mapped.MapSheet
    attempts: tuple[after.Attempt, ...]
    history: tuple[after.Entry, ...]
    records: tuple[words.Record, ...]
    raw_url: str
    """Empty for those who may not see it."""
    list_url: str
    reconciled: str


@require_safe
@allowed(Action.SEE)
@no_such_refund
def page(request: Asked, id_: int) -> HttpResponse:
    """Shows a refund as it was last matched and mapped; asks nobody."""
    return show(request, "refund.html", _page(request, queries.get(id_)), here=queries.get(id_).account)


@require_POST
@allowed(Action.SEE)
@no_such_refund
def preview(request: Asked, id_: int) -> HttpResponse:
    """Matches and maps the refund against NetSuite as it stands now, and shows it."""
    result = _try(request, lambda: flow.preview(request.contrapost, id_, by=who(request)))
    if result:
        _say_problems(request, result)
    return go(reverse("refund", args=[id_]))


@require_POST
@allowed(Action.POST)
@no_such_refund
def post(request: Asked, id_: int) -> HttpResponse:
    """Posts the refund to NetSuite, once, if it would become what the person saw."""
    row, here = queries.get(id_), reverse("refund", args=[id_])
    seen = request.POST.get("seen", "")
    if row.status in BOOKED:
        messages.info(request, _stands_already(row))
        return go_back(request, here)
    wanted = {id_: seen} if seen else None
    result = _try(request, lambda: flow.post(request.contrapost, [id_], by=who(request), seen=wanted))
    if result is None:
        return go_back(request, here)
    if _say_problems(request, result):
        stale = any(problem.finding.code == "changed_since_seen" for problem in result.problems)
        return go(here) if stale else go_back(request, here)
    _say_posted(request, result.transactions[0], already=id_ in result.stood)
    return go_back(request, here)


@require_POST
@allowed(Action.CANCEL)
@no_such_refund
def cancel(request: Asked, id_: int) -> HttpResponse:
    """Cancels the refund: it is kept and never acted on."""
    row = queries.get(id_)

    def canceled() -> TransactionRow:
        flow.cancel(request.contrapost, id_, by=who(request))
        return row

    if _try(request, canceled):
        said = f"The refund of order {row.order_name} is canceled: it is kept and never acted on."
        messages.success(request, f"{said} Restore undoes it.")
    return go_back(request, reverse("refund", args=[id_]))


@require_POST
@allowed(Action.ACCEPT)
@no_such_refund
def accept(request: Asked, id_: int) -> HttpResponse:
    """Accepts that the refund gives more than its bill still holds, with the reason."""
    reason = request.POST.get("reason", "")
    result = _try(request, lambda: flow.accept(request.contrapost, id_, reason=reason, by=who(request)))
    if result and not _say_problems(request, result):
        messages.success(
            request, f"Accepted. This is what the refund of order {result.transactions[0].order_name} is now."
        )
    return go(reverse("refund", args=[id_]))


@require_POST
@allowed(Action.CANCEL)
@no_such_refund
def restore(request: Asked, id_: int) -> HttpResponse:
    """Brings a canceled refund back, and matches and maps it."""
    result = _try(request, lambda: flow.restore(request.contrapost, id_, by=who(request)))
    if result:
        messages.success(request, f"The refund of order {result.transactions[0].order_name} is restored.")
        _say_problems(request, result)
    return go_back(request, reverse("refund", args=[id_]))


def _page(request: Asked, row: TransactionRow) -> RefundPage:
    now = request.contrapost.now()
    books = accounts.netsuite(row.netsuite).settings
    lists = request.contrapost.kept_lists(row.netsuite) or Lists()
    may_set = may(role_of(request), Action.SEE_SETTINGS)
    may_raw = may(role_of(request), Action.SEE_RAW)
    verdict = verdict_on(row, lists, may_set=may_set)
    findings = [finding for finding in row.findings if finding.message != verdict.lead]
    return RefundPage(
        id=row.id,
        order=row.order_name or row.order_id,
        account=row.account,
        amount=words.amount(row.amount),
        status=words.status(row),
        deeds=deeds_on(row, role_of(request)),
        may_drop=may(role_of(request), Action.CORRECT) and row.correcting and not row.frozen,
        beyond=_beyond(row) if may(role_of(request), Action.ACCEPT) else None,
        seen=row.fingerprint,
        steps=steps_of(row, now),
        verdict=verdict,
        waits=waits.sheet_of(row, now),
        may_look=may(role_of(request), Action.RETRIEVE),
        findings=tuple(words.said(finding, row.account, may_set=may_set) for finding in findings),
        changes=row.changes,
        amounts=mapped.amounts_of(row),
        store=store.sheet_of(row, now),
        match=match.sheet_of(row, books, now),
        mapped=mapped.sheet_of(row, lists),
        attempts=tuple(after.attempt(one, now, with_raw=may_raw) for one in queries.attempts(row.id)),
        history=tuple(after.entry(one, now) for one in queries.history(row.id)),
        records=tuple(words.record(link, books) for link in row.links),
        raw_url=reverse("refund-raw", args=[row.id]) if may_raw else "",
        list_url=reverse("refunds", query={"account": row.account}),
        reconciled=after.reconciled(row),
    )


def _beyond(row: TransactionRow) -> words.Amount | None:
    held = row.status is State.NEEDS_ATTENTION and not row.frozen and row.plan and row.plan.beyond
    return words.amount(held) if held else None


def _try(request: Asked, deed: Callable[[], _Came]) -> _Came | None:
    """Does it; what is refused is said, and nothing comes of it."""
    try:
        return deed()
    except RecordsError as refused:
        messages.error(request, str(refused))
    except SetUpError as problem:
        for finding in problem.findings:
            messages.error(request, f"{finding.message} {finding.fix}".strip())
    return None


def _say_problems(request: Asked, result: Result) -> bool:
    for problem in result.problems:
        finding = problem.finding
        stale = finding.code == "changed_since_seen"
        said = f"{finding.message} {'' if stale else finding.fix}".strip()
        text = f"{said} Nothing was sent. This is the new preview." if stale else said
        (messages.warning if stale else messages.error)(request, text)
    return bool(result.problems)


def _say_posted(request: Asked, row: TransactionRow, *, already: bool) -> None:
    if row.status not in BOOKED:
        told = row.findings[0] if row.findings else None
        messages.error(request, f"{told.message} {told.fix}".strip() if told else "It is not posted yet.")
    elif already:
        messages.info(request, _stands_already(row))
    else:
        messages.success(request, f"Posted: {_records(row)} in NetSuite, read back equal to the plan.")


def _stands_already(row: TransactionRow) -> str:
    return f"This refund was posted already: {_records(row)} in NetSuite. Nothing more was written."


def _records(row: TransactionRow) -> str:
    named = " and ".join(f"{words.record_word(link.record)} {link.tranid or link.netsuite_id}" for link in row.standing)
    return f"{named} {'stand' if len(row.standing) > 1 else 'stands'}"
