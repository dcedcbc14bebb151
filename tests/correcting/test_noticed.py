"""What changes of a posted refund afterwards is noticed: in NetSuite by a check, at the store when it is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from one_process import ADA
from world import order, refund

from contrapost import flow
from contrapost.records import queries
from contrapost.records.rows import Filters
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from one_process import Trade

    from contrapost.records.rows import TransactionRow


def _check(trade: Trade) -> list[int]:
    checked = flow.check_posted(trade.app, "shop", by=ADA)
    assert not checked.problems
    return list(checked.changed)


def _codes(row: TransactionRow) -> list[str]:
    return [change.finding.code for change in queries.get(row.id).changes]


def test_nothing_is_noticed_of_what_stands_as_it_did(trade: Trade) -> None:
    """Cash refund, memo and customer refund, with stock: one question for all, and nothing is flagged."""
    trade.posted(3001, item="MUG")
    trade.posted(3002, "invoice")
    trade.books.ask("DELETE", "journal")

    checked = flow.check_posted(trade.app, "shop", by=ADA)

    assert (checked.records, checked.changed, checked.problems) == (3, (), ())
    assert len(trade.calls()) == 1
    assert queries.count(Filters(changed=True)) == 0


def test_a_deleted_record_is_noticed_once_and_shown(trade: Trade) -> None:
    """It is found by the filter and named in a finding; the state stays; looking again tells nothing new."""
    row = trade.posted(3001)
    trade.remove("cashRefund", row.links[0].netsuite_id)

    assert _check(trade) == [row.id]
    assert _check(trade) == []

    now = queries.get(row.id)
    assert (now.status, _codes(row)) == (State.POSTED, ["vanished_in_netsuite"])
    assert now.findings[0].code == "vanished_in_netsuite"
    assert row.links[0].tranid in now.findings[0].message
    assert [one.id for one in queries.listing(Filters(changed=True)).rows] == [row.id]
    assert trade.events(row.id).count("changed_after_posting") == 1


def test_a_void_and_a_changed_amount_are_noticed_with_both_versions(trade: Trade) -> None:
    """A voided customer refund, and another amount and account of a cash refund, as they were and as they are."""
    first, second = trade.posted(3001, "invoice"), trade.posted(3002)
    trade.books.ask("POST", "void", {"type": "customerRefund", "id": first.links[1].netsuite_id})
    other = {"item": {"items": [{"line": 1, "amount": 90}]}}
    trade.netsuite().patch("cashRefund", second.links[0].netsuite_id, other, what="edit")

    assert sorted(_check(trade)) == [first.id, second.id]

    assert _codes(first) == ["voided_in_netsuite"]
    assert _codes(second) == ["changed_in_netsuite"]
    (change,) = queries.get(second.id).changes
    apart = {one.what.split(" ")[0]: (one.before, one.now) for one in change.apart}
    assert apart["total"][0] == "108.25 USD"
    assert any("1090" in one.what and one.before == "108.25 credit" for one in change.apart)


def test_what_was_linked_by_hand_is_watched_too(trade: Trade) -> None:
    """A record made by hand that is deleted after it was linked is noticed as well."""
    sale = trade.sell(3001)
    lines = {"item": {"items": [{"orderLine": 1, "quantity": 1, "amount": 100}]}}
    made = trade.by_hand("cashSale", sale, "cashRefund", lines)
    row = trade.retrieve(3001)
    flow.adopt(trade.app, row.id, [f"cashRefund:{made}"], by=ADA)
    assert _check(trade) == []
    trade.remove("cashRefund", made)

    assert _check(trade) == [row.id]


def test_netsuite_away_flags_nothing(trade: Trade) -> None:
    """A NetSuite that cannot be asked is a problem; nothing counts as vanished."""
    row = trade.posted(3001)
    trade.books.ask("POST", "faults", [{"when": "suiteql", "nth": 1, "times": 20, "do": "503"}])

    checked = flow.check_posted(trade.app, "shop", by=ADA)

    assert [problem.finding.code for problem in checked.problems] == ["netsuite_read_failed"]
    assert _codes(row) == []


def test_the_store_changing_a_posted_refund_is_noticed_with_both_versions(trade: Trade) -> None:
    """The document as it was posted stays, the new one stands beside it; once it is as it was, the flag goes."""
    row = trade.posted(3001)
    trade.refunded(3001, amount="60.00")
    changed = trade.retrieve(3001)
    trade.refunded(3001)
    back = trade.retrieve(3001)

    assert [change.finding.code for change in changed.changes] == ["changed_at_store"]
    assert changed.document == row.document
    assert changed.later is not None
    assert "payment by shopify_payments" in changed.findings[0].message
    assert changed.status is State.POSTED
    assert (back.changes, back.later) == ((), None)
    assert trade.events(row.id)[-1] == "as_posted"


def test_a_tender_that_fails_later_is_told_apart(trade: Trade) -> None:
    """Money that came back from the gateway after the refund was posted is said as that."""
    row = trade.posted(3001)
    trade.refunded(3001, status="FAILURE")

    changed = trade.retrieve(3001)

    assert _codes(row) == ["tender_failed_later"]
    assert "108.25 USD by shopify_payments never reached" in changed.findings[0].message


def test_a_refund_that_the_store_deleted_is_noticed(trade: Trade) -> None:
    """Its order is read in whole and it is not there any more; a note that changed is nothing."""
    row = trade.posted(3001)
    trade.refunded(3001, note="only the note")
    assert trade.retrieve(3001).changes == ()

    trade.shop.ask("POST", "orders", [order(3001, [("LAMP", 1, "100.00", "8.25")], [], paid="108.25")])
    flow.retrieve(trade.app, "shop", flow.Orders(names=["#3001"]), by=ADA)

    assert _codes(row) == ["deleted_at_store"]
    assert queries.get(row.id).status is State.POSTED


def test_another_refund_of_the_order_is_no_change(trade: Trade) -> None:
    """A second refund of the order leaves the first as it was posted."""
    row = trade.posted(3001)
    backs = [refund(30011, [(0, 1, "100.00", "8.25")], paid="108.25"), refund(30012, paid="5.00", adjustment="-5.00")]
    trade.shop.ask("POST", "orders", [order(3001, [("LAMP", 1, "100.00", "8.25")], backs, paid="108.25")])

    flow.retrieve(trade.app, "shop", flow.Orders(names=["#3001"]), by=ADA)

    assert _codes(row) == []
