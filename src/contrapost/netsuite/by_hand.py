"""Records that stand for refunds of an order, whoever made them: what a person may link to a refund. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.netsuite.drafts import RecordType, label_of

if TYPE_CHECKING:
    from contrapost.netsuite.answers import Standing
    from contrapost.netsuite.bill import CreditLine
    from contrapost.refunds.money import Money

CREDITING = frozenset({RecordType.CASH_REFUND, RecordType.CREDIT_MEMO})
PAYING = frozenset({RecordType.CASH_REFUND, RecordType.CUSTOMER_REFUND})


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """One record of an order's family that stands for a refund, or a part of one."""

    record: RecordType
    standing: Standing
    hangs_on: str = ""
    """Internal id of the memo or deposit it pays back, or of the return it receives or credits; empty where of none."""
    lines: tuple[CreditLine, ...] = ()

    @property
    def id(self) -> str:
        """Its internal id."""
        return self.standing.id

    @property
    def total(self) -> Money:
        """What it comes to, with tax."""
        return self.standing.total

    @property
    def name(self) -> str:
        """As a person names it to us: `cashRefund:123`."""
        return f"{self.record.value}:{self.id}"

    @property
    def label(self) -> str:
        """The record and its number, as a person would look for it."""
        return label_of(self.record, self.standing.tranid, self.id)


def together(records: tuple[ByHand, ...]) -> tuple[tuple[ByHand, ...], ...]:
    """Puts records that belong together into one group each: a memo with what pays it out, its return and receipts."""
    groups: list[tuple[ByHand, ...]] = []
    taken: set[str] = set()
    for record in records:
        if record.id in taken or record.record not in CREDITING:
            continue
        returns = [one for one in records if one.id == record.hangs_on and one.id not in taken]
        sources = {record.id, *(one.id for one in returns)}
        hanging = [one for one in records if one.hangs_on in sources and one.record not in CREDITING]
        group = (record, *(one for one in hanging if one.id not in taken), *returns)
        taken |= {one.id for one in group}
        groups.append(group)
    groups += [(one,) for one in records if one.id not in taken and one.record is RecordType.CUSTOMER_REFUND]
    return tuple(groups)
