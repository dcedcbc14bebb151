"""`contrapost adopt`: link what somebody booked by hand in NetSuite, or say that a refund is booked elsewhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from contrapost.cli.answer import opened, say_result, url_of
from contrapost.cli.each import on_each
from contrapost.cli.say import console, end, json_option, say_findings, say_json, who
from contrapost.shapes import adoptable_shape

if TYPE_CHECKING:
    from contrapost.adopting import Adoptable


@click.command(name="adopt")
@click.argument("id_", metavar="ID", type=int)
@click.option("--record", "records", multiple=True, metavar="TYPE:ID", help="Link this record, as cashRefund:123.")
@click.option("--seen", default="", metavar="FINGERPRINT", help="Link only if the records still stand as shown.")
@click.option("--reason", default="", metavar="TEXT", help="Why, where the records do not agree with the refund.")
@click.option("--elsewhere", is_flag=True, help="Say that it is booked without a record of its own; give --reason.")
@click.option("--release", is_flag=True, help="Take back what was linked or said so.")
@json_option
def command(
    id_: int, records: tuple[str, ...], *, seen: str, reason: str, elsewhere: bool, release: bool, as_json: bool
) -> None:
    """Show which records made by hand may stand for refund ID, and link those that you name. Nothing is sent."""
    if sum((bool(records), elsewhere, release)) > 1:
        raise click.UsageError("--record, --elsewhere and --release do not go together.")
    from contrapost import flow

    if elsewhere:
        on_each([id_], partial(flow.book_elsewhere, reason=reason), as_json=as_json)
    elif release:
        on_each([id_], flow.release, as_json=as_json)
    elif records:
        say_result(flow.adopt(opened(), id_, records, by=who(), seen=seen, reason=reason), as_json=as_json)
    else:
        _show(flow.adoptable(opened(), id_), id_, as_json=as_json)


def _show(found: Adoptable, id_: int, *, as_json: bool) -> None:
    from contrapost.records import queries

    shape = adoptable_shape(found, queries.get(id_).netsuite, url_of)
    if as_json:
        say_json(shape)
    else:
        _say(shape, id_)
        say_findings([found.finding] if found.finding else [])
    end(done=bool(found.candidates))


def _say(shape: dict[str, Any], id_: int) -> None:
    from contrapost.cli.tables import table

    for candidate in shape["candidates"]:
        title = f"Fits {_FITS[candidate['fit']]}"
        listed = table("Record", "Number", "Date", "Total", right=("Total",), title=title)
        for record in candidate["records"]:
            total = f"{record['total']['amount']} {record['total']['currency']}"
            listed.add_row(f"{record['type']}:{record['id']}", record["tranid"], record["date"] or "", total)
        console.print(listed)
        for sentence in candidate["differences"]:
            console.print(f"  ! {sentence}", soft_wrap=True)
        named = " ".join(f"--record {one['type']}:{one['id']}" for one in candidate["records"])
        reason = " --reason TEXT" if candidate["differences"] else ""
        console.print(f"  contrapost adopt {id_} {named} --seen {candidate['fingerprint']}{reason}", soft_wrap=True)


_FITS = {
    "whole": "by amount and items",
    "amount": "by amount, not by items",
    "items": "by items, not by amount",
    "little": "neither by amount nor by items",
}
