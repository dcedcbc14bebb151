"""Refunded lines against the lines of a bill: which is taken back, at what amount, and what does not fit."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.mapping.allocation import named_item
from contrapost.mapping.credit import CreditedLine
from contrapost.mapping.restock import Way, quantity_back
from contrapost.netsuite.bill import Bill, BillLine, LineKind
from contrapost.refunds.finding import Finding, error
from contrapost.refunds.money import Money, decimals_of, split, total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost.mapping.profile import Profile
    from contrapost.mapping.terms import Terms
    from contrapost.netsuite.lists import Lists
    from contrapost.refunds.document import Line, Refund

BOOKED_BY_HAND = (
    "If it was booked by hand, link its record (Booked by hand, or contrapost adopt); else correct NetSuite."
)
"""What to do where less is left of a bill than a refund takes back."""


@dataclass(slots=True)
class _Left:
    """What earlier credits left of one line of the bill; runs down while lines are taken back."""

    line: BillLine
    units: Decimal
    amount: Money

    @property
    def rate(self) -> Decimal:
        return self.line.amount.amount / self.line.quantity if self.line.quantity else self.line.amount.amount

    @property
    def worth_in_units(self) -> Decimal:
        """How many units the amount that is left makes; as many as are left where the line cost nothing."""
        return self.amount.amount / self.rate if self.rate else self.units

    def holds_whole_units_of(self, amount: Money) -> bool:
        """Says whether an amount is what whole units of the line came to."""
        if not self.line.amount:
            return False
        units = amount.amount * self.line.quantity / self.line.amount.amount
        return units == units.to_integral_value()

    def charged(self, units: Decimal, credited: Money) -> Money:
        """What the bill charged for some of the units left, of which a store credits this much.

        Less than a cent a unit is no discount: store and bill round a unit's share differently. Otherwise it is what
        leaves the rate of the other units to them, so that the cents of all parts come to those of the line.
        """
        nominal, decimals = self.rate * units, decimals_of(credited.currency)
        if not units or abs(nominal - credited.amount) < units.scaleb(-decimals):
            return credited
        others = max(self.units - units, Decimal(0))
        kept_for_others = Money(self.rate * others, credited.currency).rounded()
        charged = self.amount - kept_for_others
        if abs(charged.amount - nominal) > self.line.quantity.scaleb(-decimals):
            return Money(nominal, credited.currency).rounded()
        return charged

    def take(self, units: Decimal, amount: Money) -> None:
        self.units -= units
        self.amount -= amount


@dataclass(frozen=True, slots=True)
class _Part:
    """Units of one refunded line that one line of the bill takes."""

    refunded: Line
    left: _Left
    units: Decimal
    credited: Money
    tax: Money
    gross: Money
    """What the bill charged for these units, before discounts that stand on lines of their own."""


def take_back(refund: Refund, bill: Bill, terms: Terms) -> tuple[tuple[CreditedLine, ...], Money, tuple[Finding, ...]]:
    """Takes the refunded lines back from the bill.

    Amounts follow the store. Where the bill shows discounts as lines or in its header, a line is taken back at what
    the bill charged and the discount comes back beside it, so that revenue and discounts both return to what they were.

    Returns:
        The lines; the discount that goes with them (zero or above), still to be placed; and findings.
    """
    profile, lists = terms.profile, terms.lists
    shelf = _Shelf(bill)
    discount_left = _discount_left(bill)
    parts: list[_Part] = []
    findings: list[Finding] = []
    for refunded in refund.lines:
        taken, found = _find(refunded, bill, shelf, profile)
        parts.extend(taken)
        findings.extend(found)
    discounts = _discounts(parts, discount_left)
    lines = [
        _line(part, part.credited + discount, bill, profile, lists)
        for part, discount in zip(parts, discounts, strict=True)
    ]
    findings.extend(_overdrawn(parts, discounts, bill, terms))
    return tuple(lines), total(discounts, refund.currency), tuple(findings)


class _Shelf:
    """What is left of a bill's lines, found by the names their items go by."""

    def __init__(self, bill: Bill) -> None:
        self.lefts = _what_is_left(bill)
        self._named: dict[str, list[_Left]] = defaultdict(list)
        self._at_rate: dict[tuple[str, Decimal], deque[_Left]] = defaultdict(deque)
        self._groups: dict[str, tuple[BillLine, list[_Left]]] = {}
        for left in self.lefts:
            for name in names_of(left.line):
                self._named[name].append(left)
                self._at_rate[name, left.rate].append(left)
        for head in bill.of_kind(LineKind.GROUP):
            members = [left for left in self.lefts if left.line.group == head.line]
            for name in names_of(head):
                self._groups.setdefault(name, (head, members))

    def of(self, name: str) -> list[_Left]:
        """The lines of an item."""
        return self._named.get(name, [])

    def group(self, name: str) -> tuple[BillLine, list[_Left]] | None:
        """An item group by its name: its head and its members."""
        return self._groups.get(name)

    def exactly(self, name: str, rate: Decimal, units: Decimal) -> _Left | None:
        """The first line at this rate that still holds as many units."""
        queue = self._at_rate.get((name, rate))
        while queue and queue[0].units <= 0:
            queue.popleft()
        return next((left for left in queue or () if left.units >= units), None)


def names_of(line: BillLine) -> tuple[str, ...]:
    """Gives the names an item goes by. NetSuite names a sub-item `Parent : Child`; stores know the child."""
    return tuple(dict.fromkeys((line.item, line.item.rsplit(" : ", 1)[-1], f"id:{line.item_id}")))


def _what_is_left(bill: Bill) -> list[_Left]:
    """Runs the lines down by what was credited: by its units, or by what its amount makes, whichever is more.

    One credit may carry the units and another a part of the money, and money may have come without units.
    """
    lefts = [_Left(line, line.quantity, line.amount) for line in bill.of_kind(LineKind.ITEM) if line.amount.amount >= 0]
    of_item: dict[str, list[_Left]] = defaultdict(list)
    for left in lefts:
        of_item[left.line.item_id].append(left)
    for credited in (line for credit in bill.credits for line in credit.lines if line.kind is LineKind.ITEM):
        amount, quantity = credited.amount, credited.quantity
        for left in _likeliest_first(of_item[credited.item_id], amount):
            taken, units = min(amount, left.amount), min(quantity, left.units)
            left.take(units, taken)
            amount, quantity = amount - taken, quantity - units
    for left in lefts:
        left.units = min(left.units, left.worth_in_units)
    return lefts


def _likeliest_first(lefts: list[_Left], amount: Money) -> list[_Left]:
    """Lines of one item, that first whose rate makes up an amount credited before: a credit names no line."""
    whole = next((left for left in lefts if left.amount >= amount and left.holds_whole_units_of(amount)), None)
    return lefts if whole is None else [whole, *(left for left in lefts if left is not whole)]


def _discount_left(bill: Bill) -> Money:
    given = total((line.amount for line in bill.of_kind(LineKind.DISCOUNT)), bill.currency)
    back = (line.amount for credit in bill.credits for line in credit.lines if line.kind is LineKind.DISCOUNT)
    return max(-(given - total(back, bill.currency)), Money.zero(bill.currency))


def _find(refunded: Line, bill: Bill, shelf: _Shelf, profile: Profile) -> tuple[list[_Part], list[Finding]]:
    name = named_item(refunded, profile)
    candidates = shelf.of(name)
    group = shelf.group(name)
    if not candidates and group:
        return _of_group(refunded, *group), []
    if not candidates:
        return [], [_not_on_bill(refunded, name, bill)]
    units_left = Decimal(refunded.quantity)
    unit = refunded.credited.amount / units_left if units_left else refunded.credited.amount
    same = shelf.exactly(name, unit, units_left) if units_left else None
    if same:
        return _parts(refunded, [(same, units_left)]), []
    candidates = sorted(candidates, key=lambda left: _fitness(left, units_left, unit))
    taken: list[tuple[_Left, Decimal]] = []
    for left in candidates:
        units = min(units_left, max(left.units.to_integral_value(), Decimal(0)))
        if units > 0 or not refunded.quantity:
            taken.append((left, units))
        units_left -= units
        if units_left <= 0:
            break
    if units_left > 0:
        return [], [_more_units_than_left(refunded, candidates, bill)]
    return _parts(refunded, taken), []


def _fitness(left: _Left, units: Decimal, unit: Decimal) -> tuple[bool, bool, Decimal, int]:
    """How well a line fits units at a price: it holds them all, and its rate is that price, or least above it.

    A store's price is after discounts, so that it is never above the rate of its own line.
    """
    return left.units < units, left.rate < unit, abs(left.rate - unit), left.line.line


def _of_group(refunded: Line, head: BillLine, members: list[_Left]) -> list[_Part]:
    """Takes an item group back: of each member its share of the units, at its share of the amount."""
    share = Decimal(refunded.quantity) / head.quantity if head.quantity else Decimal(1)
    return _parts(refunded, [(left, left.line.quantity * share) for left in members])


def _parts(refunded: Line, taken: list[tuple[_Left, Decimal]]) -> list[_Part]:
    weights = [units * left.rate or left.rate for left, units in taken]
    credited = split(refunded.credited, weights)
    tax = split(refunded.tax, weights)
    parts = [
        _Part(refunded, left, units, credited[index], tax[index], left.charged(units, credited[index]))
        for index, (left, units) in enumerate(taken)
    ]
    for part in parts:
        part.left.take(part.units, max(part.gross, part.credited))
    return parts


def _discounts(parts: list[_Part], left: Money) -> list[Money]:
    """What each part was discounted, as far as the bill shows discounts to take back."""
    zero = Money.zero(left.currency)
    wanted = [max(part.gross - part.credited, zero) for part in parts]
    most = min(total(wanted, left.currency), left)
    if not most:
        return [zero] * len(parts)
    return list(split(most, [amount.amount for amount in wanted]))


def _line(part: _Part, amount: Money, bill: Bill, profile: Profile, lists: Lists) -> CreditedLine:
    back = quantity_back(replace_quantity(part.refunded, part.units), part.left.line, profile)
    substitute = profile.items.get("no_restock")
    item = lists.item(substitute) if substitute and not back.quantity and part.left.line.moves_stock else None
    if item is not None:
        return CreditedLine(
            item_id=item.id,
            item=item.name,
            quantity=part.units,
            amount=amount,
            tax=part.tax,
            account=item.income_account,
            why=f"{back.why}, so {item.name} stands for {part.left.line.item}",
            store_lines=(part.refunded.id,),
        )
    place = lists.location(profile.locations.get(part.refunded.goods.location, ""))
    return CreditedLine(
        item_id=part.left.line.item_id,
        item=part.left.line.item,
        quantity=back.quantity,
        amount=amount,
        tax=part.tax,
        account=part.left.line.account,
        why=back.why,
        takes_back=part.left.line,
        way=back.way,
        location=place.id if place else part.left.line.location or bill.location,
        store_lines=(part.refunded.id,),
    )


def replace_quantity(line: Line, units: Decimal) -> Line:
    """Gives the line for some of its units."""
    return replace(line, quantity=int(units))


def merged(lines: Iterable[CreditedLine]) -> tuple[CreditedLine, ...]:
    """Gives one line a line of the bill: a transform knows its lines by that number, and would take the last of two."""
    sums: dict[tuple[int, str], CreditedLine] = {}
    for index, line in enumerate(lines):
        key = (line.takes_back.line, "") if line.takes_back else (0, str(index))
        before = sums.get(key)
        sums[key] = line if before is None else _sum(before, line)
    return tuple(sums.values())


def _sum(one: CreditedLine, other: CreditedLine) -> CreditedLine:
    return replace(
        one,
        quantity=one.quantity + other.quantity,
        amount=one.amount + other.amount,
        tax=one.tax + other.tax,
        way=one.way if one.way is not Way.NONE else other.way,
        why=one.why if one.why == other.why else f"{one.why}; {other.why}",
        store_lines=(*one.store_lines, *other.store_lines),
    )


def _overdrawn(parts: list[_Part], discounts: list[Money], bill: Bill, terms: Terms) -> list[Finding]:
    allowed = Money(terms.profile.rounding_tolerance + terms.goodwill, bill.currency)
    asked: dict[int, Money] = {}
    lefts = {id(part.left): part.left for part in parts}
    for part, discount in zip(parts, discounts, strict=True):
        before = asked.get(id(part.left), Money.zero(bill.currency))
        asked[id(part.left)] = before + part.credited + discount - max(part.gross, part.credited)
    over: list[Finding] = []
    for key, left in lefts.items():
        short = asked[key] - left.amount
        if short > allowed:
            over.append(_more_money_than_left(left.line, short, bill))
    return over


def earlier_credits(bill: Bill) -> str:
    """Names what was credited against a bill before, for a sentence."""
    if not bill.credits:
        return "Nothing of it was refunded before."
    named = ", ".join(f"{credit.label} of {credit.total}" for credit in bill.credits)
    return f"It was refunded before by {named}."


def _not_on_bill(refunded: Line, name: str, bill: Bill) -> Finding:
    has = ", ".join(dict.fromkeys(line.item for line in bill.of_kind(LineKind.ITEM))) or "no items"
    called = name or "an item without a SKU"
    return error(
        "item_not_on_bill",
        f"The refund takes back {called} ({refunded.title}), but {bill.label} has {has}.",
        fix="If the item has another name in NetSuite, set it for this account "
        f"(--set sku.{name or 'SKU'}=NAME); otherwise correct the bill in NetSuite.",
        where=f"line {refunded.id}",
    )


def _more_units_than_left(refunded: Line, candidates: list[_Left], bill: Bill) -> Finding:
    units = sum((max(left.units, Decimal(0)) for left in candidates), Decimal(0))
    return error(
        "more_than_remains",
        f"The refund takes back {refunded.quantity} {refunded.sku}, but of {bill.label} only {units:f} are left. "
        f"{earlier_credits(bill)}",
        fix=BOOKED_BY_HAND,
        where=f"line {refunded.id}",
    )


def _more_money_than_left(line: BillLine, short: Money, bill: Bill) -> Finding:
    return error(
        "more_than_remains",
        f"The refund credits {short} more for {line.item} than is left of {bill.label}. {earlier_credits(bill)}",
        fix=BOOKED_BY_HAND,
        where=f"line {line.line} of {bill.label}",
    )
