"""Realised exchange gains and losses: what remains on receivables when applied documents had other rates."""

from __future__ import annotations

from decimal import Decimal

from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.kinds import KINDS
from contrapost_emulators.netsuite.state import Application, Posting, Record, Row, State
from contrapost_emulators.netsuite.transactions.books import book_residues
from contrapost_emulators.netsuite.transactions.draft import Draft, round_to

CENTS = 2  # books are kept in currencies with cents
# The side on which each kind stands on receivables (or, for a deposit, on deposits): +1 debit, -1 credit.
SIDES = {"CustInvc": 1, "CustCred": -1, "CustPymt": -1, "CustRfnd": 1, "CustDep": -1, "DepAppl": -1}


def residue(draft: Draft, held: Application, target: Record, rates: tuple[Decimal, Decimal], places: int) -> Decimal:
    """What an application leaves on the account at the rates of its two ends, debit positive."""
    by_side = SIDES[draft.kind.code] if target.kind.code != "CustDep" else 1
    sides = (by_side, SIDES[target.kind.code])
    worth = (side * round_to(held.amount * rate, places) for side, rate in zip(sides, rates, strict=True))
    return sum(worth, Decimal(0))


def settled_account(state: State, draft: Draft, held: Application) -> str:
    """The account both documents of an application stand on."""
    if state.require("transaction", held.to).kind.code == "CustDep":
        return state.roles["deposits"]
    return draft.fields.ref("arAcct") or draft.fields.need("account")


def revaluation(draft: Draft, held: Application, tran_id: str, record_id: str) -> tuple[Record, Posting] | None:
    """NetSuite's own entry for the residue of one application, or none where the rates agree."""
    state, target = draft.state, draft.state.require("transaction", held.to)
    rates = (draft.fields.amount("exchangeRate"), target.values.amount("exchangeRate"))
    left = residue(draft, held, target, rates, draft.base_places)
    by_book = book_residues(draft, target, lambda *ends: residue(draft, held, target, ends, CENTS))
    if not left and not any(by_book.values()):
        return None
    account = settled_account(state, draft, held)
    values = Fields({name: draft.fields[name] for name in ("tranDate", "postingPeriod", "subsidiary", "currency")})
    values.update(createdFrom=draft.id, tranId=tran_id, transactionNumber=tran_id, account=account)
    values["exchangeRate"] = Decimal(1)
    rows = (
        Row(0, account, Decimal(0), -left, "main"),
        Row(1, state.roles["exchange"], Decimal(0), left, "item"),
    )
    now = state.clock.now()
    books = {book: (-worth, worth) for book, worth in by_book.items()}
    return Record(KINDS["fxreval"], record_id, values, {}, now, now), Posting(rows, books=books)
