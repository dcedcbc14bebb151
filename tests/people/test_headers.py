"""Every answer keeps to itself: nothing from other hosts, in no frame of theirs, and no address told to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver

from contrapost.permissions import Role


def addresses() -> list[str]:
    """Every address that takes no parameter, and some that do not exist."""
    found = [str(pattern.pattern) for pattern in get_resolver().url_patterns if not hasattr(pattern, "url_patterns")]
    nested = [
        str(one.pattern) for pattern in get_resolver().url_patterns for one in getattr(pattern, "url_patterns", ())
    ]
    plain = {f"/{path}" for path in [*found, *nested] if "<" not in path and not path.startswith("api/")}
    return sorted({*plain, "/", "/nowhere/", "/static/nothing.css", "/api/v1/refunds", "/api/v1/openapi.json"})


@pytest.mark.parametrize("path", addresses())
def test_on_every_page(signed_in: Callable[..., Client], visitor: Callable[..., Client], path: str) -> None:
    """Signed in or not, found or not, page or API."""
    for client in (visitor(), signed_in(Role.ADMINISTRATOR)):
        answer = client.get(path)

        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer.status_code < 500


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-out/", "/password/", "/welcome/"])
def test_nothing_inside_a_page_asks_another_host(signed_in: Callable[..., Client], path: str) -> None:
    """Pages of sign-in carry no script, no style inside them, and no address of another host."""
    text = signed_in(Role.READER).get(path).content.decode()

    assert "http://" not in text
    assert "https://" not in text
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text


def test_another_host_name_is_refused(visitor: Callable[..., Client]) -> None:
    """A page of another name that points here gets nothing."""
    assert visitor().get("/sign-in/", headers={"host": "evil.example"}).status_code == 400
    assert visitor().get("/api/v1/refunds", headers={"host": "evil.example"}).json()["status"] == 400
