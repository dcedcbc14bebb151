"""Reading the lists of a NetSuite account that mapping needs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.lists import (
    Currency,
    Item,
    LedgerAccount,
    Lists,
    Location,
    Period,
    Rate,
    Subsidiary,
)
from contrapost.netsuite.suiteql import question, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost.netsuite.match import Asked


def read_lists(net: Asked, item_names: Iterable[str]) -> Lists:
    """Reads accounts, locations, posting periods, and the items of these names (or `id:123`).

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    asked = tuple(sorted(set(item_names)))
    return Lists(
        accounts=_accounts(net),
        items=_items(net, asked),
        locations=_locations(net),
        periods=_periods(net),
        asked_items=asked,
        currencies=_currencies(net),
        subsidiaries=_subsidiaries(net),
        rates=_rates(net),
        suitetax=_uses_suitetax(net),
    )


def _accounts(net: Asked) -> tuple[LedgerAccount, ...]:
    rows = net.rows(question("accounts"), "read the chart of accounts")
    return tuple(
        LedgerAccount(
            id=row["id"],
            number=row.get("acctnumber", ""),
            name=row.get("fullname", "").removeprefix(row.get("acctnumber", "")).strip(),
            type=row.get("accttype", ""),
        )
        for row in rows
    )


def _items(net: Asked, asked: tuple[str, ...]) -> tuple[Item, ...]:
    if not asked:
        return ()
    ids = [name.removeprefix("id:") for name in asked if name.startswith("id:") and name[3:].isdigit()]
    names = [name for name in asked if not name.startswith("id:")]
    sql = question("items", names=quoted_list(names), ids=", ".join(ids) or "NULL")
    return tuple(
        Item(
            id=row["id"],
            name=row.get("itemid", ""),
            type=row.get("itemtype", ""),
            income_account=row.get("incomeaccount", ""),
        )
        for row in net.rows(sql, "read the items that the accounts name")
    )


def _locations(net: Asked) -> tuple[Location, ...]:
    rows = net.rows(question("locations"), "read the locations")
    return tuple(Location(id=row["id"], name=row.get("name", "")) for row in rows)


def _periods(net: Asked) -> tuple[Period, ...]:
    rows = net.rows(question("periods"), "read the accounting periods")
    return tuple(
        Period(
            id=row["id"],
            name=row.get("periodname", ""),
            start=date.fromisoformat(row["startdate"]),
            end=date.fromisoformat(row["enddate"]),
            closed="T" in (row.get("closed"), row.get("arlocked"), row.get("alllocked")),
        )
        for row in rows
    )


def _currencies(net: Asked) -> tuple[Currency, ...]:
    rows = net.rows(question("currencies"), "read the currencies")
    return tuple(
        Currency(id=row["id"], symbol=row.get("symbol", ""), decimals=int(row.get("currencyprecision", "2")))
        for row in rows
    )


def _subsidiaries(net: Asked) -> tuple[Subsidiary, ...]:
    rows = _if_there(net, "subsidiaries", "read the subsidiaries") or []
    return tuple(
        Subsidiary(id=row["id"], name=row.get("name", ""), currency_id=row.get("currency", "")) for row in rows
    )


def _rates(net: Asked) -> tuple[Rate, ...]:
    rows = _if_there(net, "rates", "read the exchange rates") or []
    return tuple(
        Rate(
            base_id=row["basecurrency"],
            currency_id=row["transactioncurrency"],
            day=date.fromisoformat(row["effectivedate"]),
            rate=Decimal(row["exchangerate"]),
        )
        for row in rows
        if row.keys() >= {"basecurrency", "transactioncurrency", "effectivedate", "exchangerate"}
    )


def _uses_suitetax(net: Asked) -> bool:
    return _if_there(net, "suitetax", "see whether the account uses SuiteTax") is not None


def _if_there(net: Asked, name: str, what: str) -> list[dict[str, str]] | None:
    """Asks for a table that not every account has: NetSuite refuses the question where there is none."""
    try:
        return net.rows(question(name), what)
    except NetSuiteError as refused:
        if refused.retryable:
            raise
        return None
