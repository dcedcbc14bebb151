"""`contrapost correct`: take back what stands and book anew what changed after posting, or let it stand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from contrapost.cli.answer import opened, say_result, url_of
from contrapost.cli.each import on_each
from contrapost.cli.say import console, end, json_option, say_findings, say_json, who
from contrapost.mapping.taking_back import Way
from contrapost.netsuite.lists import Lists
from contrapost.refunds.lifecycle import BOOKED, State
from contrapost.shapes import correction_shape

if TYPE_CHECKING:
    from contrapost.correcting import Correction


@click.command(name="correct")
@click.argument("id_", metavar="ID", type=int)
@click.option("--way", default=Way.OFFSET.value, type=click.Choice([way.value for way in Way]), show_default=True,
              help="Take back by records beside those that stand, or by deleting them.")  # fmt: skip
@click.option("--accept", "seen", default="", metavar="FINGERPRINT", help="Carry out the correction that was shown.")
@click.option("--keep", is_flag=True, help="Let what stands stay as it is; give --reason.")
@click.option("--drop", is_flag=True, help="Drop a correction that was accepted and of which nothing was sent.")
@click.option("--reason", default="", metavar="TEXT", help="Why; it is kept in the refund's history.")
@json_option
def command(id_: int, *, way: str, seen: str, keep: bool, drop: bool, reason: str, as_json: bool) -> None:
    """Show what would correct refund ID, which changed after posting; carry it out with --accept."""
    if sum((bool(seen), keep, drop)) > 1:
        raise click.UsageError("--accept, --keep and --drop do not go together.")
    from contrapost import corrections

    if keep:
        on_each([id_], partial(corrections.keep, reason=reason), as_json=as_json)
    elif drop:
        on_each([id_], corrections.drop, as_json=as_json)
    elif seen:
        result = corrections.accept(opened(), id_, way=Way(way), seen=seen, reason=reason, by=who())
        say_result(result, as_json=as_json)
        right = BOOKED | {State.NOT_NEEDED}
        end(done=not result.problems and all(row.status in right for row in result.transactions))
    else:
        app = opened()
        _show(corrections.prepare(app, id_, way=Way(way)), id_, as_json=as_json)


def _show(made: Correction, id_: int, *, as_json: bool) -> None:
    from contrapost.records import queries

    row = queries.get(id_)
    shape = correction_shape(made, row, opened().kept_lists(row.netsuite) or Lists(), url_of)
    if as_json:
        say_json(shape)
    else:
        _say(shape)
        say_findings(made.findings)
        if made.plan:
            console.print(f"contrapost correct {id_} --way {made.way} --accept {made.fingerprint}", soft_wrap=True)
    end(done=made.plan is not None)


def _say(shape: dict[str, Any]) -> None:
    from contrapost.cli.tables import table

    listed = table("Step", "Record", "Total", right=("Total",), title="Correction")
    for one in shape["gone"]:
        listed.add_row(f"is {one['why']} already", one["id"], "")
    for record in shape["records"]:
        step = "books anew"
        if record["takes_back"]:
            step = "deletes" if record["deletes"] else f"takes back {record['takes_back']} by"
        name = record["takes_back"] if record["deletes"] else record["external_id"]
        listed.add_row(step, f"{record['type']} {name}", record["total"])
    console.print(listed)
    ledger = table("Account", "Record", "Debit", "Credit", right=("Debit", "Credit"), title="Ledger")
    for line in shape["ledger"]:
        ledger.add_row(f"{line['account']} {line['account_name']}", line["record"], line["debit"], line["credit"])
    console.print(ledger)
