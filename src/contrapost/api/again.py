"""What waits and what is held, over the API; and another look at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the types of operations at run time
from ninja import Query, Router

from contrapost import flow
from contrapost.api import answers, asked
from contrapost.api.entry import by, entry
from contrapost.api.problems import WrongFieldsError
from contrapost.api.said import ACTS, IN_ALL, answer
from contrapost.door import app_of, links
from contrapost.permissions import Action
from contrapost.records import causes, queries, waiting
from contrapost.records.rows import Again
from contrapost.waiting_shapes import errors_shape, looked_shape, waiting_shape

router = Router()


@router.get("/waiting", auth=entry(Action.SEE), response={200: answers.WaitingPage, **IN_ALL})
def list_waiting(request: HttpRequest, wanted: Query[asked.WaitingFilter]) -> HttpResponse:
    """List what is waited for, grouped by reason, and the refunds that wait, the longest waiting first."""
    _no_others(request, asked.WaitingFilter)
    groups = [one for one in waiting.groups(wanted.account) if wanted.reason in {"", one.reason}]
    page = waiting.listing(account=wanted.account, reason=wanted.reason, cursor=wanted.cursor, limit=wanted.limit)
    return answer(waiting_shape(groups, page, links(), app_of(request).now()))


@router.post("/accounts/{account}/waiting/look", auth=entry(Action.RETRIEVE), response={200: answers.LookedAt, **ACTS})
def look(request: HttpRequest, account: asked.AccountName, body: asked.Look) -> HttpResponse:
    """Look again at once at refunds that wait or are held; what is more than one question holds is due at once."""
    return _look(request, account, Again(ids=frozenset(body.ids), reason=body.reason))


@router.get("/errors", auth=entry(Action.SEE), response={200: answers.ErrorPage, **IN_ALL})
def list_errors(request: HttpRequest, wanted: Query[asked.ErrorFilter]) -> HttpResponse:
    """List what holds refunds, grouped by cause, and the refunds that are held, the longest held first."""
    _no_others(request, asked.ErrorFilter)
    where = wanted.where if "where" in request.GET else None
    groups = causes.groups(wanted.account, code=wanted.code, where=where)
    page = causes.listing(
        account=wanted.account, code=wanted.code, where=where, cursor=wanted.cursor, limit=wanted.limit
    )
    return answer(errors_shape(groups, page, links()))


@router.post("/accounts/{account}/errors/retry", auth=entry(Action.POST), response={200: answers.LookedAt, **ACTS})
def retry(request: HttpRequest, account: asked.AccountName, body: asked.Retry) -> HttpResponse:
    """Try again all that one cause holds: mapped again, and what was being posted is asked for again."""
    return _look(request, account, Again(code=body.code, where=body.where))


def _look(request: HttpRequest, account: str, again: Again) -> HttpResponse:
    looked = flow.look_now(app_of(request), account, again, by=by(request))
    return answer(looked_shape(looked, queries.states(looked.ids)))


def _no_others(request: HttpRequest, known: type[asked.WaitingFilter | asked.ErrorFilter]) -> None:
    unknown = set(request.GET) - set(known.model_fields)
    if unknown:
        raise WrongFieldsError(dict.fromkeys(sorted(unknown), "There is no filter of this name."))
