"""The log of attempts: each call whole, writes, looks and read-backs alike, and never a secret in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from waits import Shop

from contrapost import flow
from contrapost.cli import show
from contrapost.permissions import Role
from contrapost.records import queries
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from contrapost.app import App
    from contrapost.demo.processes import Emulator
    from contrapost.records.rows import AttemptRow


@pytest.fixture
def shop(app: App, shop_process: Emulator, books_process: Emulator) -> Shop:
    """A shop without orders."""
    return Shop(app, shop_process, books_process)


def _posted(shop: Shop, do: str, state: State) -> tuple[int, tuple[AttemptRow, ...]]:
    shop.sold(3001)
    shop.billed(3001)
    [row] = shop.retrieved(3001)
    shop.books.ask("POST", "faults", [{"when": "create cashRefund", "do": do}])
    flow.post(shop.app, [row.id], by="ada")
    shop.books.ask("DELETE", "faults")
    assert queries.get(row.id).status is state
    return row.id, queries.attempts(row.id)


def test_each_call_is_kept_whole(shop: Shop) -> None:
    """A write whose answer is lost, the look that finds the record, the read-back: method, address, answer and time."""
    _, (write, look, back) = _posted(shop, "commit then drop", State.POSTED)

    assert (write.what, write.method, write.status) == ("write", "POST", None)
    assert "no clear answer" in write.conclusion
    assert json.loads(write.sent)["externalId"] == write.external_id
    assert (look.what, look.method, look.status) == ("look", "GET", 200)
    assert f"eid:{look.external_id}" in look.path
    assert json.loads(look.received)["externalId"] == look.external_id
    assert "found standing" in look.conclusion
    assert (back.what, back.method, back.status) == ("read back", "POST", 200)
    assert "SELECT" in back.sent
    assert {row["externalid"] for row in json.loads(back.received)["items"]} == {back.external_id}


def test_a_look_that_finds_nothing_is_kept_too(shop: Shop) -> None:
    """The write never landed: the look says so, with NetSuite's own 404, before it is sent again."""
    _, attempts = _posted(shop, "drop", State.POSTED)

    assert [one.what for one in attempts] == ["write", "look", "write", "read back"]
    look = attempts[1]
    assert (look.method, look.status, look.conclusion) == ("GET", 404, "does not stand")
    assert look.received


def test_no_secret_is_in_the_log(shop: Shop, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what we sign in with, nor what signs a call, is in any attempt, whichever door shows it."""
    monkeypatch.setattr("contrapost.cli.show.opened", lambda: shop.app)
    id_, attempts = _posted(shop, "commit then drop", State.POSTED)
    client = signed_in(Role.ADMINISTRATOR)

    shown = [
        *(str(value) for one in attempts for value in (one.sent, one.received, one.path, one.conclusion)),
        CliRunner().invoke(show.command, [str(id_), "--json"], standalone_mode=False).output,
        CliRunner().invoke(show.command, [str(id_), "--calls"], standalone_mode=False).output,
        client.get(f"/api/v1/refunds/{id_}").content.decode(),
        client.get(f"/other-transactions/{id_}/").content.decode(),
    ]

    assert "SELECT" in shown[-1]
    assert len(shown) == 4 * len(attempts) + 4
    secrets = [*_secrets(shop), "Bearer ", "oauth_signature", "Authorization", "client_assertion"]
    assert not [secret for secret in secrets for text in shown if secret in text]


def _secrets(shop: Shop) -> list[str]:
    """Keys line by line, because a page or JSON writes their line ends in another way."""
    given = {**shop.books.credentials(), **shop.shop.credentials()}
    secret = [value for name, value in given.items() if name in {"private_key", "access_token", "client_secret"}]
    assert secret
    return [line for value in secret for line in value.splitlines() if line and "-----" not in line]
