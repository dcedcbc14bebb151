"""Voids, as a person does them: set to nothing, or reversed by a journal; what was settled is open again."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
D = Decimal


@pytest.fixture
def memo(net: NetSuite, shop: Shop, line: Line) -> str:
    """A credit memo of 8.00."""
    net.control("GET", "preferences")
    return net.make("creditMemo", entity={"id": shop.customer}, item={"items": [line(shop.adjust, 8)]})


def void(net: NetSuite, kind: str, record: str, **more: str) -> Any:
    return net.control("POST", "void", {"type": kind, "id": record, **more})


def by_journals(net: NetSuite) -> None:
    net.control("POST", "preferences", {"void_transactions_using_reversing_journals": True})


def pay_out(net: NetSuite, shop: Shop, memo: str, **more: Any) -> str:
    return net.post(f"creditMemo/{memo}/!transform/customerRefund", {"account": {"id": shop.clearing}, **more}).id


def seen(net: NetSuite, record: str) -> dict[str, str]:
    (row,) = net.rows(f"SELECT voided, status, foreigntotal FROM transaction WHERE id = {record}")
    return row


@pytest.mark.stamp("documented")
def test_a_voided_cash_refund_is_set_to_nothing(net: NetSuite, shop: Shop, line: Line) -> None:
    """Total and lines are 0, the goods are out again, the ledger is empty, and the record stays."""
    net.control("GET", "preferences")
    sale = shop.sale(line(shop.tray, 80, 2))
    made = net.post(f"cashSale/{sale}/!transform/cashRefund", {}).id
    assert net.on_hand(shop.tray) == 10
    assert void(net, "cashRefund", made).json == {"type": "cashRefund", "id": made}
    assert (net.ledger(made), net.on_hand(shop.tray)) == ({}, 8)
    shown = net.read(f"cashRefund/{made}")
    assert (shown["total"], shown["item"]["items"][0]["amount"], shown["createdFrom"]["id"]) == (0, 0, sale)
    assert seen(net, made) == {"voided": "T", "status": "V", "foreigntotal": "0"}
    assert seen(net, sale)["voided"] == "F"


@pytest.mark.stamp("documented")
def test_a_voided_memo_opens_its_invoice(net: NetSuite, shop: Shop, line: Line) -> None:
    """A memo that is voided settles its invoice no longer."""
    net.control("GET", "preferences")
    invoice = shop.sale(line(shop.card, 30), kind="invoice")
    made = net.post(f"invoice/{invoice}/!transform/creditMemo", {}).id
    assert net.read(f"invoice/{invoice}")["amountRemaining"] == 0
    void(net, "creditMemo", made)
    shown = net.read(f"creditMemo/{made}")
    assert (shown["status"], shown["unapplied"], shown["apply"]["items"]) == (
        {"id": "V", "refName": "Voided"},
        0,
        [],
    )
    shown = net.read(f"invoice/{invoice}")
    assert (shown["amountRemaining"], shown["status"]["id"]) == (30, "A")


@pytest.mark.stamp("documented")
def test_a_voided_invoice_leaves_its_order_to_be_billed(net: NetSuite, shop: Shop, line: Line) -> None:
    """A sales order whose bill is voided waits to be billed again."""
    net.control("GET", "preferences")
    order = shop.sale(line(shop.card, 10), kind="salesOrder")
    invoice = net.post(f"salesOrder/{order}/!transform/invoice", {}).id
    assert net.read(f"salesOrder/{order}")["status"]["id"] == "G"
    void(net, "invoice", invoice)
    assert net.read(f"salesOrder/{order}")["status"]["id"] != "G"
    assert net.post(f"salesOrder/{order}/!transform/invoice", {}).status == 204


@pytest.mark.stamp("documented")
def test_reversing_journals_leave_refunds_and_memos_without_a_void(
    net: NetSuite, shop: Shop, line: Line, memo: str
) -> None:
    """With the preference on, cash refunds and credit memos cannot be voided."""
    by_journals(net)
    made = net.make("cashRefund", entity={"id": shop.customer}, item={"items": [line(shop.card, 1)]})
    for kind, record in (("cashRefund", made), ("creditMemo", memo)):
        assert void(net, kind, record).status == 400
        assert seen(net, record)["voided"] == "F"


@pytest.mark.stamp("documented")
def test_a_customer_refund_is_voided_by_a_journal(net: NetSuite, shop: Shop, memo: str) -> None:
    """A journal reverses the refund on its own day; refund and journal together are nothing, and the memo is open."""
    by_journals(net)
    refund = pay_out(net, shop, memo)
    said = void(net, "customerRefund", refund, date="2026-03-31").json
    assert said["type"] == "journalEntry"
    assert net.ledger(refund) == {"1100": D(8), "1090": D(-8)}
    assert net.ledger(said["id"]) == {"1100": D(-8), "1090": D(8)}
    shown = net.read(f"customerRefund/{refund}")
    assert (shown["status"]["id"], shown["voidJournal"]["id"], shown["apply"]["items"]) == ("V", said["id"], [])
    journal = net.read(f"journalEntry/{said['id']}")
    assert (journal["tranDate"], journal["createdFrom"]["id"]) == ("2026-03-31", refund)
    assert net.read(f"creditMemo/{memo}")["unapplied"] == 8
    assert seen(net, refund) == {"voided": "T", "status": "V", "foreigntotal": "-8"}


@pytest.mark.stamp("documented")
def test_a_journal_voids_what_its_period_no_longer_takes(net: NetSuite, shop: Shop, memo: str) -> None:
    """A refund of a closed period can be voided by a journal in an open one, and cannot be set to nothing."""
    net.control("POST", "clock", {"now": "2026-03-10T12:00:00Z"})
    refund = pay_out(net, shop, memo, tranDate="2026-02-20")
    found = net.rows("SELECT id FROM accountingperiod WHERE periodname = 'Feb 2026'")[0]["id"]
    net.patch(f"accountingPeriod/{found}", {"closed": True})
    assert "closed" in void(net, "customerRefund", refund).detail
    assert seen(net, refund)["voided"] == "F"
    by_journals(net)
    assert void(net, "customerRefund", refund).json["type"] == "journalEntry"


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize("journals", [False, True])
def test_a_voided_refund_of_a_deposit_leaves_the_deposit_open(net: NetSuite, shop: Shop, journals: Any) -> None:
    """The deposit application that was made for the refund is gone, and the whole deposit is there."""
    net.control("POST", "preferences", {"void_transactions_using_reversing_journals": journals})
    account = {"account": {"id": shop.clearing}}
    deposit = net.make("customerDeposit", customer={"id": shop.customer}, payment=9, **account)
    refund = net.post(f"customerDeposit/{deposit}/!transform/customerRefund", account).id
    assert net.read(f"customerDeposit/{deposit}")["amountRemaining"] == 0
    said = void(net, "customerRefund", refund).json
    assert net.read(f"customerDeposit/{deposit}")["amountRemaining"] == 9
    assert net.rows(f"SELECT id FROM transaction WHERE type = 'DepAppl' AND entity = {shop.customer}") == []
    nets = [net.ledger(record) for record in {refund, said["id"]}]
    assert {account: sum(one.get(account, D(0)) for one in nets) for one in nets for account in one} in (
        {},
        {"1090": D(0), "1100": D(0)},
    )


@pytest.mark.stamp("chosen")
def test_exchange_differences_go_with_the_void(net: NetSuite, shop: Shop, line: Line) -> None:
    """A refund at another rate takes its realised difference with it."""
    net.control("GET", "preferences")
    euro = {"currency": net.currency("EUR")}
    made = net.make(
        "creditMemo",
        entity={"id": shop.customer},
        exchangeRate=D("1.1"),
        item={"items": [line(shop.adjust, 8)]},
        **euro,
    )
    refund = pay_out(net, shop, made, exchangeRate=D("1.2"))
    assert len(net.rows(f"SELECT nextdoc FROM NextTransactionLink WHERE previousdoc = {refund}")) == 1
    void(net, "customerRefund", refund)
    assert net.rows(f"SELECT nextdoc FROM NextTransactionLink WHERE previousdoc = {refund}") == []
    assert net.ledger(refund) == {}
    assert net.read(f"creditMemo/{made}")["unapplied"] == 8


@pytest.mark.stamp("verified: errors that SuiteScript's documentation lists for a void")
def test_what_cannot_be_voided(net: NetSuite, shop: Shop, line: Line, memo: str) -> None:
    """A memo that was paid out, what is voided already, an order, a customer: none can be voided."""
    refund = pay_out(net, shop, memo)
    assert "linked" in void(net, "creditMemo", memo).detail
    assert void(net, "customerRefund", refund).status == 200
    assert "already been voided" in void(net, "customerRefund", refund).detail
    assert void(net, "creditMemo", memo).status == 200
    order = shop.sale(line(shop.card, 1), kind="salesOrder")
    for kind, record in (("salesOrder", order), ("customer", shop.customer), ("invoice", memo), ("unicorn", "1")):
        assert void(net, kind, record).status in {400, 404}
    assert net.control("POST", "void", {"type": "creditMemo"}).status == 400
    assert void(net, "creditMemo", memo, date="soon").status == 400


@pytest.mark.stamp("documented")
def test_what_is_voided_is_neither_changed_nor_used(net: NetSuite, shop: Shop, line: Line) -> None:
    """A voided sale cannot be refunded, nor changed."""
    net.control("GET", "preferences")
    sale = shop.sale(line(shop.card, 5))
    void(net, "cashSale", sale)
    assert net.post(f"cashSale/{sale}/!transform/cashRefund", {}).status == 400
    assert net.patch(f"cashSale/{sale}", {"item": {"items": [{"line": 1, "amount": 9}]}}).status == 400
    assert net.read(f"cashSale/{sale}")["total"] == 0
