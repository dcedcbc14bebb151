"""The tax of an amount that was refunded without lines: none, or pro rata of the bill's tax groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.mapping.policies import AmountTaxPolicy
from contrapost.netsuite.bill import LineKind
from contrapost.refunds.money import Money, split

if TYPE_CHECKING:
    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.bill import Bill, Tax
    from contrapost.refunds.document import Refund


@dataclass(frozen=True, slots=True)
class Share:
    """What of an amount belongs to one tax group of the bill."""

    net: Money
    tax: Money
    taxes: tuple[Tax, ...]


def carries_tax(refund: Refund, bill: Bill, profile: Profile) -> bool:
    """Says whether an amount without lines is taken to contain tax: by policy, or because the store's prices do."""
    if not bill.tax or profile.amount_tax is AmountTaxPolicy.NONE:
        return False
    return profile.amount_tax is AmountTaxPolicy.PRO_RATA or refund.prices_include_tax


def shares(amount: Money, bill: Bill) -> tuple[Share, ...]:
    """Splits an amount over the tax groups of a bill, in proportion to what each came to with its tax.

    The tax within a share follows from the group's own figures, not from its rate: 9.01 of a group of 60.00 with 10.00
    of tax carries 1.50. The shares add up to the amount exactly.
    """
    groups = _groups(bill)
    parts = split(amount, [gross.amount for gross, _, _ in groups])
    return tuple(
        _share(part, gross, tax, taxes) for part, (gross, tax, taxes) in zip(parts, groups, strict=True) if part
    )


def _share(part: Money, gross: Money, tax: Money, taxes: tuple[Tax, ...]) -> Share:
    contained = Money(part.amount * tax.amount / gross.amount, part.currency).rounded()
    return Share(net=part - contained, tax=contained, taxes=taxes)


def _groups(bill: Bill) -> list[tuple[Money, Money, tuple[Tax, ...]]]:
    """Gross, tax and codes of each tax group; tax that stands on the bill as a whole makes one group of it."""
    zero = Money.zero(bill.currency)
    if bill.order_tax:
        net = sum((line.amount for line in bill.lines if line.kind is not LineKind.GROUP), zero)
        tax = sum((entry.amount for entry in bill.order_tax), zero)
        return [(net + tax, tax, ())]
    groups: dict[frozenset[str], tuple[Money, Money, tuple[Tax, ...]]] = {}
    for line in bill.lines:
        if line.kind is LineKind.GROUP:
            continue
        key = frozenset(entry.code_id for entry in line.taxes)
        gross, tax, taxes = groups.get(key, (zero, zero, line.taxes))
        groups[key] = (gross + line.amount + line.tax, tax + line.tax, taxes)
    return [group for group in groups.values() if group[0].amount > 0]
