"""`contrapost profile`: the profile of an account as a file, compared and imported."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from contrapost.cli.answer import opened
from contrapost.cli.say import all_fine, console, end, json_option, say_findings, say_json

if TYPE_CHECKING:
    from contrapost.profiles.moving import Change, Compared


@click.group(name="profile")
def command() -> None:
    """Keep the profile of an account as a file: how its refunds are booked, without secrets.

    What was tested with a sandbox goes live by exporting it there and importing it here.
    """


@command.command()
@click.argument("account")
@click.option("--to", "path", metavar="FILE", help="Write it to a file instead of the screen.")
@json_option
def export(account: str, path: str | None, *, as_json: bool) -> None:
    """Write the profile of ACCOUNT as one YAML file, each setting with its help."""
    opened()
    from contrapost.profiles import moving
    from contrapost.shapes import profile_shape

    exported = moving.export(account)
    if path:
        Path(path).expanduser().write_text(exported.file, encoding="utf-8")
    if as_json:
        say_json(profile_shape(exported))
    elif path:
        click.echo(f"The profile of {account} is in {path}.")
    else:
        click.echo(exported.file, nl=False)


@command.command()
@click.argument("account")
@click.argument("file")
@json_option
def diff(account: str, file: str, *, as_json: bool) -> None:
    """Show what importing FILE would change in ACCOUNT, and what is wrong with it; exits with 1 if there is anything.

    FILE may be - for standard input.
    """
    from contrapost.profiles import moving

    compared = moving.compare(opened(), account, _text(file))
    _say(compared, as_json=as_json)
    end(done=not compared.changes and all_fine(compared.findings))


@command.command(name="import")
@click.argument("account")
@click.argument("file")
@click.option("--yes", is_flag=True, help="Import it; without this, only the difference is shown.")
@json_option
def import_(account: str, file: str, *, yes: bool, as_json: bool) -> None:
    """Make FILE the profile of ACCOUNT: all of it, or nothing if anything in it is wrong.

    What FILE does not name is no longer set. FILE may be - for standard input.
    """
    from contrapost.profiles import moving

    app, text = opened(), _text(file)
    compared = moving.take_over(app, account, text) if yes else moving.compare(app, account, text)
    _say(compared, as_json=as_json)
    if not as_json:
        click.echo(_outcome(compared))
    end(done=(compared.applied or not compared.changes) and all_fine(compared.findings))


def _text(file: str) -> str:
    """Reads a file as text; one that is none is a wrong call."""
    try:
        read = sys.stdin.buffer.read() if file == "-" else Path(file).expanduser().read_bytes()
        return read.decode("utf-8-sig")
    except OSError as fault:
        raise click.BadParameter(f"{file} cannot be read: {fault.strerror}.", param_hint="FILE") from None
    except UnicodeDecodeError:
        raise click.BadParameter(f"{file} is no text in UTF-8.", param_hint="FILE") from None


def _outcome(compared: Compared) -> str:
    if compared.applied:
        return f"Imported: the profile of {compared.account} is as the file says."
    if not compared.may_be_applied:
        return "Nothing was changed: correct the file first."
    if not compared.changes:
        return f"Nothing to change: the profile of {compared.account} is as the file says."
    return "Nothing was changed yet. Add --yes to import it."


def _say(compared: Compared, *, as_json: bool) -> None:
    if as_json:
        from contrapost.shapes import compared_shape

        say_json(compared_shape(compared))
        return
    for change in compared.changes:
        for line in _lines(change):
            console.print(line, soft_wrap=True)
    say_findings(compared.findings)


def _lines(change: Change) -> list[Text]:
    """A change as diff shows it: what goes and what comes."""
    lines = []
    if change.before is not None:
        lines.append(Text(f"- {change.setting}={change.before}", style="red"))
    if change.after is not None:
        lines.append(Text(f"+ {change.setting}={change.after}", style="green"))
    return lines
