"""`contrapost netsuite`: set up NetSuite accounts."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contrapost.cli.answer import opened, say_tried
from contrapost.cli.say import json_option, say_json
from contrapost.cli.settings import set_option
from contrapost.netsuite.certificate import DEFAULT_KEY, KEYS, LONGEST_DAYS, keep, make

if TYPE_CHECKING:
    from contrapost.netsuite.certificate import Kept
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


def _file_name(context: click.Context, option: click.Parameter, given: str) -> str:
    del context, option
    if not re.fullmatch(r"\w[\w .-]{0,63}", given):
        raise click.BadParameter(f"{given!r} cannot be one: up to 64 letters, digits, spaces, dots and hyphens.")
    return given


@command.command()
@click.option(
    "--name",
    default="contrapost",
    show_default=True,
    callback=_file_name,
    help="What NetSuite shows it as; names the files.",
)
@click.option("--key", "kind", type=click.Choice(list(KEYS)), default=DEFAULT_KEY, show_default=True, help="Its key.")
@click.option(
    "--days", type=click.IntRange(1, LONGEST_DAYS), default=LONGEST_DAYS, show_default=True, help="How long it lasts."
)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the two files. [default: certificates in CONTRAPOST_HOME]",
)
@json_option
def certificate(name: str, kind: str, days: int, folder: Path | None, *, as_json: bool) -> None:
    """Make a key and a certificate to sign in to NetSuite with, in two files, and say what to do with them."""
    from contrapost.app import home_of

    made = make(kind, name=name, days=days, now=datetime.now(UTC))
    try:
        kept = keep(made, folder.expanduser().resolve() if folder else home_of() / "certificates", name)
    except FileExistsError as there:
        raise click.BadParameter(f"{there.filename} is there already; take another.", param_hint="--name") from None
    steps = _next_steps(kept)
    if as_json:
        files = {"private_key_file": str(kept.private_key), "certificate_file": str(kept.certificate)}
        say_json({**files, "certificate": made.certificate, "ends": made.ends.isoformat(), "next": steps})
        return
    click.echo(f"Private key, to be kept secret: {kept.private_key}")
    click.echo(f"Certificate, until {made.ends:%Y-%m-%d}:   {kept.certificate}\n")
    click.echo(made.certificate)
    for number, step in enumerate(steps, start=1):
        click.echo(f"{number}. {step}")


def _next_steps(kept: Kept) -> list[str]:
    key, uploaded = shlex.quote(f"private_key=@{kept.private_key}"), shlex.quote(f"certificate=@{kept.certificate}")
    given = "--set account_id=ACCOUNT --set client_id=CLIENT --set certificate_id=CERTIFICATE"
    return [
        f"{_INTEGRATION} The scope is REST Web Services. Keep the client ID: NetSuite shows it only then.",
        f"{_MAPPING} NetSuite then lists its certificate ID.",
        f"contrapost netsuite add NAME {given} --set {key} --set {uploaded}",
        "Delete the file of the private key: Contrapost keeps the key encrypted, and nobody else needs it.",
    ]


_INTEGRATION = (
    "In NetSuite, under Setup > Integration > Manage Integrations, choose New and tick Client Credentials (Machine to "
    "Machine) Grant; for an integration that is there already, go on."
)
_MAPPING = (
    "Under Setup > Integration > OAuth 2.0 Client Credentials (M2M) Setup, choose Create New, then user, role and the "
    "integration, and upload the certificate."
)


def _shape(row: NetSuiteRow) -> dict[str, Any]:
    return {"name": row.name, "settings": dict(row.settings)}
