"""`contrapost web`: the server for web and API."""

from __future__ import annotations

from contextlib import nullcontext
from urllib.parse import urlsplit

import click

from contrapost.netsuite.settings import LOOPBACK


@click.command(name="web")
@click.option("--host", default="127.0.0.1", show_default=True, help="The network interface to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 for a free one.")
@click.option(
    "--address",
    envvar="CONTRAPOST_ADDRESS",
    default="",
    metavar="URL",
    help="Where people reach it, if a proxy stands before it: https://refunds.example.com.",
)
@click.option(
    "--worker/--no-worker",
    default=True,
    show_default=True,
    help="Whether this process works too: without, start `contrapost worker` beside it.",
)
def command(host: str, port: int, address: str, *, worker: bool) -> None:
    """Start the server. It ends with Ctrl+C; posts under way are finished first."""
    _check(host, address)
    from contrapost.app import log_form
    from contrapost.cli.running import sent_where_asked
    from contrapost.log import say, write
    from contrapost.web.serve import Server, first_link

    write(log_form())
    server = Server(None, host, port, address.rstrip("/"))
    from contrapost.engine.worker import working  # the rows can be imported only once it is said where they are

    click.echo(f"Contrapost listens at {server.address}")
    link = first_link(server)
    if link:
        click.echo(f"Nobody can sign in yet. Open this once, within 24 hours, to become the administrator:\n{link}")
    say("web started", address=server.address)
    with sent_where_asked(server.watch), working(server.app) if worker else nullcontext():
        server.run()
    say("web stopped")


def _check(host: str, address: str) -> None:
    parts = urlsplit(address)
    if address and (not parts.hostname or parts.scheme not in {"http", "https"} or parts.path.strip("/")):
        raise click.UsageError(f"{address!r} is no address of a server. Write it as https://refunds.example.com.")
    if address and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise click.UsageError("Passwords must not cross a network in clear: --address must begin with https://.")
    if host not in LOOPBACK and not address:
        raise click.UsageError(
            "A server that others reach needs a proxy that speaks TLS before it. Say with --address where people "
            "reach it: https://refunds.example.com."
        )
