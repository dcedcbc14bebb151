"""`contrapost emulate`: start an emulated NetSuite or store on this machine."""

from __future__ import annotations

import subprocess
import sys

import click

from contrapost.cli.emulators import emulator_names, module_of


@click.command(name="emulate")
@click.argument("system", type=click.Choice(emulator_names()))
@click.option("--port", default=0, show_default="a free one", type=click.IntRange(0, 65535), help="The port to use.")
def command(system: str, port: int) -> None:
    """Start an emulated SYSTEM on this machine, as a process of its own; it ends with Ctrl+C."""
    call = [sys.executable, "-m", module_of(system), "--port", str(port)]
    with subprocess.Popen(call) as process:  # noqa: S603 - our own module
        try:
            code = process.wait()
        except KeyboardInterrupt:
            code = process.wait()
    raise click.exceptions.Exit(code)
