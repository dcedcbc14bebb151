"""Setting up: NetSuite accounts and store accounts, from the settings a person gives. Every door uses these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.app import SetUpError
from contrapost.mapping.named import not_in_netsuite
from contrapost.mapping.profile import is_profile_setting, read_profile
from contrapost.netsuite import certificate
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.settings import SECRETS as NETSUITE_SECRETS
from contrapost.netsuite.settings import read_settings as read_netsuite_settings
from contrapost.netsuite.tax_engines import tax_engines
from contrapost.records import accounts as rows
from contrapost.records import waiting
from contrapost.records.rows import AccountRow, NetSuiteRow
from contrapost.refunds.finding import Finding, error, info
from contrapost.stores.contract import StoreError
from contrapost.stores.discovery import connector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contrapost.app import App
    from contrapost.netsuite.lists import Lists

CLOCK_MAY_BE_OFF_SECONDS = 120
"""NetSuite takes signatures that are some minutes off; from here on people are told."""
NETSUITE_SETTING = "netsuite"
"""The setting of a store account that names its NetSuite account; not needed while there is only one."""


def add_netsuite(app: App, name: str, values: Mapping[str, str]) -> tuple[Finding, ...]:
    """Saves a NetSuite account and tries it.

    Returns:
        What came of the try; the account is saved all the same, because NetSuite may only be away.

    Raises:
        SetUpError: a setting is missing or odd; nothing was saved.
        AlreadyThereError: there is one of this name.
    """
    rows.add_netsuite(_netsuite_row(name, values), vault=app.vault, now=app.now())
    return check_netsuite(app, name)


def set_netsuite(app: App, name: str, values: Mapping[str, str]) -> tuple[Finding, ...]:
    """Changes settings of a NetSuite account and tries it; an empty value takes a setting away.

    Raises:
        NotFoundError: there is none of this name.
        SetUpError: a setting is missing or odd; nothing was changed.
    """
    before = rows.netsuite(name, vault=app.vault)
    given = {**before.settings, **before.secrets, **values}
    rows.update_netsuite(_netsuite_row(name, given), vault=app.vault)
    waiting.settings_changed([row.name for row in rows.listing() if row.netsuite == name], now=app.now())
    return check_netsuite(app, name)


def check_netsuite(app: App, name: str) -> tuple[Finding, ...]:
    """Signs in to a NetSuite account, reads its lists anew, compares clocks, and says when its certificate ends."""
    return (*_tried(app, name), *_clock_findings(app, name), *certificate_findings(app, name))


def certificate_findings(app: App, name: str) -> tuple[Finding, ...]:
    """Says when the certificate of a NetSuite account ends, without a call.

    Raises:
        NotFoundError: there is none of this name.
    """
    return certificate.told_of(rows.netsuite(name).settings, name, app.now())


def _clock_findings(app: App, name: str) -> tuple[Finding, ...]:
    """Who signs with a wrong time is turned away as one with a wrong secret is, and looks for it in vain."""
    try:
        ahead = app.netsuite_for(name).seconds_ahead() or 0.0
    except SetUpError:
        return ()
    if abs(ahead) < CLOCK_MAY_BE_OFF_SECONDS:
        return ()
    minutes = round(abs(ahead) / 60)
    where = f"{minutes} minutes {'ahead of' if ahead > 0 else 'behind'} NetSuite's"
    return (
        error(
            "clock_off",
            f"This machine's clock is {where}, so that NetSuite may turn away what is signed by it.",
            fix="Set the clock, and let it be set by the network (NTP).",
        ),
    )


def _tried(app: App, name: str) -> tuple[Finding, ...]:
    try:
        lists = app.lists_for(name, newest=True, fields_anew=True)
    except NetSuiteError as problem:
        return (problem.finding,)
    except SetUpError as problem:
        return problem.findings
    waiting.netsuite_read(name, now=app.now())
    tax = "SuiteTax" if lists.suitetax else "legacy tax"
    counted = f"{len(lists.accounts)} ledger accounts, {len(lists.periods)} periods, {tax}"
    return (
        info("netsuite_works", f"NetSuite account {name}: signed in; {counted}."),
        *tax_engines(lists.catalog, name),
    )


def add(app: App, connector_name: str, name: str, values: Mapping[str, str]) -> tuple[Finding, ...]:
    """Saves a store account and tries it: the connector's settings, the profile's, and `netsuite`.

    Returns:
        What came of the try; the account is saved all the same.

    Raises:
        LookupError: there is no such connector.
        SetUpError: a setting is missing or odd; nothing was saved.
        AlreadyThereError: there is one of this name, or of this shop.
    """
    rows.add(_account_row(connector_name, name, values), vault=app.vault, now=app.now())
    return check(app, name)


def change(app: App, name: str, values: Mapping[str, str]) -> tuple[Finding, ...]:
    """Changes settings of a store account and tries it; an empty value takes a setting away.

    Raises:
        NotFoundError: there is none of this name.
        SetUpError: a setting is missing or odd, or would make it another shop; nothing was changed.
    """
    before = rows.get(name, vault=app.vault)
    profile = {setting: str(value) for setting, value in before.profile.items()}
    given = {NETSUITE_SETTING: before.netsuite, **before.settings, **before.secrets, **profile, **values}
    row = _account_row(before.connector, name, given)
    if row.identity != before.identity:
        raise SetUpError((_another_shop(before),))
    rows.update(row, vault=app.vault)
    waiting.settings_changed([name], now=app.now())
    return check(app, name)


def remove_netsuite(name: str) -> None:
    """Removes a NetSuite account.

    Raises:
        NotFoundError: there is none of this name.
        InUseError: store accounts are bound to it.
    """
    rows.remove_netsuite(name)


def remove(name: str) -> None:
    """Removes a store account.

    Raises:
        NotFoundError: there is none of this name.
        InUseError: its refunds are here.
    """
    rows.remove(name)


def check(app: App, name: str) -> tuple[Finding, ...]:
    """Tries the store of an account, and what its profile names in NetSuite."""
    account = app.account(name)
    try:
        found = app.store_for(account).check()
    except StoreError as problem:
        found = (problem.finding,)
    except SetUpError as problem:
        found = problem.findings
    try:
        lists = app.lists_for(account.netsuite, newest=True, fields_anew=_has_rules(account))
        waiting.netsuite_read(account.netsuite, now=app.now())
        return (*found, *_profile_findings(account, lists))
    except NetSuiteError as problem:
        return (*found, problem.finding)


def _netsuite_row(name: str, values: Mapping[str, str]) -> NetSuiteRow:
    given = {setting: value.strip() for setting, value in values.items() if value.strip()}
    settings, findings = read_netsuite_settings(given)
    findings = findings if settings is None else certificate.wrong_with(settings)
    if findings:
        raise SetUpError(findings)
    secrets = {setting: value for setting, value in given.items() if setting in NETSUITE_SECRETS}
    open_ones = {setting: value for setting, value in given.items() if setting not in NETSUITE_SECRETS}
    return NetSuiteRow(name=name, settings=open_ones, secrets=secrets)


def _account_row(connector_name: str, name: str, values: Mapping[str, str]) -> AccountRow:
    kind = connector(connector_name)
    given = {setting: value.strip() for setting, value in values.items() if value.strip()}
    netsuite = given.pop(NETSUITE_SETTING, "") or _only_netsuite()
    profile = {setting: value for setting, value in given.items() if is_profile_setting(setting)}
    own = {setting: value for setting, value in given.items() if setting not in profile}
    known = {setting.name for setting in kind.settings}
    unknown = tuple(_unknown(setting, connector_name) for setting in own if setting not in known)
    settings, findings = kind.read_settings({k: v for k, v in own.items() if k in known})
    _, profile_findings = read_profile(profile)
    wrong = (*unknown, *findings, *profile_findings)
    if settings is None or any(finding.severity == "error" for finding in wrong):
        raise SetUpError(wrong)
    secret = {setting.name for setting in kind.settings if setting.secret}
    return AccountRow(
        name=name,
        connector=connector_name,
        netsuite=netsuite,
        identity=kind.identity(settings),
        settings={setting: value for setting, value in own.items() if setting not in secret},
        secrets={setting: value for setting, value in own.items() if setting in secret},
        profile=profile,
    )


def _only_netsuite() -> str:
    names = [row.name for row in rows.netsuites()]
    if len(names) == 1:
        return names[0]
    fix = f"Name one: --set {NETSUITE_SETTING}=NAME; there is {', '.join(names)}." if names else _ADD_NETSUITE
    what = "There is more than one NetSuite account" if names else "There is no NetSuite account yet"
    raise SetUpError((error("netsuite_not_named", f"{what} to bind this account to.", fix=fix),))


_ADD_NETSUITE = "Add it first: contrapost netsuite add NAME --set account_id=… (contrapost netsuite --help says more)."


def _profile_findings(account: AccountRow, lists: Lists) -> tuple[Finding, ...]:
    """Finds what cannot be in an account's profile, what it names and NetSuite does not have, and what it lacks."""
    profile, findings = read_profile(account.profile)
    lacks = () if profile.cash_accounts else (_no_cash_account(account),)
    return (*findings, *not_in_netsuite(profile, lists), *lacks)


def _has_rules(account: AccountRow) -> bool:
    """Says whether there is anything to be compared with what NetSuite says of its fields."""
    return bool(read_profile(account.profile)[0].rules)


def _no_cash_account(account: AccountRow) -> Finding:
    return error(
        "cash_account_not_mapped",
        f"The account {account.name} names no cash account, so no refund that paid money out can be posted.",
        fix=f"Name one for each gateway: contrapost accounts set {account.name} --set cash_account.GATEWAY=NUMBER.",
        where="cash_account",
    )


def _another_shop(before: AccountRow) -> Finding:
    return error(
        "another_shop",
        f"These settings are of another shop than {before.identity}, which this account's refunds are from.",
        fix="Add the other shop as an account of its own.",
    )


def _unknown(setting: str, connector_name: str) -> Finding:
    return error(
        "setting_unknown",
        f"There is no setting {setting!r} for {connector_name} accounts.",
        fix=f"See what there is: contrapost accounts settings {connector_name}.",
        where=setting,
    )
