"""What a fresh account holds: one subsidiary and location, currencies, accounts and open periods."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.bodies import BodyReader
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.kinds import KINDS, kind_named
from contrapost_emulators.netsuite.lists import create
from contrapost_emulators.netsuite.state import Record, State

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.clock import Clock

YEARS_EACH_WAY = 3
CURRENCIES = (  # name, symbol, decimals, worth in USD
    ("US Dollar", "USD", 2, "1"),
    ("British pound", "GBP", 2, "1.27"),
    ("Canadian Dollar", "CAD", 2, "0.74"),
    ("Euro", "EUR", 2, "1.10"),
    ("Japanese yen", "JPY", 0, "0.0067"),
    ("Australian Dollar", "AUD", 2, "0.66"),
    ("Swiss franc", "CHF", 2, "1.12"),
    ("Swedish krona", "SEK", 2, "0.095"),
    ("Danish krone", "DKK", 2, "0.147"),
    ("Norwegian krone", "NOK", 2, "0.093"),
    ("New Zealand Dollar", "NZD", 2, "0.61"),
    ("Polish zloty", "PLN", 2, "0.25"),
    ("Mexican peso", "MXN", 2, "0.058"),
)
ACCOUNTS = (  # role, number, name, type
    ("bank", "1010", "Operating bank", "Bank"),
    ("undeposited", "1095", "Undeposited Funds", "OthCurrAsset"),
    ("receivable", "1100", "Accounts Receivable", "AcctRec"),
    ("asset", "1200", "Inventory", "OthCurrAsset"),
    ("tax", "2100", "Sales tax payable", "OthCurrLiab"),
    ("deposits", "2200", "Customer deposits", "OthCurrLiab"),
    ("income", "4000", "Product revenue", "Income"),
    ("shipping", "4010", "Shipping revenue", "Income"),
    ("discount", "4020", "Discounts", "Income"),
    ("cogs", "5000", "Cost of goods sold", "COGS"),
    ("adjustment", "5900", "Inventory adjustments", "COGS"),
    ("exchange", "7950", "Realized Gain/Loss", "OthIncome"),
)
PAYMENT_OPTIONS = ("Cash", "Check", "Credit Card", "PayPal", "Gift Card")


def fresh_state(clock: Clock) -> State:
    """An account as it stands before anything is done in it."""
    state = State(clock)
    with state.write():
        _currencies(state)
        _lists(state)
        _accounts(state)
        _periods(state)
    return state


def _make(state: State, kind: str, **body: object) -> Record:
    known = kind_named(kind)
    return create(state, known, BodyReader(state, known, "error").read(body))


def _currencies(state: State) -> None:
    for name, symbol, places, worth in CURRENCIES:
        record = _make(
            state,
            "currency",
            name=name,
            symbol=symbol,
            currencyPrecision={"id": str(places)},
            exchangeRate=Decimal(worth),
        )
        state.roles.setdefault("currency", record.id)
        record.values["isBaseCurrency"] = symbol == "USD"


def _lists(state: State) -> None:
    base = {"id": state.roles["currency"]}
    state.roles["subsidiary"] = _make(state, "subsidiary", name="Parent Company", currency=base).id
    book = _make(state, "accountingBook", name="Primary Accounting Book", currency=base)
    book.values["isPrimary"] = True
    state.roles["location"] = _make(state, "location", name="Main").id
    for name in PAYMENT_OPTIONS:
        _make(state, "paymentOption", name=name)


def _accounts(state: State) -> None:
    for role, number, name, kind in ACCOUNTS:
        body: dict[str, object] = {"acctNumber": number, "acctName": name, "acctType": {"id": kind}}
        state.roles[role] = _make(state, "account", **body).id


def _periods(state: State) -> None:
    this_year = state.clock.today().year
    for year in range(this_year - YEARS_EACH_WAY, this_year + YEARS_EACH_WAY + 1):
        whole = _period(state, f"FY {year}", (year, 1), (year, 12), None, "isYear")
        for quarter in range(4):
            first = quarter * 3 + 1
            part = _period(state, f"Q{quarter + 1} {year}", (year, first), (year, first + 2), whole, "isQuarter")
            for month in range(first, first + 3):
                name = f"{calendar.month_abbr[month]} {year}"
                _period(state, name, (year, month), (year, month), part, "isPosting")


def _period(
    state: State, name: str, first: tuple[int, int], last: tuple[int, int], parent: str | None, mark: str
) -> str:
    values = Fields(
        periodName=name,
        startDate=date(*first, 1),
        endDate=date(*last, calendar.monthrange(*last)[1]),
        parent=parent,
    )
    values.update(dict.fromkeys(("isYear", "isQuarter", "isPosting", "isAdjust", "isInactive"), False))
    values.update(dict.fromkeys(("closed", "arLocked", "apLocked", "allLocked"), False))
    values[mark] = True
    now = state.clock.now()
    record = Record(KINDS["accountingperiod"], str(state.next_number("period id")), values, {}, now, now)
    state.put(record)
    return record.id
