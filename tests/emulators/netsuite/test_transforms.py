"""Transforms: what comes along, what stays, and the two ways to credit too much without being told."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.netsuite.conftest import NetSuite, Shop

Line = Any
D = Decimal


@pytest.mark.stamp("documented")
def test_lines_nobody_mentions_stay(net: NetSuite, shop: Shop, line: Line) -> None:
    """Without replace=item the untouched lines of the sale are refunded too."""
    sale = shop.sale(line(shop.card, 10), line(shop.tray, 40))
    made = net.post(f"cashSale/{sale}/!transform/cashRefund", {"item": {"items": [{"orderLine": 1, "amount": 5}]}}).id
    assert net.read(f"cashRefund/{made}")["total"] == 45


@pytest.mark.stamp("documented")
def test_replace_keeps_only_the_lines_named(net: NetSuite, shop: Shop, line: Line) -> None:
    """With replace=item the lines that are not named are left out."""
    sale = shop.sale(line(shop.card, 10), line(shop.tray, 40))
    body = {"item": {"items": [{"orderLine": 2, "quantity": 1}]}}
    made = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", body).id
    shown = net.read(f"cashRefund/{made}")
    assert [(one["line"], one["orderLine"], one["amount"]) for one in shown["item"]["items"]] == [(1, 2, 40)]
    assert shown["createdFrom"]["id"] == sale
    assert shown["total"] == 40


@pytest.mark.stamp("documented")
def test_line_without_order_line_comes_on_top(net: NetSuite, shop: Shop, line: Line) -> None:
    """A line without orderLine is added to those that were copied."""
    sale = shop.sale(line(shop.card, 10))
    made = net.post(f"cashSale/{sale}/!transform/cashRefund", {"item": {"items": [line(shop.card, 10)]}}).id
    assert net.read(f"cashRefund/{made}")["total"] == 20


@pytest.mark.stamp("documented")
def test_shipping_comes_along_each_time(net: NetSuite, shop: Shop, line: Line) -> None:
    """The shipping cost is copied whole by every refund that does not set it."""
    sale = shop.sale(line(shop.card, 10, 2), shippingCost=5)
    body = {"item": {"items": [{"orderLine": 1, "quantity": 1}]}}
    for _ in range(2):
        made = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", body).id
        assert net.read(f"cashRefund/{made}")["total"] == 10
    made = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", {**body, "shippingCost": 0}).id
    assert net.read(f"cashRefund/{made}")["total"] == 5


@pytest.mark.stamp("verified: noted by integrators of NetSuite")
def test_percentage_discount_applies_again(net: NetSuite, shop: Shop, line: Line) -> None:
    """A percentage discount of the header is worked out anew on the lines that are left."""
    sale = shop.sale(line(shop.card, 100), line(shop.card, 50), discountItem={"id": shop.discount})
    assert net.read(f"cashSale/{sale}")["total"] == 135
    body = {"item": {"items": [{"orderLine": 2}]}}
    made = net.post(f"cashSale/{sale}/!transform/cashRefund?replace=item", body).id
    shown = net.read(f"cashRefund/{made}")
    assert (shown["subtotal"], shown["discountTotal"], shown["total"]) == (50, -5, 45)


@pytest.mark.stamp("chosen")
def test_external_id_in_the_path(net: NetSuite, shop: Shop, line: Line) -> None:
    """A source may be named by its external id, and the transform's mark may be encoded."""
    name = net.own("SALE-1")
    shop.sale(line(shop.card, 10), externalId=name)
    made = net.post(f"cashSale/eid:{name.lower()}/%21transform/cashRefund", {}).id
    assert net.read(f"cashRefund/{made}")["total"] == 10


@pytest.mark.stamp("documented")
def test_dry_run_saves_nothing(net: NetSuite, shop: Shop, line: Line) -> None:
    """Asked for a create-form, a transform shows the record it would make and saves none."""
    sale = shop.sale(line(shop.card, 10))
    accept = "application/vnd.oracle.resource+json; type=create-form"
    reply = net.post(f"cashSale/{sale}/!transform/cashRefund", {}, Accept=accept)
    assert reply.status == 200
    assert reply.json["total"] == 10
    assert net.rows(f"SELECT transaction FROM transactionline WHERE createdfrom = {sale}") == []


@pytest.mark.stamp("documented")
def test_order_is_billed_in_parts(net: NetSuite, shop: Shop, line: Line) -> None:
    """Each bill of an order is offered what is not billed yet; when all is billed the order is Billed."""
    order = shop.sale(line(shop.card, 30, 3), kind="salesOrder")
    body = {"item": {"items": [{"orderLine": 1, "quantity": 1}]}}
    first = net.post(f"salesOrder/{order}/!transform/cashSale?replace=item", body).id
    second = net.post(f"salesOrder/{order}/!transform/invoice", {}).id
    assert net.read(f"cashSale/{first}")["total"] == 10
    assert net.read(f"invoice/{second}")["total"] == 20
    shown = net.read(f"salesOrder/{order}")
    assert (shown["status"]["id"], shown["item"]["items"][0]["quantityBilled"]) == ("G", 3)
    assert "left to bill" in net.post(f"salesOrder/{order}/!transform/invoice", {}).detail


@pytest.mark.stamp("chosen")
def test_closed_order_line_is_not_billed(net: NetSuite, shop: Shop, line: Line) -> None:
    """A line closed on the order is not offered to its bill."""
    order = shop.sale(line(shop.card, 10), line(shop.card, 20), kind="salesOrder")
    assert net.patch(f"salesOrder/{order}", {"item": {"items": [{"line": 1, "isClosed": True}]}}).status == 204
    made = net.post(f"salesOrder/{order}/!transform/invoice", {}).id
    assert net.read(f"invoice/{made}")["total"] == 20


@pytest.mark.stamp("documented")
def test_bill_of_an_order_leaves_stock_to_its_shipment(net: NetSuite, shop: Shop, line: Line) -> None:
    """With Advanced Shipping the bill of a sales order takes nothing out of stock; a bill of its own still does."""
    net.control("POST", "preferences", {"advanced_shipping": True})
    order = shop.sale(line(shop.tray, 40), kind="salesOrder")
    billed = net.post(f"salesOrder/{order}/!transform/cashSale", {}).id
    assert net.ledger(billed) == {"1095": 40, "4000": -40}
    assert net.on_hand(shop.tray) == 10
    shop.sale(line(shop.tray, 40))
    assert net.on_hand(shop.tray) == 9


@pytest.mark.stamp("documented")
def test_memo_is_applied_to_its_invoice_unless_told_not_to(net: NetSuite, shop: Shop, line: Line) -> None:
    """The transform from an open invoice offers that invoice preselected."""
    invoice = shop.sale(line(shop.card, 30), kind="invoice")
    memo = net.post(
        f"invoice/{invoice}/!transform/creditMemo?replace=item", {"item": {"items": [line(shop.adjust, 8)]}}
    )
    assert net.read(f"creditMemo/{memo.id}")["unapplied"] == 0
    assert net.read(f"invoice/{invoice}")["amountRemaining"] == 22


@pytest.mark.stamp("documented")
def test_auto_apply_is_sticky(net: NetSuite, shop: Shop, line: Line) -> None:
    """AutoApply keeps the user's last value, so a later memo settles another invoice unasked."""
    shop.sale(line(shop.card, 30), kind="invoice")
    memo = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.adjust, 8)]}}
    left = net.make("creditMemo", **memo)
    assert net.read(f"creditMemo/{left}")["unapplied"] == 8
    net.make("creditMemo", autoApply=True, **memo)
    unasked = net.make("creditMemo", **memo)
    assert net.read(f"creditMemo/{unasked}")["unapplied"] == 0


@pytest.mark.stamp("documented")
def test_receivables_account_of_a_memo_is_sticky(net: NetSuite, shop: Shop, line: Line) -> None:
    """A memo takes the receivables account of the last one, not its invoice's; then it cannot settle it."""
    other = net.make("account", acctNumber="1101", acctName="A/R UK", acctType={"id": "AcctRec"})
    memo = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.adjust, 8)]}}
    net.make("creditMemo", account={"id": other}, **memo)
    invoice = shop.sale(line(shop.card, 30), kind="invoice")
    made = net.post(f"invoice/{invoice}/!transform/creditMemo", {}).id
    shown = net.read(f"creditMemo/{made}")
    assert (shown["account"]["id"], shown["unapplied"]) == (other, 30)
    assert net.read(f"invoice/{invoice}")["amountRemaining"] == 30


@pytest.mark.stamp("documented")
def test_transforms_that_do_not_exist(net: NetSuite, shop: Shop, line: Line) -> None:
    """An order does not become a refund."""
    order = shop.sale(line(shop.card, 10), kind="salesOrder")
    assert net.post(f"salesOrder/{order}/!transform/cashRefund", {}).status == 400


@pytest.mark.stamp("documented")
def test_deposit_is_set_against_an_invoice(net: NetSuite, shop: Shop, line: Line) -> None:
    """A deposit application pays an invoice out of a deposit: liability against receivables, no cash."""
    customer = {"customer": {"id": shop.customer}, "account": {"id": shop.clearing}}
    deposit = net.make("customerDeposit", payment=50, **customer)
    invoice = shop.sale(line(shop.card, 30), kind="invoice")
    apply = {"apply": {"items": [{"doc": {"id": invoice}}]}}
    made = net.post(f"customerDeposit/{deposit}/!transform/depositApplication", apply).id
    assert net.ledger(made) == {"2200": D(30), "1100": D(-30)}
    assert net.read(f"invoice/{invoice}")["amountRemaining"] == 0
    assert net.read(f"customerDeposit/{deposit}")["amountRemaining"] == 20
    other = {"apply": {"items": [{"doc": {"id": shop.sale(line(shop.card, 30), kind="invoice")}, "amount": 21}]}}
    assert net.post(f"customerDeposit/{deposit}/!transform/depositApplication", other).status == 400


@pytest.mark.stamp("documented")
def test_what_is_left_of_a_payment_is_paid_back(net: NetSuite, shop: Shop, line: Line) -> None:
    """A customer refund made from a payment takes what no invoice has taken, and nothing is left to refund then."""
    invoice = shop.sale(line(shop.card, 30), kind="invoice")
    paid = net.post(f"invoice/{invoice}/!transform/customerPayment", {"payment": 50}).id
    body = {"account": {"id": shop.clearing}}
    made = net.post(f"customerPayment/{paid}/!transform/customerRefund", body).id
    assert net.ledger(made) == {"1100": D(20), "1090": D(-20)}
    assert net.read(f"customerPayment/{paid}")["unapplied"] == 0
    assert net.post(f"customerPayment/{paid}/!transform/customerRefund", body).status == 400


@pytest.mark.stamp("documented")
def test_order_becomes_a_return(net: NetSuite, shop: Shop, line: Line) -> None:
    """A return authorization is made from a sales order too, with its lines and without its shipping."""
    order = shop.sale(line(shop.card, 30, 3), kind="salesOrder", shippingCost=5)
    body = {"item": {"items": [{"orderLine": 1, "quantity": 1}]}}
    made = net.post(f"salesOrder/{order}/!transform/returnAuthorization?replace=item", body).id
    shown = net.read(f"returnAuthorization/{made}")
    assert (shown["total"], shown["createdFrom"]["id"]) == (10, order)
    assert net.ledger(made) == {}
