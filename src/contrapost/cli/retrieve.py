"""`contrapost retrieve`: bring refunds from a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contrapost.cli.answer import opened, say_result
from contrapost.cli.say import end, json_option, progress, who
from contrapost.cli.wanted import wanted, wanted_options
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command(name="retrieve")
@click.argument("account")
@wanted_options
@json_option
def command(
    account: str, orders: Sequence[str], file: Path | None, since: str | None, until: str | None, *, as_json: bool
) -> None:
    """Bring the refunds of ACCOUNT's orders here, and see what they would become in NetSuite."""
    from contrapost import flow

    asked = wanted(orders, file, since, until)
    with progress("Retrieving refunds", quiet=as_json) as tell:
        result = flow.retrieve(opened(), account, asked, by=who(), tell=tell)
    say_result(result, as_json=as_json)
    held = any(row.status is State.NEEDS_ATTENTION for row in result.transactions)
    end(done=not result.problems and not held)
