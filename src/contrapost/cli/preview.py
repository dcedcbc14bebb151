"""`contrapost preview`: what a refund would become in NetSuite, and why."""

from __future__ import annotations

import click

from contrapost.cli.answer import opened, url_of
from contrapost.cli.say import end, json_option, say_json, say_problems, who
from contrapost.netsuite.lists import Lists
from contrapost.refunds.finding import blocks
from contrapost.shapes import preview_shape


@click.command(name="preview")
@click.argument("id_", metavar="ID", type=int)
@json_option
def command(id_: int, *, as_json: bool) -> None:
    """Show what refund ID becomes: records, lines, ledger, stock, amounts, and the reason of each."""
    from contrapost import flow

    app = opened()
    result = flow.preview(app, id_, by=who())
    row = result.transactions[0]
    shape = preview_shape(row, app.kept_lists(row.netsuite) or Lists(), url_of)
    if as_json:
        say_json(shape)
    else:
        from contrapost.cli.tables import say_preview

        say_preview(row, shape)
        say_problems(result.problems)
    end(done=not result.problems and not blocks(row.findings))
