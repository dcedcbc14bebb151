"""The demo in a terminal: refunds retrieved, one looked at closely, all posted that can be, and what stands then."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.panel import Panel
from rich.rule import Rule

from contrapost import accounts, flow
from contrapost.cli.say import console, say_findings
from contrapost.cli.tables import say_preview, say_refunds, table
from contrapost.demo.books import PROFILE, books
from contrapost.netsuite.lists import Lists
from contrapost.permissions import ROLE_LABELS, Role
from contrapost.records import people
from contrapost.refunds.lifecycle import State
from contrapost.shapes import preview_shape

if TYPE_CHECKING:
    from pathlib import Path

    from contrapost.app import App
    from contrapost.demo.processes import Emulator
    from contrapost.records.rows import TransactionRow

PEOPLE = {"ada": Role.ADMINISTRATOR, "mo": Role.MANAGER, "rhea": Role.READER}
PASSWORD = "contrapost-demo"  # noqa: S105 - printed, and good for this machine only
ORDERS = ("#1001", "#1002", "#1003", "#1004", "#1005", "#1006")
CLOSELY = "#1002"
BY = "demo"


def tell(app: App, store: Emulator, netsuite: Emulator) -> bool:
    """Tells the story; says whether everything came out as it should."""
    store.ask("POST", "seed")
    netsuite.ask("POST", "seed", books())
    _introduce(store, netsuite)
    _connect(app, store, netsuite)
    rows = _retrieve(app)
    _preview(app, next(row for row in rows if row.order_name == CLOSELY))
    posted = _post(app, rows)
    _say_what_stands(app, posted)
    return len(posted) == len(ORDERS)


def open_the_doors(app: App) -> int:
    """Brings every other refund of the shop here and adds three people; gives the number of refunds."""
    result = flow.retrieve(app, "shop", flow.Span(since=datetime(2026, 1, 1, tzinfo=UTC)), by=BY)
    for name, role in PEOPLE.items():
        people.add(name, role=role, password=PASSWORD)
    return len(result.transactions)


def invite(address: str, refunds: int, home: Path) -> None:
    """Says where the pages are and how to sign in."""
    _head("Now look at it")
    console.print(f"{refunds} refunds, one of every shape, are in the list at [bold]{address}[/bold]\n")
    doors = table("Sign in as", "Password", "Role")
    for name, role in PEOPLE.items():
        doors.add_row(name, PASSWORD, ROLE_LABELS[role])
    console.print(doors)
    console.print(f"Or from here: CONTRAPOST_HOME={os.path.relpath(home)} .venv/bin/contrapost list")
    console.print("The demo runs until you press Ctrl+C.")


def _introduce(store: Emulator, netsuite: Emulator) -> None:
    console.print(
        Panel.fit(
            f"An emulated Shopify shop runs at {store.url}, with refunded orders of every shape.\n"
            f"An emulated NetSuite runs at {netsuite.url}, where most of them are billed.\n"
            "Everything below is real traffic between Contrapost and the two.",
            title="Contrapost",
            title_align="left",
        )
    )


def _connect(app: App, store: Emulator, netsuite: Emulator) -> None:
    _head("Connect")
    findings = accounts.add_netsuite(app, "books", netsuite.credentials())
    findings += accounts.add(app, "shopify", "shop", {**store.credentials(), **PROFILE})
    say_findings(findings)


def _retrieve(app: App) -> tuple[TransactionRow, ...]:
    _head("1 Retrieve, 2 match, 3 map")
    result = flow.retrieve(app, "shop", flow.Orders(names=ORDERS), by=BY)
    say_refunds(result.transactions)
    return result.transactions


def _preview(app: App, row: TransactionRow) -> None:
    _head(f"4 Preview: what the refund of {row.order_name} becomes")
    shown = flow.preview(app, row.id, by=BY).transactions[0]
    lists = app.kept_lists(shown.netsuite) or Lists()
    say_preview(shown, preview_shape(shown, lists, lambda *_: ""))


def _post(app: App, rows: tuple[TransactionRow, ...]) -> list[TransactionRow]:
    _head("5 Post, once")
    ready = [row.id for row in rows if row.status is State.READY]
    result = flow.post(app, ready, by=BY)
    again = flow.post(app, ready, by=BY)
    say_refunds(result.transactions)
    same = [row.links for row in again.transactions] == [row.links for row in result.transactions]
    console.print("Posted a second time: nothing more was written." if same else "A second post wrote something!")
    return [row for row in result.transactions if row.status is State.POSTED] if same else []


def _say_what_stands(app: App, posted: list[TransactionRow]) -> None:
    """Asks NetSuite, not our rows."""
    _head("6 What now stands in NetSuite, by its own ledger")
    sql = (
        "SELECT t.tranid, t.externalid, a.fullname, SUM(g.amount) AS net "
        "FROM transactionaccountingline g "
        "JOIN transaction t ON t.id = g.transaction JOIN account a ON a.id = g.account "
        "WHERE t.externalid LIKE 'cp-%' GROUP BY t.id, t.tranid, t.externalid, a.acctnumber, a.fullname "
        "ORDER BY t.id, a.acctnumber"
    )
    stands = table("Record", "Account", "Debit", "Credit", right=("Debit", "Credit"))
    before = ""
    for row in app.netsuite_for("books").rows(sql, "read what stands"):
        net = Decimal(row["net"])
        if not net:
            continue
        record = row["tranid"] if row["externalid"] != before else ""
        before = row["externalid"]
        stands.add_row(record, row["fullname"], f"{net:.2f}" if net > 0 else "", f"{-net:.2f}" if net < 0 else "")
    console.print(stands)
    total = sum((row.amount.amount for row in posted), Decimal(0))
    console.print(f"{len(posted)} refunds posted, {total} USD in all, each under an external id of its own.")


def _head(text: str) -> None:
    console.print()
    console.print(Rule(text, align="left", style="cyan"))
