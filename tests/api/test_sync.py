"""Keeping accounts up through the API: who may do what, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from contrapost.permissions import Action, Role, may
from contrapost.records import golive, sync

if TYPE_CHECKING:
    from conftest import Shop

OF = "/api/v1/accounts/shop"
CALLS: list[tuple[str, str, object, Action]] = [
    ("GET", "/sync", None, Action.SEE_SETTINGS),
    ("PATCH", "/sync", {"poll_minutes": 7}, Action.GO_LIVE),
    ("POST", "/sync/now", None, Action.RETRIEVE),
    ("GET", "/golive", None, Action.SEE_SETTINGS),
    ("POST", "/golive", {}, Action.GO_LIVE),
    ("DELETE", "/golive", None, Action.GO_LIVE),
    ("POST", "/hooks", {"base": "https://refunds.example.com"}, Action.CHANGE_SETTINGS),
    ("DELETE", "/hooks", None, Action.CHANGE_SETTINGS),
    ("GET", "/backfills", None, Action.SEE),
    ("POST", "/backfills", {"order_ids": ["#1"]}, Action.RETRIEVE),
    ("GET", "/backfills/1", None, Action.SEE),
    ("POST", "/backfills/1/stop", None, Action.RETRIEVE),
]


def _ask(client: Client, method: str, path: str, body: object) -> int:
    given = {"data": body, "content_type": "application/json"} if body is not None else {}
    status: int = getattr(client, method.lower())(OF + path, **given).status_code
    assert status != 500
    return status


@pytest.mark.parametrize("role", list(Role))
def test_every_cell_of_the_matrix(
    signed_in: Callable[..., Client], visitor: Callable[..., Client], shop: Shop, role: Role
) -> None:
    """Each route answers whom the table lets in, and nobody who is not signed in."""
    assert shop
    client, nobody = signed_in(role), visitor()
    for method, path, body, action in CALLS:
        assert (_ask(client, method, path, body) != 403) is may(role, action), (method, path)
        assert _ask(nobody, method, path, body) == 401


@pytest.mark.parametrize("role", [Role.DEVELOPER, Role.MANAGER])
def test_tokens(by_token: Callable[[Role], Client], shop: Shop, role: Role) -> None:
    """A token may do what its person may, where the person may have tokens at all."""
    assert shop
    client = by_token(role)
    for method, path, body, action in CALLS:
        allowed = may(role, action) and may(role, Action.USE_API)
        assert (_ask(client, method, path, body) != 403) is allowed, (method, path)


def test_test_mode_cannot_be_turned_on(signed_in: Callable[..., Client], shop: Shop) -> None:
    """Neither the switch nor a sign-off of an open list goes through, not even for an administrator."""
    client = signed_in(Role.ADMINISTRATOR)

    switched = client.patch(f"{OF}/sync", {"automatic": True}, content_type="application/json")
    signed = client.post(f"{OF}/golive", {"note": "please"}, content_type="application/json")

    assert (switched.status_code, signed.status_code) == (409, 409)
    assert "test mode" in switched.json()["detail"]
    assert not sync.get("shop").live
    golive.sign_off("shop", by="ada", now=shop.app.now(), go_live_on=shop.app.now().date(), note="", shown="")
    on = client.patch(f"{OF}/sync", {"automatic": True}, content_type="application/json").json()
    assert (on["mode"], on["automatic"]) == ("live", True)
    assert on["decisions"][0]["by"] == "administrator (API)"
    assert client.delete(f"{OF}/golive").json()["mode"] == "test"


def test_a_back_fill_is_asked_for_and_stopped(signed_in: Callable[..., Client], shop: Shop) -> None:
    """It is answered at once, is shown with how far it came, and can be stopped once."""
    assert shop
    client = signed_in(Role.MANAGER)
    asked = client.post(f"{OF}/backfills", {"order_ids": ["#1", "#2"]}, content_type="application/json")
    assert asked.status_code == 202
    one = asked.json()

    assert client.get(f"{OF}/backfills").json()["back_fills"] == [one]
    assert client.post(f"{OF}/backfills/{one['id']}/stop").json()["state"] == "stopped"
    assert client.post(f"{OF}/backfills/{one['id']}/stop").status_code == 409
    assert client.get(f"/api/v1/accounts/closed/backfills/{one['id']}").status_code == 404
    assert (
        client.post(f"{OF}/backfills", {"since": "2990-01-01T00:00:00Z"}, content_type="application/json").status_code
        == 409
    )


def test_the_address_is_told_once(signed_in: Callable[..., Client], shop: Shop) -> None:
    """The answer that makes it holds it, with the topics; nothing else does."""
    assert shop
    client = signed_in(Role.ADMINISTRATOR)
    made = client.post(f"{OF}/hooks", {"base": "https://refunds.example.com"}, content_type="application/json").json()

    assert made["address"].startswith("https://refunds.example.com/hooks/shop/")
    assert made["topics"]
    assert made["address"].rsplit("/", 1)[1] not in client.get(f"{OF}/sync").content.decode()
    assert client.get(f"{OF}/sync").json()["has_hooks"]
    assert not client.delete(f"{OF}/hooks").json()["has_hooks"]
    refused = client.post(f"{OF}/hooks", {"base": "http://example.com"}, content_type="application/json")
    assert refused.status_code == 409
