"""A backup from before a post, restored after it: what stands in NetSuite is found, and nothing is written twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from world import bill, order, refund

from contrapost import flow
from contrapost.app import App
from contrapost.backups.restoring import Place, restore
from contrapost.backups.taking import back_up
from contrapost.records.setup import configure
from contrapost.refunds.lifecycle import State
from contrapost.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from world import World

    from contrapost.records.rows import TransactionRow

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def here(world: World) -> Iterator[Place]:
    """The rows of the world, at which this process is pointed."""
    place = Place(database_url=f"sqlite:///{world.home}/contrapost.sqlite3", home=world.home, key_text="")
    configure(place.database_url)
    yield place
    connection.close()


def _sold(world: World, kind: str) -> None:
    """An order of a mug and a tray, the tray returned and paid back in full, with what NetSuite billed."""
    given = refund(20451, [(1, 1, "40.00", "3.30")], paid="43.30")
    lines = [("MUG", 3, "12.50", "3.09"), ("TRAY", 1, "40.00", "3.30")]
    world.shop.ask("POST", "orders", [order(2045, lines, [given], paid="85.89", shipping="5.00")])
    billed = [("MUG", 3, "37.50", "3.09"), ("TRAY", 1, "40.00", "3.30")]
    world.seed(bill(kind, "#2045", billed, shipping="5.00"))


def _retrieve(app: App) -> TransactionRow:
    [row] = flow.retrieve(app, "shop", flow.Orders(names=["#2045"]), by="alice").transactions
    return row


def _writes(world: World) -> list[str]:
    return [call for call in world.calls() if "!transform" in call or (call.startswith("POST") and "/record/" in call)]


@pytest.mark.parametrize(("kind", "known"), [("cashSale", True), ("invoice", False)])
def test_what_was_posted_after_a_backup_is_found_standing(
    world: World, here: Place, tmp_path: Path, kind: str, *, known: bool
) -> None:
    """Known to the backup as ready, or not at all: posting again finds the records and sends none."""
    app = App(vault=Vault.at(here.home), holder="test")
    _sold(world, kind)
    if known:
        _retrieve(app)
    back_up(tmp_path / "b", now=NOW)
    [posted] = flow.post(app, [_retrieve(app).id], by="alice").transactions
    assert posted.status is State.POSTED
    restore(tmp_path / "b", here, replace=True)
    world.books.ask("DELETE", "journal")

    found = _retrieve(app)
    [again] = flow.post(app, [found.id], by="alice").transactions

    assert [finding.code for finding in found.findings] == ["stands_already"]
    assert (again.status, again.links) == (State.POSTED, posted.links)
    assert _writes(world) == []
    assert len(world.ours()) == len(posted.links)
