"""Signing in: by name or address, locked out after failures, and back to where one was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from contrapost.app import App
from contrapost.permissions import Role
from contrapost.records import people
from contrapost.vault import Vault, new_key
from contrapost.web.settings import settings_of

PASSWORD = "seven blue ducks"  # as tests/conftest.py gives it to everyone
WRONG = "not the password"


def tries(client: Client, name: str, password: str) -> Any:
    """Tries to sign in."""
    return client.post("/sign-in/", {"login": name, "password": password})


@pytest.mark.parametrize("name", ["ada", "Ada", "ada@example.com", "ADA@example.com"])
def test_by_name_or_address(visitor: Callable[..., Client], name: str) -> None:
    """Name and address both do, in any case of letters."""
    people.add("ada", role=Role.MANAGER, email="ada@example.com", password=PASSWORD)

    came = tries(visitor(), name, PASSWORD)

    assert (came.status_code, came["Location"]) == (302, "/")


@pytest.mark.parametrize(("name", "password"), [("ada", WRONG), ("bob", PASSWORD), ("ada", PASSWORD.upper())])
def test_wrong(visitor: Callable[..., Client], name: str, password: str) -> None:
    """A wrong name and a wrong password are told the same way; the name stays in its field, the password does not."""
    people.add("ada", role=Role.MANAGER, password=PASSWORD)

    said = tries(visitor(), name, password)

    text = said.content.decode()
    assert said.status_code == 200
    assert "do not go together" in text
    assert f'value="{name}"' in text
    assert password not in text


def test_locked_out_after_failures(visitor: Callable[..., Client]) -> None:
    """After five failures even the right password waits, whatever browser it comes from; others are not kept out."""
    people.add("ada", role=Role.MANAGER, password=PASSWORD)
    people.add("bob", role=Role.MANAGER, password=PASSWORD)
    for _ in range(5):
        tries(visitor(), "ada", WRONG)

    said = tries(visitor(), "ada", PASSWORD)

    assert said.status_code == 200
    assert "too many failed tries" in said.content.decode()
    assert tries(visitor(), "bob", PASSWORD).status_code == 302


def test_nobody_signs_up(visitor: Callable[..., Client]) -> None:
    """There is no page to make oneself an account, and none that sends passwords by mail."""
    client = visitor()

    assert {client.get(path).status_code for path in ("/signup/", "/sign-up/", "/accounts/signup/")} == {404}
    assert "sign up" not in client.get("/sign-in/").content.decode().lower()


def test_who_is_shut_out_is_out_at_once(app: App, signed_in: Callable[..., Client]) -> None:
    """A session ends with the request after."""
    client = signed_in(Role.MANAGER)
    assert client.get("/api/v1/refunds").status_code == 200

    people.deactivate("manager", now=app.now())

    assert client.get("/api/v1/refunds").status_code == 401
    assert tries(client, "manager", PASSWORD).status_code == 200


def test_another_role_counts_at_once(signed_in: Callable[..., Client]) -> None:
    """A session does not keep a role that was taken away."""
    client = signed_in(Role.DEVELOPER)
    assert client.post("/api/v1/refunds/1/cancel").status_code == 404

    people.set_role("developer", Role.READER)

    assert client.post("/api/v1/refunds/1/cancel").status_code == 403


def test_back_to_where_it_was(signed_in: Callable[..., Client]) -> None:
    """When a session has expired, signing in leads back to the page that was asked for."""
    client = signed_in(Role.MANAGER)
    Session.objects.all().delete()

    sent = client.get("/password/")
    assert sent["Location"] == "/sign-in/?next=/password/"
    page = client.get(sent["Location"]).content.decode()
    assert 'name="next" value="/password/"' in page

    came = client.post("/sign-in/", {"login": "manager", "password": PASSWORD, "next": "/password/"})
    assert came["Location"] == "/password/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_back_never_leads_elsewhere(visitor: Callable[..., Client], elsewhere: str) -> None:
    """Nobody can be sent to another host by a link to the sign-in."""
    people.add("ada", role=Role.MANAGER, password=PASSWORD)

    came = visitor().post("/sign-in/", {"login": "ada", "password": PASSWORD, "next": elsewhere})

    assert came["Location"] == "/"


def test_signing_out(signed_in: Callable[..., Client]) -> None:
    """A link alone signs nobody out; the button does, and leads to the sign-in."""
    client = signed_in(Role.MANAGER)

    assert "Sign out?" in client.get("/sign-out/").content.decode()
    assert client.get("/api/v1/refunds").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/api/v1/refunds").status_code == 401


def test_changing_the_password(signed_in: Callable[..., Client], visitor: Callable[..., Client]) -> None:
    """The old one is asked for, and is none afterwards."""
    client, new = signed_in(Role.MANAGER), "another short sentence"

    wrong = client.post("/password/", {"oldpassword": WRONG, "password1": new, "password2": new})
    assert wrong.status_code == 200
    done = client.post("/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert done.status_code == 302
    assert tries(visitor(), "manager", PASSWORD).status_code == 200
    assert tries(visitor(), "manager", new).status_code == 302


def test_a_form_of_another_session(visitor: Callable[..., Client]) -> None:
    """A form that is not ours is refused with a page that says what to do."""
    said = visitor(enforce_csrf_checks=True).post("/sign-in/", {"login": "ada", "password": PASSWORD})

    assert said.status_code == 403
    assert "Please send that again" in said.content.decode()


def test_cookies(signed_in: Callable[..., Client]) -> None:
    """No script reads them, and no other site's form sends them."""
    client = signed_in(Role.MANAGER)

    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"] is True
        assert client.cookies[name]["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("address", "secure"),
    [("http://localhost:8000", False), ("http://127.0.0.1", False), ("https://refunds.example.com", True)],
)
def test_cookies_go_over_tls_only(address: str, *, secure: bool) -> None:
    """On a network, cookies travel encrypted; on this machine there is no TLS to ask for."""
    settings = settings_of(Vault([new_key()]), address)

    assert settings["SESSION_COOKIE_SECURE"] is secure
    assert settings["CSRF_COOKIE_SECURE"] is secure
    assert bool(settings["SECURE_HSTS_SECONDS"]) is secure
    assert settings["ALLOWED_HOSTS"][-1] in address


def test_keys_of_sessions_come_from_the_vault() -> None:
    """Every process of one home signs alike; a key put before the old one leaves people signed in."""
    old, new = new_key(), new_key()
    before, after = settings_of(Vault([old])), settings_of(Vault([new, old]))

    assert before["SECRET_KEY"] == settings_of(Vault([old]))["SECRET_KEY"]
    assert after["SECRET_KEY"] != before["SECRET_KEY"]
    assert after["SECRET_KEY_FALLBACKS"] == [before["SECRET_KEY"]]
    assert old not in before["SECRET_KEY"]
