"""The one sentence of a refund's page: what Post will do, or why it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.netsuite.drafts import WITH_TOTAL, RecordType
from contrapost.refunds.lifecycle import BOOKED, UNDER_WAY, State
from contrapost.web import words

if TYPE_CHECKING:
    from contrapost.netsuite.drafts import Draft, Plan
    from contrapost.netsuite.lists import Lists
    from contrapost.records.rows import TransactionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A sentence in bold, and one beside it."""

    tone: str
    lead: str
    rest: str
    cure: str = ""
    cure_url: str = ""
    """Where what is wrong can be mended, if that is a setting."""


def verdict_on(row: TransactionRow, lists: Lists, *, may_set: bool) -> Verdict:
    """Says where a refund stands and what comes next."""
    tone = words.TONES[row.status]
    if row.changes:
        first = row.changes[0].finding
        return Verdict(tone="error", lead=first.message, rest=first.fix)
    if row.status in BOOKED:
        return _booked(row, lists, tone)
    if row.status is State.READY and row.plan:
        return Verdict(tone=tone, lead=_made(row.plan, lists, "Post will make", "bring"), rest=_agrees(row.plan))
    if row.status is State.CANCELED:
        return Verdict(
            tone=tone, lead="This refund is canceled: it is kept and never acted on.", rest="Restore brings it back."
        )
    if row.status in UNDER_WAY:
        return Verdict(
            tone=tone,
            lead="An answer of NetSuite is missing.",
            rest="NetSuite is looked at before anything is sent again; posting it once more goes on from there.",
        )
    return _held(row, tone, may_set=may_set)


def _booked(row: TransactionRow, lists: Lists, tone: str) -> Verdict:
    if row.plan:
        return Verdict(
            tone=tone, lead=_made(row.plan, lists, "This made", "brought"), rest="It was read back equal to the plan."
        )
    return Verdict(
        tone=tone,
        lead=f"{_names(row)}, made by hand in NetSuite, {_stand(row)} for this refund.",
        rest="A person linked it; nothing was sent from here.",
    )


def _held(row: TransactionRow, tone: str, *, may_set: bool) -> Verdict:
    if not row.findings:
        return Verdict(tone=tone, lead="This refund has not been looked at yet.", rest="Preview looks at it now.")
    told = words.said(row.findings[0], row.account, may_set=may_set)
    sent = _what_stands(row) if row.status is State.NEEDS_ATTENTION else ""
    return Verdict(
        tone=tone, lead=told.message, rest=f"{told.fix} {sent}".strip(), cure=told.cure, cure_url=told.cure_url
    )


def _what_stands(row: TransactionRow) -> str:
    if row.links:
        return f"{_names(row)} stands in NetSuite already."
    return "" if row.frozen else "Nothing was sent."


def _stand(row: TransactionRow) -> str:
    return "stand" if len(row.links) > 1 else "stands"


def _names(row: TransactionRow) -> str:
    return " and ".join(f"{words.record_word(link.record).capitalize()} {link.tranid}" for link in row.standing)


def _made(plan: Plan, lists: Lists, verb: str, brings: str) -> str:
    booking = [draft for draft in plan.drafts if not draft.takes_back]
    records = " and ".join(_record(draft) for draft in booking) or "nothing"
    taken = [_taken(draft) for draft in plan.drafts if draft.takes_back]
    before = f" Before that: {', '.join(taken)}." if taken else ""
    return f"{verb} {records}{_stock(plan, lists, brings)}.{before}"


def _taken(draft: Draft) -> str:
    word = words.record_word(draft.record)
    return f"{word} {draft.takes_back} deleted" if draft.removes else f"one {word} against record {draft.takes_back}"


def _record(draft: Draft) -> str:
    if draft.record is RecordType.SALES_ORDER:
        return f"closed lines of sales order {draft.source.tranid}" if draft.source else "closed lines"
    source = f" from {words.record_word(draft.source.record)} {draft.source.tranid}".rstrip() if draft.source else ""
    if draft.record not in WITH_TOTAL:
        return f"one {words.record_word(draft.record)}{source}"
    total = words.amount(draft.total)
    return f"one {words.record_word(draft.record)} of {total.figures} {total.currency}{source}"


def _stock(plan: Plan, lists: Lists, brings: str) -> str:
    names = {location.id: location.name for location in lists.locations}
    moves = [
        f"{move.quantity.normalize():f} {words.TIMES} {move.item} back to {names.get(move.location, 'stock')}"
        for draft in plan.drafts
        for move in draft.stock
    ]
    return f", and {brings} {', '.join(moves)}" if moves else ", without moving stock"


def _agrees(plan: Plan) -> str:
    if plan.netsuite_total == plan.amounts.documents:
        return "It agrees with the store to the cent."
    apart = words.amount(abs(plan.netsuite_total - plan.amounts.documents))
    return f"It differs from the store by {apart.figures} {apart.currency}."
