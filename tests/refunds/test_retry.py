"""Retry rules: each kind of failure has one, and the same cause is told alike."""

from __future__ import annotations

import pytest

from contrapost.refunds.finding import error, info, warning
from contrapost.refunds.retry import Cause, Retry, cause_of, is_timed, rule_of


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("netsuite_busy", Retry.BY_ITSELF),
        ("outcome_unknown", Retry.BY_ITSELF),
        ("item_not_on_bill", Retry.NETSUITE),
        ("cash_account_not_mapped", Retry.SETTING),
        ("does_not_add_up", Retry.STORE),
        ("read_back_differs", Retry.PERSON),
        ("a_code_of_tomorrow", Retry.PERSON),
    ],
)
def test_each_code_has_one_rule(code: str, rule: Retry) -> None:
    """What nobody gave a rule waits for a person."""
    assert rule_of(code) is rule


def test_the_first_error_is_the_cause() -> None:
    """Warnings hold nothing; a refund without an error has no cause."""
    held = error("item_not_on_bill", "x", fix="", where="sku.OLD MUG")
    assert cause_of([warning("tax_rounded", "x"), held]) == Cause(code="item_not_on_bill", where="sku.OLD MUG")
    assert cause_of([info("not_billed", "x")]) is None


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("cash_account.klarna", "cash_account.klarna"),
        ("refundLineItems[2].subtotalSet", "refundLineItems[].subtotalSet"),
        ("item.items[14].location", "item.items[].location"),
        ("line gid://shopify/RefundLineItem/1", ""),
        ("Cash refund CR12", ""),
        ("", ""),
    ],
)
def test_the_place_is_told_without_what_is_the_refunds_own(where: str, told: str) -> None:
    """A setting or field stays, the number of a line does not, and the name of one record is left out."""
    assert cause_of([error("x", "x", fix="", where=where)]) == Cause(code="x", where=told)


def test_what_may_pass_is_looked_at_by_itself() -> None:
    """One such error is enough; what only a person mends is left to them."""
    assert is_timed([error("period_missing", "x", fix=""), error("below_zero", "x", fix="")])
    assert not is_timed([error("below_zero", "x", fix=""), warning("netsuite_busy", "x")])
