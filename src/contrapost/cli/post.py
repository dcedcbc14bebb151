"""`contrapost post`: post refunds to NetSuite, each once."""

from __future__ import annotations

import click

from contrapost.cli.answer import opened, say_result
from contrapost.cli.say import end, json_option, progress, who
from contrapost.refunds.lifecycle import BOOKED, State

READY_AT_ONCE = 500
"""How many ready refunds one call posts at most."""


@click.command(name="post")
@click.argument("ids", metavar="[ID]...", nargs=-1, type=int)
@click.option("--account", default="", help="With --ready: the account whose refunds are posted.")
@click.option("--ready", is_flag=True, help="All refunds of --account that are ready.")
@click.option(
    "--seen", default="", metavar="FINGERPRINT", help="Post one refund only if its preview still is this one."
)
@json_option
def command(ids: tuple[int, ...], account: str, seen: str, *, ready: bool, as_json: bool) -> None:
    """Post refunds to NetSuite. A refund that stands there already stays as it is."""
    if bool(ids) == (ready and bool(account)):
        raise click.UsageError("Say which: one or more IDs, or --account NAME --ready.")
    if seen and len(ids) != 1:
        raise click.UsageError("--seen goes with exactly one ID.")
    from contrapost import flow

    app = opened()
    wanted = list(ids) or _ready(account)
    with progress("Posting refunds", of=len(wanted), quiet=as_json) as tell:
        result = flow.post(app, wanted, by=who(), seen=dict.fromkeys(ids, seen) if seen else None, tell=tell)
    say_result(result, as_json=as_json)
    end(done=not result.problems and all(row.status in BOOKED for row in result.transactions))


def _ready(account: str) -> list[int]:
    from contrapost.records import accounts, queries
    from contrapost.records.rows import Filters

    accounts.get(account)
    filters = Filters(account=account, statuses=frozenset({State.READY}))
    return [row.id for row in queries.listing(filters, limit=READY_AT_ONCE).rows]
