"""The people of the pages' tests: one of each role."""

from __future__ import annotations

from contrapost.permissions import Role
from contrapost.records import people
from contrapost.records.errors import AlreadyThereError

PASSWORD = "seven blue ducks"
NAMES = {Role.ADMINISTRATOR: "ada", Role.MANAGER: "mo", Role.DEVELOPER: "dev", Role.READER: "rhea"}


def staff() -> None:
    """Adds them, where they are not there yet."""
    for role, name in NAMES.items():
        try:
            people.add(name, role=role, password=PASSWORD)
        except AlreadyThereError:
            return


def login(role: str) -> str:
    """The name that the person of this role signs in by."""
    return NAMES[Role(role)]
