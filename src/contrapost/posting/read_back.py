"""What stands in NetSuite against what was planned. Pure."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.netsuite.drafts import WITH_TOTAL, BookedBy, RecordType, label_of
from contrapost.refunds.finding import Finding, error, warning

if TYPE_CHECKING:
    from contrapost.netsuite.answers import Standing
    from contrapost.netsuite.drafts import Draft


def identity_differences(draft: Draft, standing: Standing) -> tuple[Finding, ...]:
    """Finds what shows that a record with our external id is not the one we planned: its total, bill, or being void."""
    label = label_of(draft.record, standing.tranid, standing.id)
    found = []
    if standing.voided:
        found.append(_differs(label, "it is void", "was voided in NetSuite"))
    if draft.record in WITH_TOTAL and standing.total.amount != draft.total.amount:
        found.append(_differs(label, f"it comes to {standing.total.text}", f"was planned with {draft.total}"))
    source = draft.source.id if draft.source and draft.record is not RecordType.SALES_ORDER else ""
    if source and standing.created_from != source:
        found.append(_differs(label, f"it was made from record {standing.created_from or 'none'}", f"not {source}"))
    return tuple(found)


def ledger_differences(draft: Draft, standing: Standing) -> tuple[Finding, ...]:
    """Finds accounts whose net differs from the plan.

    An account the plan books to must agree to the cent. One that only NetSuite books to by itself (cost) may differ,
    because costs move between preview and post: that is told, not held. What NetSuite books on records of its own is
    not on this one.
    """
    label = label_of(draft.record, standing.tranid, standing.id)
    expected: dict[str, Decimal] = defaultdict(Decimal)
    own_records = [line for line in draft.ledger if not line.on]
    for line in own_records:
        expected[line.account] += line.debit - line.credit
    planned = {line.account for line in own_records if line.by is BookedBy.PLAN}
    own = {line.account for line in own_records if line.by is BookedBy.NETSUITE} - planned
    stands = dict(standing.ledger)
    found = []
    for account in sorted(expected.keys() | stands.keys()):
        difference = stands.get(account, Decimal(0)) - expected.get(account, Decimal(0))
        if not difference:
            continue
        said = f"account id:{account} of {label} stands at {stands.get(account, Decimal(0))}"
        planned_at = f"the plan said {expected.get(account, Decimal(0))}"
        if account in own:
            found.append(warning("cost_differs", f"NetSuite's own cost: {said}, {planned_at}."))
        else:
            found.append(_differs(label, said, planned_at))
    return tuple(found)


def _differs(label: str, stands: str, planned: str) -> Finding:
    return error(
        "read_back_differs",
        f"What stands in NetSuite is not what was planned: {label}, {stands}; {planned}.",
        fix="Look at the record in NetSuite. Nothing more is sent for this refund until a person has decided.",
        where=label,
    )
