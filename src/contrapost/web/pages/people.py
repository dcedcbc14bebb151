"""People: who may sign in, in which role, and the link by which they first do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contrapost.door import link_address
from contrapost.permissions import ROLE_LABELS, Action, Role
from contrapost.records import credentials, people
from contrapost.records.errors import RecordsError
from contrapost.web import words
from contrapost.web.asking import allowed, go, show
from contrapost.web.fields import Choice

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from contrapost.records.rows import PersonRow
    from contrapost.web.asking import Asked

_ADD: Final = "add"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person."""

    name: str
    email: str
    active: bool
    status: words.Status
    last_sign_in: words.Moment | None
    roles: tuple[Choice, ...]
    problem: str
    """Why what was asked for this person was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """The form for one more person, as it was typed."""

    name: str
    email: str
    roles: tuple[Choice, ...]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """Everyone, and the form for one more."""

    members: tuple[Member, ...]
    newcomer: Newcomer
    problem: str
    """Of a person who is not in the list."""
    link: str
    """Shown this once; empty where none was made."""
    link_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What a form was sent with."""

    deed: str = ""
    name: str = ""
    email: str = ""
    role: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@allowed(Action.MANAGE_PEOPLE)
def page(request: Asked) -> HttpResponse:
    """Lists everyone, and does what an administrator asks for one of them."""
    if request.method != "POST":
        return _show(request)
    given = _given(request)
    deed = _DEEDS.get(given.deed)
    if deed is None:
        return go(reverse("people"))
    try:
        return deed(request, given)
    except RecordsError as refused:
        return _show(request, given=given, problem=str(refused))


def _add(request: Asked, given: _Given) -> HttpResponse:
    return _invite(request, people.add(given.name, role=_role(given), email=given.email))


def _change_role(request: Asked, given: _Given) -> HttpResponse:
    person = people.set_role(given.name, _role(given))
    return _done(request, f"{person.name} has the role {ROLE_LABELS[person.role]} from now on.")


def _shut_out(request: Asked, given: _Given) -> HttpResponse:
    person = people.deactivate(given.name, now=request.contrapost.now())
    return _done(request, f"{person.name} is shut out: sessions have ended and tokens are revoked.")


def _bring_back(request: Asked, given: _Given) -> HttpResponse:
    person = people.get(given.name)
    return _invite(request, people.add(person.name, role=_role(given), email=person.email))


def _new_link(request: Asked, given: _Given) -> HttpResponse:
    return _invite(request, people.get(given.name))


_DEEDS: Final[dict[str, Callable[[Asked, _Given], HttpResponse]]] = {
    _ADD: _add,
    "role": _change_role,
    "shut-out": _shut_out,
    "bring-back": _bring_back,
    "link": _new_link,
}
"""By what the pressed button says."""


def _invite(request: Asked, person: PersonRow) -> HttpResponse:
    """Shows a new link in the answer itself: it stands in no address, no session and no message."""
    secret = credentials.make_link(person.name, now=request.contrapost.now())
    return _show(request, link=link_address(request.build_absolute_uri("/"), secret), link_for=person.name)


def _done(request: HttpRequest, message: str) -> HttpResponse:
    messages.success(request, message)
    return go(reverse("people"))


def _given(request: Asked) -> _Given:
    deed, name, email, role = (
        request.POST.get(one, "").replace("\0", "").strip() for one in ("do", "name", "email", "role")
    )
    return _Given(deed=deed, name=name, email=email, role=role)


def _role(given: _Given) -> Role:
    try:
        return Role(given.role)
    except ValueError:
        raise RecordsError("Choose one of the roles.") from None


def _show(
    request: Asked, *, given: _Given | None = None, problem: str = "", link: str = "", link_for: str = ""
) -> HttpResponse:
    given = given or _Given()
    rows = people.listing()
    in_new = given if given.deed == _ADD else _Given()
    in_list = given if given.deed != _ADD and any(row.name == given.name for row in rows) else _Given()
    shown = PeoplePage(
        members=tuple(_member(request, row, in_list, problem) for row in rows),
        newcomer=Newcomer(
            name=in_new.name,
            email=in_new.email,
            roles=_choices(in_new.role or Role.READER.value),
            problem=problem if in_new.deed else "",
        ),
        problem="" if in_new.deed or in_list.deed else problem,
        link=link,
        link_for=link_for,
    )
    return show(request, "people.html", shown, status=422 if problem else 200)


def _member(request: Asked, row: PersonRow, given: _Given, problem: str) -> Member:
    meant = given.name == row.name
    now = request.contrapost.now()
    return Member(
        name=row.name,
        email=row.email,
        active=row.active,
        status=_status(row),
        last_sign_in=words.moment(row.last_sign_in, now) if row.last_sign_in else None,
        roles=_choices((meant and given.role) or row.role.value),
        problem=problem if meant else "",
    )


def _status(row: PersonRow) -> words.Status:
    if not row.active:
        return words.Status(word="Shut out", tone="idle", reason="")
    if not row.has_password:
        return words.Status(word="Invited", tone="wait", reason="")
    return words.Status(word="Active", tone="done", reason="")


def _choices(chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=role.value, word=ROLE_LABELS[role], chosen=role.value == chosen) for role in Role)
