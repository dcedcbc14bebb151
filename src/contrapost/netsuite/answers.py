"""What NetSuite can answer: to a write, and to the question what stands there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - msgspec reads this type at run time
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contrapost.refunds.finding import Finding
    from contrapost.refunds.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One call as it went over the wire, without secrets: what an attempt keeps."""

    method: str
    path: str
    sent: str
    status: int | None
    """None where no answer came."""
    received: str
    request_id: str = ""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """NetSuite holds the record now."""

    id: str
    exchange: Exchange | None = None
    """None where it was found by looking, not by this call's answer."""
    warnings: tuple[str, ...] = ()
    looked: Exchange | None = None
    """The call by which it was found, where it was found by looking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """NetSuite said no, and holds nothing because of this call."""

    finding: Finding
    exchange: Exchange
    retryable: bool = False
    """The same call may be accepted later: NetSuite was busy."""
    exists: bool = False
    """NetSuite says that a record with this external id stands already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """There is no clear answer: NetSuite may or may not hold the record."""

    finding: Finding
    exchange: Exchange


Answer = Written | Refused | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A record as it stands in NetSuite."""

    record: str
    id: str
    tranid: str
    external_id: str
    total: Money
    """Above zero."""
    voided: bool
    created_from: str
    """Internal id of the record it was made from; empty where there is none."""
    ledger: tuple[tuple[str, Decimal], ...] = ()
    """Per account (internal id) the net, debit above zero, in base currency; empty where it was not asked for."""
    cost: tuple[tuple[str, Decimal], ...] = ()
    """The part of the ledger that NetSuite books by itself for what goods cost; it may change it later by itself."""
    day: date | None = None
    """None where it was not asked for."""

    @property
    def booked(self) -> tuple[tuple[str, Decimal], ...]:
        """Per account the net of what somebody decided: the ledger without NetSuite's own cost."""
        cost = dict(self.cost)
        net = ((account, amount - cost.get(account, Decimal(0))) for account, amount in self.ledger)
        missing = ((account, -amount) for account, amount in self.cost if account not in dict(self.ledger))
        return tuple(sorted((account, amount) for account, amount in (*net, *missing) if amount))

    exchange: Exchange | None = field(default=None, compare=False)
    """The call it was read by, with only its own part of the answer; None where nobody listened."""


class NetSuiteError(Exception):
    """NetSuite could not be read: says what was tried, what came back and what to do."""

    def __init__(self, finding: Finding, *, retryable: bool) -> None:
        super().__init__(finding.message)
        self.finding = finding
        self.retryable = retryable
