"""The page of people: who may open it, links shown once, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from contrapost.permissions import Action, Role, may
from contrapost.records import people

PEOPLE = "/people/"
LINK = re.compile(r'value="(http://testserver(/welcome/\w{40}/))"')
DEEDS = ("add", "role", "shut-out", "bring-back", "link")


@pytest.fixture
def admin(signed_in: Callable[..., Client]) -> Client:
    """The browser of an administrator."""
    return signed_in(Role.ADMINISTRATOR, raise_request_exception=True)


@pytest.mark.parametrize("role", list(Role))
def test_only_administrators_come_in(signed_in: Callable[..., Client], role: Role) -> None:
    """The page, each of its deeds, and the way to it are open to those who manage people alone."""
    people.add("mo", role=Role.READER, password="seven blue ducks")
    client = signed_in(role)
    before = people.get("mo")
    answers = [client.get(PEOPLE)]
    if may(role, Action.MANAGE_PEOPLE):
        answers += [client.post(PEOPLE, {"do": "role", "name": "mo", "role": "developer"})]
    else:
        answers += [client.post(PEOPLE, {"do": do, "name": "mo", "role": "developer"}) for do in DEEDS]

    assert all((answer.status_code == 403) is not may(role, Action.MANAGE_PEOPLE) for answer in answers)
    assert (people.get("mo") == before) is not may(role, Action.MANAGE_PEOPLE)
    way = f'href="{PEOPLE}"' in client.get("/other-transactions/").content.decode()
    assert way is may(role, Action.MANAGE_PEOPLE)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_comes_in_without_signing_in(visitor: Callable[..., Client], method: str) -> None:
    """Who is not signed in is led to the sign-in."""
    answer = getattr(visitor(), method)(PEOPLE)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


def test_a_link_is_shown_once_and_works_once(admin: Client, visitor: Callable[..., Client]) -> None:
    """Adding a person shows the link in that answer alone: not kept, and in no address, cookie or session."""
    answer = admin.post(PEOPLE, {"do": "add", "name": " mo ", "email": "mo@shop.test", "role": "manager"})
    link = LINK.search(answer.content.decode())
    assert link
    secret = link[2].split("/")[2]
    kept = [session.get_decoded() for session in Session.objects.all()]

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.decode().count(secret) == 1
    assert secret not in str(answer.headers) + str(answer.cookies) + str(kept)
    assert secret not in admin.get(PEOPLE).content.decode()
    assert (people.get("mo").role, people.get("mo").email) == (Role.MANAGER, "mo@shop.test")
    invited = visitor()
    invited.get(link[2])
    came = invited.post("/welcome/", {"password": "nine green owls", "again": "nine green owls"})
    assert (came.status_code, people.get("mo").has_password) == (302, True)
    assert visitor().get(link[2]).status_code == 410


def test_a_new_link_ends_the_one_before(admin: Client, visitor: Callable[..., Client]) -> None:
    """Of two links for a person only the newer works."""
    people.add("mo", role=Role.READER)
    first, second = (LINK.search(admin.post(PEOPLE, {"do": "link", "name": "mo"}).content.decode()) for _ in range(2))
    assert first
    assert second

    assert visitor().get(first[2]).status_code == 410
    assert visitor().get(second[2]).status_code == 302


def test_a_role_is_changed(admin: Client) -> None:
    """The page says so after going on, and the person has it."""
    people.add("mo", role=Role.READER)
    answer = admin.post(PEOPLE, {"do": "role", "name": "mo", "role": "developer"})

    assert (answer.status_code, answer["Location"]) == (303, PEOPLE)
    assert people.get("mo").role is Role.DEVELOPER
    assert "mo has the role Developer from now on." in admin.get(PEOPLE).content.decode()


def test_shut_out_at_once_and_brought_back_by_a_link(
    admin: Client, signed_in: Callable[..., Client], visitor: Callable[..., Client]
) -> None:
    """A session ends with the next request; brought back, the person keeps the address and takes a new link."""
    people.add("mo", role=Role.READER, email="mo@shop.test")
    reader = signed_in(Role.READER)
    assert admin.post(PEOPLE, {"do": "shut-out", "name": "reader"}).status_code == 303
    assert admin.post(PEOPLE, {"do": "shut-out", "name": "mo"}).status_code == 303
    text = admin.get(PEOPLE).content.decode()

    assert reader.get("/other-transactions/")["Location"].startswith("/sign-in/")
    assert text.count(">Shut out</span>") == 2
    assert text.count('value="bring-back"') == 2
    back = admin.post(PEOPLE, {"do": "bring-back", "name": "mo", "role": "manager"})
    link = LINK.search(back.content.decode())
    assert link
    assert visitor().get(link[2]).status_code == 302
    mo = people.get("mo")
    assert (mo.active, mo.role, mo.email, mo.has_password) == (True, Role.MANAGER, "mo@shop.test", False)


@pytest.mark.parametrize("deed", [{"do": "shut-out"}, {"do": "role", "role": "reader"}])
def test_the_last_administrator_stays(admin: Client, deed: dict[str, str]) -> None:
    """It is refused in the person's row, with the role that was chosen, and nothing is changed."""
    before = people.get("administrator")
    answer = admin.post(PEOPLE, {**deed, "name": "administrator"})
    text = answer.content.decode()

    assert answer.status_code == 422
    assert "administrator is the last administrator who can sign in." in text
    assert text.index('role="alert"') < text.index("</tbody>")
    assert f'value="{deed.get("role", "administrator")}" selected' in text.split("</tbody>")[0]
    assert people.get("administrator") == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "administrator"}, "There is a person named administrator."),
        ({"name": "No Name!"}, "A name takes up to 150 letters"),
        ({"name": ""}, "A name takes up to 150 letters"),
        ({"name": "mo\0" * 80}, "A name takes up to 150 letters"),
        ({"name": "mo", "email": "nowhere"}, "is no e-mail address"),
        ({"name": "mo", "email": f"mo@{'a.' * 150}test"}, "takes up to 254 characters"),
        ({"name": "mo", "role": "queen"}, "Choose one of the roles."),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(admin: Client, given: dict[str, str], said: str) -> None:
    """A person that cannot be added is refused beside the form; nothing typed is lost, nobody is added."""
    answer = admin.post(PEOPLE, {"do": "add", "email": "new@shop.test", "role": "developer", **given})
    text = answer.content.decode()
    form = text.split("</tbody>")[1]

    assert answer.status_code == 422
    assert said in form
    assert f'value="{given["name"].replace(chr(0), "")}"' in form
    assert f'value="{given.get("email", "new@shop.test")}"' in form
    assert ('value="developer" selected' in form) is ("role" not in given)
    assert len(people.listing()) == 1


@pytest.mark.parametrize("deed", DEEDS[1:])
def test_someone_who_is_not_there(admin: Client, deed: str) -> None:
    """A person who is not in the list is not made by accident."""
    answer = admin.post(PEOPLE, {"do": deed, "name": "mo", "role": "reader"})

    assert answer.status_code == 422
    assert "There is no person named mo." in answer.content.decode()
    assert len(people.listing()) == 1


def test_an_unknown_deed_does_nothing(admin: Client) -> None:
    """A form that is none of ours leads back to the page."""
    assert admin.post(PEOPLE, {"do": "crown", "name": "administrator"}).status_code == 303


def test_nobody_shut_out_gets_a_link(admin: Client) -> None:
    """Someone shut out is brought back first."""
    people.add("mo", role=Role.READER)
    admin.post(PEOPLE, {"do": "shut-out", "name": "mo"})
    answer = admin.post(PEOPLE, {"do": "link", "name": "mo"})

    assert answer.status_code == 422
    assert "There is no active person named mo." in answer.content.decode()


@pytest.mark.parametrize("deed", DEEDS)
def test_hostile_names_stay_text(admin: Client, deed: str) -> None:
    """Markup typed as name, address or role is shown as text."""
    evil = "<img src=x onerror=alert(1)>'\""
    text = admin.post(PEOPLE, {"do": deed, "name": evil, "email": evil, "role": evil}).content.decode()

    assert "<img" not in text


def test_a_form_without_its_proof_is_refused(someone: Callable[[Role], object], visitor: Callable[..., Client]) -> None:
    """Another site cannot add a person in an administrator's name."""
    someone(Role.ADMINISTRATOR)
    client = visitor(enforce_csrf_checks=True)
    client.force_login(_user("administrator"))

    assert client.post(PEOPLE, {"do": "add", "name": "mo", "role": "administrator"}).status_code == 403
    assert len(people.listing()) == 1


def _user(name: str) -> object:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=name)
