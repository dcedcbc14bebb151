"""`contrapost errors`: what holds refunds, each cause once; and another try for all that a cause holds."""

from __future__ import annotations

from typing import Any

import click
from rich.text import Text

from contrapost.cli.again import MOST, say_looked
from contrapost.cli.answer import opened, url_of
from contrapost.cli.say import console, json_option, say_json, who
from contrapost.waiting_shapes import errors_shape


@click.command(name="errors")
@click.option("--account", default="", help="Only this account's.")
@click.option("--code", default="", help="Only what is held by this, such as item_not_on_bill.")
@click.option("--where", default=None, help="With --code: the setting or field concerned, as it is listed.")
@click.option("--retry", is_flag=True, help="Try all of them again: --account NAME --code CODE (and --where).")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500), help="Refunds listed at most.")
@click.option("--cursor", default="", help="Go on from where the last page ended.")
@json_option
def command(account: str, code: str, where: str | None, limit: int, cursor: str, *, retry: bool, as_json: bool) -> None:
    """Show what holds refunds, grouped by cause: how many, since when, what to do, and what brings them further."""
    if retry and not (account and code):
        raise click.UsageError("--retry goes with --account NAME and --code CODE.")
    if where is not None and not code:
        raise click.UsageError("--where goes with --code.")
    app = opened()
    if retry:
        from contrapost import flow
        from contrapost.records.rows import Again

        say_looked([flow.look_now(app, account, Again(code=code, where=where), by=who(), most=MOST)], as_json=as_json)
        return
    from contrapost.records import causes

    groups = causes.groups(account, code=code, where=where)
    page = causes.listing(account=account, code=code, where=where, cursor=cursor, limit=limit)
    shape = errors_shape(groups, page, url_of)
    if as_json:
        say_json(shape)
    else:
        _say(shape)


def _say(shape: dict[str, Any]) -> None:
    if not shape["groups"]:
        console.print("Nothing is held.")
        return
    for one in shape["groups"]:
        place = f" at {one['where']}" if one["where"] else ""
        count = f"{one['count']} {'refund' if one['count'] == 1 else 'refunds'} of {one['account']}"
        console.print(Text.assemble((f"{one['code']}{place}", "bold red"), f"  {count}, since {one['oldest'][:10]}"))
        console.print(f"  {one['message']}", soft_wrap=True)
        if one["fix"]:
            console.print(Text(f"  → {one['fix']}", style="dim"), soft_wrap=True)
        again = f"contrapost errors --retry --account {one['account']} --code {one['code']}"
        where = f" --where '{one['where']}'" if one["where"] else ""
        console.print(Text(f"  {again}{where}", style="dim"), soft_wrap=True)
