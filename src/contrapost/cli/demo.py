"""`contrapost demo`: see it work, with everything emulated on this machine."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from contrapost.cli.emulators import module_of
from contrapost.cli.say import end


@click.command(name="demo")
@click.option(
    "--home",
    envvar="CONTRAPOST_HOME",
    default=".contrapost-demo",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The demo's own folder; emptied at each start.",
)
def command(home: Path) -> None:
    """Start an emulated shop and an emulated NetSuite, and bring refunds from the one into the other."""
    from contrapost.demo.processes import emulator
    from contrapost.demo.story import fresh_home, tell

    fresh_home(home.resolve())
    with ExitStack() as running:
        store = running.enter_context(emulator("shopify", module_of("shopify")))
        netsuite = running.enter_context(emulator("netsuite", module_of("netsuite")))
        done = tell(store, netsuite, home.resolve())
    end(done=done)
