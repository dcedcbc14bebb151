"""`contrapost show`: one refund, what was tried, and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from contrapost.cli.answer import opened, url_of
from contrapost.cli.say import json_option, say_json
from contrapost.shapes import show_shape

if TYPE_CHECKING:
    from contrapost.records.rows import AttemptRow, HistoryRow


@click.command(name="show")
@click.argument("id_", metavar="ID", type=int)
@json_option
def command(id_: int, *, as_json: bool) -> None:
    """Show refund ID: where it stands, the records that stand for it, attempts and history."""
    opened()
    from contrapost.records import queries

    row = queries.get(id_)
    attempts, history = queries.attempts(id_), queries.history(id_)
    if as_json:
        say_json(show_shape(row, attempts, history, url_of, raw=True))
        return
    _say(row, attempts, history)


def _say(row: Any, attempts: tuple[AttemptRow, ...], history: tuple[HistoryRow, ...]) -> None:  # noqa: ANN401
    from contrapost.cli.say import console
    from contrapost.cli.tables import say_refunds, table

    say_refunds([row])
    if attempts:
        tried = table("At", "What", "Record", "HTTP", "ms", "Came to", right=("HTTP", "ms"), title="Attempts")
        for attempt in attempts:
            status = str(attempt.status or "")
            tried.add_row(
                f"{attempt.at:%Y-%m-%d %H:%M:%S}",
                attempt.what,
                attempt.external_id,
                status,
                str(attempt.milliseconds or ""),
                attempt.conclusion,
            )
        console.print(tried)
    happened = table("At", "By", "Event", "Now", "", title="History")
    for entry in history:
        happened.add_row(f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.by, entry.event, entry.to_state, entry.note)
    console.print(happened)
