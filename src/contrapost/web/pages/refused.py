"""The pages that say no: not allowed, not there, and something unforeseen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.shortcuts import render

from contrapost.permissions import ROLE_LABELS
from contrapost.records.errors import NotFoundError
from contrapost.web.asking import Asked, role_of, show
from contrapost.web.lost import is_lost, unavailable
from contrapost.web.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_Given = ParamSpec("_Given")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPage:
    """What could not be done, and what to do instead."""

    title: str
    message: str
    fix: str


def not_allowed(request: Asked) -> HttpResponse:
    """Says that the person's role does not go so far."""
    role = ROLE_LABELS[role_of(request)]
    page = RefusedPage(
        title="This is not open to you",
        message=f"Your role here is {role}, and this takes another one. Nothing was changed.",
        fix="Ask an administrator to do it, or to change your role.",
    )
    return show(request, "refused.html", page, status=403)


def not_there(request: Asked, message: str = "There is no such page.") -> HttpResponse:
    """Says that there is nothing at this address."""
    page = RefusedPage(title="There is nothing here", message=message, fix="Look for it in Other Transactions.")
    return show(request, "refused.html", page, status=404)


def no_such_refund(
    view: Callable[Concatenate[Asked, _Given], HttpResponse],
) -> Callable[Concatenate[Asked, _Given], HttpResponse]:
    """Answers with a page of its own where a refund or an account is not there."""

    @wraps(view)
    def guarded(request: Asked, /, *given: _Given.args, **named: _Given.kwargs) -> HttpResponse:
        try:
            return view(request, *given, **named)
        except NotFoundError:
            message = "It may have been deleted meanwhile."
            return not_there(request, message)

    return guarded


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers for addresses there are not."""
    del exception
    return _bare(request, 404, "There is nothing here", "There is no such page.", "Look in Other Transactions.")


def handler500(request: HttpRequest) -> HttpResponse:
    """Answers where something went wrong that we did not foresee, or the database is lost; never with a stack trace."""
    if is_lost():
        return unavailable(request)
    message = "Contrapost did not foresee this. Nothing is half-done: what was sent to NetSuite is looked up there."
    return _bare(request, 500, "Something went wrong", message, "Try again; if it stays, tell an administrator.")


def _bare(request: HttpRequest, status: int, title: str, message: str, fix: str) -> HttpResponse:
    page = RefusedPage(title=title, message=message, fix=fix)
    shell = Shell(kinds=(), sections=(), person="", role="", sign_out="")
    context = {"page": page, "shell": shell, "base": "base.html"}
    return render(request, "refused.html", context, status=status)
