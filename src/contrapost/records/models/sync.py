"""Tables of keeping accounts up: how far each is read, what is to be read again, back-fills, and who let it go live."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from contrapost.records.models.accounts import Account
from contrapost.records.models.posting import AppendOnly

TEST, LIVE = "test", "live"
RUNNING, FINISHED, STOPPED = "running", "finished", "stopped"
_DIGEST_LENGTH = 64


class Sync(models.Model):
    """How one shop is kept up by itself, and how far it has come."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="sync")
    mode = models.CharField(max_length=4, default=TEST)
    automatic = models.BooleanField(default=False)
    go_live_on = models.DateField(null=True)
    """Refunds of earlier days are retrieved and never posted by themselves."""
    poll_minutes = models.PositiveIntegerField(default=5)
    next_poll_at = models.DateTimeField(null=True)
    read_to = models.DateTimeField(null=True)
    """Every change before this moment, by the store's clock, was read."""
    cursor = models.TextField(default="")
    """Where the present poll goes on; empty where it starts at `read_to`."""
    polled_at = models.DateTimeField(null=True)
    """When a poll last came to its end."""
    error = models.TextField(default="")
    """The finding that ended the last try, as JSON; empty where that went well."""
    failures = models.PositiveIntegerField(default=0)
    """How many tries in a row have failed."""
    paused_until = models.DateTimeField(null=True)
    """The store is not asked before then."""
    look_back_days = models.PositiveIntegerField(default=0)
    """So many days back changes are read again and again; 0: never."""
    look_back_hours = models.PositiveIntegerField(default=24)
    next_look_back_at = models.DateTimeField(null=True)
    look_back_since = models.DateTimeField(null=True)
    """Where the present look back began; null between two."""
    look_back_cursor = models.TextField(default="")
    hook_digest = models.CharField(max_length=_DIGEST_LENGTH, default="")
    """SHA-256 of the token in the address that the store calls; empty where there is none."""
    hooked_at = models.DateTimeField(null=True)
    """When the store last called."""

    class Meta:
        """Nothing goes by itself in test mode, nor without a day from which on."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mode__in=[TEST, LIVE]), name="sync_mode"),
            models.CheckConstraint(
                condition=Q(automatic=False) | (Q(mode=LIVE) & Q(go_live_on__isnull=False)),
                name="automatic_only_when_live",
            ),
            models.CheckConstraint(condition=Q(poll_minutes__gte=1, look_back_hours__gte=1), name="sync_pauses"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.mode}{', automatic' if self.automatic else ''}"


class SyncNote(AppendOnly):
    """One decision about how an account is kept up, and who made it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.TextField()
    what = models.TextField()
    """`signed off`, `automatic on`, `automatic off`, `back to test`, `settings`."""
    note = models.TextField(default="")
    shown = models.TextField(default="")
    """What the check list showed when it was signed off, as JSON."""

    class Meta:
        """Someone decided it."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(by=""), name="sync_note_names_who")]

    def __str__(self) -> str:
        return f"{self.what} by {self.by}"


class Hint(models.Model):
    """An order that the store told of and that is to be read again; many hooks of one order are one hint."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    order_id = models.TextField()
    hinted_at = models.DateTimeField()
    edition = models.PositiveBigIntegerField(default=1)
    """Grows with each hook, so that one which comes while the order is being read is not lost."""

    class Meta:
        """An order is hinted once."""

        constraints: ClassVar = [models.UniqueConstraint("account", "order_id", name="one_hint_an_order")]

    def __str__(self) -> str:
        return self.order_id


class Delivery(models.Model):
    """A webhook that was taken, so that it is not taken again."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    delivery_id = models.TextField()
    digest = models.CharField(max_length=_DIGEST_LENGTH)
    """SHA-256 of its body, which is signed, as its id may not be."""
    at = models.DateTimeField(db_index=True)

    class Meta:
        """A webhook is taken once."""

        constraints: ClassVar = [
            models.UniqueConstraint("account", "delivery_id", name="one_delivery_an_id"),
            models.UniqueConstraint("account", "digest", name="one_delivery_a_body"),
        ]

    def __str__(self) -> str:
        return self.delivery_id


class BackFill(models.Model):
    """Refunds of the past that a person asked for: of a span of time, or of a list of orders."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    orders = models.TextField(default="[]")
    """Names of orders, as JSON; empty for a span of time."""
    cursor = models.TextField(default="")
    """Where a span goes on."""
    reached = models.DateTimeField(null=True)
    """Up to which change of a span it has come."""
    total = models.PositiveIntegerField(default=0)
    """Orders asked for; 0 for a span of time."""
    done = models.PositiveIntegerField(default=0)
    """Orders of the list that were read."""
    found = models.PositiveIntegerField(default=0)
    """Refunds that came, counted again where they came again."""
    state = models.CharField(max_length=10, default=RUNNING)
    finished_at = models.DateTimeField(null=True)
    problems = models.TextField(default="[]")
    """The first of what could not be done, as JSON."""
    problem_count = models.PositiveIntegerField(default=0)

    class Meta:
        """It asks for a span or for orders, and what is over has an end."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[RUNNING, FINISHED, STOPPED]), name="back_fill_state"),
            models.CheckConstraint(
                condition=Q(total=0, since__isnull=False) | Q(total__gt=0, since__isnull=True), name="back_fill_of_what"
            ),
            models.CheckConstraint(
                condition=Q(state=RUNNING, finished_at__isnull=True)
                | (~Q(state=RUNNING) & Q(finished_at__isnull=False)),
                name="back_fill_ends",
            ),
        ]
        indexes: ClassVar = [
            models.Index("account", "id", name="back_fills_running", condition=Q(state=RUNNING)),
        ]

    def __str__(self) -> str:
        return f"back-fill {self.pk} of {self.account}: {self.state}"
