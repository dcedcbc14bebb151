"""`contrapost accept`: let a refund give more than its bill still holds."""

from __future__ import annotations

from functools import partial

import click

from contrapost.cli.each import on_each
from contrapost.cli.say import json_option


@click.command(name="accept")
@click.argument("ids", metavar="ID...", nargs=-1, type=int, required=True)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept in the refund's history.")
@json_option
def command(ids: tuple[int, ...], *, reason: str, as_json: bool) -> None:
    """Accept that refunds give more than their bills still hold: the difference is booked as goodwill."""
    from contrapost import flow

    on_each(ids, partial(flow.accept, reason=reason), as_json=as_json)
