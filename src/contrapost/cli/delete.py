"""`contrapost delete`: delete refunds that NetSuite knows nothing of."""

from __future__ import annotations

import click

from contrapost.cli.each import on_each
from contrapost.cli.say import json_option


@click.command(name="delete")
@click.argument("ids", metavar="ID...", nargs=-1, type=int, required=True)
@json_option
def command(ids: tuple[int, ...], *, as_json: bool) -> None:
    """Delete refunds. Polling does not bring them back; retrieving their order by hand does."""
    from contrapost import flow

    on_each(ids, flow.delete, as_json=as_json)
