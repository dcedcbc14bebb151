"""Tables of comparisons of a store with NetSuite: what each came to, and its lines."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F

from contrapost.records.models.accounts import Account


class Reconciliation(models.Model):
    """One comparison of an account's refunds with NetSuite, for a span of days."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField()
    offline = models.BooleanField()
    """The store was not asked: our rows stood for it."""
    by = models.TextField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False)
    compared = models.PositiveIntegerField(default=0)
    """Refunds and records compared so far, or in all."""
    open = models.PositiveIntegerField(default=0)
    totals = models.TextField(default="")
    findings = models.TextField(default="[]")

    class Meta:
        """The newest of an account come first."""

        indexes: ClassVar = [models.Index("account", F("began_at").desc(), name="reconciliations_newest")]

    def __str__(self) -> str:
        return f"{self.account} from {self.since} to {self.until}"


class ReconciliationLines(models.Model):
    """Some hundred lines of one kind, packed."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    """Counts from 0 within the kind."""
    packed = models.BinaryField()

    class Meta:
        """The parts of a kind follow one another."""

        constraints: ClassVar = [
            models.UniqueConstraint("reconciliation", "kind", "number", name="one_part_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.reconciliation}"


class ReconciliationSchedule(models.Model):
    """How many days back an account is compared every day; without a row, as many as are usual."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField()
    """0 for never."""

    def __str__(self) -> str:
        return f"{self.account}: {self.days} days"
