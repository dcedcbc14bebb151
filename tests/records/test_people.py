"""People as rows: told apart, never without an administrator, shut out whole."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from contrapost.permissions import Role
from contrapost.records import credentials, people
from contrapost.records.errors import (
    AlreadyThereError,
    LastAdministratorError,
    LinkSpentError,
    NameRefusedError,
    NotFoundError,
)
from contrapost.records.setup import database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("url")


def test_adding() -> None:
    """A person is there as added; without a password they cannot sign in yet."""
    added = people.add("ada", role=Role.DEVELOPER, email="ada@example.com")

    assert people.get("ADA") == added
    assert (added.role, added.email, added.active, added.has_password) == (
        Role.DEVELOPER,
        "ada@example.com",
        True,
        False,
    )


@pytest.mark.parametrize(("name", "email"), [("ADA", ""), ("bob", "Ada@Example.com")])
def test_names_and_addresses_are_told_apart_without_case(name: str, email: str) -> None:
    """Nobody takes another's name or address by writing it differently."""
    people.add("ada", role=Role.READER, email="ada@example.com")

    with pytest.raises(AlreadyThereError):
        people.add(name, role=Role.ADMINISTRATOR, email=email)

    assert [(person.name, person.role) for person in people.listing()] == [("ada", Role.READER)]


def test_people_without_addresses() -> None:
    """Any number of people has none."""
    people.add("ada", role=Role.READER)
    people.add("bob", role=Role.READER)

    assert len(people.listing()) == 2


@pytest.mark.parametrize(("name", "email"), [("", ""), ("a b", ""), ("a" * 151, ""), ("<b>", ""), ("ada", "nowhere")])
def test_what_cannot_be_a_name(name: str, email: str) -> None:
    """It is refused, and nobody is added."""
    with pytest.raises(NameRefusedError):
        people.add(name, role=Role.READER, email=email)

    assert not people.is_anyone_there()


def test_nobody_of_this_name() -> None:
    """Every function says so."""
    with pytest.raises(NotFoundError):
        people.get("ada")
    with pytest.raises(NotFoundError):
        people.set_role("ada", Role.READER)
    with pytest.raises(NotFoundError):
        people.deactivate("ada", now=NOON)
    with pytest.raises(NotFoundError):
        credentials.make_token("ada", "x", now=NOON)
    with pytest.raises(NotFoundError):
        credentials.make_link("ada", now=NOON)


def test_the_last_administrator_stays() -> None:
    """Who was invited and never came does not count; who can sign in does."""
    people.add("ada", role=Role.ADMINISTRATOR, password="x")
    people.add("bob", role=Role.ADMINISTRATOR)

    with pytest.raises(LastAdministratorError):
        people.set_role("ada", Role.MANAGER)
    with pytest.raises(LastAdministratorError):
        people.deactivate("ada", now=NOON)
    people.deactivate("bob", now=NOON)

    people.add("eve", role=Role.ADMINISTRATOR, password="x")
    assert people.set_role("ada", Role.MANAGER).role is Role.MANAGER


def test_two_administrators_cannot_shut_each_other_out() -> None:
    """Of two who go at the same moment, one stays."""
    for name in ("ada", "bob"):
        people.add(name, role=Role.ADMINISTRATOR, password="x")
    at_once, refused = threading.Barrier(2), []

    def go(name: str) -> None:
        with database():
            at_once.wait()
            try:
                people.deactivate(name, now=NOON)
            except LastAdministratorError:
                refused.append(name)

    threads = [threading.Thread(target=go, args=[name]) for name in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert [person.name for person in people.listing() if person.active] == refused


def test_shut_out_and_brought_back() -> None:
    """Name and history stay; password and tokens do not come back."""
    people.add("ada", role=Role.DEVELOPER, password="x")
    _, plain = credentials.make_token("ada", "x", now=NOON)

    gone = people.deactivate("ada", now=NOON)
    assert (gone.active, gone.has_password) == (False, False)
    assert credentials.find_token(plain, now=NOON) is None

    back = people.add("ada", role=Role.READER)
    assert (back.id, back.active, back.has_password, back.role) == (gone.id, True, False, Role.READER)
    assert credentials.find_token(plain, now=NOON) is None


def test_a_token_is_kept_as_a_digest() -> None:
    """The rows hold how it begins, and nothing that it could be made from."""
    people.add("ada", role=Role.DEVELOPER)

    row, plain = credentials.make_token("ada", "nightly", now=NOON)

    assert plain.startswith("cp_")
    assert len(plain) == 43
    assert plain.startswith(row.prefix)
    assert plain not in repr(credentials.tokens("ada"))
    assert credentials.find_token(plain, now=NOON) == people.get("ada")


def test_use_of_a_token_is_noted_now_and_then() -> None:
    """The first use is, and one a minute later; one in between writes nothing."""
    people.add("ada", role=Role.DEVELOPER)
    _, plain = credentials.make_token("ada", "x", now=NOON)

    def used_at(seconds: int) -> datetime | None:
        credentials.find_token(plain, now=NOON + timedelta(seconds=seconds))
        return credentials.tokens("ada")[0].last_used_at

    assert used_at(0) == NOON
    assert used_at(30) == NOON
    assert used_at(90) == NOON + timedelta(seconds=90)


def test_only_ones_own_tokens_are_revoked() -> None:
    """Another's token is not found."""
    people.add("ada", role=Role.DEVELOPER)
    people.add("bob", role=Role.DEVELOPER)
    row, plain = credentials.make_token("ada", "x", now=NOON)

    with pytest.raises(NotFoundError):
        credentials.revoke_token("bob", row.id, now=NOON)
    assert credentials.find_token(plain, now=NOON)

    credentials.revoke_token("ada", row.id, now=NOON)
    assert credentials.find_token(plain, now=NOON) is None


def test_a_link_is_used_once_however_many_try() -> None:
    """Of two who use a link at the same moment, one comes in."""
    people.add("ada", role=Role.MANAGER)
    secret = credentials.make_link("ada", now=NOON)
    at_once, came, late = threading.Barrier(2), [], []

    def use(password: str) -> None:
        with database():
            at_once.wait()
            try:
                came.append(credentials.use_link(secret, password, now=NOON))
            except LinkSpentError:
                late.append(password)

    threads = [threading.Thread(target=use, args=[password]) for password in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(came), len(late)) == (1, 1)


def test_a_refused_name_leaves_the_link_usable() -> None:
    """What failed was not a use."""
    secret = credentials.make_first_link(now=NOON)

    with pytest.raises(NameRefusedError):
        credentials.use_link(secret, "x", name="a b", now=NOON)

    assert credentials.use_link(secret, "x", name="ada", now=NOON).role is Role.ADMINISTRATOR
