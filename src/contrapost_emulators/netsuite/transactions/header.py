"""Fills the header of a transaction: subsidiary, currency, rate, dates, period and number."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.transactions.draft import Draft, round_to
from contrapost_emulators.netsuite.transactions.periods import set_period

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.state import Record, State

NUMBER_PREFIX = {
    "SalesOrd": "SO",
    "CashSale": "CS",
    "CustInvc": "INV",
    "CashRfnd": "CR",
    "CustCred": "CM",
    "RtnAuth": "RMA",
    "ItemRcpt": "IR",
    "CustPymt": "PYMT",
    "CustDep": "CD",
    "DepAppl": "DA",
    "CustRfnd": "RF",
    "InvAdjst": "IA",
    "FxReval": "FX",
    "Journal": "JE",
    "Deposit": "DEP",
}
NON_POSTING = frozenset({"SalesOrd", "RtnAuth"})


def party_field(draft: Draft) -> str | None:
    """The field that holds the customer, where the kind has one."""
    return next((name for name in ("entity", "customer") if name in draft.kind.body), None)


def fill_header(draft: Draft) -> None:
    """Complete and check what every transaction has."""
    _party(draft)
    _currency(draft)
    draft.default("tranDate", draft.state.clock.today())
    if draft.kind.code not in NON_POSTING:
        set_period(draft)
    if draft.before is None:
        _number(draft)


def _party(draft: Draft) -> None:
    name = party_field(draft)
    customer = None
    if name is not None:
        if draft.fields.ref(name) is None:
            raise Refused("missing", name, name="Customer")
        customer = draft.state.require("entity", draft.fields.need(name))
    own = customer.values.ref("subsidiary") if customer else None
    draft.default("subsidiary", own or draft.state.roles["subsidiary"])
    if customer is not None:
        draft.default("currency", customer.values.ref("currency"))


def _currency(draft: Draft) -> None:
    base = base_currency(draft.state, draft.fields.need("subsidiary"))
    draft.default("currency", base.id)
    currency = draft.state.require("currency", draft.fields.need("currency"))
    draft.places = precision(currency)
    draft.base_places = precision(base)
    draft.default("exchangeRate", todays_rate(currency, base))
    if draft.fields.amount("exchangeRate") <= 0:
        raise Refused("invalid value", "exchangeRate", value=0, name="exchangeRate")


def base_currency(state: State, subsidiary: str) -> Record:
    """The currency a subsidiary keeps its books in."""
    held = state.require("subsidiary", subsidiary).values.ref("currency")
    return state.require("currency", held or state.roles["currency"])


def precision(currency: Record) -> int:
    """The decimals of a currency: 0 or 2."""
    return int(currency.values.text("currencyPrecision") or 2)


def todays_rate(currency: Record, base: Record) -> Decimal:
    """What one unit of a currency is worth in a base currency now."""
    if currency.id == base.id:
        return Decimal(1)
    one = Decimal(1)
    rate = (currency.values.number("exchangeRate") or one) / (base.values.number("exchangeRate") or one)
    return round_to(rate, 8)


def _number(draft: Draft) -> None:
    prefix = NUMBER_PREFIX[draft.kind.code]
    number = draft.state.next_number(f"tranid {prefix}")
    draft.default("tranId", f"{prefix}{number}")
    draft.fields["transactionNumber"] = f"{draft.kind.name.upper()}{number}"
