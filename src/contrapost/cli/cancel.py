"""`contrapost cancel`: keep refunds and never act on them."""

from __future__ import annotations

import click

from contrapost.cli.each import on_each
from contrapost.cli.say import json_option


@click.command(name="cancel")
@click.argument("ids", metavar="ID...", nargs=-1, type=int, required=True)
@json_option
def command(ids: tuple[int, ...], *, as_json: bool) -> None:
    """Cancel refunds: they are kept and never acted on, until they are restored."""
    from contrapost import flow

    on_each(ids, flow.cancel, as_json=as_json)
