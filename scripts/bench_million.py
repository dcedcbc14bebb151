"""Measures a back-fill of 100,000 refunds into a million, by a worker: does it stay as quick, and as small?"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench_engine import Worker, connected, opened
from bench_list import fill_shops
from bench_trade import BOOKS, SHOP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench_tables import Row
    from bench_trade import Trade

    from contrapost.app import App

FILLED, STEP = 100_000, 10_000
SOLD_AT_ONCE = 500
DAYS_AGO, GO_LIVE_DAYS_AGO = 20, 40
SLOWEST, LARGEST = 1.10, 1.10
LOOK_SECONDS = 1.0
RECORDS_AT_ONCE = 50_000
POINTS_A_SECOND = 1_000_000
"""So many that the shop never makes us wait: its limit would be what is measured, the same for each portion."""


def million(filled: int = FILLED, step: int = STEP) -> list[Row]:
    """Fills the rows, sells and bills the orders, has them filled in, and looks at each so many."""
    with ExitStack() as stack:
        app, environment = opened(stack, "SQLite")
        trade = connected(stack, app, SHOP, BOOKS)
        trade.store.ask("POST", "throttle", {"rate": POINTS_A_SECOND})
        fill_shops(app)
        _go_live(app, trade)
        _sell(trade, filled)
        first = _newest()
        worker = stack.enter_context(Worker(environment))
        _ask_for_all(app)
        times, sizes = zip(*_steps(worker, first, filled, step), strict=True)
        wrong = _missing_or_twice(trade, first, filled)
    slowest = max(times[1:]) / times[0]
    largest = max(sizes) / sizes[0]
    each = f"{times[0] / step * 1000:.1f} ms for each of the first {step:,}"
    what = f"{filled:,} refunds back-filled into 1,000,000"
    return [
        (
            f"{what}: the slowest {step:,} against the first",
            f"{slowest:.2f} times ({each}; {sum(times) / 60:.0f} minutes in all)",
            f"at most {SLOWEST:.2f}",
            slowest <= SLOWEST,
        ),
        (
            f"{what}: memory of the worker against that after {step:,}",
            f"{largest:.2f} times ({sizes[0]:.0f} MB, then at most {max(sizes):.0f} MB)",
            f"at most {LARGEST:.2f}",
            largest <= LARGEST,
        ),
        (f"{what}: missing or twice in NetSuite", str(wrong), "none", not wrong),
    ]


def _go_live(app: App, trade: Trade) -> None:
    """Live since before the refunds that are filled in; polled up to now, so that only the back-fill brings them."""
    trade.sell_more(1)
    from contrapost import flow
    from contrapost.records import golive

    since = (app.now() - timedelta(days=GO_LIVE_DAYS_AGO)).date()
    golive.sign_off(SHOP, by="bench", now=app.now(), go_live_on=since, note="", shown="[]")
    golive.switch(SHOP, on=True, by="bench", now=app.now())
    while flow.keep_up(app, SHOP):
        pass


def _sell(trade: Trade, orders: int) -> None:
    begins = datetime.now(UTC) - timedelta(days=DAYS_AGO)
    for start in range(0, orders, SOLD_AT_ONCE):
        trade.sell_more(min(SOLD_AT_ONCE, orders - start), at=begins + timedelta(seconds=start))
    for emulated in (trade.store, trade.netsuite):
        emulated.ask("DELETE", "journal")


def _newest() -> int:
    from contrapost.records.models import Transaction

    return int(Transaction.objects.order_by("-id").values_list("id", flat=True)[0])


def _ask_for_all(app: App) -> None:
    from contrapost.records import backfills

    since = app.now() - timedelta(days=DAYS_AGO + 1)
    backfills.ask(SHOP, by="bench", now=app.now(), since=since, until=app.now() - timedelta(hours=1))


def _steps(worker: Worker, first: int, filled: int, step: int) -> Iterator[tuple[float, float]]:
    """For each so many that were posted: the seconds that took, and the megabytes the worker holds then."""
    from contrapost.records.models import Transaction

    begun = time.perf_counter()
    for wanted in range(step, filled + 1, step):
        while Transaction.objects.filter(id__gt=first, status="posted").count() < wanted:
            time.sleep(LOOK_SECONDS)
        now = time.perf_counter()
        print(f"{wanted:,} posted: {now - begun:.1f} s, {worker.megabytes():.0f} MB", file=sys.stderr)  # noqa: T201 - how far it is
        yield now - begun, worker.megabytes()
        begun = now


def _missing_or_twice(trade: Trade, first: int, filled: int) -> int:
    """Counts the refunds without a record of their own in NetSuite, and the records that stand there once too often."""
    from contrapost.records.models import Link

    linked = Link.objects.filter(transaction__gt=first).values_list("external_id", flat=True)
    stand = list(_external_ids(trade))
    return abs(filled - len(linked)) + len(set(linked) - set(stand)) + len(stand) - len(set(stand))


def _external_ids(trade: Trade) -> Iterator[str]:
    """Gives those of all records of ours in NetSuite, which answers no question with more than 100,000 rows."""
    from contrapost.netsuite.client import RestNetSuite
    from contrapost.netsuite.settings import read_settings

    settings, _ = read_settings(trade.netsuite.credentials())
    if settings is None:
        sys.exit("The emulator gave no credentials")
    net = RestNetSuite(settings)
    [newest] = net.rows("SELECT MAX(id) AS id FROM transaction", "count")
    for after in range(0, int(newest["id"]), RECORDS_AT_ONCE):
        some = f"id > {after} AND id <= {after + RECORDS_AT_ONCE}"
        sql = f"SELECT externalid FROM transaction WHERE type = 'CashRfnd' AND externalid LIKE 'cp-%' AND {some}"  # noqa: S608 - two numbers
        yield from (row["externalid"] for row in net.rows(sql, "count"))
