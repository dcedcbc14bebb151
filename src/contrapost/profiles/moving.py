"""Moves profiles: exported from one account, compared with another, and imported as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contrapost.app import SetUpError
from contrapost.mapping.named import not_in_netsuite
from contrapost.mapping.profile import read_profile
from contrapost.netsuite.answers import NetSuiteError
from contrapost.profiles.reading import Read, read
from contrapost.profiles.writing import write
from contrapost.records import accounts as rows
from contrapost.records import waiting
from contrapost.records.errors import ChangedError
from contrapost.refunds.finding import Finding, blocks, warning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contrapost.app import App
    from contrapost.records.rows import AccountRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """An account's profile."""

    account: str
    profile: Mapping[str, str]
    file: str
    fingerprint: str
    """Tells this profile from every other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One setting that a file would change."""

    setting: str
    before: str | None
    """None where it is not set."""
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A profile file beside an account's profile."""

    account: str
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    """What is wrong with the file, and what it names that NetSuite does not have."""
    fingerprint: str
    """Of the account's profile as it was compared."""
    applied: bool = False

    @property
    def may_be_applied(self) -> bool:
        """Says whether nothing is wrong with the file."""
        return not blocks(self.findings)


def export(name: str) -> Exported:
    """Gives the profile of an account.

    Raises:
        NotFoundError: there is none of this name.
    """
    profile = _profile(rows.get(name))
    return Exported(account=name, profile=profile, file=write(profile), fingerprint=_fingerprint(profile))


def compare(app: App, name: str, file: str) -> Compared:
    """Compares a file with the profile of an account, and judges all of it; changes nothing.

    Raises:
        NotFoundError: there is no account of this name.
    """
    return _compared(app, rows.get(name), read(file))


def take_over(app: App, name: str, file: str, *, seen: str = "") -> Compared:
    """Makes a file the profile of an account, if nothing is wrong with it.

    Args:
        app: the composition root.
        name: of the account.
        file: as it was exported, and perhaps changed.
        seen: the fingerprint of the profile that the person compared with; another is not replaced.

    Raises:
        NotFoundError: there is no account of this name.
        ChangedError: the account's profile is another now than was seen.
    """
    account, wanted = rows.get(name), read(file)
    compared = _compared(app, account, wanted)
    if seen and seen != compared.fingerprint:
        raise ChangedError(f"The profile of {name} was changed since you compared with it. Compare again, then import.")
    if not compared.may_be_applied or not compared.changes:
        return compared
    rows.put_profile(name, wanted.profile, instead_of=account.profile)
    waiting.settings_changed([name], now=app.now())
    return replace(compared, applied=True)


def _compared(app: App, account: AccountRow, wanted: Read) -> Compared:
    before = _profile(account)
    after = before if wanted.findings else wanted.profile
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return Compared(
        account=account.name,
        changes=tuple(Change(setting=name, before=before.get(name), after=after.get(name)) for name in sorted(names)),
        findings=wanted.findings or _judged(app, account, wanted),
        fingerprint=_fingerprint(before),
    )


def _judged(app: App, account: AccountRow, wanted: Read) -> tuple[Finding, ...]:
    """What is wrong with the settings by themselves, and if nothing is, with what they name in NetSuite."""
    profile, findings = read_profile(wanted.profile)
    if not findings:
        try:
            items, anew = profile.items.values(), bool(profile.rules)
            lists = app.lists_for(account.netsuite, newest=True, items=items, fields_anew=anew)
            findings = not_in_netsuite(profile, lists)
        except (NetSuiteError, SetUpError) as problem:
            findings = (_not_compared(account, problem),)
    return tuple(_with_line(finding, wanted) for finding in findings)


def _with_line(finding: Finding, wanted: Read) -> Finding:
    line = wanted.lines.get(finding.where)
    return replace(finding, message=f"Line {line}: {finding.message}") if line else finding


def _not_compared(account: AccountRow, problem: Exception) -> Finding:
    return warning(
        "profile_not_compared",
        f"What the profile names could not be looked for in NetSuite account {account.netsuite}: {problem}",
        fix="Run doctor once NetSuite can be reached.",
    )


def _profile(account: AccountRow) -> dict[str, str]:
    return {name: str(value) for name, value in account.profile.items()}


def _fingerprint(profile: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(profile, sort_keys=True).encode()).hexdigest()[:16]
