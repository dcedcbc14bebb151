"""Deposits to the bank: what came into Undeposited Funds is taken to a bank account, many payments by one record."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.state import Posting, Row
from contrapost_emulators.netsuite.transactions.apply import total_of

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.state import Record, State
    from contrapost_emulators.netsuite.transactions.draft import Draft
    from contrapost_emulators.netsuite.transactions.trade import Outcome

# What Undeposited Funds take in, and what they give back.
SIGNS = {"CashSale": 1, "CustPymt": 1, "CustDep": 1, "CashRfnd": -1, "CustRfnd": -1}
SUBLIST = "payment"


def payments_in(record: Record) -> list[str]:
    """The payments that a deposit takes to the bank."""
    return [line.need("id") for line in record.lines(SUBLIST)] if record.kind.code == "Deposit" else []


def is_banked(state: State, record: Record) -> bool:
    """Whether a deposit took a payment to the bank."""
    return any(child.kind.code == "Deposit" for child in state.children_of(record.id))


def bank_deposit(draft: Draft) -> Outcome:
    """A deposit: the bank for Undeposited Funds, and the exchange result where rates differ."""
    _check_bank(draft)
    lines = [line for line in draft.lines(SUBLIST) if line.flag("deposit", default=True)]
    if not lines:
        raise Refused("no lines", SUBLIST)
    taken: set[str] = set()
    rows = [_row(draft, line, position, taken) for position, line in enumerate(lines)]
    draft.sublists[SUBLIST] = lines
    total = -sum((row.foreign for row in rows), Decimal(0))
    draft.fields["total"] = total
    main = Row(0, draft.fields.need("account"), total, draft.in_base(total), "main")
    left = main.base + sum((row.base for row in rows), Decimal(0))
    if left:
        rows.append(Row(len(rows) + 1, draft.state.roles["exchange"], Decimal(0), -left))
    return Posting((main, *rows)), []


def _check_bank(draft: Draft) -> None:
    account = draft.state.find("account", draft.fields.ref("account"))
    if account is None:
        raise Refused("missing", "account", name="Account")
    if account.values.text("acctType") != "Bank":
        raise Refused("invalid reference", "account", name="account", value=account.id)


def _row(draft: Draft, line: Fields, position: int, taken: set[str]) -> Row:
    path = f"{SUBLIST}.items[{position}].id"
    if line.ref("id") is None:
        raise Refused("missing", path, name="Payment")
    payment = draft.state.require("transaction", line.need("id"))
    if payment.id in taken or not _waits(draft, payment):
        raise Refused("not to be deposited", path, doc=payment.name)
    taken.add(payment.id)
    amount = SIGNS[payment.kind.code] * total_of(payment)
    line.update(deposit=True, paymentAmount=amount, type=payment.kind.label)
    line.update(docNumber=payment.values.text("tranId"), docDate=payment.values.day("tranDate"))
    worth = draft.state.postings[payment.id].rows[0].base
    return Row(position + 1, draft.state.roles["undeposited"], -amount, -worth)


def _waits(draft: Draft, payment: Record) -> bool:
    """Whether a payment waits in Undeposited Funds, in the currency and subsidiary of the deposit."""
    same = all(payment.values.ref(name) == draft.fields.ref(name) for name in ("currency", "subsidiary"))
    held = payment.kind.code in SIGNS and payment.values.ref("account") == draft.state.roles["undeposited"]
    return same and held and not payment.voided and not is_banked(draft.state, payment)
