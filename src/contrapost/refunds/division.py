"""Divides a refund into parts that are booked apart, each a refund document of its own, together exactly the whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from contrapost.refunds.document import Adjustment, Charge, Line
from contrapost.refunds.money import Money, split, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contrapost.refunds.document import Refund

_Entry = TypeVar("_Entry", Line, Charge)


def divide(refund: Refund, amounts: Sequence[Money]) -> tuple[Refund, ...]:
    """Divides what a refund credits into parts of these amounts (with tax), in the order of its lines.

    A part is filled before the next begins, so that at most one entry is cut at each border: its units go with the
    first piece, the later ones carry money only, and tax goes along in proportion. The parts' entries add up to those
    of the refund to the last minor unit. Tenders are left to the caller: the parts have none.

    Args:
        refund: with amounts that need no more than the currency's decimals.
        amounts: what each part credits; the last takes whatever is left, also where that is more or less.

    Raises:
        ValueError: there are no amounts.
    """
    if not amounts:
        raise ValueError("A refund is divided into one part or more")
    lines, charges, adjustments = list(refund.lines), list(refund.charges), list(refund.adjustments)
    parts: list[Refund] = []
    for amount in amounts[:-1]:
        taken_lines, left = _fill(lines, amount)
        taken_charges, left = _fill(charges, left)
        taken_adjustments, _ = _fill_adjustments(adjustments, left)
        part = replace(refund, lines=taken_lines, charges=taken_charges, adjustments=taken_adjustments, tenders=())
        parts.append(part)
    rest = replace(refund, lines=tuple(lines), charges=tuple(charges), adjustments=tuple(adjustments), tenders=())
    return (*parts, rest)


def _fill(entries: list[_Entry], amount: Money) -> tuple[tuple[_Entry, ...], Money]:
    """Takes entries from the front until the amount is reached; the entry at the border is cut."""
    taken: list[_Entry] = []
    while entries and amount.amount > 0:
        first = entries[0]
        worth = first.credited + first.tax
        if worth <= amount:
            taken.append(entries.pop(0))
            amount -= worth
            continue
        piece, rest = _cut(first, amount)
        taken.append(piece)
        entries[0] = rest
        amount = Money.zero(amount.currency)
    return tuple(taken), amount


def _cut(entry: _Entry, amount: Money) -> tuple[_Entry, _Entry]:
    """Cuts one entry in two, the first worth this amount with its tax; units stay with the first."""
    worth = entry.credited + entry.tax
    tax = Money(entry.tax.amount * amount.amount / worth.amount, amount.currency).rounded()
    piece = replace(entry, credited=amount - tax, tax=tax)
    rest = replace(entry, credited=entry.credited - piece.credited, tax=entry.tax - tax)
    if isinstance(rest, Line):
        rest = replace(rest, quantity=0, id=f"{rest.id}+")
    return piece, rest


def _fill_adjustments(entries: list[Adjustment], amount: Money) -> tuple[tuple[Adjustment, ...], Money]:
    """Takes differences that give more, as `_fill` does; what was kept stays for the last part."""
    taken: list[Adjustment] = []
    for entry in list(entries):
        worth = entry.amount + entry.tax
        if worth.amount <= 0 or amount.amount <= 0:
            continue
        share = min(worth, amount)
        tax = Money(entry.tax.amount * share.amount / worth.amount, amount.currency).rounded()
        taken.append(replace(entry, amount=share - tax, tax=tax))
        index = entries.index(entry)
        if share == worth:
            del entries[index]
        else:
            entries[index] = replace(entry, amount=entry.amount - (share - tax), tax=entry.tax - tax)
        amount -= share
    return tuple(taken), amount


def with_tenders(refund: Refund, parts: Sequence[Refund]) -> Iterator[Refund]:
    """Gives each part the tenders that pay it, in the tenders' order; a tender that pays several is split."""
    tenders = list(refund.tenders)
    for index, part in enumerate(parts):
        if index == len(parts) - 1:
            yield replace(part, tenders=tuple(tenders))
            return
        wanted, mine = credited_by(part), []
        while tenders and wanted.amount > 0:
            first = tenders[0]
            share = min(first.amount, wanted)
            mine.append(replace(first, amount=share))
            wanted -= share
            tenders[0] = replace(first, amount=first.amount - share)
            if not tenders[0].amount:
                del tenders[0]
        yield replace(part, tenders=tuple(mine))


def credited_by(refund: Refund) -> Money:
    """Adds up what a part credits, with tax and differences."""
    lines = (line.credited + line.tax for line in refund.lines)
    charges = (charge.credited + charge.tax for charge in refund.charges)
    given = (adjustment.amount + adjustment.tax for adjustment in refund.adjustments)
    return total((*lines, *charges, *given), refund.currency)


def split_line(line: Line, units: Sequence[int]) -> tuple[Line, ...]:
    """Splits a line by units, its amount and tax in proportion and exactly; for units that several bills hold."""
    weights = [Decimal(count) for count in units]
    credited, tax = split(line.credited, weights), split(line.tax, weights)
    return tuple(
        replace(line, id=f"{line.id}/{index}" if index else line.id, quantity=count, credited=amount, tax=share)
        for index, (count, amount, share) in enumerate(zip(units, credited, tax, strict=True))
    )
