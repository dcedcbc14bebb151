"""Shopify: refunds of a shop, read through its Admin GraphQL API."""

from __future__ import annotations

from typing import cast

from contrapost.stores.contract import Connector, Store
from contrapost.stores.shopify.client import Client
from contrapost.stores.shopify.settings import SETTINGS, Settings, identity, read_settings
from contrapost.stores.shopify.store import ShopifyStore


def _connect(settings: object) -> Store:
    own = cast("Settings", settings)
    return ShopifyStore(own, Client(own))


CONNECTOR = Connector(
    name="shopify",
    label="Shopify",
    settings=SETTINGS,
    read_settings=read_settings,
    identity=lambda settings: identity(cast("Settings", settings)),
    connect=_connect,
)
