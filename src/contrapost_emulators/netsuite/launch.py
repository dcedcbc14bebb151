"""Starts the emulator and says on its first screen what it is."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from contrapost_emulators import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_SCREEN = """\
NetSuite emulator on {base}
Control plane       {base}/_emulator   (credentials, certificates, reset, seed, clock, faults, journal,
                    preferences, permissions, governance, suiteql-lag; what a person does: period-locks, workflow-locks,
                    void, edit-meanwhile, custom-fields; gateway)

Serves   REST records and transforms   {base}/services/rest/record/v1
         SuiteQL                       {base}/services/rest/query/v1/suiteql
         Metadata catalog              {base}/services/rest/record/v1/metadata-catalog
         Jobs of async and batches     {base}/services/rest/async/v1/job
         Limits of the account, time   {base}/services/rest/system/v1
         OAuth 2.0 tokens              {base}/services/rest/auth/oauth2/v1/token
         Sign in with a client certificate (OAuth 2.0) or token-based authentication (OAuth 1.0a).
Limits   Memory only; this machine only. Five requests at once, until the control plane says otherwise.
         No fulfilments (bills take stock out), no purchasing, no write-off of returned
         goods, no bins, no kits of numbered items, no groups within groups, no redeeming of gift certificates,
         no permissions but Override Period Restrictions, no scripts; workflows only lock records.
         Where NetSuite's own behaviour or wording is not known, the emulator chooses, and its tests say so ("chosen").
Stop with Ctrl-C.
"""


def serve(port: int) -> None:
    """Serve on a port of the loopback address (0: a free one) until interrupted."""
    from contrapost_emulators.netsuite.server import listen

    server, base = listen(port)
    sys.stdout.write(FIRST_SCREEN.format(base=base))
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


@click.command(help="Run the NetSuite emulator on this machine.")
@click.option("--port", type=click.IntRange(0, 65535), default=8082, show_default=True, help="0 takes a free port.")
@click.option("--attached", is_flag=True, help="End when standard input closes.")
def command(port: int, *, attached: bool) -> None:
    """Run the emulator from the command line."""
    if attached:
        end_with_parent()
    serve(port)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the emulator with the arguments of a command line."""
    command.main(args=list(argv) if argv is not None else None, prog_name="netsuite-emulator")
