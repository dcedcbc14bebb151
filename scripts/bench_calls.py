"""Counts the calls of one way through, and times the start of the emulators."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

from contrapost.app import App, open_app
from contrapost.demo.books import PROFILE, books
from contrapost.demo.processes import Emulator, emulator

if TYPE_CHECKING:
    from bench_tables import Row

STARTS = 5
MODULES = {"netsuite": "contrapost_emulators.netsuite", "shopify": "contrapost_emulators.shopify"}
CASH_SALE, INVOICE, ALL = "#1003", "#1002", ("#1001", "#1002", "#1003", "#1004", "#1005", "#1006")


def counted() -> list[Row]:
    """Counts the calls of one way through, order by order."""
    with (
        tempfile.TemporaryDirectory() as home,
        emulator("shopify", MODULES["shopify"]) as store,
        emulator("netsuite", MODULES["netsuite"]) as netsuite,
    ):
        app = _set_up(home, store, netsuite)
        from contrapost import flow

        def retrieved(*orders: str) -> tuple[int, int, list[int]]:
            _forget(store, netsuite)
            result = flow.retrieve(app, "shop", flow.Orders(names=orders), by="bench")
            return _calls(store), _calls(netsuite), [row.id for row in result.transactions]

        def posted(ids: list[int]) -> int:
            _forget(store, netsuite)
            result = flow.post(app, ids, by="bench")
            if any(row.status != "posted" for row in result.transactions):
                sys.exit(f"Not posted: {result}")
            return _calls(netsuite)

        one_store, one_match, cash_sale = retrieved(CASH_SALE)
        _, _, invoice = retrieved(INVOICE)
        all_store, all_match, _ = retrieved(*ALL)
        return [
            _at_most("Store calls to retrieve one order", one_store, 2),
            (f"Store calls to retrieve {len(ALL)} orders at once", str(all_store), "none set", True),
            _at_most("NetSuite calls to retrieve one order", one_match, 1),
            _at_most(f"NetSuite calls to retrieve {len(ALL)} orders at once", all_match, 1),
            _at_most("NetSuite calls to post a refund of a cash sale", posted(cash_sale), 3),
            _at_most("NetSuite calls to post a refund of an invoice", posted(invoice), 4),
        ]


def _set_up(home: str, store: Emulator, netsuite: Emulator) -> App:
    store.ask("POST", "seed")
    netsuite.ask("POST", "seed", books())
    app = open_app({"CONTRAPOST_HOME": home})
    from contrapost import accounts

    accounts.add_netsuite(app, "books", netsuite.credentials())
    accounts.add(app, "shopify", "shop", {**store.credentials(), **PROFILE})
    return app


def _forget(*emulators: Emulator) -> None:
    for one in emulators:
        one.ask("DELETE", "journal")


def _calls(one: Emulator) -> int:
    """The calls since the journal was emptied, those for a token apart."""
    requests: list[dict[str, Any]] = one.ask("GET", "journal")["requests"]
    return sum("/oauth" not in request["path"] for request in requests)


def _at_most(what: str, calls: int, limit: int) -> Row:
    return what, str(calls), f"at most {limit}", calls <= limit


def started(name: str, module: str) -> Row:
    """Starts an emulator several times, each until it first answers."""
    limit = {"netsuite": 1.0, "shopify": 2.0}[name]
    seconds = []
    for _ in range(STARTS):
        begun = time.perf_counter()
        with emulator(name, module):
            seconds.append(time.perf_counter() - begun)
    middle = statistics.median(seconds)
    spread = f"{middle:.2f} s (median of {STARTS}; {min(seconds):.2f} to {max(seconds):.2f})"
    return f"Start of the emulated {name}, until it answers", spread, f"under {limit:.0f} s", middle < limit
