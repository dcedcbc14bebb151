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
@click.option("--calls", is_flag=True, help="Show each call to NetSuite too: what was sent, and what came back.")
@json_option
def command(id_: int, *, calls: bool, as_json: bool) -> None:
    """Show refund ID: where it stands, the records that stand for it, attempts and history."""
    opened()
    from contrapost.records import queries

    row = queries.get(id_)
    attempts, history = queries.attempts(id_), queries.history(id_)
    if as_json:
        say_json(show_shape(row, attempts, history, url_of, raw=True))
        return
    _say(row, attempts, history)
    if calls:
        _say_calls(attempts)


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


def _say_calls(attempts: tuple[AttemptRow, ...]) -> None:
    """What went over the wire, without secrets; a record found by another's look has no call of its own."""
    from rich.text import Text

    from contrapost.cli.say import console

    for attempt in attempts:
        if not attempt.method:
            continue
        head = f"{attempt.at:%Y-%m-%d %H:%M:%S} {attempt.what}: {attempt.method} {attempt.path}"
        came = f"HTTP {attempt.status or 'none'}, {attempt.milliseconds} ms, request {attempt.request_id or 'unnamed'}"
        console.print(Text(head, style="bold"), soft_wrap=True)
        console.print(Text(attempt.sent), soft_wrap=True)
        console.print(Text(came, style="dim"), soft_wrap=True)
        console.print(Text(attempt.received), soft_wrap=True)
