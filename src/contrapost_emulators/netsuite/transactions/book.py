"""Saves and deletes transactions: one path for what is created, edited or transformed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.bodies import Submission
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.kinds import KINDS, Kind
from contrapost_emulators.netsuite.served import check_served
from contrapost_emulators.netsuite.state import Application, Posting, Record, State
from contrapost_emulators.netsuite.transactions import adjustments, banking, returns, settlements, trade
from contrapost_emulators.netsuite.transactions.apply import applied_amount, join, open_amount, part, total_of
from contrapost_emulators.netsuite.transactions.books import keep_books
from contrapost_emulators.netsuite.transactions.draft import Draft, take_in
from contrapost_emulators.netsuite.transactions.exchange import revaluation
from contrapost_emulators.netsuite.transactions.gateway import move_money
from contrapost_emulators.netsuite.transactions.gift_certificates import settle_certificates
from contrapost_emulators.netsuite.transactions.header import NON_POSTING, fill_header
from contrapost_emulators.netsuite.transactions.ledger import check_balanced
from contrapost_emulators.netsuite.transactions.periods import leaves_words_only, refuse_in_shut_period
from contrapost_emulators.netsuite.transactions.standing import refresh
from contrapost_emulators.netsuite.transactions.stock import move_back
from contrapost_emulators.netsuite.transactions.transforms import start_transform
from contrapost_emulators.netsuite.transactions.validity import check_named

if TYPE_CHECKING:
    from collections.abc import Callable

POSTERS: dict[str, Callable[[Draft], trade.Outcome]] = {
    "SalesOrd": trade.order,
    "CashSale": trade.cash_sale,
    "CustInvc": trade.invoice,
    "CashRfnd": trade.cash_refund,
    "CustCred": trade.credit_memo,
    "RtnAuth": returns.return_authorization,
    "ItemRcpt": returns.item_receipt,
    "CustPymt": settlements.payment,
    "CustDep": settlements.deposit,
    "DepAppl": settlements.deposit_application,
    "CustRfnd": settlements.customer_refund,
    "InvAdjst": adjustments.adjustment,
    "Deposit": banking.bank_deposit,
}
# Made by NetSuite itself when another document is saved, and gone with it.
ATTENDANTS = frozenset({"FxReval", "DepAppl"})


def create(state: State, kind: Kind, submission: Submission) -> Record:
    """Save a new transaction."""
    check_served(kind, "create")
    return _save(_new(state, kind), submission)


def transform(state: State, source: Record, kind: Kind, submission: Submission) -> Record:
    """Save a new transaction made from another."""
    if source.voided:
        raise Refused("voided")
    draft = _new(state, kind)
    start_transform(draft, source)
    return _save(draft, submission)


def edit(state: State, record: Record, submission: Submission) -> Record:
    """Save a transaction anew with the changes of a request."""
    check_served(record.kind, "change")
    if record.voided:
        raise Refused("voided")
    words_only, effect = leaves_words_only(state, record), _effect(state, record)
    draft = Draft(state, record.kind, record.id, record.values.copy(), before=record)
    draft.sublists = {name: [line.copy() for line in lines] for name, lines in record.sublists.items()}
    draft.source = state.find("transaction", record.values.ref("createdFrom"))
    withdraw(state, record)
    saved = _save(draft, submission)
    if words_only and _effect(state, saved) != effect:
        raise Refused("period closed")
    return saved


def _effect(state: State, record: Record) -> list[tuple[object, ...]]:
    """What a transaction does to the ledger and to stock."""
    posting = state.postings.get(record.id) or Posting()
    return [(row.account, row.foreign, row.base, row.item, row.quantity) for row in posting.rows]


def _new(state: State, kind: Kind) -> Draft:
    return Draft(state, kind, str(state.next_number("transaction id")))


def _save(draft: Draft, submission: Submission) -> Record:
    state = draft.state
    take_in(draft, submission)
    fill_header(draft)
    check_named(draft)
    draft.source = state.find("transaction", draft.fields.ref("createdFrom"))
    _pay_back_deposits(draft)
    posting, applications = POSTERS[draft.kind.code](draft)
    if draft.kind.code not in NON_POSTING:
        check_balanced(posting.rows)
        posting = replace(posting, books=keep_books(draft, posting.rows))
    state.put(_record(draft))
    _link_to_sources(state, state.require("transaction", draft.id))
    state.postings[draft.id] = posting
    _apply(draft, applications)
    _refuse_below_applied(draft)
    _refresh_around(draft, applications)
    saved = state.require("transaction", draft.id)
    move_money(draft, saved)
    settle_certificates(state, draft.before, saved)
    return saved


def _record(draft: Draft) -> Record:
    now = draft.state.clock.now()
    created = draft.before.created if draft.before else now
    sublists = {name: tuple(lines) for name, lines in draft.sublists.items()}
    values = Fields({name: value for name, value in draft.fields.items() if not name.startswith("_")})
    return Record(draft.kind, draft.id, values, sublists, created, now)


def _link_to_sources(state: State, record: Record) -> None:
    for source in _sources(record):
        children = state.children.get(source) or ()
        if record.id not in children:
            state.children[source] = (*children, record.id)


def _sources(record: Record) -> list[str]:
    """What a transaction was made from: one document, or the payments that it takes to the bank."""
    source = record.values.ref("createdFrom")
    return [source] if source else banking.payments_in(record)


def _pay_back_deposits(draft: Draft) -> None:
    """A deposit that is refunded becomes a deposit application, and the refund applies that."""
    if draft.kind.code != "CustRfnd":
        return
    for deposit, amount in settlements.deposits_asked(draft):
        attendant = _new(draft.state, KINDS["depositapplication"])
        attendant.source = deposit
        attendant.fields.update(
            {name: draft.fields[name] for name in ("customer", "subsidiary", "currency", "tranDate", "postingPeriod")}
        )
        attendant.fields.update(deposit=deposit.id, createdFrom=deposit.id, _amount=amount)
        attendant.fields["exchangeRate"] = deposit.values["exchangeRate"]
        attendant.fields["arAcct"] = draft.fields.ref("arAcct") or draft.state.roles["receivable"]
        made = _save(attendant, Submission())
        draft.lines("apply").append(Fields(doc=made.id, line=0, apply=True, amount=amount))


def _apply(draft: Draft, applications: list[Application]) -> None:
    join(draft.state, applications)
    for held in applications:
        _revalue(draft, held)


def _refuse_below_applied(draft: Draft) -> None:
    """A document that others are applied to cannot be edited down below what is applied."""
    record = draft.state.require("transaction", draft.id)
    if draft.before is not None and open_amount(draft.state, record) < 0:
        applied = applied_amount(draft.state, draft.id)
        raise Refused("over-applied total", amount=applied, open=total_of(record))


def _revalue(draft: Draft, held: Application) -> None:
    state = draft.state
    number = state.next_number("tranid FX")
    made = revaluation(draft, held, f"FX{number}", str(state.next_number("transaction id")))
    if made is None:
        return
    record, posting = made
    state.put(record)
    state.postings[record.id] = posting
    state.children[draft.id] = (*(state.children.get(draft.id) or ()), record.id)


def _refresh_around(draft: Draft, applications: list[Application]) -> None:
    refresh(draft.state, draft.id)
    for held in applications:
        refresh(draft.state, held.to)
    for source in _sources(draft.state.require("transaction", draft.id)):
        refresh(draft.state, source)


def withdraw(state: State, record: Record) -> list[str]:
    """Take back what a transaction did to ledger, stock and other documents; answers the documents it settled."""
    posting = state.postings.get(record.id) or Posting()
    move_back(state, posting.moves)
    state.postings.remove(record.id)
    touched = part(state, record.id)
    for child in state.children_of(record.id):
        if child.kind.code == "FxReval":
            _erase(state, child)
    for other in touched:
        refresh(state, other)
    return touched


def delete(state: State, record: Record) -> None:
    """Delete a transaction that nothing else depends on."""
    check_served(record.kind, "delete")
    refuse_in_shut_period(state, record)
    refuse_dependents(state, record, "dependents")
    settled = withdraw(state, record)
    _erase(state, record)
    settle_certificates(state, record, None)
    delete_attendants(state, record, settled)


def refuse_dependents(state: State, record: Record, message: str) -> None:
    """Refuse what cannot be done to a transaction that others were made from, or are applied to."""
    made = [child for child in state.children_of(record.id) if child.kind.code not in ATTENDANTS and not child.voided]
    held = state.applications.get(record.id) or ()
    applied = [state.require("transaction", one.by) for one in held if one.to == record.id]
    names = {other.name for other in (*made, *applied)}
    if names:
        raise Refused(message, names=", ".join(sorted(names)))


def delete_attendants(state: State, record: Record, settled: list[str]) -> None:
    """With a customer refund go the deposit applications that were made for it."""
    for target in settled:
        attendant = state.find("transaction", target)
        if record.kind.code == "CustRfnd" and attendant is not None and attendant.kind.code == "DepAppl":
            withdraw(state, attendant)
            _erase(state, attendant)


def _erase(state: State, record: Record) -> None:
    state.postings.remove(record.id)
    state.remove(record)
    for source in _sources(record):
        state.children[source] = tuple(child for child in state.children.get(source) or () if child != record.id)
        if state.find("transaction", source) is not None:
            refresh(state, source)
