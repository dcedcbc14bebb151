"""An emulated shop and emulated books with an app between them, in which time can pass."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from world import PROFILE, bill, chart, order, refund

from contrapost import accounts, flow
from contrapost.looking import Looked, look_at_due
from contrapost.records.models import Transaction

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.demo.processes import Emulator
    from contrapost.records.rows import TransactionRow

LAMP = [("LAMP", 1, "100.00", "8.25")]


class Shop:
    """An emulated shop and emulated books, joined, and short ways to let time pass."""

    def __init__(self, app: App, shop: Emulator, books: Emulator) -> None:
        self.app, self.shop, self.books = app, shop, books
        self.ids: list[int] = []
        for running in (shop, books):
            running.ask("POST", "reset")
        self.seed(*chart())
        accounts.add_netsuite(app, "books", books.credentials())
        accounts.add(app, "shopify", "shop", {**shop.credentials(), **PROFILE})

    def seed(self, *records: tuple[str, dict[str, Any]]) -> None:
        """Puts records into NetSuite."""
        self.books.ask("POST", "seed", [{"type": kind, "body": body} for kind, body in records])

    def billed(self, number: int, *, item: str = "LAMP") -> None:
        """Bills an order of a lamp, or of something else at the same price."""
        self.seed(bill("cashSale", f"#{number}", [(item, 1, "100.00", "8.25")]))

    def sold(self, number: int, **more: Any) -> None:
        """Puts an order of a lamp into the shop, refunded in full."""
        back = refund(number * 10 + 1, [(0, 1, "100.00", "8.25")], paid="108.25", **more)
        self.shop.ask("POST", "orders", [order(number, LAMP, [back], paid="108.25")])

    def mapped(self, gateway: str) -> None:
        """Names the cash account of a gateway."""
        accounts.change(self.app, "shop", {f"cash_account.{gateway}": "1091"})

    def retrieved(self, *numbers: int) -> list[TransactionRow]:
        """Retrieves orders by hand."""
        found = flow.retrieve(self.app, "shop", flow.Orders(names=[f"#{number}" for number in numbers]), by="test")
        return list(found.transactions)

    def look(self) -> Looked:
        """Looks at what is due."""
        return look_at_due(self.app, self.app.account("shop"), by="test")

    def credits(self) -> int:
        """How many records of ours stand in NetSuite."""
        sql = "SELECT COUNT(*) AS n FROM transaction WHERE externalid LIKE 'cp-%'"
        return int(self.app.netsuite_for("books").rows(sql, "count")[0]["n"])

    def days_pass(self, days: int) -> None:
        """Moves what waits into the past, so that its look is due."""
        ago = self.app.now() - timedelta(days=days)
        Transaction.objects.filter(waiting_since__isnull=False).update(waiting_since=ago, next_look_at=ago)
