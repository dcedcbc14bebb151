"""A link to sign in works once: for the first administrator, and for those who were invited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from contrapost.app import App
from contrapost.door import APP
from contrapost.permissions import Role
from contrapost.records import credentials, people

PASSWORD = "seven blue ducks"  # as tests/conftest.py gives it to everyone
FIRST = {"name": "ada", "email": "", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def first(app: App) -> str:
    """The address of a link for the first administrator."""
    return f"/welcome/{credentials.make_first_link(now=app.now())}/"


def test_the_first_administrator(visitor: Callable[..., Client], first: str) -> None:
    """The link asks for name and password, and signs in; its secret does not stay in the address."""
    client = visitor()

    sent = client.get(first)
    assert sent["Location"] == "/welcome/"
    assert "administrator" in client.get("/welcome/").content.decode()
    done = client.post("/welcome/", FIRST)

    assert (done.status_code, done["Location"]) == (302, "/")
    assert client.get("/api/v1/accounts").status_code == 200
    assert people.get("ada").role is Role.ADMINISTRATOR


def test_works_once(visitor: Callable[..., Client], first: str) -> None:
    """A second time it leads nowhere, not even for who has its page open."""
    one, two = visitor(), visitor()
    one.get(first)
    two.get(first)
    one.post("/welcome/", FIRST)

    assert two.post("/welcome/", {**FIRST, "name": "eve"}).status_code == 410
    assert visitor().get(first, follow=True).status_code == 410
    assert [person.name for person in people.listing()] == ["ada"]


def test_a_newer_first_link_ends_the_older(app: App, visitor: Callable[..., Client], first: str) -> None:
    """Of the links that starts printed, the last one works."""
    newer = credentials.make_first_link(now=app.now())

    assert visitor().get(first, follow=True).status_code == 410
    assert visitor().get(f"/welcome/{newer}/", follow=True).status_code == 200


def test_the_first_link_ends_when_somebody_is_there(visitor: Callable[..., Client], first: str) -> None:
    """Whoever was added by the command line meanwhile, the link makes no second administrator."""
    people.add("bob", role=Role.ADMINISTRATOR)

    assert visitor().get(first, follow=True).status_code == 410


def test_expires_after_a_day(app: App, visitor: Callable[..., Client], first: str) -> None:
    """After 24 hours it leads nowhere."""
    later = replace(app, now=lambda: app.now() + timedelta(hours=24, seconds=1))

    assert visitor(**{APP: later}).get(first, follow=True).status_code == 410
    assert visitor().get(first, follow=True).status_code == 200


@pytest.mark.parametrize("secret", ["nonsense", "a" * 40, "é", "%00", "-"])
def test_no_link_at_all(visitor: Callable[..., Client], first: str, secret: str) -> None:
    """What is no link leads nowhere."""
    assert first
    assert visitor().get(f"/welcome/{secret}/", follow=True).status_code == 410
    assert visitor().get("/welcome/").status_code == 410


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "required"),
        ({"name": "a b<script>"}, "letters, digits"),
        ({"email": "nowhere"}, "valid email"),
        ({"password": "brief", "again": "brief"}, "too short"),
        ({"password": "password123", "again": "password123"}, "too common"),
        ({"again": "another sentence"}, "differ"),
    ],
)
def test_what_cannot_be_is_said_and_kept(
    visitor: Callable[..., Client], first: str, wrong: dict[str, str], says: str
) -> None:
    """A wrong field is named, what was typed stays but for passwords, and the link still works."""
    client = visitor()
    client.get(first)
    given = {**FIRST, **wrong}

    said = client.post("/welcome/", given)

    text = said.content.decode()
    assert said.status_code == 200
    assert says in text
    assert "<script>" not in text
    assert given["password"] not in text
    assert client.post("/welcome/", FIRST).status_code == 302


def test_an_invited_person(app: App, visitor: Callable[..., Client]) -> None:
    """Who was invited chooses a password and keeps name and role."""
    people.add("bob", role=Role.MANAGER)
    secret = credentials.make_link("bob", now=app.now())
    client = visitor()

    page = client.get(f"/welcome/{secret}/", follow=True).content.decode()
    assert "Welcome, bob" in page
    client.post("/welcome/", {"password": PASSWORD, "again": PASSWORD, "name": "eve"})

    assert [(person.name, person.role) for person in people.listing()] == [("bob", Role.MANAGER)]
    assert client.get("/api/v1/accounts").status_code == 200


def test_a_link_of_someone_shut_out(app: App, visitor: Callable[..., Client]) -> None:
    """Shutting somebody out ends their link too."""
    people.add("bob", role=Role.MANAGER)
    secret = credentials.make_link("bob", now=app.now())
    people.deactivate("bob", now=app.now())

    assert visitor().get(f"/welcome/{secret}/", follow=True).status_code == 410
