"""Who may come in: by a token, or with the web's session; and whether their role may do what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from contrapost.api.problems import WrongError
from contrapost.door import app_of, person_of
from contrapost.permissions import ROLE_LABELS, Action, may
from contrapost.records import credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from contrapost.records.rows import PersonRow


def entry(action: Action) -> list[Callable[[HttpRequest], PersonRow | None]]:
    """Gives the two ways in for those who may do this."""
    return [Token(action), Session(action)]


def who(request: HttpRequest) -> PersonRow:
    """Gives who asks; only inside an operation, where somebody came in."""
    person: PersonRow = request.auth  # type: ignore[attr-defined] # set by the entry
    return person


def by(request: HttpRequest) -> str:
    """Names who asks, for the history."""
    return f"{who(request).name} (API)"


class Token(HttpBearer):
    """`Authorization: Bearer cp_…`: a token of a person. One that is wrong is refused, whatever else is sent."""

    def __init__(self, action: Action) -> None:
        super().__init__()
        self._action = action

    def __call__(self, request: HttpRequest) -> PersonRow | None:
        """Gives whose token it is; None where there is none."""
        if "Authorization" not in request.headers:
            return None
        scheme, _, plain = request.headers["Authorization"].partition(" ")
        person = self.authenticate(request, plain.strip()) if scheme.lower() == "bearer" else None
        if person is None:
            raise WrongError(401, "token_wrong", "This token is none of ours, was revoked, or its person is shut out.")
        if not may(person.role, Action.USE_API):
            raise _may_not(person, "use the API by a token")
        return _allowed(person, self._action)

    def authenticate(self, request: HttpRequest, token: str) -> PersonRow | None:
        """Gives whose token this is."""
        return credentials.find_token(token, now=app_of(request).now())


class Session(APIKeyCookie):
    """The session of somebody who signed in to the web, with the header that proves a page of ours asks."""

    param_name = "sessionid"

    def __init__(self, action: Action) -> None:
        super().__init__()
        self._action = action

    def __call__(self, request: HttpRequest) -> PersonRow | None:
        """Gives who is signed in; None where nobody is."""
        person = self.authenticate(request, None)
        if person is None:
            return None
        if check_csrf(request):
            raise WrongError(403, "csrf", "A request by a session needs the page's X-CSRFToken header.")
        return _allowed(person, self._action)

    def authenticate(self, request: HttpRequest, key: str | None) -> PersonRow | None:
        """Gives who is signed in."""
        del key
        return person_of(request)


def _allowed(person: PersonRow, action: Action) -> PersonRow:
    if not may(person.role, action):
        raise _may_not(person, action.value.replace("_", " "))
    return person


def _may_not(person: PersonRow, what: str) -> WrongError:
    return WrongError(
        403,
        "not_allowed",
        f"Your role, {ROLE_LABELS[person.role]}, may not {what}.",
        fix="Ask an administrator for another role.",
    )
