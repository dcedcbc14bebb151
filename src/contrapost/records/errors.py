"""What the rows refuse, each with a sentence that says what to do."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

DATABASE_LOST = (OperationalError, InterfaceError)
"""What is raised where the database cannot be reached, is full or went away: no fault of what was being saved."""


class RecordsError(Exception):
    """The rows cannot do what was asked; nothing was changed."""


class NotFoundError(RecordsError):
    """There is no row of this name or id."""


class AlreadyThereError(RecordsError):
    """A row of this name, or the same shop, is there already."""


class InUseError(RecordsError):
    """The row cannot go while others stand on it."""


class ChangedError(RecordsError):
    """The row is no longer as it was when this was asked for."""


class RefusedError(RecordsError):
    """This may not happen to this transaction as it stands."""


class BusyError(RecordsError):
    """Another process writes to this NetSuite account now."""


class NameRefusedError(RecordsError):
    """An account, or a person, cannot have this name."""


class LastAdministratorError(RecordsError):
    """Nobody would be left who can manage people and accounts."""


class LinkSpentError(RecordsError):
    """A link to sign in was used, has expired, or never was one."""


class OtherReleaseError(RecordsError):
    """The tables are of another release than this program."""


class NotEmptyError(RecordsError):
    """Something is here already that would be replaced."""


class RowsDifferError(RecordsError):
    """The rows put in are not the rows that were to be put in."""
