"""What NetSuite can do to a call, and what the client makes of it: each fault played, and all of them as one table.

`docs/netsuite-faults.md` is this table. A test plays the faults and compares; `make faults` writes the page anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builders import plan_with, usd
from posting_fakes import FakeJournal, InAnyOrder, Power, Row

from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.drafts import Draft, LedgerLine, RecordType, Source
from contrapost.netsuite.settings import read_settings
from contrapost.posting.post import Poster
from contrapost.refunds.lifecycle import BOOKED, LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contrapost.demo.processes import Emulator
    from contrapost.netsuite.answers import Answer, Standing

PAGE = Path(__file__).resolve().parents[1] / "docs" / "netsuite-faults.md"
Do = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong while one cash refund is posted."""

    says: str
    script: tuple[Do, ...] = ()
    """What the emulator is told to do, in the form its control plane takes."""
    first: Callable[[Books], None] = lambda _: None
    """Done in the moment before the refund is posted."""
    look: Callable[[Books], None] = lambda _: None
    """Done in the moment before the client looks for the record."""
    mended: Callable[[Books], None] = lambda _: None
    """Done before the refund is posted again, where it was not posted."""
    last: Callable[[Books], None] = lambda _: None
    """Done after everything, before it is counted what stands."""


class Books:
    """An emulated account with one sale in it, a client, and a refund of the whole sale to be posted."""

    def __init__(self, running: Emulator) -> None:
        self.running = running
        running.ask("POST", "reset")
        running.ask("POST", "seed", _SEED)
        self.eyes = self.client()
        self.net = self.client()
        self.draft = self._draft()

    def client(self, *, ahead: float = 0.0, tokens: bool = False) -> RestNetSuite:
        """A client whose clock is some seconds ahead, and that signs with the certificate, or with tokens."""
        said = self.running.ask("GET", "credentials")
        signing = (
            said["tba"] if tokens else {name: said[name] for name in ("client_id", "certificate_id", "private_key")}
        )
        settings, findings = read_settings({"account_id": said["account_id"], "url": said["url"], **signing})
        assert settings is not None, findings
        return RestNetSuite(settings, now=lambda: time.time() + ahead, sleep=lambda _: None)

    def _draft(self) -> Draft:
        """The refund, with the ledger of the sale turned round."""
        sale = self.eyes.rows("SELECT id FROM transaction WHERE externalid = 'sale'", "look")[0]["id"]
        asked = f"SELECT account, amount FROM transactionaccountingline WHERE transaction = {sale}"
        ledger = [
            LedgerLine(account=row["account"], credit=Decimal(row["amount"])) for row in self.eyes.rows(asked, "look")
        ]
        return Draft(
            record=RecordType.CASH_REFUND,
            external_id="cp-shop-9-cr-1",
            source=Source(record="cashSale", id=sale),
            replace=(),
            body={"externalId": "cp-shop-9-cr-1", "account": {"externalId": "clearing"}},
            total=usd("10.00"),
            ledger=tuple(ledger),
        )

    def held(self) -> int:
        """How many refunds NetSuite holds; asked for in the way that no fault waits for."""
        waited_for = {one["when"] for one in self.running.ask("GET", "faults")}
        lags = any(self.running.ask("GET", "suiteql-lag").values())
        if READ not in waited_for and not lags:
            return len(self.eyes.rows("SELECT id FROM transaction WHERE type = 'CashRfnd'", "count"))
        listed = self.eyes.get("cashRefund", "") or {}
        return int(listed["totalResults"])


@dataclass
class Noted:
    """The client, with a note of each step: what was asked, and what came of it."""

    books: Books
    look: Callable[[Books], None]
    steps: list[str] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    """How many refunds stood after each write."""
    room: int = 1

    def write(self, draft: Draft, body: Mapping[str, object], ours: Callable[[], bool]) -> Answer:
        """Sends the record."""
        answer = self.books.net.write(draft, body, ours)
        self.steps.append(type(answer).__name__.lower())
        self.held.append(self.books.held())
        return answer

    def most_together(self, draft: Draft) -> int:
        """Says how many may be written in one call."""
        return self.books.net.most_together(draft)

    def find(self, draft: Draft) -> Standing | None:
        """Looks for it."""
        self.look(self.books)
        try:
            found = self.books.net.find(draft)
        except NetSuiteError:
            self.steps.append("looked up: no answer")
            raise
        self.steps.append("looked up: it stands" if found else "looked up: it does not stand")
        return found

    def read_back(self, drafts: Mapping[str, Draft]) -> Mapping[str, Standing]:
        """Reads it back."""
        try:
            found = self.books.net.read_back(drafts)
        except NetSuiteError:
            self.steps.append("read back: no answer")
            raise
        self.steps.append("read back" if found else "read back: not shown yet")
        return found

    def wait(self, seconds: float) -> None:
        """Waits no time at all; a long pause, which is taken in parts, is noted once."""
        del seconds
        if self.steps[-1:] != ["waited"]:
            self.steps.append("waited")


@dataclass(frozen=True)
class Played:
    """What came of one fault."""

    says: str
    answers: tuple[str, ...]
    """To each write, in order."""
    held: tuple[int, ...]
    """How many refunds NetSuite held after each."""
    followed: tuple[str, ...]
    """After the first answer."""
    state: str
    """As people read it."""
    finding: str
    again: str
    """The state after the refund was posted again; empty where it did not have to be."""
    stands: int
    """How many refunds NetSuite holds in the end."""


def play(fault: Fault, running: Emulator) -> Played:
    """Posts one refund while something goes wrong; and once more, with nothing wrong, where it was not posted."""
    books = Books(running)
    noted = Noted(books, fault.look)
    journal = FakeJournal([], Power(), rows={1: Row(plan_with(books.draft))})
    fault.first(books)
    running.ask("POST", "faults", list(fault.script))
    _post(noted, journal)
    row = journal.rows[1]
    state, finding = LABELS[row.state], row.findings[0].code if row.findings else ""
    steps, again = list(noted.steps), ""
    if row.state not in BOOKED:
        running.ask("DELETE", "faults")
        fault.mended(books)
        books.net = books.client()
        _post(noted, journal)
        again = LABELS[row.state]
    fault.last(books)
    answers = tuple(step for step in steps if step in ANSWERS)
    return Played(
        says=fault.says,
        answers=answers,
        held=tuple(noted.held[: len(answers)]),
        followed=_followed(steps),
        state=state,
        finding=finding,
        again=again,
        stands=books.held(),
    )


ANSWERS = ("written", "refused", "unknown")


def _followed(steps: list[str]) -> tuple[str, ...]:
    """What was done after the first answer; a wait belongs to the sending after it."""
    told: list[str] = []
    for step in steps[1:]:
        if step in ANSWERS:
            waited = bool(told) and told[-1] == "waited"
            told[-1:] = ["waited and sent again"] if waited else [*told[-1:], "sent again"]
        else:
            told.append(step)
    return tuple(told)


def _post(noted: Noted, journal: FakeJournal) -> None:
    carrier = InAnyOrder([])
    poster = Poster(noted, journal, sleep=noted.wait, clock=lambda: 0.0, carrier=lambda: carrier)
    list(poster.post([journal.work(1)]))


def page(played: list[Played]) -> str:
    """The page: what it is, and one line for each fault."""
    rows = "\n".join(line(one) for one in played)
    return f"{_HEAD}\n{rows}\n"


_HEAD = """\
<!-- Made by `make faults`; do not edit. -->

# When NetSuite fails

What NetSuite, or the way to it, can do to a call, and what Contrapost makes of it.
A test plays each of these against the emulated NetSuite and compares the outcome with this table.

A write has three answers.
Written: NetSuite said so, and named the record.
Refused: NetSuite said no, or the call never left; nothing stands because of it.
Unknown: there was no clear answer, so that NetSuite is looked at before anything is sent again.

| What happens | Answers to the write | Stands after each | What followed | In the end | Posted again | Stands |
| --- | --- | --- | --- | --- | --- | --- |"""


def line(one: Played) -> str:
    """One line of the table."""
    ended = f"{one.state} (`{one.finding}`)" if one.finding else one.state
    cells = (
        one.says,
        _in_turn(one.answers),
        _in_turn([str(number) for number in one.held]),
        _in_turn(one.followed) or "-",
        ended,
        one.again or "-",
        str(one.stands),
    )
    return f"| {' | '.join(cells)} |"


_SEED = [
    {"type": kind, "body": body}
    for kind, body in (
        ("account", {"externalId": "clearing", "acctNumber": "1090", "acctName": "C", "acctType": {"id": "Bank"}}),
        ("customer", {"externalId": "ada", "companyName": "Ada"}),
        ("nonInventorySaleItem", {"externalId": "card", "itemId": "CARD"}),
        (
            "cashSale",
            {
                "externalId": "sale",
                "entity": {"externalId": "ada"},
                "account": {"externalId": "clearing"},
                "item": {"items": [{"item": {"externalId": "card"}, "quantity": 1, "amount": 10}]},
            },
        ),
    )
]


def _lagging(**lag: int) -> Callable[[Books], None]:
    return lambda books: books.running.ask("POST", "suiteql-lag", lag)


def _twenty_minutes_later(books: Books) -> None:
    books.running.ask("POST", "clock", {"now": (datetime.now(UTC) + timedelta(minutes=20)).isoformat()})
    books.eyes = books.client()


def fault(when: str, do: str, times: int = 1, nth: int = 1) -> Do:
    """What the control plane takes for one fault."""
    return {"when": when, "do": do, "times": times, "nth": nth}


def _in_turn(said: Sequence[str]) -> str:
    """What was said, in turn; what was said several times in a row is said once."""
    runs = [(one, len(list(same))) for one, same in groupby(said)]
    return ", ".join(one if count == 1 else f"{one} ({count} times)" for one, count in runs)


def _two_hours_later(books: Books) -> None:
    books.net.rows("SELECT id FROM customer", "sign in")
    books.running.ask("POST", "clock", {"now": (datetime.now(UTC) + timedelta(hours=2)).isoformat()})
    books.eyes = books.client()


def _signing(*, ahead: float = 0.0, tokens: bool = False) -> Callable[[Books], None]:
    def change(books: Books) -> None:
        books.net = books.client(ahead=ahead, tokens=tokens)

    return change


WRITE, LOOK, READ = "create cashRefund", "get cashRefund", "suiteql"
FAULTS = (
    Fault("Nothing goes wrong"),
    Fault("The record is written, and the connection breaks before the answer", (fault(WRITE, "commit then drop"),)),
    Fault("The connection breaks, and nothing was written", (fault(WRITE, "drop"),)),
    Fault("The connection breaks twice, and nothing was written", (fault(WRITE, "drop", 2),)),
    Fault("The answer is cut short", (fault(WRITE, "truncated"),)),
    Fault("The answer is no answer of NetSuite's", (fault(WRITE, "garbage"),)),
    Fault("HTTP 500, and nothing was written", (fault(WRITE, "500 before commit"),)),
    Fault("HTTP 500, and the record was written", (fault(WRITE, "500 after commit"),)),
    Fault("HTTP 503, and nothing was written", (fault(WRITE, "503 before commit"),)),
    Fault("HTTP 503, and the record was written", (fault(WRITE, "503 after commit"),)),
    Fault("A proxy answers 502, and nothing was written", (fault(WRITE, "502 before commit"),)),
    Fault("A proxy answers 502, and the record was written", (fault(WRITE, "502 after commit"),)),
    Fault(
        "NetSuite gives up after 15 minutes, and writes the record all the same, later",
        (fault(WRITE, "slow 900000"),),
        last=_twenty_minutes_later,
    ),
    Fault(
        "NetSuite gives up after 15 minutes, and writes the record before it is looked at",
        (fault(WRITE, "slow 900000"),),
        look=_twenty_minutes_later,
    ),
    Fault("The answer is slow", (fault(WRITE, "slow 300"),)),
    Fault("HTTP 429, once", (fault(WRITE, "429"),)),
    Fault("HTTP 429, four times", (fault(WRITE, "429", 4),)),
    Fault("HTTP 429, as often as it is tried", (fault(WRITE, "429", 5),)),
    Fault(
        "The answer is lost, and NetSuite cannot be looked at afterwards",
        (fault(WRITE, "commit then drop"), fault(LOOK, "503", 4)),
    ),
    Fault(
        "The answer is lost, and the first look at NetSuite fails",
        (fault(WRITE, "commit then drop"), fault(LOOK, "garbage")),
    ),
    Fault("Reading back is turned away twice", (fault(READ, "429", 2),)),
    Fault("Reading back is answered with broken JSON", (fault(READ, "malformed"),)),
    Fault("Reading back breaks off", (fault(READ, "truncated"),)),
    Fault("Reading back fails for as long as it is tried", (fault(READ, "503", 4),)),
    Fault("The search is two questions behind", first=_lagging(queries=2)),
    Fault("The search is a quarter of an hour behind", first=_lagging(seconds=900), mended=_twenty_minutes_later),
    Fault("The token ends while the client counts on it", first=_two_hours_later),
    Fault("The token is turned away as it is used", (fault(WRITE, "expired token"),)),
    Fault("Signed with tokens, and a nonce is taken for used", (fault(WRITE, "used nonce"),), _signing(tokens=True)),
    Fault("No token is given", (fault("token", "503", 1),)),
    Fault("The client's clock is ten minutes ahead", first=_signing(ahead=600)),
    Fault("The client's clock is an hour behind", first=_signing(ahead=-3600)),
    Fault("Signed with tokens, and the client's clock is ten minutes ahead", first=_signing(ahead=600, tokens=True)),
)
