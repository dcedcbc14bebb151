"""The profile of an account as a file: downloaded, compared with another, and imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contrapost.permissions import Action, may
from contrapost.profiles import moving
from contrapost.profiles.reading import LARGEST
from contrapost.records.errors import ChangedError
from contrapost.refunds.finding import Finding, error
from contrapost.web import words
from contrapost.web.asking import allowed, go, refuse, role_of, show
from contrapost.web.pages.refused import no_such_refund

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost.profiles.moving import Change, Compared
    from contrapost.web.asking import Asked

_MOST_BYTES = 4 * LARGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage:
    """A profile, and what a file would change in it."""

    name: str
    now: str
    """The profile as the file that is downloaded."""
    compared: bool
    """A file was compared with it."""
    changes: tuple[Change, ...]
    may_import: bool
    file: str
    seen: str
    findings: tuple[words.Said, ...]
    saved: bool
    may_change: bool


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.SEE_SETTINGS)
@no_such_refund
def page(request: Asked, name: str) -> HttpResponse:
    """Shows the profile of an account, and compares it with a file for those who may import one."""
    if request.method != "POST":
        return _show(request, name)
    if not may(role_of(request), Action.CHANGE_SETTINGS):
        return refuse(request)
    text = _uploaded(request)
    if isinstance(text, Finding):
        return _show(request, name, findings=(text,))
    return _show(request, name, file=text, compared=moving.compare(request.contrapost, name, text))


@require_safe
@allowed(Action.SEE_SETTINGS)
@no_such_refund
def file(request: Asked, name: str) -> HttpResponse:
    """Gives the profile as a file to keep."""
    del request
    answer = HttpResponse(moving.export(name).file, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return answer


@require_POST
@allowed(Action.CHANGE_SETTINGS)
@no_such_refund
def take_over(request: Asked, name: str) -> HttpResponse:
    """Imports a file that was compared before."""
    text = request.POST.get("file", "")
    try:
        compared = moving.take_over(request.contrapost, name, text, seen=request.POST.get("seen", ""))
    except ChangedError as changed:
        return _show(request, name, findings=(error("refused", str(changed), fix=""),))
    if not compared.may_be_applied:
        return _show(request, name, file=text, compared=compared)
    messages.success(request, f"The profile of {name} is as the file says.")
    return go(reverse("profile", args=[name]))


def _uploaded(request: Asked) -> str | Finding:
    """Gives the text of the file that was chosen."""
    chosen = request.FILES.get("file")
    if chosen is None:
        return error("profile_file_odd", "No file was chosen.", fix="Choose a profile file, then compare.")
    try:
        text: str = chosen.read(_MOST_BYTES + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        return error("profile_file_odd", f"{chosen.name} is no text in UTF-8.", fix="Choose a profile file.")
    return text


def _show(
    request: Asked, name: str, *, file: str = "", compared: Compared | None = None, findings: Sequence[Finding] = ()
) -> HttpResponse:
    said = (*findings, *(compared.findings if compared else ()))
    may_be_applied = compared is not None and compared.may_be_applied
    shown = ProfilePage(
        name=name,
        now=moving.export(name).file,
        compared=compared is not None,
        changes=compared.changes if compared else (),
        may_import=bool(may_be_applied and compared and compared.changes),
        file=file,
        seen=compared.fingerprint if compared else "",
        findings=tuple(words.said(finding, name, may_set=False) for finding in said),
        saved=False,
        may_change=may(role_of(request), Action.CHANGE_SETTINGS),
    )
    status = 422 if said and not may_be_applied else 200
    return show(request, "profile.html", shown, here=name, status=status)
