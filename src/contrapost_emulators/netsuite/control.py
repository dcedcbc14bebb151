"""The control plane under /_emulator: credentials, reset, seed, clock, faults, journal, settings, a person's doings."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.answers import Answer, plain
from contrapost_emulators.netsuite.bodies import BodyReader
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.faults import read_fault
from contrapost_emulators.netsuite.kinds import kind_named
from contrapost_emulators.netsuite.preferences import change
from contrapost_emulators.netsuite.screens import Screens
from contrapost_emulators.netsuite.suiteql.lag import read_lag

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.netsuite.account import Account

LARGEST_SKEW = 10**9


class Control:
    """Answers requests to the control plane."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._routes: dict[tuple[str, str], Callable[[object], object]] = {
            ("GET", "credentials"): self._credentials,
            ("POST", "certificates"): self._upload,
            ("POST", "reset"): self._reset,
            ("POST", "seed"): self._seed,
            ("POST", "clock"): self._clock,
            ("GET", "clock"): self._tell_time,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._set_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "journal"): self._journal,
            ("DELETE", "journal"): self._clear_journal,
            ("GET", "preferences"): self._preferences,
            ("POST", "preferences"): self._set_preferences,
            ("GET", "suiteql-lag"): self._lag,
            ("POST", "suiteql-lag"): self._set_lag,
            ("GET", "governance"): self._governance,
            ("POST", "governance"): self._set_governance,
            ("GET", "permissions"): self._permissions,
            ("POST", "permissions"): self._set_permissions,
        }

    def answer(self, method: str, name: str, body: object) -> Answer:
        """Do what the control plane is asked."""
        route = self._routes.get((method, name)) or Screens(self.account.state).routes.get((method, name))
        if route is None:
            raise Refused("no such page", path=f"{method} /_emulator/{name}")
        document = route(body)
        return Answer(204) if document is None else plain(document)

    def _credentials(self, body: object) -> object:
        del body
        return self.account.credentials.document(self.account.base)

    def _upload(self, body: object) -> object:
        """Upload a client certificate, as on NetSuite's page of OAuth 2.0 clients; a reset takes it away."""
        if not isinstance(body, dict) or body.keys() != {"certificate"}:
            raise Refused("bad request", why="an object with certificate is expected: the text of the PEM file")
        return {"certificate_id": self.account.gate.certificates.upload(body["certificate"])}

    def _reset(self, body: object) -> None:
        """Empty the account and forget faults and journal; credentials stay. The clock runs, or stands at `now`."""
        self._clock(body)
        self.account.reset()

    def _seed(self, body: object) -> object:
        """Create records through the code that REST uses, all or none of them."""
        if not isinstance(body, list):
            raise Refused("bad request", why="a list of {type, body} is expected")
        with self.account.state.write():
            made = [self._seed_one(entry) for entry in body]
        self.account.mirror.keep_up()
        return made

    def _seed_one(self, entry: object) -> object:
        if not isinstance(entry, dict) or not {"type", "body"} <= entry.keys():
            raise Refused("bad request", why="each seed is {type, body}")
        kind = kind_named(str(entry["type"]))
        submission = BodyReader(self.account.state, kind, "error").read(entry["body"])
        record = self.account.records.create(kind, submission)
        return {"type": kind.name, "id": record.id}

    def _clock(self, body: object) -> object:
        """Freeze the clock at `now`, let it run `skew_seconds` before the machine's, or let it run as that does."""
        asked = body if isinstance(body, dict) else {}
        now, skew = asked.get("now"), asked.get("skew_seconds", 0)
        if isinstance(skew, bool) or not isinstance(skew, int) or abs(skew) > LARGEST_SKEW:
            raise Refused("bad request", why="skew_seconds is a whole number of seconds")
        try:
            self.account.clock.freeze(str(now) if now else None)
        except ValueError:
            raise Refused("bad request", why=f"not a moment in ISO form: {now}") from None
        if skew and not now:
            self.account.clock.go_wrong(skew)
        self.account.agenda.catch_up()
        return self._tell_time(None)

    def _tell_time(self, body: object) -> object:
        del body
        clock = self.account.clock
        return {"now": clock.now().isoformat(), "frozen": clock.frozen is not None}

    def _faults(self, body: object) -> object:
        del body
        return [asdict(fault) for fault in self.account.script.faults]

    def _set_faults(self, body: object) -> object:
        entries = body if isinstance(body, list) else [body]
        self.account.script.faults.extend([read_fault(entry) for entry in entries])
        return self._faults(None)

    def _clear_faults(self, body: object) -> None:
        del body
        self.account.script.faults.clear()

    def _journal(self, body: object) -> object:
        del body
        return {"requests": [asdict(entry) for entry in self.account.journal.requests]}

    def _clear_journal(self, body: object) -> None:
        del body
        self.account.journal.requests.clear()

    def _preferences(self, body: object) -> object:
        del body
        return asdict(self.account.state.preferences)

    def _set_preferences(self, body: object) -> object:
        change(self.account.state.preferences, body)
        return self._preferences(None)

    def _permissions(self, body: object) -> object:
        del body
        return asdict(self.account.state.permissions)

    def _set_permissions(self, body: object) -> object:
        change(self.account.state.permissions, body)
        return self._permissions(None)

    def _governance(self, body: object) -> object:
        del body
        return self.account.governance.shown()

    def _set_governance(self, body: object) -> object:
        self.account.governance.change(body)
        return self._governance(None)

    def _lag(self, body: object) -> object:
        del body
        return asdict(self.account.mirror.lag)

    def _set_lag(self, body: object) -> object:
        """Let SuiteQL see what is written from now on only after so many `queries`, and so many `seconds`."""
        self.account.mirror.lag = read_lag(body)
        return self._lag(None)
