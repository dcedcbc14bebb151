"""What people come in with besides a password: tokens for scripts, and links that are used once.

Both are random texts of which only the beginning and the SHA-256 are kept.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.transaction import atomic

from contrapost.permissions import Role
from contrapost.records import people
from contrapost.records.errors import LinkSpentError, NameRefusedError, NotFoundError
from contrapost.records.models import ApiToken, Person, SignInLink
from contrapost.records.rows import LinkToSignIn, PersonRow, TokenRow

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

TOKEN_MARK = "cp_"  # noqa: S105 - how every token begins, which is no secret
LONGEST_TOKEN_NAME = 100
LINK_LASTS = timedelta(hours=24)
_RANDOM_LETTERS = 40
_PREFIX_LETTERS = 8
_LETTERS = string.ascii_letters + string.digits
_NOTE_USE_AFTER = timedelta(minutes=1)
"""A token in steady use is not written at every request."""


def make_token(person: str, name: str, *, now: datetime) -> tuple[TokenRow, str]:
    """Makes a token; its plain text is given this once and never again.

    Raises:
        NotFoundError: there is no active person of this name.
        NameRefusedError: the token cannot have this name.
    """
    if not 0 < len(name) <= LONGEST_TOKEN_NAME:
        raise NameRefusedError(f"Say what the token is for, in up to {LONGEST_TOKEN_NAME} characters.")
    owner = _active(person)
    plain = TOKEN_MARK + _random()
    made = ApiToken.objects.create(
        person=owner, name=name, prefix=_prefix(plain, TOKEN_MARK), digest=_digest(plain), created_at=now
    )
    return _token_row(made), plain


def tokens(person: str) -> tuple[TokenRow, ...]:
    """Gives the tokens of a person, newest first; revoked ones too."""
    found = ApiToken.objects.select_related("person").filter(person__username__iexact=person)
    return tuple(_token_row(token) for token in found.order_by("-id"))


def revoke_token(person: str, token_id: int, *, now: datetime) -> None:
    """Ends a token of a person for good.

    Raises:
        NotFoundError: the person has no such token.
    """
    mine = ApiToken.objects.filter(pk=token_id, person__username__iexact=person)
    if not mine.exists():
        raise NotFoundError("There is no such token.")
    mine.filter(revoked_at__isnull=True).update(revoked_at=now)


def find_token(plain: str, *, now: datetime) -> PersonRow | None:
    """Gives the person who acts with this token; None where it is none, was revoked, or the person is shut out."""
    candidates = ApiToken.objects.select_related("person").filter(
        prefix=_prefix(plain, TOKEN_MARK), revoked_at__isnull=True, person__is_active=True
    )
    digest = _digest(plain)
    token = next((one for one in candidates if hmac.compare_digest(one.digest, digest)), None)
    if token is None:
        return None
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _NOTE_USE_AFTER)
    if token.last_used_at is None or token.last_used_at < now - _NOTE_USE_AFTER:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return people.row_of(token.person)


def make_link(person: str, *, now: datetime) -> str:
    """Makes a link by which a person chooses a password; links made for them before end.

    Returns:
        The secret part of the link's address, given this once and never again.

    Raises:
        NotFoundError: there is no active person of this name.
    """
    return _make_link(_active(person), now=now)


def make_first_link(*, now: datetime) -> str:
    """Makes a link that makes the first administrator; such links of before end."""
    return _make_link(None, now=now)


def find_link(plain: str, *, now: datetime) -> LinkToSignIn | None:
    """Gives a link that can be used now; None where it cannot."""
    found = _link(plain, SignInLink.objects.select_related("person"), now=now)
    if found is None:
        return None
    return LinkToSignIn(person=people.row_of(found.person) if found.person else None, expires_at=found.expires_at)


def use_link(plain: str, password: str, *, name: str = "", email: str = "", now: datetime) -> PersonRow:
    """Uses a link, once: sets the password of its person, or makes the first administrator of this name.

    Raises:
        LinkSpentError: the link cannot be used (any more); nothing was changed.
        NameRefusedError: the name or the address cannot be one; the link can still be used.
    """
    with atomic():
        found = _link(plain, SignInLink.objects.select_for_update(of=("self",)), now=now)
        if found is None:
            raise LinkSpentError("This link was used already, or has expired. Ask an administrator for a new one.")
        SignInLink.objects.filter(pk=found.pk).update(used_at=now)
        if found.person is None:
            return people.add(name, role=Role.ADMINISTRATOR, email=email, password=password)
        found.person.set_password(password)
        found.person.save(update_fields=["password"])
        return people.row_of(found.person)


def _make_link(person: Person | None, *, now: datetime) -> str:
    plain = _random()
    with atomic():
        SignInLink.objects.filter(person=person, used_at__isnull=True).delete()
        SignInLink.objects.create(
            person=person, prefix=_prefix(plain), digest=_digest(plain), expires_at=now + LINK_LASTS
        )
    return plain


def _link(plain: str, links: QuerySet[SignInLink], *, now: datetime) -> SignInLink | None:
    usable = links.filter(prefix=_prefix(plain), used_at__isnull=True, expires_at__gt=now)
    digest = _digest(plain)
    found = next((one for one in usable if hmac.compare_digest(one.digest, digest)), None)
    if found is None or (found.person and not found.person.is_active):
        return None
    return None if found.person is None and people.is_anyone_there() else found


def _active(person: str) -> Person:
    found = Person.objects.filter(username__iexact=person, is_active=True).first()
    if found is None:
        raise NotFoundError(f"There is no active person named {person}.")
    return found


def _random() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LETTERS))


def _prefix(plain: str, mark: str = "") -> str:
    """How a text begins; of one that cannot be ours, a beginning that no kept one has."""
    is_ours = plain.startswith(mark) and plain.isascii() and plain.replace(mark, "", 1).isalnum()
    return plain[: len(mark) + _PREFIX_LETTERS] if is_ours else "-"


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode(errors="surrogatepass")).hexdigest()


def _token_row(token: ApiToken) -> TokenRow:
    return TokenRow(
        id=token.pk,
        person=token.person.username,
        name=token.name,
        prefix=token.prefix,
        created_at=token.created_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at,
    )
