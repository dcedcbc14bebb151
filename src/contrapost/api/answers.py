"""What the API answers, as its OpenAPI document tells it: the shapes of `contrapost.shapes`."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from contrapost.mapping.taking_back import Way
from contrapost.reconcile.compare import Kind
from contrapost.refunds.changes import Side
from contrapost.refunds.finding import Severity
from contrapost.refunds.lifecycle import State
from contrapost.refunds.retry import Retry


class _Shape(Schema):
    """Has the fields it names, and no others."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Money(_Shape):
    """An amount with the decimals of its currency."""

    amount: str = Field(examples=["12.50"])
    currency: str = Field(examples=["USD"])


class Finding(_Shape):
    """Something wrong with data or set-up, and what to do."""

    code: str
    severity: Severity
    message: str
    fix: str
    where: str


class Problem(_Shape):
    """Something that was asked for and not done, and what to do."""

    order_id: str
    code: str
    message: str
    fix: str


class NetSuiteRecord(_Shape):
    """A NetSuite record that stands for the refund, or a part of it."""

    type: str
    id: str
    tranid: str
    external_id: str
    total: Money
    adopted: bool
    """Made by hand in NetSuite, and linked by a person."""
    taken_back: str | None
    """Why it does not stand for the refund any more; null where it does."""
    url: str


class Apart(_Shape):
    """One thing that was and is; empty where there was or is nothing."""

    what: str
    before: str
    now: str


class Change(_Shape):
    """What changed of a refund after it was posted, at the store or in NetSuite."""

    side: Side
    code: str
    record_id: str | None
    apart: list[Apart]


class Refund(_Shape):
    """A refund and where it stands; its findings say what changed after posting first."""

    id: int
    account: str
    connector: str
    order_id: str
    order_name: str
    store_refund_id: str
    refunded_at: str
    status: State
    reason: str | None
    changed: list[Change]
    total: Money
    findings: list[Finding]
    netsuite: list[NetSuiteRecord]


class Attempt(_Shape):
    """One try to write a record, or one look for it; `sent` and `received` are null unless the role may see them."""

    external_id: str
    at: str
    by: str
    what: str
    method: str
    path: str
    sent: str | None
    status: int | None
    received: str | None
    request_id: str
    milliseconds: int
    conclusion: str


class HistoryEntry(_Shape):
    """One thing that happened to the refund, and who or what did it."""

    at: str
    by: str
    event: str
    from_state: State | None
    to_state: State
    note: str


class Looks(_Shape):
    """Since when a refund waits (null where it is only tried again), how often it was looked at, and when next."""

    since: str | None
    looks: int
    next_look_at: str | None


class RefundShown(Refund):
    """A refund with what was tried and what happened; `waiting` is null where it is not looked at again by itself."""

    waiting: Looks | None
    attempts: list[Attempt]
    history: list[HistoryEntry]


class RefundPage(_Shape):
    """A page of refunds; the cursor, where there is one, asks for the next."""

    refunds: list[Refund]
    cursor: str | None


class WaitingGroup(_Shape):
    """What waits for the same, of one account; `too_long` counts those that need attention for it."""

    account: str
    reason: str
    count: int
    too_long: int
    oldest: str
    most_looks: int
    next_look_at: str | None


class WaitingRefund(Refund):
    """A refund that waits."""

    waiting_since: str | None
    age_seconds: int
    looks: int
    next_look_at: str | None


class WaitingPage(_Shape):
    """What is waited for, and a page of the refunds that wait."""

    groups: list[WaitingGroup]
    refunds: list[WaitingRefund]
    cursor: str | None


class ErrorGroup(_Shape):
    """What is held by the same cause, of one account; message, fix and order are those of the first of them."""

    account: str
    code: str
    where: str
    count: int
    checking: int
    oldest: str
    message: str
    fix: str
    order_name: str
    retry: Retry


class ErrorPage(_Shape):
    """What holds refunds, and a page of the refunds that are held."""

    groups: list[ErrorGroup]
    refunds: list[Refund]
    cursor: str | None


class LookedAt(_Shape):
    """What another look came to: how many were looked at, are left for later, were asked to be posted, stand where."""

    looked_at: int
    left: int
    asked: int
    statuses: dict[State, int]
    problems: list[Problem]


class Done(_Shape):
    """The refunds that were touched, and what could not be done."""

    refunds: list[Refund]
    problems: list[Problem]


class Checked(_Shape):
    """How many records were looked at, the refunds of which something was noticed, and what could not be done."""

    records: int
    refunds: list[Refund]
    problems: list[Problem]


class Source(_Shape):
    """The record a record is made from."""

    type: str
    id: str


class Line(_Shape):
    """A line of a record, and why it is there."""

    item: str
    quantity: str
    amount: str
    tax: str
    order_line: int | None
    why: str
    fields: dict[str, Any]


class Record(_Shape):
    """A record to be made, or, where it deletes, the record that is to go."""

    type: str
    external_id: str
    takes_back: str | None
    deletes: bool
    source: Source | None = Field(alias="from")
    fields: dict[str, Any]
    lines: list[Line]
    total: str


class LedgerLine(_Shape):
    """What a record books, and whether our plan or NetSuite decides it."""

    record: str
    external_id: str
    account: str
    account_id: str
    account_name: str
    debit: str
    credit: str
    by: str


class StockMove(_Shape):
    """Units that come back to stock."""

    item: str
    item_id: str
    location: str
    location_id: str
    quantity: str


class Reason(_Shape):
    """Why something was decided as it was."""

    what: str
    value: str
    why: str


class Preview(_Shape):
    """What a refund would become, or became."""

    refund: Refund
    fingerprint: str | None = Field(description="Give it back as `seen`, to post this and nothing else.")
    records: list[Record]
    ledger: list[LedgerLine]
    credited: str | None
    paid_out: str | None
    to_liability: str | None
    receivable_reduced: str | None
    rounding: str | None
    netsuite_total: str | None
    stock: list[StockMove]
    findings: list[Finding]
    trace: list[Reason]


class ByHand(_Shape):
    """A NetSuite record that somebody made for a refund."""

    type: str
    id: str
    tranid: str
    external_id: str
    date: str | None
    total: Money
    url: str


class Candidate(_Shape):
    """Records that may stand for a refund together; `fit` is whole, amount, items or little."""

    fit: str
    fingerprint: str = Field(description="Give it back as `seen`, to link these as they stand and nothing else.")
    differences: list[str]
    records: list[ByHand]


class Adoptable(_Shape):
    """What may be linked to a refund, the best fit first; or a finding that says why there is nothing."""

    candidates: list[Candidate]
    finding: Finding | None


class Gone(_Shape):
    """A record that does not stand any more, and why."""

    id: str
    why: str


class Correction(_Shape):
    """What would correct a refund; null as fingerprint where it cannot be made, and the findings say why."""

    refund: Refund
    way: Way
    fingerprint: str | None = Field(description="Give it back as `seen`, to carry out this and nothing else.")
    gone: list[Gone]
    records: list[Record]
    ledger: list[LedgerLine]
    findings: list[Finding]


class Account(_Shape):
    """A store account; settings and profile are null unless the role may see them."""

    name: str
    connector: str
    netsuite: str
    shop: str
    settings: dict[str, str] | None
    profile: dict[str, Any] | None


class Accounts(_Shape):
    """The store accounts."""

    accounts: list[Account]


class Profile(_Shape):
    """How an account's refunds are booked, as settings and as the file they are exported as."""

    account: str
    profile: dict[str, str]
    file: str
    fingerprint: str = Field(description="Give it back as `seen`, to replace this profile and no other.")


class ProfileChange(_Shape):
    """A setting that a file changes; null where it is not set."""

    setting: str
    before: str | None
    after: str | None


class ProfileCompared(_Shape):
    """What a profile file changes, and what is wrong with it."""

    account: str
    changes: list[ProfileChange]
    findings: list[Finding]
    fingerprint: str
    applied: bool


class WrongField(_Shape):
    """A field that is wrong, and why."""

    field: str
    reason: str


class Trouble(_Shape):
    """What went wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fix: str
    errors: list[WrongField]


class ReconciledSum(_Shape):
    """What lines add up to: netsuite = store + explained + difference."""

    lines: int
    store: str
    explained: str
    netsuite: str
    difference: str


class ReconciledTotal(ReconciledSum):
    """All days of one currency."""

    currency: str
    kinds: dict[Kind, ReconciledSum]


class ReconciledDay(ReconciledTotal):
    """One day in one currency."""

    day: str


class ReconciledRecord(_Shape):
    """A record that NetSuite holds."""

    type: str
    id: str
    tranid: str
    external_id: str
    day: str
    total: Money
    voided: bool


class ReconciledLine(_Shape):
    """One refund compared, in one currency."""

    kind: Kind
    day: str
    currency: str
    order_name: str
    store_refund_id: str | None
    id: int | None
    status: State | None
    store: str
    explained: str
    netsuite: str
    difference: str
    records: list[ReconciledRecord]
    findings: list[Finding]


class Reconciliation(_Shape):
    """One comparison of an account with NetSuite; `lines` is null in a list."""

    id: int
    account: str
    since: str
    until: str
    offline: bool
    by: str
    began_at: str
    ended_at: str | None
    failed: bool
    compared: int
    open: int
    kinds: dict[Kind, int]
    totals: list[ReconciledTotal]
    days: list[ReconciledDay]
    findings: list[Finding]
    lines: list[ReconciledLine] | None


class Reconciled(_Shape):
    """Comparisons, newest first."""

    reconciliations: list[Reconciliation]
