"""What a webhook of Shopify tells, and which ones are refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrapost.refunds.finding import Finding
from contrapost.stores.contract import Hook, Told
from contrapost.stores.shopify.settings import Settings
from contrapost.stores.shopify.webhooks import TOPICS, read_hook

SECRET = "shpss_1"
OWN = Settings(shop="northlight.myshopify.com", url="https://northlight.myshopify.com", client_secret=SECRET)


def _hook(body: bytes, *, topic: str = "refunds/create", secret: str = SECRET, **headers: str) -> Hook:
    signed = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    own = {
        "x-shopify-hmac-sha256": signed,
        "x-shopify-shop-domain": OWN.shop,
        "x-shopify-topic": topic,
        "x-shopify-webhook-id": "one",
    }
    return Hook(headers={**own, **headers}, body=body)


@pytest.mark.parametrize(
    ("topic", "payload", "order"),
    [
        ("refunds/create", {"id": 9, "order_id": 450789469}, "450789469"),
        ("orders/updated", {"id": 450789469, "name": "#1001"}, "450789469"),
        ("orders/edited", {"order_edit": {"id": 1, "order_id": 450789469}}, "450789469"),
        ("returns/approve", {"id": 7, "order": {"id": 450789469}}, "450789469"),
        ("products/update", {"id": 7}, ""),
        ("refunds/create", {"order_id": "450789469 OR 1"}, ""),
        ("refunds/create", {"order_id": True}, ""),
        ("refunds/create", [450789469], ""),
    ],
)
def test_the_order_it_is_about(topic: str, payload: object, order: str) -> None:
    """Each topic names its order in a place of its own; a number only is taken for one."""
    told = read_hook(OWN, _hook(json.dumps(payload).encode(), topic=topic))

    assert told == Told(topic=topic, order_id=order, delivery_id="one")


@pytest.mark.parametrize(
    "changed",
    [
        {"x-shopify-hmac-sha256": ""},
        {"x-shopify-hmac-sha256": "ü"},
        {"x-shopify-shop-domain": "other.myshopify.com"},
        {"x-shopify-shop-domain": ""},
        {"x-shopify-topic": ""},
    ],
)
def test_one_that_is_not_ours_is_refused(changed: dict[str, str]) -> None:
    """Without the signature, the shop or a topic it is not taken."""
    refused = read_hook(OWN, _hook(b"{}", **changed))

    assert isinstance(refused, Finding)
    assert refused.code == "hook_refused"


def test_without_a_secret_nothing_is_taken() -> None:
    """An account that could verify nothing says which setting it lacks."""
    bare = Settings(shop=OWN.shop, url=OWN.url, access_token="shpat_1")
    refused = read_hook(bare, _hook(b"{}", secret=""))

    assert isinstance(refused, Finding)
    assert refused.code == "hook_secret_missing"


@given(st.binary(max_size=60), st.text(max_size=20))
def test_no_junk_raises(body: bytes, text: str) -> None:
    """Whatever is sent is told or refused; nothing is taken without its signature."""
    assert isinstance(read_hook(OWN, _hook(body, topic=text or "x")), Told)
    assert isinstance(read_hook(OWN, _hook(body, **{"x-shopify-hmac-sha256": text})), Finding)
    assert TOPICS
