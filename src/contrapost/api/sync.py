"""Version 1 of the API, the part that keeps accounts up: sync, back-fills, the check list, webhooks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from contrapost import flow, golive, hooks
from contrapost.api import answers, asked
from contrapost.api import sync_bodies as bodies
from contrapost.api.entry import by, entry
from contrapost.door import app_of
from contrapost.permissions import Action
from contrapost.records import backfills, hints, sync
from contrapost.records import golive as decided
from contrapost.sync_shapes import back_fill_shape, checks_shape, hooks_shape, sync_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

router = Router()

_OF_ONE = dict.fromkeys((400, 401, 403, 404, 422, 500), answers.Trouble)
_ACTS = {**_OF_ONE, 409: answers.Trouble}
_OF = "/accounts/{account}"


@router.get(f"{_OF}/sync", auth=entry(Action.SEE_SETTINGS), response={200: bodies.Sync, **_OF_ONE})
def show(request: HttpRequest, account: asked.AccountName) -> HttpResponse:
    """Show how an account is kept up by itself, how far it is read, and what went wrong last."""
    del request
    return _synced(account)


@router.patch(f"{_OF}/sync", auth=entry(Action.GO_LIVE), response={200: bodies.Sync, **_ACTS})
def change(request: HttpRequest, account: asked.AccountName, wanted: bodies.SyncWanted) -> HttpResponse:
    """Change how an account is kept up, and turn on or off what goes by itself: that, once it is live."""
    app, given = app_of(request), wanted.dict(exclude_none=True)
    on = given.pop("automatic", None)
    golive.change(app, account, by=by(request), wanted={name: str(value) for name, value in given.items()})
    if on is not None:
        golive.switch(app, account, on=on, by=by(request))
    return _synced(account)


@router.post(f"{_OF}/sync/now", auth=entry(Action.RETRIEVE), response={200: bodies.Sync, **_OF_ONE})
def now(request: HttpRequest, account: asked.AccountName) -> HttpResponse:
    """Make due at once what is due only later; a worker does it."""
    flow.hurry(app_of(request), account)
    return _synced(account)


@router.get(f"{_OF}/golive", auth=entry(Action.SEE_SETTINGS), response={200: bodies.CheckList, **_ACTS})
def check_list(request: HttpRequest, account: asked.AccountName) -> HttpResponse:
    """Work through what must be true before an account goes live; store and NetSuite are asked."""
    return _checked(account, golive.check_list(app_of(request), account))


@router.post(f"{_OF}/golive", auth=entry(Action.GO_LIVE), response={200: bodies.CheckList, **_ACTS})
def sign_off(request: HttpRequest, account: asked.AccountName, body: bodies.SignOff) -> HttpResponse:
    """Sign an account off, once its check list is done: it is live, and can be turned on."""
    checks = golive.sign_off(app_of(request), account, by=by(request), go_live_on=body.go_live_on, note=body.note)
    return _checked(account, checks)


@router.delete(f"{_OF}/golive", auth=entry(Action.GO_LIVE), response={200: bodies.Sync, **_ACTS})
def back_to_test(request: HttpRequest, account: asked.AccountName) -> HttpResponse:
    """Take a live account back to test mode: nothing goes by itself until it is signed off anew."""
    golive.back_to_test(app_of(request), account, by=by(request))
    return _synced(account)


@router.post(f"{_OF}/hooks", auth=entry(Action.CHANGE_SETTINGS), response={200: bodies.Hooks, **_ACTS})
def open_address(request: HttpRequest, account: asked.AccountName, body: bodies.Address) -> HttpResponse:
    """Make the address that the store calls, in place of any before; it is told here and never again."""
    return _answer(hooks_shape(*hooks.open_address(app_of(request), account, body.base)))


@router.delete(f"{_OF}/hooks", auth=entry(Action.CHANGE_SETTINGS), response={200: bodies.Sync, **_OF_ONE})
def close_address(request: HttpRequest, account: asked.AccountName) -> HttpResponse:
    """Refuse from now on whatever the store sends to the address made before."""
    hooks.close(app_of(request), account)
    return _synced(account)


@router.get(f"{_OF}/backfills", auth=entry(Action.SEE), response={200: bodies.BackFills, **_OF_ONE})
def list_back_fills(request: HttpRequest, account: asked.AccountName) -> HttpResponse:
    """List the back-fills of an account, newest first."""
    rows = backfills.listing(app_of(request).account(account).name)
    return _answer({"back_fills": [back_fill_shape(row) for row in rows]})


@router.post(f"{_OF}/backfills", auth=entry(Action.RETRIEVE), response={202: bodies.BackFill, **_ACTS})
def back_fill(request: HttpRequest, account: asked.AccountName, wanted: asked.Wanted) -> HttpResponse:
    """Ask for the refunds of many orders, or of a span of time; a worker brings them part by part."""
    if "order_ids" in wanted.model_fields_set:
        ask: flow.Orders | flow.Span = flow.Orders(names=wanted.order_ids)
    else:
        ask = flow.Span(since=wanted.since, until=wanted.until)
    return _answer(back_fill_shape(flow.back_fill(app_of(request), account, ask, by=by(request))), status=202)


@router.get(f"{_OF}/backfills/{{id_}}", auth=entry(Action.SEE), response={200: bodies.BackFill, **_OF_ONE})
def show_back_fill(request: HttpRequest, account: asked.AccountName, id_: bodies.BackFillId) -> HttpResponse:
    """Show a back-fill and how far it has come."""
    del request
    return _answer(back_fill_shape(backfills.of_account(account, id_)))


@router.post(f"{_OF}/backfills/{{id_}}/stop", auth=entry(Action.RETRIEVE), response={200: bodies.BackFill, **_ACTS})
def stop_back_fill(request: HttpRequest, account: asked.AccountName, id_: bodies.BackFillId) -> HttpResponse:
    """Stop a back-fill; what it brought stays."""
    flow.stop_back_fill(app_of(request), account, id_)
    return _answer(back_fill_shape(backfills.get(id_)))


def _synced(account: str) -> HttpResponse:
    row = sync.get(account)
    return _answer(sync_shape(row, hinted=hints.count(account), notes=decided.notes(account)))


def _checked(account: str, checks: Sequence[golive.Check]) -> HttpResponse:
    return _answer(checks_shape(account, checks, sync.get(account)))


def _answer(shape: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(shape, ensure_ascii=False), status=status, content_type="application/json")
