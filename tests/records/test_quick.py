"""What every poll, look and plan asks is answered by an index that fits, not by reading all refunds of a shop."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from contrapost.records import keeping, queries, waiting
from contrapost.records.rows import Filters
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Books

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKED: dict[str, tuple[Callable[[], object], str]] = {
    "due": (lambda: waiting.due(now=NOON, account="shop"), "transactions_due"),
    "rounded": (lambda: queries.rounded_in_month("shop", date(2026, 3, 1), "USD", beside=1), "transactions_rounded"),
    "changed": (lambda: queries.count(Filters(account="shop", changed=True)), "transactions_changed_of"),
    "gone": (lambda: keeping.keep("shop", [], by="ada", now=NOON, by_hand=False, whole_orders=["1", "2"]), "order_id"),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_million_rows_are_not_read(books: Books, name: str) -> None:
    """SQLite has no counts to choose by, so that each index has to be the obvious one."""
    books.kept()
    ask, index = ASKED[name]

    plans = _plans(ask)

    assert any(index in plan for plan in plans), plans
    assert not any("transactions_by" in plan or "SCAN records_transaction" in plan for plan in plans), plans


def test_the_numbers_on_the_tabs_are_counted_from_an_index_alone(books: Books) -> None:
    """A month of one status is a range of an index that also says the day of the shop; no row is read for it."""
    books.kept()
    month = Filters(account="shop", first_day=date(2026, 3, 1), last_day=date(2026, 3, 31))

    plans = [plan for plan in _plans(lambda: queries.counts(month)) if "transactions_by" in plan]

    assert len(plans) == len(State)
    assert all(
        "COVERING INDEX transactions_by_both (account_id=? AND status=? AND refunded_at>?" in one for one in plans
    )


def _plans(ask: Callable[[], object]) -> list[str]:
    """Gives how SQLite answers each question about transactions that is asked meanwhile."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL counts its rows, and reads so few as these without an index")
    plans: list[str] = []

    def explained(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if sql.startswith("SELECT") and "records_transaction" in sql:
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                plans.append(" ".join(row[3] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        ask()
    return plans
