"""Profiles through the API: exported, compared, and replaced as a whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contrapost.permissions import Role
from contrapost.records import accounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Shop
    from django.test import Client

PROFILE = "/api/v1/accounts/shop/profile"
HEAD = "contrapost_profile: 1\n"


@pytest.fixture
def client(by_token: Callable[[Role], Client], shop: Shop) -> Client:
    """An administrator's script; the NetSuite account cannot be reached."""
    assert shop
    return by_token(Role.ADMINISTRATOR)


def put(client: Client, **body: str) -> tuple[int, Any]:
    """Replaces the profile, and gives status and answer."""
    answer = client.put(PROFILE, body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_file_is_compared_and_taken_over(client: Client) -> None:
    """What the comparison shows is what the replacement does, and the file exported again is the same."""
    exported = client.get(PROFILE).json()
    file = HEAD + "cash_account.bank: '1091'\nrestock: never\n"
    shown = client.post(f"{PROFILE}/diff", {"file": file}, content_type="application/json").json()
    before = accounts.get("shop").profile
    status, done = put(client, file=file, seen=shown["fingerprint"])

    assert exported["profile"] == before == {"cash_account.bank": "1090"}
    assert shown["changes"] == [
        {"setting": "cash_account.bank", "before": "1090", "after": "1091"},
        {"setting": "restock", "before": None, "after": "never"},
    ]
    assert [one["code"] for one in shown["findings"]] == ["profile_not_compared"]
    assert (shown["applied"], status, done["applied"]) == (False, 200, True)
    assert accounts.get("shop").profile == {"cash_account.bank": "1091", "restock": "never"}
    assert put(client, file=client.get(PROFILE).json()["file"])[1]["changes"] == []


def test_a_wrong_file_changes_nothing(client: Client) -> None:
    """Each wrong line is named, with what to do, and nothing of the file is taken."""
    status, said = put(client, file=HEAD + "period: hold\nrestock: sometimes\ncolour: blue\n")

    assert (status, said["code"]) == (409, "profile_refused")
    assert {error["field"] for error in said["errors"]} == {"restock", "colour"}
    assert all(error["reason"].startswith(("Line 3", "Line 4")) for error in said["errors"])
    assert put(client, file="- a list")[1]["errors"][0]["field"] == "line 1"
    assert accounts.get("shop").profile == {"cash_account.bank": "1090"}


def test_a_profile_that_changed_is_not_replaced(client: Client) -> None:
    """Who compared with an older profile is told so, and nothing is changed."""
    seen = client.get(PROFILE).json()["fingerprint"]
    put(client, file=HEAD + "restock: never\n")
    status, said = put(client, file=HEAD + "period: hold\n", seen=seen)

    assert (status, said["code"]) == (409, "refused")
    assert "was changed since" in said["detail"]
    assert accounts.get("shop").profile == {"restock": "never"}


def test_an_account_that_is_not_there(client: Client) -> None:
    """It is said as for every other route."""
    for method, path in (("get", ""), ("post", "/diff"), ("put", "")):
        answer = client.generic(
            method.upper(), f"/api/v1/accounts/nobody/profile{path}", '{"file": "x"}', "application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
