"""The part of the model in which money moves without goods: payments, deposits, customer refunds; and the ledger."""

from __future__ import annotations

from decimal import Decimal

from books.model import ZERO, Apply, Document, Refused, Terms, rounded
from books.model import Books as Trade

SIDES = {"invoice": 1, "customerRefund": 1, "creditMemo": -1, "customerPayment": -1, "depositApplication": -1}
"""On which side of receivables a document stands."""


class Books(Trade):
    """All documents, those that settle others too."""

    def pay(self, customer: str, terms: Terms, wanted: tuple[Apply, ...], amount: Decimal | None) -> int:
        """A customer payment, of an amount or of what it is set against."""
        document = Document("customerPayment", customer, terms)
        total = None if amount is None else rounded(amount, self.places[terms.currency])
        document.applied = self.applied(document, wanted, total)
        return self._settled(document, total)

    def deposit(self, customer: str, terms: Terms, amount: Decimal) -> int:
        """A customer deposit."""
        return self._settled(Document("customerDeposit", customer, terms), rounded(amount, self.places[terms.currency]))

    def use_deposit(self, deposit: int, terms: Terms, wanted: tuple[Apply, ...]) -> int:
        """A deposit set against invoices, by a deposit application."""
        document = Document("depositApplication", self.documents[deposit].customer, terms, source=deposit)
        document.applied = self.applied(document, wanted, None)
        total = sum(document.applied.values(), ZERO)
        if total > self.open_of(deposit):
            raise Refused("more than the deposit holds")
        document.applied[deposit] = total
        return self._settled(document, total)

    def pay_out(
        self, customer: str, terms: Terms, wanted: tuple[Apply, ...], deposits: tuple[Apply, ...]
    ) -> tuple[int, list[int]]:
        """A customer refund of memos and payments, and of deposits by a deposit application each."""
        document = Document("customerRefund", customer, terms)
        self._must_be_open(terms.month)
        parts = [self._paid_back(document, one) for one in deposits if one.on]
        parts = [part for part in parts if part.total]
        document.applied = self.applied(document, wanted, None)
        total = sum(document.applied.values(), ZERO) + sum((part.total for part in parts), ZERO)
        if total <= 0:
            raise Refused("nothing is refunded")
        numbers = [self._keep(part) for part in parts]
        document.applied |= {number: part.total for number, part in zip(numbers, parts, strict=True)}
        return self._settled(document, total), numbers

    def _paid_back(self, document: Document, one: Apply) -> Document:
        deposit = self.documents[one.to]
        same = deposit.customer == document.customer and deposit.terms.currency == document.terms.currency
        if deposit.kind != "customerDeposit" or not same:
            raise Refused("no deposit of this customer and currency")
        free = self.open_of(one.to)
        amount = free if one.amount is None else rounded(one.amount, self.places[document.terms.currency])
        if amount < 0 or amount > free:
            raise Refused("not what the deposit holds")
        terms = Terms(deposit.terms.currency, deposit.terms.rate, document.terms.month)
        return Document(
            "depositApplication", document.customer, terms, total=amount, source=one.to, applied={one.to: amount}
        )

    def _settled(self, document: Document, total: Decimal | None) -> int:
        self._must_be_open(document.terms.month)
        document.total = sum(document.applied.values(), ZERO) if total is None else total
        if document.total <= 0:
            raise Refused("nothing is paid")
        return self._keep(document)

    def delete(self, number: int) -> list[int]:
        """Delete a document that nothing depends on; answers what went with it."""
        document = self.documents[number]
        self._must_be_open_for(document)
        others = [other for other in self.documents.values() if other is not document]
        if any(number in other.applied for other in others) or any(self._made_from(number, o) for o in others):
            raise Refused("others depend on it")
        gone = [number]
        if document.kind == "customerRefund":
            gone += [to for to in document.applied if self.documents[to].kind == "depositApplication"]
        self._move(document.moves, -1)
        for one in gone:
            del self.documents[one]
        return gone

    def _made_from(self, number: int, other: Document) -> bool:
        return other.source == number

    # ---- the ledger

    def ledger(self, number: int) -> dict[str, Decimal]:
        """Debit less credit per account in the document's currency, without the cost of goods."""
        document = self.documents[number]
        total, sign = document.total, -1 if document.kind in {"cashRefund", "creditMemo"} else 1
        pairs = {
            "customerPayment": ("1090", "1100"),
            "customerDeposit": ("1090", "2200"),
            "depositApplication": ("2200", "1100"),
            "customerRefund": ("1100", "1090"),
        }
        if document.kind == "salesOrder":
            return {}
        if document.kind in pairs:
            debit, credit = pairs[document.kind]
            return {debit: total, credit: -total}
        main = "1090" if document.kind in {"cashSale", "cashRefund"} else "1100"
        parts = {
            main: total,
            "4000": -document.subtotal,
            "4010": -document.terms.shipping,
            "4020": -document.discount,
            "2100": -document.tax,
        }
        return {account: sign * amount for account, amount in parts.items() if amount}

    def cost(self, number: int) -> Decimal | None:
        """What the document does to the inventory account, where the rules say what it is."""
        worths = [move.worth for move in self.documents[number].moves]
        return None if None in worths else sum((worth for worth in worths if worth is not None), ZERO)

    def exchange_result(self) -> Decimal:
        """The realised loss (positive) of all that is set against documents of another rate."""
        return sum(
            (
                self._left_over(document, to, amount)
                for document in self.documents.values()
                for to, amount in document.applied.items()
            ),
            ZERO,
        )

    def _left_over(self, document: Document, to: int, amount: Decimal) -> Decimal:
        target = self.documents[to]
        on_deposits = target.kind == "customerDeposit"
        side = 1 if on_deposits else SIDES[document.kind]
        return side * (rounded(amount * document.terms.rate) - rounded(amount * target.terms.rate))
