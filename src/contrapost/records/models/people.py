"""Tables of the people who use Contrapost, the tokens they act with, and the links they first sign in by."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from contrapost.permissions import ROLE_LABELS, Role

ROLES = [role.value for role in Role]
_DIGEST_LENGTH = 64


class Person(AbstractUser):
    """Someone who signs in. People are never removed, only deactivated: history names them."""

    role = models.CharField(
        max_length=20, choices=[(role.value, label) for role, label in ROLE_LABELS.items()], default=Role.READER.value
    )

    class Meta:
        """Names and addresses are told apart without regard to case, as people type them."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=ROLES), name="person_role"),
            models.UniqueConstraint(Lower("username"), name="one_person_a_name"),
            models.UniqueConstraint(Lower("email"), name="one_person_an_address", condition=~Q(email="")),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """Gives the name that pages and history show."""
        return self.username


class ApiToken(models.Model):
    """What a person's script signs in with; only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20, db_index=True)
    """How the token begins, by which it is found and shown."""
    digest = models.CharField(max_length=_DIGEST_LENGTH)
    """SHA-256 of the token, which is random and long enough to need no more."""
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.person}"


class SignInLink(models.Model):
    """A link by which a person chooses a password, once; only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", null=True)
    """None where the link makes the first administrator."""
    prefix = models.CharField(max_length=20, db_index=True)
    digest = models.CharField(max_length=_DIGEST_LENGTH)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… for {self.person or 'the first administrator'}"
