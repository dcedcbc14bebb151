"""API tokens: the tokens of who asks, for scripts that use the API in their name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contrapost.door import person_of
from contrapost.permissions import Action
from contrapost.records import credentials
from contrapost.records.errors import RecordsError
from contrapost.web import words
from contrapost.web.asking import allowed, go, show

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from contrapost.records.rows import TokenRow
    from contrapost.web.asking import Asked

_MOST_DIGITS = 18
"""What has more is the number of no row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token, without what makes it work."""

    id: int
    name: str
    prefix: str
    made: words.Moment
    used: words.Moment | None
    revoked: words.Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensPage:
    """The person's tokens, and the form for one more."""

    tokens: tuple[Token, ...]
    name: str
    """As it was typed."""
    longest: int
    problem: str
    """Why no token was made of that name."""
    not_revoked: str
    """Why none was revoked."""
    plain: str
    """Shown this once; empty where none was made."""
    plain_for: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@allowed(Action.USE_API)
def page(request: Asked) -> HttpResponse:
    """Lists the tokens of who asks, makes one more, and ends one."""
    if request.method != "POST":
        return _show(request)
    return _revoke(request) if "revoke" in request.POST else _make(request)


def _make(request: Asked) -> HttpResponse:
    """Shows the new token in the answer itself: it stands in no address, no session and no message."""
    name = _typed(request)
    try:
        row, plain = credentials.make_token(_mine(request), name, now=request.contrapost.now())
    except RecordsError as refused:
        return _show(request, problem=str(refused))
    return _show(request, plain=plain, plain_for=row.name)


def _revoke(request: Asked) -> HttpResponse:
    wanted = request.POST["revoke"]
    id_ = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) <= _MOST_DIGITS else 0
    try:
        credentials.revoke_token(_mine(request), id_, now=request.contrapost.now())
    except RecordsError as refused:
        return _show(request, not_revoked=str(refused))
    messages.success(request, "The token is revoked: it does not work any more.")
    return go(reverse("tokens"))


def _mine(request: Asked) -> str:
    person = person_of(request)
    return person.name if person else ""


def _typed(request: Asked) -> str:
    return request.POST.get("name", "").replace("\0", "").strip()


def _show(
    request: Asked, *, problem: str = "", not_revoked: str = "", plain: str = "", plain_for: str = ""
) -> HttpResponse:
    now = request.contrapost.now()
    shown = TokensPage(
        tokens=tuple(_token(row, now) for row in credentials.tokens(_mine(request))),
        name=_typed(request) if problem else "",
        longest=credentials.LONGEST_TOKEN_NAME,
        problem=problem,
        not_revoked=not_revoked,
        plain=plain,
        plain_for=plain_for,
    )
    return show(request, "tokens.html", shown, status=422 if problem or not_revoked else 200)


def _token(row: TokenRow, now: datetime) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        made=words.moment(row.created_at, now),
        used=words.moment(row.last_used_at, now) if row.last_used_at else None,
        revoked=words.moment(row.revoked_at, now) if row.revoked_at else None,
    )
