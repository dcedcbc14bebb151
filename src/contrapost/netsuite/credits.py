"""NetSuite's records that give something back to customers, for a span of days or by their ids; page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

from contrapost.netsuite.suiteql import question, quoted, quoted_list
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contrapost.netsuite.match import Asked, OrderRule

ROWS_A_QUESTION: Final = 1000
"""NetSuite gives no more on one page, and no more than 100,000 to one question; by id, there is no end to it."""
IDS_A_QUESTION: Final = 1000
"""NetSuite takes no more values in an IN."""
_RECORDS: Final = {"CashRfnd": "cashRefund", "CustCred": "creditMemo", "CustRfnd": "customerRefund"}
_FROM: Final = ("matched", "sourcematched", "ordermatched", "appliedmatched", "depositmatched")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRecord:
    """A cash refund, credit memo or customer refund as it stands in NetSuite."""

    id: str
    record: str
    """Its REST name."""
    tranid: str
    external_id: str
    order: str
    """What stands in the field that orders are found by, of it or of what it came from."""
    total: Money
    """Above zero."""
    day: date
    voided: bool
    counted: bool
    """It credits the customer; a customer refund does where it pays a deposit back, not where it pays out a memo."""


def credits_between(
    net: Asked,
    since: date,
    until: date,
    *,
    rule: OrderRule,
    prefix: str,
    rows_a_question: int = ROWS_A_QUESTION,
) -> Iterator[tuple[CreditRecord, ...]]:
    """Gives the records dated in a span that carry our external ids, or belong to orders the rule could name.

    Args:
        net: NetSuite, to be asked.
        since: the first day.
        until: the last day.
        rule: how an order of the shop is found.
        prefix: how the external ids of the shop's records begin.
        rows_a_question: so many rows are asked for at once.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    mine = f"c.externalid LIKE {quoted(prefix + '%')}"
    which = (
        f"c.trandate >= {_day(since)} AND c.trandate <= {_day(until)}"
        f" AND ({mine} OR ((c.type <> 'CustRfnd' OR a.type = 'CustDep') AND ({_belongs(rule)})))"
    )
    yield from _pages(net, which, rule.field, rows_a_question)


def credits_of(net: Asked, ids: Sequence[str], *, rule: OrderRule) -> Iterator[tuple[CreditRecord, ...]]:
    """Gives records by their internal ids; those that are gone are left out.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    for start in range(0, len(ids), IDS_A_QUESTION):
        which = f"c.id IN ({quoted_list(ids[start : start + IDS_A_QUESTION])})"
        yield from _pages(net, which, rule.field, ROWS_A_QUESTION)


def _pages(net: Asked, which: str, field: str, most: int) -> Iterator[tuple[CreditRecord, ...]]:
    """Asks for the rows after the last record again and again; one whose rows may go on is left to the next page."""
    after = "0"
    while True:
        sql = question("credits", field=field, which=which, after=after, most=str(most))
        rows = net.rows(sql, "read the refunds and credit memos of some days")
        grouped = [list(found) for _, found in groupby(rows, key=lambda row: row["id"])]
        goes_on = len(rows) >= most
        whole = grouped[:-1] if goes_on and len(grouped) > 1 else grouped
        if whole:
            yield tuple(_record(found) for found in whole)
        if not goes_on:
            return
        after = whole[-1][0]["id"]


def _belongs(rule: OrderRule) -> str:
    """The condition that a record, or what it came from, could be named by the rule."""
    like = quoted(rule.pattern.format(order_name="%", order_number="%", order_id="%"))
    conditions = []
    for table in ("c", "s", "g", "a", "o"):
        only = "".join(f" AND {table}.{column} = {quoted(value)}" for column, value in sorted(rule.only.items()))
        conditions.append(f"({table}.{rule.field} LIKE {like}{only})")
    return " OR ".join(conditions)


def _day(day: date) -> str:
    return f"TO_DATE({quoted(day.isoformat())}, 'YYYY-MM-DD')"


def _record(rows: Sequence[Mapping[str, str]]) -> CreditRecord:
    row = rows[0]
    of_deposit = any(one.get("appliedto") == "CustDep" for one in rows)
    return CreditRecord(
        id=row["id"],
        record=_RECORDS[row["type"]],
        tranid=row.get("tranid", ""),
        external_id=row.get("externalid", ""),
        order=next((one[name] for one in rows for name in _FROM if one.get(name)), ""),
        total=abs(Money(Decimal(row.get("foreigntotal", "0")), row.get("currency", ""))),
        day=date.fromisoformat(row["trandate"]),
        voided=row.get("voided") == "T",
        counted=row["type"] != "CustRfnd" or of_deposit,
    )
