"""`contrapost accounts`: set up store accounts."""

from __future__ import annotations

from typing import Any

import click

from contrapost.cli.answer import opened, say_tried
from contrapost.cli.say import json_option, say_json
from contrapost.cli.settings import set_option
from contrapost.shapes import account_shape


@click.group(name="accounts")
def command() -> None:
    """Set up the store accounts that refunds come from, and how they are booked."""


@command.command()
@click.argument("connector")
@click.argument("name")
@set_option
@json_option
def add(connector: str, name: str, values: dict[str, str], *, as_json: bool) -> None:
    """Add account NAME of CONNECTOR, and try it. `contrapost accounts settings CONNECTOR` lists the settings."""
    from contrapost import accounts

    say_tried(name, accounts.add(opened(), connector, name, values), as_json=as_json)


@command.command(name="set")
@click.argument("name")
@set_option
@json_option
def change(name: str, values: dict[str, str], *, as_json: bool) -> None:
    """Change settings of account NAME, and try it. NAME= takes a setting away."""
    from contrapost import accounts

    say_tried(name, accounts.change(opened(), name, values), as_json=as_json)


@command.command(name="list")
@json_option
def listing(*, as_json: bool) -> None:
    """List the accounts; secrets are never shown."""
    opened()
    from contrapost.records import accounts

    rows = accounts.listing()
    if as_json:
        say_json([account_shape(row, settings=True) for row in rows])
        return
    for row in rows:
        click.echo(f"{row.name}  {row.connector}  {row.identity}  -> NetSuite {row.netsuite}")
    if not rows:
        click.echo("No accounts.")


@command.command()
@click.argument("name")
@json_option
def show(name: str, *, as_json: bool) -> None:
    """Show the settings of account NAME; secrets are never shown."""
    opened()
    from contrapost.records import accounts

    shape = account_shape(accounts.get(name), settings=True)
    if as_json:
        say_json(shape)
        return
    for setting, value in {**shape["settings"], **shape["profile"]}.items():
        click.echo(f"{setting}={value}")


@command.command()
@click.argument("name")
@json_option
def remove(name: str, *, as_json: bool) -> None:
    """Remove account NAME; refused while its refunds are here."""
    opened()
    from contrapost import accounts

    accounts.remove(name)
    say_tried(name, (), as_json=as_json)


@command.command()
@click.argument("connector")
@json_option
def settings(connector: str, *, as_json: bool) -> None:
    """List the settings of CONNECTOR's accounts: the connection's, then those that decide the booking."""
    from contrapost.mapping.profile import SETTINGS
    from contrapost.stores.discovery import connector as connector_of

    shapes: list[dict[str, Any]] = [
        {"name": one.name, "help": one.help, "secret": one.secret, "default": one.default}
        for one in connector_of(connector).settings
    ]
    shapes.append({"name": "netsuite", "help": "The NetSuite account it is bound to; not needed while there is one."})
    shapes += [{"name": one.name, "help": one.help, "default": one.default} for one in SETTINGS]
    if as_json:
        say_json(shapes)
        return
    for shape in shapes:
        default = f" Default: {shape['default']}." if shape.get("default") else ""
        click.echo(f"{shape['name']:20} {shape['help']}{default}")
