"""What a page is asked with, and what it answers: the role is checked here, and whole page or part is chosen."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from contrapost.permissions import Action, Role, may
from contrapost.web.shell import shell_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django_htmx.middleware import HtmxDetails

    from contrapost.app import App

_Given = ParamSpec("_Given")
WINDOW, WINDOW_BODY, LIST, MAIN = "window", "window-body", "list", "main"
"""The ids of the parts that a page may be asked for."""


class Person(Protocol):
    """Who asks, as sign-in names them."""

    role: str
    is_authenticated: bool

    def get_full_name(self) -> str:
        """Gives the name that the history keeps."""
        ...


class Asked(HttpRequest):
    """A request with all that our middleware puts on it."""

    user: Person  # type: ignore[assignment] # Django's own type knows no role
    contrapost: App
    htmx: HtmxDetails


def role_of(request: HttpRequest) -> Role:
    """Gives the role of who asks."""
    return Role(cast("Asked", request).user.role)


def who(request: HttpRequest) -> str:
    """Names who asks, for the history."""
    user = cast("Asked", request).user
    return user.get_full_name() or str(user)


def allowed(
    action: Action,
) -> Callable[
    [Callable[Concatenate[Asked, _Given], HttpResponse]], Callable[Concatenate[HttpRequest, _Given], HttpResponse]
]:
    """Lets only those through who may do this; who is not signed in signs in first and comes back."""

    def around(
        view: Callable[Concatenate[Asked, _Given], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, _Given], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *given: _Given.args, **named: _Given.kwargs) -> HttpResponse:
            asked = cast("Asked", request)
            if not asked.user.is_authenticated:
                return _sign_in_first(asked)
            if not may(role_of(asked), action):
                return refuse(asked)
            return view(asked, *given, **named)

        return guarded

    return around


def show(
    request: Asked,
    template: str,
    page: object,
    *,
    here: str = "",
    parts: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answers with a page, or with the one part of it that was asked for.

    Args:
        request: as it was asked.
        template: of the whole page.
        page: the page's context, which templates know as `page`.
        here: the account the page is about, marked in the side panel.
        parts: by the id of the element to be filled, the template of that part.
        status: of the answer.
    """
    target = _target(request)
    part = (parts or {}).get(target)
    context = {"page": page, "shell": shell_for(request, here), "base": "frame.html", "in_part": bool(part)}
    if part:
        template = part
    elif target == MAIN:
        context["base"] = "_partials/main_only.html"
    answer = render(request, template, context, status=status)
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


def go(to: str) -> HttpResponse:
    """Sends the person on after a deed."""
    answer = HttpResponseRedirect(to)
    answer.status_code = 303
    return answer


def go_back(request: Asked, otherwise: str) -> HttpResponse:
    """Sends the person, after a deed, back to where the form says they came from."""
    wanted = request.POST.get("next", "")
    mine = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=False)
    return go(wanted if wanted and mine else otherwise)


def refuse(request: Asked) -> HttpResponse:
    """Says that this person may not do this."""
    from contrapost.web.pages.refused import not_allowed

    return not_allowed(request)


def _target(request: Asked) -> str:
    """Names the element that htmx is to fill; empty where a whole page is wanted."""
    htmx = request.htmx
    return "" if not htmx or htmx.history_restore_request else htmx.target or ""


def _sign_in_first(request: Asked) -> HttpResponse:
    """Sends to the sign-in, which leads back: a form's address is no place to come back to, its page is."""
    back = request.get_full_path()
    if request.htmx:
        back = _path(request.htmx.current_url or "") or back
    elif request.method != "GET":
        back = _path(request.headers.get("Referer", "")) or "/"
    answer = redirect_to_login(back)
    if not request.htmx:
        return answer
    sent = HttpResponse(status=204)
    sent["HX-Redirect"] = answer["Location"]
    return sent


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
