"""The people who use Contrapost: who there is, in which role, and how they first come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, is_password_usable
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.db.transaction import atomic

from contrapost.permissions import ROLE_LABELS, Role
from contrapost.records.errors import AlreadyThereError, LastAdministratorError, NameRefusedError, NotFoundError
from contrapost.records.models import ApiToken, Person
from contrapost.records.rows import PersonRow

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_NAME = 150
LONGEST_EMAIL = 254
_NAME_RULE = UnicodeUsernameValidator()


def add(name: str, *, role: Role, email: str = "", password: str | None = None) -> PersonRow:
    """Adds a person, or brings one back who was deactivated.

    Without a password the person cannot sign in yet: make a link.

    Raises:
        AlreadyThereError: there is an active person of this name, or anyone with this address.
        NameRefusedError: the name or the address cannot be one.
    """
    _check(name, email)
    try:
        with atomic():
            person = Person.objects.select_for_update().filter(username__iexact=name).first() or Person(username=name)
            if person.pk and person.is_active:
                raise AlreadyThereError(f"There is a person named {person.username}. Choose another name.")
            person.role, person.email, person.is_active = role.value, email, True
            person.set_password(password)
            person.save()
    except IntegrityError as fault:
        raise AlreadyThereError(f"There is a person named {name}, or with the address {email}.") from fault
    return row_of(person)


def get(name: str) -> PersonRow:
    """Gives a person.

    Raises:
        NotFoundError: there is none of this name.
    """
    return row_of(_named(name))


def listing() -> tuple[PersonRow, ...]:
    """Gives everyone there is, by name; those who were deactivated too."""
    return tuple(row_of(person) for person in Person.objects.order_by("username"))


def is_anyone_there() -> bool:
    """Says whether there is any person at all."""
    return Person.objects.exists()


def set_role(name: str, role: Role) -> PersonRow:
    """Gives a person another role, from the next request on.

    Raises:
        NotFoundError: there is none of this name.
        LastAdministratorError: no administrator would be left.
    """
    with atomic():
        able = _able_administrators()
        person = _named(name, lock=True)
        if role is not Role.ADMINISTRATOR:
            _check_not_last(person, able)
        person.role = role.value
        person.save(update_fields=["role"])
    return row_of(person)


def deactivate(name: str, *, now: datetime) -> PersonRow:
    """Shuts a person out at once: sessions end and tokens are revoked. Their name stays in the history.

    Raises:
        NotFoundError: there is none of this name.
        LastAdministratorError: no administrator would be left.
    """
    with atomic():
        able = _able_administrators()
        person = _named(name, lock=True)
        _check_not_last(person, able)
        person.is_active = False
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        ApiToken.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=now)
    return row_of(person)


def row_of(user: object) -> PersonRow:
    """Gives the row of a user as Django's sign-in knows it.

    Raises:
        TypeError: this is nobody of ours.
    """
    if not isinstance(user, Person):
        raise TypeError(f"{type(user).__name__} is no person")
    return PersonRow(
        id=user.pk,
        name=user.username,
        email=user.email,
        role=Role(user.role),
        active=user.is_active,
        has_password=is_password_usable(user.password),
        last_sign_in=user.last_login,
    )


def _named(name: str, *, lock: bool = False) -> Person:
    people = Person.objects.select_for_update() if lock else Person.objects.all()
    found = people.filter(username__iexact=name).first()
    if found is None:
        raise NotFoundError(f"There is no person named {name}. `contrapost people list` shows those there are.")
    return found


def _check(name: str, email: str) -> None:
    try:
        _NAME_RULE(name)
    except ValidationError:
        name = ""
    if not 0 < len(name) <= LONGEST_NAME:
        raise NameRefusedError("A name takes up to 150 letters, digits and any of @ . + - _")
    try:
        if email:
            validate_email(email)
    except ValidationError as fault:
        raise NameRefusedError(f"{email!r} is no e-mail address.") from fault
    if len(email) > LONGEST_EMAIL:
        raise NameRefusedError(f"An e-mail address takes up to {LONGEST_EMAIL} characters.")


def _able_administrators() -> set[int]:
    """Locks the administrators who can sign in, in one order: two of them cannot shut each other out at once."""
    able = Person.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True)
    able = able.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return {found.pk for found in able.select_for_update().order_by("pk")}


def _check_not_last(person: Person, able: set[int]) -> None:
    if able == {person.pk}:
        raise LastAdministratorError(
            f"{person.username} is the last {ROLE_LABELS[Role.ADMINISTRATOR].lower()} who can sign in. "
            "Give someone else that role first."
        )
