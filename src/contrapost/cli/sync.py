"""`contrapost sync`: how an account is kept up by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contrapost.cli.answer import opened
from contrapost.cli.say import end, json_option, progress, say_findings, say_json, who
from contrapost.cli.settings import set_option
from contrapost.sync_shapes import hooks_shape, sync_shape

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.records.sync import SyncRow


@click.command(name="sync")
@click.argument("account")
@click.option("--on/--off", "on", default=None, help="Turn on or off that refunds come and are posted by themselves.")
@click.option("--now", "at_once", is_flag=True, help="Do at once, here, what is due.")
@set_option
@click.option("--hooks", metavar="ADDRESS", help="Make the address that the store calls, where https://… reaches us.")
@click.option("--no-hooks", is_flag=True, help="Refuse what the store sends to the address made before.")
@json_option
def command(
    account: str,
    *,
    on: bool | None,
    at_once: bool,
    values: dict[str, str],
    hooks: str | None,
    no_hooks: bool,
    as_json: bool,
) -> None:
    """Show how ACCOUNT is kept up by itself, and change it.

    Without an option it shows: test or live, on or off, how far the store is read, and what went wrong last.
    --set changes go_live_on (refunds of earlier days are never posted by themselves), poll_minutes, look_back_days
    (read so many days again and again; 0: never) and look_back_hours (how often that is done).
    """
    from contrapost import golive

    app = opened()
    golive.change(app, account, by=who(), wanted=values)
    if on is not None:
        golive.switch(app, account, on=on, by=who())
    if at_once:
        _do_now(app, account, quiet=as_json)
    made = _address(app, account, hooks, as_json=as_json) if hooks or no_hooks else None
    _say(account, made, as_json=as_json)


def _do_now(app: App, account: str, *, quiet: bool) -> None:
    from contrapost import flow

    flow.hurry(app, account)
    with progress("Reading the store", quiet=quiet) as tell:
        pages = 1
        while flow.keep_up(app, account):
            tell(pages)
            pages += 1


def _address(app: App, account: str, base: str | None, *, as_json: bool) -> dict[str, object] | None:
    from contrapost import hooks

    if base is None:
        hooks.close(app, account)
        return None
    made = hooks_shape(*hooks.open_address(app, account, base))
    if not as_json:
        click.echo(f"Address for the store, shown once: {made['address']}")
        click.echo(f"Topics: {', '.join(str(topic) for topic in made['topics'])}")
        click.echo(str(made["where"]))
    return made


def _say(account: str, made: dict[str, object] | None, *, as_json: bool) -> None:
    from contrapost.records import golive, hints, sync

    row, hinted = sync.get(account), hints.count(account)
    if as_json:
        say_json({**sync_shape(row, hinted=hinted, notes=golive.notes(account)), **({"hooks": made} if made else {})})
    else:
        _say_row(row, hinted)
    end(done=row.error is None)


def _say_row(row: SyncRow, hinted: int) -> None:
    switch = f"automatic {'on' if row.automatic else 'off'}" if row.live else "nothing goes by itself"
    click.echo(f"{row.account}: {'live' if row.live else 'test mode'}, {switch}")
    if row.go_live_on:
        click.echo(
            f"Refunds from {row.go_live_on} on are posted by themselves; polled every {row.poll_minutes} minutes"
        )
    if row.polled_at:
        click.echo(f"Last polled {row.polled_at:%Y-%m-%d %H:%M:%S} UTC")
    if hinted:
        click.echo(f"{hinted} orders that the store told of are still to be read")
    if row.paused_until:
        click.echo(f"The store is left alone until {row.paused_until:%Y-%m-%d %H:%M:%S} UTC")
    say_findings([row.error] if row.error else ())
