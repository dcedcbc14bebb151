"""What the API says when something is wrong: always a problem of RFC 9457, with field and reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from contrapost import flow
from contrapost.permissions import Role
from contrapost.records import queries

if TYPE_CHECKING:
    from conftest import Shop

JSON = "application/json"
SHAPE = {"type", "title", "status", "detail", "code", "fix", "errors"}


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem that an answer tells."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert set(said) == SHAPE
    assert said["status"] == status
    assert said["detail"]
    assert "Traceback" not in str(said)
    return said


def wrong_fields(answer: Any) -> dict[str, str]:
    """Field and reason of each that is wrong."""
    return {error["field"]: error["reason"] for error in problem(answer, 422)["errors"]}


def test_nobody(visitor: Callable[..., Client]) -> None:
    """Who sends no token is told how to."""
    answer = visitor().get("/api/v1/refunds")

    assert "Bearer" in problem(answer, 401)["detail"]
    assert answer["WWW-Authenticate"] == 'Bearer realm="Contrapost"'


def test_not_allowed(by_token: Callable[[Role], Client]) -> None:
    """Who may not is told their role."""
    said = problem(by_token(Role.READER).get("/api/v1/refunds"), 403)

    assert "Read-only" in said["detail"]


@pytest.mark.parametrize("path", ["/api/v1/refunds/999", "/api/v1/refunds/999/preview"])
def test_no_such_refund(by_token: Callable[[Role], Client], path: str) -> None:
    """A refund that is not there is named."""
    assert "999" in problem(by_token(Role.DEVELOPER).get(path), 404)["detail"]


def test_no_such_account(by_token: Callable[[Role], Client]) -> None:
    """An account that is not there is named."""
    answer = by_token(Role.DEVELOPER).post(
        "/api/v1/accounts/nowhere/retrieve", {"order_ids": ["#1"]}, content_type=JSON
    )

    assert "nowhere" in problem(answer, 404)["detail"]


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v2/refunds"])
def test_no_such_address(visitor: Callable[..., Client], path: str) -> None:
    """An address that is none is answered in JSON too."""
    assert problem(visitor().get(path), 404)["code"] == "not_found"


def test_wrong_method(by_token: Callable[[Role], Client]) -> None:
    """The answer names the methods there are."""
    answer = by_token(Role.DEVELOPER).put("/api/v1/refunds")

    problem(answer, 405)
    assert answer["Allow"] == "GET"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"order_ids": ["#1"], "since": "2026-01-01T00:00:00Z"}, ""),
        ({"order_ids": ["#1"], "until": "2026-01-01T00:00:00Z"}, ""),
        ({"until": "2026-01-01T00:00:00Z"}, ""),
        ({"order_ids": []}, "order_ids"),
        ({"order_ids": None}, "order_ids"),
        ({"order_ids": [1]}, "order_ids.0"),
        ({"order_ids": ["a\u0000b"]}, "order_ids.0"),
        ({"order_ids": "#1"}, "order_ids"),
        ({"order_ids": ["#1"] * 251}, "order_ids"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-01-01"}, "since"),
        ({"since": 0}, "since"),
        ({"since": "0000-01-01T00:00:00Z"}, "since"),
        ({"order_ids": ["#1"], "sinse": "2026-01-01T00:00:00Z"}, "sinse"),
        ([], ""),
        ('"#1"', ""),
    ],
)
def test_wrong_body(by_token: Callable[[Role], Client], shop: Shop, body: object, field: str) -> None:
    """A wrong body is refused with field and reason, and nothing is retrieved."""
    assert shop
    answer = by_token(Role.DEVELOPER).post("/api/v1/accounts/shop/retrieve", body, content_type=JSON)

    fields = wrong_fields(answer)
    assert list(fields) == [field]
    assert fields[field]


def test_a_body_that_is_no_json(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """What cannot be read is said to be so."""
    assert shop
    answer = by_token(Role.DEVELOPER).post("/api/v1/accounts/shop/retrieve", '{"order_ids": [', content_type=JSON)

    problem(answer, 400)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=x", "limit"),
        ("status=lost", "status.0"),
        ("since=now", "since"),
        ("cursor=%00", "cursor"),
        ("cursor=abcd", "cursor"),
        ("order=%00", "order"),
        ("acount=shop", "acount"),
    ],
)
def test_wrong_query(by_token: Callable[[Role], Client], query: str, field: str) -> None:
    """A wrong part of the query is named; one that is unknown too, for it would ask for something else."""
    assert list(wrong_fields(by_token(Role.DEVELOPER).get(f"/api/v1/refunds?{query}"))) == [field]


@pytest.mark.parametrize("wait", ["-1", "31", "x"])
def test_wrong_wait(by_token: Callable[[Role], Client], shop: Shop, wait: str) -> None:
    """Nobody waits longer than half a minute."""
    id_ = shop.refund("1")

    answer = by_token(Role.DEVELOPER).post(f"/api/v1/refunds/{id_}/post?wait={wait}", content_type=JSON)

    assert list(wrong_fields(answer)) == ["wait"]


@pytest.mark.parametrize("id_", ["0", "-1", "x", "9223372036854775808"])
def test_wrong_id(by_token: Callable[[Role], Client], id_: str) -> None:
    """An id that cannot be one is refused before anything is looked for."""
    answer = by_token(Role.DEVELOPER).get(f"/api/v1/refunds/{id_}")

    assert list(wrong_fields(answer)) == ["id_"]


def test_what_may_not_happen(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """Restoring what is not canceled is a conflict, said in words."""
    id_ = shop.refund("1")

    answer = by_token(Role.DEVELOPER).post(f"/api/v1/refunds/{id_}/restore")

    assert "not canceled" in problem(answer, 409)["detail"]


def test_posting_what_is_canceled(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """A canceled refund is not posted, and the answer says what to do."""
    answer = by_token(Role.DEVELOPER).post(f"/api/v1/refunds/{shop.canceled('1')}/post", content_type=JSON)

    said = problem(answer, 409)
    assert said["code"] == "canceled"
    assert "Restore" in said["fix"]


def test_posting_what_changed(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """Another preview than the one that was seen is not posted."""
    id_ = shop.refund("1")

    answer = by_token(Role.DEVELOPER).post(f"/api/v1/refunds/{id_}/post", {"seen": "another"}, content_type=JSON)

    assert problem(answer, 409)["code"] == "changed_since_seen"


def test_a_store_that_does_not_answer(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """Trouble with the store is a 502 that says what to do."""
    assert shop
    answer = by_token(Role.DEVELOPER).post("/api/v1/accounts/closed/retrieve", {"order_ids": ["#1"]}, content_type=JSON)

    assert problem(answer, 502)["fix"]


@pytest.mark.parametrize(("method", "what"), [("GET", "preview"), ("POST", "post")])
def test_a_netsuite_that_does_not_answer(
    by_token: Callable[[Role], Client], shop: Shop, method: str, what: str
) -> None:
    """Trouble with NetSuite is a 502 that says what to do."""
    answer = by_token(Role.DEVELOPER).generic(method, f"/api/v1/refunds/{shop.refund('1')}/{what}")

    assert problem(answer, 502)["code"].startswith("netsuite_")


def test_an_account_that_is_not_set_up(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """What is missing in the settings is said."""
    assert shop
    answer = by_token(Role.DEVELOPER).post("/api/v1/accounts/shop/retrieve", {"order_ids": ["#1"]}, content_type=JSON)

    assert "myshopify.com" in problem(answer, 409)["fix"]


def test_a_fault_of_ours(
    by_token: Callable[[Role], Client], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw shows no stack trace, and says nothing of what went wrong inside."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret inner words")

    monkeypatch.setattr(queries, "listing", fail)

    answer = by_token(Role.DEVELOPER).get("/api/v1/refunds")

    problem(answer, 500)
    assert "secret" not in answer.content.decode()
    del caplog


def test_a_fault_of_a_post(by_token: Callable[[Role], Client], shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the thread that posts reaches who waits, as a 500."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret inner words")

    monkeypatch.setattr(flow, "post", fail)

    answer = by_token(Role.DEVELOPER).post(f"/api/v1/refunds/{shop.refund('1')}/post", content_type=JSON)

    assert problem(answer, 500)["status"] == 500
    assert "secret" not in answer.content.decode()


def test_a_session_needs_the_proof_of_its_page(signed_in: Callable[..., Client], shop: Shop) -> None:
    """A foreign page cannot act with somebody's session: reading works, acting needs the header."""
    id_ = shop.refund("1")
    client = signed_in(Role.MANAGER)
    client.handler.enforce_csrf_checks = True

    assert client.get("/api/v1/refunds").status_code == 200
    assert problem(client.post(f"/api/v1/refunds/{id_}/cancel"), 403)["code"] == "csrf"

    page = client.get("/sign-out/").content.decode()
    proof = page.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.post(f"/api/v1/refunds/{id_}/cancel", headers={"x-csrftoken": proof}).status_code == 200


def test_a_hostile_name_comes_back_as_it_was(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """What a store calls an order is data, whatever it looks like."""
    name = "#1<script>alert('1')</script>\u202e"
    id_ = shop.refund("1", order_name=name)

    answer = by_token(Role.DEVELOPER).get(f"/api/v1/refunds/{id_}")

    assert answer.json()["order_name"] == name
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
