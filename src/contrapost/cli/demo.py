"""`contrapost demo`: see it work, with everything emulated on this machine."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contrapost.cli.emulators import module_of
from contrapost.cli.say import end

if TYPE_CHECKING:
    from contrapost.web.serve import Server

HOST = "127.0.0.1"


@click.command(name="demo")
@click.option(
    "--home",
    envvar="CONTRAPOST_HOME",
    default=".contrapost-demo",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The demo's own folder; emptied at each start.",
)
@click.option("--port", default=8000, show_default=True, help="The port of the pages; if it is taken, a free one.")
@click.option("--once", is_flag=True, help="Only show the way of the refunds, here, and end.")
def command(home: Path, port: int, *, once: bool) -> None:
    """Start an emulated shop, an emulated NetSuite and the pages, and bring refunds from the one into the other."""
    from contrapost.demo.home import fresh_home
    from contrapost.demo.processes import emulator

    home = home.resolve()
    fresh_home(home)
    with ExitStack() as running:
        store = running.enter_context(emulator("shopify", module_of("shopify")))
        netsuite = running.enter_context(emulator("netsuite", module_of("netsuite")))
        server = _server(home, port)
        from contrapost.demo import story
        from contrapost.engine.worker import working

        done = story.tell(server.app, store, netsuite)
        if not once:
            story.invite(server.address, story.open_the_doors(server.app), home)
            with working(server.app):
                server.run()
    end(done=done)


def _server(home: Path, port: int) -> Server:
    from contrapost.web.serve import Server

    environment = {"CONTRAPOST_HOME": str(home)}
    try:
        return Server(environment, HOST, port)
    except OSError:
        return Server(environment, HOST, 0)
