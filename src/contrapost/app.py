"""The composition root: opens rows, vault, stores and NetSuite. The only place that reads the environment."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from contrapost.codec import CodecError, decode, encode
from contrapost.mapping.profile import read_profile
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.catalog import Catalog
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.drafts import REFUNDING
from contrapost.netsuite.lists import Lists
from contrapost.netsuite.read_lists import read_lists
from contrapost.netsuite.settings import read_settings
from contrapost.process import new_name
from contrapost.stores.discovery import connector
from contrapost.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from contrapost.netsuite.settings import NetSuiteSettings
    from contrapost.records.rows import AccountRow
    from contrapost.refunds.finding import Finding
    from contrapost.stores.contract import Store

MOST_ITEMS_ASKED = 1000
"""As many items are asked for at once; NetSuite takes no more in one question."""
LISTS_LAST = timedelta(minutes=10)
"""How long the lists of a NetSuite account are taken as they were read."""
CATALOG_LASTS = timedelta(days=1)
"""How long what NetSuite says of its records' fields is taken as it was read."""


class SetUpError(Exception):
    """An account's settings do not hold what it takes; carries what is wrong with them."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(" ".join(f"{finding.message} {finding.fix}".strip() for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What every door is given: the clock, the secrets, and ways to the stores and to NetSuite."""

    vault: Vault
    holder: str
    """Names this process where it holds a lease or works, and no other one ever."""
    engine_url: str = ""
    """Where the engine keeps its receipts."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    _netsuites: dict[str, tuple[NetSuiteSettings, RestNetSuite]] = field(default_factory=dict, repr=False)

    def account(self, name: str) -> AccountRow:
        """Gives a store account with its secrets.

        Raises:
            NotFoundError: there is none of this name.
        """
        from contrapost.records import accounts

        return accounts.get(name, vault=self.vault)

    def store_for(self, account: AccountRow) -> Store:
        """Connects to the store of an account; makes no call yet.

        Raises:
            SetUpError: the account's settings do not hold what the connector needs.
        """
        return connector(account.connector).connect(self.settings_of(account))

    def settings_of(self, account: AccountRow) -> object:
        """Gives the settings of an account as its connector takes them.

        Raises:
            SetUpError: they do not hold what the connector needs.
        """
        settings, findings = connector(account.connector).read_settings({**account.settings, **account.secrets})
        if settings is None:
            raise SetUpError(findings)
        return settings

    def netsuite_for(self, name: str) -> RestNetSuite:
        """Connects to a NetSuite account, once while its settings stay; its token and its connections are shared.

        Raises:
            NotFoundError: there is none of this name.
            SetUpError: its settings do not hold what it takes.
        """
        from contrapost.records import accounts

        row = accounts.netsuite(name, vault=self.vault)
        settings, findings = read_settings({**row.settings, **row.secrets})
        if settings is None:
            raise SetUpError(findings)
        kept = self._netsuites.get(name)
        if kept is None or kept[0] != settings:
            fresh = RestNetSuite(settings, now=lambda: self.now().timestamp(), sleep=self.sleep)
            self._netsuites[name] = kept = (settings, fresh)
        return kept[1]

    def lists_for(
        self, netsuite: str, *, newest: bool = False, items: Iterable[str] = (), fields_anew: bool = False
    ) -> Lists:
        """Gives the lists of a NetSuite account, read anew where they are old or lack an item that is named.

        Args:
            netsuite: its name.
            newest: read them anew in any case.
            items: to be looked for beside those that saved profiles name.
            fields_anew: read anew what NetSuite says of its records' fields too, which is long and changes seldom.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        from contrapost.records import accounts

        named = {
            item
            for account in accounts.listing()
            if account.netsuite == netsuite
            for item in read_profile(account.profile)[0].items.values()
        } | set(items)
        kept = None if newest else self.kept_lists(netsuite, not_before=self.now() - LISTS_LAST)
        if kept and named <= set(kept.asked_items):
            return kept
        if kept and len(named | set(kept.asked_items)) <= MOST_ITEMS_ASKED:
            named |= set(kept.asked_items)
        fresh = self._with_catalog(netsuite, read_lists(self.netsuite_for(netsuite), named), anew=fields_anew)
        accounts.put_lists(netsuite, encode(fresh), now=self.now())
        return fresh

    def _with_catalog(self, netsuite: str, lists: Lists, *, anew: bool) -> Lists:
        """A role that may not read the catalog has an empty one: nothing is said of fields then."""
        before = self.kept_lists(netsuite) or lists
        read_at = before.catalog_read_at
        if not anew and read_at and self.now() - read_at < CATALOG_LASTS:
            return replace(lists, catalog=before.catalog, catalog_read_at=read_at)
        try:
            catalog = self.netsuite_for(netsuite).describe(list(REFUNDING))
        except NetSuiteError as problem:
            if problem.retryable:
                return replace(lists, catalog=before.catalog, catalog_read_at=read_at)
            catalog = Catalog()
        return replace(lists, catalog=catalog, catalog_read_at=self.now())

    def kept_lists(self, netsuite: str, *, not_before: datetime | None = None) -> Lists | None:
        """Gives the lists of a NetSuite account as they were last read; None where they were not, or are too old."""
        from contrapost.records import accounts

        kept = accounts.lists(netsuite)
        if kept is None or (not_before and kept.at < not_before):
            return None
        try:
            return decode(kept.text, Lists)
        except CodecError:
            return None


def open_app(
    environment: Mapping[str, str] | None = None, *, settings_of: Callable[[Vault], Mapping[str, Any]] | None = None
) -> App:
    """Opens Contrapost as the environment says: CONTRAPOST_HOME, DATABASE_URL, CONTRAPOST_SECRET_KEY.

    Each of the last two may come from a file instead, named in the variable with `_FILE` at its end.

    Args:
        environment: the process's own where none is given.
        settings_of: gives the further Django settings of a door that needs some.

    Raises:
        DatabaseUrlError: DATABASE_URL cannot be used.
        OtherReleaseError: the database is of another release than this program.
        VaultError: the key for the secrets cannot be used.
    """
    from contrapost.records import setup

    given = os.environ if environment is None else environment
    vault = Vault.at(home_of(given), key_text(given))
    prepare(given, settings_of(vault) if settings_of else {})
    setup.start()
    return App(vault=vault, holder=new_name(), engine_url=_engine_url(given))


def prepare(environment: Mapping[str, str] | None = None, settings: Mapping[str, Any] | None = None) -> None:
    """Says where the database is, without opening it: the rows can be imported only after this.

    Args:
        environment: the process's own where none is given.
        settings: further Django settings, which count only the first time in a process.

    Raises:
        DatabaseUrlError: DATABASE_URL cannot be used.
    """
    from contrapost.records import setup

    given = os.environ if environment is None else environment
    home = home_of(given)
    home.mkdir(parents=True, exist_ok=True)
    setup.configure(database_url(given), **(settings or {}))


def database_url(environment: Mapping[str, str] | None = None) -> str:
    """Gives the address of the database: DATABASE_URL, or a SQLite file in our home."""
    given = os.environ if environment is None else environment
    return _variable(given, "DATABASE_URL") or f"sqlite:///{home_of(given) / 'contrapost.sqlite3'}"


def key_text(environment: Mapping[str, str] | None = None) -> str:
    """Gives the keys that the environment says, separated by commas; empty where they are in our home."""
    return _variable(os.environ if environment is None else environment, "CONTRAPOST_SECRET_KEY")


def log_form(environment: Mapping[str, str] | None = None) -> str:
    """Gives the form of the log: CONTRAPOST_LOG, `text` or `json`."""
    return (os.environ if environment is None else environment).get("CONTRAPOST_LOG", "") or "text"


def metrics_token(environment: Mapping[str, str] | None = None) -> str:
    """Gives what whoever asks for metrics has to send; empty where they are for this machine only."""
    return _variable(os.environ if environment is None else environment, "CONTRAPOST_METRICS_TOKEN")


def sends_to_collector(environment: Mapping[str, str] | None = None) -> bool:
    """Says whether metrics go to an OpenTelemetry collector, as its own variables say."""
    given = os.environ if environment is None else environment
    return any(given.get(name) for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"))


def _engine_url(given: Mapping[str, str]) -> str:
    """The same PostgreSQL, or a SQLite file of its own beside ours."""
    url = database_url(given)
    return f"{url}-engine" if url.startswith("sqlite:") else url


def home_of(environment: Mapping[str, str] | None = None) -> Path:
    """Gives the folder that holds our state: CONTRAPOST_HOME, or the platform's folder for data."""
    given = (os.environ if environment is None else environment).get("CONTRAPOST_HOME", "")
    return Path(given).expanduser().resolve() if given else Path(platformdirs.user_data_dir("contrapost"))


def _variable(environment: Mapping[str, str], name: str) -> str:
    path = environment.get(f"{name}_FILE", "")
    return Path(path).read_text().strip() if path else environment.get(name, "")
