"""Stock: what becomes of the goods of a refunded line. One table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from contrapost.mapping.policies import GoodsPolicy, RestockPolicy
from contrapost.refunds.document import Restock

if TYPE_CHECKING:
    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.bill import BillLine
    from contrapost.refunds.document import Line


class Way(StrEnum):
    """How units go back to NetSuite's stock."""

    ON_REFUND = "on_refund"
    """The quantity on the cash refund or credit memo moves it."""
    BY_RECEIPT = "by_receipt"
    """A return authorization and an item receipt move it; the refund is made from the authorization."""
    RECEIPT_LATER = "receipt_later"
    """A return authorization is made; its receipt is left to the people who receive the goods."""
    NOT_YET = "not_yet"
    """The refund waits for the goods."""
    NONE = "none"
    """Nothing moves: the line keeps item and amount at quantity 0."""


class Whereabouts(StrEnum):
    """Where the goods are, as far as their movement in NetSuite goes."""

    BACK = "back"
    """They had left NetSuite's stock and came back."""
    COMING = "coming"
    """They had left NetSuite's stock and are to come back."""
    NEVER_LEFT = "never_left"
    GONE = "gone"
    """The customer keeps them, or they are written off."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """The quantity a line of the refund record carries, and why."""

    quantity: Decimal
    way: Way
    why: str

    @property
    def moves_stock(self) -> bool:
        """Says whether the refund record itself moves stock."""
        return self.way is Way.ON_REFUND


_NEVER = "the profile says that refunds never restock"
_BACK = "the store says that the goods came back, and they had left stock"
_COMING = "the store does not say that the goods came back"
_STAYED = "the goods never left NetSuite's stock"
_GONE = "the store does not say that the goods came back: they are kept, or written off"

TABLE: Final[dict[tuple[Whereabouts, RestockPolicy, GoodsPolicy | None], tuple[Way, str]]] = {
    (Whereabouts.BACK, RestockPolicy.AS_STORE, None): (Way.ON_REFUND, _BACK),
    (Whereabouts.BACK, RestockPolicy.RETURN_AUTHORIZATION, None): (Way.BY_RECEIPT, _BACK),
    (Whereabouts.BACK, RestockPolicy.NEVER, None): (Way.NONE, _NEVER),
    (Whereabouts.COMING, RestockPolicy.AS_STORE, GoodsPolicy.REFUND): (Way.NONE, _COMING),
    (Whereabouts.COMING, RestockPolicy.AS_STORE, GoodsPolicy.WAIT): (Way.NOT_YET, _COMING),
    (Whereabouts.COMING, RestockPolicy.AS_STORE, GoodsPolicy.IN_ADVANCE): (Way.RECEIPT_LATER, _COMING),
    (Whereabouts.COMING, RestockPolicy.RETURN_AUTHORIZATION, GoodsPolicy.REFUND): (Way.NONE, _COMING),
    (Whereabouts.COMING, RestockPolicy.RETURN_AUTHORIZATION, GoodsPolicy.WAIT): (Way.NOT_YET, _COMING),
    (Whereabouts.COMING, RestockPolicy.RETURN_AUTHORIZATION, GoodsPolicy.IN_ADVANCE): (Way.RECEIPT_LATER, _COMING),
    (Whereabouts.COMING, RestockPolicy.NEVER, None): (Way.NONE, _NEVER),
    **{(Whereabouts.NEVER_LEFT, policy, None): (Way.NONE, _STAYED) for policy in RestockPolicy},
    **{(Whereabouts.GONE, policy, None): (Way.NONE, _GONE) for policy in RestockPolicy},
}
"""Where the goods are × restock policy × goods policy (None: whichever) → how they go back to stock, and why."""


def quantity_back(line: Line, bill_line: BillLine, profile: Profile) -> Quantity:
    """Decides the quantity of a line: stock moves only where goods came back that had left NetSuite's stock.

    Otherwise the line keeps item and amount at quantity 0, which moves nothing. Items without stock keep their
    quantity: it only tells how many were refunded.
    """
    units = Decimal(line.quantity)
    if not bill_line.moves_stock:
        return Quantity(units, Way.NONE, "the item has no stock")
    if not units:
        return Quantity(units, Way.NONE, "this part of the money comes without units")
    where = whereabouts(line, bill_line)
    way, why = TABLE.get((where, profile.restock, None)) or TABLE[where, profile.restock, profile.goods]
    return Quantity(Decimal(0) if way is Way.NONE else units, way, why)


def whereabouts(line: Line, bill_line: BillLine) -> Whereabouts:
    """Tells where goods are: the store says what came back, the bill whether they had left NetSuite's stock.

    They had left it when the bill itself booked their cost, or when the store shipped them (then an item fulfillment
    took them).
    """
    goods = line.goods
    if goods.came_back:
        left = bill_line.cost is not None or goods.shipped
        return Whereabouts.BACK if left else Whereabouts.NEVER_LEFT
    if goods.restock is Restock.RETURNED:
        return Whereabouts.COMING
    return Whereabouts.NEVER_LEFT if goods.restock is Restock.CANCELED else Whereabouts.GONE
