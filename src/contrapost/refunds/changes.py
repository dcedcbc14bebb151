"""What changed of a refund after it was posted: at the store, or in the books. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from contrapost.refunds.document import TenderStatus
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost.refunds.document import Refund, Tender


class Side(StrEnum):
    """Where something changed."""

    STORE = "store"
    NETSUITE = "netsuite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """One thing that was and is: as a person compares them."""

    what: str
    before: str
    """As it was when the refund was posted; empty where there was nothing."""
    now: str
    """Empty where there is nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change after posting."""

    side: Side
    finding: Finding
    apart: tuple[Apart, ...] = ()
    record: str = ""
    """NetSuite's internal id of the record that changed; empty for a change at the store."""
    kept: bool = False
    """A person said that what stands stays as it is."""

    def as_kept(self) -> Change:
        """Gives the change as one that a person lets stand."""
        return replace(self, kept=True)

    def is_same(self, other: Change) -> bool:
        """Says whether it is the same change, whatever a person said of it."""
        return replace(self, kept=other.kept) == other


def changed_at_store(before: Refund, now: Refund) -> tuple[Change, ...]:
    """Finds what of a posted refund the store says otherwise now, as far as it bears on what is booked.

    A note, a fact or a gateway's reference that changed is none of it.
    """
    apart = tuple(_apart(before, now))
    if not apart:
        return ()
    failed = [tender for tender in now.tenders if tender.status is TenderStatus.FAILED and _succeeded(tender, before)]
    if failed:
        amounts = " and ".join(f"{tender.amount} by {tender.gateway or tender.kind.value}" for tender in failed)
        finding = error(
            "tender_failed_later",
            f"The store says now that {amounts} never reached the customer, and the refund is posted with it.",
            fix="Compare both below; then prepare the correction, or keep what stands with a reason.",
        )
    else:
        named = ", ".join(dict.fromkeys(one.what for one in apart))
        finding = error(
            "changed_at_store",
            f"The store changed this refund after it was posted: {named}.",
            fix="Compare both below; then prepare the correction, or keep what stands with a reason.",
        )
    return (Change(side=Side.STORE, finding=finding, apart=apart),)


def deleted_at_store(before: Refund) -> tuple[Change, ...]:
    """Says that the store does not have a posted refund any more."""
    finding = error(
        "deleted_at_store",
        "The store does not have this refund any more, and it is posted.",
        fix="Look at the order in the store; then prepare the correction, or keep what stands with a reason.",
    )
    parts = (Apart(what=what, before=said, now="") for what, said in _said(before).items())
    return (Change(side=Side.STORE, finding=finding, apart=tuple(parts)),)


def _succeeded(tender: Tender, before: Refund) -> bool:
    return any(one.id == tender.id and one.status is TenderStatus.SUCCEEDED for one in before.tenders)


def _apart(before: Refund, now: Refund) -> Iterable[Apart]:
    said, says = _said(before), _said(now)
    for what in dict.fromkeys((*said, *says)):
        if said.get(what, "") != says.get(what, ""):
            yield Apart(what=what, before=said.get(what, ""), now=says.get(what, ""))


def _said(refund: Refund) -> dict[str, str]:
    """What a refund says that bears on the books, each under a name that a person knows."""
    said = {"currency": refund.currency}
    for line in refund.lines:
        name = _free(said, f"{line.sku or line.title} (line {line.id})")
        back = f"{line.goods.restock.value}{', back in stock' if line.goods.came_back else ''}"
        said[name] = f"{line.quantity} for {line.credited} and tax {line.tax}, {back}"
    for line in refund.goods_out:
        name = _free(said, f"goods out: {line.sku or line.title}")
        said[name] = f"{line.quantity} for {line.credited} and tax {line.tax}"
    for charge in refund.charges:
        name = _free(said, charge.kind.value.replace("_", " "))
        said[name] = f"{charge.credited} and tax {charge.tax}"
    for one in refund.adjustments:
        said[_free(said, one.kind.value.replace("_", " "))] = f"{one.amount} and tax {one.tax}"
    for tender in refund.tenders:
        name = _free(said, f"payment by {tender.gateway or tender.kind.value}")
        said[name] = f"{tender.amount}, {tender.kind.value.replace('_', ' ')}, {tender.status.value}"
    if refund.order_unpaid:
        said["order"] = "not paid at the store"
    if refund.facilitator_tax:
        said["tax of the marketplace"] = str(refund.facilitator_tax)
    return said


def _free(said: dict[str, str], name: str) -> str:
    """Gives a name that is not taken: `payment by bank`, then `payment by bank 2`."""
    number, free = 1, name
    while free in said:
        number += 1
        free = f"{name} {number}"
    return free
