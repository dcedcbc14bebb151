"""The go-live check list of one account, and its sign-off by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from contrapost import golive
from contrapost.app import SetUpError
from contrapost.permissions import Action, may
from contrapost.records import sync
from contrapost.records.errors import RefusedError
from contrapost.web.asking import allowed, go, refuse, role_of, show, who
from contrapost.web.pages.refused import no_such_refund

if TYPE_CHECKING:
    from django.http import HttpResponse

    from contrapost.web.asking import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class GoLivePage:
    """The check list."""

    name: str
    live: bool
    checks: tuple[golive.Check, ...]
    done: bool
    """All that must be."""
    today: str
    problem: str
    may_sign: bool
    refunds_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.SEE_SETTINGS)
@no_such_refund
def page(request: Asked, name: str) -> HttpResponse:
    """Works through the check list of an account, and signs it off for those who may."""
    if request.method != "POST":
        return _show(request, name)
    if not may(role_of(request), Action.GO_LIVE):
        return refuse(request)
    try:
        day = date.fromisoformat(
            request.POST.get("go_live_on", "").strip() or request.contrapost.now().date().isoformat()
        )
        golive.sign_off(
            request.contrapost, name, by=who(request), go_live_on=day, note=request.POST.get("note", "")[:300]
        )
    except ValueError:
        return _show(request, name, problem="The go-live date is no day. Write it as 2026-11-01.")
    except RefusedError as refused:
        return _show(request, name, problem=str(refused))
    messages.success(request, f"{name} is live. Nothing goes by itself until you turn it on.")
    return go(reverse("sync", args=[name]))


def _show(request: Asked, name: str, *, problem: str = "") -> HttpResponse:
    try:
        checks = golive.check_list(request.contrapost, name)
    except SetUpError as wrong:
        checks, problem = (), str(wrong)
    shown = GoLivePage(
        name=name,
        live=sync.get(name).live,
        checks=checks,
        done=bool(checks) and all(check.done for check in checks if check.must),
        today=request.contrapost.now().date().isoformat(),
        problem=problem,
        may_sign=may(role_of(request), Action.GO_LIVE),
        refunds_url=reverse("refunds", query={"account": name}),
    )
    return show(request, "golive.html", shown, here=name, status=422 if problem else 200)
