"""Version 1 of the API: what is asked of rows and flow, route by route."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from contrapost import corrections, flow
from contrapost.api import answers, asked
from contrapost.api.entry import by, entry, who
from contrapost.api.problems import WrongFieldsError, found_wrong, problem
from contrapost.api.said import ACTS as _ACTS
from contrapost.api.said import ASKS as _ASKS
from contrapost.api.said import IN_ALL as _IN_ALL
from contrapost.api.said import OF_ONE as _OF_ONE
from contrapost.api.said import answer as _answer
from contrapost.batch import changed_since_seen
from contrapost.door import app_of, comparisons_of, links, posts_of
from contrapost.mapping.taking_back import Way
from contrapost.netsuite.lists import Lists
from contrapost.permissions import Action, may
from contrapost.profiles import moving
from contrapost.reconcile import kept
from contrapost.reconcile.run import days
from contrapost.records import accounts, queries, reconciliations
from contrapost.records.errors import NotFoundError
from contrapost.records.rows import Filters
from contrapost.refunds.finding import Severity
from contrapost.refunds.lifecycle import BOOKED
from contrapost.shapes import (
    account_shape,
    adoptable_shape,
    checked_shape,
    compared_shape,
    correction_shape,
    preview_shape,
    problem_shape,
    profile_shape,
    reconciliation_shape,
    refund_shape,
    show_shape,
)

if TYPE_CHECKING:
    from ninja import Schema

    from contrapost.refunds.finding import Finding

router = Router()

UPSTREAM = "netsuite_"
"""How the codes begin of findings that say that NetSuite could not be asked."""
IN_USE = "netsuite_in_use"


@router.get("/accounts", auth=entry(Action.SEE), response={200: answers.Accounts, **_IN_ALL})
def list_accounts(request: HttpRequest) -> HttpResponse:
    """List the store accounts."""
    with_settings = may(who(request).role, Action.SEE_SETTINGS)
    return _answer({"accounts": [account_shape(row, settings=with_settings) for row in accounts.listing()]})


@router.post("/accounts/{account}/retrieve", auth=entry(Action.RETRIEVE), response={200: answers.Done, **_ASKS})
def retrieve(request: HttpRequest, account: asked.AccountName, wanted: asked.Wanted) -> HttpResponse:
    """Bring refunds from the store, by orders or by a span of time, and see what they would become."""
    if "order_ids" in wanted.model_fields_set:
        ask: flow.Orders | flow.Span = flow.Orders(names=wanted.order_ids)
    else:
        ask = flow.Span(since=wanted.since, until=wanted.until)
    return _answer(_done(flow.retrieve(app_of(request), account, ask, by=by(request))))


@router.post("/accounts/{account}/check-posted", auth=entry(Action.RETRIEVE), response={200: answers.Checked, **_ASKS})
def check_posted(request: HttpRequest, account: asked.AccountName, body: asked.Checking | None = None) -> HttpResponse:
    """Look whether what stands for posted refunds in NetSuite still stands as it did; nothing is sent."""
    checked = flow.check_posted(app_of(request), account, by=by(request), since=body.since if body else None)
    return _answer(checked_shape(checked, queries.get_all(checked.changed), links()))


@router.get("/accounts/{account}/profile", auth=entry(Action.SEE_SETTINGS), response={200: answers.Profile, **_OF_ONE})
def show_profile(request: HttpRequest, account: asked.AccountName) -> HttpResponse:
    """Show how an account's refunds are booked, as settings and as a file."""
    del request
    return _answer(profile_shape(moving.export(account)))


@router.post(
    "/accounts/{account}/profile/diff",
    auth=entry(Action.SEE_SETTINGS),
    response={200: answers.ProfileCompared, **_OF_ONE},
)
def compare_profile(request: HttpRequest, account: asked.AccountName, body: asked.ProfileFile) -> HttpResponse:
    """Show what a profile file would change, and what is wrong with it; nothing is changed."""
    return _answer(compared_shape(moving.compare(app_of(request), account, body.file)))


@router.put(
    "/accounts/{account}/profile",
    auth=entry(Action.CHANGE_SETTINGS),
    response={200: answers.ProfileCompared, **_ACTS},
)
def replace_profile(request: HttpRequest, account: asked.AccountName, body: asked.ProfileWanted) -> HttpResponse:
    """Make a profile file the profile of an account: all of it, or nothing if anything in it is wrong."""
    compared = moving.take_over(app_of(request), account, body.file, seen=body.seen)
    if compared.may_be_applied:
        return _answer(compared_shape(compared))
    wrong = [finding for finding in compared.findings if finding.severity is Severity.ERROR]
    return problem(
        409,
        "profile_refused",
        f"The file is not taken: {wrong[0].message}",
        fix=wrong[0].fix,
        errors=[{"field": one.where, "reason": f"{one.message} {one.fix}"} for one in wrong],
    )


@router.get("/accounts/{account}/reconcile", auth=entry(Action.SEE), response={200: answers.Reconciled, **_OF_ONE})
def show_reconciliations(
    request: HttpRequest, account: asked.AccountName, wanted: Query[asked.WhichReconciliation]
) -> HttpResponse:
    """List an account's newest comparisons with NetSuite; with `id`, show one with its lines."""
    _refuse_unknown(request, asked.WhichReconciliation)
    accounts.get(account)
    if not wanted.id:
        rows = reconciliations.listing(account, limit=wanted.limit)
        return _answer({"reconciliations": [reconciliation_shape(row, kept.totals_of(row)) for row in rows]})
    row = reconciliations.get(wanted.id)
    if row.account != account:
        raise NotFoundError(f"{account} has no reconciliation {wanted.id}.")
    lines = islice(kept.lines_of(row.id, wanted.kind or kept.OPEN_KINDS), wanted.offset, wanted.offset + wanted.limit)
    return _answer({"reconciliations": [reconciliation_shape(row, kept.totals_of(row), lines)]})


@router.post(
    "/accounts/{account}/reconcile",
    auth=entry(Action.RECONCILE),
    response={200: answers.Reconciled, 202: answers.Reconciled, **_ASKS},
)
def reconcile(
    request: HttpRequest, account: asked.AccountName, body: asked.Compare, wait: asked.Wait = 10
) -> HttpResponse:
    """Compare a span of days with NetSuite. 200 when that has ended; 202 while it goes on: look at it by its id."""
    app = app_of(request)
    try:
        span = days(body.since, body.until, app.now())
    except ValueError as wrong:
        return problem(409, "span_backwards", str(wrong), fix="Give the earlier day as since.")
    started = comparisons_of(request).start(account, span, by=by(request), offline=body.offline, wait_seconds=wait)
    row = reconciliations.get(started)
    if row.failed:
        return found_wrong(502, row.findings[0])
    shape = reconciliation_shape(row, kept.totals_of(row))
    return _answer({"reconciliations": [shape]}, status=200 if row.ended_at else 202)


@router.get("/refunds", auth=entry(Action.SEE), response={200: answers.RefundPage, **_IN_ALL})
def list_refunds(request: HttpRequest, wanted: Query[asked.Filter]) -> HttpResponse:
    """List the refunds that are here, newest first."""
    _refuse_unknown(request, asked.Filter)
    filters = Filters(
        account=wanted.account,
        statuses=frozenset(wanted.status),
        order=wanted.order,
        since=wanted.since,
        changed=wanted.changed,
    )
    page = queries.listing(filters, cursor=wanted.cursor, limit=wanted.limit)
    url_of = links()
    return _answer({"refunds": [refund_shape(row, url_of) for row in page.rows], "cursor": page.cursor or None})


@router.get("/refunds/{id_}", auth=entry(Action.SEE), response={200: answers.RefundShown, **_OF_ONE})
def show_refund(request: HttpRequest, id_: asked.RefundId) -> HttpResponse:
    """Show a refund, what was tried and what happened."""
    raw = may(who(request).role, Action.SEE_RAW)
    row = queries.get(id_)
    return _answer(show_shape(row, queries.attempts(id_), queries.history(id_), links(), raw=raw))


@router.get("/refunds/{id_}/preview", auth=entry(Action.SEE), response={200: answers.Preview, **_ASKS}, by_alias=True)
def preview_refund(request: HttpRequest, id_: asked.RefundId) -> HttpResponse:
    """Show what a refund would become in NetSuite as it stands now, and why."""
    app = app_of(request)
    result = flow.preview(app, id_, by=by(request))
    if result.problems:
        return found_wrong(502, result.problems[0].finding)
    row = result.transactions[0]
    return _answer(preview_shape(row, app.kept_lists(row.netsuite) or Lists(), links()))


@router.post(
    "/refunds/{id_}/post",
    auth=entry(Action.POST),
    response={200: answers.Done, 202: answers.Done, **_ASKS},
)
def post_refund(
    request: HttpRequest, id_: asked.RefundId, wait: asked.Wait = 10, body: asked.Seen | None = None
) -> HttpResponse:
    """Post a refund to NetSuite, once. 200 when that has ended; 202 while it goes on: look at the refund again."""
    before = queries.get(id_)
    seen = body.seen if body else ""
    if seen and seen != before.fingerprint and before.status not in BOOKED:
        return found_wrong(409, changed_since_seen())
    result = posts_of(request).post(id_, by=by(request), seen=seen, wait_seconds=wait)
    if result is None:
        return _answer(_done(flow.Result(transactions=(queries.get(id_),))), status=202)
    if result.problems:
        finding = result.problems[0].finding
        return found_wrong(_status_of(finding), finding)
    return _answer(_done(result))


@router.post("/refunds/{id_}/cancel", auth=entry(Action.CANCEL), response={200: answers.Done, **_ACTS})
def cancel_refund(request: HttpRequest, id_: asked.RefundId) -> HttpResponse:
    """Cancel a refund: it is kept and never acted on, until it is restored."""
    flow.cancel(app_of(request), id_, by=by(request))
    return _answer(_done(flow.Result(transactions=(queries.get(id_),))))


@router.post("/refunds/{id_}/restore", auth=entry(Action.CANCEL), response={200: answers.Done, **_ASKS})
def restore_refund(request: HttpRequest, id_: asked.RefundId) -> HttpResponse:
    """Bring a canceled refund back, and see what it would become now."""
    return _answer(_done(flow.restore(app_of(request), id_, by=by(request))))


@router.post("/refunds/{id_}/accept", auth=entry(Action.ACCEPT), response={200: answers.Done, **_ASKS})
def accept_refund(request: HttpRequest, id_: asked.RefundId, body: asked.Acceptance) -> HttpResponse:
    """Accept that a refund gives more than its bill still holds: the difference is booked as goodwill."""
    return _answer(_done(flow.accept(app_of(request), id_, reason=body.reason, by=by(request))))


@router.get("/refunds/{id_}/adoptable", auth=entry(Action.ADOPT), response={200: answers.Adoptable, **_ASKS})
def show_adoptable(request: HttpRequest, id_: asked.RefundId) -> HttpResponse:
    """Show which records made by hand in NetSuite may stand for a refund, and how well they fit."""
    found = flow.adoptable(app_of(request), id_)
    return _answer(adoptable_shape(found, queries.get(id_).netsuite, links()))


@router.post("/refunds/{id_}/adopt", auth=entry(Action.ADOPT), response={200: answers.Done, **_ASKS})
def adopt_refund(request: HttpRequest, id_: asked.RefundId, body: asked.Adoption) -> HttpResponse:
    """Link records made by hand in NetSuite to a refund; nothing is sent."""
    result = flow.adopt(app_of(request), id_, body.records, by=by(request), seen=body.seen, reason=body.reason)
    return _answer(_done(result))


@router.post("/refunds/{id_}/book-elsewhere", auth=entry(Action.ADOPT), response={200: answers.Done, **_ACTS})
def book_refund_elsewhere(request: HttpRequest, id_: asked.RefundId, body: asked.Elsewhere) -> HttpResponse:
    """Say that a refund is booked without a NetSuite record of its own; nothing looks at it again by itself."""
    flow.book_elsewhere(app_of(request), id_, reason=body.reason, by=by(request))
    return _answer(_done(flow.Result(transactions=(queries.get(id_),))))


@router.get(
    "/refunds/{id_}/correction", auth=entry(Action.CORRECT), response={200: answers.Correction, **_ASKS}, by_alias=True
)
def show_correction(request: HttpRequest, id_: asked.RefundId, way: asked.CorrectionWay = Way.OFFSET) -> HttpResponse:
    """Show what would correct a refund that changed after posting; nothing is sent."""
    app = app_of(request)
    made, row = corrections.prepare(app, id_, way=way), queries.get(id_)
    return _answer(correction_shape(made, row, app.kept_lists(row.netsuite) or Lists(), links()))


@router.post("/refunds/{id_}/correction", auth=entry(Action.CORRECT), response={200: answers.Done, **_ASKS})
def correct_refund(request: HttpRequest, id_: asked.RefundId, body: asked.Correcting) -> HttpResponse:
    """Accept the correction that was seen, and carry it out: once, looked at, read back and compared."""
    result = corrections.accept(app_of(request), id_, way=body.way, seen=body.seen, reason=body.reason, by=by(request))
    return _answer(_done(result))


@router.delete("/refunds/{id_}/correction", auth=entry(Action.CORRECT), response={200: answers.Done, **_ACTS})
def drop_correction(request: HttpRequest, id_: asked.RefundId) -> HttpResponse:
    """Drop a correction that was accepted and of which nothing was sent."""
    corrections.drop(app_of(request), id_, by=by(request))
    return _answer(_done(flow.Result(transactions=(queries.get(id_),))))


@router.post("/refunds/{id_}/keep", auth=entry(Action.CORRECT), response={200: answers.Done, **_ACTS})
def keep_refund(request: HttpRequest, id_: asked.RefundId, body: asked.Keeping) -> HttpResponse:
    """Let what stands in NetSuite stay as it is, though something changed after posting."""
    corrections.keep(app_of(request), id_, reason=body.reason, by=by(request))
    return _answer(_done(flow.Result(transactions=(queries.get(id_),))))


@router.post("/refunds/{id_}/release", auth=entry(Action.ADOPT), response={200: answers.Done, **_ASKS})
def release_refund(request: HttpRequest, id_: asked.RefundId) -> HttpResponse:
    """Take back that records were linked by hand, or that a refund is booked elsewhere."""
    return _answer(_done(flow.release(app_of(request), id_, by=by(request))))


@router.delete("/refunds/{id_}", auth=entry(Action.DELETE), response={204: None, **_ACTS})
def delete_refund(request: HttpRequest, id_: asked.RefundId) -> HttpResponse:
    """Delete a refund. Polling does not bring it back; retrieving its order by hand does."""
    flow.delete(app_of(request), id_, by=by(request))
    return HttpResponse(status=204)


def _refuse_unknown(request: HttpRequest, known: type[Schema]) -> None:
    unknown = set(request.GET) - set(known.model_fields)
    if unknown:
        raise WrongFieldsError(dict.fromkeys(sorted(unknown), "There is no filter of this name."))


def _done(result: flow.Result) -> dict[str, Any]:
    url_of = links()
    return {
        "refunds": [refund_shape(row, url_of) for row in result.transactions],
        "problems": [problem_shape(problem) for problem in result.problems],
    }


def _status_of(finding: Finding) -> int:
    return 502 if finding.code.startswith(UPSTREAM) and finding.code != IN_USE else 409
