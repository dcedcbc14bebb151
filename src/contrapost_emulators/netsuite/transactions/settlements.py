"""Payments, deposits and customer refunds: money against receivables and deposits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.state import Application, Posting, Record
from contrapost_emulators.netsuite.transactions.apply import open_amount, party, settle
from contrapost_emulators.netsuite.transactions.ledger import two_rows

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.transactions.draft import Draft
    from contrapost_emulators.netsuite.transactions.trade import Outcome


def payment(draft: Draft) -> Outcome:
    """A customer payment: cash in, receivables down."""
    _accounts(draft)
    given = draft.fields.number("payment")
    total = draft.rounded(given) if given is not None else None
    applications = settle(draft, total, draft.fields.need("arAcct"))
    if total is None:
        total = _sum(applications)
    _refuse_nothing(total)
    draft.fields["payment"] = draft.fields["total"] = total
    return _posting(draft, draft.fields.need("account"), draft.fields.need("arAcct"), total), applications


def deposit(draft: Draft) -> Outcome:
    """A customer deposit: cash in, a liability until it is used or paid back."""
    _accounts(draft)
    draft.fields.pop("arAcct", None)
    total = draft.rounded(draft.fields.amount("payment"))
    _refuse_nothing(total)
    draft.fields["payment"] = draft.fields["total"] = total
    return _posting(draft, draft.fields.need("account"), draft.state.roles["deposits"], total), []


def deposit_application(draft: Draft) -> Outcome:
    """A deposit used: the liability becomes a credit on receivables, applied to invoices or paid back."""
    source = draft.state.require("transaction", draft.fields.need("deposit"))
    draft.default("arAcct", draft.state.roles["receivable"])
    applications = settle(draft, None, draft.fields.need("arAcct"))
    total = draft.fields.number("_amount") or _sum(applications)
    _refuse_nothing(total)
    if total > open_amount(draft.state, source):
        raise Refused("over-applied", amount=total, doc=source.name, open=open_amount(draft.state, source))
    draft.fields["total"] = total
    taken = Application(draft.id, source.id, total)
    debit, credit = draft.state.roles["deposits"], draft.fields.need("arAcct")
    rows = two_rows(draft, debit, credit, total, main=credit)
    return Posting(tuple(rows)), [*applications, taken]


def customer_refund(draft: Draft) -> Outcome:
    """A customer refund: cash out, against memos, payments and deposits that are still open."""
    _accounts(draft)
    applications = settle(draft, None, draft.fields.need("arAcct"))
    total = _sum(applications)
    _refuse_nothing(total)
    draft.fields["total"] = total
    cash = draft.fields.need("account")
    rows = two_rows(draft, draft.fields.need("arAcct"), cash, total, main=cash)
    return Posting(tuple(rows)), applications


def _accounts(draft: Draft) -> None:
    draft.default("account", draft.state.roles["undeposited"])
    if draft.kind.name == "customerRefund":
        draft.default("arAcct", draft.state.sticky.get("customerRefund.arAcct"))
        if draft.given.fields.get("arAcct") is not None:
            draft.state.sticky["customerRefund.arAcct"] = draft.fields["arAcct"]
    draft.default("arAcct", draft.state.roles["receivable"])


def _posting(draft: Draft, debit: str, credit: str, total: Decimal) -> Posting:
    return Posting(tuple(two_rows(draft, debit, credit, total, main=debit)))


def _sum(applications: list[Application]) -> Decimal:
    return sum((held.amount for held in applications), Decimal(0))


def _refuse_nothing(total: Decimal) -> None:
    if total <= 0:
        raise Refused("nothing applied")


def deposits_asked(draft: Draft) -> list[tuple[Record, Decimal]]:
    """The deposits a customer refund pays back, each with its amount."""
    asked = []
    for position, line in enumerate(draft.lines("deposit")):
        if line.flag("apply", default=True):
            asked.append(_deposit_line(draft, line, f"deposit.items[{position}]"))
    asked = [(source, amount) for source, amount in asked if amount]
    draft.sublists["deposit"] = []
    return asked


def _deposit_line(draft: Draft, line: Fields, path: str) -> tuple[Record, Decimal]:
    if line.ref("doc") is None:
        raise Refused("missing", f"{path}.doc", name="Doc")
    source = draft.state.require("transaction", line.need("doc"))
    same = party(source.values) == party(draft.fields)
    if source.kind.code != "CustDep" or not same:
        raise Refused("cannot apply", f"{path}.doc", doc=source.name)
    if source.values.ref("currency") != draft.fields.ref("currency"):
        raise Refused("mismatched currency", f"{path}.doc", name=source.name)
    free = open_amount(draft.state, source)
    asked = line.number("amount")
    amount = free if asked is None else draft.rounded(asked)
    if amount > free or amount < 0:
        raise Refused("over-applied", amount=amount, doc=source.name, open=free)
    return source, amount
