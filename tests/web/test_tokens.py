"""The page of API tokens: who may open it, tokens shown once, and ended for good."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from contrapost.app import App
from contrapost.permissions import Action, Role, may
from contrapost.records import credentials, people

TOKENS = "/api-tokens/"
PLAIN = re.compile(r'value="(cp_\w{40})"')


@pytest.fixture
def developer(signed_in: Callable[..., Client]) -> Client:
    """The browser of a developer."""
    return signed_in(Role.DEVELOPER, raise_request_exception=True)


@pytest.fixture
def status(visitor: Callable[..., Client]) -> Callable[[str], int]:
    """Gives what the API answers to a token."""
    headers = "Bearer {}".format
    return lambda plain: visitor().get("/api/v1/accounts", headers={"authorization": headers(plain)}).status_code


@pytest.mark.parametrize("role", list(Role))
def test_who_uses_the_api_comes_in(signed_in: Callable[..., Client], role: Role) -> None:
    """The page, its deeds, and the way to it are open to those who use the API alone."""
    client = signed_in(role)
    answers = [client.get(TOKENS), client.post(TOKENS, {"name": "x"}), client.post(TOKENS, {"revoke": "1"})]

    assert all((answer.status_code == 403) is not may(role, Action.USE_API) for answer in answers)
    assert bool(credentials.tokens(role.value)) is may(role, Action.USE_API)
    way = f'href="{TOKENS}"' in client.get("/other-transactions/").content.decode()
    assert way is may(role, Action.USE_API)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_comes_in_without_signing_in(visitor: Callable[..., Client], method: str) -> None:
    """Who is not signed in is led to the sign-in."""
    answer = getattr(visitor(), method)(TOKENS)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


def test_a_token_is_shown_once_and_works_until_it_is_revoked(developer: Client, status: Callable[[str], int]) -> None:
    """The answer to the form alone holds it; the API takes it, notes its use, and refuses it once revoked."""
    answer = developer.post(TOKENS, {"name": " nightly "})
    plain = PLAIN.search(answer.content.decode())
    assert plain
    kept = [session.get_decoded() for session in Session.objects.all()]

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.decode().count(plain[1]) == 1
    assert plain[1] not in str(answer.headers) + str(answer.cookies) + str(kept)
    text = developer.get(TOKENS).content.decode()
    assert plain[1] not in text
    assert "nightly" in text
    assert ">never<" in text
    assert status(plain[1]) == 200
    assert ">never<" not in developer.get(TOKENS).content.decode()
    [row] = credentials.tokens("developer")
    revoked = developer.post(TOKENS, {"revoke": str(row.id)})
    assert (revoked.status_code, revoked["Location"]) == (303, TOKENS)
    assert status(plain[1]) == 401
    text = developer.get(TOKENS).content.decode()
    assert "The token is revoked" in text
    assert ">Revoked</span>" in text
    assert 'name="revoke"' not in text


def test_everyone_sees_and_ends_their_own_alone(app: App, developer: Client, status: Callable[[str], int]) -> None:
    """Another person's token is not listed, and not ended by its number."""
    people.add("ada", role=Role.ADMINISTRATOR)
    row, plain = credentials.make_token("ada", "of ada", now=app.now())
    answer = developer.post(TOKENS, {"revoke": str(row.id)})

    assert answer.status_code == 422
    assert "There is no such token." in answer.content.decode()
    assert "of ada" not in answer.content.decode()
    assert status(plain) == 200


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 18, "9" * 5000])
def test_odd_numbers_are_no_token(developer: Client, number: str) -> None:
    """A number that is none, or of no token, is refused with a sentence."""
    answer = developer.post(TOKENS, {"revoke": number})

    assert answer.status_code == 422
    assert "There is no such token." in answer.content.decode()


@pytest.mark.parametrize("name", ["", "  ", "long " * 21])
def test_a_name_that_cannot_be_one_is_refused_beside_its_field(developer: Client, name: str) -> None:
    """Nothing typed is lost, and no token is made."""
    answer = developer.post(TOKENS, {"name": name})
    text = answer.content.decode()

    assert answer.status_code == 422
    assert "Say what the token is for, in up to 100 characters." in text
    assert 'aria-invalid="true"' in text
    assert f'value="{name.strip()}"' in text
    assert credentials.tokens("developer") == ()


def test_hostile_names_stay_text(developer: Client) -> None:
    """Markup typed as a name is shown as text, when it is made, listed and refused."""
    evil = "<img src=x onerror=alert(1)>'\"&"
    answers = [
        developer.post(TOKENS, {"name": evil}),
        developer.get(TOKENS),
        developer.post(TOKENS, {"name": evil * 9}),
    ]

    for answer in answers:
        assert "&lt;img src=x" in answer.content.decode()
        assert "<img" not in answer.content.decode()
