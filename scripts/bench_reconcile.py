"""Measures a comparison of store and NetSuite: refunds a second, and memory over ten times as many of them.

Both sides are stood in for by what answers at once, so that what is measured is ours; each size has its own process.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from contrapost.app import App, open_app
from contrapost.refunds.document import Goods, Line, Refund, Restock, Tender, TenderKind, TenderStatus
from contrapost.refunds.money import Money
from contrapost.stores.contract import Page, Retrieved

if TYPE_CHECKING:
    from bench_tables import Row

    from contrapost.netsuite.client import RestNetSuite
    from contrapost.records.rows import AccountRow
    from contrapost.stores.contract import Store

FEW, MANY = 10_000, 100_000
ENOUGH_A_SECOND = 500
MOST_GROWTH = 1.10
"""Of memory, and of the time a refund takes."""
FIRST_DAY: Final = date(2026, 10, 1)
DAYS: Final = 31
ORDERS_A_PAGE, FIRST_ID, VOID_EACH = 50, 5_000_000, 1_000
_USD = "USD"
_KB = 1024


def compared() -> list[Row]:
    """Measures both sizes."""
    few, many = _measured(FEW), _measured(MANY)
    rate, growth, slower = many["rate"], many["memory"] / few["memory"], few["rate"] / many["rate"]
    return [
        (
            f"Refunds compared in a second of one core, {MANY:,} of them",
            f"{rate:,.0f} ({many['clock']:,.0f} by the clock, {many['seconds']:.0f} s in all)",
            f"at least {ENOUGH_A_SECOND:,}",
            rate >= ENOUGH_A_SECOND,
        ),
        (
            f"Time a refund takes with {MANY:,} of them, against {FEW:,}",
            f"{slower:.2f} times",
            f"at most {MOST_GROWTH:.2f}",
            slower <= MOST_GROWTH,
        ),
        (
            f"Memory with {MANY:,} of them, against {FEW:,}",
            f"{many['memory']:.0f} MB against {few['memory']:.0f} MB",
            f"at most {MOST_GROWTH:.2f} times",
            growth <= MOST_GROWTH,
        ),
    ]


def _measured(count: int) -> dict[str, float]:
    """Fills a database in one process, and compares in another."""
    with tempfile.TemporaryDirectory(prefix="bench") as home:
        for what in ("fill", "compare"):
            call = [sys.executable, __file__, what, home, str(count)]
            said = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this very file
    measured: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return measured


@dataclass(frozen=True, slots=True)
class StandIns(App):
    """Contrapost with a store and a NetSuite that answer at once, with so many refunds."""

    count: int = 0

    def store_for(self, account: AccountRow) -> Store:
        """Gives the store."""
        del account
        return Shop(self.count)  # type: ignore[return-value] # what a comparison asks of it

    def netsuite_for(self, name: str) -> RestNetSuite:
        """Gives NetSuite."""
        del name
        return Books(self.count)  # type: ignore[return-value] # what a comparison asks of it


@dataclass(frozen=True, slots=True)
class Shop:
    """A store with a refund for each number."""

    count: int

    def changed(self, *, since: datetime, until: datetime | None = None, cursor: str = "") -> Page:
        """Gives the next page."""
        del since, until
        first = int(cursor or 0)
        last = min(first + ORDERS_A_PAGE, self.count)
        refunds = tuple(retrieved(number) for number in range(first, last))
        return Page(refunds=refunds, cursor=str(last), has_more=last < self.count)


@dataclass(frozen=True, slots=True)
class Books:
    """A NetSuite with a cash refund for each number, every thousandth of them void."""

    count: int

    def rows(self, sql: str, what: str) -> list[dict[str, str]]:
        """Answers the question for the records after an id."""
        del what
        after, most = re.search(r"c\.id > (\d+)", sql), re.search(r"FETCH FIRST (\d+)", sql)
        if after is None or most is None:
            sys.exit(f"Not the question that was expected: {sql}")
        first = max(0, int(after[1]) - FIRST_ID + 1)
        return [_record(number) for number in range(first, min(first + int(most[1]), self.count))]


def retrieved(number: int) -> Retrieved:
    """Gives a refund of two lines, paid back by card."""
    amount = Money.of(f"{10 + number % 90}.25", _USD)
    half = Money.of("5.00", _USD)
    goods = Goods(restock=Restock.RETURNED, came_back=True, shipped=True)
    lines = tuple(
        Line(id=f"{number}-{place}", order_line_id=f"L{place}", sku="LAMP", title="Reading lamp", quantity=1,
             credited=part, tax=Money.zero(_USD), goods=goods)
        for place, part in enumerate((half, amount - half))
    )  # fmt: skip
    tender = Tender(
        id=f"t{number}", kind=TenderKind.MONEY, gateway="bank", amount=amount, status=TenderStatus.SUCCEEDED
    )
    day = FIRST_DAY + timedelta(days=number % DAYS)
    refund = Refund(
        store_refund_id=f"r{number}", order_id=f"o{number}", order_name=f"#{number}",
        refunded_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC), refunded_on=day, currency=_USD,
        lines=lines, tenders=(tender,),
    )  # fmt: skip
    return Retrieved(
        store_refund_id=refund.store_refund_id, order_id=refund.order_id, order_name=refund.order_name,
        refund=refund, findings=(), raw="{}",
    )  # fmt: skip


def _record(number: int) -> dict[str, str]:
    day = FIRST_DAY + timedelta(days=number % DAYS)
    return {
        "id": str(FIRST_ID + number), "type": "CashRfnd", "tranid": f"CR{number}", "externalid": f"cp-bench-{number}",
        "foreigntotal": f"-{10 + number % 90}.25", "voided": "F" if number % VOID_EACH else "T", "currency": _USD,
        "trandate": day.isoformat(), "matched": f"#{number}",
    }  # fmt: skip


def fill(home: str, count: int) -> None:
    """Puts in the rows of as many posted refunds."""
    app = open_app({"CONTRAPOST_HOME": home})
    from contrapost.codec import encode
    from contrapost.records import accounts
    from contrapost.records.amounts import to_minor
    from contrapost.records.keeping import digest_of
    from contrapost.records.models import Account, Link, Transaction
    from contrapost.records.rows import AccountRow, NetSuiteRow

    accounts.add_netsuite(NetSuiteRow(name="books", settings={}), vault=app.vault, now=app.now())
    row = AccountRow(name="shop", connector="bench", netsuite="books", identity="bench", settings={})
    accounts.add(row, vault=app.vault, now=app.now())
    shop = Account.objects.get()
    for first in range(0, count, 1_000):
        made, links = [], []
        for number in range(first, min(first + 1_000, count)):
            one = retrieved(number)
            refund, minor = one.refund, to_minor(Money.of(f"{10 + number % 90}.25", _USD))
            if refund is None:
                raise SystemExit("The refund of the bench cannot be read")
            said: dict[str, Any] = {
                "id": number + 1, "account": shop, "store_refund_id": one.store_refund_id, "order_id": one.order_id,
                "order_name": one.order_name, "refunded_at": refund.refunded_at, "refunded_on": refund.refunded_on,
                "amount_minor": minor, "currency": _USD, "status": "posted", "raw": "{}", "document": encode(refund),
                "digest": digest_of(one), "seen_digest": "", "plan": "{}", "fingerprint": "f", "frozen": True,
                "created_at": refund.refunded_at, "updated_at": refund.refunded_at,
            }  # fmt: skip
            made.append(Transaction(**said))
            links.append(
                Link(transaction_id=number + 1, held_in_id=shop.netsuite_id, record="cashRefund",
                     netsuite_id=str(FIRST_ID + number), external_id=f"cp-bench-{number}", total_minor=minor,
                     currency=_USD)
            )  # fmt: skip
        Transaction.objects.bulk_create(made)
        Link.objects.bulk_create(links)


def compare(home: str, count: int) -> None:
    """Compares, and says as JSON how long it took and how much memory this process ever held."""
    opened = open_app({"CONTRAPOST_HOME": home})
    from contrapost import flow
    from contrapost.reconcile.compare import Kind
    from contrapost.reconcile.kept import totals_of
    from contrapost.reconcile.run import Days
    from contrapost.records import reconciliations

    app = StandIns(vault=opened.vault, holder=opened.holder, count=count)
    span = Days(since=FIRST_DAY, until=FIRST_DAY + timedelta(days=DAYS - 1))
    begun, worked = time.perf_counter(), time.process_time()
    found = flow.reconcile(app, "shop", span, by="bench")
    worked, seconds = time.process_time() - worked, time.perf_counter() - begun
    kinds = totals_of(reconciliations.get(found)).by_kind()
    void = -(-count // VOID_EACH)
    if kinds != {Kind.MATCHED: count - void, Kind.DIFFERENT: void, Kind.ONLY_IN_STORE: 0, Kind.ONLY_IN_NETSUITE: 0}:
        raise SystemExit(f"Not what the two sides hold: {kinds}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = most / _KB / (_KB if sys.platform == "darwin" else 1)
    told = {"seconds": seconds, "rate": count / worked, "clock": count / seconds, "memory": memory}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    {"fill": fill, "compare": compare}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
