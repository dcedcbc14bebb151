"""An emulator of a Shopify shop: the Admin GraphQL API over orders that you give it, on Shopify's own schema."""

from contrapost_emulators.shopify.server import main, serve

__all__ = ["main", "serve"]
