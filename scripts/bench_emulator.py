"""Measures the emulated NetSuite with 200,000 transactions in it: writes, look-ups, memory, reset."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from contrapost.demo.processes import Emulator
from contrapost.netsuite.auth import authorizer
from contrapost.netsuite.settings import read_settings
from contrapost.netsuite.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench_tables import Row

TRANSACTIONS, AT_ONCE = 200_000, 500
REQUESTS = 2_000
RATE_LIMIT, MEMORY_LIMIT, RESET_LIMIT = 300, 500, 0.050
"""Requests a second, megabytes, seconds."""
_RECORD, _SUITEQL = "/services/rest/record/v1/", "/services/rest/query/v1/suiteql"
_json = msgspec.json.Encoder(decimal_format="number")
LOOK_UPS = (
    "SELECT id, tranid, externalid, foreigntotal FROM transaction WHERE externalid IN ('sale-{n}', 'refund-{n}')",
    """SELECT b.id, b.recordtype, b.foreigntotal FROM transaction so
        JOIN NextTransactionLineLink l ON l.previousdoc = so.id
        JOIN transaction b ON b.id = l.nextdoc WHERE so.otherrefnum = '#{n}'""",
    """SELECT t.id, l.id AS line, a.account, a.amount FROM transaction t JOIN transactionline l ON l.transaction = t.id
        LEFT JOIN transactionaccountingline a ON a.transaction = l.transaction AND a.transactionline = l.id
        WHERE t.externalid = 'sale-{n}' ORDER BY l.linesequencenumber""",
)


@dataclass
class Books:
    """A running emulator, signed in to, over one connection that is kept open."""

    process: subprocess.Popen[str]
    url: str
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(self.url).netloc)
        settings, _ = read_settings(Emulator("netsuite", self.url).credentials())
        if settings is None:
            sys.exit("The emulator gave no credentials")
        self._token = authorizer(settings, Wire(), time.time).header("GET", self.url)

    def send(self, path: str, body: object, **headers: str) -> bytes:
        """Sends one request, and gives its body or the place of what was written; ends the bench when refused."""
        sent = {"Authorization": self._token, "Content-Type": "application/json", **headers}
        self._connection.request("POST", path, _json.encode(body), sent)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status >= http.client.BAD_REQUEST:
            sys.exit(f"Refused: {path} {said.decode()}")
        return said or answer.headers.get("Location", "").encode()

    def seed(self, *records: tuple[str, dict[str, Any]]) -> list[str]:
        """Creates records through the control plane; gives their ids."""
        made = self.send("/_emulator/seed", [{"type": kind, "body": body} for kind, body in records])
        return [one["id"] for one in msgspec.json.decode(made)]

    def reset(self) -> None:
        """Empties the account."""
        self.send("/_emulator/reset", None)

    def memory(self) -> float:
        """What the process holds, in megabytes."""
        said = subprocess.run(  # noqa: S603 - of the process we started
            ["ps", "-o", "rss=", "-p", str(self.process.pid)],  # noqa: S607
            check=True,
            capture_output=True,
            text=True,
        )
        return int(said.stdout) * 1024 / 1e6

    def busy(self) -> float:
        """The seconds of processor time the process has had; where the system does not say, those that went by."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except FileNotFoundError:
            return time.perf_counter()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def emulated() -> list[Row]:
    """Fills an emulated account and measures; gives the rows of the table."""
    with _books() as books:
        _set_up(books)
        empty = books.memory()
        _fill(books)
        held = books.memory()
        full = f"with {TRANSACTIONS:,} transactions in it"
        rows = [
            (
                f"Memory {full} (empty: {empty:.0f} MB)",
                f"{held:.0f} MB",
                f"under {MEMORY_LIMIT} MB",
                held < MEMORY_LIMIT,
            ),
            _rate(f"Records written in a second of one core, {full}", books, _write),
            _rate(f"SuiteQL look-ups in a second of one core, {full}", books, _look_up),
        ]
        begun = time.perf_counter()
        books.reset()
        took = time.perf_counter() - begun
        rows.append(
            (
                f"Reset {full}",
                f"{took * 1000:.0f} ms",
                f"under {RESET_LIMIT * 1000:.0f} ms",
                took < RESET_LIMIT,
            )
        )
        return rows


@contextmanager
def _books() -> Iterator[Books]:
    call = [sys.executable, "-m", "contrapost_emulators.netsuite", "--port", "0", "--attached"]
    pipe = subprocess.PIPE
    with subprocess.Popen(call, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603 - our own module
        try:
            first = process.stdout.readline() if process.stdout else ""
            _on_one_core(process.pid)
            yield Books(process, next(word for word in first.split() if word.startswith("http://")))
        finally:
            process.terminate()


def _on_one_core(pid: int) -> None:
    """Keeps the emulator on one core, and this process, the client, on the others, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(pid, {min(cores)})
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {min(cores)})
    if len(cores) > 1:
        os.sched_setaffinity(0, cores - {min(cores)})


def _set_up(books: Books) -> None:
    made = books.seed(
        ("customer", {"entityId": "Ada"}),
        ("nonInventorySaleItem", {"itemId": "POSTCARD"}),
        ("inventoryItem", {"itemId": "TRAY"}),
        ("salesTaxItem", {"itemId": "US825", "rate": "8.25%"}),
    )
    books.ids = dict(zip(("customer", "card", "tray", "tax"), made, strict=True))


def _sale(books: Books, n: int) -> dict[str, Any]:
    """A sale of two lines, with shipping and tax; every one has other numbers."""
    return {
        "externalId": f"sale-{n}",
        "otherRefNum": f"#{n}",
        "memo": f"Order #{n}",
        "entity": {"id": books.ids["customer"]},
        "taxItem": {"id": books.ids["tax"]},
        "shippingCost": 5 + n % 7,
        "item": {
            "items": [
                {"item": {"id": books.ids["card"]}, "quantity": 1 + n % 3, "rate": 2 + n % 89, "price": {"id": "-1"}},
                {"item": {"id": books.ids["tray"]}, "quantity": 1, "rate": 10 + n % 97, "price": {"id": "-1"}},
            ]
        },
    }


def _fill(books: Books) -> None:
    """Half sales, half refunds that were made from them."""
    for first in range(0, TRANSACTIONS // 2, AT_ONCE):
        numbers = range(first, first + AT_ONCE)
        sales = books.seed(*(("cashSale", _sale(books, n)) for n in numbers))
        books.seed(
            *(
                ("cashRefund", {**_sale(books, n), "externalId": f"refund-{n}", "createdFrom": {"id": sale}})
                for n, sale in zip(numbers, sales, strict=True)
            )
        )


def _write(books: Books, n: int) -> None:
    """Every other write is a sale, and the next one refunds it by a transform."""
    if n % 2 == 0:
        location = books.send(f"{_RECORD}cashSale", _sale(books, TRANSACTIONS + n))
        books.ids["sale"] = location.decode().rsplit("/", 1)[1]
    else:
        body = {"externalId": f"refund-{TRANSACTIONS + n}", "item": {"items": [{"orderLine": 1, "quantity": 1}]}}
        books.send(f"{_RECORD}cashSale/{books.ids['sale']}/!transform/cashRefund?replace=item", body)


def _look_up(books: Books, n: int) -> None:
    question = LOOK_UPS[n % len(LOOK_UPS)].replace("{n}", str(n * 37))
    found = msgspec.json.decode(books.send(_SUITEQL, {"q": question}, Prefer="transient"))
    if not found["items"]:
        sys.exit(f"Nothing found: {question}")


def _rate(what: str, books: Books, request: Callable[[Books, int], None]) -> Row:
    """Counts requests by the emulator's own processor time: a machine that does other things does not slow that."""
    begun, busy = time.perf_counter(), books.busy()
    for n in range(REQUESTS):
        request(books, n)
    rate, by_clock = REQUESTS / (books.busy() - busy), REQUESTS / (time.perf_counter() - begun)
    return what, f"{rate:.0f} ({by_clock:.0f} by the clock)", f"at least {RATE_LIMIT}", rate >= RATE_LIMIT
