"""A shop and its books for the pages' tests, small enough to read at a glance."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contrapost import accounts, flow

sys.path.insert(0, str(Path(__file__).parents[1] / "flow"))
from world import PROFILE, bill, chart, order, refund

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.demo.processes import Emulator
    from contrapost.records.rows import TransactionRow

ACCOUNT = "northlight"


@dataclass(frozen=True)
class Trade:
    """An emulated shop and emulated books, and the opened Contrapost between them."""

    app: App
    shop: Emulator
    books: Emulator

    def connect(self) -> None:
        """Starts empty, and sets both accounts up."""
        for running in (self.shop, self.books):
            running.ask("POST", "reset")
        self.seed(*chart())
        accounts.add_netsuite(self.app, "books", self.books.credentials())
        accounts.add(self.app, "shopify", ACCOUNT, {**self.shop.credentials(), **PROFILE})

    def define(self, *names: str) -> None:
        """Adds custom fields of text in NetSuite; from then on there are no others."""
        self.books.ask("POST", "custom-fields", [{"name": name, "type": "text"} for name in names])

    def seed(self, *records: tuple[str, dict[str, Any]]) -> None:
        """Puts records into NetSuite."""
        self.books.ask("POST", "seed", [{"type": kind, "body": body} for kind, body in records])

    def sell(self, number: int, *, billed: bool = True, **more: Any) -> None:
        """Sells a lamp for 108.25 with tax, and gives it all back; `more` goes to the refund."""
        back = refund(number * 10 + 1, [(0, 1, "100.00", "8.25")], paid="108.25", **more)
        sold = order(number, [("LAMP", 1, "100.00", "8.25")], [back], paid="108.25")
        self.shop.ask("POST", "orders", [sold])
        if billed:
            self.seed(bill("cashSale", f"#{number}", [("LAMP", 1, "100.00", "8.25")]))

    def retrieve(self, number: int) -> TransactionRow:
        """Brings the refund of an order, as Ada does."""
        result = flow.retrieve(self.app, ACCOUNT, flow.Orders(names=[f"#{number}"]), by="Ada Ferris")
        assert len(result.transactions) == 1, result
        return result.transactions[0]

    def sold(self, number: int, **more: Any) -> TransactionRow:
        """Sells, gives back, and retrieves."""
        self.sell(number, **more)
        return self.retrieve(number)

    def ours(self) -> int:
        """How many records of ours stand in NetSuite."""
        sql = "SELECT COUNT(*) AS n FROM transaction WHERE externalid LIKE 'cp-%'"
        return int(self.app.netsuite_for("books").rows(sql, "count")[0]["n"])
