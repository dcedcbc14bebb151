"""Corrections: what stands is taken back and the refund booked anew, so that the books hold what it is now, once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from one_process import ADA
from world import bill, order, refund

from contrapost import correcting, corrections, flow
from contrapost.mapping.taking_back import Way
from contrapost.records import queries
from contrapost.records.errors import RefusedError
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from one_process import Trade

    from contrapost.records.rows import TransactionRow

WAYS = [Way.OFFSET, Way.DELETE]


def _net(trade: Trade, after: int) -> dict[str, Decimal]:
    """The net of everything NetSuite booked on records made after one, per account number."""
    rows = trade.query(
        "SELECT a.acctnumber, SUM(g.amount) AS net FROM transactionaccountingline g "
        f"JOIN account a ON a.id = g.account WHERE g.transaction > {after} GROUP BY a.acctnumber"
    )
    return {row["acctnumber"]: Decimal(row["net"]) for row in rows if Decimal(row["net"])}


def _last(trade: Trade) -> int:
    return int(trade.query("SELECT MAX(id) AS last FROM transaction")[0]["last"])


def _correct(trade: Trade, id_: int, way: Way) -> TransactionRow:
    made = corrections.prepare(trade.app, id_, way=way)
    assert made.plan is not None, made.findings
    corrections.accept(trade.app, id_, way=way, seen=made.fingerprint, reason="the store changed it", by=ADA)
    return queries.get(id_)


@pytest.mark.parametrize("way", WAYS)
def test_a_cash_refund_that_the_store_changed_is_booked_anew(trade: Trade, way: Way) -> None:
    """Of the mug that came back only 60.00 were given: the books hold that and nothing else, and stock is right."""
    sale = trade.sell(3001, item="MUG")
    before, units = int(sale), trade.on_hand("MUG")
    row = trade.post(trade.retrieve(3001).id)
    trade.refunded(3001, item="MUG", amount="60.00")
    trade.retrieve(3001)

    now = _correct(trade, row.id, way)

    assert now.status is State.POSTED, now.findings
    assert _net(trade, before) == {"4100": Decimal("60.00"), "1090": Decimal("-60.00")}
    assert trade.on_hand("MUG") == units
    assert [link.total.text for link in now.standing] == ["60.00"]
    assert (now.changes, now.later) == ((), None)
    assert now.document is not None
    assert now.amount.text == "60.00"
    assert now.standing[0].external_id.endswith("__r2")
    assert flow.check_posted(trade.app, "shop", by=ADA).changed == ()
    assert trade.post(row.id).links == now.links


@pytest.mark.parametrize("way", WAYS)
def test_a_memo_and_its_customer_refund_are_booked_anew(trade: Trade, way: Way) -> None:
    """The receivable nets to nothing, the invoice is open as before, and no memo or payment is left open."""
    invoice = trade.sell(3002, "invoice", item="MUG")
    units = trade.on_hand("MUG")
    row = trade.post(trade.retrieve(3002).id)
    trade.refunded(3002, item="MUG", amount="60.00")
    trade.retrieve(3002)

    now = _correct(trade, row.id, way)

    assert now.status is State.POSTED, now.findings
    assert _net(trade, int(invoice)) == {"4100": Decimal("60.00"), "1090": Decimal("-60.00")}
    assert trade.on_hand("MUG") == units
    opened = trade.query(
        f"SELECT id, foreignamountunpaid AS open FROM transaction WHERE type = 'CustInvc' OR id >= {invoice}"
    )
    left = {row["id"]: Decimal(row.get("open", "0")) for row in opened if Decimal(row.get("open", "0"))}
    assert left == {invoice: Decimal("108.25")}
    unapplied = trade.query(f"SELECT id FROM transaction WHERE id > {invoice} AND foreignpaymentamountunused <> 0")
    assert unapplied == []
    assert flow.check_posted(trade.app, "shop", by=ADA).changed == ()


def test_a_deleted_record_is_written_again(trade: Trade) -> None:
    """What vanished needs no taking back: the same refund stands again, under the next revision."""
    sale = trade.sell(3003)
    row = trade.post(trade.retrieve(3003).id)
    trade.remove("cashRefund", row.links[0].netsuite_id)
    flow.check_posted(trade.app, "shop", by=ADA)

    now = _correct(trade, row.id, Way.OFFSET)

    assert now.status is State.POSTED
    assert _net(trade, int(sale))["1090"] == Decimal("-108.25")
    assert [link.taken_back for link in now.links] == ["vanished", ""]
    assert len(trade.ours()) == 1


def test_a_memo_whose_payout_was_voided_is_deleted_or_left_to_a_person(trade: Trade) -> None:
    """No record can book the reverse of an open memo, and that is said; deleting it works."""
    invoice = trade.sell(3004, "invoice")
    row = trade.post(trade.retrieve(3004).id)
    trade.books.ask("POST", "void", {"type": "customerRefund", "id": row.links[1].netsuite_id})
    flow.check_posted(trade.app, "shop", by=ADA)

    by_hand = corrections.prepare(trade.app, row.id, way=Way.OFFSET)
    now = _correct(trade, row.id, Way.DELETE)

    assert by_hand.plan is None
    assert [finding.code for finding in by_hand.findings] == ["correction_by_hand"]
    assert now.status is State.POSTED, now.findings
    assert _net(trade, int(invoice))["1090"] == Decimal("-108.25")
    assert "1100" not in _net(trade, int(invoice))
    assert sorted(link.taken_back for link in now.links) == ["", "", "deleted", "void"]


@pytest.mark.parametrize("way", WAYS)
def test_a_refund_that_the_store_deleted_is_taken_back_and_stays_so(trade: Trade, way: Way) -> None:
    """Nothing is left in the books; polls and posts leave it alone; taken back by a person, it can be posted again."""
    sale = trade.sell(3005, item="MUG")
    units = trade.on_hand("MUG")
    row = trade.post(trade.retrieve(3005).id)
    trade.shop.ask("POST", "orders", [order(3005, [("MUG", 1, "100.00", "8.25")], [], paid="108.25")])
    flow.retrieve(trade.app, "shop", flow.Orders(names=["#3005"]), by=ADA)

    now = _correct(trade, row.id, way)
    flow.preview(trade.app, row.id, by=ADA)
    posted = trade.post(row.id)

    assert (now.status, now.reason) == (State.NOT_NEEDED, "taken_back")
    assert (posted.status, posted.standing) == (State.NOT_NEEDED, ())
    assert _net(trade, int(sale)) == {}
    assert trade.on_hand("MUG") == units
    again = flow.release(trade.app, row.id, by=ADA).transactions[0]
    assert again.status is State.READY
    assert trade.post(row.id).status is State.POSTED
    assert _net(trade, int(sale))["1090"] == Decimal("-108.25")


def test_money_that_came_back_is_taken_back(trade: Trade) -> None:
    """A tender that failed later leaves nothing in the books."""
    sale = trade.sell(3006)
    row = trade.post(trade.retrieve(3006).id)
    trade.refunded(3006, status="FAILURE")
    trade.retrieve(3006)

    made = corrections.prepare(trade.app, row.id)
    assert made.plan is not None, made.findings
    now = _correct(trade, row.id, Way.OFFSET)

    assert now.status is State.NOT_NEEDED, now.findings
    assert _net(trade, int(sale)) == {}


def test_an_amount_changed_by_hand_is_set_right_and_by_hand_again_too(trade: Trade) -> None:
    """What somebody changed in NetSuite is taken back as it stands; a second correction takes the next revision."""
    sale = trade.sell(3007)
    row = trade.post(trade.retrieve(3007).id)
    before = _net(trade, int(sale))
    for revision in (2, 3):
        (link,) = queries.get(row.id).standing
        edit = {"item": {"items": [{"line": 1, "amount": 90}]}}
        trade.netsuite().patch("cashRefund", link.netsuite_id, edit, what="edit")
        flow.check_posted(trade.app, "shop", by=ADA)

        now = _correct(trade, row.id, Way.OFFSET)

        assert now.status is State.POSTED, now.findings
        assert now.standing[0].external_id.endswith(f"__r{revision}")
        assert _net(trade, int(sale)) == before


def test_what_reduced_the_receivable_opens_the_invoice_again(trade: Trade) -> None:
    """A memo applied to its invoice cannot be offset; deleted, the invoice is open in full for the new one."""
    lines = [("LAMP", 2, "200.00", "16.50")]
    unpaid = {"displayFinancialStatus": "PENDING", "transactions": []}

    def say(restock: str) -> None:
        given = refund(30081, [(0, 1, "100.00", "8.25")], paid="0.00", restock=restock, transactions={"nodes": []})
        sold = [("LAMP", 2, "100.00", "16.50")]
        trade.shop.ask("POST", "orders", [order(3008, sold, [given], paid="0.00", **unpaid)])

    say("RETURN")
    (invoice,) = trade.seed(bill("invoice", "#3008", lines))
    row = trade.post(trade.retrieve(3008).id)
    assert row.status is State.POSTED, row.findings
    assert row.plan is not None
    assert row.plan.amounts.receivable_reduced.text == "108.25"
    say("NO_RESTOCK")
    trade.retrieve(3008)

    by_hand = corrections.prepare(trade.app, row.id, way=Way.OFFSET)
    now = _correct(trade, row.id, Way.DELETE)

    assert [finding.code for finding in by_hand.findings] == ["correction_by_hand"]
    assert now.status is State.POSTED, now.findings
    (left,) = trade.query(f"SELECT foreignamountunpaid AS open FROM transaction WHERE id = {invoice}")
    assert Decimal(left["open"]) == Decimal("108.25")


def test_an_adopted_refund_is_corrected_like_any_other(trade: Trade) -> None:
    """A record made by hand and deleted later is replaced by one of ours."""
    sale = trade.sell(3009)
    lines = {"item": {"items": [{"orderLine": 1, "quantity": 1, "amount": 100}]}}
    made = trade.by_hand("cashSale", sale, "cashRefund", lines)
    row = trade.retrieve(3009)
    flow.adopt(trade.app, row.id, [f"cashRefund:{made}"], by=ADA)
    trade.remove("cashRefund", made)
    flow.check_posted(trade.app, "shop", by=ADA)

    now = _correct(trade, row.id, Way.OFFSET)

    assert now.status is State.POSTED, now.findings
    assert [(link.adopted, link.taken_back) for link in now.links] == [(True, "vanished"), (False, "")]


@pytest.mark.parametrize(
    ("way", "when"),
    [
        (Way.DELETE, "delete cashRefund"),
        (Way.OFFSET, "create cashSale"),
        (Way.OFFSET, "create cashRefund"),
        (Way.DELETE, "create cashRefund"),
    ],
)
@pytest.mark.parametrize("fault", ["commit then drop", "drop"])
def test_an_answer_lost_while_correcting_is_looked_up(trade: Trade, way: Way, when: str, fault: str) -> None:
    """Whatever call's answer is lost, each record is taken back and written once."""
    sale = trade.sell(3010)
    row = trade.post(trade.retrieve(3010).id)
    trade.refunded(3010, amount="60.00")
    trade.retrieve(3010)
    trade.books.ask("POST", "faults", [{"when": when, "nth": 1, "times": 1, "do": fault}])

    now = _correct(trade, row.id, way)

    assert now.status is State.POSTED, now.findings
    assert _net(trade, int(sale)) == {"4100": Decimal("60.00"), "1090": Decimal("-60.00")}
    assert len(trade.ours()) == (3 if way is Way.OFFSET else 1)


def test_a_correction_that_netsuite_refuses_leaves_all_as_it_was(trade: Trade) -> None:
    """Refused before anything landed, the next post drops it: posted as before, changed as before, to be tried anew."""
    sale = trade.sell(3011)
    row = trade.post(trade.retrieve(3011).id)
    trade.refunded(3011, amount="60.00")
    changed = trade.retrieve(3011)
    made = corrections.prepare(trade.app, row.id, way=Way.DELETE)
    period = {"period": f"{row.refunded_on:%b %Y}", "subsidiary": "Parent Company"}
    trade.books.ask("POST", "period-locks", {**period, "locked": True})

    corrections.accept(trade.app, row.id, way=Way.DELETE, seen=made.fingerprint, by=ADA)
    held = queries.get(row.id)
    trade.post(row.id)
    back = queries.get(row.id)
    trade.books.ask("POST", "period-locks", {**period, "locked": False})

    assert held.status is State.NEEDS_ATTENTION
    assert (back.status, back.plan, back.document) == (State.POSTED, row.plan, row.document)
    assert [one.finding.code for one in back.changes] == [one.finding.code for one in changed.changes]
    assert trade.events(row.id)[-1] == "correction_dropped"
    assert _correct(trade, row.id, Way.DELETE).status is State.POSTED
    assert _net(trade, int(sale)) == {"4100": Decimal("60.00"), "1090": Decimal("-60.00")}


def test_only_what_was_seen_is_carried_out(trade: Trade) -> None:
    """A correction that would become another one is refused; what did not change has none; it can be dropped."""
    trade.sell(3012)
    row = trade.post(trade.retrieve(3012).id)
    with pytest.raises(RefusedError, match="nothing to be corrected"):
        corrections.prepare(trade.app, row.id)
    trade.refunded(3012, amount="60.00")
    trade.retrieve(3012)
    made = corrections.prepare(trade.app, row.id)
    trade.refunded(3012, amount="70.00")
    trade.retrieve(3012)

    with pytest.raises(RefusedError, match="changed since you looked"):
        corrections.accept(trade.app, row.id, way=Way.OFFSET, seen=made.fingerprint, by=ADA)

    assert queries.get(row.id).links == row.links
    assert trade.events(row.id).count("correction_accepted") == 0


def test_what_stands_may_be_kept_with_a_reason(trade: Trade) -> None:
    """The mark goes and does not come back for the same change; another change is told again."""
    trade.sell(3013)
    row = trade.post(trade.retrieve(3013).id)
    trade.refunded(3013, amount="60.00")
    trade.retrieve(3013)
    with pytest.raises(RefusedError, match="Say why"):
        corrections.keep(trade.app, row.id, reason="", by=ADA)

    corrections.keep(trade.app, row.id, reason="settled with the customer", by=ADA)
    kept = trade.retrieve(3013)
    trade.refunded(3013, amount="70.00")
    other = trade.retrieve(3013)

    assert (kept.changes, kept.status) == ((), State.POSTED)
    assert [change.finding.code for change in other.changes] == ["changed_at_store"]
    kept_entry = next(entry for entry in queries.history(row.id) if entry.event == "kept_as_it_is")
    assert (kept_entry.by, kept_entry.note) == (ADA, "settled with the customer")


def test_another_refund_of_the_order_counts_only_what_stands(trade: Trade) -> None:
    """A credit that was taken back by a record beside it takes nothing of the bill from the next refund."""
    lines, sold = [("LAMP", 1, "100.00", "8.25")], [("LAMP", 1, "100.00", "8.25")]
    first = refund(30141, [(0, 1, "100.00", "8.25")], paid="108.25")
    trade.shop.ask("POST", "orders", [order(3014, sold, [first], paid="108.25")])
    trade.seed(bill("cashSale", "#3014", lines))
    row = trade.post(trade.retrieve(3014).id)
    second = refund(30142, [(0, 1, "100.00", "8.25")], paid="108.25")
    trade.shop.ask("POST", "orders", [order(3014, sold, [second], paid="108.25")])
    flow.retrieve(trade.app, "shop", flow.Orders(names=["#3014"]), by=ADA)
    _correct(trade, row.id, Way.OFFSET)

    found = flow.retrieve(trade.app, "shop", flow.Orders(names=["#3014"]), by=ADA)
    other = trade.post(found.transactions[0].id)

    assert other.status is State.POSTED, other.findings


def test_an_accepted_correction_waits_and_goes_on(trade: Trade) -> None:
    """Until it is posted it waits, untouched by looks and retrievals; a post carries it out, whoever asks."""
    sale = trade.sell(3015)
    row = trade.post(trade.retrieve(3015).id)
    trade.refunded(3015, amount="60.00")
    trade.retrieve(3015)
    made = corrections.prepare(trade.app, row.id)

    correcting.accept(trade.app, row.id, way=Way.OFFSET, seen=made.fingerprint, reason="", by=ADA)
    waiting = trade.retrieve(3015)
    flow.preview(trade.app, row.id, by=ADA)
    now = trade.post(row.id)

    assert (waiting.status, waiting.correcting, waiting.changes) == (State.READY, True, ())
    assert now.status is State.POSTED
    assert _net(trade, int(sale)) == {"4100": Decimal("60.00"), "1090": Decimal("-60.00")}
