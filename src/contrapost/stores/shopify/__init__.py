"""Shopify: refunds of a shop, read through its Admin GraphQL API."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from contrapost.stores.contract import Connector, Hooks, Store
from contrapost.stores.shopify.client import Client
from contrapost.stores.shopify.settings import SETTINGS, Settings, identity, read_settings
from contrapost.stores.shopify.store import ShopifyStore
from contrapost.stores.shopify.webhooks import TOPICS, WHERE, read_hook

if TYPE_CHECKING:
    from contrapost.refunds.finding import Finding
    from contrapost.stores.contract import Hook, Told


def _connect(settings: object) -> Store:
    own = cast("Settings", settings)
    return ShopifyStore(own, Client(own))


def _read_hook(settings: object, hook: Hook) -> Told | Finding:
    return read_hook(cast("Settings", settings), hook)


CONNECTOR = Connector(
    name="shopify",
    label="Shopify",
    settings=SETTINGS,
    read_settings=read_settings,
    identity=lambda settings: identity(cast("Settings", settings)),
    connect=_connect,
    hooks=Hooks(read=_read_hook, topics=TOPICS, where=WHERE),
)
