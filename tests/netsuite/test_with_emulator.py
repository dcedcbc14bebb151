"""The client against the emulated NetSuite: what it writes stands there, and what it reads is what stands there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from builders import draft

from contrapost.netsuite.answers import Refused, Written
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.settings import read_settings

if TYPE_CHECKING:
    from contrapost.demo.processes import Emulator
    from contrapost.netsuite.answers import Answer


@pytest.fixture
def net(books_process: Emulator) -> RestNetSuite:
    """A client of an empty account with a customer, a card and an account for the money."""
    books_process.ask("POST", "reset")
    account = {"externalId": "clearing", "acctNumber": "1090", "acctName": "Clearing", "acctType": {"id": "Bank"}}
    seeds = [
        ("account", account),
        ("customer", {"externalId": "ada", "companyName": "Ada"}),
        ("nonInventorySaleItem", {"externalId": "card", "itemId": "CARD"}),
    ]
    books_process.ask("POST", "seed", [{"type": kind, "body": body} for kind, body in seeds])
    settings, _ = read_settings(books_process.credentials())
    assert settings is not None
    return RestNetSuite(settings)


def written(answer: Answer) -> str:
    """The id of what was written."""
    assert isinstance(answer, Written), answer
    return answer.id


def sale(net: RestNetSuite, external_id: str = "sale-1") -> str:
    """Sells three cards at 10.10 and gives the sale's id."""
    line = {"item": {"externalId": "card"}, "quantity": 3, "amount": Decimal("30.30"), "price": {"id": "-1"}}
    body = {
        "externalId": external_id,
        "entity": {"externalId": "ada"},
        "account": {"externalId": "clearing"},
        "item": {"items": [line]},
    }
    return written(net.create("cashSale", body, what="create a sale"))


def test_record_is_made_changed_and_read(net: RestNetSuite) -> None:
    """A record is created, found by its external id, changed, and read with its lines; amounts to the cent."""
    id_ = sale(net)
    assert written(net.patch("cashSale", "eid:sale-1", {"memo": "changed"}, what="change it")) == id_
    read = net.get("cashSale", id_, expand=True)
    assert read is not None
    assert (read["memo"], read["total"]) == ("changed", Decimal("30.3"))
    assert [line["quantity"] for line in read["item"]["items"]] == [3]
    assert net.get("cashSale", "eid:nobody") is None


def test_upsert_makes_once(net: RestNetSuite) -> None:
    """The same upsert twice makes one record."""
    body = {"companyName": "Bob", "externalId": "bob"}
    first = written(net.upsert("customer", "bob", body, what="upsert"))
    assert written(net.upsert("customer", "bob", {"companyName": "Robert"}, what="upsert")) == first
    read = net.get("customer", "eid:bob")
    assert read is not None
    assert read["companyName"] == "Robert"


def test_transform_that_replaces_takes_back_what_it_names(net: RestNetSuite) -> None:
    """Two transforms of one sale take back one card each; with `replace` the others stay sold."""
    id_ = sale(net)
    line = {"orderLine": 1, "quantity": 1, "amount": Decimal("10.10"), "price": {"id": "-1"}}
    for number in (1, 2):
        body = {"externalId": f"refund-{number}", "item": {"items": [line]}}
        written(net.transform("cashSale", id_, "cashRefund", body, replace=("item",), what="refund a card"))
    totals = net.rows("SELECT foreigntotal FROM transaction WHERE type = 'CashRfnd' ORDER BY id", "read the refunds")
    assert [Decimal(row["foreigntotal"]) for row in totals] == [Decimal("-10.10")] * 2


def test_unknown_field_is_refused_in_our_words(net: RestNetSuite) -> None:
    """A field that nobody knows is refused where it stands, and nothing is made."""
    answer = net.create("customer", {"companyName": "Eve", "noSuchField": 1}, what="create customer Eve")
    assert isinstance(answer, Refused)
    assert (answer.finding.code, answer.finding.where) == ("netsuite_field_unknown", "noSuchField")
    assert "create customer Eve" in answer.finding.message
    assert net.rows("SELECT id FROM customer WHERE companyname = 'Eve'", "look") == []


def test_second_record_of_an_external_id_is_told(net: RestNetSuite) -> None:
    """The external id of one record is refused to another, and the answer says that one stands."""
    sale(net)
    line = {"item": {"externalId": "card"}, "quantity": 1, "amount": 1}
    body = {"externalId": "SALE-1", "entity": {"externalId": "ada"}, "item": {"items": [line]}}
    answer = net.create("invoice", body, what="create")
    assert isinstance(answer, Refused)
    assert answer.exists


def test_values_with_quotes_stay_values(net: RestNetSuite) -> None:
    """A name with a quote in it is found, and nothing else is."""
    written(net.create("customer", {"companyName": "O'Hara' OR '1'='1", "externalId": "ohara"}, what="create"))
    asked = "SELECT externalid FROM customer WHERE companyname = 'O''Hara'' OR ''1''=''1'"
    assert [row["externalid"] for row in net.rows(asked, "look")] == ["ohara"]


def test_another_accounting_book_counts_nothing_twice(net: RestNetSuite) -> None:
    """Where the account keeps several books, the ledger of a record is that of the primary book."""
    euro = {"name": "IFRS", "currency": {"refName": "Euro"}}
    written(net.create("accountingBook", euro, what="open a book"))
    id_ = sale(net)
    held = net.read_back({id_: draft("sale-1")})[id_]
    assert sorted(amount for _, amount in held.ledger) == [Decimal("-30.3"), Decimal("30.3")]
