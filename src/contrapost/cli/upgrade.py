"""`contrapost upgrade`: bring the database to this release."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from contrapost.cli.say import json_option, say_json


@click.command(name="upgrade")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--no-backup", is_flag=True, help="Make no backup before; you have another way back.")
@json_option
def command(*, dry_run: bool, no_backup: bool, as_json: bool) -> None:
    """Change the tables to what this release needs, after a backup into the home folder.

    Stop every server and worker before. A database of a newer release is left as it is.
    """
    from contrapost.app import home_of
    from contrapost.backups.upgrading import upgrade

    done = upgrade(home_of(), now=datetime.now(UTC), with_backup=not no_backup, dry_run=dry_run)
    if as_json:
        backup = str(done.backup) if done.backup else None
        say_json({"from": done.came_from or None, "to": done.to, "steps": done.steps, "backup": backup,
                  "done": not dry_run})  # fmt: skip
        return
    if not done.steps:
        click.echo(f"The database is of this release already ({done.to}).")
        return
    if done.backup:
        click.echo(f"Backup: {done.backup}")
    would = "would be" if dry_run else "is"
    steps = ", ".join(done.steps)
    click.echo(f"The database {would} brought from {done.came_from or 'nothing'} to {done.to}, by {steps}.")
