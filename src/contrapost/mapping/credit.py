"""The lines of a credit document: what a refund takes back from a bill, and what it adds beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.mapping.restock import Way
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from decimal import Decimal

    from contrapost.netsuite.bill import BillLine, Tax


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditedLine:
    """One line of a cash refund or credit memo. An amount above zero is to the customer's good."""

    item_id: str
    item: str
    quantity: Decimal
    amount: Money
    """Without tax."""
    tax: Money
    """As the store states it."""
    account: str
    """Internal id of the income account."""
    why: str
    takes_back: BillLine | None = None
    """The line of the bill it takes back; None for a line added beside."""
    way: Way = Way.NONE
    location: str = ""
    """Internal id; empty for the one the bill has."""
    taxes: tuple[Tax, ...] = ()
    """The tax codes of a line that takes nothing back; otherwise those of the bill's line count."""
    role: str = ""
    """What an added line is for, as the profile's items name it: `rounding`, `kept` …; empty on lines of the bill."""
    store_lines: tuple[str, ...] = ()
    """The ids of the store's refunded lines that it stands for."""

    @property
    def moves_stock(self) -> bool:
        """Says whether this line of the refund record moves stock."""
        return self.way is Way.ON_REFUND

    @property
    def codes(self) -> tuple[Tax, ...]:
        """The taxes whose codes this line is booked with."""
        return self.takes_back.taxes if self.takes_back else self.taxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipping:
    """Shipping given back from the bill's own shipping cost."""

    amount: Money
    tax: Money
    takes_back: BillLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """All that a credit document says."""

    lines: tuple[CreditedLine, ...]
    shipping: Shipping | None
    header_discount: Money
    """Zero or below: the part of the bill's header discount that goes with the lines."""
    header_discount_line: BillLine | None = None

    def rounded(self, currency: str) -> Money:
        """What stands on lines for rounding, without regard to its sign."""
        return total((abs(line.amount) for line in self.lines if line.role == "rounding"), currency)

    def stated_tax(self, currency: str) -> Money:
        """The tax as the store states it."""
        shipping = self.shipping.tax if self.shipping else Money.zero(currency)
        return total((line.tax for line in self.lines), currency) + shipping

    def total(self, currency: str) -> Money:
        """What the document comes to, with the store's tax."""
        shipping = self.shipping.amount + self.shipping.tax if self.shipping else Money.zero(currency)
        return total((line.amount + line.tax for line in self.lines), currency) + shipping + self.header_discount
