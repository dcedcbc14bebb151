"""Accounting books beside the primary one: the same posting at a rate of its own, in a currency of its own."""

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
def ifrs(net: NetSuite) -> str:
    """A second book, kept in euros."""
    net.control("GET", "preferences")
    return net.make("accountingBook", name="IFRS", currency=net.currency("EUR"))


def ledger(net: NetSuite, record: str, book: str) -> dict[str, Decimal]:
    found = net.rows(
        "SELECT a.acctnumber AS account, SUM(l.amount) AS net FROM transactionaccountingline l"
        f" JOIN account a ON a.id = l.account WHERE l.transaction = {record} AND l.accountingbook = {book}"
        " GROUP BY a.acctnumber"
    )
    return {row["account"]: D(row["net"]) for row in found if D(row["net"])}


def at(book: str, rate: object) -> dict[str, object]:
    return {"accountingBookDetail": {"items": [{"accountingBook": {"id": book}, "exchangeRate": rate}]}}


@pytest.mark.stamp("documented")
def test_each_book_has_its_own_rate(net: NetSuite, shop: Shop, line: Line, ifrs: str) -> None:
    """A sale of USD 10.00 stands in the second book at the rate that its detail says, in the first at its own."""
    sale = shop.sale(line(shop.card, 10), **at(ifrs, D("0.9")))
    assert ledger(net, sale, "1") == {"1090": D(10), "4000": D(-10)}
    assert ledger(net, sale, ifrs) == {"1090": D(9), "4000": D(-9)}
    detail = net.read(f"cashSale/{sale}")["accountingBookDetail"]["items"][0]
    assert (detail["accountingBook"]["refName"], detail["currency"]["refName"]) == ("IFRS", "Euro")
    assert detail["exchangeRate"] == D("0.9")


@pytest.mark.stamp("documented")
def test_a_refund_takes_the_days_rate_in_each_book(net: NetSuite, shop: Shop, line: Line, ifrs: str) -> None:
    """A transform copies no book's rate: the day's is taken, unless the request names one by its book."""
    sale = shop.sale(line(shop.card, 11), **at(ifrs, D("0.5")))
    transform = f"cashSale/{sale}/!transform/cashRefund"
    cash = {"account": {"id": shop.clearing}}
    days = net.post(transform, cash).id
    assert ledger(net, days, ifrs) == {"1090": D(-10), "4000": D(10)}
    named = net.post(transform, cash | at(ifrs, D("0.5"))).id
    assert ledger(net, named, ifrs) == {"1090": D("-5.50"), "4000": D("5.50")}
    assert net.patch(f"cashRefund/{named}", at(ifrs, 1)).status == 204
    assert ledger(net, named, ifrs) == {"1090": D(-11), "4000": D(11)}


@pytest.mark.stamp("chosen")
def test_every_book_balances_with_tax_and_cost(net: NetSuite, shop: Shop, line: Line, ifrs: str) -> None:
    """Rounding at a book's rate leaves no cent over, and costs stand in it too."""
    code = {"taxCode": {"id": shop.tax}}
    sale = shop.sale(line(shop.tray, "33.33", **code), line(shop.card, "0.01", **code), **at(ifrs, D("0.3337")))
    held = ledger(net, sale, ifrs)
    assert sum(held.values()) == 0
    assert (held["5000"], held["1200"]) == (D("5.01"), D("-5.01"))


@pytest.mark.stamp("chosen")
def test_realised_differences_by_book(net: NetSuite, shop: Shop, line: Line, ifrs: str) -> None:
    """A memo paid out at another rate of the second book alone leaves a difference in that book alone."""
    memo = net.make("creditMemo", entity={"id": shop.customer}, item={"items": [line(shop.adjust, 10)]}, **at(ifrs, 1))
    paid = {"account": {"id": shop.clearing}, **at(ifrs, D("1.5"))}
    refund = net.post(f"creditMemo/{memo}/!transform/customerRefund", paid).id
    own = net.rows(f"SELECT nextdoc FROM NextTransactionLink WHERE previousdoc = {refund} AND nexttype = 'FxReval'")
    assert ledger(net, own[0]["nextdoc"], ifrs) == {"7950": D(5), "1100": D(-5)}
    assert ledger(net, own[0]["nextdoc"], "1") == {}


@pytest.mark.stamp("documented")
def test_wrong_books_and_rates_are_refused(net: NetSuite, shop: Shop, line: Line, ifrs: str) -> None:
    """The primary book has no detail; a book that is none, and a rate of nothing, are refused in their place."""
    body = {"entity": {"id": shop.customer}, "item": {"items": [line(shop.card, 1)]}}
    for wrong, place in (
        (at("1", 1), "accountingBook"),
        (at("99", 1), "accountingBook"),
        (at(ifrs, 0), "exchangeRate"),
        (at(ifrs, -1), "exchangeRate"),
    ):
        assert net.post("cashSale", body | wrong).path == f"accountingBookDetail.items[0].{place}"


@pytest.mark.stamp("chosen")
def test_a_voided_customer_refund_nets_to_nothing_in_every_book(
    net: NetSuite, shop: Shop, line: Line, ifrs: str
) -> None:
    """The journal that reverses a refund reverses it in the second book at that book's rate."""
    net.control("POST", "preferences", {"void_transactions_using_reversing_journals": True})
    memo = net.make("creditMemo", entity={"id": shop.customer}, item={"items": [line(shop.adjust, 10)]})
    paid = {"account": {"id": shop.clearing}, **at(ifrs, D("0.8"))}
    refund = net.post(f"creditMemo/{memo}/!transform/customerRefund", paid).id
    journal = net.control("POST", "void", {"type": "customerRefund", "id": refund}).json["id"]
    assert ledger(net, refund, ifrs) == {"1100": D(8), "1090": D(-8)}
    assert ledger(net, journal, ifrs) == {"1100": D(-8), "1090": D(8)}
