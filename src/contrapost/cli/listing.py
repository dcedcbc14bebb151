"""`contrapost list`: the refunds that are here."""

from __future__ import annotations

import click

from contrapost.cli.answer import opened, url_of
from contrapost.cli.say import json_option, say_json
from contrapost.refunds.lifecycle import State
from contrapost.shapes import refund_shape


@click.command(name="list")
@click.option("--account", default="", help="Only this account's.")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice([state.value for state in State]), help="Only these."
)
@click.option("--changed", is_flag=True, help="Only those that changed after posting.")
@click.option("--order", default="", metavar="ID", help="Only this order's, or this refund of the store.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500), help="At most so many.")
@click.option("--cursor", default="", help="Go on from where the last page ended.")
@json_option
def command(
    account: str, statuses: tuple[str, ...], order: str, limit: int, cursor: str, *, changed: bool, as_json: bool
) -> None:
    """List refunds, newest first."""
    opened()
    from contrapost.records import queries
    from contrapost.records.rows import Filters

    wanted = frozenset(State(status) for status in statuses)
    filters = Filters(account=account, statuses=wanted, order=order, changed=changed)
    page = queries.listing(filters, cursor=cursor, limit=limit)
    if as_json:
        say_json({"refunds": [refund_shape(row, url_of) for row in page.rows], "cursor": page.cursor or None})
        return
    from contrapost.cli.tables import say_refunds

    say_refunds(page.rows)
    if page.has_more:
        click.echo(f"There are more: contrapost list --cursor {page.cursor}")
