"""A refund that holds everything a field rule may read, and the plan it becomes under some rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from builders import cash_sale, line, plan_of, profile, refund, sold, tender

from contrapost.mapping.rule_text import read_rules
from contrapost.netsuite.bill import Bill
from contrapost.netsuite.drafts import Draft, Plan
from contrapost.refunds.document import Refund

MUGS = cash_sale(sold("MUG", 2, "25.00"))
BODY, LINES = "cashRefund.custbody_x", "cashRefund.item.custcol_x"


def one_mug(**more: Any) -> Refund:
    """A refund of one mug by one tender, with facts of every kind."""
    given: dict[str, Any] = {
        "paid": None,
        "tenders": (replace(tender("12.50", "paypal"), gateway_reference="ch_8Z", payout_id="po_31"),),
        "note": "broken; handle, cup",
        "facts": {"tags": "vip, wholesale-2", "source_name": "pos"},
    }
    return refund(line("MUG", 1, "12.50", back=True, location="West"), **(given | more))


def made(rules: dict[str, str], of: Refund, on: Bill = MUGS, **more: Any) -> Plan:
    """The plan of a refund under a profile with these rules; `more` goes to the profile."""
    read, findings = read_rules(rules)
    assert not findings, findings
    return plan_of(of, on, by=profile(rules=read, **more))


def items(draft: Draft) -> list[dict[str, Any]]:
    """The lines of a draft as they are sent."""
    sent: list[dict[str, Any]] = draft.body["item"]["items"]
    return sent
