"""One emulated account: its books, who may sign in, what goes wrong in it, and what it is still to do."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contrapost_emulators.netsuite.auth import Credentials, Gate
from contrapost_emulators.netsuite.chart import fresh_state
from contrapost_emulators.netsuite.clock import Agenda, Clock
from contrapost_emulators.netsuite.faults import Script
from contrapost_emulators.netsuite.governance import Governance
from contrapost_emulators.netsuite.jobs import Jobs
from contrapost_emulators.netsuite.resources import RecordApi
from contrapost_emulators.netsuite.suiteql.mirror import Mirror

LONGEST_JOURNAL = 50_000


@dataclass(slots=True)
class Entry:
    """One request the emulator got: its status is none when the answer never left."""

    n: int
    method: str
    path: str
    status: int | None
    at: str


@dataclass
class Journal:
    """The last requests but those to the control plane, in order; `n` counts on where the oldest are let go."""

    requests: deque[Entry] = field(default_factory=lambda: deque(maxlen=LONGEST_JOURNAL))

    def open(self, method: str, path: str) -> Entry:
        """Note a request as it comes in."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = Entry(self.requests[-1].n + 1 if self.requests else 1, method, path, None, at)
        self.requests.append(entry)
        return entry


class Account:
    """One emulated account with everything that a reset empties, and what it keeps."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.clock = Clock()
        self.credentials = Credentials()
        self.gate = Gate(self.credentials, self.clock)
        self.script = Script()
        self.journal = Journal()
        self.governance = Governance()
        self.agenda = Agenda(self.clock)
        self.empty()

    def reset(self) -> None:
        """Start again with a fresh account: faults, journal, limits and uploads are forgotten, the credentials stay."""
        self.script.faults.clear()
        self.journal.requests.clear()
        self.governance.reset()
        self.agenda.clear()
        self.gate.certificates.forget_uploaded()
        self.empty()

    def empty(self) -> None:
        """Take everything out of the books."""
        self.state = fresh_state(self.clock)
        self.records = RecordApi(self.state, self.base)
        self.mirror = Mirror(self.state)
        self.jobs = Jobs(self.agenda, self.clock, self.base)
