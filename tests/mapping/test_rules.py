"""Field rules: read from text, evaluated on a refund, written into the records, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from builders import adjustment, cash_sale, errors, invoice, line, lists, plan_of, profile, refund, sold, tender
from hypothesis import given
from hypothesis import strategies as st

from contrapost.mapping.field_values import FieldType
from contrapost.mapping.fields import check_rules, map_fields
from contrapost.mapping.profile import read_profile
from contrapost.mapping.rule_text import read_rules
from contrapost.mapping.rules import Given, Rule, evaluate
from contrapost.mapping.sources import SOURCES, Scope
from contrapost.netsuite.drafts import Draft, Plan, RecordType
from contrapost.refunds.document import Refund

MUGS = cash_sale(sold("MUG", 2, "25.00"))
BODY, LINES = "cashRefund.custbody_x", "cashRefund.item.custcol_x"


def rule(text: str, name: str = BODY) -> Rule:
    """Reads one rule that can be read."""
    rules, findings = read_rules({name: text})
    assert not findings, findings
    return rules[0]


def one_mug(**more: Any) -> Refund:
    """A refund of one mug by one tender, with facts of every kind."""
    given: dict[str, Any] = {
        "paid": None,
        "tenders": (replace(tender("12.50", "paypal"), gateway_reference="ch_8Z", payout_id="po_31"),),
        "note": "broken; handle, cup",
        "facts": {"tags": "vip, wholesale-2", "source_name": "pos"},
    }
    return refund(line("MUG", 1, "12.50", back=True, location="West"), **(given | more))


def value_of(text: str, of: Refund, name: str = BODY) -> str | None:
    """What a rule gives for a refund; None where it gives nothing."""
    came_to = evaluate(rule(text, name), Scope(refund=of, bill=MUGS, lines=of.lines, item="MUG"))
    return came_to.value.text if isinstance(came_to, Given) else None


def made(rules: dict[str, str], of: Refund, on: Any = MUGS) -> Plan:
    """The plan of a refund under a profile with these rules."""
    read, findings = read_rules(rules)
    assert not findings, findings
    return plan_of(of, on, by=profile(rules=read))


def items(draft: Draft) -> list[dict[str, Any]]:
    """The lines of a draft as they are sent."""
    sent: list[dict[str, Any]] = draft.body["item"]["items"]
    return sent


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
        value_of(f"copy {source.name}", one_mug(), LINES)
        value_of(f"copy {source.name}", one_mug(tenders=(), facts={}), LINES)


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


# ---- in the records


def test_fields_stand_in_the_record_and_say_why() -> None:
    """Fields of record and lines are sent, and the trace names the rule of each and its reason."""
    plan = made(
        {
            "cashRefund.custbody_payout": "copy tender.payout",
            "cashRefund.custbody_channel": "translate tender.gateway: paypal -> id:3",
            "cashRefund.class": "when fact.tags has vip then id:7",
            "cashRefund.item.custcol_reason": "copy line.restock",
            "creditMemo.custbody_payout": "fixed never here",
        },
        one_mug(),
    )
    body = plan.drafts[0].body

    assert (body["custbody_payout"], body["custbody_channel"], body["class"]) == ("po_31", {"id": "3"}, {"id": "7"})
    assert items(plan.drafts[0])[0]["custcol_reason"] == "returned"
    assert plan.drafts[0].lines[0].fields == {"custcol_reason": "returned"}
    why = {reason.what: (reason.value, reason.why) for reason in plan.trace}
    assert why["cash refund custbody_channel"] == (
        "id:3",
        "field.cashRefund.custbody_channel: translated from tender.gateway paypal",
    )
    assert why["cash refund class"] == ("id:7", "field.cashRefund.class: because fact.tags has vip")
    assert why["cash refund line 1 custcol_reason"][0] == "returned"
    assert not [what for what in why if what.startswith("credit memo")]


def test_each_record_of_an_invoice_has_its_own_rules() -> None:
    """Credit memo and customer refund get what their rules say, and nothing of each other's."""
    plan = made(
        {"creditMemo.custbody_a": "fixed memo", "customerRefund.custbody_b": "copy tender.reference"},
        one_mug(),
        invoice(sold("MUG", 2, "25.00")),
    )
    memo, payout = plan.drafts

    assert (memo.body.get("custbody_a"), memo.body.get("custbody_b")) == ("memo", None)
    assert (payout.body.get("custbody_a"), payout.body.get("custbody_b")) == (None, "ch_8Z")


def test_a_line_we_add_has_nothing_of_the_store() -> None:
    """A rule that reads the store's line writes to lines that have one; a fixed value goes to every line."""
    of = one_mug(tenders=(tender("17.50"),), adjustments=(adjustment("5.00", reason="goodwill"),))
    plan = made({LINES: "required copy line.sku", "cashRefund.item.department": "fixed id:4"}, of)

    assert [item.get("custcol_x") for item in items(plan.drafts[0])] == ["MUG", None]
    assert [item["department"] for item in items(plan.drafts[0])] == [{"id": "4"}, {"id": "4"}]
    assert errors(plan) == []


def test_two_lines_of_the_store_on_one_of_the_bill_are_both_named() -> None:
    """The same order line refunded twice is one line in NetSuite, which names both of the store's."""
    both = (line("MUG", 1, "12.50", back=True), line("MUG", 1, "12.50"))
    plan = made({LINES: "copy line.restock"}, replace(one_mug(tenders=(tender("25.00"),)), lines=both))

    assert [item["custcol_x"] for item in items(plan.drafts[0])] == ["returned, kept"]


def test_a_memo_of_ones_own_keeps_the_day() -> None:
    """A refund booked on a later day keeps its own day in the memo, whatever a rule puts there."""
    read, _ = read_rules({"cashRefund.memo": "fixed Web refund"})
    on_the_day = plan_of(one_mug(), MUGS, by=profile(rules=read))
    moved = plan_of(one_mug(), MUGS, by=profile(rules=read), known=lists(closed=("2026-03",)))

    assert on_the_day.drafts[0].body["memo"] == "Web refund"
    assert moved.drafts[0].body["memo"] == "Web refund, refunded 2026-03-01"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("copy fact.channel", "field_value_missing"),
        ("translate tender.gateway: stripe -> 3", "field_value_untranslated"),
        ("when tender.gateway is stripe then 3", "field_no_condition_holds"),
    ],
)
def test_only_what_is_required_holds_a_refund(text: str, code: str) -> None:
    """Without its value a field is left out and the trace says so; where it is required the refund is held."""
    left_out = made({BODY: text}, one_mug())
    held = made({BODY: f"required {text}"}, one_mug())

    assert errors(left_out) == []
    assert "custbody_x" not in left_out.drafts[0].body
    assert [reason.value for reason in left_out.trace if "custbody_x" in reason.what] == ["left out"]
    assert errors(held) == [code]
    assert held.drafts == ()
    [finding] = [one for one in held.findings if one.code == code]
    assert finding.where == "field.cashRefund.custbody_x"
    assert finding.fix


def test_an_ordinary_refund_gets_no_finding_above_information() -> None:
    """A field left out because the store has nothing for it is no warning."""
    plan = made({BODY: "copy refund.note"}, one_mug(note=""))

    assert [(one.code, one.severity.value) for one in plan.findings] == [("field_value_missing", "info")]


TEXTS = st.sampled_from(
    [
        "fixed Web",
        "fixed id:3",
        "copy refund.note",
        "required copy fact.channel",
        "translate tender.gateway: paypal -> 1, otherwise 2",
        "when refund.note is empty then id:1; when fact.tags has vip then true",
    ]
)
FIELDS = st.sampled_from(
    ["cashRefund.custbody_a", "cashRefund.class", "cashRefund.otherRefNum", "cashRefund.item.custcol_b"]
)


@given(st.dictionaries(FIELDS, TEXTS), st.sampled_from(["", "broken"]))
def test_rules_change_nothing_but_their_own_fields(rules: dict[str, str], note: str) -> None:
    """No rule touches an amount, a line, the ledger or the stock; the same refund always gets the same fields."""
    of = one_mug(note=note)
    plain, ruled = made({}, of), made(rules, of)

    assert made(rules, of) == ruled
    if errors(ruled):
        return
    mapped = {name.removeprefix("cashRefund.").removeprefix("item.") for name in rules}
    [before], [after] = plain.drafts, ruled.drafts
    lines = tuple(replace(one, fields={}) for one in after.lines)
    assert replace(after, body=_without(after.body, mapped), lines=lines) == replace(
        before, body=_without(before.body, mapped)
    )


def _without(body: dict[str, Any], names: set[str]) -> dict[str, Any]:
    lines = [{name: value for name, value in item.items() if name not in names} for item in body["item"]["items"]]
    return {name: value for name, value in body.items() if name not in names} | {"item": {"items": lines}}


# ---- by the account's own catalog


class Known:
    """What an account says of its cash refunds; of other records nothing was read."""

    def __init__(self, body: dict[str, FieldType], lines: dict[str, FieldType] | None = None) -> None:
        self._fields = {"": body, "item": lines or {}}

    def knows(self, record: str) -> bool:
        """Only cash refunds."""
        return record == RecordType.CASH_REFUND

    def names(self, record: str, sublist: str = "") -> list[str]:
        """The names of the fields."""
        del record
        return list(self._fields[sublist])

    def type_of(self, record: str, field: str, sublist: str = "") -> FieldType | None:
        """The type of a field."""
        del record
        return self._fields[sublist][field]


def test_a_field_that_netsuite_does_not_have_is_found_at_once() -> None:
    """A rule for a field that is not on the record, or not on its lines, is an error with the nearest name."""
    catalog = Known({"custbody_channel": FieldType.TEXT}, {"custcol_reason": FieldType.TEXT})
    rules, _ = read_rules(
        {
            "cashRefund.custbody_chanel": "fixed a",
            "cashRefund.item.custcol_other": "fixed a",
            "cashRefund.custbody_channel": "fixed a",
            "cashRefund.item.custcol_reason": "fixed a",
            "creditMemo.custbody_whatever": "fixed a",
        }
    )
    found = check_rules(rules, catalog)

    assert [(one.code, one.where) for one in found] == [
        ("field_unknown", "field.cashRefund.custbody_chanel"),
        ("field_unknown", "field.cashRefund.item.custcol_other"),
    ]
    assert "Did you mean custbody_channel?" in found[0].message


def test_a_refund_is_held_rather_than_sent_with_an_unknown_field() -> None:
    """Where the field is gone since the rule was saved, the preview says so, and nothing is sent."""
    draft = made({}, one_mug()).drafts[0]
    rules, _ = read_rules({BODY: "fixed a"})
    done = map_fields((draft,), rules, one_mug(), MUGS, Known({}))

    assert [one.code for one in done.findings] == ["field_unknown"]
    assert done.drafts == (draft,)


@pytest.mark.parametrize(
    ("text", "type_", "sent"),
    [
        ("fixed 3", FieldType.TEXT, "3"),
        ("fixed 3", FieldType.NUMBER, Decimal(3)),
        ("fixed 3", FieldType.INTEGER, 3),
        ("fixed 3", FieldType.REFERENCE, {"id": "3"}),
        ('fixed "3"', FieldType.REFERENCE, {"refName": "3"}),
        ("fixed Web shop", FieldType.REFERENCE, {"refName": "Web shop"}),
        ("fixed name:7", FieldType.REFERENCE, {"refName": "7"}),
        ("fixed external:WEB", FieldType.REFERENCE, {"externalId": "WEB"}),
        ("fixed A", FieldType.CHOICE, {"id": "A"}),
        ("fixed yes", FieldType.FLAG, True),
        ("fixed F", FieldType.FLAG, False),
        ("fixed true", FieldType.TEXT, "true"),
        ("copy refund.time", FieldType.DAY, "2026-03-01"),
        ("copy refund.time", FieldType.MOMENT, "2026-03-01T12:00:00+00:00"),
        ("copy refund.paid_out", FieldType.NUMBER, Decimal("12.50")),
        ("copy refund.paid_out", FieldType.TEXT, "12.50"),
        ("copy bill.customer", FieldType.REFERENCE, {"id": "C1"}),
    ],
)
def test_values_are_sent_as_the_field_takes_them(text: str, type_: FieldType, sent: object) -> None:
    """References, checkboxes, dates and numbers are sent in NetSuite's form for the type of the field."""
    draft = made({}, one_mug()).drafts[0]
    rules, _ = read_rules({BODY: text})
    done = map_fields((draft,), rules, one_mug(), MUGS, Known({"custbody_x": type_}))

    assert done.findings == ()
    assert done.drafts[0].body["custbody_x"] == sent


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("fixed 3", "3"),
        ("fixed id:3", {"id": "3"}),
        ("fixed true", True),
        ("copy refund.paid_out", Decimal("12.50")),
        ("copy bill.customer", {"id": "C1"}),
        ("copy refund.date", "2026-03-01"),
    ],
)
def test_without_a_catalog_values_are_sent_as_they_are(text: str, sent: object) -> None:
    """Where the account's fields could not be read, the rule itself says what is an id, a checkbox or text."""
    assert made({BODY: text}, one_mug()).drafts[0].body["custbody_x"] == sent


@pytest.mark.parametrize(
    ("text", "type_", "wants"),
    [
        ("fixed Web", FieldType.NUMBER, "a number"),
        ("fixed NaN", FieldType.NUMBER, "a number"),
        ("fixed 3.5", FieldType.INTEGER, "a whole number"),
        ("fixed id:3", FieldType.INTEGER, "a whole number"),
        ("fixed maybe", FieldType.FLAG, "true or false"),
        ("fixed tomorrow", FieldType.DAY, "a day"),
        ("fixed 2026-02-30", FieldType.DAY, "a day"),
        ("fixed 2026-03-01", FieldType.MOMENT, "a time with its zone"),
        ("translate tender.gateway: paypal -> 1, stripe -> one", FieldType.INTEGER, "a whole number"),
        ("when bill.type is invoice then x; otherwise 1", FieldType.INTEGER, "a whole number"),
        ("fixed a", FieldType.LIST, "a list"),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_found_at_once(text: str, type_: FieldType, wants: str) -> None:
    """A value in a rule that its field cannot hold is an error when it is saved, also in a branch not taken today."""
    rules, _ = read_rules({BODY: text})
    found = check_rules(rules, Known({"custbody_x": type_}))

    assert [one.code for one in found] == ["field_value_odd"]
    assert wants in found[0].message


def test_what_the_store_says_may_not_fit() -> None:
    """A copied value that the field cannot hold is left out with a warning, and holds the refund where required."""
    draft = made({}, one_mug()).drafts[0]
    for required, severity in (("", "warning"), ("required ", "error")):
        rules, _ = read_rules({BODY: f"{required}copy refund.note"})
        done = map_fields((draft,), rules, one_mug(), MUGS, Known({"custbody_x": FieldType.NUMBER}))

        assert [(one.code, one.severity.value) for one in done.findings] == [("field_value_odd", severity)]
        assert "custbody_x" not in done.drafts[0].body
