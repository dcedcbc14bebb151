"""Every recorded refund of a real cart: read, mapped, and kept count of, so that a rise in held is seen."""

from __future__ import annotations

import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from recorded.page import all_outcomes, page, reasons, why
from recorded.recording import Outcome

from contrapost.netsuite.drafts import RecordType
from contrapost.refunds.balance import balance

ROOT = Path(__file__).parents[2]
RECORDINGS = Path(os.environ.get("CONTRAPOST_SHARED", ROOT.parent / "shared")) / "fixtures"
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not at hand")

CREDITS = {RecordType.CASH_REFUND, RecordType.CREDIT_MEMO}
PAYS = {RecordType.CASH_REFUND, RecordType.CUSTOMER_REFUND}


@pytest.fixture(scope="module")
def made() -> list[Outcome]:
    """What became of each."""
    return all_outcomes(RECORDINGS)


def test_page_and_counts_are_as_the_product_makes_them(made: list[Outcome]) -> None:
    """A refund that fares otherwise than the page says fails here: `make recorded-refunds` shows the change."""
    assert (ROOT / "docs/recorded-refunds.md").read_text(encoding="utf-8") == page(made)


def test_every_holding_has_its_reason(made: list[Outcome]) -> None:
    """What is held is held for a reason somebody wrote down, and no reason outlives its holding."""
    held = [one for one in made if one.kind == "held"]
    assert [one.recording.key for one in held if not why(one)] == []
    used = {(one.recording.source, one.code) for one in held}
    assert {(source, code) for source, codes in reasons().items() for code in codes} == used


def test_every_recorded_refund_is_told_once(made: list[Outcome]) -> None:
    """No refund is read twice, and each says what it gives back or why it could not be read."""
    keys = [one.recording.key for one in made]
    assert len(set(keys)) == len(keys)
    assert all(one.recording.refund or one.message for one in made)


def test_what_is_ready_agrees_to_the_cent(made: list[Outcome]) -> None:
    """The records come to what the store paid out, their ledger balances, and the equation holds without rounding."""
    for one in made:
        if one.plan is None:
            continue
        amounts, refund = one.plan.amounts, one.recording.refund
        assert refund is not None
        sums = balance(refund)
        paying = [draft for draft in one.plan.drafts if draft.record in PAYS]
        assert sum((draft.total.amount for draft in paying), Decimal(0)) == sums.paid_out.amount, one.recording.key
        assert amounts.credited + amounts.rounding == amounts.paid_out + amounts.to_liability, one.recording.key
        entries = [entry for draft in one.plan.drafts for entry in draft.ledger]
        assert sum(entry.debit for entry in entries) == sum(entry.credit for entry in entries), one.recording.key


def test_no_order_gives_back_more_than_it_was_billed(made: list[Outcome]) -> None:
    """Over all refunds of an order, what is credited stays within the bill."""
    given: dict[str, Decimal] = defaultdict(Decimal)
    billed: dict[str, Decimal] = {}
    for one in made:
        if one.plan and one.recording.bill:
            order = f"{one.recording.source} {one.recording.order}"
            billed[order] = one.recording.bill.total.amount
            given[order] += sum(draft.total.amount for draft in one.plan.drafts if draft.record in CREDITS)
    assert billed
    assert {order: amount for order, amount in given.items() if amount > billed[order]} == {}
