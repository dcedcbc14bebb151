"""`contrapost backup`: write all that is kept here into one file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from contrapost.cli.say import json_option, progress, say_json


@click.command(name="backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--with-key", is_flag=True, help="Put the key into it too: whoever has the file has your credentials then."
)
@json_option
def command(file: Path, *, with_key: bool, as_json: bool) -> None:
    """Write refunds, history, accounts, people and settings into FILE, while servers and workers go on.

    The credentials in it are sealed. The key that opens them is not in it, unless you say so: keep it elsewhere.
    """
    from contrapost.app import home_of, key_text
    from contrapost.backups.taking import back_up
    from contrapost.vault import KEY_FILE, Vault

    vault = Vault.at(home_of(), key_text()) if with_key else None
    with progress("Writing rows", quiet=as_json) as tell:
        made = back_up(file, now=datetime.now(UTC), key_of=vault, tell=tell)
    if as_json:
        tables = {name: contents.rows for name, contents in made.tables.items()}
        say_json({
            "file": str(file), "release": made.release, "migration": made.migration, "database": made.database,
            "rows": made.rows, "tables": tables, "with_key": made.with_key,
        })  # fmt: skip
        return
    click.echo(f"{file}: {made.rows:,} rows of {len(made.tables)} tables, readable by you alone.")
    where = "what CONTRAPOST_SECRET_KEY says" if key_text() else str(home_of() / KEY_FILE)
    if with_key:
        click.echo("The key is in it: whoever has this file has your credentials of NetSuite and stores.")
    else:
        click.echo(f"The key is not in it: without {where} its credentials cannot be opened. Keep that elsewhere.")
