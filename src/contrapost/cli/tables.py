"""Refunds, previews and attempts as tables in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from contrapost.cli.say import STATE_STYLES, console, say_findings
from contrapost.netsuite.drafts import LABELS as LABELS_OF_RECORDS
from contrapost.netsuite.drafts import OWN_LABELS
from contrapost.refunds.lifecycle import LABELS, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contrapost.records.rows import TransactionRow, TransactionSummary


def table(*columns: str, right: Iterable[str] = (), title: str = "") -> Table:
    """Makes a table in the house's look; the columns named in `right` hold figures."""
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    figures = set(right)
    for column in columns:
        made.add_column(column, justify="right" if column in figures else "left", no_wrap=column in figures)
    return made


def status_text(status: State, reason: str = "") -> Text:
    """Gives a state's word in its colour, with the reason beside it."""
    word = LABELS[status]
    said = f"{word}: {reason.replace('_', ' ')}" if reason else word
    return Text(said, style=STATE_STYLES.get(status.value, ""))


def say_refunds(rows: Sequence[TransactionSummary]) -> None:
    """Writes refunds as a list, with what is wrong under it."""
    if not rows:
        console.print("No refunds.")
        return
    listed = table("ID", "Order", "Refund", "Date", "Amount", "Status", "NetSuite", right=("ID", "Amount"))
    for row in rows:
        numbers = ", ".join(link.tranid or link.netsuite_id for link in row.links)
        status = status_text(row.status, row.reason)
        listed.add_row(
            str(row.id), row.order_name, row.store_refund_id, str(row.refunded_on), str(row.amount), status, numbers
        )
    console.print(listed)
    for row in rows:
        if row.findings:
            console.print(Text(f"Refund {row.id} of order {row.order_name}", style="bold"))
            say_findings(row.findings)


def say_preview(row: TransactionRow, shape: dict[str, Any]) -> None:
    """Writes what a refund becomes: the amounts, the records, the ledger, the stock, and why."""
    _say_head(row)
    if row.plan is None or not shape["records"]:
        say_findings(row.findings)
        return
    _say_amounts(shape, row.amount.currency)
    _say_records(shape)
    _say_ledger(shape)
    _say_stock(shape)
    _say_why(shape)
    say_findings(row.findings)


def _say_head(row: TransactionRow) -> None:
    head = Text.assemble((f"Refund of {row.amount}", "bold"), f"  order {row.order_name}, {row.refunded_on}  ")
    console.print(head + status_text(row.status, row.reason))


def _say_amounts(shape: dict[str, Any], currency: str) -> None:
    names = ("credited", "paid_out", "to_liability", "receivable_reduced", "rounding")
    amounts = table(*(name.replace("_", " ").capitalize() for name in names), "In NetSuite", right=())
    amounts.add_row(*(shape[name] for name in names), f"{shape['netsuite_total']} {currency}")
    console.print(amounts)


def _say_records(shape: dict[str, Any]) -> None:
    for record in shape["records"]:
        label = LABELS_OF_RECORDS[record["type"]].capitalize()
        source = f" from {_words(record['from']['type'])} {record['from']['id']}" if record["from"] else ""
        day = record["fields"].get("tranDate", "")
        console.print(Text.assemble((f"{label}{source}, {day}  ", "bold"), (record["external_id"], "dim")))
        if not record["lines"]:
            console.print(f"  {_what_it_does(record)}\n")
            continue
        lines = table("Line", "Quantity", "Amount", "Tax", right=("Quantity", "Amount", "Tax"))
        for line in record["lines"]:
            item = Text.assemble(line["item"], (f"  {line['why']}" if line["why"] else "", "dim"))
            lines.add_row(item, _blank(line["quantity"]), line["amount"], _blank(line["tax"]))
        lines.add_row(Text("Total", style="bold"), "", Text(record["total"], style="bold"), "")
        console.print(lines)


def _what_it_does(record: dict[str, Any]) -> str:
    """A record without lines of its own: what it pays out, takes back, or changes."""
    if record["takes_back"]:
        return f"{record['total']}, {'deletes' if record['deletes'] else 'takes back'} record {record['takes_back']}"
    if record["type"] == "salesOrder":
        lines = ", ".join(str(line["line"]) for line in record["fields"]["item"]["items"])
        return f"closes its line {lines}"
    return f"{record['total']}, pays the {'deposit back' if 'deposit' in record['fields'] else 'credit memo out'}"


def _say_ledger(shape: dict[str, Any]) -> None:
    ledger = table("Account", "Record", "Debit", "Credit", right=("Debit", "Credit"), title="Ledger")
    for line in shape["ledger"]:
        own = "  NetSuite's own" if line["by"] == "netsuite" else ""
        account = Text.assemble(f"{line['account']} {line['account_name']}", (own, "dim"))
        record = LABELS_OF_RECORDS.get(line["record"]) or OWN_LABELS[line["record"]]
        ledger.add_row(account, record, _blank(line["debit"]), _blank(line["credit"]))
    console.print(ledger)


def _say_stock(shape: dict[str, Any]) -> None:
    for move in shape["stock"]:
        place = f" at {move['location']}" if move["location"] else ""
        console.print(f"Stock: +{move['quantity']} {move['item']}{place}")
    if not shape["stock"]:
        console.print("Stock: no movement")


def _say_why(shape: dict[str, Any]) -> None:
    why = table("Why", "", "")
    for reason in shape["trace"]:
        why.add_row(reason["what"], reason["value"], Text(reason["why"], style="dim"))
    console.print(why)


def _words(name: str) -> str:
    """A record's REST name as people write it: `cashSale` is a cash sale."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)


def _blank(amount: str) -> str:
    return amount.strip("0.") and amount
