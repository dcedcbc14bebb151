"""Why a plan is as it is: what the preview says of a marketplace's three views of one refund, and of every field."""

from __future__ import annotations

from builders import cash_sale, charge, errors, invoice, line, plan_of, refund, shipping, sold, usd

from contrapost.netsuite.drafts import LABELS
from contrapost.refunds.document import StoreFee


def test_buyer_seller_and_settlement_are_told_apart() -> None:
    """The buyer got 54.00, 50.00 is credited, and the settlement moves 44.00; why they differ is said."""
    made = plan_of(
        refund(
            line("ITEM-A", 1, "50.00"),
            paid="50.00",
            facilitator_tax=usd("4.00"),
            store_fees=(
                StoreFee(name="Commission", amount=usd("-7.50")),
                StoreFee(name="RefundCommission", amount=usd("1.50")),
            ),
        ),
        cash_sale(sold("ITEM-A", 1, "50.00")),
    )

    (told,) = [reason for reason in made.trace if reason.what == "marketplace"]
    assert told.value == "buyer 54.00, credited 50.00, settlement 44.00"
    assert told.why == "4.00 USD of it is tax that the marketplace paid; 6.00 USD is what it gave back of its fees"
    assert made.drafts[0].total == usd("50.00")


def test_bill_without_goods_is_told() -> None:
    """A bill that has only shipping cannot be credited: NetSuite wants a line, and there is none to name."""
    made = plan_of(refund(paid="5.00", charges=(charge("shipping", "5.00"),)), cash_sale(shipping("5.00")))

    assert errors(made) == ["bill_without_items"]


def test_every_field_of_a_record_has_a_reason() -> None:
    """No value is sent that the preview does not explain: each field of each body is named by a reason."""
    made = plan_of(
        refund(line("MUG", 1, "12.50", tax="1.03", back=True), paid="13.53"),
        invoice(sold("MUG", 2, "25.00", tax="2.06"), rate="1.1", id="77"),
    )
    explained = {reason.what for reason in made.trace}
    by_other_words = {"tranDate": "date", "account": "A/R account", "item": "line MUG", "taxDetails": "tax"}
    for draft in made.drafts:
        for name in draft.body:
            label = f"{LABELS[draft.record]} {name}"
            words = {label, by_other_words.get(name, label)}
            if draft.record == "customerRefund" and name in {"account", "exchangeRate"}:
                words |= {"cash account", "customer refund's rate"}
            assert words & explained, label
