"""The general ledger a record will make, before it is made, in the subsidiary's base currency."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from contrapost.netsuite.drafts import BookedBy, LedgerLine, StockMove

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost.mapping.credit import Credited, CreditedLine
    from contrapost.mapping.tax import DocumentTax
    from contrapost.netsuite.bill import Bill
    from contrapost.netsuite.lists import Lists
    from contrapost.refunds.money import Money

Entry = tuple[str, Decimal]
"""An account and the amount it is debited, below zero where it is credited, in base currency."""
DEPOSIT_APPLICATION = "depositApplication"
"""The record by which NetSuite itself turns a deposit into a credit that can be paid out."""
REVALUATION = "fxReval"
"""NetSuite's own entry for what two rates leave on an account."""


@dataclass(frozen=True, slots=True)
class Books:
    """How amounts come into a subsidiary's books: the rate, and the decimals of its base currency."""

    rate: Decimal
    decimals: int = 2

    def base(self, amount: Decimal) -> Decimal:
        """Gives an amount of the transaction's currency in base currency, rounded half up as NetSuite does."""
        return (amount * self.rate).quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP)


def books_of(subsidiary: str, rate: Decimal, lists: Lists) -> Books:
    """Gives the books of a subsidiary, at a rate."""
    base = lists.base_of(subsidiary)
    return Books(rate, base.decimals if base else 2)


def credit_ledger(
    credited: Credited, tax: DocumentTax, bill: Bill, against: str, books: Books
) -> tuple[LedgerLine, ...]:
    """Gives the ledger of a cash refund or credit memo.

    Args:
        credited: what the document says.
        tax: its tax, as NetSuite will hold it.
        bill: where accounts and costs come from.
        against: internal id of the account the other side is booked to: cash, or A/R.
        books: the rate it is booked at.
    """
    booked = [(line.account, line.amount) for line in credited.lines]
    if credited.shipping:
        booked.append((credited.shipping.takes_back.account, credited.shipping.amount))
    if credited.header_discount_line:
        booked.append((credited.header_discount_line.account, credited.header_discount))
    booked += tax.booked or [(bill.tax_account, tax.amount)]
    whole = books.base(sum((amount.amount for _, amount in booked), Decimal(0)))
    entries = _adding_up(((account, books.base(amount.amount)) for account, amount in booked), whole)
    entries.append((against, -whole))
    moving = [line for line in credited.lines if line.moves_stock]
    return (*netted(entries, BookedBy.PLAN), *netted(costs(moving, books.decimals), BookedBy.NETSUITE))


def _adding_up(entries: Iterable[Entry], whole: Decimal) -> list[Entry]:
    """Puts what the entries lack of the whole, each rounded into base currency on its own, onto the largest of them.

    The whole is rounded once, so that a memo and the customer refund that pays it out leave nothing between them.
    """
    entries = list(entries)
    residue = whole - sum((amount for _, amount in entries), Decimal(0))
    if residue:
        largest = max(range(len(entries)), key=lambda index: abs(entries[index][1]))
        account, amount = entries[largest]
        entries[largest] = (account, amount + residue)
    return entries


def payout_ledger(amount: Money, receivable: str, cash_account: str, books: Books) -> tuple[LedgerLine, ...]:
    """Gives the ledger of a customer refund: A/R against cash."""
    base = books.base(amount.amount)
    return netted([(receivable, base), (cash_account, -base)], BookedBy.PLAN)


def application_ledger(parts: Iterable[tuple[str, Money, Books]], receivable: str) -> tuple[LedgerLine, ...]:
    """Gives the ledger of NetSuite's own deposit applications: the deposits' liability against A/R."""
    entries: list[Entry] = []
    for liability, amount, books in parts:
        base = books.base(amount.amount)
        entries += [(liability, base), (receivable, -base)]
    return netted(entries, BookedBy.NETSUITE, on=DEPOSIT_APPLICATION)


def revaluation_ledger(left: Decimal, receivable: str, exchange_account: str) -> tuple[LedgerLine, ...]:
    """Gives NetSuite's own entry for what two rates leave on A/R.

    Args:
        left: what stays on A/R in base currency, a debit above zero.
        receivable: internal id of the A/R account.
        exchange_account: internal id of the account of realized gains and losses.
    """
    return netted([(exchange_account, left), (receivable, -left)], BookedBy.NETSUITE, on=REVALUATION)


def stock_moves(lines: Iterable[CreditedLine]) -> tuple[StockMove, ...]:
    """Gives the units of some lines as they go back to stock."""
    return tuple(
        StockMove(item=line.item, item_id=line.item_id, location=line.location, quantity=line.quantity)
        for line in lines
        if line.quantity
    )


def costs(lines: Iterable[CreditedLine], decimals: int) -> list[Entry]:
    """NetSuite takes goods back at what they cost when they were sold on that bill."""
    entries: list[Entry] = []
    for line in lines:
        if line.takes_back and line.takes_back.cost:
            cost = line.takes_back.cost
            amount = Books(Decimal(1), decimals).base(cost.unit * line.quantity)
            entries += [(cost.asset_account, amount), (cost.expense_account, -amount)]
    return entries


def netted(entries: Iterable[Entry], by: BookedBy, *, on: str = "") -> tuple[LedgerLine, ...]:
    """Gives one ledger line an account, those that come to nothing left out."""
    net: dict[str, Decimal] = defaultdict(Decimal)
    for account, amount in entries:
        net[account] += amount
    return tuple(
        LedgerLine(account=account, debit=max(amount, Decimal(0)), credit=max(-amount, Decimal(0)), by=by, on=on)
        for account, amount in net.items()
        if amount
    )
