"""`contrapost backfill`: bring refunds of the past, many at once, with progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contrapost.cli.answer import opened
from contrapost.cli.say import end, json_option, progress, say_json, say_problems, who
from contrapost.cli.wanted import wanted, wanted_options
from contrapost.sync_shapes import back_fill_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from contrapost.app import App
    from contrapost.records.backfills import BackFillRow

WATCH_SECONDS = 1.0


class StillRunningError(Exception):
    """What was asked for is not done yet, and goes on without this command."""


@click.command(name="backfill")
@click.argument("account")
@wanted_options
@click.option("--detach", is_flag=True, help="Only ask for it: the worker does it, and this command ends at once.")
@click.option("--stop", type=int, metavar="ID", help="Stop the back-fill of this number; what it brought stays.")
@json_option
def command(
    account: str,
    orders: Sequence[str],
    file: Path | None,
    since: str | None,
    until: str | None,
    *,
    detach: bool,
    stop: int | None,
    as_json: bool,
) -> None:
    """Bring the refunds of ACCOUNT's past here: of orders, of a file of orders, or of a span of time.

    Without any of these, it lists the back-fills there are. It can be interrupted: what is not done yet goes on with
    the next worker, or with the same command again. Refunds of days before the go-live date are never posted by
    themselves.
    """
    from contrapost import flow
    from contrapost.records import backfills

    app = opened()
    if stop is not None:
        flow.stop_back_fill(app, account, stop)
        _say([backfills.get(stop)], as_json=as_json)
        return
    if not (orders or file or since):
        _say(backfills.listing(app.account(account).name), as_json=as_json)
        return
    row = flow.back_fill(app, account, wanted(orders, file, since, until), by=who())
    if not detach:
        with progress(f"Back-fill {row.id}", of=row.total or 100, quiet=as_json) as tell:
            row = _to_its_end(app, row, tell)
    if as_json:
        say_json(back_fill_shape(row))
    else:
        _say([row], as_json=False)
    end(done=not row.problem_count and (detach or not row.running))


def _to_its_end(app: App, row: BackFillRow, tell: Callable[[int], None]) -> BackFillRow:
    """Watches a back-fill while a worker does it; where there is none, does it here."""
    from contrapost import flow
    from contrapost.records import backfills, sync, workers

    while row.running and len(workers.listing()) > len(workers.silent()):
        if sync.get(row.account).rests_at(app.now()):
            raise StillRunningError(
                f"The store of {row.account} is away. Back-fill {row.id} goes on by itself when it is back: "
                f"contrapost sync {row.account} says what is wrong."
            )
        app.sleep(WATCH_SECONDS)
        row = backfills.get(row.id)
        tell(_far(row))
    return flow.fill_in(app, row.id, tell=lambda now: tell(_far(now)))


def _far(row: BackFillRow) -> int:
    return row.done if row.total else row.percent


def _say(rows: Sequence[BackFillRow], *, as_json: bool) -> None:
    if as_json:
        say_json([back_fill_shape(row) for row in rows])
        return
    for row in rows:
        what = f"{row.done} of {row.total} orders" if row.total else f"{row.since:%Y-%m-%d} to {row.until:%Y-%m-%d}"
        click.echo(f"{row.id}  {row.state}  {row.percent} %  {what}  {row.found} refunds  asked by {row.asked_by}")
        say_problems(row.problems)
        if row.problem_count > len(row.problems):
            click.echo(f"  and {row.problem_count - len(row.problems)} more that could not be done")
    if not rows:
        click.echo("No back-fills.")
