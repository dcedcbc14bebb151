"""What the rows give to everyone else: frozen, and without a tie to the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from contrapost.netsuite.bill import Bills
    from contrapost.netsuite.drafts import Plan
    from contrapost.permissions import Role
    from contrapost.posting.journal import Progress
    from contrapost.refunds.changes import Change
    from contrapost.refunds.document import Refund
    from contrapost.refunds.finding import Finding
    from contrapost.refunds.lifecycle import State
    from contrapost.refunds.looks import Looks
    from contrapost.refunds.money import Money
    from contrapost.refunds.retry import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSuiteRow:
    """One NetSuite account."""

    name: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Empty where they were left sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The lists of a NetSuite account as they were last read."""

    text: str
    """As they were put."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One configured shop of a connector."""

    name: str
    connector: str
    netsuite: str
    """Name of the NetSuite account it is bound to."""
    identity: str
    """What makes the shop the same shop for ever."""
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Empty where they were left sealed."""
    profile: Mapping[str, Any] = field(default_factory=dict)
    """As plain JSON values; Decimals survive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of one refund that was retrieved."""

    id: int
    is_new: bool
    changed: bool
    """The row has a document it did not have before, and is to be matched and mapped (again)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A NetSuite record that stands for a refund, or a part of it."""

    record: str
    netsuite_id: str
    tranid: str
    external_id: str
    """Empty where it was made by hand and given none."""
    total: Money
    adopted: bool = False
    """Made by hand in NetSuite, and linked by a person."""
    taken_back: str = ""
    """What took it back: an external id, `deleted`, `vanished` or `void`; empty where it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionSummary:
    """What lists and answers show of a transaction."""

    id: int
    account: str
    connector: str
    netsuite: str
    """Name of the NetSuite account the shop is bound to."""
    store_refund_id: str
    order_id: str
    order_name: str
    refunded_at: datetime
    refunded_on: date
    amount: Money
    """What went to the customer or is on its way, in minor units; of no currency while the payload cannot be read."""
    status: State
    reason: str
    looks: Looks
    """Since when it waits, how often it was looked at, and when it is looked at next."""
    hidden: bool
    findings: tuple[Finding, ...]
    """What changed after posting first."""
    links: tuple[LinkRow, ...]
    changes: tuple[Change, ...] = ()
    """What changed after posting, at the store or in NetSuite."""

    @property
    def standing(self) -> tuple[LinkRow, ...]:
        """The records that stand for the refund: those that nothing took back."""
        return tuple(link for link in self.links if not link.taken_back)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionRow(TransactionSummary):
    """All that is known of a transaction, but for its attempts, its history and the raw payload."""

    document: Refund | None
    """None where the payload could not be read."""
    later: Refund | None
    """The document as the store says it now, where that differs from what was posted."""
    bills: Bills | None
    """What match found last."""
    plan: Plan | None
    """None before the first map, and while a plan is to be made anew."""
    fingerprint: str
    revision: int
    """Which plan this is, or which one is to be made next."""
    edition: int
    """Which document this is; given to `mapped` so that a plan made of an older one is not saved."""
    frozen: bool
    correcting: bool
    """A person accepted a correction, and its plan is not carried out yet."""
    accepted: Money
    """What a person accepted to give above what the bill still holds."""
    progress: Mapping[str, Progress]
    """By external id, of the frozen plan; empty while the plan is not frozen."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One try to write a record, or one look for it."""

    external_id: str
    at: datetime
    by: str
    what: str
    """`write`, `look` or `read back`."""
    method: str
    path: str
    sent: str
    status: int | None
    received: str
    request_id: str
    milliseconds: int
    conclusion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One thing that happened to a transaction."""

    at: datetime
    by: str
    event: str
    from_state: State | None
    """None for the first."""
    to_state: State
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which transactions a list shows; an empty field asks for nothing."""

    account: str = ""
    statuses: frozenset[State] = frozenset()
    order: str = ""
    """Order name (with or without `#`), the store's id of the order, or its id of the refund."""
    since: datetime | None = None
    """Refunded at this moment or later."""
    first_day: date | None = None
    """Refunded on this day of its shop's zone or later."""
    last_day: date | None = None
    """Refunded on this day of its shop's zone or earlier."""
    include_hidden: bool = False
    changed: bool = False
    """Only those that changed after posting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list, newest first."""

    rows: tuple[TransactionSummary, ...]
    cursor: str
    """Given back, it asks for the rows that come after these; empty on the last page."""
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A transaction that is to be looked at again."""

    id: int
    store_refund_id: str
    order_id: str
    reason: str
    """What it waits for; empty where it does not wait."""
    cause: str | None
    """The code of what holds it; None where nothing does."""
    frozen: bool
    """Its plan is under way: it is not mapped anew, only posted further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Which transactions of an account a person wants to be looked at again."""

    ids: frozenset[int] = frozenset()
    reason: str = ""
    """Those that wait for this."""
    code: str = ""
    """Those that are held by a finding of this code."""
    where: str | None = None
    """With a code: only those that it holds for this setting or field; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseGroup:
    """What is held by the same thing, of one account."""

    account: str
    cause: Cause
    count: int
    checking: int
    """How many of them are being checked: a write's answer was lost."""
    oldest: datetime
    """Since when the first of them stands so."""
    finding: Finding
    """As it is said of the first of them."""
    order_name: str
    """The order of the first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingGroup:
    """What waits for the same, of one account."""

    account: str
    reason: str
    count: int
    too_long: int
    """How many of them wait for so long that they need attention."""
    oldest: datetime
    most_looks: int
    next_look_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Someone who uses Contrapost."""

    id: int
    name: str
    email: str
    """Empty where none was given."""
    role: Role
    active: bool
    has_password: bool
    """Whether the person ever chose a password, and so can sign in."""
    last_sign_in: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token of a person, without what makes it work."""

    id: int
    person: str
    """Name of the person."""
    name: str
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkToSignIn:
    """A link by which a password is chosen, while it can be used."""

    person: PersonRow | None
    """None where it makes the first administrator."""
    expires_at: datetime
