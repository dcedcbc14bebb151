"""How well records that somebody made by hand fit a refund: by amount and by items. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.mapping.allocation import named_item
from contrapost.netsuite.bill import LineKind
from contrapost.netsuite.by_hand import CREDITING, PAYING
from contrapost.netsuite.drafts import CREDITS
from contrapost.refunds.balance import balance
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.by_hand import ByHand
    from contrapost.netsuite.lists import Lists
    from contrapost.refunds.document import Refund


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Records that may stand for a refund together, and how well they fit it."""

    records: tuple[ByHand, ...]
    amount_agrees: bool
    items_agree: bool
    days_apart: int
    says: tuple[str, ...]
    """What does not agree, a sentence each."""

    @property
    def fit(self) -> str:
        """How well it fits, in a word: `whole`, `amount`, `items` or `little`."""
        if self.amount_agrees:
            return "whole" if self.items_agree else "amount"
        return "items" if self.items_agree else "little"

    @property
    def total(self) -> Money:
        """What the records pay out, or credit where they pay nothing out."""
        return _paid(self.records) or _credited(self.records)

    @property
    def fingerprint(self) -> str:
        """Tells these records, as they stand, from any others; shown with them, sent with the adoption."""
        stands = sorted((one.name, one.total.text, one.standing.ledger) for one in self.records)
        return hashlib.sha256(repr(stands).encode()).hexdigest()[:16]


def judge(records: tuple[ByHand, ...], refund: Refund, profile: Profile, lists: Lists) -> Candidate:
    """Says how well some records fit a refund together."""
    wrong_amount = tuple(_amounts_apart(records, refund))
    wrong_items = tuple(_items_apart(records, refund, profile, lists))
    days = [abs((one.standing.day - refund.refunded_on).days) for one in records if one.standing.day]
    return Candidate(
        records=records,
        amount_agrees=not wrong_amount,
        items_agree=not wrong_items,
        days_apart=max(days, default=0),
        says=(*wrong_amount, *wrong_items),
    )


def best_first(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Gives candidates in the order a person should look at them."""
    return tuple(sorted(candidates, key=lambda one: (not one.amount_agrees, not one.items_agree, one.days_apart)))


def _paid(records: Iterable[ByHand]) -> Money | None:
    paying = [one.total for one in records if one.record in PAYING]
    return total(paying, paying[0].currency) if paying else None


def _credited(records: Iterable[ByHand]) -> Money:
    records = tuple(records)
    return total((one.total for one in records if one.record in CREDITING), records[0].total.currency)


def _amounts_apart(records: tuple[ByHand, ...], refund: Refund) -> Iterable[str]:
    sums, zero = balance(refund), Money.zero(refund.currency)
    paid, credited = _paid(records), _credited(records)
    currencies = {one.total.currency for one in records if one.total}
    if currencies - {refund.currency}:
        yield f"NetSuite holds it in {', '.join(sorted(currencies))}, the store in {refund.currency}."
        return
    if paid is None and sums.paid_out:
        yield f"Nothing pays {sums.paid_out} out: no customer refund stands for the credit memo."
    elif paid is not None and paid != sums.paid_out:
        yield f"It pays {paid} out, the store {sums.paid_out}."
    owed = max(sums.gap, zero)
    if any(one.record in CREDITS for one in records) and credited not in {sums.paid_out + owed, sums.credited}:
        yield f"It credits {credited}, the store {sums.paid_out + owed}."


def _items_apart(records: tuple[ByHand, ...], refund: Refund, profile: Profile, lists: Lists) -> Iterable[str]:
    wanted: Counter[str] = Counter()
    for refunded in refund.lines:
        wanted[named_item(refunded, profile)] += refunded.quantity
    own = {item.id for name in profile.items.values() if (item := lists.item(name))}
    for line in (line for one in records for line in one.lines if line.kind is LineKind.ITEM):
        name = _name_of(line.item, line.item_id, wanted)
        if line.item_id in own:
            continue
        if name is None:
            if line.quantity or line.amount.amount:
                yield f"It takes {_units(line.quantity)} {line.item} back, the refund does not."
            continue
        wanted[name] -= int(line.quantity or wanted[name])
    for name, units in wanted.items():
        if units > 0:
            yield f"It does not take {units} {name} back, the refund does."
        elif units < 0:
            yield f"It takes {-units} {name} more back than the refund."


def _name_of(item: str, item_id: str, wanted: Counter[str]) -> str | None:
    names = (item, item.rsplit(" : ", 1)[-1], f"id:{item_id}")
    return next((name for name in names if name in wanted), None)


def _units(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}" if quantity else "an amount of"
