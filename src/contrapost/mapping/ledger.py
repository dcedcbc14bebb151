"""The general ledger a credit document will make, before it is made."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from contrapost.netsuite.drafts import BookedBy, LedgerLine, StockMove

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost.mapping.credit import Credited, CreditedLine
    from contrapost.netsuite.bill import Bill
    from contrapost.refunds.money import Money

_CENT = Decimal("0.01")

Entry = tuple[str, Decimal]
"""An account and the amount it is debited, below zero where it is credited, in base currency."""


def credit_ledger(credited: Credited, tax: Money, bill: Bill, against: str) -> tuple[LedgerLine, ...]:
    """Gives the ledger of a cash refund or credit memo.

    Args:
        credited: what the document says.
        tax: its tax, as NetSuite will hold it.
        bill: where accounts, costs and the exchange rate come from.
        against: internal id of the account the other side is booked to: cash, or A/R.
    """
    booked = [(line.account, line.amount) for line in credited.lines]
    if credited.shipping:
        booked.append((credited.shipping.takes_back.account, credited.shipping.amount))
    if credited.header_discount_line:
        booked.append((credited.header_discount_line.account, credited.header_discount))
    booked.append((bill.tax_account, tax))
    whole = _base(sum((amount.amount for _, amount in booked), Decimal(0)) * bill.exchange_rate)
    entries = _adding_up(((account, _base(amount.amount * bill.exchange_rate)) for account, amount in booked), whole)
    entries.append((against, -whole))
    return (*_netted(entries, BookedBy.PLAN), *_netted(_costs(credited.lines), BookedBy.NETSUITE))


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


def payout_ledger(amount: Money, bill: Bill, cash_account: str) -> tuple[LedgerLine, ...]:
    """Gives the ledger of a customer refund: A/R against cash."""
    base = _base(amount.amount * bill.exchange_rate)
    return _netted([(bill.account, base), (cash_account, -base)], BookedBy.PLAN)


def stock_moves(lines: Iterable[CreditedLine]) -> tuple[StockMove, ...]:
    """Gives the units that go back to stock."""
    return tuple(
        StockMove(item=line.item, item_id=line.item_id, location=line.location, quantity=line.quantity)
        for line in lines
        if line.moves_stock and line.quantity
    )


def _costs(lines: Iterable[CreditedLine]) -> list[Entry]:
    """NetSuite takes goods back at what they cost when they were sold on that bill."""
    entries: list[Entry] = []
    for line in lines:
        if line.moves_stock and line.takes_back and line.takes_back.cost:
            cost = line.takes_back.cost
            amount = _base(cost.unit * line.quantity)
            entries += [(cost.asset_account, amount), (cost.expense_account, -amount)]
    return entries


def _netted(entries: Iterable[Entry], by: BookedBy) -> tuple[LedgerLine, ...]:
    net: dict[str, Decimal] = defaultdict(Decimal)
    for account, amount in entries:
        net[account] += amount
    return tuple(
        LedgerLine(account=account, debit=max(amount, Decimal(0)), credit=max(-amount, Decimal(0)), by=by)
        for account, amount in net.items()
        if amount
    )


def _base(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
