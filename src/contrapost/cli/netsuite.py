"""`contrapost netsuite`: set up NetSuite accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from contrapost.cli.answer import opened, say_tried
from contrapost.cli.say import json_option, say_json
from contrapost.cli.settings import set_option

if TYPE_CHECKING:
    from contrapost.records.rows import NetSuiteRow


@click.group(name="netsuite")
def command() -> None:
    """Set up the NetSuite accounts that refunds are posted to."""


@command.command()
@click.argument("name")
@set_option
@json_option
def add(name: str, values: dict[str, str], *, as_json: bool) -> None:
    """Add NetSuite account NAME, and try it. `contrapost netsuite settings` lists the settings."""
    from contrapost import accounts

    say_tried(name, accounts.add_netsuite(opened(), name, values), as_json=as_json)


@command.command(name="set")
@click.argument("name")
@set_option
@json_option
def change(name: str, values: dict[str, str], *, as_json: bool) -> None:
    """Change settings of NetSuite account NAME, and try it. NAME= takes a setting away."""
    from contrapost import accounts

    say_tried(name, accounts.set_netsuite(opened(), name, values), as_json=as_json)


@command.command(name="list")
@json_option
def listing(*, as_json: bool) -> None:
    """List the NetSuite accounts; secrets are never shown."""
    opened()
    from contrapost.records import accounts

    rows = accounts.netsuites()
    if as_json:
        say_json([_shape(row) for row in rows])
        return
    for row in rows:
        click.echo(f"{row.name}  {row.settings.get('account_id', '')}  {row.settings.get('url', '')}".rstrip())
    if not rows:
        click.echo("No NetSuite accounts.")


@command.command()
@click.argument("name")
@json_option
def remove(name: str, *, as_json: bool) -> None:
    """Remove NetSuite account NAME; refused while store accounts are bound to it."""
    opened()
    from contrapost import accounts

    accounts.remove_netsuite(name)
    say_tried(name, (), as_json=as_json)


@command.command()
@json_option
def settings(*, as_json: bool) -> None:
    """List the settings of a NetSuite account, and where to find each."""
    from contrapost.netsuite.settings import FIELDS

    if as_json:
        say_json([{"name": name, "help": text} for name, text in FIELDS.items()])
        return
    for name, text in FIELDS.items():
        click.echo(f"{name:16} {text}")


def _shape(row: NetSuiteRow) -> dict[str, Any]:
    return {"name": row.name, "settings": dict(row.settings)}
