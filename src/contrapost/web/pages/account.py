"""One store account: how it is connected, and how its refunds are booked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from contrapost import accounts as setting_up
from contrapost.app import SetUpError
from contrapost.netsuite.catalog import Catalog
from contrapost.permissions import Action, may
from contrapost.records import accounts
from contrapost.records.errors import RecordsError
from contrapost.refunds.finding import Finding, Severity, error
from contrapost.stores.discovery import connector, connector_names
from contrapost.web import words
from contrapost.web.asking import allowed, refuse, role_of, show
from contrapost.web.fields import Family, Field, Typed, field_of, profile_families, profile_fields, read_typed
from contrapost.web.pages.refused import no_such_refund, not_there

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from contrapost.records.rows import AccountRow
    from contrapost.stores.contract import Connector
    from contrapost.web.asking import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """A store account as a form; the same for one to be added."""

    name: str
    """Empty for one to be added."""
    typed_name: str
    connector: str
    shop: str
    netsuite: str
    netsuites: tuple[str, ...]
    connection: tuple[Field, ...]
    policies: tuple[Field, ...]
    items: tuple[Field, ...]
    families: tuple[Family, ...]
    findings: tuple[words.Said, ...]
    """What came of saving or testing."""
    saved: bool
    may_change: bool
    test_url: str
    refunds_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.SEE_SETTINGS)
@no_such_refund
def page(request: Asked, name: str) -> HttpResponse:
    """Shows an account's settings, and changes them for those who may."""
    row = accounts.get(name, vault=request.contrapost.vault)
    if request.method != "POST":
        return _show(request, connector(row.connector), row)
    if not may(role_of(request), Action.CHANGE_SETTINGS):
        return refuse(request)
    kind = connector(row.connector)
    typed = read_typed(request.POST, _secrets(kind))
    values = {**typed.all(), setting_up.NETSUITE_SETTING: request.POST.get("netsuite", row.netsuite)}
    try:
        findings = setting_up.change(request.contrapost, name, values)
    except SetUpError as problem:
        return _show(request, kind, row, typed=typed, findings=problem.findings)
    except (RecordsError, LookupError) as refused:
        return _show(request, kind, row, typed=typed, findings=(_refusal(refused),))
    row = accounts.get(name, vault=request.contrapost.vault)
    return _show(request, kind, row, findings=findings, saved=True)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.CHANGE_SETTINGS)
def add(request: Asked, kind: str) -> HttpResponse:
    """Adds an account of a connector."""
    if kind not in connector_names():
        return not_there(request)
    of = connector(kind)
    if request.method != "POST":
        return _show(request, of, None)
    typed = read_typed(request.POST, _secrets(of))
    name = request.POST.get("name", "").strip()
    values = {**typed.all(), setting_up.NETSUITE_SETTING: request.POST.get("netsuite", "")}
    try:
        findings = setting_up.add(request.contrapost, kind, name, values)
    except SetUpError as problem:
        return _show(request, of, None, typed=typed, findings=problem.findings)
    except RecordsError as refused:
        return _show(request, of, None, typed=typed, findings=(_refusal(refused),))
    messages.success(request, f"The account {name} is saved.")
    row = accounts.get(name, vault=request.contrapost.vault)
    return _show(request, of, row, findings=findings, saved=True)


@require_POST
@allowed(Action.SEE_SETTINGS)
@no_such_refund
def test(request: Asked, name: str) -> HttpResponse:
    """Tries the store, and what the profile names in NetSuite."""
    row = accounts.get(name, vault=request.contrapost.vault)
    return _show(request, connector(row.connector), row, findings=setting_up.check(request.contrapost, name))


def _show(
    request: Asked,
    kind: Connector,
    row: AccountRow | None,
    *,
    typed: Typed | None = None,
    findings: Sequence[Finding] = (),
    saved: bool = False,
) -> HttpResponse:
    typed = typed or Typed()
    profile = {setting: str(value) for setting, value in row.profile.items()} if row else {}
    wanted = request.GET.get("set", "")
    alone = profile_fields(profile, typed, findings, wanted)
    name = row.name if row else ""
    page = AccountPage(
        name=name,
        typed_name=request.POST.get("name", ""),
        connector=kind.label,
        shop=row.identity if row else "",
        netsuite=request.POST.get("netsuite", row.netsuite if row else ""),
        netsuites=tuple(one.name for one in accounts.netsuites()),
        connection=_connection(kind, row, typed, findings),
        policies=tuple(one for one in alone if ":item." not in one.input),
        items=tuple(one for one in alone if ":item." in one.input),
        families=profile_families(profile, typed, findings, wanted, catalog=_catalog(request, row)),
        findings=tuple(words.said(finding, name, may_set=False) for finding in findings),
        saved=saved,
        may_change=may(role_of(request), Action.CHANGE_SETTINGS),
        test_url=reverse("account-test", args=[name]) if name else "",
        refunds_url=reverse("refunds", query={"account": name}) if name else "",
    )
    failed = any(finding.severity is Severity.ERROR for finding in findings) and not saved
    parts = {"outcome": "_partials/outcome.html"}
    status = 422 if failed and request.method == "POST" and not request.htmx else 200
    return show(request, "account.html", page, here=name, parts=parts, status=status)


def _catalog(request: Asked, row: AccountRow | None) -> Catalog:
    """What NetSuite said of its records, when it was last read."""
    kept = request.contrapost.kept_lists(row.netsuite) if row else None
    return kept.catalog if kept else Catalog()


def _connection(
    kind: Connector, row: AccountRow | None, typed: Typed, findings: Sequence[Finding]
) -> tuple[Field, ...]:
    saved: Mapping[str, str] = row.settings if row else {}
    secrets: Mapping[str, str] = row.secrets if row else {}
    return tuple(
        field_of(
            one.name,
            one.label,
            one.help,
            value=typed.values.get(one.name, saved.get(one.name, "")),
            default=one.default,
            secret=one.secret,
            kept=bool(secrets.get(one.name)),
            required=one.required,
            findings=findings,
        )
        for one in kind.settings
    )


def _secrets(kind: Connector) -> frozenset[str]:
    return frozenset(one.name for one in kind.settings if one.secret)


def _refusal(refused: Exception) -> Finding:
    return error("refused", str(refused), fix="")
