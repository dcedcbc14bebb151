"""Corrections of records that hang on others: deposits paid back, goods that came back on a return of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from one_process import ADA
from world import bill, order, refund, to

from contrapost import accounts, corrections, flow
from contrapost.mapping.taking_back import Way
from contrapost.records import queries
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from one_process import Trade

    from contrapost.records.rows import TransactionRow


def _correct(trade: Trade, id_: int) -> TransactionRow:
    by_hand = corrections.prepare(trade.app, id_, way=Way.OFFSET)
    assert {finding.code for finding in by_hand.findings} == {"correction_by_hand"}
    made = corrections.prepare(trade.app, id_, way=Way.DELETE)
    assert made.plan is not None, made.findings
    corrections.accept(trade.app, id_, way=Way.DELETE, seen=made.fingerprint, by=ADA)
    return queries.get(id_)


def test_a_deposit_is_paid_back_anew(trade: Trade) -> None:
    """The customer refund of a deposit is deleted, the deposit is whole again, and pays back what it should."""
    _, body = bill("salesOrder", "#4001", [("LAMP", 1, "100.00", "8.25")])
    (so,) = trade.seed(("salesOrder", {key: value for key, value in body.items() if key != "account"}))
    paid = {"customer": to("cust"), "payment": Decimal("108.25"), "salesOrder": {"id": so}, "account": to("acct-1090")}
    (deposit,) = trade.seed(("customerDeposit", paid))
    trade.refunded(4001, restock="CANCEL")
    row = trade.post(trade.retrieve(4001).id)
    assert row.status is State.POSTED, row.findings
    assert _left(trade, deposit) == 0
    trade.refunded(4001, amount="60.00")
    trade.retrieve(4001)

    now = _correct(trade, row.id)

    assert now.status is State.POSTED, now.findings
    assert _left(trade, deposit) == Decimal("48.25")
    assert [link.total.text for link in now.standing] == ["60.00"]


def test_goods_that_came_back_on_a_return_are_received_once(trade: Trade) -> None:
    """Refund, receipt and return are deleted in the order NetSuite lets them go; stock counts the mug once."""
    accounts.change(trade.app, "shop", {"restock": "return_authorization"})
    (sale,) = trade.seed(bill("cashSale", "#4002", [("MUG", 1, "100.00", "8.25")]))
    units = trade.on_hand("MUG")
    trade.refunded(4002, item="MUG")
    row = trade.post(trade.retrieve(4002).id)
    assert row.status is State.POSTED, row.findings
    assert {link.record for link in row.links} == {"returnAuthorization", "itemReceipt", "cashRefund"}
    assert trade.on_hand("MUG") == units + 1
    _say(trade, refund(40021, [(0, 1, "100.00", "8.25")], paid="108.25", gateway="paypal"))
    trade.retrieve(4002)

    now = _correct(trade, row.id)

    assert now.status is State.POSTED, now.findings
    assert trade.on_hand("MUG") == units + 1
    assert [link.taken_back for link in now.links] == ["deleted"] * 3 + [""] * 3
    rows = trade.query(
        "SELECT a.acctnumber, SUM(g.amount) AS net FROM transactionaccountingline g JOIN account a ON a.id = g.account "
        f"WHERE g.transaction > {sale} GROUP BY a.acctnumber"
    )
    net = {one["acctnumber"]: Decimal(one["net"]) for one in rows if Decimal(one["net"])}
    assert net["1091"] == Decimal("-108.25")
    assert "1090" not in net


def test_what_was_taken_back_is_no_difference_to_a_comparison(trade: Trade) -> None:
    """Store and NetSuite agree after a correction by records beside it: both of the pair count for nothing."""
    trade.sell(4003)
    row = trade.post(trade.retrieve(4003).id)
    trade.refunded(4003, amount="60.00")
    trade.retrieve(4003)
    made = corrections.prepare(trade.app, row.id)
    corrections.accept(trade.app, row.id, way=Way.OFFSET, seen=made.fingerprint, by=ADA)

    flow.reconcile_due(trade.app, "shop")

    assert queries.get(row.id).status is State.RECONCILED


def _say(trade: Trade, given: dict[str, Any]) -> None:
    sold = [("MUG", 1, "100.00", "8.25")]
    trade.shop.ask("POST", "orders", [order(4002, sold, [given], paid="108.25")])


def _left(trade: Trade, deposit: str) -> Decimal:
    (row,) = trade.query(f"SELECT foreignpaymentamountunused AS unused FROM transaction WHERE id = {deposit}")
    return abs(Decimal(row.get("unused", "0")))
