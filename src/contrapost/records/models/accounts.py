"""Tables of the accounts we are connected to, and of who may write to a NetSuite account now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

NAME_LENGTH = 63
"""Longest name of an account: it stands in addresses and commands."""


class NetSuiteAccount(models.Model):
    """One NetSuite account: where it is, the secrets to enter it, and its lists as last read."""

    name = models.SlugField(unique=True, max_length=NAME_LENGTH)
    settings = models.TextField()
    sealed = models.TextField()
    lists = models.TextField(default="")
    lists_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """One configured shop of a connector, bound to one NetSuite account."""

    name = models.SlugField(unique=True, max_length=NAME_LENGTH)
    connector = models.TextField()
    netsuite = models.ForeignKey(NetSuiteAccount, on_delete=models.PROTECT, related_name="+")
    identity = models.TextField()
    settings = models.TextField()
    sealed = models.TextField()
    profile = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        """The same shop cannot be configured twice: its refunds would be posted twice."""

        constraints: ClassVar = [models.UniqueConstraint("connector", "identity", name="one_account_a_shop")]

    def __str__(self) -> str:
        return self.name


class Lease(models.Model):
    """Who may write to a NetSuite account, until when; the token grows each time it changes hands."""

    netsuite = models.OneToOneField(NetSuiteAccount, on_delete=models.CASCADE, related_name="lease")
    holder = models.TextField(default="")
    token = models.BigIntegerField(default=0)
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.holder or 'nobody'} (token {self.token})"
