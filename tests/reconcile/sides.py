"""Short ways to fill both sides of a comparison, to change what stands there, and to compare."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contrapost import flow
from contrapost.netsuite.calls import always
from contrapost.reconcile import kept
from contrapost.reconcile.run import Days
from contrapost.records import queries, reconciliations

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
from trade import ACCOUNT, Trade
from world import bill, order, refund

if TYPE_CHECKING:
    from contrapost.netsuite.client import RestNetSuite
    from contrapost.reconcile.compare import Line
    from contrapost.reconcile.report import Totals
    from contrapost.records.rows import TransactionRow

EVER = Days(since=date(2020, 1, 1), until=date(2040, 1, 1))


@dataclass(frozen=True)
class Compared:
    """What a comparison came to."""

    id: int
    totals: Totals
    lines: dict[str, Line]
    """By order, or by the record's number where there is no order."""
    open: int

    def codes(self, name: str) -> list[str]:
        """The codes of a line's findings."""
        return [finding.code for finding in self.lines[name].why]

    def of(self, currency: str = "USD") -> dict[str, str]:
        """What everything in a currency adds up to."""
        whole = self.totals.by_currency()[currency].whole
        names = ("store", "explained", "netsuite", "difference")
        return {name: getattr(whole, name).text for name in names}

    def kinds(self) -> dict[str, str]:
        """The kind of each line."""
        return {name: line.kind.value for name, line in self.lines.items()}


class Sides(Trade):
    """The shop, the books, and what compares them."""

    @property
    def net(self) -> RestNetSuite:
        """NetSuite, as our client sees it."""
        return self.app.netsuite_for("books")

    def posted(self, number: int, **more: Any) -> TransactionRow:
        """Sells, gives back, retrieves and posts."""
        result = flow.post(self.app, [self.sold(number, **more).id], by="Ada Ferris")
        assert result.problems == (), result
        return result.transactions[0]

    def compare(self, span: Days = EVER, **more: Any) -> Compared:
        """Compares, and reads what was kept of it."""
        id_ = flow.reconcile(self.app, ACCOUNT, span, by="Ada Ferris", **more)
        row = reconciliations.get(id_)
        lines = {line.order or line.documents[0].tranid: line for line in kept.lines_of(id_)}
        return Compared(id_, kept.totals_of(row), lines, row.open)

    def status(self, row: TransactionRow) -> str:
        """Where a refund stands now."""
        return queries.get(row.id).status.value

    def void(self, row: TransactionRow, place: int = 0) -> None:
        """Voids a record of a refund, as a person does in NetSuite."""
        link = row.links[place]
        self.books.ask("POST", "void", {"type": link.record, "id": link.netsuite_id})

    def remove(self, row: TransactionRow, place: int = 0) -> None:
        """Deletes a record of a refund in NetSuite."""
        link = row.links[place]
        path = f"/services/rest/record/v1/{link.record}/{link.netsuite_id}"
        answer = self.net._calls.write("DELETE", path, "", "delete it", ours=always)  # noqa: SLF001 - we never delete; people do
        assert answer.exchange.status == 204, answer

    def credit_by_hand(self, external_id: str, order_name: str, amount: str = "50.00") -> None:
        """Makes a cash refund by hand for an order."""
        self.seed(bill("cashRefund", order_name, [("LAMP", 1, amount, "")], externalId=external_id))

    def query_ids(self, external_id: str) -> list[str]:
        """The ids of what stands under an external id."""
        rows = self.net.rows(f"SELECT id FROM transaction WHERE externalid = '{external_id}'", "look")
        return [row["id"] for row in rows]

    def sell_for(self, number: int, amount: str) -> None:
        """Lets the shop say that it gave back an amount, and no goods came back."""
        back = refund(number * 10 + 1, [], paid=amount, adjustment=f"-{amount}")
        self.shop.ask("POST", "orders", [order(number, [("LAMP", 1, "100.00", "8.25")], [back], paid="108.25")])

    def sell_again(self, number: int, **more: Any) -> None:
        """Lets the shop say something else of an order."""
        back = refund(number * 10 + 1, [(0, 1, "100.00", "8.25")], paid="108.25", **more)
        self.shop.ask("POST", "orders", [order(number, [("LAMP", 1, "100.00", "8.25")], [back], paid="108.25")])
