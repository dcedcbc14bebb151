"""One NetSuite account: how it is connected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from contrapost import accounts as setting_up
from contrapost.app import SetUpError
from contrapost.netsuite.settings import FIELDS, SECRETS
from contrapost.permissions import Action, may
from contrapost.records import accounts
from contrapost.records.errors import RecordsError
from contrapost.refunds.finding import Finding, Severity, error
from contrapost.web import words
from contrapost.web.asking import allowed, refuse, role_of, show
from contrapost.web.fields import Field, Typed, field_of, read_typed
from contrapost.web.pages.refused import no_such_refund

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from contrapost.records.rows import NetSuiteRow
    from contrapost.web.asking import Asked

_CERTIFICATE: Final = ("client_id", "certificate_id", "private_key", "certificate")
_TOKENS: Final = ("consumer_key", "consumer_secret", "token_id", "token_secret")
_WORDS: Final = {"id": "ID", "url": "Address", "netsuite": "NetSuite"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSuitePage:
    """A NetSuite account as a form; the same for one to be added."""

    name: str
    """Empty for one to be added."""
    typed_name: str
    account: tuple[Field, ...]
    certificate: tuple[Field, ...]
    tokens: tuple[Field, ...]
    bound: tuple[str, ...]
    """The store accounts that post to it."""
    findings: tuple[words.Said, ...]
    saved: bool
    may_change: bool
    test_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.SEE_SETTINGS)
@no_such_refund
def page(request: Asked, name: str) -> HttpResponse:
    """Shows a NetSuite account's settings, and changes them for those who may."""
    row = accounts.netsuite(name, vault=request.contrapost.vault)
    if request.method != "POST":
        return _show(request, row, findings=_to_be_mended(setting_up.certificate_findings(request.contrapost, name)))
    if not may(role_of(request), Action.CHANGE_SETTINGS):
        return refuse(request)
    typed = read_typed(request.POST, SECRETS)
    try:
        findings = setting_up.set_netsuite(request.contrapost, name, typed.values)
    except SetUpError as problem:
        return _show(request, row, typed=typed, findings=problem.findings)
    return _show(request, accounts.netsuite(name, vault=request.contrapost.vault), findings=findings, saved=True)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.CHANGE_SETTINGS)
def add(request: Asked) -> HttpResponse:
    """Adds a NetSuite account."""
    if request.method != "POST":
        return _show(request, None)
    typed = read_typed(request.POST, SECRETS)
    name = request.POST.get("name", "").strip()
    try:
        findings = setting_up.add_netsuite(request.contrapost, name, typed.values)
    except SetUpError as problem:
        return _show(request, None, typed=typed, findings=problem.findings)
    except RecordsError as refused:
        return _show(request, None, typed=typed, findings=(error("refused", str(refused), fix=""),))
    return _show(request, accounts.netsuite(name, vault=request.contrapost.vault), findings=findings, saved=True)


@require_POST
@allowed(Action.SEE_SETTINGS)
@no_such_refund
def test(request: Asked, name: str) -> HttpResponse:
    """Signs in to NetSuite and reads its lists."""
    row = accounts.netsuite(name, vault=request.contrapost.vault)
    return _show(request, row, findings=setting_up.check_netsuite(request.contrapost, name))


def _show(
    request: Asked,
    row: NetSuiteRow | None,
    *,
    typed: Typed | None = None,
    findings: Sequence[Finding] = (),
    saved: bool = False,
) -> HttpResponse:
    name = row.name if row else ""
    fields = {one: _field(one, row, typed or Typed(), findings) for one in FIELDS}
    apart = (*_CERTIFICATE, *_TOKENS)
    page = NetSuitePage(
        name=name,
        typed_name=request.POST.get("name", ""),
        account=tuple(field for one, field in fields.items() if one not in apart),
        certificate=tuple(fields[one] for one in _CERTIFICATE),
        tokens=tuple(fields[one] for one in _TOKENS),
        bound=tuple(one.name for one in accounts.listing() if one.netsuite == name),
        findings=tuple(words.said(finding, "", may_set=False) for finding in findings),
        saved=saved,
        may_change=may(role_of(request), Action.CHANGE_SETTINGS),
        test_url=reverse("netsuite-test", args=[name]) if name else "",
    )
    return show(request, "netsuite.html", page, parts={"outcome": "_partials/outcome.html"})


def _to_be_mended(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What only explains is told when the connection is tested."""
    return tuple(finding for finding in findings if finding.severity is not Severity.INFO)


def _field(name: str, row: NetSuiteRow | None, typed: Typed, findings: Sequence[Finding]) -> Field:
    return field_of(
        name,
        _label(name),
        FIELDS[name],
        value=typed.values.get(name, row.settings.get(name, "") if row else ""),
        secret=name in SECRETS,
        kept=bool(row and row.secrets.get(name)),
        required=name == "account_id",
        findings=findings,
    )


def _label(name: str) -> str:
    said = " ".join(_WORDS.get(word, word) for word in name.split("_"))
    return said[:1].upper() + said[1:]
