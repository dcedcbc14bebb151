"""A token works while it is right, not revoked, and its person may come in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from contrapost.app import App
from contrapost.permissions import Role
from contrapost.records import credentials, people


@pytest.fixture
def token(app: App) -> str:
    """A token of ada, a developer."""
    people.add("ada", role=Role.DEVELOPER)
    _, plain = credentials.make_token("ada", "test", now=app.now())
    return plain


@pytest.fixture
def status(visitor: Callable[..., Client]) -> Callable[[str], int]:
    """Gives what the API answers to an Authorization header."""
    return lambda header: visitor().get("/api/v1/accounts", headers={"authorization": header}).status_code


def test_right(status: Callable[[str], int], token: str) -> None:
    """It works, however the scheme is written."""
    assert status(f"Bearer {token}") == 200
    assert status(f"bearer {token}") == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer cp_",
        "Bearer cp_nonsense",
        "Basic {}",
        "{}",
        "Bearer {}x",
        "Bearer é",
        "Bearer -",
    ],
)
def test_wrong(status: Callable[[str], int], token: str, header: str) -> None:
    """Anything else is refused, a right beginning too."""
    assert status(header.format(token)) == 401
    assert status(f"Bearer {token[:-1]}") == 401


def test_revoked(app: App, status: Callable[[str], int], token: str) -> None:
    """A revoked token is none."""
    [row] = credentials.tokens("ada")
    credentials.revoke_token("ada", row.id, now=app.now())

    assert status(f"Bearer {token}") == 401


def test_of_someone_shut_out(app: App, status: Callable[[str], int], token: str) -> None:
    """Who is shut out cannot come in by a token either, and not when they are brought back."""
    people.deactivate("ada", now=app.now())
    assert status(f"Bearer {token}") == 401

    people.add("ada", role=Role.DEVELOPER)
    assert status(f"Bearer {token}") == 401


def test_of_someone_with_another_role(status: Callable[[str], int], token: str) -> None:
    """The role counts as it is now, not as it was when the token was made."""
    people.set_role("ada", Role.MANAGER)

    assert status(f"Bearer {token}") == 403


def test_a_wrong_token_does_not_fall_back_to_the_session(signed_in: Callable[..., Client]) -> None:
    """Who sends a token means the token."""
    client = signed_in(Role.ADMINISTRATOR)

    assert client.get("/api/v1/accounts").status_code == 200
    assert client.get("/api/v1/accounts", headers={"authorization": "Bearer cp_wrong"}).status_code == 401


def test_use_is_noted(app: App, status: Callable[[str], int], token: str) -> None:
    """A person sees when a token was last used."""
    assert credentials.tokens("ada")[0].last_used_at is None

    status(f"Bearer {token}")

    used = credentials.tokens("ada")[0].last_used_at
    assert used is not None
    assert used <= app.now()
