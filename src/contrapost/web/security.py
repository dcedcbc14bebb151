"""What keeps a page to itself: the headers of every answer, and what a form gets that is too old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware: sets them on every answer, files and errors too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    return middleware


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a form whose proof that it is ours is missing or of another session."""
    del reason
    return render(request, "form_too_old.html", status=403)
