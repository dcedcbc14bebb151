"""Starts the emulator as its own process, for this machine only."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click
from werkzeug.serving import make_server

from contrapost_emulators import KeepsOpen, end_with_parent
from contrapost_emulators.shopify.bucket import RATES, Bucket
from contrapost_emulators.shopify.control import LIMITS
from contrapost_emulators.shopify.schema import VERSION, schema
from contrapost_emulators.shopify.shop import SCOPES, Shop
from contrapost_emulators.shopify.web import Application

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.serving import BaseWSGIServer

HOST = "127.0.0.1"


class _Handler(KeepsOpen):
    """Keeps connections open, and keeps quiet."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Says nothing: the journal tells what was asked."""


def make(port: int, shop: Shop) -> BaseWSGIServer:
    """Makes a server on this port of the loopback; port 0 takes a free one."""
    schema()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return make_server(HOST, port, Application(shop), threaded=True, request_handler=_Handler)


def serve(port: int, shop: Shop | None = None) -> None:
    """Serves one emulated shop until it is interrupted."""
    shop = shop or Shop()
    server = make(port, shop)
    click.echo(first_screen(server.server_port, shop))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def first_screen(port: int, shop: Shop) -> str:
    """Says where the emulator is, what it serves, and what it does not."""
    url = f"http://{HOST}:{port}"
    lines = [
        f"Shopify emulator for {shop.domain} at {url}",
        f"  GraphQL        POST {url}/admin/api/{VERSION}/graphql.json   (X-Shopify-Access-Token: {shop.access_token})",
        f"  tokens         POST {url}/admin/oauth/access_token   (client credentials)",
        f"  control plane  GET  {url}/_emulator/   (credentials, orders, seed, reset, clock, faults, journal)",
        f"  points         {shop.bucket.maximum:g}, {shop.bucket.rate:g} come back each second",
        "  limits         " + "\n                 ".join(LIMITS),
    ]
    return "\n".join(lines)


@click.command(help="An emulator of a Shopify shop, on this machine only.")
@click.option("--port", default=0, show_default="a free one", help="The port to listen on.")
@click.option("--shop", "domain", default=Shop.domain, show_default=True, help="The shop's myshopify domain.")
@click.option("--currency", default="USD", show_default=True, help="The shop's currency.")
@click.option("--timezone", default="America/New_York", show_default=True, help="The shop's time zone.")
@click.option(
    "--plan", type=click.Choice(list(RATES)), default="standard", show_default=True, help="How fast points come back."
)
@click.option("--scopes", default=",".join(SCOPES), show_default=True, help="What the app may read.")
@click.option("--attached", is_flag=True, help="End when standard input closes.")
def _command(port: int, domain: str, currency: str, timezone: str, plan: str, scopes: str, *, attached: bool) -> None:
    if attached:
        end_with_parent()
    allowed = tuple(each.strip() for each in scopes.split(",") if each.strip())
    shop = Shop(domain=domain, currency=currency, timezone=timezone, scopes=allowed, bucket=Bucket(RATES[plan]))
    serve(port, shop)


def main(argv: Sequence[str] | None = None) -> None:
    """Starts the emulator from the command line."""
    _command.main(args=list(argv) if argv is not None else None, prog_name="contrapost_emulators.shopify")
