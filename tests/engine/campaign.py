"""A campaign against the workers: they are killed and NetSuite fails them; what stands in the end is counted there."""

from __future__ import annotations

import random
import signal
import sys
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1] / "flow"))
sys.path.insert(0, str(Path(__file__).parent))
from workshop import STEPS, Workshop
from world import PROFILE, bill, chart, order, refund, to

from contrapost import accounts, flow
from contrapost.app import App, open_app
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.settings import read_settings
from contrapost.records import asks, queries
from contrapost.records.asks import Priority
from contrapost.refunds.lifecycle import BOOKED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contrapost.demo.processes import Emulator

FIRST = 5001
FAULTS = (
    ("create cashRefund", "commit then drop"),
    ("create creditMemo", "commit then drop"),
    ("create customerRefund", "commit then drop"),
    ("create customerRefund", "500 after commit"),
    ("create cashRefund", "drop"),
    ("create creditMemo", "503 before commit"),
    ("any", "429"),
    ("any", "expired token"),
    ("create cashRefund", "truncated"),
    ("suiteql", "garbage"),
)
"""What NetSuite does meanwhile: `when` and `do` of its control plane."""
SETTLED_SECONDS = 240
WAIT_SECONDS = 180
FROZEN_SECONDS = 26
"""Longer than a lease lasts, and than a worker may be silent."""
FREEZE_EVERY = 50
DEATHS = tuple(f"{step} {when} {times}" for step in STEPS for when in ("before", "after") for times in (1, 2))
"""Every step boundary a worker can die at."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """What stands in NetSuite after a campaign, by NetSuite's own records."""

    kills: int
    refunds: int
    records: int
    duplicates: int
    missing: int


@dataclass
class Campaign:
    """A shop, books, a database, and workers that come and go."""

    shop: Emulator
    books: Emulator
    home: Path
    url: str = ""
    """Of a PostgreSQL database; SQLite in the home where it is empty."""
    seed: int = 1
    kills: int = 0
    ids: list[int] = field(default_factory=list)
    _next: int = FIRST

    def __post_init__(self) -> None:
        """Connects both accounts."""
        self.chance = random.Random(self.seed)  # noqa: S311 - which fault comes next
        for running in (self.shop, self.books):
            running.ask("POST", "reset")
        environment = {"CONTRAPOST_HOME": str(self.home)} | ({"DATABASE_URL": self.url} if self.url else {})
        self.app: App = open_app(environment)
        self._seed(chart())
        accounts.add_netsuite(self.app, "books", self.books.credentials())
        accounts.add(self.app, "shopify", "shop", {**self.shop.credentials(), **PROFILE})
        self.workshop = Workshop(self.home, self.url, self.home / "workers.log")

    def close(self) -> None:
        """Ends all workers."""
        self.workshop.close()

    # ---- trade

    def trade(self, orders: int) -> list[int]:
        """Sells and bills some orders, gives all or a part of each back, retrieves the refunds and asks for them."""
        numbers = range(self._next, self._next + orders)
        self._next += orders
        for number in numbers:
            sold, billed = _traded(number)
            self.shop.ask("POST", "orders", [sold])
            self._seed(billed)
        found = flow.retrieve(self.app, "shop", flow.Orders(names=[f"#{number}" for number in numbers]), by="test")
        fresh = [row.id for row in found.transactions]
        asks.ask(fresh, by="automatic", priority=Priority.AUTOMATIC, now=self.app.now())
        self.ids += fresh
        return fresh

    @property
    def sold(self) -> int:
        """How many orders were sold."""
        return self._next - FIRST

    def _seed(self, records: Sequence[tuple[str, dict[str, Any]]]) -> None:
        self.books.ask("POST", "seed", [{"type": kind, "body": body} for kind, body in records])

    # ---- faults

    def fail_somehow(self) -> None:
        """Lets NetSuite fail some of the next calls."""
        when, do = self.chance.choice(FAULTS)
        times = self.chance.choice((1, 1, 2, 5)) if do == "429" else 1
        self.books.ask("POST", "faults", [{"when": when, "nth": self.chance.randint(1, 3), "times": times, "do": do}])

    def die_at(self, death: str) -> None:
        """Starts a worker that dies at a step, and waits until it has, or nothing is left to be done."""
        number = self.workshop.start(death)
        end = time.monotonic() + SETTLED_SECONDS
        while number in self.workshop.alive() and time.monotonic() < end:
            if not asks.of(self.ids):
                break
            time.sleep(0.05)
        self.kill(number)

    def kill(self, number: int) -> None:
        """Kills a worker."""
        self.workshop.kill(number)
        self.kills += 1

    def freeze(self) -> None:
        """Stops a worker for longer than its lease lasts, lets another one take over, and wakes it up again."""
        number = self.chance.choice(self.workshop.alive() or [self.workshop.start()])
        self.workshop.kill(number, signal.SIGSTOP)
        self.workshop.start()
        time.sleep(FROZEN_SECONDS)
        self.workshop.kill(number, signal.SIGCONT)

    # ---- the end

    def settle(self) -> None:
        """Lets a worker finish in peace; what was put off is due at once."""
        self.books.ask("POST", "faults", [])
        asks.ask(self.ids_open(), by="automatic", priority=Priority.AUTOMATIC, now=self.app.now())
        number = self.workshop.start()
        end = time.monotonic() + SETTLED_SECONDS
        while (left := self.ids_open()) and time.monotonic() < end:
            asks.ask(left, by="automatic", priority=Priority.AUTOMATIC, now=self.app.now())
            time.sleep(0.2)
        self.workshop.kill(number)

    def ids_open(self) -> list[int]:
        """Those that are not posted yet."""
        return [id_ for id_, state in queries.states(self.ids).items() if state not in BOOKED]

    def query(self, sql: str) -> list[dict[str, str]]:
        """Asks NetSuite, not our rows."""
        settings, _ = read_settings(self.books.credentials())
        assert settings is not None
        return RestNetSuite(settings).rows(sql, "check")

    def writes(self) -> int:
        """How many records stand that are ours."""
        return len(self.query("SELECT id FROM transaction WHERE externalid LIKE 'cp-%'"))

    def count(self) -> Count:
        """Counts what stands: by refund and kind of record, each once and none else."""
        stand = Counter(
            _refund_and_kind(row["externalid"])
            for row in self.query("SELECT externalid FROM transaction WHERE externalid LIKE 'cp-%'")
        )
        wanted = Counter(
            _refund_and_kind(draft.external_id)
            for row in queries.get_all(self.ids)
            for draft in (row.plan.drafts if row.plan else ())
        )
        return Count(
            kills=self.kills,
            refunds=len(self.ids),
            records=sum(stand.values()),
            duplicates=(stand - wanted).total(),
            missing=(wanted - stand).total() + len(self.ids_open()),
        )

    def books_now(self) -> dict[str, dict[str, Decimal]]:
        """What the books say: the net of each account, the units of each item, and what is open on each invoice."""
        ledger = self.query(
            "SELECT a.acctnumber AS name, SUM(g.amount) AS value FROM transactionaccountingline g "
            "JOIN account a ON a.id = g.account GROUP BY a.acctnumber"
        )
        stock = self.query(
            "SELECT i.itemid AS name, SUM(s.quantityonhand) AS value FROM inventoryitemlocations s "
            "JOIN item i ON i.id = s.item GROUP BY i.itemid"
        )
        owed = self.query(
            "SELECT t.externalid AS name, t.foreignamountunpaid AS value FROM transaction t WHERE t.type = 'CustInvc'"
        )
        said: dict[str, dict[str, Decimal]] = defaultdict(dict)
        for what, rows in (("ledger", ledger), ("stock", stock), ("owed", owed)):
            for row in rows:
                said[what][row["name"]] = Decimal(row.get("value", "0"))
        return dict(said)


def until(come_true: Callable[[], object], what: str) -> None:
    """Waits until something has come to be; a test in which it does not fails, saying what was awaited."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if come_true():
            return
        time.sleep(0.05)
    raise AssertionError(f"It did not come to this: {what}")


def run(campaign: Campaign, kills: int, *, orders: int = 8, together: int = 2) -> Count:
    """Kills workers at random moments and at steps in turn, while there is always something to post."""
    deaths = list(DEATHS)
    campaign.chance.shuffle(deaths)
    while campaign.kills < kills:
        if len(asks.of(campaign.ids)) < orders:
            campaign.trade(orders)
        if campaign.chance.random() < 0.6:
            campaign.fail_somehow()
        if campaign.kills % FREEZE_EVERY == FREEZE_EVERY - 1:
            campaign.freeze()
        if campaign.kills % 2:
            deaths = deaths or list(DEATHS)
            campaign.die_at(deaths.pop())
            continue
        while len(campaign.workshop.alive()) < together:
            campaign.workshop.start()
        time.sleep(campaign.chance.uniform(0.1, 2.5))
        alive = campaign.workshop.alive()
        if alive:
            campaign.kill(campaign.chance.choice(alive))
    campaign.settle()
    return campaign.count()


def as_row(count: Count) -> dict[str, int]:
    """The count as one row of JSON."""
    return asdict(count)


def _refund_and_kind(external_id: str) -> tuple[str, str]:
    """Which refund and which record of it an external id is of, whatever its revision."""
    parts = external_id.split("-")
    return parts[2], parts[3]


def _traded(number: int) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    """An order and its bill: a cash sale, a paid invoice, goods that come back, or two refunds of one bill in turn."""
    kind = number % 4
    if kind == 1:
        backs = [refund(number * 10 + 1, [(0, 1, "100.00", "8.25")], paid="108.25")]
        sold = order(number, [("LAMP", 1, "100.00", "8.25")], backs, paid="108.25")
        invoice = bill("invoice", f"#{number}", [("LAMP", 1, "100.00", "8.25")])
        return sold, [invoice, _paid(number, "108.25")]
    if kind == 2:
        backs = [refund(number * 10 + n, [(0, 1, "20.00", "1.65")], paid="21.65") for n in (1, 2)]
        sold = order(number, [("MUG", 3, "20.00", "4.95")], backs, paid="64.95")
        return sold, [bill("cashSale", f"#{number}", [("MUG", 3, "60.00", "4.95")])]
    backs = [refund(number * 10 + 1, [(0, 1, "100.00", "8.25")], paid="108.25")]
    sold = order(number, [("LAMP", 2, "100.00", "16.50")], backs, paid="216.50")
    return sold, [bill("cashSale", f"#{number}", [("LAMP", 2, "200.00", "16.50")])]


def _paid(number: int, amount: str) -> tuple[str, dict[str, Any]]:
    applied = {"doc": to(f"bill-{number}"), "apply": True, "amount": Decimal(amount)}
    body = {
        "externalId": f"paid-{number}",
        "customer": to("cust"),
        "payment": Decimal(amount),
        "account": to("acct-1090"),
        "apply": {"items": [applied]},
    }
    return "customerPayment", body
