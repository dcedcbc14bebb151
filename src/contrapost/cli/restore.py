"""`contrapost restore`: bring canceled refunds back."""

from __future__ import annotations

import click

from contrapost.cli.each import on_each
from contrapost.cli.say import json_option


@click.command(name="restore")
@click.argument("ids", metavar="ID...", nargs=-1, type=int, required=True)
@json_option
def command(ids: tuple[int, ...], *, as_json: bool) -> None:
    """Restore canceled refunds, and see what they would become now."""
    from contrapost import flow

    on_each(ids, flow.restore, as_json=as_json)
