"""Compares an account with the model: what it shows of documents, stock and ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from books.model import ZERO, rounded

if TYPE_CHECKING:
    from books.money import Books
    from contract.client import NetSuite

D = Decimal
UNUSED = {"creditMemo", "customerPayment", "customerDeposit"}


class Compared:
    """An account and the model of it, with the ids that the account gave to the model's documents."""

    net: NetSuite
    books: Books
    items: dict[str, str]
    ids: dict[int, str]

    def everything(self) -> list[Any]:
        """All that the account shows of itself."""
        return [
            self.net.rows("SELECT * FROM transaction ORDER BY id"),
            self.net.rows("SELECT * FROM transactionline ORDER BY transaction, id, linesequencenumber"),
            self.net.rows("SELECT * FROM nexttransactionlinelink ORDER BY previousdoc, nextdoc, nextline, linktype"),
            self.net.rows("SELECT * FROM inventoryitemlocations ORDER BY item"),
        ]

    def compare(self, number: int | None = None) -> None:
        """Every document's total and what is open of it, stock, exchange results; and the ledger of one document."""
        self._compare_documents()
        self._compare_stock()
        if number is not None:
            self._compare_ledger(number)
        rows = self.net.rows("SELECT SUM(amount) AS net FROM transactionaccountingline GROUP BY transaction")
        assert [row for row in rows if cents(row["net"])] == []
        assert self._balance("7950") == self.books.exchange_result()

    def _compare_documents(self) -> None:
        rows = self.net.rows(
            "SELECT id, foreigntotal, foreignamountunpaid, foreignpaymentamountunused FROM transaction"
            " WHERE type NOT IN ('InvAdjst', 'FxReval')"
        )
        held = {row["id"]: row for row in rows}
        assert held.keys() == set(self.ids.values())
        for number, document in self.books.documents.items():
            row = held[self.ids[number]]
            open_amount = self.books.open_of(number)
            assert open_amount >= 0, (document, open_amount)
            assert abs(cents(row["foreigntotal"])) == document.total, (row, document)
            if document.kind == "invoice":
                assert cents(row["foreignamountunpaid"]) == open_amount, document
            elif document.kind in UNUSED:
                assert cents(row["foreignpaymentamountunused"]) == open_amount, document

    def _compare_stock(self) -> None:
        rows = self.net.rows(
            "SELECT item, SUM(quantityonhand) AS units, SUM(onhandvaluemli) AS worth"
            " FROM inventoryitemlocations GROUP BY item"
        )
        held = {row["item"]: row for row in rows}
        for item, holding in self.books.stock.items():
            row = held[self.items[item]]
            assert D(row["units"]) == holding.units, item
            if holding.worth is not None:
                assert cents(row["worth"]) == holding.worth, item
        assert self._balance("1200") == sum((cents(row["worth"]) for row in rows), ZERO)

    def _compare_ledger(self, number: int) -> None:
        document, cost = self.books.documents[number], self.books.cost(number)
        expected = self.books.ledger(number)
        found = {account: cents(net) for account, net in self.net.ledger(self.ids[number]).items()}
        if cost is not None:
            goods = {"1200": cost, "5000": -cost} if cost else {}
            assert {account: found[account] for account in found if account in {"1200", "5000"}} == goods
        found = {account: net for account, net in found.items() if account not in {"1200", "5000"}}
        if document.terms.currency == "USD":
            assert found == expected, document
            return
        worth = {account: in_base(amount, document.terms.rate) for account, amount in expected.items()}
        for account in found.keys() | worth.keys():
            exact = account in {"1090", "1100", "2100", "2200"}
            slack = ZERO if exact else D("0.005") * (len(document.lines) + 4)
            assert abs(found.get(account, ZERO) - worth.get(account, ZERO)) <= slack, (account, document)

    def _balance(self, number: str) -> Decimal:
        rows = self.net.rows(
            "SELECT SUM(l.amount) AS net FROM transactionaccountingline l JOIN account a ON a.id = l.account"
            f" WHERE a.acctnumber = '{number}'"
        )
        return cents(rows[0].get("net", "0"))


def cents(text: str | Decimal) -> Decimal:
    """A sum as the account shows it, to the cent."""
    return D(text).quantize(D("0.01"))


def in_base(amount: Decimal, rate: Decimal) -> Decimal:
    """An amount in the base currency."""
    return rounded(amount * rate)
