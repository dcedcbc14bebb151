"""Who may do what through the API: every role, every route, by token and by session, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from contrapost.permissions import Role

if TYPE_CHECKING:
    from conftest import Shop

FILE = "contrapost_profile: 1\nrestock: never\n"
ASK: dict[str, Callable[..., tuple[str, str, object]]] = {
    "accounts": lambda _shop: ("GET", "/api/v1/accounts", None),
    "profile": lambda _shop: ("GET", "/api/v1/accounts/shop/profile", None),
    "compare": lambda _shop: ("POST", "/api/v1/accounts/shop/profile/diff", {"file": FILE}),
    "replace": lambda _shop: ("PUT", "/api/v1/accounts/shop/profile", {"file": FILE}),
    "check": lambda _shop: ("POST", "/api/v1/accounts/shop/check-posted", None),
    "list": lambda _shop: ("GET", "/api/v1/refunds", None),
    "show": lambda shop: ("GET", f"/api/v1/refunds/{shop.refund('1')}", None),
    "preview": lambda shop: ("GET", f"/api/v1/refunds/{shop.refund('1')}/preview", None),
    "retrieve": lambda _shop: ("POST", "/api/v1/accounts/shop/retrieve", {"order_ids": ["#1"]}),
    "post": lambda shop: ("POST", f"/api/v1/refunds/{shop.refund('1')}/post", None),
    "cancel": lambda shop: ("POST", f"/api/v1/refunds/{shop.refund('1')}/cancel", None),
    "restore": lambda shop: ("POST", f"/api/v1/refunds/{shop.canceled('1')}/restore", None),
    "accept": lambda shop: ("POST", f"/api/v1/refunds/{shop.refund('1')}/accept", {"reason": "kept happy"}),
    "adoptable": lambda shop: ("GET", f"/api/v1/refunds/{shop.refund('1')}/adoptable", None),
    "adopt": lambda shop: ("POST", f"/api/v1/refunds/{shop.refund('1')}/adopt", {"records": ["cashRefund:1"]}),
    "elsewhere": lambda shop: ("POST", f"/api/v1/refunds/{shop.refund('1')}/book-elsewhere", {"reason": "by hand"}),
    "release": lambda shop: ("POST", f"/api/v1/refunds/{shop.refund('1')}/release", None),
    "waiting": lambda _shop: ("GET", "/api/v1/waiting", None),
    "look": lambda _shop: ("POST", "/api/v1/accounts/shop/waiting/look", {}),
    "errors": lambda _shop: ("GET", "/api/v1/errors", None),
    "retry": lambda _shop: ("POST", "/api/v1/accounts/shop/errors/retry", {"code": "below_zero"}),
    "delete": lambda shop: ("DELETE", f"/api/v1/refunds/{shop.refund('1')}", None),
    "correction": lambda shop: ("GET", f"/api/v1/refunds/{shop.refund('1')}/correction", None),
    "correct": lambda shop: ("POST", f"/api/v1/refunds/{shop.refund('1')}/correction", {"way": "delete", "seen": "x"}),
    "drop": lambda shop: ("DELETE", f"/api/v1/refunds/{shop.refund('1')}/correction", None),
    "keep": lambda shop: ("POST", f"/api/v1/refunds/{shop.refund('1')}/keep", {"reason": "as it is"}),
    "compared": lambda _shop: ("GET", "/api/v1/accounts/shop/reconcile", None),
    "reconcile": lambda _shop: ("POST", "/api/v1/accounts/shop/reconcile", {"since": "2026-03-01"}),
}
YES, NO = True, False
ADMIN, MANAGER, DEVELOPER, READER = Role.ADMINISTRATOR, Role.MANAGER, Role.DEVELOPER, Role.READER
MAY: dict[str, set[Role]] = {
    "accounts": {ADMIN, MANAGER, DEVELOPER, READER},
    "profile": {ADMIN, MANAGER, DEVELOPER},
    "compare": {ADMIN, MANAGER, DEVELOPER},
    "replace": {ADMIN},
    "check": {ADMIN, MANAGER, DEVELOPER},
    "list": {ADMIN, MANAGER, DEVELOPER, READER},
    "show": {ADMIN, MANAGER, DEVELOPER, READER},
    "preview": {ADMIN, MANAGER, DEVELOPER, READER},
    "retrieve": {ADMIN, MANAGER, DEVELOPER},
    "post": {ADMIN, MANAGER, DEVELOPER},
    "cancel": {ADMIN, MANAGER, DEVELOPER},
    "restore": {ADMIN, MANAGER, DEVELOPER},
    "accept": {ADMIN},
    "adoptable": {ADMIN, MANAGER},
    "adopt": {ADMIN, MANAGER},
    "elsewhere": {ADMIN, MANAGER},
    "release": {ADMIN, MANAGER},
    "waiting": {ADMIN, MANAGER, DEVELOPER, READER},
    "look": {ADMIN, MANAGER, DEVELOPER},
    "errors": {ADMIN, MANAGER, DEVELOPER, READER},
    "retry": {ADMIN, MANAGER, DEVELOPER},
    "delete": {ADMIN, MANAGER},
    "correction": {ADMIN, MANAGER},
    "correct": {ADMIN, MANAGER},
    "drop": {ADMIN, MANAGER},
    "keep": {ADMIN, MANAGER},
    "compared": {ADMIN, MANAGER, DEVELOPER, READER},
    "reconcile": {ADMIN, MANAGER, DEVELOPER},
}
"""Who may ask for what, signed in to the web."""
WITH_TOKENS = {ADMIN, DEVELOPER}
"""Who may have tokens at all."""


def cells(among: set[Role]) -> list[tuple[Role, str, bool]]:
    """The table as a list of its cells; who is not among these may do nothing."""
    return [(role, what, role in MAY[what] and role in among) for role in Role for what in ASK]


def ask(client: Client, method: str, path: str, body: object) -> int:
    """Asks, and gives the status of the answer."""
    answer = client.generic(method, path, *_json(body))
    assert answer.status_code != 500, answer.content
    return answer.status_code


def _json(body: object) -> tuple[str, str]:
    import json

    return (json.dumps(body) if body is not None else "", "application/json")


@pytest.mark.parametrize(("role", "what", "may"), cells(set(Role)))
def test_by_session(signed_in: Callable[..., Client], shop: Shop, role: Role, what: str, *, may: bool) -> None:
    """A person who signed in to the web may do through the API what the web lets them."""
    status = ask(signed_in(role), *ASK[what](shop))

    assert (status != 403) is may, status
    assert status != 401


@pytest.mark.parametrize(("role", "what", "may"), cells(WITH_TOKENS))
def test_by_token(by_token: Callable[[Role], Client], shop: Shop, role: Role, what: str, *, may: bool) -> None:
    """A token may do what its person may, where the person may have tokens at all."""
    status = ask(by_token(role), *ASK[what](shop))

    assert (status != 403) is may, status
    assert status != 401


@pytest.mark.parametrize("what", ASK)
def test_by_nobody(visitor: Callable[..., Client], shop: Shop, what: str) -> None:
    """Who is not signed in may do nothing."""
    assert ask(visitor(), *ASK[what](shop)) == 401


@pytest.mark.parametrize(
    ("role", "may"), [(Role.ADMINISTRATOR, YES), (Role.MANAGER, YES), (Role.DEVELOPER, YES), (Role.READER, NO)]
)
def test_settings_of_accounts(signed_in: Callable[..., Client], shop: Shop, role: Role, *, may: bool) -> None:
    """Settings are shown to those who may see them, secrets to nobody."""
    assert shop
    answer = signed_in(role).get("/api/v1/accounts")
    for account in answer.json()["accounts"]:
        assert (account["settings"] is not None) is may
        assert (account["profile"] is not None) is may
    assert "hush" not in answer.content.decode()


def test_a_refusal_changes_nothing(signed_in: Callable[..., Client], shop: Shop) -> None:
    """What was refused was not done."""
    id_ = shop.refund("1")
    client = signed_in(Role.READER)

    client.post(f"/api/v1/refunds/{id_}/cancel")
    client.delete(f"/api/v1/refunds/{id_}")

    assert client.get(f"/api/v1/refunds/{id_}").json()["status"] == "imported"
