"""What is saved is what is read: documents come back exactly, to the last decimal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contrapost.codec import CodecError, decode, encode
from contrapost.netsuite.bill import Bill, BillLine, Bills, Cost, Credit, CreditLine, Tax
from contrapost.netsuite.drafts import (
    Amounts,
    Draft,
    DraftLine,
    LedgerLine,
    Plan,
    Reason,
    RecordType,
    Source,
    StockMove,
)
from contrapost.refunds.document import (
    Adjustment,
    Charge,
    Goods,
    Line,
    Refund,
    StoreFee,
    Tender,
)
from contrapost.refunds.finding import Finding, Severity
from contrapost.refunds.money import Money

words = some.text(some.characters(codec="utf-8"), max_size=6)
numbers = some.decimals(allow_nan=False, allow_infinity=False)
moneys = some.builds(Money, numbers, some.sampled_from(["USD", "JPY", "KWD"]))
zones = some.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = some.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2100, 1, 1), timezones=zones)  # noqa: DTZ001
for known, how in ((Money, moneys), (Decimal, numbers), (datetime, moments), (str, words)):
    some.register_type_strategy(known, how)

bodies = some.dictionaries(
    words.filter(lambda word: word != "written"),
    some.recursive(
        some.none() | some.booleans() | some.integers(-(2**63), 2**63 - 1) | words | numbers,
        lambda inner: some.lists(inner, max_size=3) | some.dictionaries(words, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)
findings = some.lists(some.builds(Finding), max_size=2).map(tuple)
drafts = some.builds(
    Draft,
    body=bodies,
    source=some.none() | some.builds(Source),
    lines=some.lists(some.builds(DraftLine), max_size=2).map(tuple),
    ledger=some.lists(some.builds(LedgerLine), max_size=2).map(tuple),
    stock=some.lists(some.builds(StockMove), max_size=1).map(tuple),
)
plans = some.builds(
    Plan,
    drafts=some.lists(drafts, max_size=2).map(tuple),
    findings=findings,
    trace=some.lists(some.builds(Reason), max_size=2).map(tuple),
)
bills = some.builds(
    Bills,
    bills=some.lists(
        some.builds(
            Bill,
            lines=some.lists(
                some.builds(
                    BillLine,
                    taxes=some.lists(some.builds(Tax), max_size=1).map(tuple),
                    cost=some.none() | some.builds(Cost),
                ),
                max_size=2,
            ).map(tuple),
            credits=some.lists(
                some.builds(Credit, lines=some.lists(some.builds(CreditLine), max_size=1).map(tuple)), max_size=1
            ).map(tuple),
        ),
        max_size=1,
    ).map(tuple),
)
refunds = some.builds(
    Refund,
    lines=some.lists(some.builds(Line, goods=some.builds(Goods)), max_size=2).map(tuple),
    charges=some.lists(some.builds(Charge), max_size=1).map(tuple),
    adjustments=some.lists(some.builds(Adjustment), max_size=1).map(tuple),
    tenders=some.lists(some.builds(Tender), max_size=2).map(tuple),
    store_fees=some.lists(some.builds(StoreFee), max_size=1).map(tuple),
    facts=some.dictionaries(words, words, max_size=2),
)


@given(refunds)
def test_a_refund_comes_back_as_it_was(refund: Refund) -> None:
    """Amounts, moments with their zones, kinds and facts are the same."""
    assert decode(encode(refund), Refund) == refund


@given(plans)
def test_a_plan_comes_back_as_it_was(plan: Plan) -> None:
    """Bodies included: the fingerprint a person saw is the one that is posted."""
    again = decode(encode(plan), Plan)

    assert again == plan
    assert again.fingerprint == plan.fingerprint


@given(findings)
def test_findings_come_back_as_they_were(found: tuple[Finding, ...]) -> None:
    """A tuple of findings stays one."""
    assert decode(encode(found), tuple[Finding, ...]) == found


@given(bodies)
def test_decimals_keep_their_form_where_no_type_tells(body: dict[str, Any]) -> None:
    """1 and 1.00 and 1E+2 are told apart, and whole numbers from Decimals."""
    assert repr(decode(encode(body), dict[str, Any])) == repr(body)


@given(bills)
def test_bills_come_back_as_they_were(found: Bills) -> None:
    """An order with its bills, their lines, taxes, costs and credits."""
    assert decode(encode(found), Bills) == found


def test_a_date_in_a_body_keeps_the_fingerprint() -> None:
    """It is sent as ISO 8601 before and after it was saved."""
    zero = Money.zero("USD")
    amounts = Amounts(credited=zero, paid_out=zero, to_liability=zero, receivable_reduced=zero, rounding=zero)
    body = {"tranDate": date(2026, 3, 1), "rate": Decimal(10)}
    draft = Draft(record=RecordType.CASH_REFUND, external_id="cp-1", source=None, replace=(), body=body, total=zero)
    plan = Plan(drafts=(draft,), amounts=amounts)

    assert decode(encode(plan), Plan).fingerprint == plan.fingerprint


def test_numbers_that_are_not_exact_are_refused() -> None:
    """A float never gets into what we save, nor what is no number."""
    with pytest.raises(TypeError, match="float"):
        encode({"amount": 0.1})
    with pytest.raises(ValueError, match="no finite number"):
        encode({"amount": Decimal("NaN")})


@pytest.mark.parametrize("text", ["", "{", '{"code": 1}', '[{"code": "x", "severity": "loud", "message": ""}]'])
def test_a_text_that_is_something_else_is_refused(text: str) -> None:
    """The fault says what it should have been."""
    with pytest.raises(CodecError, match="cannot be read"):
        decode(text, tuple[Finding, ...])


def test_money_that_cannot_be_is_refused() -> None:
    """What the document refuses when made by hand it refuses when read."""
    with pytest.raises(CodecError):
        decode('{"amount": "NaN", "currency": "USD"}', Money)


def test_a_moment_keeps_its_zone() -> None:
    """The offset the store gave stays."""
    moment = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=-5)))

    assert decode(encode(moment), datetime).isoformat() == "2026-03-01T12:00:00-05:00"
    assert decode(encode(Severity.ERROR), Severity) is Severity.ERROR
    assert decode(encode(datetime(2026, 3, 1, tzinfo=UTC)), datetime).utcoffset() == timedelta(0)
