"""Tables of the refunds: a transaction for each, and a tombstone for each that was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from contrapost.codec import encode
from contrapost.records.models.accounts import Account
from contrapost.refunds.lifecycle import UNDER_WAY, State
from contrapost.refunds.looks import Looks
from contrapost.refunds.retry import cause_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost.refunds.finding import Finding

STATES = [state.value for state in State]
HELD = [State.NEEDS_ATTENTION.value, State.OUTCOME_UNKNOWN.value]
"""What people see as an error, or as being checked."""
_UNDER_WAY = sorted(state.value for state in UNDER_WAY)
_NEWEST_FIRST = (F("refunded_at").desc(), F("id").desc())
_FILTERED = ("hidden", "refunded_on")


class Transaction(models.Model):
    """One refund: what the store said, what it was mapped to, and where it stands."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    store_refund_id = models.TextField()
    order_id = models.TextField(db_index=True)
    order_name = models.TextField(db_index=True)
    refunded_at = models.DateTimeField()
    refunded_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    status = models.CharField(max_length=20)
    reason = models.TextField(default="")
    next_look_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    """Since when it waits, whatever for; null where it does not wait."""
    looks = models.PositiveIntegerField(null=True)
    """How often it was looked at without coming further, which says how soon it is looked at again; null for never."""
    hidden = models.BooleanField(default=False)
    raw = models.TextField()
    document = models.TextField(null=True)  # noqa: DJ001 - null says that the payload could not be read
    digest = models.TextField()
    """Of the document and findings as retrieved: tells whether the store says something new."""
    seen_digest = models.TextField()
    """Of what the store said last, which is not kept once the plan is frozen."""
    findings = models.TextField(default="[]")
    cause = models.TextField(null=True)  # noqa: DJ001 - null says that nothing holds it
    """The code of the first finding that is an error: what is held by the same thing is shown together."""
    cause_where = models.TextField(null=True)  # noqa: DJ001 - null says that nothing holds it
    """The setting or field that finding is about; empty for none."""
    bills = models.TextField(null=True)  # noqa: DJ001 - null says that no bill was found yet
    plan = models.TextField(null=True)  # noqa: DJ001 - null says that there is no plan
    fingerprint = models.TextField(default="")
    revision = models.PositiveIntegerField(default=1)
    """Which plan this is or will be; part of the external ids from 2 on."""
    edition = models.PositiveIntegerField(default=1)
    """Which document this is; grows each time the store's payload changes."""
    frozen = models.BooleanField(default=False)
    rounded_minor = models.BigIntegerField(null=True)
    """What the plan books on the rounding item, without regard to its sign; null where it books nothing on it."""
    accepted_minor = models.BigIntegerField(null=True)
    """What a person accepted to give above what the bill still holds; null where nobody did."""
    changes = models.TextField(null=True)  # noqa: DJ001 - null says that nothing changed
    """What changed after it was posted, at the store or in NetSuite."""
    changed_at = models.DateTimeField(null=True)
    """When the first of that was noticed; null where nothing changed."""
    later = models.TextField(null=True)  # noqa: DJ001 - null says that the store says what it said when it was posted
    """The document as the store says it now, where that bears on what is booked."""
    later_raw = models.TextField(null=True)  # noqa: DJ001 - as above
    """The payload it was read from."""
    correcting = models.BigIntegerField(null=True)
    """The correction whose plan this is, from when it was accepted until it is carried out or dropped."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        """A refund is one row; lists are read and counted by these indexes alone, which hold `hidden` for that."""

        constraints: ClassVar = [
            models.UniqueConstraint("account", "store_refund_id", name="one_transaction_a_refund"),
            models.CheckConstraint(condition=Q(status__in=STATES), name="transaction_status"),
            models.CheckConstraint(condition=Q(revision__gte=1, edition__gte=1), name="transaction_counts_from_one"),
            models.CheckConstraint(
                condition=Q(frozen=False) | (Q(plan__isnull=False) & ~Q(fingerprint="")), name="frozen_has_a_plan"
            ),
            models.CheckConstraint(
                condition=Q(frozen=True) | ~Q(status__in=_UNDER_WAY), name="posting_needs_a_frozen_plan"
            ),
        ]
        indexes: ClassVar = [
            models.Index(*_NEWEST_FIRST, *_FILTERED, name="transactions_by_time"),
            models.Index("account", *_NEWEST_FIRST, *_FILTERED, name="transactions_by_account"),
            models.Index("status", *_NEWEST_FIRST, *_FILTERED, name="transactions_by_status"),
            models.Index("account", "status", *_NEWEST_FIRST, *_FILTERED, name="transactions_by_both"),
            models.Index("store_refund_id", name="transaction_by_refund"),
            models.Index(
                *_NEWEST_FIRST, *_FILTERED, name="transactions_changed", condition=Q(changed_at__isnull=False)
            ),
            models.Index(
                "account",
                *_NEWEST_FIRST,
                *_FILTERED,
                name="transactions_changed_of",
                condition=Q(changed_at__isnull=False),
            ),
            models.Index("next_look_at", name="transaction_due", condition=Q(next_look_at__isnull=False)),
            models.Index("account", "next_look_at", name="transactions_due", condition=Q(next_look_at__isnull=False)),
            models.Index(
                "account", "refunded_on", name="transactions_rounded", condition=Q(rounded_minor__isnull=False)
            ),
            models.Index(
                "account",
                "reason",
                "waiting_since",
                "id",
                name="transactions_waiting",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(
                "account", "cause", "cause_where", "id", name="transactions_by_cause", condition=Q(status__in=HELD)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store_refund_id} of {self.order_name}"

    def say(self, findings: Sequence[Finding]) -> None:
        """Takes over the findings, unsaved, with what of them holds the refund."""
        cause = cause_of(findings)
        self.findings = encode(tuple(findings))
        self.cause, self.cause_where = (cause.code, cause.where) if cause else (None, None)

    @property
    def looked(self) -> Looks:
        """How often it was looked at so far, and when it is looked at next."""
        return Looks(since=self.waiting_since, count=self.looks or 0, next_at=self.next_look_at)

    @looked.setter
    def looked(self, looks: Looks) -> None:
        """Takes over how often it was looked at so far, unsaved."""
        self.waiting_since, self.looks, self.next_look_at = looks.since, looks.count or None, looks.next_at


class Tombstone(models.Model):
    """A refund that was deleted: polling does not bring it back."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    store_refund_id = models.TextField()
    revision = models.PositiveIntegerField()
    """Where a refund brought back goes on, so that no external id is used twice."""
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        """A refund is deleted once."""

        constraints: ClassVar = [
            models.UniqueConstraint("account", "store_refund_id", name="one_tombstone_a_refund"),
        ]

    def __str__(self) -> str:
        return self.store_refund_id
