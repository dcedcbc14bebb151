"""What the tests of the Shopify emulator share: a shop of its own, called without a network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from contrapost_emulators.shopify.shop import Shop
from contrapost_emulators.shopify.web import Application


@dataclass
class Desk:
    """A shop and how it is called."""

    shop: Shop
    client: Client

    def ask(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Any:
        """Asks a query with the fixed token and gives the whole answer."""
        return self.post(query, variables, **headers).get_json()

    def post(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Asks a query and gives the response."""
        sent = {"X-Shopify-Access-Token": self.shop.access_token} | headers
        body = {"query": query, "variables": variables or {}}
        return self.client.post("/admin/api/2026-10/graphql.json", json=body, headers=sent)

    def control(self, method: str, name: str, body: object = None) -> Any:
        """Calls the control plane."""
        text = None if body is None else json.dumps(body)
        return self.client.open(f"/_emulator/{name}", method=method, data=text).get_json()


@pytest.fixture
def desk() -> Desk:
    """A fresh shop."""
    shop = Shop()
    return Desk(shop, Client(Application(shop)))
