"""The root of the command line: finds the verbs, opens Contrapost, and turns every fault into a sentence."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from contrapost.cli.say import EXIT_DONE, complain

VERBS = {
    "retrieve": "bring refunds from a store",
    "list": "list the refunds that are here",
    "show": "show one refund and what happened to it",
    "preview": "show what a refund would become in NetSuite, and why",
    "post": "post refunds to NetSuite",
    "reconcile": "compare a store's refunds with NetSuite, day by day",
    "cancel": "keep refunds and never act on them",
    "restore": "bring canceled refunds back; or go back to a backup",
    "waiting": "show what waits, for what and since when; look again",
    "errors": "show what holds refunds, by cause; try again",
    "accept": "let refunds give more than their bills still hold",
    "adopt": "link what was booked by hand, or say that it is booked elsewhere",
    "correct": "take back and book anew what changed after posting, or let it stand",
    "check": "look whether what was posted still stands in NetSuite as it did",
    "delete": "delete refunds that NetSuite knows nothing of",
    "accounts": "set up store accounts",
    "profile": "keep how an account is booked as a file; compare and import it",
    "golive": "test an account, sign it off, and let it go live",
    "sync": "say how an account is kept up by itself",
    "backfill": "bring refunds of the past, many at once",
    "netsuite": "set up NetSuite accounts",
    "people": "say who may sign in, and in which role",
    "web": "start the server for web and API",
    "worker": "start a worker beside the server",
    "backup": "write all that is kept here into one file",
    "upgrade": "bring the database to this release",
    "doctor": "check connections, permissions, clocks and mapping",
    "emulate": "start an emulated NetSuite or store on this machine",
    "demo": "see it work, with everything emulated on this machine",
}
"""The verbs, in the order a newcomer needs them; each is a file of this folder."""

_MODULES = {"list": "listing"}
_WITHOUT_ROWS = {"emulate", "web", "demo"}
"""Verbs that need no database, or open it in a way of their own."""


class _Verbs(click.Group):
    """Imports a verb's file when the verb is called, so that no verb waits for another's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in VERBS:
            return None
        if cmd_name not in _WITHOUT_ROWS:
            from contrapost.app import prepare

            prepare()
        command: click.Command = import_module(f"contrapost.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="contrapost")
def root() -> None:
    """Brings the refunds of eCommerce stores into NetSuite: the right records, once, to the cent.

    Every command takes --json. It exits with 0 when all that was asked is done, 1 when something needs attention, and
    2 when it was called wrongly.
    """


def main() -> None:
    """Runs the command line; nobody is ever shown a stack trace."""
    try:
        code = root.main(standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except Exception as fault:  # noqa: BLE001 - the last line before the person
        sys.exit(complain(fault))
    sys.exit(code if isinstance(code, int) else EXIT_DONE)
