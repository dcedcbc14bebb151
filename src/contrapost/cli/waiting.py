"""`contrapost waiting`: what waits, for what and since when; and another look at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from contrapost.cli.again import MOST, say_looked
from contrapost.cli.answer import opened, url_of
from contrapost.cli.say import console, json_option, say_json, who
from contrapost.waiting_shapes import waiting_shape

if TYPE_CHECKING:
    from contrapost.app import App


@click.command(name="waiting")
@click.argument("ids", metavar="[ID]...", nargs=-1, type=int)
@click.option("--account", default="", help="Only this account's.")
@click.option("--reason", default="", metavar="CODE", help="Only what waits for this, such as not_billed.")
@click.option("--look", is_flag=True, help="Look again now: at these IDs, or at all of --account (with --reason).")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500), help="Refunds listed at most.")
@click.option("--cursor", default="", help="Go on from where the last page ended.")
@json_option
def command(
    ids: tuple[int, ...], account: str, reason: str, limit: int, cursor: str, *, look: bool, as_json: bool
) -> None:
    """Show what refunds wait for, how many, since when, and when they are looked at next."""
    if ids and not look:
        raise click.UsageError("IDs go with --look.")
    if look and bool(ids) == bool(account):
        raise click.UsageError("Say which to look at: one or more IDs, or --account NAME (with --reason CODE).")
    app = opened()
    if look:
        _look(app, ids, account, reason, as_json=as_json)
        return
    from contrapost.records import waiting

    page = waiting.listing(account=account, reason=reason, cursor=cursor, limit=limit)
    groups = [group for group in waiting.groups(account) if reason in {"", group.reason}]
    shape = waiting_shape(groups, page, url_of, app.now())
    if as_json:
        say_json(shape)
    else:
        _say(shape)


def _look(app: App, ids: tuple[int, ...], account: str, reason: str, *, as_json: bool) -> None:
    from contrapost import flow
    from contrapost.records import queries
    from contrapost.records.rows import Again

    by_account: dict[str, list[int]] = {account: []} if account else {}
    for row in queries.get_all(ids):
        by_account.setdefault(row.account, []).append(row.id)
    looked = [
        flow.look_now(app, name, Again(ids=frozenset(members), reason=reason), by=who(), most=MOST)
        for name, members in by_account.items()
    ]
    say_looked(looked, as_json=as_json)


def _say(shape: dict[str, Any]) -> None:
    from contrapost.cli.tables import table

    if not shape["groups"]:
        console.print("Nothing waits.")
        return
    groups = table("Account", "Waits for", "Refunds", "Too long", "Since", "Next look", right=("Refunds", "Too long"))
    for one in shape["groups"]:
        words = one["reason"].replace("_", " ")
        late, since = str(one["too_long"] or ""), _short(one["oldest"])
        groups.add_row(one["account"], words, str(one["count"]), late, since, _short(one["next_look_at"]))
    console.print(groups)
    listed = table("ID", "Order", "Waits for", "Since", "Looks", "Next look", right=("ID", "Looks"))
    for one in shape["refunds"]:
        words = (one["reason"] or "").replace("_", " ")
        since, following = _short(one["waiting_since"]), _short(one["next_look_at"])
        listed.add_row(str(one["id"]), one["order_name"], words, since, str(one["looks"]), following)
    console.print(listed)
    if shape["cursor"]:
        click.echo(f"There are more: contrapost waiting --cursor {shape['cursor']}")


def _short(moment: str | None) -> str:
    return moment[:16].replace("T", " ") if moment else ""
