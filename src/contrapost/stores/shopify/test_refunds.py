"""Payloads of Shopify and the refunds they become: a payload and its expected values stand side by side in fixtures."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from contrapost.refunds.balance import balance
from contrapost.refunds.finding import Finding, Severity, blocks
from contrapost.stores.shopify.facts import kept
from contrapost.stores.shopify.refunds import needs_agreements, read_refund

if TYPE_CHECKING:
    from contrapost.refunds.document import Line, Refund

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(path for path in FIXTURES.glob("*.json") if not path.name.endswith(".expected.json"))

Case = dict[str, Any]

steady = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def load(path: Path) -> Case:
    return json.loads(path.read_text(), parse_float=Decimal)


def seen(refund: Refund | None, findings: tuple[Finding, ...]) -> Case:
    """Writes what was read in the words of the expected files."""
    shown: Case = {
        "read": refund is not None,
        "codes": [finding.code for finding in findings],
        "where": [finding.where for finding in findings],
    }
    if refund is None:
        return shown
    return shown | {
        "order_id": refund.order_id,
        "currency": refund.currency,
        "refunded_on": refund.refunded_on.isoformat(),
        "lines": [_shown_line(line) for line in refund.lines],
        "goods_out": [_shown_line(line) for line in refund.goods_out],
        "prices_include_tax": refund.prices_include_tax,
        "kinds": [line.kind.value for line in refund.lines],
        "charges": [[each.kind.value, each.credited.text, each.tax.text] for each in refund.charges],
        "adjustments": [[each.amount.text, each.tax.text, each.reason] for each in refund.adjustments],
        "adjustment_kinds": [each.kind.value for each in refund.adjustments],
        "tenders": [[each.kind.value, each.status.value, each.amount.text, each.gateway] for each in refund.tenders],
        "references": [each.gateway_reference for each in refund.tenders],
        "fees": [[each.name, each.amount.text] for each in refund.store_fees],
        "order_unpaid": refund.order_unpaid,
        "exchanges_goods": refund.exchanges_goods,
        "gap": balance(refund).gap.text,
        "facts": refund.facts,
    }


def _shown_line(line: Line) -> list[object]:
    goods = line.goods
    amounts = line.credited.text, line.tax.text
    return [line.id, line.sku, line.quantity, *amounts, goods.restock.value, goods.came_back, goods.shipped]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_payload_becomes_the_refund_beside_it(path: Path) -> None:
    """Every payload gives the values that stand beside it; where no findings are named, there are none."""
    case, expected = load(path), load(path.with_suffix(".expected.json"))
    shown = seen(*read_refund(case["order"], case["refund"], money=case["money"]))
    wanted = {"read": True, "codes": []} | expected
    facts = wanted.pop("facts", {})
    assert {name: shown[name] for name in wanted} == wanted
    assert facts.items() <= shown.get("facts", {}).items()


def test_an_unreadable_payload_always_says_what_to_do() -> None:
    """No refund without a finding that blocks, and each finding but one that only explains has a fix."""
    for path in CASES:
        case = load(path)
        refund, findings = read_refund(case["order"], case["refund"], money=case["money"])
        assert (refund is None) == blocks(findings)
        assert all(finding.message.endswith(".") for finding in findings)
        assert all(finding.fix or finding.severity is Severity.INFO for finding in findings)


def test_the_ledger_is_asked_only_where_the_money_does_not_tell() -> None:
    """Only the case that stays undecided needs the agreements."""
    asking = [path.stem for path in CASES if needs_agreements(load(path)["order"], load(path)["refund"])]
    assert asking == ["12_tax_included_undecided"]


def test_what_is_kept_of_a_payload_names_no_person() -> None:
    """People, addresses and cards are left out wherever they stand; amounts are kept exactly."""
    card = {"number": "4111", "company": "Visa"}
    order = {"name": "#1", "email": "a@b.c", "customer": {"firstName": "Ann"}, "billingAddress": {"zip": "1"}}
    refund = {"transactions": {"nodes": [{"amount": Decimal("1.10"), "paymentDetails": card, "receiptJson": "{}"}]}}
    raw = kept(order, refund)
    assert json.loads(raw) == {"order": {"name": "#1"}, "refund": {"transactions": {"nodes": [{"amount": "1.10"}]}}}


cents = st.integers(0, 500_000).map(lambda units: Decimal(units) / 100)
signed = st.integers(-500_000, 500_000).map(lambda units: Decimal(units) / 100)


def bag(amount: Decimal) -> Case:
    one = {"amount": str(amount), "currencyCode": "USD"}
    return {"shopMoney": one, "presentmentMoney": one}


@st.composite
def payloads(draw: st.DrawFn) -> tuple[Case, Decimal]:
    """Makes refunds that add up as Shopify's do, and the money they pay out."""
    lines = draw(st.lists(st.tuples(cents, cents), max_size=5))
    ships = draw(st.lists(st.tuples(cents, cents), max_size=2))
    duties = draw(st.lists(cents, max_size=2))
    extra = draw(st.lists(st.tuples(signed, signed), max_size=3))
    due = sum((a + b for a, b in [*lines, *ships]), Decimal(0)) + sum(duties) - sum(a + b for a, b in extra)
    paid = max(due, Decimal(0))
    adjusts = [*extra, (due - paid, Decimal(0))]
    first = (paid * draw(st.integers(0, 100)) / 100).quantize(Decimal("0.01"))
    refund = load(FIXTURES / "08_discounted_line.json")["refund"]
    sample = refund["refundLineItems"]["nodes"][0]
    tender = refund["transactions"]["nodes"][0]
    refund["refundLineItems"] = {
        "nodes": [sample | {"id": None, "subtotalSet": bag(a), "totalTaxSet": bag(b)} for a, b in lines]
    }
    refund["refundShippingLines"] = {"nodes": [{"subtotalAmountSet": bag(a), "taxAmountSet": bag(b)} for a, b in ships]}
    refund["duties"] = [{"amountSet": bag(each)} for each in duties]
    refund["orderAdjustments"] = {"nodes": [{"amountSet": bag(a), "taxAmountSet": bag(b)} for a, b in adjusts]}
    refund["transactions"] = {"nodes": [tender | {"amountSet": bag(each)} for each in (first, paid - first)]}
    return refund, paid


@steady
@given(payloads())
def test_what_is_credited_is_what_was_paid_out(made: tuple[Case, Decimal]) -> None:
    """Lines, charges and their tax, with what was given or kept, equal the successful money, to the cent."""
    payload, paid = made
    order = load(FIXTURES / "08_discounted_line.json")["order"]
    refund, findings = read_refund(order, payload)
    assert refund is not None, findings
    sums = balance(refund)
    assert sums.paid_out.amount == paid
    assert not sums.gap


@steady
@given(payloads(), st.booleans())
def test_how_taxes_are_shown_changes_no_sum(made: tuple[Case, Decimal], gross: bool) -> None:  # noqa: FBT001 - drawn
    """A tax-included refund is credited the same in all, whether its amounts carry the tax or not, or it is held."""
    payload, paid = made
    if gross:
        for node in payload["refundLineItems"]["nodes"]:
            amount = Decimal(node["subtotalSet"]["shopMoney"]["amount"])
            node["subtotalSet"] = bag(amount + Decimal(node["totalTaxSet"]["shopMoney"]["amount"]))
        for node in payload["refundShippingLines"]["nodes"]:
            amount = Decimal(node["subtotalAmountSet"]["shopMoney"]["amount"])
            node["subtotalAmountSet"] = bag(amount + Decimal(node["taxAmountSet"]["shopMoney"]["amount"]))
    order = load(FIXTURES / "08_discounted_line.json")["order"] | {"taxesIncluded": True}
    refund, findings = read_refund(order, payload)
    assert refund is not None, findings
    assert balance(refund).credited.amount == paid


amount = st.integers(1, 20_000).map(lambda cents: Decimal(cents).scaleb(-2))


@steady
@given(st.data())
def test_goods_out_and_fees_are_counted_once(data: st.DataObject) -> None:
    """Whether an adjustment states them or only the return does: fees are kept once, goods out taken once."""
    case = load(FIXTURES / "07_exchange_with_a_fee.json")
    order, refund = case["order"], case["refund"]
    line, out, fee = data.draw(amount), data.draw(amount), data.draw(amount)
    tax = data.draw(st.integers(0, 1900)) * line / 10_000
    tax = tax.quantize(Decimal("0.01"))
    order["taxesIncluded"] = data.draw(st.booleans())
    gross = line if order["taxesIncluded"] else line + tax
    paid = gross - fee - out
    assume(paid > 0)
    back = refund["refundLineItems"]["nodes"][0]
    back["subtotalSet"], back["totalTaxSet"] = bag(line), bag(tax)
    refund["return"]["returnLineItems"][0]["restockingFee"]["amountSet"] = bag(fee)
    sold = refund["return"]["exchangeLineItems"][0]["lineItems"][0]
    sold["originalTotalSet"], sold["taxLines"] = bag(out), []
    stated = [each for each in (fee, out) if data.draw(st.booleans())]
    refund["orderAdjustments"] = {"nodes": [{"amountSet": bag(each), "taxAmountSet": bag(0)} for each in stated]}
    refund["transactions"]["nodes"][0]["amountSet"] = bag(paid)
    read, findings = read_refund(order, refund)
    if read is None:
        assert [finding.code for finding in findings] == ["tax_reading_undecided"]
        return
    sums = balance(read)
    assert not sums.gap
    assert sums.kept.amount == fee
    assert sums.goods_out.amount == out


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Lists every place in a payload."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in items:
        found += places(each, (*path, name))
    return found


@steady
@given(st.data())
def test_no_payload_raises(data: st.DataObject) -> None:
    """Whatever stands in any place of a payload: a refund, or none and a finding that blocks."""
    case = load(data.draw(st.sampled_from(CASES)))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(case)))
        spot = case
        for step in way:
            spot = spot[step] if isinstance(spot, dict | list) else {}
        if isinstance(spot, dict) and last in spot:
            spot[last] = data.draw(junk)
    refund, findings = read_refund(case.get("order"), case.get("refund"), money="shop")
    assert (refund is None) == blocks(findings)
    if refund is not None:
        balance(refund)


@steady
@given(junk, junk)
def test_no_junk_raises(order: object, refund: object) -> None:
    """What is no payload at all gives no refund and a finding that says so."""
    read, findings = read_refund(order, refund)
    assert read is None
    assert blocks(findings)
