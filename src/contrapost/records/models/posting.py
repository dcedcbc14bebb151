"""Tables of what was done: records planned, attempts, history, and the NetSuite records that stand."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q

from contrapost.posting.journal import Step
from contrapost.records.models.accounts import NetSuiteAccount
from contrapost.records.models.transactions import STATES, Transaction

STEPS = [step.value for step in Step]


class AppendOnlyError(TypeError):
    """Something tried to change or remove a row that is written once: a fault of the caller."""


class AppendOnlyRows(models.QuerySet[Any]):
    """Rows that can be read and added to; they go only when their transaction is gone."""

    def update(self, **_values: object) -> NoReturn:
        """Refuses."""
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> NoReturn:
        """Refuses."""
        raise AppendOnlyError(f"{self.model.__name__} rows are never removed")

    def of_deleted(self, transaction_id: int) -> int:
        """Removes the rows of a transaction that was deleted before; the database refuses it for one that stands."""
        return super().filter(transaction_id=transaction_id)._raw_delete(self.db)  # noqa: SLF001 - the public one asks for every row first


class AppendOnly(models.Model):
    """A row that is written once. Triggers in the database guard the same."""

    objects: ClassVar[Any] = AppendOnlyRows.as_manager()

    class Meta:
        """Has no table of its own."""

        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django declares it
        """Adds the row; refuses to change one."""
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuses."""
        raise AppendOnlyError(f"{type(self).__name__} rows are never removed")


class PlannedRecord(models.Model):
    """One record of a frozen plan, and how far it has come. Those of earlier revisions are kept."""

    transaction = models.ForeignKey(Transaction, on_delete=models.CASCADE, related_name="+", db_index=False)
    revision = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    record = models.TextField()
    external_id = models.TextField(unique=True)
    step = models.CharField(max_length=10)
    netsuite_id = models.TextField(default="")

    class Meta:
        """A place in a plan is taken once, and what is written has an id."""

        constraints: ClassVar = [
            models.UniqueConstraint("transaction", "revision", "position", name="one_record_a_place"),
            models.CheckConstraint(condition=Q(step__in=STEPS), name="planned_record_step"),
            models.CheckConstraint(
                condition=~Q(step=Step.WRITTEN.value) | ~Q(netsuite_id=""), name="written_has_an_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} ({self.step})"


class Attempt(AppendOnly):
    """One try to write a record, or one look for it: what was sent, what came back, what we concluded."""

    transaction = models.ForeignKey(Transaction, on_delete=models.DO_NOTHING, related_name="+")
    external_id = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    what = models.CharField(max_length=10)
    method = models.TextField()
    path = models.TextField()
    sent = models.TextField()
    status = models.IntegerField(null=True)
    received = models.TextField()
    request_id = models.TextField()
    milliseconds = models.IntegerField()
    conclusion = models.TextField()

    class Meta:
        """An attempt is a write or a look."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(what__in=["write", "look", "read back"]), name="attempt_what"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.external_id}: {self.conclusion}"


class HistoryEntry(AppendOnly):
    """One thing that happened to a transaction, and who or what did it."""

    transaction = models.ForeignKey(Transaction, on_delete=models.DO_NOTHING, related_name="+")
    at = models.DateTimeField()
    by = models.TextField()
    event = models.TextField()
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    note = models.TextField(default="")

    class Meta:
        """Someone did it, and the states are states; the first entry comes from none."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_state__in=["", *STATES], to_state__in=STATES), name="history_states"
            ),
            models.CheckConstraint(condition=~Q(by=""), name="history_names_who"),
        ]

    def __str__(self) -> str:
        return f"{self.event} by {self.by}"


class Correction(models.Model):
    """A correction that a person accepted, and what counted before, to go back to if nothing of it is carried out."""

    transaction = models.ForeignKey(Transaction, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.TextField()
    reason = models.TextField(default="")
    way = models.TextField()
    """How what stands is taken back: `offset` or `delete`."""
    revision = models.PositiveIntegerField()
    """Of the plan that corrects."""
    gone = models.TextField(default="{}")
    """By internal id, the records that did not stand any more when it was accepted, and why: `vanished` or `void`."""
    before = models.TextField()
    """The columns of the transaction that it replaced, as they were."""
    ended_at = models.DateTimeField(null=True)
    done = models.BooleanField(default=False)
    """Whether it was carried out; else it was dropped, or goes on."""

    class Meta:
        """A refund is corrected once at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["transaction"], condition=Q(ended_at__isnull=True), name="one_correction_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} by {self.by}"


class Link(models.Model):
    """A NetSuite record that stands for a refund, or a part of it."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="+")
    held_in = models.ForeignKey(NetSuiteAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    record = models.TextField()
    netsuite_id = models.TextField()
    tranid = models.TextField(default="")
    external_id = models.TextField(default="")
    """Empty where the record was made by hand and given none."""
    total_minor = models.BigIntegerField()
    currency = models.TextField()
    adopted = models.BooleanField(default=False)
    """Made by hand in NetSuite, and linked by a person."""
    ledger = models.TextField(default="")
    """What it booked when it was read back or adopted, without NetSuite's own cost; empty where that is not known."""
    taken_back = models.TextField(null=True)  # noqa: DJ001 - null says that it stands
    """Why it does not stand for the refund any more: the external id of the record that took it back, `deleted`,
    `vanished` or `void`; of a record that takes back, `takes back` and the internal id of the other one."""

    class Meta:
        """A NetSuite record stands for one refund only."""

        constraints: ClassVar = [
            models.UniqueConstraint("held_in", "netsuite_id", name="one_link_a_record"),
            models.UniqueConstraint(
                fields=["held_in", "external_id"], condition=~Q(external_id=""), name="one_link_an_external_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.tranid or self.netsuite_id}"
