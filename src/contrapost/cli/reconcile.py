"""`contrapost reconcile`: the store's refunds against NetSuite's records, for a span of days."""

from __future__ import annotations

import csv
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from contrapost.cli.answer import opened
from contrapost.cli.say import console, end, json_option, progress, say_findings, say_json, say_problems, who
from contrapost.cli.tables import table
from contrapost.reconcile.report import KIND_WORDS
from contrapost.reconcile.report import table as rows_of
from contrapost.shapes import reconciliation_shape

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.reconcile.compare import Line
    from contrapost.reconcile.report import Totals
    from contrapost.records.reconciliations import ReconciliationRow

SHOWN = 50
"""So many lines are shown on a terminal; a file has all."""


@click.command(name="reconcile")
@click.argument("account")
@click.option("--since", metavar="DAY", help="The first day, in the shop's zone: 2026-11-01.")
@click.option("--until", metavar="DAY", help="The last day; today where it is left out.")
@click.option("--offline", is_flag=True, help="Do not ask the store: what is here stands for it.")
@click.option("--last", is_flag=True, help="Show the last comparison again instead of making one.")
@click.option(
    "--csv", "file", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write every line there."
)
@click.option("--retrieve", "missing", is_flag=True, help="Then retrieve what the store has and is missing here.")
@click.option(
    "--daily", type=click.IntRange(0, 366), metavar="DAYS", help="Compare so many days back every day; 0: never."
)
@click.option("--all", "all_lines", is_flag=True, help="Show what matched too.")
@json_option
def command(  # noqa: PLR0913 - each is an option
    account: str,
    since: str | None,
    until: str | None,
    file: Path | None,
    daily: int | None,
    *,
    offline: bool,
    last: bool,
    missing: bool,
    all_lines: bool,
    as_json: bool,
) -> None:
    """Compare ACCOUNT's refunds with NetSuite: matched, only in the store, only in NetSuite, different by how much.

    Nothing is sent. It exits with 1 where a line leaves something to be done.
    """
    if [last, bool(since), daily is not None].count(True) != 1:
        raise click.UsageError("Say which days: --since 2026-11-01, and --until if you like; or --last, or --daily.")
    app = opened()
    if daily is not None:
        _set_daily(account, daily, as_json=as_json)
        return
    row = _last(app, account) if last else _made(app, account, since or "", until, offline=offline, quiet=as_json)
    _say(row, file, all_lines=all_lines, as_json=as_json)
    if missing:
        _retrieve(app, row, quiet=as_json)
    end(done=not row.open and not row.failed)


def _set_daily(account: str, days: int, *, as_json: bool) -> None:
    from contrapost.records import reconciliations

    reconciliations.set_daily(account, days)
    if as_json:
        say_json({"account": account, "daily": days})
    else:
        console.print(f"{account} is compared every day, {days} days back." if days else f"{account} is not compared.")


def _retrieve(app: App, row: ReconciliationRow, *, quiet: bool) -> None:
    from contrapost import flow

    result = flow.retrieve_missing(app, row.id, by=who())
    if not quiet:
        console.print(f"Retrieved {len(result.transactions)} refunds.")
        say_problems(result.problems)


def _made(app: App, account: str, since: str, until: str | None, *, offline: bool, quiet: bool) -> ReconciliationRow:
    from contrapost import flow
    from contrapost.reconcile.run import days
    from contrapost.records import reconciliations

    try:
        span = days(_day(since), _day(until) if until else None, app.now())
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    with progress("Comparing refunds", quiet=quiet) as tell:
        id_ = flow.reconcile(app, account, span, by=who(), offline=offline, tell=tell)
    return reconciliations.get(id_)


def _last(app: App, account: str) -> ReconciliationRow:
    from contrapost.records import reconciliations

    app.account(account)
    found = next((row for row in reconciliations.listing(account) if row.ended_at), None)
    if found is None:
        raise click.UsageError(f"{account} was not compared yet. Give --since.")
    return found


def _day(text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise click.UsageError(f"{text!r} is no day. Write it as 2026-11-01.") from None


def _say(row: ReconciliationRow, file: Path | None, *, all_lines: bool, as_json: bool) -> None:
    from contrapost.reconcile import kept
    from contrapost.reconcile.compare import Kind

    totals = kept.totals_of(row)
    kinds = (*kept.OPEN_KINDS, Kind.MATCHED) if all_lines else kept.OPEN_KINDS
    if file:
        with file.open("w", newline="", encoding="utf-8") as lines:
            csv.writer(lines).writerows(rows_of(kept.lines_of(row.id)))
    if as_json:
        say_json(reconciliation_shape(row, totals, kept.lines_of(row.id, kinds)))
        return
    _say_totals(row, totals)
    lines_found = kept.lines_of(row.id, kinds)
    for line in islice(lines_found, SHOWN):
        _say_line(line)
    if next(lines_found, None):
        console.print(f"There are more: contrapost reconcile {row.account} --last --csv FILE writes all.")
    say_findings(row.findings)


def _say_totals(row: ReconciliationRow, totals: Totals) -> None:
    amounts = ("Refunds", "Store", "Booked elsewhere", "NetSuite", "Difference")
    title = f"{row.account} from {row.since} to {row.until}"
    listed = table("Day", "Currency", "What", *amounts, right=amounts, title=title)
    for group in totals.groups:
        for kind, of in group.kinds.items():
            figures = (of.store.text, of.explained.text, of.netsuite.text, of.difference.text)
            listed.add_row(str(group.day), group.currency, KIND_WORDS[kind], str(of.lines), *figures)
    for currency, group in totals.by_currency().items():
        whole = group.whole
        figures = (whole.store.text, whole.explained.text, whole.netsuite.text, whole.difference.text)
        listed.add_row(*(Text(word, style="bold") for word in ("All days", currency, "", str(whole.lines), *figures)))
    console.print(listed if totals.groups else f"{title}: neither side has a refund.")


def _say_line(line: Line) -> None:
    records = ", ".join(one.label for one in line.documents)
    refund = f"refund {line.refund} of order {line.order}" if line.refund else f"order {line.order or 'unknown'}"
    by = f" by {line.difference}" if line.difference else ""
    console.print(
        Text.assemble(
            (f"{KIND_WORDS[line.kind]}{by}: ", "bold"),
            f"{line.day} {refund}",
            (f"  {records}" if records else "", "dim"),
        ),
        soft_wrap=True,
    )
    say_findings(line.why)
