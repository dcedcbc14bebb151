"""A refund that somebody booked by hand in NetSuite: found in the order's family, confirmed by a person, linked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from one_process import ADA
from world import bill, order, refund, to

from contrapost import flow
from contrapost.records import queries
from contrapost.records.errors import RefusedError
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from one_process import Trade

CREDIT: dict[str, Any] = {"item": {"items": [{"orderLine": 1, "quantity": 1, "amount": 100}]}}
"""The lamp, taken back by hand."""


def test_cash_refund_by_hand_is_found_and_linked(trade: Trade) -> None:
    """It fits by amount and items; confirmed, the refund is posted with it, and nothing was or is ever sent."""
    sale = trade.sell(3001)
    made = trade.by_hand("cashSale", sale, "cashRefund", CREDIT | {"externalId": "by-hand"})
    id_ = trade.retrieve(3001).id

    (found,) = flow.adoptable(trade.app, id_).candidates
    trade.books.ask("DELETE", "journal")
    flow.adopt(trade.app, id_, [f"cashRefund:{made}"], by=ADA, seen=found.fingerprint)
    row = trade.post(trade.retrieve(3001).id)

    assert (found.fit, found.says, [one.name for one in found.records]) == ("whole", (), [f"cashRefund:{made}"])
    assert row.status is State.POSTED
    assert [(link.record, link.netsuite_id, link.adopted) for link in row.links] == [("cashRefund", made, True)]
    assert all("suiteql" in call for call in trade.calls())
    assert not trade.ours()
    adopted = queries.history(id_)[-1]
    assert (adopted.event, adopted.by) == ("adopted", ADA)


def test_memo_and_what_pays_it_out_are_linked_together(trade: Trade) -> None:
    """A memo of the invoice and its customer refund are one candidate; the memo alone pays nothing out."""
    invoice = trade.sell(3002, "invoice")
    unapplied = {"autoApply": False, "apply": {"items": [{"doc": {"id": invoice}, "line": 0, "apply": False}]}}
    memo = trade.by_hand("invoice", invoice, "creditMemo", CREDIT | unapplied)
    id_ = trade.retrieve(3002).id
    (alone,) = flow.adoptable(trade.app, id_).candidates
    applied = {"items": [{"doc": {"id": memo}, "line": 0, "apply": True, "amount": 108.25}]}
    pays = {"customer": to("cust"), "account": to("acct-1090"), "apply": applied}
    (payout,) = trade.seed(("customerRefund", pays))

    (found,) = flow.adoptable(trade.app, id_).candidates
    names = [one.name for one in found.records]
    flow.adopt(trade.app, id_, names, by=ADA)

    assert (alone.fit, found.fit) == ("items", "whole")
    assert "no customer refund" in alone.says[0]
    assert names == [f"creditMemo:{memo}", f"customerRefund:{payout}"]
    assert [link.netsuite_id for link in queries.get(id_).links] == [memo, payout]


def test_refund_by_a_return_is_linked_with_it(trade: Trade) -> None:
    """A cash refund made from a return authorization of the sale comes with the return and its receipt."""
    sale = trade.sell(3003, item="MUG")
    returned = trade.by_hand("cashSale", sale, "returnAuthorization", CREDIT | {"orderStatus": {"id": "B"}})
    receipt = trade.by_hand("returnAuthorization", returned, "itemReceipt", {"item": {"items": [{"orderLine": 1}]}})
    made = trade.by_hand("returnAuthorization", returned, "cashRefund", CREDIT)
    id_ = trade.retrieve(3003).id

    (found,) = flow.adoptable(trade.app, id_).candidates

    assert found.fit == "whole"
    assert {one.id for one in found.records} == {made, receipt, returned}


def test_what_does_not_agree_needs_a_reason_and_a_record_stands_for_one_refund(trade: Trade) -> None:
    """Another amount is linked only with a reason, which is kept; the record links once, until it is taken back."""
    backs = [refund(30040 + place, [(0, 1, "100.00", "8.25")], paid="108.25") for place in (1, 2)]
    trade.shop.ask("POST", "orders", [order(3004, [("LAMP", 2, "100.00", "16.50")], backs, paid="216.50")])
    (sale,) = trade.seed(bill("cashSale", "#3004", [("LAMP", 2, "200.00", "16.50")]))
    less = {"item": {"items": [{"orderLine": 1, "quantity": 1, "amount": 90}]}}
    named = [f"cashRefund:{trade.by_hand('cashSale', sale, 'cashRefund', less)}"]
    result = flow.retrieve(trade.app, "shop", flow.Orders(names=["#3004"]), by=ADA)
    first, second = (row.id for row in result.transactions)

    with pytest.raises(RefusedError, match="the store 108"):
        flow.adopt(trade.app, first, named, by=ADA)
    flow.adopt(trade.app, first, named, by=ADA, reason="kept the rest for damage")
    with pytest.raises(RefusedError, match="no record that can be linked"):
        flow.adopt(trade.app, second, named, by=ADA)
    row = queries.get(first)
    flow.release(trade.app, first, by=ADA)

    assert {finding.code for finding in row.findings} == {"adopted_differs"}
    notes = {entry.event: entry.note for entry in queries.history(first)}
    assert notes["adopted"].endswith("kept the rest for damage")
    assert "no longer linked" in notes["released"]
    assert (queries.get(first).status, queries.get(first).links) == (State.READY, ())


def test_records_that_changed_since_they_were_seen_are_not_linked(trade: Trade) -> None:
    """What was shown is what is linked: another total in NetSuite is refused, and so is a void record."""
    sale = trade.sell(3005)
    made = trade.by_hand("cashSale", sale, "cashRefund", CREDIT)
    id_ = trade.retrieve(3005).id
    (found,) = flow.adoptable(trade.app, id_).candidates
    trade.netsuite().patch("cashRefund", made, {"item": {"items": [{"line": 1, "amount": 90}]}}, what="edit")

    with pytest.raises(RefusedError, match="changed in NetSuite since you looked"):
        flow.adopt(trade.app, id_, [f"cashRefund:{made}"], by=ADA, seen=found.fingerprint)
    trade.books.ask("POST", "void", {"type": "cashRefund", "id": made})
    with pytest.raises(RefusedError, match="no record that can be linked"):
        flow.adopt(trade.app, id_, [f"cashRefund:{made}"], by=ADA, reason="none")

    assert queries.get(id_).links == ()
    assert flow.adoptable(trade.app, id_).finding


def test_booked_elsewhere_stays_until_it_is_taken_back(trade: Trade) -> None:
    """It is not needed, with who and why; polls, previews and posts leave it alone; taken back, it is ready again."""
    trade.sell(3006)
    id_ = trade.retrieve(3006).id
    with pytest.raises(RefusedError, match="Say where"):
        flow.book_elsewhere(trade.app, id_, reason=" ", by=ADA)

    flow.book_elsewhere(trade.app, id_, reason="in the old books", by=ADA)
    trade.refunded(3006, note="changed at the store")
    polled = trade.retrieve(3006)
    refused = flow.post(trade.app, [id_], by=ADA)
    previewed = flow.preview(trade.app, id_, by=ADA).transactions[0]

    for row in (polled, previewed):
        assert (row.status, row.reason) == (State.NOT_NEEDED, "booked_elsewhere")
        assert "in the old books" in row.findings[0].message
    assert [problem.finding.code for problem in refused.problems] == ["booked_elsewhere"]
    assert not trade.ours()
    assert flow.release(trade.app, id_, by=ADA).transactions[0].status is State.READY


def test_what_stands_or_is_not_linked_is_refused(trade: Trade) -> None:
    """A posted refund takes no further record, is not booked elsewhere, and nothing of it was linked by hand."""
    row = trade.posted(3007)

    for deed in (
        lambda: flow.adopt(trade.app, row.id, ["cashRefund:1"], by=ADA),
        lambda: flow.book_elsewhere(trade.app, row.id, reason="x", by=ADA),
        lambda: flow.release(trade.app, row.id, by=ADA),
    ):
        with pytest.raises(RefusedError):
            deed()
    assert queries.get(row.id).links == row.links
