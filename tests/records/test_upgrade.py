"""A database of the previous release is brought to this one with a backup before, and not without being asked to."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from django.db import connection
from django.db.transaction import atomic

from contrapost.backups.form import reading
from contrapost.backups.restoring import Place, restore
from contrapost.backups.upgrading import upgrade
from contrapost.records import keeping, queries, setup, snapshot
from contrapost.records.errors import OtherReleaseError
from contrapost.records.models import Transaction

sys.path.insert(0, str(Path(__file__).parent))
from release_0_1_0 import LAST, ROWS

if TYPE_CHECKING:
    from contrapost.refunds.lifecycle import State

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def previous(empty_url: str) -> str:
    """The address of a database as release 0.1.0 left it."""
    setup.configure(empty_url)
    setup.mend(LAST)
    tables = {table.name: table for table in snapshot.tables(LAST)}
    assert set(tables) == set(ROWS)
    with atomic():
        for name, rows in ROWS.items():
            tables[name].put(msgspec.json.encode(list(line)) for line in (rows[0], *(row.values() for row in rows)))
    return empty_url


def _old_rows() -> dict[str, list[dict[str, object]]]:
    """What stands now in the columns that release 0.1.0 had."""
    found: dict[str, list[dict[str, object]]] = {}
    for table in snapshot.tables(setup.age().last):
        columns, *rows = (msgspec.json.decode(line) for line in table.lines())
        wanted = ROWS.get(table.name, [])
        found[table.name] = [
            {name: value for name, value in zip(columns, row, strict=True) if name in wanted[0]}
            for row in rows
            if wanted
        ]
    return {name: found[name] for name in ROWS}


def test_every_row_of_the_previous_release_is_kept(previous: str, tmp_path: Path) -> None:
    """After the upgrade each row says what it said, the program works with them, and the way back is there."""
    with pytest.raises(OtherReleaseError, match="contrapost upgrade"):
        setup.start()
    tried = upgrade(tmp_path, now=NOW, dry_run=True)
    assert setup.age().last == LAST

    done = upgrade(tmp_path, now=NOW)

    assert (tried.came_from, tried.to, tried.steps) == (done.came_from, done.to, done.steps)
    assert (done.came_from, done.to) == (LAST, setup.age().known[-1])
    assert _old_rows() == ROWS
    setup.start()
    assert _states() == {"9001": "posted", "9002": "waiting"}
    assert done.backup is not None
    assert done.backup.parent == tmp_path / "backups"
    with reading(done.backup) as backup:
        assert backup.manifest.migration == LAST
    keeping.keep("shop", [], by="x", now=NOW, by_hand=False)

    Transaction.objects.filter(store_refund_id="9002").update(hidden=True)
    restore(done.backup, Place(database_url=previous, home=tmp_path, key_text=""), replace=True)

    assert setup.age().last == done.to
    lease = {"records_lease"}
    assert {n: r for n, r in _old_rows().items() if n not in lease} == {n: r for n, r in ROWS.items() if n not in lease}


def _states() -> dict[str, State]:
    ids = Transaction.objects.values_list("id", flat=True)
    return {row.store_refund_id: row.status for row in queries.get_all(ids)}


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_an_upgrade_of_nothing_and_of_the_newest(empty_url: str, tmp_path: Path) -> None:
    """An empty database gets its tables without a backup, and one of this release stays as it is."""
    setup.configure(empty_url)

    first = upgrade(tmp_path, now=NOW)
    second = upgrade(tmp_path, now=NOW)

    assert (first.came_from, first.backup, second.steps, second.backup) == ("", None, (), None)
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_newer_database_is_left_alone(empty_url: str, tmp_path: Path) -> None:
    """Neither a start nor an upgrade touches tables that a newer release made."""
    setup.configure(empty_url)
    setup.migrate()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_newer', %s)", [NOW])

    for deed in (setup.start, lambda: upgrade(tmp_path, now=NOW)):
        with pytest.raises(OtherReleaseError, match="9999_newer"):
            deed()
