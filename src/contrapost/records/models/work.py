"""Tables of the work to come: what was asked to be posted, which run of what is next, and which processes do it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from contrapost.records.models.accounts import NetSuiteAccount
from contrapost.records.models.transactions import Transaction


class Ask(models.Model):
    """Someone or something asked that a refund be posted; gone once that is answered."""

    transaction = models.OneToOneField(Transaction, on_delete=models.CASCADE, related_name="ask")
    netsuite = models.ForeignKey(NetSuiteAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    priority = models.PositiveSmallIntegerField()
    """Lower ones come first."""
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    seen = models.TextField(default="")
    """The fingerprint of the preview that was seen; another plan is not posted for this ask."""
    not_before = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    """How often it was begun and put off again."""

    class Meta:
        """Asks are taken in the order of these columns."""

        indexes: ClassVar = [
            models.Index("netsuite", "priority", "id", name="asks_in_order"),
            models.Index("netsuite", "not_before", name="asks_due"),
        ]

    def __str__(self) -> str:
        return f"refund {self.transaction_id}, asked by {self.asked_by}"


class Turn(models.Model):
    """Which run of some recurring work is the present one: each is handed out under a name of its own."""

    work = models.TextField(unique=True)
    """`post:books`, `shop:main`."""
    number = models.PositiveBigIntegerField(default=1)
    due_at = models.DateTimeField(null=True)
    """Not handed out before: NetSuite or the store is away, or it is done for today."""
    pauses = models.PositiveIntegerField(default=0)
    """How often it was put off in a row."""

    def __str__(self) -> str:
        return f"{self.work} #{self.number}"


class Worker(models.Model):
    """A process that does work, and when it was last heard of, by the clock of the database."""

    name = models.TextField(unique=True)
    version = models.TextField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
