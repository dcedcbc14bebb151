"""`contrapost check`: whether what was posted still stands in NetSuite as it did."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from contrapost.cli.answer import opened, url_of
from contrapost.cli.say import end, json_option, progress, say_json, say_problems, who
from contrapost.shapes import checked_shape


@click.command(name="check")
@click.argument("account")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M%z"]), help="Only refunds made since then.")
@json_option
def command(account: str, since: datetime | None, *, as_json: bool) -> None:
    """Look whether the records of posted refunds were deleted, voided or changed in NetSuite. Nothing is sent."""
    from contrapost import flow
    from contrapost.records import queries
    from contrapost.records.rows import Filters

    app = opened()
    since = since if since is None or since.tzinfo else since.replace(tzinfo=UTC)
    with progress("Looking at records", quiet=as_json) as tell:
        checked = flow.check_posted(app, account, by=who(), since=since, tell=tell)
    rows = list(queries.get_all(checked.changed))
    if as_json:
        say_json(checked_shape(checked, rows, url_of))
    else:
        from contrapost.cli.tables import say_refunds

        click.echo(f"{checked.records:,} records were looked at.")
        if rows:
            say_refunds(rows)
        say_problems(checked.problems)
    standing = queries.count(Filters(account=account, changed=True, include_hidden=True))
    if standing and not as_json:
        click.echo(f"Changed after posting: {standing:,} (contrapost list --account {account} --changed)")
    end(done=not checked.problems and not standing)
