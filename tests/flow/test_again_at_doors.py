"""What waits and what is held, at the doors: shown grouped, looked at and tried again, told what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from waits import Shop

from contrapost.cli import errors, waiting
from contrapost.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    import click
    from django.test import Client

    from contrapost.app import App
    from contrapost.demo.processes import Emulator


@pytest.fixture
def shop(app: App, shop_process: Emulator, books_process: Emulator, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Two refunds that wait for their orders, and one that is held by a setting."""
    made = Shop(app, shop_process, books_process)
    for verb in ("waiting", "errors"):
        monkeypatch.setattr(f"contrapost.cli.{verb}.opened", lambda: app)
    for number in (3001, 3002):
        made.sold(number)
    made.sold(3003, gateway="klarna")
    made.billed(3003)
    made.retrieved(3001, 3002, 3003)
    return made


def call(command: click.Command, *arguments: str, code: int = 0) -> Any:
    """Calls a verb for JSON and expects this exit code."""
    came = CliRunner().invoke(command, [*arguments, "--json"], standalone_mode=False)
    assert (came.return_value or came.exit_code or 0) == code, came.output
    return json.loads(came.stdout)


def test_the_command_line_shows_what_waits_and_looks_again(shop: Shop) -> None:
    """Grouped with its count, each with its age and next look; once billed, a look now makes it ready."""
    shown = call(waiting.command, "--account", "shop")
    [group] = shown["groups"]
    assert (group["reason"], group["count"], group["too_long"]) == ("order_not_in_netsuite", 2, 0)
    assert [(row["looks"], row["age_seconds"] >= 0) for row in shown["refunds"]] == [(1, True), (1, True)]
    assert all(row["next_look_at"] > row["waiting_since"] for row in shown["refunds"])

    shop.billed(3001)
    one = str(shown["refunds"][0]["id"])
    assert call(waiting.command, one, "--look")["statuses"] == {"ready": 1}
    shop.billed(3002)
    came = call(waiting.command, "--look", "--account", "shop", "--reason", "order_not_in_netsuite")
    assert (came["looked_at"], came["left"], came["statuses"]) == (1, 0, {"ready": 1})
    assert call(waiting.command)["groups"] == []


def test_the_command_line_shows_causes_and_tries_all_again(shop: Shop) -> None:
    """What is still held exits with 1; what was mended is ready."""
    [group] = call(errors.command)["groups"]
    assert (group["code"], group["where"], group["retry"]) == (
        "cash_account_not_mapped",
        "cash_account.klarna",
        "setting",
    )
    retry = ("--retry", "--account", "shop", "--code", group["code"], "--where", group["where"])

    assert call(errors.command, *retry, code=1)["statuses"] == {"needs_attention": 1}
    shop.mapped("klarna")
    assert call(errors.command, *retry)["statuses"] == {"ready": 1}
    assert call(errors.command)["groups"] == []


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        (waiting.command, ("7",)),
        (waiting.command, ("--look",)),
        (errors.command, ("--retry", "--account", "shop")),
        (errors.command, ("--where", "cash_account.klarna")),
    ],
)
def test_a_verb_called_wrongly_says_how(verb: click.Command, arguments: tuple[str, ...]) -> None:
    """Exit code 2, and nothing is opened."""
    assert CliRunner().invoke(verb, list(arguments)).exit_code == 2


def test_the_api_answers_the_same(shop: Shop, signed_in: Callable[..., Client]) -> None:
    """Lists, a look at all of a reason, a retry of a cause; a filter of another name is refused."""
    client = signed_in(Role.ADMINISTRATOR)
    listed = client.get("/api/v1/waiting", {"account": "shop", "reason": "order_not_in_netsuite", "limit": 1}).json()
    following = client.get("/api/v1/waiting", {"limit": 1, "cursor": listed["cursor"]}).json()
    assert [group["count"] for group in listed["groups"]] == [2]
    assert listed["refunds"][0]["id"] != following["refunds"][0]["id"]

    shop.billed(3001)
    came = client.post(
        "/api/v1/accounts/shop/waiting/look", {"reason": "order_not_in_netsuite"}, content_type="application/json"
    ).json()
    assert came == {
        "looked_at": 2,
        "left": 0,
        "asked": 0,
        "statuses": {"ready": 1, "waiting": 1},
        "problems": [],
    }

    held = client.get("/api/v1/errors", {"code": "cash_account_not_mapped", "where": "cash_account.klarna"}).json()
    shop.mapped("klarna")
    body = {"code": held["groups"][0]["code"]}
    retried = client.post("/api/v1/accounts/shop/errors/retry", body, content_type="application/json").json()
    assert (len(held["refunds"]), retried["statuses"]) == (1, {"ready": 1})
    assert client.get("/api/v1/errors", {"cause": "x"}).status_code == 422
    assert client.get("/api/v1/waiting", {"cursor": "what"}).status_code == 422


def test_the_pages_show_both_and_act_without_script(shop: Shop, signed_in: Callable[..., Client]) -> None:
    """Reason, age and next look; cause, cure and what brings it further; a button each, and what came of it."""
    client = signed_in(Role.MANAGER)
    shown = client.get("/waiting/").content.decode()
    assert "order not in NetSuite" in shown
    assert "Look again now" in shown
    one = client.get("/other-transactions/1/").content.decode()
    assert "Waits since" in one
    assert "Looked at 1 time." in one
    assert 'action="/waiting/look/"' in one
    assert client.get("/api/v1/refunds/1").json()["waiting"]["looks"] == 1
    for number in (3001, 3002):
        shop.billed(number)
    look = {"account": "shop", "reason": "order_not_in_netsuite", "next": "/waiting/"}
    assert "2 looked at: 2 ready." in client.post("/waiting/look/", look, follow=True).content.decode()
    assert "Nothing waits." in client.get("/waiting/").content.decode()

    held = client.get(
        "/errors/", {"account": "shop", "code": "cash_account_not_mapped", "where": "cash_account.klarna"}
    )
    assert "/settings/accounts/shop/?set=cash_account.klarna" in held.content.decode()
    retry = {"account": "shop", "code": "cash_account_not_mapped", "where": "cash_account.klarna"}
    assert "1 looked at: 1 error." in client.post("/errors/retry/", retry, follow=True).content.decode()
    shop.mapped("klarna")
    assert "1 looked at: 1 ready." in client.post("/errors/retry/", retry, follow=True).content.decode()
    assert "Nothing is held." in client.get("/errors/").content.decode()
    assert "nothing to look at" in client.post("/errors/retry/", retry, follow=True).content.decode()
    assert "Say which cause" in client.post("/errors/retry/", {"account": "shop"}, follow=True).content.decode()
