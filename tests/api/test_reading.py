"""What the API lists and shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.test import Client

from contrapost.api import again, sync, v1
from contrapost.permissions import Role

if TYPE_CHECKING:
    from conftest import Shop


def test_pages_of_a_list(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """Following the cursor gives every refund once, and the last page has none."""
    ids = [shop.refund(str(number)) for number in range(5)]
    client, seen, cursor = by_token(Role.DEVELOPER), [], ""
    while True:
        page = client.get(f"/api/v1/refunds?limit=2&cursor={cursor}").json()
        seen += [refund["id"] for refund in page["refunds"]]
        cursor = page["cursor"]
        if cursor is None:
            break

    assert sorted(seen) == sorted(ids)


def test_filters(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """Account, status, order and time each narrow the list."""
    kept, canceled = shop.refund("1"), shop.canceled("2")
    client = by_token(Role.DEVELOPER)

    def listed(query: str) -> list[int]:
        return [refund["id"] for refund in client.get(f"/api/v1/refunds?{query}").json()["refunds"]]

    assert listed("account=shop&order=1") == [kept]
    assert listed("order=%231") == [kept]
    assert listed("status=canceled") == [canceled]
    assert sorted(listed("status=canceled&status=imported")) == sorted([kept, canceled])
    assert listed("since=2026-03-01T12:00:01Z") == []
    assert sorted(listed("since=2026-03-01T13:00:00%2B01:00")) == sorted([kept, canceled])
    assert listed("account=closed") == []


def test_a_refund_shown(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """A refund comes with its history, which names who did what through the API."""
    id_ = shop.refund("1")
    client = by_token(Role.DEVELOPER)
    client.post(f"/api/v1/refunds/{id_}/cancel")

    shown = client.get(f"/api/v1/refunds/{id_}").json()

    assert shown["total"] == {"amount": "10.00", "currency": "USD"}
    assert [(entry["event"], entry["by"]) for entry in shown["history"]] == [
        ("retrieved", "poll"),
        ("canceled", "developer (API)"),
    ]


def test_deleting(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """What was deleted is gone, and its answer is empty."""
    id_ = shop.refund("1")
    client = by_token(Role.ADMINISTRATOR)

    gone = client.delete(f"/api/v1/refunds/{id_}")

    assert (gone.status_code, gone.content) == (204, b"")
    assert client.get(f"/api/v1/refunds/{id_}").status_code == 404


def test_the_document(visitor: Callable[..., Client]) -> None:
    """The OpenAPI document is for everyone; there is no page beside it that asks other hosts."""
    document = visitor().get("/api/v1/openapi.json").json()

    routes = [path for router in (v1.router, again.router, sync.router) for path in router.path_operations]
    assert set(document["paths"]) == {f"/api/v1{path}" for path in routes}
    assert visitor().get("/api/v1/docs").status_code == 404
