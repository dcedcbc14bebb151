"""A database of its own for each test, on SQLite and on PostgreSQL, and what tests put into it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection

from contrapost.netsuite.drafts import Amounts, Draft, Plan, RecordType, Source
from contrapost.records import accounts, keeping, lease, queries, transactions
from contrapost.records.journal import RowsJournal
from contrapost.records.rows import AccountRow, NetSuiteRow
from contrapost.records.setup import configure, migrate
from contrapost.refunds.document import Adjustment, Refund, Tender, TenderKind, TenderStatus
from contrapost.refunds.identity import external_id
from contrapost.refunds.lifecycle import Event
from contrapost.refunds.money import Money
from contrapost.stores.contract import Retrieved
from contrapost.vault import Vault, new_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contrapost.records.rows import Kept

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> str:
    """A PostgreSQL database with tables, to be copied."""
    _on_server(postgres, "CREATE DATABASE migrated")
    configure(postgres.format("migrated"))
    migrate()
    _let_go()
    return postgres


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with tables, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "rows.db"
    configure(f"sqlite:///{path}")
    migrate()
    _let_go()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/empty.db"
    else:
        server, name = request.getfixturevalue("postgres"), f"empty{next(_numbers)}"
        _on_server(server, f"CREATE DATABASE {name}")
        url = server.format(name)
    yield url
    _let_go()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with empty tables, at which this process is pointed."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "rows.db")
        url = f"sqlite:///{tmp_path}/rows.db"
    else:
        server, name = request.getfixturevalue("migrated_postgres"), f"test{next(_numbers)}"
        _on_server(server, f"CREATE DATABASE {name} TEMPLATE migrated")
        url = server.format(name)
    configure(url)
    yield url
    _let_go()


@pytest.fixture
def on_server(postgres: str) -> Callable[[str], None]:
    """Carries out a statement on the PostgreSQL server."""
    return partial(_on_server, postgres)


def _on_server(server: str, statement: str) -> None:
    with psycopg.connect(server.format("postgres"), autocommit=True) as session:
        session.execute(statement.encode())


def _let_go() -> None:
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


@dataclass
class Books:
    """Two shops bound to one NetSuite account, and short ways to fill them."""

    vault: Vault

    def retrieved(
        self, refund_id: str = "9001", amount: str = "10.00", currency: str = "USD", **changes: object
    ) -> Retrieved:
        """A refund of one tender, given as an adjustment, as a store would answer it."""
        money = Money.of(amount, currency)
        refund = Refund(
            store_refund_id=refund_id,
            order_id=f"o{refund_id}",
            order_name=f"#{refund_id}",
            refunded_at=NOON,
            refunded_on=NOON.date(),
            currency=currency,
            adjustments=(Adjustment(amount=money, tax=Money.zero(currency)),),
            tenders=(
                Tender(id="t", kind=TenderKind.MONEY, gateway="bank", amount=money, status=TenderStatus.SUCCEEDED),
            ),
        )
        refund = replace(refund, **changes)
        return Retrieved(
            store_refund_id=refund_id,
            order_id=refund.order_id,
            order_name=refund.order_name,
            refund=refund,
            findings=(),
            raw='{"a": 1}',
        )

    def keep(self, *retrieved: Retrieved, by_hand: bool = False, account: str = "shop") -> list[Kept]:
        """Keeps refunds and gives what became of each."""
        return keeping.keep(account, retrieved, by="poll", now=NOON, by_hand=by_hand)

    def kept(self, *args: str, **changes: object) -> int:
        """Keeps one new refund and gives the id of its row."""
        [one] = self.keep(self.retrieved(*args, **changes))
        return one.id

    def plan(self, id: int, *records: str, revision: int = 1) -> Plan:  # noqa: A002
        """A plan of a credit memo and a customer refund, or of the records named."""
        row = queries.get(id)
        drafts = tuple(
            Draft(
                record=record,
                external_id=external_id("shop", row.store_refund_id, record.value.lower(), revision=revision),
                source=Source(record="invoice", id="5"),
                replace=("item",),
                body={"amount": Decimal("10.00"), "quantity": Decimal(1), "memo": "x"},
                total=row.amount,
            )
            for record in map(RecordType, records or ("creditMemo", "customerRefund"))
        )
        zero = Money.zero("USD")
        amounts = Amounts(
            credited=row.amount, paid_out=row.amount, to_liability=zero, receivable_reduced=zero, rounding=zero
        )
        return Plan(drafts=drafts, amounts=amounts, revision=revision)

    def ready(self, id: int, *records: str, revision: int = 1) -> Plan:  # noqa: A002
        """Maps a refund to a plan."""
        plan = self.plan(id, *records, revision=revision)
        assert transactions.mapped(id, Event.PLANNED, plan=plan, by="map", now=NOON)
        return plan

    def held(self, holder: str = "me") -> lease.Held:
        """Takes the lease."""
        held = lease.acquire("books", holder)
        assert held is not None
        return held

    def journal(self, held: lease.Held | None = None) -> RowsJournal:
        """A journal under a lease."""
        moments = count()
        return RowsJournal(held or self.held(), by="alice", now=lambda: NOON + timedelta(seconds=next(moments)))

    def history(self, id: int) -> list[str]:  # noqa: A002
        """What happened to a refund, in the events' words."""
        return [entry.event for entry in queries.history(id)]


@pytest.fixture
def books(url: str) -> Books:
    """The accounts `shop` and `other`, bound to the NetSuite account `books`."""
    assert url
    vault = Vault([new_key()])
    accounts.add_netsuite(
        NetSuiteRow(name="books", settings={"url": "x"}, secrets={"token": "t"}), vault=vault, now=NOON
    )
    for name in ("shop", "other"):
        row = AccountRow(name=name, connector="demo", netsuite="books", identity=f"{name}.example", settings={})
        accounts.add(row, vault=vault, now=NOON)
    return Books(vault)
