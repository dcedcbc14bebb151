"""One refund from the shop into the books, by the command line, against what NetSuite itself then says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from world import World, bill, order, refund


def _preview_ledger(shape: dict[str, Any], record: str) -> dict[str, Decimal]:
    net: dict[str, Decimal] = {}
    for line in shape["ledger"]:
        if line["record"] == record:
            change = Decimal(line["debit"]) - Decimal(line["credit"])
            net[line["account"]] = net.get(line["account"], Decimal(0)) + change
    return {account: amount for account, amount in net.items() if amount}


def _tray_order() -> dict[str, Any]:
    returned = refund(20451, [(1, 1, "40.00", "3.30")], paid="43.30")
    return order(2045, [("MUG", 3, "12.50", "3.09"), ("TRAY", 1, "40.00", "3.30")], [returned], paid="85.89",
                 shipping="5.00")  # fmt: skip


def _tray_sale() -> tuple[str, dict[str, Any]]:
    return bill("cashSale", "#2045", [("MUG", 3, "37.50", "3.09"), ("TRAY", 1, "40.00", "3.30")], shipping="5.00")


def test_cash_sale_becomes_a_cash_refund_equal_to_its_preview(world: World) -> None:
    """A returned tray: ledger and stock in NetSuite are the preview's to the cent, and shipping stays."""
    world.shop.ask("POST", "orders", [_tray_order()])
    world.seed(_tray_sale())
    stock = world.on_hand("TRAY")
    found = world.refund("#2045")

    assert found["status"] == "ready", found
    preview = world.json("preview", str(found["id"]))
    posted = world.json("post", str(found["id"]))["refunds"][0]

    assert posted["status"] == "posted"
    record = posted["netsuite"][0]
    expected = {"4000": Decimal("40.00"), "2100": Decimal("3.30"), "1090": Decimal("-43.30"),
                "1200": Decimal("15.00"), "5000": Decimal("-15.00")}  # fmt: skip
    assert world.ledger(record["external_id"]) == expected == _preview_ledger(preview, "cashRefund")
    assert record["total"] == {"amount": "43.30", "currency": "USD"}
    assert preview["netsuite_total"] == preview["credited"] == preview["paid_out"] == "43.30"
    assert preview["stock"][0]["item"] == "TRAY"
    assert world.on_hand("TRAY") - stock == Decimal(preview["stock"][0]["quantity"]) == 1
    assert [line["by"] for line in preview["ledger"]].count("netsuite") == 2


def test_posting_again_changes_nothing(world: World) -> None:
    """A second post, and a second retrieve, write nothing and ask for nothing to be written."""
    world.shop.ask("POST", "orders", [_tray_order()])
    world.seed(_tray_sale())
    id_ = str(world.refund("#2045")["id"])
    first = world.json("post", id_)["refunds"][0]
    world.books.ask("DELETE", "journal")

    again = world.json("post", id_)["refunds"][0]
    retrieved = world.refund("#2045")

    assert again["netsuite"] == first["netsuite"] == retrieved["netsuite"]
    assert retrieved["status"] == "posted"
    assert not [call for call in world.calls() if "!transform" in call]
    assert len(world.ours()) == 1


@pytest.mark.parametrize("fault", ["commit then drop", "500 after commit", "garbage", "truncated"])
def test_an_answer_lost_after_the_commit_is_looked_up(world: World, fault: str) -> None:
    """NetSuite wrote the record and the answer was lost: it is found by its external id, and stands once."""
    world.shop.ask("POST", "orders", [_tray_order()])
    world.seed(_tray_sale())
    id_ = str(world.refund("#2045")["id"])
    world.books.ask("POST", "faults", [{"when": "create cashRefund", "nth": 1, "times": 1, "do": fault}])

    posted = world.json("post", id_)["refunds"][0]

    assert posted["status"] == "posted"
    assert len(world.ours()) == 1
    assert world.ledger(posted["netsuite"][0]["external_id"])["1090"] == Decimal("-43.30")


@pytest.mark.parametrize("fault", ["drop", "500 before commit", "429", "503"])
def test_a_call_that_did_not_commit_is_sent_again_once(world: World, fault: str) -> None:
    """NetSuite wrote nothing: after a look, or a pause, the record is sent again and stands once."""
    world.shop.ask("POST", "orders", [_tray_order()])
    world.seed(_tray_sale())
    id_ = str(world.refund("#2045")["id"])
    world.books.ask("POST", "faults", [{"when": "create cashRefund", "nth": 1, "times": 1, "do": fault}])

    assert world.json("post", id_)["refunds"][0]["status"] == "posted"
    assert len(world.ours()) == 1


def test_a_lost_answer_without_a_look_is_checked_later(world: World) -> None:
    """Answer and look both fail: the refund is Checking, nothing is doubled, and the next post finds it."""
    world.shop.ask("POST", "orders", [_tray_order()])
    world.seed(_tray_sale())
    id_ = str(world.refund("#2045")["id"])
    world.books.ask("POST", "faults", [
        {"when": "create cashRefund", "nth": 1, "times": 1, "do": "commit then drop"},
        {"when": "get cashRefund", "nth": 1, "times": 20, "do": "503"},
    ])  # fmt: skip

    unclear = world.json("post", id_, code=1)["refunds"][0]
    assert unclear["status"] == "outcome_unknown"
    assert unclear["findings"][0]["fix"]

    world.books.ask("DELETE", "faults")
    assert world.json("post", id_)["refunds"][0]["status"] == "posted"
    assert len(world.ours()) == 1


def test_worked_case_c05_open_invoice_amount_only(world: World) -> None:
    """The invoice stays open at 48.20; memo and customer refund book the 20.00, and A/R nets to nothing."""
    given = refund(20051, paid="20.00", adjustment="-20.00")
    sold = [("MUG", 3, "12.50", "3.09")]
    world.shop.ask("POST", "orders", [order(2005, sold, [given], paid="48.20", shipping="7.61")])
    (invoice,) = world.seed(bill("invoice", "#2005", [("MUG", 3, "37.50", "3.09")], shipping="7.61"))
    found = world.refund("2005")
    preview = world.json("preview", str(found["id"]))

    posted = world.json("post", str(found["id"]))["refunds"][0]

    memo, payout = posted["netsuite"]
    assert (memo["type"], payout["type"]) == ("creditMemo", "customerRefund")
    assert world.ledger(memo["external_id"]) == {"4100": Decimal("20.00"), "1100": Decimal("-20.00")}
    assert world.ledger(payout["external_id"]) == {"1100": Decimal("20.00"), "1090": Decimal("-20.00")}
    assert world.ledger(memo["external_id"]) == _preview_ledger(preview, "creditMemo")
    assert world.ledger(payout["external_id"]) == _preview_ledger(preview, "customerRefund")
    left = world.query(f"SELECT foreignamountunpaid FROM transaction WHERE id = {invoice}")
    assert Decimal(left[0]["foreignamountunpaid"]) == Decimal("48.20")
    assert preview["receivable_reduced"] == "0.00"


def test_calls_are_as_few_as_promised(world: World) -> None:
    """Two store calls and one match to retrieve; look, write, read-back to post: three, or four for an invoice."""
    given = refund(20051, paid="20.00", adjustment="-20.00")
    sold = [("MUG", 3, "12.50", "3.09")]
    invoiced = order(2005, sold, [given], paid="48.20", shipping="7.61")
    world.shop.ask("POST", "orders", [_tray_order(), invoiced])
    world.seed(_tray_sale(), bill("invoice", "#2005", [("MUG", 3, "37.50", "3.09")], shipping="7.61"))
    world.books.ask("DELETE", "journal")

    sale = world.refund("#2045")
    store_calls = [one for one in world.shop.ask("GET", "journal")["requests"] if "graphql" in one["path"]]
    assert len(store_calls) <= 2
    assert len(world.calls()) == 1
    bill_refund = world.refund("#2005")

    for found, most in ((sale, 3), (bill_refund, 4)):
        world.books.ask("DELETE", "journal")
        world.json("post", str(found["id"]))
        assert len(world.calls()) == most, world.calls()


def test_field_rules_reach_the_record_with_their_reasons(world: World) -> None:
    """Rules set on the command line stand in the preview with their reasons, and in NetSuite as the preview says."""
    rules = {
        "field.cashRefund.custbody_channel": "translate tender.gateway: shopify_payments -> Web shop",
        "field.cashRefund.custbody_order": "copy order.name",
        "field.cashRefund.item.custcol_came_back": "when line.restock is returned then yes; otherwise no",
    }
    world.define(*(setting.rpartition(".")[2] for setting in rules))
    for setting, rule in rules.items():
        assert world.contrapost("accounts", "set", "shop", f"--set={setting}={rule}").code == 0
    world.shop.ask("POST", "orders", [_tray_order()])
    world.seed(_tray_sale())
    id_ = str(world.refund("#2045")["id"])
    preview = world.json("preview", id_)
    said = world.contrapost("preview", id_)
    posted = world.json("post", id_)["refunds"][0]
    external_id = posted["netsuite"][0]["external_id"]
    head = world.query(f"SELECT custbody_channel, custbody_order FROM transaction WHERE externalid = '{external_id}'")
    lines = world.query(
        "SELECT l.custcol_came_back FROM transactionline l JOIN transaction t ON t.id = l.transaction "
        f"WHERE t.externalid = '{external_id}' AND l.custcol_came_back IS NOT NULL"
    )

    assert preview["records"][0]["fields"]["custbody_channel"] == "Web shop"
    assert preview["records"][0]["lines"][0]["fields"] == {"custcol_came_back": "yes"}
    why = {reason["what"]: reason["why"] for reason in preview["trace"]}
    assert why["cash refund custbody_channel"].endswith("translated from tender.gateway shopify_payments")
    assert "custcol_came_back" in said.out
    assert "because line.restock is returned" in said.out
    assert head == [{"custbody_channel": "Web shop", "custbody_order": "#2045"}]
    assert lines == [{"custcol_came_back": "yes"}]
