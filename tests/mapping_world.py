"""The books a case stands on: built in the emulated NetSuite through its REST interface, and asked by SuiteQL."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
from mapping_cases import Row, accounts, items
from mapping_trade import credit, sale, to

from contrapost.netsuite.auth import Authorizer, authorizer
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.settings import NetSuiteSettings, read_settings
from contrapost.netsuite.wire import Wire

if TYPE_CHECKING:
    from datetime import datetime

    from contrapost.demo.processes import Emulator

UNITS = 100
"""In stock of each stocked item, before anything is sold."""
CUSTOMERS = ("Online customer", "Amazon US")
WORDS = {"order", "deposit", "bill", "payment", "rates", "periods", "preferences"}
"""What a case may give."""
KINDS = {"cash sale": "cashSale", "invoice": "invoice"}
CREDITS = {"cashSale": "cashRefund", "invoice": "creditMemo"}
REST_TYPES = {
    "inventory": "inventoryItem",
    "non-inventory": "nonInventorySaleItem",
    "other charge": "otherChargeSaleItem",
    "shipping": "shipItem",
    "discount": "discountItem",
    "kit": "kitItem",
    "group": "itemGroup",
}
_exact = msgspec.json.Encoder(decimal_format="number")
Body = dict[str, Any]


@dataclass
class Books:
    """An emulated NetSuite with the chart of the cases."""

    emulator: Emulator
    settings: NetSuiteSettings
    net: RestNetSuite
    wire: Wire
    signed: Authorizer
    billed_on: date = date(2026, 2, 1)
    """The day of a record for which a case gives none."""
    order: str = "#1001"
    """The PO number of a record for which a case gives none."""
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """What a record is called, by family and internal id."""
    orders: dict[str, Body] = field(default_factory=dict)
    """The sales orders that the case gives, by number."""

    @classmethod
    def at(cls, emulator: Emulator, now: datetime) -> Books:
        """The books as they stand at a moment: empty, but for the chart."""
        emulator.ask("POST", "reset", {"now": now.isoformat()})
        settings, _ = read_settings(emulator.credentials())
        assert settings is not None
        wire = Wire()
        net = RestNetSuite(settings, now=now.timestamp)
        books = cls(emulator, settings, net, wire, authorizer(settings, wire, now.timestamp))
        books._lay_out()
        return books

    def hold(self, given: Body) -> None:
        """Puts what a case gives into the books."""
        assert set(given) <= WORDS, f"there is no {', '.join(set(given) - WORDS)}"
        self.emulator.ask("POST", "preferences", given.get("preferences", {}))
        for one in given.get("order", ()):
            self._order(one)
        for one in given.get("deposit", ()):
            self._deposit(one)
        for one in given.get("bill", ()):
            self._bill(one)
        for one in given.get("deposit", ()):
            self._apply_deposit(one)
        for one in given.get("payment", ()):
            self._payment(self.id_of("transaction", one["of"]), one)
        for symbol, rate in given.get("rates", {}).items():
            self.send("PATCH", f"currency/{self.currency(symbol)['id']}", {"exchangeRate": Decimal(rate)})
        self._close(given.get("periods", {}))

    # ---- REST

    def send(self, method: str, path: str, body: Body | None = None) -> Any:
        """Sends one call that NetSuite must take; gives the id of what was written, or what was read."""
        url = f"{self.settings.url}/services/rest/record/v1/{path}"
        headers = {
            "Authorization": self.signed.header(method, url),
            "Content-Type": "application/json",
            "X-NetSuite-PropertyNameValidation": "Error",
        }
        reply = self.wire.send(method, url, headers, _exact.encode(body) if body is not None else None)
        assert reply.status < 300, f"{method} {path} {body}: {reply.text}"
        if "location" in reply.headers:
            return reply.headers["location"].rsplit("/", 1)[1]
        return json.loads(reply.text, parse_float=Decimal) if reply.text else None

    def read(self, kind: str, number: str) -> Any:
        """A transaction of the case with its lines."""
        return self.send("GET", f"{kind}/{self.id_of('transaction', number)}?expandSubResources=true")

    def id_of(self, family: str, name: str) -> str:
        """The internal id of a record by its name."""
        return next(id_ for (of, id_), called in self.names.items() if (of, called) == (family, name))

    def currency(self, symbol: str) -> Body:
        """A reference to a currency."""
        return {"id": self.id_of("currency", symbol)}

    def tax_code(self, code: str, percent: Decimal, kind: str) -> Body:
        """A reference to a tax code, made when it is first asked for."""
        name = code or f"{kind} {percent.normalize():f}"
        if not any((family, called) == ("tax", name) for (family, _), called in self.names.items()):
            body = {**to(name), "itemId": name, "rate": percent, "taxType": to(kind)}
            self.names["tax", self.send("POST", "salesTaxItem", body)] = name
        return to(name)

    # ---- what a case gives

    def _make(self, path: str, number: str, body: Body) -> str:
        id_ = str(self.send("POST", path, {"tranId": number, **body}))
        self.names["transaction", id_] = number
        return id_

    def _order(self, given: Body) -> None:
        self.orders[given["number"]] = given
        made = self._make("salesOrder", given["number"], sale(self, given))
        self._check_total("salesOrder", made, given)
        for number in given.get("closed", ()):
            self.send("PATCH", f"salesOrder/{made}", {"item": {"items": [{"line": number, "isClosed": True}]}})

    def _deposit(self, given: Body) -> None:
        if "amount" not in given:
            return
        body = {
            "customer": to(given.get("customer", "Online customer")),
            "payment": Decimal(given["amount"]),
            "account": self._account(given.get("account", "1090")),
            "currency": self.currency(given.get("currency", "USD")),
            "tranDate": str(given.get("day", self.billed_on)),
        }
        if "of" in given:
            body["salesOrder"] = {"id": self.id_of("transaction", given["of"])}
        if "rate" in given:
            body["exchangeRate"] = Decimal(given["rate"])
        self._make("customerDeposit", given["number"], body)

    def _apply_deposit(self, given: Body) -> None:
        deposit = self.id_of("transaction", given["number"])
        for one in given.get("applied", ()):
            invoice = {"doc": {"id": self.id_of("transaction", one["to"])}, "amount": Decimal(one["amount"])}
            body = {"tranDate": str(self.billed_on), "apply": {"items": [invoice]}}
            self.send("POST", f"customerDeposit/{deposit}/!transform/depositApplication", body)

    def _bill(self, given: Body) -> None:
        kind = KINDS[given["kind"]]
        order = self.orders.get(given.get("of", ""))
        body = sale(self, given, order["lines"] if order else None)
        if kind == "cashSale":
            body["account"] = self._account(given.get("account", "1090"))
        path = kind
        if order:
            path = f"salesOrder/{self.id_of('transaction', order['number'])}/!transform/{kind}"
            path += "?replace=item" if "lines" in given else ""
        made = self._make(path, given["number"], body)
        total = self._check_total(kind, made, given)
        if kind == "invoice":
            self._pay(given, made, total)
        for one in given.get("by_hand", ()):
            self._credit(given, kind, made, one)

    def _pay(self, given: Body, invoice: str, total: Decimal) -> None:
        paid = total - Decimal(given.get("unpaid", 0))
        rate = {"rate": given["rate"]} if "rate" in given else {}
        for one in given.get("payments", [{"amount": paid}] if paid else []):
            self._payment(invoice, {**rate, **one})

    def _payment(self, invoice: str, given: Body) -> None:
        body = {
            "payment": Decimal(given["amount"]),
            "account": self._account(given.get("account", "1090")),
            "tranDate": str(given.get("day", self.billed_on)),
        }
        if "rate" in given:
            body["exchangeRate"] = Decimal(given["rate"])
        self.send("POST", f"invoice/{invoice}/!transform/customerPayment", body)

    def _credit(self, bill: Body, kind: str, of: str, given: Body) -> None:
        body = credit(self, given, bill)
        if kind == "cashSale":
            body["account"] = self._account(given.get("account", "1090"))
        else:
            applied = {"doc": {"id": of}, "line": 0, "apply": bool(given.get("applied"))}
            body |= {"autoApply": False, "apply": {"items": [applied]}}
        made = self._make(f"{kind}/{of}/!transform/{CREDITS[kind]}?replace=item", given["number"], body)
        self._check_total(CREDITS[kind], made, given)
        if given.get("paid_out"):
            account = self._account(given.get("account", "1090"))
            self.send("POST", f"creditMemo/{made}/!transform/customerRefund", {"account": account})

    def _check_total(self, kind: str, made: str, given: Body) -> Decimal:
        """A case whose own figures do not add up in NetSuite is wrong."""
        total = Decimal(self.send("GET", f"{kind}/{made}")["total"])
        assert total == Decimal(given["total"]), f"{given['number']} comes to {total}, not {given['total']}"
        return total

    def _close(self, given: Body) -> None:
        later = False
        for period, name in [(id_, name) for (family, id_), name in self.names.items() if family == "period"]:
            later = later or name == given.get("closed_from")
            if later or name in given.get("closed", ()):
                self.send("PATCH", f"accountingPeriod/{period}", {"closed": True})
            elif name in given.get("locked", ()):
                self.send("PATCH", f"accountingPeriod/{period}", {"arLocked": True})

    def _account(self, number: str) -> Body:
        return {"id": self.id_of("account", number)}

    # ---- the chart

    def _lay_out(self) -> None:
        """Puts accounts, items, customers and opening stock in."""
        self._learn("account", "SELECT id, acctnumber AS name FROM account")
        self._learn("currency", "SELECT id, symbol AS name FROM currency")
        self._learn("location", "SELECT id, name FROM location")
        self._learn("subsidiary", "SELECT id, name FROM subsidiary")
        self._learn(
            "period", "SELECT id, periodname AS name FROM accountingperiod WHERE isposting = 'T' ORDER BY startdate"
        )
        new = [row for row in accounts() if ("account", row["account"]) not in self._known()]
        self._seed(
            [
                *(("account", row["account"], _account_body(row)) for row in new),
                ("location", "West", {"name": "West"}),
                ("department", "Online", {"name": "Online"}),
                ("classification", "Web", {"name": "Web"}),
                *(("customer", name, {"companyName": name}) for name in CUSTOMERS),
            ]
        )
        vat = {"name": "VAT", "taxAccount": self._account("2110")}
        self._seed([("taxType", "Sales tax", {"name": "Sales tax"}), ("taxType", "VAT", vat)])
        self._seed([(rest_type(row), row["item"], self._item_body(row)) for row in items()])
        self._stock_up()

    def _learn(self, family: str, sql: str) -> None:
        self.names |= {(family, row["id"]): row["name"] for row in self.net.rows(sql, f"read each {family}")}

    def _known(self) -> set[tuple[str, str]]:
        return {(family, name) for (family, _), name in self.names.items()}

    def _seed(self, seeds: list[tuple[str, str, Body]]) -> None:
        bodies = [{"type": kind, "body": {**to(name), **body}} for kind, name, body in seeds]
        for (kind, name, _), made in zip(seeds, self.emulator.ask("POST", "seed", bodies), strict=True):
            family = "item" if kind.endswith("Item") or kind == "itemGroup" else kind
            self.names[family, made["id"]] = name

    def _item_body(self, row: Row) -> Body:
        kind = rest_type(row)
        named = "account" if kind in {"shipItem", "discountItem"} else "incomeAccount"
        body: Body = {"itemId": row["item"]}
        if row["price"]:
            body["basePrice"] = Decimal(row["price"])
        if kind != "itemGroup":
            body[named] = self._account(row["account"])
        if kind in {"kitItem", "itemGroup"}:
            members = row["kind"].split(" of ")[1].split(", ")
            body["member"] = {"items": [{"item": to(one), "quantity": 1} for one in members]}
        return body

    def _stock_up(self) -> None:
        stocked = [row for row in items() if row["cost"]]
        lines = [{"item": to(row["item"]), "adjustQtyBy": UNITS, "unitCost": Decimal(row["cost"])} for row in stocked]
        body = {"account": self._account("5900"), "tranDate": "2026-01-01", "inventory": {"items": lines}}
        self.emulator.ask("POST", "seed", [{"type": "inventoryAdjustment", "body": body}])


def rest_type(row: Row) -> str:
    """The REST type of an item of the page."""
    return REST_TYPES[row["kind"].split(" of ")[0]]


def _account_body(row: Row) -> Body:
    return {"acctNumber": row["account"], "acctName": row["name"], "acctType": {"id": row["type"]}}
