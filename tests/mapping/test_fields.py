"""Field rules in the records: written with their reasons, checked against what NetSuite says of its fields."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from builders import adjustment, cash_sale, errors, invoice, line, lists, plan_of, profile, sold, tender, terms
from hypothesis import given
from hypothesis import strategies as st
from ruled import BODY, LINES, MUGS, items, made, one_mug

from contrapost.mapping.fields import check_rules, map_fields, mappable
from contrapost.mapping.named import not_in_netsuite
from contrapost.mapping.policies import RestockPolicy, UnknownOrderPolicy
from contrapost.mapping.rule_text import read_rules
from contrapost.mapping.stand_alone import plan_alone
from contrapost.netsuite.catalog import Catalog, Described, Field, FieldType, Sublist
from contrapost.netsuite.drafts import Plan
from contrapost.netsuite.lists import Currency


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


def test_a_return_has_rules_for_each_of_its_records() -> None:
    """Return authorization, item receipt and refund of goods that came back each get what their rules say."""
    plan = made(
        {
            "returnAuthorization.custbody_a": "copy order.name",
            "returnAuthorization.item.custcol_a": "copy line.restock",
            "itemReceipt.item.custcol_b": "copy line.location",
            "cashRefund.custbody_c": "copy tender.reference",
        },
        one_mug(),
        cash_sale(sold("MUG", 2, "25.00")),
        restock=RestockPolicy.RETURN_AUTHORIZATION,
    )
    by_record = {draft.record.value: draft for draft in plan.drafts}

    assert by_record["returnAuthorization"].body["custbody_a"] == "#1001"
    assert items(by_record["returnAuthorization"])[0]["custcol_a"] == "returned"
    assert items(by_record["itemReceipt"])[0]["custcol_b"] == "West"
    assert by_record["cashRefund"].body["custbody_c"] == "ch_8Z"


def test_a_refund_without_an_order_is_filled_too() -> None:
    """A refund booked by itself gets its fields; what only a bill has is missing there."""
    read, _ = read_rules({BODY: "copy order.name", "cashRefund.custbody_y": "copy bill.number", LINES: "copy line.sku"})
    by = profile(
        rules=read,
        unknown_orders=UnknownOrderPolicy.STAND_ALONE,
        unknown_customer="77",
        skus={"MUG": "ADJ-OUT"},
    )
    known = replace(lists(), currencies=(Currency(id="1", symbol="USD", decimals=2),))
    plan = plan_alone(one_mug(), terms(by, known))
    assert isinstance(plan, Plan)
    [draft] = plan.drafts

    assert draft.body["custbody_x"] == "#1001"
    assert "custbody_y" not in draft.body
    assert [item.get("custcol_x") for item in items(draft)] == ["MUG"]
    assert [(one.code, one.severity.value) for one in plan.findings] == [("field_value_missing", "info")]


def test_each_payment_names_its_own_movement_of_money() -> None:
    """Where money left from two accounts, each customer refund has its gateway's own reference, the memo both."""
    tenders = (
        replace(tender("5.00", "paypal"), gateway_reference="PP"),
        replace(tender("7.50", "shopify_payments"), gateway_reference="SP"),
    )
    rules = {f"{record}.custbody_x": "copy tender.reference" for record in ("creditMemo", "customerRefund")}
    plan = made(rules, one_mug(tenders=tenders), invoice(sold("MUG", 2, "25.00")))

    assert [(draft.record.value, draft.body["custbody_x"]) for draft in plan.drafts] == [
        ("creditMemo", "PP, SP"),
        ("customerRefund", "PP"),
        ("customerRefund", "SP"),
    ]


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
    assert [one.why for one in on_the_day.trace if one.what == "cash refund memo"] == ["field.cashRefund.memo: fixed"]
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


def known(body: dict[str, FieldType], lines: dict[str, FieldType] | None = None) -> Catalog:
    """What an account says of its cash refunds; of other records nothing was read."""
    fields = [tuple(Field(name=name, type=type_) for name, type_ in one.items()) for one in (body, lines or {})]
    sublists = (Sublist(name="item", fields=fields[1]),)
    return Catalog(records=(Described(record="cashRefund", fields=fields[0], sublists=sublists),))


def test_a_field_that_netsuite_does_not_have_is_found_at_once() -> None:
    """A rule for a field that is not on the record, or not on its lines, is an error with the nearest name."""
    catalog = known({"custbody_channel": FieldType.TEXT}, {"custcol_reason": FieldType.TEXT})
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

    assert [(one.code, one.severity.value, one.where) for one in found] == [
        ("field_unknown", "error", "field.cashRefund.custbody_chanel"),
        ("field_unknown", "error", "field.cashRefund.item.custcol_other"),
        ("fields_not_described", "warning", "field.creditMemo.custbody_whatever"),
    ]
    assert "Did you mean custbody_channel?" in found[0].message


def test_the_way_of_payment_is_written_by_the_accounts_own_name() -> None:
    """A rule may use either name of the way of payment; the record gets the one that the account has."""
    draft = made({}, one_mug()).drafts[0]
    catalog = known({"paymentOption": FieldType.REFERENCE})
    for name in ("paymentMethod", "paymentOption"):
        rules, _ = read_rules({f"cashRefund.{name}": "fixed 7"})
        done = map_fields((draft,), rules, one_mug(), MUGS, catalog)

        assert not done.findings
        assert done.drafts[0].body["paymentOption"] == {"id": "7"}
        assert "paymentMethod" not in done.drafts[0].body


def test_fields_that_can_be_written_are_named() -> None:
    """What NetSuite described is offered by the names that rules use, but for what Contrapost itself writes."""
    body = {"custbody_channel": FieldType.TEXT, "entity": FieldType.REFERENCE, "item": FieldType.LIST}
    lines = {"custcol_reason": FieldType.TEXT, "amount": FieldType.NUMBER}

    order = Described(record="salesOrder", fields=(Field(name="memo", type=FieldType.TEXT),))
    books = known(body, lines)

    assert [name for name, _ in mappable(replace(books, records=(*books.records, order)))] == [
        "cashRefund.custbody_channel",
        "cashRefund.item.custcol_reason",
    ]


def test_what_a_profile_writes_is_looked_for_with_what_it_names() -> None:
    """Saving and doctor ask one question of a profile: accounts, items and locations, and the fields of its rules."""
    rules, _ = read_rules({"cashRefund.custbody_gone": "fixed a", "cashRefund.custbody_channel": "fixed a"})
    books = replace(lists(), catalog=known({"custbody_channel": FieldType.TEXT}))
    found = not_in_netsuite(profile(rules=rules, items={"tip": "NO-SUCH"}), books)

    assert [(one.code, one.where) for one in found] == [
        ("named_not_in_netsuite", "item.tip"),
        ("field_unknown", "field.cashRefund.custbody_gone"),
    ]


def test_a_refund_is_held_rather_than_sent_with_an_unknown_field() -> None:
    """Where the field is gone since the rule was saved, the preview says so, and nothing is sent."""
    draft = made({}, one_mug()).drafts[0]
    rules, _ = read_rules({BODY: "fixed a"})
    done = map_fields((draft,), rules, one_mug(), MUGS, known({}))

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
    done = map_fields((draft,), rules, one_mug(), MUGS, known({"custbody_x": type_}))

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
    found = check_rules(rules, known({"custbody_x": type_}))

    assert [one.code for one in found] == ["field_value_odd"]
    assert wants in found[0].message


def test_a_choice_is_one_of_those_there_are() -> None:
    """A value that is none of a field's choices is an error that names them."""
    form = Field(name="customForm", type=FieldType.CHOICE, choices=("113", "177"))
    catalog = Catalog(records=(Described(record="cashRefund", fields=(form,)),))
    for value, wrong in (("113", []), ("114", ["one of 113, 177"])):
        rules, _ = read_rules({"cashRefund.customForm": f"fixed {value}"})
        found = check_rules(rules, catalog)

        assert [says in one.message for one, says in zip(found, wrong, strict=True)] == [True] * len(wrong)


def test_what_the_store_says_may_not_fit() -> None:
    """A copied value that the field cannot hold is left out with a warning, and holds the refund where required."""
    draft = made({}, one_mug()).drafts[0]
    for required, severity in (("", "warning"), ("required ", "error")):
        rules, _ = read_rules({BODY: f"{required}copy refund.note"})
        done = map_fields((draft,), rules, one_mug(), MUGS, known({"custbody_x": FieldType.NUMBER}))

        assert [(one.code, one.severity.value) for one in done.findings] == [("field_value_odd", severity)]
        assert "custbody_x" not in done.drafts[0].body
