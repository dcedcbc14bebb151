"""A shop and its books in one process with Contrapost, small enough to read at a glance."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contrapost import flow
from contrapost.netsuite.calls import Calls
from contrapost.netsuite.settings import read_settings
from contrapost.records import queries

sys.path.insert(0, str(Path(__file__).parents[1] / "flow"))
from world import World, bill, order, refund

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.records.rows import TransactionRow

ADA = "Ada Ferris"


@dataclass(frozen=True)
class Trade(World):
    """The shop, the books, and the opened Contrapost between them."""

    app: App

    def sell(self, number: int, kind: str = "cashSale", *, item: str = "LAMP", **more: Any) -> str:
        """Sells one thing for 108.25 with tax, gives it all back at the store, and gives the id of its bill."""
        lines = [(item, 1, "100.00", "8.25")]
        self.refunded(number, item=item, **more)
        (made,) = self.seed(bill(kind, f"#{number}", lines))
        return made

    def refunded(self, number: int, *, item: str = "LAMP", amount: str = "", **more: Any) -> None:
        """Says at the store that it was given back, whole or an amount of it."""
        back = [] if amount else [(0, 1, "100.00", "8.25")]
        given = refund(
            number * 10 + 1, back, paid=amount or "108.25", adjustment=f"-{amount}" if amount else "", **more
        )
        sold = order(number, [(item, 1, "100.00", "8.25")], [given], paid="108.25")
        self.shop.ask("POST", "orders", [sold])

    def retrieve(self, number: int) -> TransactionRow:
        """Brings the refund of an order, as Ada does."""
        result = flow.retrieve(self.app, "shop", flow.Orders(names=[f"#{number}"]), by=ADA)
        assert len(result.transactions) == 1, result
        return result.transactions[0]

    def posted(self, number: int, kind: str = "cashSale", **more: Any) -> TransactionRow:
        """Sells, gives back, retrieves and posts."""
        self.sell(number, kind, **more)
        row = self.post(self.retrieve(number).id)
        assert row.status == "posted", row
        return row

    def post(self, id_: int) -> TransactionRow:
        """Posts a refund, as Ada does."""
        flow.post(self.app, [id_], by=ADA)
        return queries.get(id_)

    def remove(self, record: str, id_: str) -> None:
        """Deletes a record in NetSuite, as somebody does beside us."""
        settings, _ = read_settings(self.books.credentials())
        assert settings is not None
        calls = Calls(settings, now=time.time, sleep=time.sleep)
        reply = calls.ask("DELETE", f"/services/rest/record/v1/{record}/{id_}", "delete")
        assert reply.status == 204, reply.text

    def events(self, id_: int) -> list[str]:
        """What happened to a refund."""
        return [entry.event for entry in queries.history(id_)]
