"""The chart that all cases stand on, laid out in an empty account: accounts, items, customers and opening stock."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mapping_cases import Row, accounts, items
from mapping_trade import to

if TYPE_CHECKING:
    from mapping_world import Books

UNITS = 100
"""In stock of each stocked item, before anything is sold."""
CUSTOMERS = ("Online customer", "Amazon US")
REST_TYPES = {
    "inventory": "inventoryItem",
    "non-inventory": "nonInventorySaleItem",
    "other charge": "otherChargeSaleItem",
    "shipping": "shipItem",
    "discount": "discountItem",
    "kit": "kitItem",
    "group": "itemGroup",
}
_LEARNT = {
    "account": "SELECT id, acctnumber AS name FROM account",
    "currency": "SELECT id, symbol AS name FROM currency",
    "location": "SELECT id, name FROM location",
    "subsidiary": "SELECT id, name FROM subsidiary",
    "period": "SELECT id, periodname AS name FROM accountingperiod WHERE isposting = 'T' ORDER BY startdate",
}
"""What a fresh account has by itself, by family."""
_fresh: dict[tuple[str, str], str] = {}
"""What a fresh account was found to have; every one has the same."""
Body = dict[str, Any]


def lay_out(books: Books) -> None:
    """Puts the chart into an empty account, and learns what everything is called."""
    if not _fresh:
        for family, sql in _LEARNT.items():
            rows = books.net.rows(sql, f"read each {family}")
            _fresh.update({(family, row["id"]): row["name"] for row in rows})
    books.names |= _fresh
    known = {name for (family, _), name in books.names.items() if family == "account"}
    new = [row for row in accounts() if row["account"] not in known]
    dinar = {
        "name": "Kuwaiti dinar",
        "symbol": "KWD",
        "currencyPrecision": {"id": "2"},
        "exchangeRate": Decimal("3.25"),
    }
    uk = {"name": "UK", "currency": books.currency("GBP")}
    _seed(books, [("currency", "KWD", dinar), ("subsidiary", "UK", uk)])
    _seed(
        books,
        [
            *(("account", row["account"], _account_body(row)) for row in new),
            ("location", "West", {"name": "West"}),
            ("department", "Online", {"name": "Online"}),
            ("classification", "Web", {"name": "Web"}),
            *(("customer", name, {"companyName": name}) for name in CUSTOMERS),
            ("customer", "UK customer", {"companyName": "UK customer", "subsidiary": to("UK")}),
        ],
    )
    vat = {"name": "VAT", "taxAccount": books.account("2110")}
    _seed(books, [("taxType", "Sales tax", {"name": "Sales tax"}), ("taxType", "VAT", vat)])
    _seed(books, [(_rest_type(row), row["item"], _item_body(books, row)) for row in items()])
    _stock_up(books)


def _seed(books: Books, seeds: list[tuple[str, str, Body]]) -> None:
    bodies = [{"type": kind, "body": {**to(name), **body}} for kind, name, body in seeds]
    for (kind, name, _), made in zip(seeds, books.emulator.ask("POST", "seed", bodies), strict=True):
        family = "item" if kind.endswith("Item") or kind == "itemGroup" else kind
        books.names[family, made["id"]] = name


def _rest_type(row: Row) -> str:
    return REST_TYPES[row["kind"].split(" of ")[0]]


def _account_body(row: Row) -> Body:
    return {"acctNumber": row["account"], "acctName": row["name"], "acctType": {"id": row["type"]}}


def _item_body(books: Books, row: Row) -> Body:
    kind = _rest_type(row)
    body: Body = {"itemId": row["item"]}
    if row["price"]:
        body["basePrice"] = Decimal(row["price"])
    if kind != "itemGroup":
        named = "account" if kind in {"shipItem", "discountItem"} else "incomeAccount"
        body[named] = books.account(row["account"])
    if kind in {"kitItem", "itemGroup"}:
        members = row["kind"].split(" of ")[1].split(", ")
        body["member"] = {"items": [{"item": to(one), "quantity": 1} for one in members]}
    return body


def _stock_up(books: Books) -> None:
    stocked = [row for row in items() if row["cost"]]
    lines = [{"item": to(row["item"]), "adjustQtyBy": UNITS, "unitCost": Decimal(row["cost"])} for row in stocked]
    body = {"account": books.account("5900"), "tranDate": "2026-01-01", "inventory": {"items": lines}}
    books.emulator.ask("POST", "seed", [{"type": "inventoryAdjustment", "body": body}])
