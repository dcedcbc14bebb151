"""Shopify's webhooks: verified by their signature, then read for the order that they are about. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from contrapost.refunds.finding import Finding, error
from contrapost.stores.contract import Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contrapost.stores.contract import Hook
    from contrapost.stores.shopify.settings import Settings

TOPICS = ("refunds/create", "orders/edited", "orders/updated", "order_transactions/create")
WHERE = (
    "In the shop's admin: Settings, Notifications, Webhooks, Create webhook, once for each topic, format JSON; then"
    " give the key shown on that page as webhook_secret. Or let the app subscribe to the topics "
    "(webhookSubscriptionCreate, or its shopify.app.toml): then its client secret signs them."
)
_ABOUT_ORDERS = "orders/"


def read_hook(settings: Settings, hook: Hook) -> Told | Finding:
    """Verifies that Shopify sent this for this shop, and says which order it is about."""
    secrets = [secret for secret in (settings.webhook_secret, settings.client_secret) if secret]
    if not secrets:
        return error(
            "hook_secret_missing",
            f"Webhooks of {settings.shop} cannot be verified: there is neither client_secret nor webhook_secret.",
            fix="Give the one that signs them in the account's settings.",
        )
    if not any(_is_signed(hook, secret) for secret in secrets):
        return _refused("its signature is not one of this shop's")
    shop = hook.headers.get("x-shopify-shop-domain", "").lower()
    if shop != settings.shop:
        return _refused(f"it is of {shop or 'no shop'}, not of {settings.shop}")
    topic = hook.headers.get("x-shopify-topic", "")
    if not topic:
        return _refused("it names no topic")
    delivery = hook.headers.get("x-shopify-webhook-id", "")
    return Told(topic=topic, order_id=_order_in(hook.body, topic), delivery_id=delivery[:200])


def _is_signed(hook: Hook, secret: str) -> bool:
    ours = base64.b64encode(hmac.new(secret.encode(), hook.body, hashlib.sha256).digest())
    return hmac.compare_digest(ours, hook.headers.get("x-shopify-hmac-sha256", "").encode("utf-8", "replace"))


def _order_in(body: bytes, topic: str) -> str:
    """Finds the number of the order in a payload; empty where it names none."""
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    named = (said.get("order_id"), _within(said, "order_edit", "order_id"), _within(said, "order", "id"))
    found = next((each for each in named if each), said.get("id") if topic.startswith(_ABOUT_ORDERS) else None)
    return str(found) if isinstance(found, int) and not isinstance(found, bool) and found > 0 else ""


def _within(said: Mapping[str, Any], part: str, name: str) -> object:
    inner = said.get(part)
    return inner.get(name) if isinstance(inner, dict) else None


def _refused(why: str) -> Finding:
    return error(
        "hook_refused", f"A webhook was refused: {why}.", fix="Check who sends it, and the secret it signs with."
    )
