"""People of the tests: signed in by a form that only asks for the name of a role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

NAMES = {
    "administrator": "Ada Ferris",
    "manager": "Mo Idris",
    "developer": "Dev Okafor",
    "reader": "Rhea Lind",
}


@dataclass(frozen=True)
class TestPerson:
    """Someone of a role, or nobody."""

    role: str

    @property
    def is_authenticated(self) -> bool:
        """Somebody."""
        return bool(self.role)

    def get_full_name(self) -> str:
        """The name the history keeps."""
        return NAMES.get(self.role, "")


class Present:
    """Middleware: puts the person of the session, and the opened Contrapost, on the request."""

    app = None

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Does it for one request."""
        request.user = TestPerson(request.session.get("role", ""))  # type: ignore[assignment]
        request.contrapost = Present.app  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["Content-Security-Policy"] = "default-src 'self'"
        return response
