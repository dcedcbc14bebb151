"""`contrapost emulate`: start an emulated NetSuite or store on this machine."""

from __future__ import annotations

import os
import sys

import click

from contrapost.cli.emulators import emulator_names, module_of


@click.command(name="emulate")
@click.argument("system", type=click.Choice(emulator_names()))
@click.option("--port", default=0, show_default="a free one", type=click.IntRange(0, 65535), help="The port to use.")
def command(system: str, port: int) -> None:
    """Start an emulated SYSTEM on this machine, in place of this process; it ends with Ctrl+C."""
    os.execv(sys.executable, [sys.executable, "-m", module_of(system), "--port", str(port)])  # noqa: S606 - our own module
