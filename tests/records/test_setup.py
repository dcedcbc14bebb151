"""The database is made once, whoever comes first, and guards what is written once."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.transaction import atomic

from contrapost.netsuite.answers import Written
from contrapost.records import queries, setup, transactions
from contrapost.records.models import Attempt, HistoryEntry, PlannedRecord, Transaction
from contrapost.records.models.posting import AppendOnlyError

if TYPE_CHECKING:
    from conftest import Books

MIGRATE = "import sys; from contrapost.records.setup import configure, migrate; configure(sys.argv[1]); migrate()"


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    """A database that is up to date stays as it is."""
    setup.configure(empty_url)
    setup.migrate()

    setup.migrate()

    assert Transaction.objects.count() == 0


def test_processes_that_start_at_once_both_find_the_tables(empty_url: str) -> None:
    """Of three processes that make the tables at the same time, none fails."""
    processes = [subprocess.Popen([sys.executable, "-c", MIGRATE, empty_url], stderr=subprocess.PIPE) for _ in range(3)]

    said = [process.communicate()[1].decode() for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0], said
    setup.configure(empty_url)
    assert Transaction.objects.count() == 0


def test_models_and_migrations_agree(url: str) -> None:
    """No change of the models waits for a migration."""
    assert url
    call_command("makemigrations", "records", check=True, dry_run=True, verbosity=0)


def test_migrations_can_be_taken_back(empty_url: str) -> None:
    """The triggers go with their tables, and come again."""
    setup.configure(empty_url)
    setup.migrate()

    call_command("migrate", "records", "zero", verbosity=0)
    setup.migrate()

    assert HistoryEntry.objects.count() == 0


@pytest.mark.parametrize("address", ["", "sqlite://", "mysql://h/x", "postgresql://host", "rows.db"])
def test_wrong_address(address: str) -> None:
    """An address that is neither of SQLite nor of PostgreSQL is refused with the right forms."""
    with pytest.raises(setup.DatabaseUrlError, match="sqlite:///path or postgresql://"):
        setup.database_of(address)


def test_address_of_postgresql() -> None:
    """User, password, host, port and options of the address reach the driver, percent signs resolved."""
    database = setup.database_of("postgresql://u%40x:p%2Fw@db.example:5433/books?sslmode=require&pool=3")

    assert (database["USER"], database["PASSWORD"], database["HOST"]) == ("u@x", "p/w", "db.example")
    assert (database["PORT"], database["NAME"], database["OPTIONS"]["sslmode"]) == ("5433", "books", "require")
    assert database["OPTIONS"]["pool"]["max_size"] == 3


def test_database_closes_what_it_opened(url: str) -> None:
    """A worker thread leaves no connection behind, and a connection open before stays open."""
    assert url
    connection.close()
    with setup.database():
        Transaction.objects.count()
    assert connection.connection is None

    connection.ensure_connection()
    with setup.database():
        Transaction.objects.count()
    assert connection.connection is not None


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_database_opens_anew_what_broke(url: str) -> None:
    """A connection that was open, and that a restart of PostgreSQL broke, fails nobody."""
    assert url
    connection.ensure_connection()
    connection.connection.close()

    with setup.database():
        assert Transaction.objects.count() == 0


@pytest.mark.parametrize("model", [Attempt, HistoryEntry])
def test_what_is_written_once_is_refused_by_the_models(books: Books, model: type) -> None:
    """Neither a row nor a set of rows can be changed or removed."""
    id_ = books.kept()
    row = model.objects.first() or model(transaction_id=id_)

    with pytest.raises(AppendOnlyError):
        row.delete()
    with pytest.raises(AppendOnlyError):
        model.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        model.objects.all().update(by="x")


def test_history_cannot_be_saved_again(books: Books) -> None:
    """An entry that was read cannot be saved over."""
    books.kept()

    with pytest.raises(AppendOnlyError):
        HistoryEntry.objects.first().save()


@pytest.mark.parametrize("table", ["records_historyentry", "records_attempt"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET by = 'x'", "DELETE FROM {}"])
def test_what_is_written_once_is_refused_by_the_database(books: Books, table: str, statement: str) -> None:
    """Not even a statement of SQL changes or removes what is written once."""
    id_ = books.kept()
    books.ready(id_)
    [work] = queries.work([id_])
    journal = books.journal()
    journal.intend(work, work.plan.drafts[0])
    journal.settle(work, work.plan.drafts[0], Written(id="77"))

    with pytest.raises(IntegrityError, match="append-only"), atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"status": "lost"}, "transaction_status"),
        ({"revision": 0}, "transaction_counts_from_one|revision_check|revision"),
        ({"frozen": True}, "frozen_has_a_plan"),
        ({"status": "posting"}, "posting_needs_a_frozen_plan"),
    ],
)
def test_the_database_refuses_what_cannot_be(books: Books, columns: dict[str, object], name: str) -> None:
    """A state that is none, a frozen row without a plan, a posting one that is not frozen: the database says no."""
    id_ = books.kept()

    with pytest.raises(IntegrityError, match=name), atomic():
        Transaction.objects.filter(pk=id_).update(**columns)


@pytest.mark.parametrize(
    ("columns", "name"), [({"step": "sent"}, "planned_record_step"), ({"step": "written"}, "written_has_an_id")]
)
def test_the_database_refuses_a_step_that_cannot_be(books: Books, columns: dict[str, str], name: str) -> None:
    """A planned record takes one of the steps, and a written one has its id."""
    id_ = books.kept()
    books.ready(id_)
    [work] = queries.work([id_])
    books.journal().intend(work, work.plan.drafts[0])

    with pytest.raises(IntegrityError, match=name), atomic():
        PlannedRecord.objects.update(**columns)


def test_rows_that_were_deleted_take_their_history_along(books: Books) -> None:
    """Deleting a refund leaves no entry that points nowhere."""
    id_ = books.kept()

    transactions.delete(id_, by="alice", now=Transaction.objects.get().created_at)

    assert HistoryEntry.objects.count() == 0
