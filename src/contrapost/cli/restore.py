"""`contrapost restore`: bring canceled refunds back, or go back to a backup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from contrapost.cli.each import on_each
from contrapost.cli.say import EXIT_ATTENTION, json_option, progress, say_json

if TYPE_CHECKING:
    from contrapost.backups.restoring import Restored


@click.command(name="restore")
@click.argument("what", metavar="ID...|FILE", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Only read the backup through and try the key; change nothing.")
@click.option("--replace", is_flag=True, help="Put the backup in place of what is here, which is gone then.")
@click.option("--without-key", is_flag=True, help="Restore though its credentials cannot be opened: enter them anew.")
@json_option
def command(what: tuple[str, ...], *, check: bool, replace: bool, without_key: bool, as_json: bool) -> None:
    """Restore canceled refunds, and see what they would become now; or put the backup FILE in place of what is here.

    Stop every server and worker before you go back to a backup. A file whose name is a number is written ./123.
    """
    of_backup = check or replace or without_key
    if all(one.isdigit() for one in what):
        if of_backup:
            raise click.UsageError("--check, --replace and --without-key are for a backup; these are refunds.")
        from contrapost import flow

        on_each([int(one) for one in what], flow.restore, as_json=as_json)
        return
    if len(what) > 1:
        raise click.UsageError("Name the numbers of canceled refunds, or one backup.")
    _go_back(Path(what[0]), check=check, replace=replace, without_key=without_key, as_json=as_json)


def _go_back(file: Path, *, check: bool, replace: bool, without_key: bool, as_json: bool) -> None:
    from contrapost.app import database_url, home_of, key_text
    from contrapost.backups.restoring import Place, inspect, restore

    place = Place(database_url=database_url(), home=home_of(), key_text=key_text())
    if check:
        found = inspect(file, place)
    else:
        with progress("Putting rows in", quiet=as_json) as tell:
            found = restore(file, place, replace=replace, without_key=without_key, tell=tell)
    made = found.manifest
    if as_json:
        say_json({**_shape(found), "file": str(file), "restored": not check})
    else:
        done = "holds" if check else "restored:"
        click.echo(f"{file} of {made.made_at:%Y-%m-%d %H:%M} UTC {done} {made.rows:,} rows, compared one by one.")
        click.echo(_of_key(opens=found.opens, brings_key=found.brings_key))
        if not check:
            click.echo(_AFTERWARDS)
    if not found.opens:
        raise click.exceptions.Exit(EXIT_ATTENTION)


def _shape(found: Restored) -> dict[str, object]:
    made = found.manifest
    return {
        "release": made.release,
        "migration": made.migration,
        "made_at": made.made_at.isoformat(),
        "rows": made.rows,
        "with_key": made.with_key,
        "opens": found.opens,
    }


def _of_key(*, opens: bool, brings_key: bool) -> str:
    if brings_key:
        return "The key in it opens its credentials, and goes into your home folder with it."
    return "The key here opens its credentials." if opens else "No key here opens its credentials: enter them anew."


_AFTERWARDS = (
    "People and tokens are as they were then: shut out again whoever left since. What was posted since stands in "
    "NetSuite: retrieve again, and Contrapost finds it there before anything is sent."
)
