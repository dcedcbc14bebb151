"""Settings: the store accounts and the NetSuite accounts there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.views.decorators.http import require_safe

from contrapost.accounts import certificate_findings
from contrapost.permissions import Action, may
from contrapost.records import accounts, sync
from contrapost.refunds.finding import Severity
from contrapost.stores.discovery import connector, connector_names
from contrapost.web import words
from contrapost.web.asking import allowed, role_of, show

if TYPE_CHECKING:
    from django.http import HttpResponse

    from contrapost.records.sync import SyncRow
    from contrapost.web.asking import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAccount:
    """One store account."""

    name: str
    connector: str
    shop: str
    netsuite: str
    url: str
    sync: str
    """Test or live, on or off."""
    sync_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSuiteAccount:
    """One NetSuite account."""

    name: str
    account_id: str
    address: str
    """Where it is not NetSuite's own."""
    bound: str
    """The store accounts that post to it."""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A kind of account that can be added."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """All accounts."""

    stores: tuple[StoreAccount, ...]
    netsuites: tuple[NetSuiteAccount, ...]
    additions: tuple[Addition, ...]
    findings: tuple[words.Said, ...]
    """What ends soon, or has ended."""
    may_change: bool


@require_safe
@allowed(Action.SEE_SETTINGS)
def page(request: Asked) -> HttpResponse:
    """Lists the accounts."""
    rows = accounts.listing()
    synced = {row.account: _synced(row) for row in sync.listing()}
    found = SettingsPage(
        stores=tuple(
            StoreAccount(
                name=row.name,
                connector=connector(row.connector).label,
                shop=row.identity,
                netsuite=row.netsuite,
                url=reverse("account", args=[row.name]),
                sync=synced[row.name],
                sync_url=reverse("sync", args=[row.name]),
            )
            for row in rows
        ),
        netsuites=tuple(
            NetSuiteAccount(
                name=netsuite.name,
                account_id=netsuite.settings.get("account_id", ""),
                address=netsuite.settings.get("url", ""),
                bound=", ".join(row.name for row in rows if row.netsuite == netsuite.name),
                url=reverse("netsuite", args=[netsuite.name]),
            )
            for netsuite in accounts.netsuites()
        ),
        additions=tuple(
            Addition(label=connector(name).label, url=reverse("account-add", args=[name])) for name in connector_names()
        ),
        findings=tuple(
            words.said(finding, "", may_set=False)
            for netsuite in accounts.netsuites()
            for finding in certificate_findings(request.contrapost, netsuite.name)
            if finding.severity is not Severity.INFO
        ),
        may_change=may(role_of(request), Action.CHANGE_SETTINGS),
    )
    return show(request, "settings.html", found)


def _synced(row: SyncRow) -> str:
    if not row.live:
        return "test mode"
    return "live, automatic" if row.automatic else "live, off"
