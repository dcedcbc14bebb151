"""`contrapost people`: who may sign in, and in which role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from contrapost.cli.answer import opened
from contrapost.cli.say import json_option, say_json
from contrapost.permissions import ROLE_LABELS, Action, Role, may

if TYPE_CHECKING:
    from contrapost.records.rows import PersonRow

_ROLES = click.Choice([role.value for role in Role])
_address_option = click.option(
    "--address",
    envvar="CONTRAPOST_ADDRESS",
    default="http://localhost:8000",
    show_default=True,
    metavar="URL",
    help="Where people reach the server; the link begins with it.",
)


@click.group(name="people")
def command() -> None:
    """Say who may sign in, and in which role."""


@command.command()
@click.argument("name")
@click.option("--role", default=Role.READER.value, show_default=True, type=_ROLES, help="What the person may do.")
@click.option("--email", default="", help="The person can sign in with it too.")
@_address_option
@json_option
def add(name: str, role: str, email: str, address: str, *, as_json: bool) -> None:
    """Add person NAME and print a link by which they choose a password, once, within 24 hours."""
    app = opened()
    from contrapost.records import credentials, people

    person = people.add(name, role=Role(role), email=email)
    _say_link(person, credentials.make_link(name, now=app.now()), address, as_json=as_json)


@command.command()
@click.argument("name")
@_address_option
@json_option
def link(name: str, address: str, *, as_json: bool) -> None:
    """Print a new link by which person NAME chooses a password; for one who forgot theirs, too."""
    app = opened()
    from contrapost.records import credentials, people

    _say_link(people.get(name), credentials.make_link(name, now=app.now()), address, as_json=as_json)


@command.command(name="list")
@json_option
def listing(*, as_json: bool) -> None:
    """List everyone, those who were shut out too."""
    opened()
    from contrapost.records import people

    rows = people.listing()
    if as_json:
        say_json([_shape(row) for row in rows])
        return
    for row in rows:
        state = "" if row.active and row.has_password else "  (invited)" if row.active else "  (shut out)"
        click.echo(f"{row.name}  {ROLE_LABELS[row.role]}  {row.email}".rstrip() + state)
    if not rows:
        click.echo("Nobody yet. `contrapost web` prints a link for the first administrator.")


@command.command(name="role")
@click.argument("name")
@click.argument("role", type=_ROLES)
@json_option
def change_role(name: str, role: str, *, as_json: bool) -> None:
    """Give person NAME another ROLE, from their next request on."""
    opened()
    from contrapost.records import people

    _say(people.set_role(name, Role(role)), as_json=as_json)


@command.command()
@click.argument("name")
@json_option
def remove(name: str, *, as_json: bool) -> None:
    """Shut person NAME out at once, tokens and all. Their name stays in the history; `add` brings them back."""
    app = opened()
    from contrapost.records import people

    _say(people.deactivate(name, now=app.now()), as_json=as_json)


@command.command()
@click.argument("name")
@click.option("--for", "purpose", default="command line", show_default=True, help="What the token is for.")
@json_option
def token(name: str, purpose: str, *, as_json: bool) -> None:
    """Make a token by which scripts of person NAME use the API; it is shown this once."""
    app = opened()
    from contrapost.records import credentials, people

    role = people.get(name).role
    if not may(role, Action.USE_API):
        raise click.UsageError(f"{name} is {ROLE_LABELS[role]}, which may not use the API. Give another role first.")
    row, plain = credentials.make_token(name, purpose, now=app.now())
    if as_json:
        say_json({"person": row.person, "id": row.id, "name": row.name, "token": plain})
    else:
        click.echo(plain)


def _say_link(person: PersonRow, secret: str, address: str, *, as_json: bool) -> None:
    from contrapost.door import link_address

    url = link_address(address, secret)
    if as_json:
        say_json({**_shape(person), "link": url})
    else:
        click.echo(f"{person.name} chooses a password here, once, within 24 hours:\n{url}")


def _say(person: PersonRow, *, as_json: bool) -> None:
    if as_json:
        say_json(_shape(person))
    else:
        state = ROLE_LABELS[person.role] if person.active else "shut out"
        click.echo(f"{person.name}: {state}")


def _shape(person: PersonRow) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email or None,
        "role": person.role.value,
        "active": person.active,
        "has_password": person.has_password,
    }
