"""Which part of a refund goes against which bill of its order, and which part nothing bills."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.netsuite.bill import Bill, Bills, LineKind, Remaining, remaining
from contrapost.refunds.division import split_line, with_tenders
from contrapost.refunds.document import Adjustment, Charge, ChargeKind, Refund, Restock
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.bill import OrderLine
    from contrapost.refunds.document import Line


@dataclass(frozen=True, slots=True)
class Part:
    """What of a refund goes against one bill; against none where nothing bills it."""

    refund: Refund
    bill: Bill | None
    order_lines: tuple[OrderLine, ...] = ()
    """The lines of the sales order that were canceled unbilled."""


@dataclass(slots=True)
class _Share:
    """A part that is being filled, with what its bill still holds."""

    bill: Bill | None
    left: Remaining | None
    lines: list[Line] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)

    def units_of(self, item_ids: frozenset[str]) -> Decimal:
        return sum((self.left.quantity.get(id_, Decimal(0)) for id_ in item_ids), Decimal(0)) if self.left else _NONE

    def take(self, line: Line, item_ids: frozenset[str]) -> None:
        self.lines.append(line)
        if self.left is None:
            return
        units, worth = Decimal(line.quantity), line.credited
        for id_ in item_ids & self.left.quantity.keys():
            taken = min(units, max(self.left.quantity[id_], _NONE))
            self.left.quantity[id_] -= taken
            units -= taken
            self.left.amount[id_] -= worth
            worth = Money.zero(worth.currency)

    @property
    def worth(self) -> Money:
        """What the part credits so far, with tax."""
        lines = (entry.credited + entry.tax for entry in self.lines)
        charges = (entry.credited + entry.tax for entry in self.charges)
        given = (entry.amount + entry.tax for entry in self.adjustments)
        zero = Money.zero(self.bill.currency if self.bill else "")
        return sum((*lines, *charges, *given), zero)


_NONE = Decimal(0)


def allocate(refund: Refund, order: Bills, profile: Profile) -> tuple[Part, ...]:
    """Allocates a refund over the bills of its order, oldest first.

    Units that were canceled go to what the sales order has unbilled, for nothing will bill them any more; all other
    units go to the oldest bill that still holds the item, of those that sold it at this price first. What no bill
    holds is left with the oldest, to be told from there. Money follows the parts in the order of the tenders.
    """
    canceled, rest, closed = _canceled_unbilled(refund, order, profile)
    if not order.bills:
        return (Part(refund, None, closed or _open_lines(order)),)
    if len(order.bills) == 1 and not canceled:
        return (Part(refund, order.bills[0]),)
    shares = [_Share(bill, remaining(bill)) for bill in order.bills]
    for line in rest:
        _place_line(line, shares, profile)
    for charge in refund.charges:
        _place_charge(charge, shares, profile)
    for adjustment in refund.adjustments:
        _place_adjustment(adjustment, shares)
    unbilled = _Share(None, None, lines=canceled)
    filled = [share for share in (unbilled, *shares) if share.lines or share.charges or share.adjustments]
    parts = [
        replace(
            refund,
            lines=tuple(share.lines),
            charges=tuple(share.charges),
            adjustments=tuple(share.adjustments),
            goods_out=refund.goods_out if index == len(filled) - 1 else (),
        )
        for index, share in enumerate(filled)
    ]
    paid = with_tenders(refund, parts)
    return tuple(
        Part(part, share.bill, closed if share is unbilled else ()) for share, part in zip(filled, paid, strict=True)
    ) or (Part(refund, order.bills[0]),)


def named_item(line: Line, profile: Profile) -> str:
    """Gives the name that NetSuite knows the item of a refunded line by."""
    return profile.skus.get(line.sku, line.sku)


def is_item(item: str, item_id: str, name: str) -> bool:
    """Says whether an item goes by this name. NetSuite names a sub-item `Parent : Child`; stores know the child."""
    return name in (item, item.rsplit(" : ", 1)[-1], f"id:{item_id}")


def _canceled_unbilled(
    refund: Refund, order: Bills, profile: Profile
) -> tuple[list[Line], list[Line], tuple[OrderLine, ...]]:
    """Parts canceled units that no bill holds from all others; with the order's lines they were on."""
    canceled: list[Line] = []
    rest: list[Line] = []
    unbilled = {line.line: line.unbilled for line in order.order_lines}
    touched: dict[int, OrderLine] = {}
    for line in refund.lines:
        if line.goods.restock is not Restock.CANCELED:
            rest.append(line)
            continue
        name, units = named_item(line, profile), 0
        for ordered in order.order_lines:
            free = min(int(unbilled[ordered.line]), line.quantity - units)
            if free > 0 and is_item(ordered.item, ordered.item_id, name):
                unbilled[ordered.line] -= free
                units += free
                touched[ordered.line] = ordered
        if 0 < units < line.quantity:
            first, second = split_line(line, (units, line.quantity - units))
            canceled.append(first)
            rest.append(second)
        else:
            (canceled if units else rest).append(line)
    return canceled, rest, tuple(touched.values())


def _open_lines(order: Bills) -> tuple[OrderLine, ...]:
    return tuple(line for line in order.order_lines if line.unbilled and not line.closed)


def _place_line(line: Line, shares: list[_Share], profile: Profile) -> None:
    """Places one line: its units over the bills that hold them, or, without units, where its amount fits."""
    name = named_item(line, profile)
    holders = [(share, ids) for share in shares if (ids := _ids(share, name))]
    holders.sort(key=lambda holder: not _priced_alike(line, *holder))
    if not holders:
        shares[0].lines.append(line)
        return
    if not line.quantity:
        fits = (entry for entry in holders if _amount_of(*entry) >= line.credited)
        share, ids = next(fits, holders[0])
        share.take(line, ids)
        return
    wanted, placed = line.quantity, []
    for share, ids in holders:
        units = min(wanted, int(max(share.units_of(ids), _NONE)))
        if units:
            placed.append((share, ids, units))
            wanted -= units
    if wanted:
        share, ids, units = placed.pop() if placed else (*holders[0], 0)
        placed.append((share, ids, units + wanted))
    pieces = split_line(line, [units for _, _, units in placed])
    for (share, ids, _), piece in zip(placed, pieces, strict=True):
        share.take(piece, ids)


def _ids(share: _Share, name: str) -> frozenset[str]:
    lines = share.bill.lines if share.bill else ()
    groups = {line.line for line in lines if line.kind is LineKind.GROUP and is_item(line.item, line.item_id, name)}
    return frozenset(
        line.item_id
        for line in lines
        if line.kind is LineKind.ITEM and (is_item(line.item, line.item_id, name) or line.group in groups)
    )


def _priced_alike(line: Line, share: _Share, ids: frozenset[str]) -> bool:
    """Says whether a bill sold the item at the price that comes back, taxed or not as that is."""
    if not line.quantity or not share.bill:
        return False
    unit = line.credited.amount / line.quantity
    return any(
        one.item_id in ids
        and one.quantity
        and one.amount.amount / one.quantity == unit
        and bool(one.tax) == bool(line.tax)
        for one in share.bill.of_kind(LineKind.ITEM)
    )


def _amount_of(share: _Share, ids: frozenset[str]) -> Money:
    zero = Money.zero(share.bill.currency if share.bill else "")
    return sum((share.left.amount[id_] for id_ in ids), zero) if share.left else zero


def _place_charge(charge: Charge, shares: list[_Share], profile: Profile) -> None:
    """Places shipping where the bills still hold shipping, anything else where a bill has its item."""
    if charge.kind is not ChargeKind.SHIPPING:
        named = profile.items.get(charge.kind, "")
        holders = [share for share in shares if named and _ids(share, named)]
        used = [share for share in shares if share.lines]
        (holders or used or shares)[0].charges.append(charge)
        return
    named = profile.items.get("shipping", "")
    left = charge
    for share in shares:
        ids = _ids(share, named) if named else frozenset()
        free = share.left.shipping if share.left else None
        free = _amount_of(share, ids) if ids and not free else free
        if free is None or free.amount <= 0 or not left.credited:
            continue
        taken = min(free, left.credited)
        tax = Money(left.tax.amount * taken.amount / left.credited.amount, taken.currency).rounded()
        share.charges.append(replace(left, credited=taken, tax=tax))
        left = replace(left, credited=left.credited - taken, tax=left.tax - tax)
    if left.credited or left.tax:
        holders = [share for share in shares if any(entry.kind is ChargeKind.SHIPPING for entry in share.charges)]
        used = [share for share in shares if share.lines]
        _add_to(left, (holders or used or shares)[0])


def _add_to(charge: Charge, share: _Share) -> None:
    """Adds to a charge of the same kind that a part has already, so that it stays one."""
    for index, held in enumerate(share.charges):
        if held.kind is charge.kind:
            share.charges[index] = replace(held, credited=held.credited + charge.credited, tax=held.tax + charge.tax)
            return
    share.charges.append(charge)


def _place_adjustment(adjustment: Adjustment, shares: list[_Share]) -> None:
    """Places what was given where the bills hold enough beside their lines; what was kept, where lines can bear it."""
    worth = adjustment.amount + adjustment.tax
    if worth.amount <= 0:
        bearers = [share for share in shares if share.worth + worth >= Money.zero(worth.currency)]
        (bearers or [share for share in shares if share.lines] or shares)[0].adjustments.append(adjustment)
        return
    for share in shares:
        free = share.left.total - share.worth if share.left else Money.zero(worth.currency)
        if free.amount <= 0:
            continue
        taken = min(free, worth)
        tax = Money(adjustment.tax.amount * taken.amount / worth.amount, taken.currency).rounded()
        share.adjustments.append(replace(adjustment, amount=taken - tax, tax=tax))
        adjustment = replace(adjustment, amount=adjustment.amount - (taken - tax), tax=adjustment.tax - tax)
        worth = adjustment.amount + adjustment.tax
        if worth.amount <= 0:
            return
    shares[0].adjustments.append(adjustment)
