"""Field rules: read from text, and evaluated on a refund."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import tender
from hypothesis import given
from hypothesis import strategies as st
from ruled import BODY, LINES, MUGS, items, made, one_mug

from contrapost.mapping.profile import read_profile
from contrapost.mapping.rule_text import read_rules
from contrapost.mapping.rules import Given, Rule, evaluate
from contrapost.mapping.sources import SOURCES, Scope
from contrapost.refunds.document import Refund


def rule(text: str, name: str = BODY) -> Rule:
    """Reads one rule that can be read."""
    rules, findings = read_rules({name: text})
    assert not findings, findings
    return rules[0]


def value_of(text: str, of: Refund, name: str = BODY) -> str | None:
    """What a rule gives for a refund; None where it gives nothing."""
    came_to = evaluate(rule(text, name), Scope(refund=of, bill=MUGS, lines=of.lines, item="MUG"))
    return came_to.value.text if isinstance(came_to, Given) else None


# ---- reading


@pytest.mark.parametrize(
    ("text", "comes_to"),
    [
        ("fixed Web shop", "Web shop"),
        ('fixed "copy that; when, then -> ""so"""', 'copy that; when, then -> "so"'),
        ("copy order.name", "#1001"),
        ("copy order.number", "1001"),
        ("copy refund.id", "9001"),
        ("copy refund.date", "2026-03-01"),
        ("copy refund.note up to 6", "broken"),
        ("copy tender.reference", "ch_8Z"),
        ("copy tender.payout", "po_31"),
        ("copy bill.number", "CS-512"),
        ("copy fact.source_name", "pos"),
        ("copy fact.nobody_knows", None),
        ("required copy refund.paid_out", "12.50"),
        ("translate tender.gateway: paypal -> 3, shopify_payments -> 4", "3"),
        ("translate tender.gateway: PayPal -> id:3", "3"),
        ("translate tender.gateway: amazon -> 3", None),
        ("translate tender.gateway: amazon -> 3, otherwise 9", "9"),
        ("translate tender.gateway: amazon -> 3, otherwise copy tender.gateway", "paypal"),
        ('translate refund.note: "broken; handle, cup" -> "a, b"', "a, b"),
        ("translate fact.nobody_knows: a -> b, otherwise c", "c"),
        ("when tender.gateway is paypal then yes", "yes"),
        ("when tender.gateway is stripe or paypal then yes", "yes"),
        ("when tender.gateway is not paypal then yes", None),
        ("when tender.gateway is not stripe or amazon then yes", "yes"),
        ("when fact.tags has vip then yes", "yes"),
        ("when fact.tags has wholesale then yes", None),
        ("when fact.tags contains wholesale then yes", "yes"),
        ("when fact.channel is empty then yes", "yes"),
        ("when fact.channel is given then yes; otherwise no", "no"),
        ('when refund.note contains "; handle" and bill.type is cashSale then yes', "yes"),
        ("when bill.type is invoice then a; when order.name is #1001 then b; when order.id is 7001 then c", "b"),
        ("when bill.type is invoice then a; otherwise copy refund.note", "broken; handle, cup"),
        ("  when\n bill.type  is cashSale\n then copy   order.name ;\n otherwise x", "#1001"),
    ],
)
def test_a_rule_comes_to(text: str, comes_to: str | None) -> None:
    """Each kind of rule gives the value it says, or nothing where its source holds none."""
    assert value_of(text, one_mug()) == comes_to


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (BODY, "", "it is empty"),
        (BODY, "Web shop", "it begins with 'Web'"),
        (BODY, "fixed", "no value after fixed"),
        (BODY, 'fixed "open', "a quote is not closed"),
        (BODY, 'fixed ""', "a value is empty"),
        (BODY, 'fixed a "b"', "in quotes only in part"),
        (BODY, "fixed id:twelve", "'id:twelve' names no record"),
        (BODY, "copy order.nme", "did you mean order.name?"),
        (BODY, "copy", "it names no source"),
        (BODY, "copy fact.a b", "there is no source 'fact.a b'"),
        (BODY, "copy refund.note up to many", "'many' is no number of characters"),
        (BODY, "copy refund.note up to 0", "'0' is no number of characters"),
        (BODY, "translate tender.gateway", "it has no table"),
        (BODY, "translate tender.gateway: paypal", "'paypal' is no entry of a table"),
        (BODY, "translate tender.gateway: paypal -> 3,", "is no entry of a table"),
        (BODY, "translate tender.gateway: paypal -> 3, PayPal -> 4", "its table has 'PayPal' twice"),
        (BODY, "translate tender.gateway: otherwise 4", "its table is empty"),
        (BODY, "translate tender.gateway: paypal -> ", "no value after paypal ->"),
        (BODY, "when tender.gateway is paypal", "does not say then what"),
        (BODY, "when tender.gateway = paypal then 3", "is no condition"),
        (BODY, "when gateway is paypal then 3", "there is no source 'gateway'"),
        (BODY, "when tender.gateway is paypal then 3; tender.kind is money then 4", "does not begin with when"),
        (BODY, "when tender.gateway is  or paypal then 3", "compares with no word"),
        (BODY, "when tender.gateway is paypal and then 3", "is no condition"),
        (BODY, "when tender.gateway is paypal then 3; otherwise", "no value after otherwise"),
        (BODY, "copy line.sku", "line.sku is of a line"),
        ("custbody_x", "fixed a", "is no record that a refund becomes"),
        ("cashrefund.custbody_x", "fixed a", "did you mean cashRefund?"),
        ("salesOrder.custbody_x", "fixed a", "'salesOrder' is no record"),
        ("cashRefund.apply.custcol_x", "fixed a", "is no list of lines"),
        ("cashRefund.item.custbody_x", "fixed a", "Write field.cashRefund.custbody_x."),
        ("cashRefund.custcol_x", "fixed a", "Write field.cashRefund.item.custcol_x."),
        ("cashRefund.cust body", "fixed a", "cannot be the id of a field"),
        ("cashRefund.externalId", "fixed a", "which Contrapost itself writes"),
        ("cashRefund.entity", "copy bill.customer", "which Contrapost itself writes"),
        ("creditMemo.createdfrom", "fixed 3", "which Contrapost itself writes"),
        ("creditMemo.apply", "fixed 3", "which Contrapost itself writes"),
        ("itemReceipt.location", "fixed id:3", "which Contrapost itself writes"),
        ("cashRefund.item.amount", "fixed 3", "which Contrapost itself writes"),
        ("cashRefund.item.orderLine", "fixed 3", "which Contrapost itself writes"),
    ],
)
def test_a_wrong_rule_is_said_when_it_is_saved(name: str, text: str, says: str) -> None:
    """A rule that cannot be read, or may not be, is an error that names the setting, the fault and what to write."""
    read, findings = read_profile({f"field.{name}": text})

    assert read.rules == ()
    assert [(finding.severity.value, finding.where) for finding in findings] == [("error", f"field.{name}")]
    assert says in f"{findings[0].message} {findings[0].fix}"
    assert findings[0].fix


@given(st.text(), st.text())
def test_no_text_is_too_odd_to_be_answered(name: str, text: str) -> None:
    """Whatever is typed gives a rule or a finding, never a fault."""
    rules, findings = read_rules({name: text, BODY: text, LINES: f"when {text}"})

    assert len(rules) + len(findings) == 3 - (name in (BODY, LINES))
    assert all(finding.fix for finding in findings)


@given(st.text(min_size=1).filter(str.strip))
def test_what_is_in_quotes_is_text(text: str) -> None:
    """Any text at all can be given in quotes, and is sent letter by letter."""
    quoted = '"' + text.replace('"', '""') + '"'
    plan = made({BODY: f"fixed {quoted}", LINES: f"when refund.id is 9001 then {quoted}"}, one_mug())

    assert plan.drafts[0].body["custbody_x"] == text
    assert items(plan.drafts[0])[0]["custcol_x"] == text


WORDS = st.text("abcxyz-_ é", min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.dictionaries(WORDS.map(str.casefold), WORDS, min_size=1, max_size=6), WORDS, WORDS)
def test_a_table_gives_its_entry_and_else_the_other(table: dict[str, str], gateway: str, other: str) -> None:
    """A table is a function: its own entry for a word it has, the value after otherwise for any other."""
    pairs = ", ".join(f'"{word}" -> "{value}"' for word, value in table.items())
    of = one_mug(tenders=(tender("12.50", gateway),))

    assert value_of(f'translate tender.gateway: {pairs}, otherwise "{other}"', of) == table.get(
        gateway.casefold(), other
    )


def test_every_source_can_be_copied() -> None:
    """Every documented source can be named in a rule for a line, and reads without a fault."""
    for source in SOURCES:
        for refund in (one_mug(), one_mug(tenders=(), facts={})):
            assert isinstance(value_of(f"copy {source.name}", refund, LINES), str | None), source.name


def test_several_tenders_are_named_once_each() -> None:
    """Two tenders by one gateway have one gateway and two references; one that failed is not named."""
    tenders = (
        replace(tender("5.00", "paypal"), gateway_reference="A"),
        replace(tender("7.50", "paypal"), gateway_reference="B"),
        replace(tender("7.50", "stripe", status="failed"), gateway_reference="C"),
    )

    assert value_of("copy tender.gateway", one_mug(tenders=tenders)) == "paypal"
    assert value_of("copy tender.reference", one_mug(tenders=tenders)) == "A, B"
    assert value_of("copy refund.paid_out", one_mug(tenders=tenders)) == "12.50"
