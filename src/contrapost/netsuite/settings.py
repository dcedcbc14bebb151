"""What it takes to connect to a NetSuite account, as people configure it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The only hosts that are spoken to without encryption: an emulator on this machine."""

FIELDS = {
    "account_id": "The account's id, as NetSuite shows it under Setup > Company: 1234567 or 1234567_SB1.",
    "url": "The address of the account's REST services; made from account_id where it is not given.",
    "client_id": "Of the integration record (OAuth 2.0, client credentials).",
    "certificate_id": "Of the certificate's mapping under OAuth 2.0 Client Credentials Setup.",
    "private_key": "The certificate's private key, in PEM.",
    "certificate": "The certificate itself, in PEM; so that you are told before it ends.",
    "consumer_key": "Token-based authentication, for accounts that still use it: of the integration record.",
    "consumer_secret": "Of the integration record.",
    "token_id": "Of the access token.",
    "token_secret": "Of the access token.",
    "batches": "`yes` to write records that stand alone, such as customer refunds, up to 100 in one call: fewer calls "
    "where others need the account's limit, but each takes longer. NetSuite 2026.1 or newer. Default: `no`.",
}
"""Every setting, and where to find it."""

SECRETS = frozenset({"private_key", "consumer_secret", "token_secret"})
"""The settings that are encrypted at rest and never shown."""

_M2M = ("client_id", "certificate_id", "private_key")
_TBA = ("consumer_key", "consumer_secret", "token_id", "token_secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSuiteSettings:
    """A NetSuite account to connect to: with OAuth 2.0 where its three parts are given, else with tokens."""

    account_id: str
    url: str
    """Scheme, host and port, without a slash at the end."""
    client_id: str = ""
    certificate_id: str = ""
    private_key: str = field(default="", repr=False)
    certificate: str = ""
    consumer_key: str = ""
    consumer_secret: str = field(default="", repr=False)
    token_id: str = ""
    token_secret: str = field(default="", repr=False)
    batches: str = "no"

    @property
    def uses_tokens(self) -> bool:
        """Says whether token-based authentication is what was configured."""
        return not self.client_id and bool(self.token_id)


def read_settings(values: Mapping[str, str]) -> tuple[NetSuiteSettings | None, tuple[Finding, ...]]:
    """Reads the settings of a NetSuite account; what is missing or odd is a finding."""
    given = {name: value.strip() for name, value in values.items() if value.strip()}
    findings = [_unknown(name) for name in given if name not in FIELDS]
    if "account_id" not in given:
        findings.append(_missing(("account_id",)))
    wanted = _TBA if any(name in given for name in _TBA) and not any(name in given for name in _M2M) else _M2M
    missing = tuple(name for name in wanted if name not in given)
    if missing:
        findings.append(_missing(missing))
    url = given.get("url", "").rstrip("/") or _url_of(given.get("account_id", ""))
    findings += _url_findings(url)
    if given.get("batches", "no") not in {"yes", "no"}:
        findings.append(_odd("batches", given["batches"], "Give `yes` or `no`."))
    if findings:
        return None, tuple(findings)
    known = {name: value for name, value in given.items() if name in FIELDS and name != "url"}
    return NetSuiteSettings(url=url, **known), ()


def _url_of(account_id: str) -> str:
    """The host is the account's id in lower case, with a hyphen where the id has an underscore."""
    return f"https://{account_id.lower().replace('_', '-')}.suitetalk.api.netsuite.com"


def _url_findings(url: str) -> list[Finding]:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return []
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return []
    fix = "Give an https address; plain http is taken for an emulator on this machine only."
    return [_odd("url", url, fix)]


def _odd(name: str, value: str, fix: str) -> Finding:
    return error("setting_odd", f"The setting {name} cannot be {value!r}.", fix=fix, where=name)


def _missing(names: tuple[str, ...]) -> Finding:
    listed = ", ".join(names)
    helps = " ".join(f"{name}: {FIELDS[name]}" for name in names)
    return error("setting_missing", f"The NetSuite account needs {listed}.", fix=helps, where=names[0])


def _unknown(name: str) -> Finding:
    return error(
        "setting_unknown",
        f"There is no NetSuite setting {name!r}.",
        fix=f"The settings are: {', '.join(FIELDS)}.",
        where=name,
    )
