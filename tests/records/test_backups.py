"""A backup holds every row of one moment, and comes back whole or not at all, from either database into either."""

from __future__ import annotations

import threading
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import msgspec
import pytest
from django.db import DatabaseError, IntegrityError, connection

from contrapost.backups.form import BackupError, Contents, Counted, Manifest, reading, writing
from contrapost.backups.restoring import Place, inspect, restore
from contrapost.backups.taking import back_up
from contrapost.netsuite.answers import Written
from contrapost.permissions import Role
from contrapost.posting.journal import Conclusion
from contrapost.records import asks, credentials, lease, people, queries, setup, snapshot, transactions, turns, workers
from contrapost.records.errors import BusyError, NotEmptyError, OtherReleaseError
from contrapost.records.models import Lease, Transaction, Worker
from contrapost.refunds.lifecycle import Event
from contrapost.vault import KEY_FILE, Vault, VaultError, keep_keys, new_key

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Books


def _fill(books: Books) -> None:
    """Rows in all sorts of tables, one refund posted and one on its way."""
    posted, ready, gone = (books.kept(name) for name in ("9001", "9002", "9003"))
    for id_ in (posted, ready):
        books.ready(id_)
    [work] = queries.work([posted])
    journal = books.journal()
    for number, draft in enumerate(work.plan.drafts, start=70):
        journal.intend(work, draft)
        journal.settle(work, draft, Written(id=str(number)))
    journal.conclude(Conclusion(work, Event.READ_BACK_EQUAL))
    transactions.delete(gone, by="zoë", now=NOON)
    people.add("zoë", role=Role.MANAGER, password="seven blue ducks")
    credentials.make_token("zoë", "script", now=NOON)
    credentials.make_link("zoë", now=NOON)
    asks.ask([ready], by="zoë", priority=asks.Priority.MANUAL, now=NOON)
    turns.present("post:books", now=NOON)
    workers.beat("w1", "1")
    _all_stopped()


def _all_stopped() -> None:
    """Lets time pass in which nobody was heard of."""
    Worker.objects.update(seen_at=NOON)
    Lease.objects.update(until=NOON)


def _rows() -> dict[str, Contents]:
    """What each table holds, but for those that change when they are put back."""
    found = {}
    for table in snapshot.tables(setup.age().last):
        counted = Counted(table.lines())
        for _ in counted:
            pass
        found[table.name] = counted.contents
    return {name: contents for name, contents in found.items() if name not in CHANGED}


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""For what has nothing to do with the database."""
CHANGED = {"records_lease", "records_turn", "records_worker"}


@pytest.fixture
def place(url: str, books: Books, tmp_path: Path) -> Place:
    """The database of this test, and a home that has the key of its secrets."""
    home = tmp_path / "home"
    home.mkdir()
    keep_keys(home, books.vault.spelled_out())
    return Place(database_url=url, home=home, key_text="")


@pytest.fixture
def backup(books: Books, tmp_path: Path) -> Path:
    """A backup of filled books."""
    _fill(books)
    back_up(tmp_path / "backup", now=NOON)
    return tmp_path / "backup"


def test_every_row_comes_back(books: Books, place: Place, backup: Path) -> None:
    """What was changed, added or deleted since is as it was, and rows can be added again."""
    before = _rows()
    books.kept("9009")
    people.add("new", role=Role.READER, password="seven blue ducks")
    transactions.delete(Transaction.objects.get(order_name="#9002").pk, by="x", now=NOON)

    restored = restore(backup, place, replace=True)

    assert _rows() == before
    assert (restored.opens, restored.brings_key) == (True, False)
    assert books.kept("9009") not in {0, None}
    setup.start()
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_historyentry")


def test_nothing_that_was_handed_out_comes_again(books: Books, place: Place, backup: Path) -> None:
    """Leases are free with tokens no process alive can hold, turns have new numbers, and no worker is thought alive."""
    held = lease.acquire("books", "frozen")
    turn = turns.present("post:books", now=NOON)
    assert turn is not None
    _all_stopped()

    restore(backup, place, replace=True)

    assert held is None or not lease.renew(held)
    taken = books.held("fresh")
    assert taken.token > 1_000_000
    again = turns.present("post:books", now=NOON)
    assert again is not None
    assert again.number > turn.number + 1_000
    assert workers.listing() == ()


def test_from_one_database_into_the_other(
    books: Books, place: Place, backup: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A backup of SQLite restores into PostgreSQL, and the other way round, to the same rows."""
    assert books
    before = _rows()
    if connection.vendor == "sqlite":
        postgres, name = request.getfixturevalue("postgres"), f"moved{id(place)}"
        request.getfixturevalue("on_server")(f"CREATE DATABASE {name}")
        other = postgres.format(name)
    else:
        other = f"sqlite:///{tmp_path}/moved.db"
    setup.configure(other)

    restore(backup, replace(place, database_url=other))

    assert _rows() == before


def test_rows_that_come_while_it_is_written_are_not_in_it(books: Books, place: Place, tmp_path: Path) -> None:
    """All tables are of one moment, though others write between them, and nobody has to wait."""
    _fill(books)
    before = _rows()

    numbers = count()

    def write() -> None:
        with setup.database():
            number = next(numbers)
            people.add(f"late{number}", role=Role.READER)
            books.kept(f"late{number}")

    def tell(_rows: int) -> None:
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    back_up(tmp_path / "b", now=NOON, tell=tell)
    assert _rows() != before
    restore(tmp_path / "b", place, replace=True)

    assert _rows() == before


@on_sqlite
def test_what_is_here_is_not_replaced_unasked(books: Books, place: Place, backup: Path) -> None:
    """Without --replace a restore changes nothing; nor does a backup write over a file."""
    books.kept("9009")
    now = _rows()

    with pytest.raises(NotEmptyError, match="--replace"):
        restore(backup, place)
    with pytest.raises(BackupError, match="not overwritten"):
        back_up(backup, now=NOON)

    assert _rows() == now


@on_sqlite
def test_not_while_somebody_works(books: Books, place: Place, backup: Path) -> None:
    """A worker heard of just now, or a lease that is held, keeps a backup from being restored under it."""
    now = _rows()
    workers.beat("w2", "1")
    with pytest.raises(BusyError, match="Stop every one"):
        restore(backup, place, replace=True)
    _all_stopped()
    books.held()
    with pytest.raises(BusyError, match="Stop every one"):
        restore(backup, place, replace=True)

    assert _rows() == now


@on_sqlite
def test_a_damaged_backup_changes_nothing(books: Books, place: Place, backup: Path, tmp_path: Path) -> None:
    """A file cut short, with other rows than it says, or that is no backup: refused before anything is touched."""
    books.kept("9009")
    now = _rows()
    cut, other, none = tmp_path / "cut", tmp_path / "other", tmp_path / "none"
    cut.write_bytes(backup.read_bytes()[:-2000])
    none.write_text("no backup")
    with zipfile.ZipFile(backup) as good, zipfile.ZipFile(other, "w") as bad:
        for name in good.namelist():
            text = good.read(name)
            bad.writestr(name, text.replace(b"#9001", b"#9999") if "transaction" in name else text)

    for file in (cut, other, none):
        with pytest.raises(BackupError, match="damaged"):
            restore(file, place, replace=True)

    assert _rows() == now


def test_a_restore_that_fails_half_way_changes_nothing(
    books: Books, place: Place, backup: Path, tmp_path: Path
) -> None:
    """Rows that the database refuses take all the others back with them."""
    books.kept("9009")
    now = _rows()
    with reading(backup) as good, writing(tmp_path / "bad") as bad:
        for name in good.manifest.tables:
            lines = list(good.lines(name))
            bad.put(name, [*lines, lines[-1]] if name == "records_transaction" else lines)
        bad.finish(Manifest(**{**msgspec.structs.asdict(good.manifest), "tables": bad.tables}), "")

    with pytest.raises(DatabaseError):
        restore(tmp_path / "bad", place, replace=True)

    assert _rows() == now
    assert Transaction.objects.filter(order_name="#9009").exists()


@on_sqlite
def test_the_key_goes_only_where_it_is_asked_for(books: Books, place: Place, backup: Path, tmp_path: Path) -> None:
    """Without the key a restore elsewhere is refused and says which; with it in the backup, it comes along."""
    elsewhere = replace(place, home=tmp_path / "elsewhere")
    elsewhere.home.mkdir()
    [key] = books.vault.spelled_out().split()

    assert key.encode() not in b"".join(
        zipfile.ZipFile(backup).read(name) for name in zipfile.ZipFile(backup).namelist()
    )
    assert not inspect(backup, elsewhere).opens
    with pytest.raises(BackupError, match=KEY_FILE):
        restore(backup, elsewhere, replace=True)
    with pytest.raises(BackupError, match="CONTRAPOST_SECRET_KEY"):
        restore(backup, replace(elsewhere, key_text=new_key()), replace=True)
    assert list(elsewhere.home.iterdir()) == []
    back_up(tmp_path / "with", now=NOON, key_of=books.vault)
    keep_keys(elsewhere.home, new_key())

    restored = restore(tmp_path / "with", elsewhere, replace=True)

    assert restored.brings_key
    assert key in (elsewhere.home / KEY_FILE).read_text()
    [sealed] = {text for text in _sealed(tmp_path / "with") if text}
    assert Vault.at(elsewhere.home).open(sealed) == {"token": "t"}
    assert (elsewhere.home / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "with").stat().st_mode & 0o777 == 0o600


def _sealed(path: Path) -> list[str]:
    with reading(path) as backup:
        return list(snapshot.column(backup.lines("records_netsuiteaccount"), "sealed"))


@on_sqlite
def test_a_lost_key_loses_no_refund(books: Books, place: Place, backup: Path) -> None:
    """Where it is said, the rows come back though nothing can open their secrets."""
    before = _rows()
    (place.home / KEY_FILE).write_text(new_key())

    assert not restore(backup, place, replace=True, without_key=True).opens

    assert _rows() == before
    with pytest.raises(VaultError):
        Vault.at(place.home).open(_sealed(backup)[0])
    assert books


def test_a_newer_release_is_refused_and_can_be_left(place: Place, backup: Path, tmp_path: Path) -> None:
    """Its tables are not known here, and the sentence says what to install; a backup is the way back from it."""
    with reading(backup) as good, writing(tmp_path / "newer") as newer:
        for name in good.manifest.tables:
            newer.put(name, good.lines(name))
        known = msgspec.structs.asdict(good.manifest)
        newer.finish(Manifest(**{**known, "migration": "9999_newer", "release": "9.9"}), "")

    with pytest.raises(BackupError, match=r"release 9\.9"):
        restore(tmp_path / "newer", place, replace=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_newer', %s)", [NOON]
        )
    with pytest.raises(OtherReleaseError, match="newer"):
        setup.start()
    with pytest.raises(OtherReleaseError, match="newer"):
        restore(backup, place)

    restore(backup, place, replace=True)

    setup.start()
    assert Transaction.objects.filter(order_name="#9001").exists()
