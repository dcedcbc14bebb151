"""The shop's webhooks: signed as Shopify signs them, and sent to addresses on this machine only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import urllib3

from contrapost_emulators.shopify.schema import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost_emulators.shopify.intake import Node

TOPICS = ("refunds/create", "orders/edited", "orders/updated", "order_transactions/create")
SECONDS = 5.0
"""Shopify waits so long for an answer."""
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class WebhookError(ValueError):
    """A webhook cannot be sent so."""


@dataclass
class Webhooks:
    """Who wants to be told what, and how many were sent."""

    subscriptions: list[tuple[str, str]] = field(default_factory=list)
    """Topic and address."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    _line: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "webhooks"))
    """Whoever changes an order does not wait for those who want to be told."""
    _on_their_way: list[Future[list[int]]] = field(default_factory=list)

    def subscribe(self, url: str, topics: Iterable[str]) -> None:
        """Tells this address of these topics from now on.

        Raises:
            WebhookError: there is no such topic, or the address is not on this machine.
        """
        wanted = list(topics)
        unknown = [topic for topic in wanted if topic not in TOPICS]
        if unknown:
            raise WebhookError(f"There is no topic {unknown[0]!r}; there is {', '.join(TOPICS)}")
        _check_loopback(url)
        self.subscriptions += [(topic, url) for topic in wanted if (topic, url) not in self.subscriptions]

    def tell(self, order: Node, *, domain: str, secret: str, now: str) -> None:
        """Tells everyone who wants to know that an order, and its refunds, are new or have changed; soon, in order."""
        for topic, url in self.subscriptions:
            for payload in payloads(order, topic):
                sending = partial(self.send, url, topic, payload, domain=domain, secret=secret, now=now)
                self._on_their_way.append(self._line.submit(sending))

    def arrive(self) -> None:
        """Waits until all that is on its way was answered, or was not."""
        wait(self._on_their_way)
        self._on_their_way.clear()

    def send(
        self,
        url: str,
        topic: str,
        payload: object,
        *,
        domain: str,
        secret: str,
        now: str,
        times: int = 1,
        id_: str = "",
    ) -> list[int]:
        """Sends one webhook, as often as asked, and gives the statuses that came back; 0 where nobody answered.

        Raises:
            WebhookError: the address is not on this machine.
        """
        _check_loopback(url)
        body = json.dumps(payload).encode()
        number = len(self.sent) + 1
        signed = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": domain,
            "X-Shopify-API-Version": VERSION,
            "X-Shopify-Webhook-Id": id_ or f"b54557e4-0000-4000-8000-{number:012}",
            "X-Shopify-Triggered-At": now,
            "X-Shopify-Hmac-Sha256": base64.b64encode(signed).decode(),
        }
        statuses = [_post(url, body, headers) for _ in range(times)]
        self.sent.append({"topic": topic, "id": headers["X-Shopify-Webhook-Id"], "statuses": statuses})
        return statuses


def payloads(order: Node, topic: str) -> list[dict[str, Any]]:
    """Gives what Shopify would send of an order under a topic: as much of it as tells which order it is."""
    number, changed = _number(order), order.get("updatedAt")
    refunds = order.get("refunds", [])
    if topic == "orders/updated":
        return [{"id": number, "admin_graphql_api_id": order["id"], "name": order["name"], "updated_at": changed}]
    if topic == "orders/edited":
        return [{"order_edit": {"id": number, "order_id": number, "committed_at": changed}}]
    if topic == "order_transactions/create":
        moved = [each for each in order.get("transactions", []) if each.get("kind") == "REFUND"]
        return [{"id": _number(each), "order_id": number, "kind": "refund"} for each in moved]
    return [
        {"id": _number(each), "order_id": number, "admin_graphql_api_id": each["id"], "created_at": each["createdAt"]}
        for each in refunds
    ]


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        return urllib3.request("POST", url, body=body, headers=headers, timeout=SECONDS, retries=False).status
    except urllib3.exceptions.HTTPError:
        return 0


def _number(node: Node) -> int:
    return int(str(node["id"]).rsplit("/", 1)[1])


def _check_loopback(url: str) -> None:
    if urlsplit(url).scheme not in {"http", "https"} or urlsplit(url).hostname not in _LOOPBACK:
        raise WebhookError(f"{url!r} is no address on this machine")
