"""The books a case stands on: built in the emulated NetSuite through its REST interface, and asked by SuiteQL."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
from mapping_chart import lay_out
from mapping_trade import credit, sale, to

from contrapost.netsuite.auth import Authorizer, authorizer
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.settings import NetSuiteSettings, read_settings
from contrapost.netsuite.wire import Wire

if TYPE_CHECKING:
    from datetime import datetime

    from contrapost.demo.processes import Emulator

WORDS = {"custom_fields", "order", "deposit", "bill", "payment", "rates", "periods", "preferences"}
"""What a case may give."""
KINDS = {"cash sale": "cashSale", "invoice": "invoice"}
CREDITS = {"cashSale": "cashRefund", "invoice": "creditMemo"}
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
        lay_out(books)
        return books

    def hold(self, given: Body) -> None:
        """Puts what a case gives into the books."""
        assert set(given) <= WORDS, f"there is no {', '.join(set(given) - WORDS)}"
        self.emulator.ask("POST", "preferences", given.get("preferences", {}))
        fields = given.get("custom_fields", {})
        if fields:
            defined = [{"name": name, "type": kind} for name, kind in fields.items()]
            self.emulator.ask("POST", "custom-fields", defined)
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

    def account(self, number: str) -> Body:
        """A reference to an account."""
        return {"id": self.id_of("account", number)}

    def tax_code(self, code: str, percent: Decimal, kind: str, account: str | None = None) -> Body:
        """A reference to a tax code, made when it is first asked for."""
        name = code or f"{kind} {percent.normalize():f}"
        if not any((family, called) == ("tax", name) for (family, _), called in self.names.items()):
            body = {**to(name), "itemId": name, "rate": percent, "taxType": to(kind)}
            body |= {"taxAccount": self.account(account)} if account else {}
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
            "account": self.account(given.get("account", "1090")),
            "currency": self.currency(given.get("currency", "USD")),
            "tranDate": str(given.get("day", self.billed_on)),
        }
        if "of" in given:
            body["salesOrder"] = {"id": self.id_of("transaction", given["of"])}
        if "rate" in given:
            body["exchangeRate"] = Decimal(given["rate"])
        made = self._make("customerDeposit", given["number"], body)
        if "paid_back" in given:
            taken = {"doc": {"id": made}, "amount": Decimal(given["paid_back"])}
            back = {"account": body["account"], "tranDate": body["tranDate"], "deposit": {"items": [taken]}}
            self.send("POST", f"customerDeposit/{made}/!transform/customerRefund", back)

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
        if kind == "cashSale" or "account" in given:
            body["account"] = self.account(given.get("account", "1090"))
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
            "account": self.account(given.get("account", "1090")),
            "tranDate": str(given.get("day", self.billed_on)),
        }
        if "rate" in given:
            body["exchangeRate"] = Decimal(given["rate"])
        self.send("POST", f"invoice/{invoice}/!transform/customerPayment", body)

    def _credit(self, bill: Body, kind: str, of: str, given: Body) -> None:
        body = credit(self, given, bill)
        path = f"{kind}/{of}/!transform/{CREDITS[kind]}?replace=item"
        if "by_return" in given:
            path = f"{self._return(f'{kind}/{of}', body, given)}/!transform/{CREDITS[kind]}?replace=item"
            body["item"] = {"items": [{"orderLine": n} for n, _ in enumerate(body["item"]["items"], start=1)]}
        if kind == "cashSale":
            body["account"] = self.account(given.get("account", "1090"))
        else:
            applied = {"doc": {"id": of}, "line": 0, "apply": bool(given.get("applied"))}
            body |= {"autoApply": False, "apply": {"items": [applied]}}
        if given.get("alone"):
            path = CREDITS[kind]
            body |= {"entity": to(bill.get("customer", "Online customer")), "otherRefNum": bill.get("name", self.order)}
            for line in body["item"]["items"]:
                line.pop("orderLine", None)
        made = self._make(path, given["number"], body)
        self._check_total(CREDITS[kind], made, given)
        if given.get("voided"):
            self.emulator.ask("POST", "void", {"type": CREDITS[kind], "id": made})
        if given.get("paid_out"):
            account = self.account(given.get("account", "1090"))
            self.send("POST", f"creditMemo/{made}/!transform/customerRefund", {"account": account})

    def _return(self, sale: str, body: Body, given: Body) -> str:
        """Makes a return authorization by hand, of a bill or of its order, and gives its path."""
        if "return_of" in given:
            sale = f"salesOrder/{self.id_of('transaction', given['return_of'])}"
        approved = {"orderStatus": {"id": "B"}, "tranDate": body["tranDate"], "item": body["item"]}
        path = f"{sale}/!transform/returnAuthorization?replace=item"
        returned = f"returnAuthorization/{self._make(path, given['by_return'], approved)}"
        self.send("POST", f"{returned}/!transform/itemReceipt", {"tranDate": body["tranDate"]})
        return returned

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
            elif name in given.get("locked", ()) and "subsidiary" in given:
                lock = {"period": name, "subsidiary": given["subsidiary"], "locked": True}
                self.emulator.ask("POST", "period-locks", lock)
            elif name in given.get("locked", ()):
                self.send("PATCH", f"accountingPeriod/{period}", {"arLocked": True})
