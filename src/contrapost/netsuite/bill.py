"""What NetSuite holds of an order: its bills, and what has been credited against them. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003 - msgspec reads this type at run time
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost.netsuite.drafts import Draft


class BillKind(StrEnum):
    """The NetSuite records an order is billed with, by their REST names."""

    CASH_SALE = "cashSale"
    INVOICE = "invoice"


class LineKind(StrEnum):
    """What a line of a bill stands for."""

    ITEM = "item"
    GROUP = "group"
    """The head of an item group: it has a name and a quantity, its members stand below it."""
    DISCOUNT = "discount"
    SHIPPING = "shipping"


STOCKED = frozenset({"InvtPart", "Assembly", "Kit"})
"""Item types whose quantity on a refund moves stock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """The tax of one bill line by one tax code, as NetSuite has it."""

    code_id: str
    type_id: str
    """SuiteTax's tax type; empty where the account uses legacy tax."""
    rate: Decimal
    """In percent."""
    amount: Money
    account: str = ""
    """Internal id of the account it was booked to; empty where it is the one of all tax on the bill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What goods of a line cost when they were sold, and where NetSuite booked it."""

    unit: Decimal
    """In the subsidiary's base currency, a unit."""
    asset_account: str
    expense_account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line of a bill. Amounts are as sold: above zero for goods, below zero for a discount."""

    line: int
    """What a transform calls `orderLine`; 0 for shipping and header discounts, which have none."""
    kind: LineKind
    item_id: str
    item: str
    """The item's name, which a store's SKU is compared with."""
    item_type: str
    """NetSuite's word: `InvtPart`, `NonInvtPart`, `Service` …"""
    quantity: Decimal
    amount: Money
    account: str
    """Internal id of the income account the line was booked to."""
    taxes: tuple[Tax, ...] = ()
    cost: Cost | None = None
    location: str = ""
    department: str = ""
    class_: str = ""
    group: int = 0
    """The line number of the item group it is a member of; 0 where of none."""

    @property
    def tax(self) -> Money:
        """The tax of this line over all its tax codes; zero where NetSuite holds tax on the order only."""
        return total((tax.amount for tax in self.taxes), self.amount.currency)

    @property
    def moves_stock(self) -> bool:
        """Says whether a quantity of this item on a refund goes back to stock."""
        return self.item_type in STOCKED


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """What one line of a credit took back. Amounts above zero are to the customer's good."""

    item_id: str
    item: str
    kind: LineKind
    quantity: Decimal
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A cash refund or credit memo that stands against a bill, ours or made by hand."""

    record: str
    """`cashRefund` or `creditMemo`."""
    id: str
    tranid: str
    external_id: str
    bill_id: str
    """The bill, or the return authorization, it was made from or applied to; empty where only its name tells."""
    total: Money
    """With tax."""
    lines: tuple[CreditLine, ...] = ()

    @property
    def credited(self) -> Money:
        """What it credits: its total, and what lines below zero took out of that (kept, or given as store credit)."""
        taken = (-line.amount for line in self.lines if line.kind is LineKind.ITEM and line.amount.amount < 0)
        return self.total + total(taken, self.total.currency)

    @property
    def label(self) -> str:
        """The record and its number, as a person would look for it."""
        words = {"cashRefund": "cash refund", "creditMemo": "credit memo"}
        return f"{words.get(self.record, self.record)} {self.tranid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The record an order, or a part of it, was billed with."""

    kind: BillKind
    id: str
    tranid: str
    day: date
    customer: str
    """Internal id."""
    subsidiary: str
    """Internal id."""
    currency: str
    currency_id: str
    exchange_rate: Decimal
    """Base currency for one unit of the bill's currency."""
    account: str
    """Internal id: the A/R account of an invoice, the cash account of a cash sale."""
    total: Money
    unpaid: Money
    """What is still to be paid on an invoice; zero on a cash sale."""
    lines: tuple[BillLine, ...]
    order_tax: tuple[Tax, ...] = ()
    """Tax that NetSuite holds on the order as a whole (legacy), with the account in `tax_account`."""
    tax_account: str = ""
    """Internal id of the account the bill's tax was booked to."""
    location: str = ""
    department: str = ""
    class_: str = ""
    credits: tuple[Credit, ...] = ()

    @property
    def label(self) -> str:
        """The record and its number, as a person would look for it: `cash sale CS-12`."""
        return f"{'cash sale' if self.kind is BillKind.CASH_SALE else 'invoice'} {self.tranid}"

    @property
    def tax(self) -> Money:
        """All tax on the bill."""
        return total((*(line.tax for line in self.lines), *(tax.amount for tax in self.order_tax)), self.currency)

    def of_kind(self, kind: LineKind) -> tuple[BillLine, ...]:
        """Gives the lines of one kind, in the bill's order."""
        return tuple(line for line in self.lines if line.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of a sales order: what was ordered, and what of it is billed."""

    line: int
    item_id: str
    item: str
    quantity: Decimal
    billed: Decimal
    closed: bool
    """Closed in NetSuite: what is not billed of it never will be."""

    @property
    def unbilled(self) -> Decimal:
        """Units that no bill holds yet."""
        return max(self.quantity - self.billed, Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A customer deposit of an order: paid to us before anything was billed."""

    id: str
    tranid: str
    day: date
    customer: str
    """Internal id."""
    subsidiary: str
    """Internal id."""
    currency: str
    currency_id: str
    exchange_rate: Decimal
    """Base currency for one unit of the deposit's currency."""
    liability_account: str
    """Internal id of the account of customer deposits."""
    left: Money
    """What is neither applied to a bill nor paid back."""

    @property
    def label(self) -> str:
        """The record and its number, as a person would look for it."""
        return f"customer deposit {self.tranid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bills:
    """An order as NetSuite knows it: its bills, oldest first, and what it holds of the order beside them."""

    order_id: str
    """Internal id of the sales order, or of the bill itself where there is no order."""
    order_tranid: str
    bills: tuple[Bill, ...]
    """None where the order has not been billed."""
    order_lines: tuple[OrderLine, ...] = ()
    """Of the sales order; none where there is no order."""
    deposits: tuple[Deposit, ...] = ()
    """Oldest first; those with nothing left too."""

    @property
    def has_order(self) -> bool:
        """Says whether a sales order stands behind the bills."""
        return bool(self.order_lines)


def credits_of(bills: Bills) -> tuple[Credit, ...]:
    """Gives all credits that stand against an order's bills."""
    return tuple(credit for bill in bills.bills for credit in bill.credits)


def given_back(bills: Bills, drafts: Sequence[Draft]) -> Bills:
    """Gives the bills once these records do not stand any more: what they were applied to is open again."""
    opened: dict[str, Decimal] = defaultdict(Decimal)
    for draft in drafts:
        for name in ("apply", "deposit"):
            for line in (draft.body.get(name) or {}).get("items", ()):
                target = line["doc"]["id"]
                if line.get("apply") and isinstance(target, str):
                    opened[target] += Decimal(line.get("amount", 0))
    return replace(
        bills,
        bills=tuple(replace(bill, unpaid=bill.unpaid + Money(opened[bill.id], bill.currency)) for bill in bills.bills),
        deposits=tuple(replace(one, left=one.left + Money(opened[one.id], one.currency)) for one in bills.deposits),
    )


def without_credits(bills: Bills, ids: frozenset[str]) -> Bills:
    """Gives the bills as they were before these credits, by internal id, were made."""
    earlier = (replace(bill, credits=tuple(one for one in bill.credits if one.id not in ids)) for bill in bills.bills)
    return replace(bills, bills=tuple(earlier))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Nothing is wrong, but something has to happen first."""

    code: str
    """What is waited for, as scripts read it: `not_billed`, `order_not_in_netsuite` …"""
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """What is left of a bill to credit, after all credits that stand against it."""

    quantity: dict[str, Decimal]
    """By item id."""
    amount: dict[str, Money]
    """By item id, after the bill's discounts on the line, without tax."""
    shipping: Money
    total: Money
    """Of goods, discounts, shipping and tax together; fee lines and other negative lines of a bill do not count."""


def remaining(bill: Bill) -> Remaining:
    """Counts what is left of a bill per item, of its shipping and in all.

    It is counted per item, not per line: a refund made by hand names items and not always the line they came from.
    """
    quantity: dict[str, Decimal] = defaultdict(Decimal)
    amount: dict[str, Money] = defaultdict(lambda: Money.zero(bill.currency))
    for line in bill.of_kind(LineKind.ITEM):
        quantity[line.item_id] += line.quantity
        amount[line.item_id] += line.amount
    shipping = total((line.amount for line in bill.of_kind(LineKind.SHIPPING)), bill.currency)
    for taken in (line for credit in bill.credits for line in credit.lines):
        if taken.kind is LineKind.SHIPPING:
            shipping -= taken.amount
        elif taken.item_id in amount:
            quantity[taken.item_id] -= taken.quantity
            amount[taken.item_id] -= taken.amount
    goods = (line.amount for line in bill.lines if line.amount.amount > 0 or line.kind is LineKind.DISCOUNT)
    sold = total(goods, bill.currency) + bill.tax
    left = sold - total((credit.credited for credit in bill.credits), bill.currency)
    return Remaining(quantity=dict(quantity), amount=dict(amount), shipping=shipping, total=left)


def with_credit(bill: Bill, credit: Credit) -> Bill:
    """Gives the bill as it stands once this credit stands too."""
    return replace(bill, credits=(*bill.credits, credit))
