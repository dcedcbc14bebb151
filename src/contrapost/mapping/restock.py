"""Stock: what quantity of a refunded line goes back. One table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.mapping.profile import RestockPolicy

if TYPE_CHECKING:
    from contrapost.netsuite.bill import BillLine
    from contrapost.refunds.document import Line


@dataclass(frozen=True, slots=True)
class Quantity:
    """The quantity a line of the refund record carries, and why."""

    quantity: Decimal
    moves_stock: bool
    why: str


def quantity_back(line: Line, bill_line: BillLine, policy: RestockPolicy) -> Quantity:
    """Decides the quantity of a line: stock moves only where goods came back that had left NetSuite's stock.

    Goods had left NetSuite's stock when the bill itself booked their cost, or when the store shipped them (then an
    item fulfillment took them). Otherwise the line keeps item and amount at quantity 0, which moves nothing. Items
    without stock keep their quantity: it only tells how many were refunded.
    """
    units = Decimal(line.quantity)
    if not bill_line.moves_stock:
        return Quantity(units, moves_stock=False, why="the item has no stock")
    if policy is RestockPolicy.NEVER:
        return Quantity(Decimal(0), moves_stock=False, why="the profile says that refunds never restock")
    if not line.goods.came_back:
        return Quantity(Decimal(0), moves_stock=False, why="the store does not say that the goods came back")
    if bill_line.cost is None and not line.goods.shipped:
        return Quantity(Decimal(0), moves_stock=False, why="the goods never left NetSuite's stock")
    return Quantity(units, moves_stock=True, why="the store says that the goods came back, and they had left stock")
