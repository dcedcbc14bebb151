"""A small world for the flow tests: an emulated shop, emulated books, and the command line between them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from contrapost.demo.processes import Emulator
from contrapost.netsuite.answers import Written
from contrapost.netsuite.client import RestNetSuite
from contrapost.netsuite.settings import read_settings

USD = "USD"


@dataclass(frozen=True)
class Said:
    """What one call of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer, read."""
        return json.loads(self.out)


@dataclass(frozen=True)
class World:
    """The shop, the books, and our home."""

    shop: Emulator
    books: Emulator
    home: Path

    def contrapost(self, *call: str, stdin: str = "") -> Said:
        """Calls the command line as its user would."""
        environment = {**os.environ, "CONTRAPOST_HOME": str(self.home), "COLUMNS": "200"}
        environment.pop("DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-c", "from contrapost.cli import main; main()", *call],
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def json(self, *call: str, code: int = 0) -> Any:
        """Calls the command line for JSON and expects this exit code."""
        said = self.contrapost(*call, "--json")
        assert said.code == code, f"{call}: exit {said.code}\n{said.out}\n{said.err}"
        return said.json

    def connect(self, **profile: str) -> None:
        """Sets both accounts up with the credentials the emulators give."""
        netsuite = [f"--set={name}={value}" for name, value in self.books.credentials().items()]
        assert self.contrapost("netsuite", "add", "books", *netsuite).code == 0
        settings = {**self.shop.credentials(), **PROFILE, **profile}
        said = self.contrapost("accounts", "add", "shopify", "shop", *(f"--set={k}={v}" for k, v in settings.items()))
        assert said.code == 0, said.out + said.err

    def seed(self, *records: tuple[str, dict[str, Any]]) -> list[str]:
        """Puts records into NetSuite and gives their ids."""
        made = self.books.ask("POST", "seed", [{"type": kind, "body": body} for kind, body in records])
        return [record["id"] for record in made]

    def define(self, *names: str) -> None:
        """Adds custom fields of text in NetSuite; from then on there are no others."""
        self.books.ask("POST", "custom-fields", [{"name": name, "type": "text"} for name in names])

    def refund(self, order: str, *, code: int = 0) -> dict[str, Any]:
        """Retrieves an order and gives its only refund."""
        found = self.json("retrieve", "shop", "--order", order, code=code)
        assert len(found["refunds"]) == 1, found
        return found["refunds"][0]

    def netsuite(self) -> RestNetSuite:
        """NetSuite as another client sees it."""
        settings, _ = read_settings(self.books.credentials())
        assert settings is not None
        return RestNetSuite(settings)

    def by_hand(self, source: str, id_: str, record: str, body: dict[str, Any]) -> str:
        """Makes a record from another one, as somebody does beside us; gives its id."""
        answer = self.netsuite().transform(source, id_, record, body, replace=["item"], what="make a record by hand")
        assert isinstance(answer, Written), answer
        return answer.id

    def query(self, sql: str) -> list[dict[str, str]]:
        """Asks NetSuite, not our rows."""
        return self.netsuite().rows(sql, "check")

    def ledger(self, external_id: str) -> dict[str, Decimal]:
        """The net per account number of one record, debit above zero."""
        rows = self.query(
            "SELECT a.acctnumber, SUM(g.amount) AS net FROM transactionaccountingline g "
            "JOIN transaction t ON t.id = g.transaction JOIN account a ON a.id = g.account "
            f"WHERE t.externalid = '{external_id}' GROUP BY a.acctnumber"
        )
        return {row["acctnumber"]: Decimal(row["net"]) for row in rows if Decimal(row["net"])}

    def ours(self) -> list[dict[str, str]]:
        """The records in NetSuite that carry an external id of ours."""
        return self.query("SELECT id, type, externalid FROM transaction WHERE externalid LIKE 'cp-%' ORDER BY id")

    def on_hand(self, item: str) -> Decimal:
        """The units of an item in stock."""
        rows = self.query(
            "SELECT SUM(s.quantityonhand) AS units FROM inventoryitemlocations s "
            f"JOIN item i ON i.id = s.item WHERE i.itemid = '{item}'"
        )
        return Decimal(rows[0].get("units", "0"))

    def calls(self) -> list[str]:
        """What NetSuite was asked since the journal was emptied, token apart."""
        said = self.books.ask("GET", "journal")["requests"]
        return [f"{one['method']} {one['path']}" for one in said if "/oauth2/" not in one["path"]]


PROFILE = {
    "cash_account.shopify_payments": "1090",
    "cash_account.paypal": "1091",
    "item.extra_given": "ADJ-OUT",
    "item.kept": "ADJ-KEPT",
    "item.rounding": "ROUND",
}


def to(external_id: str) -> dict[str, str]:
    """A reference by external id."""
    return {"externalId": external_id}


def chart() -> list[tuple[str, dict[str, Any]]]:
    """The accounts, items, tax and customer of the worked cases."""
    accounts = [
        ("1090", "Shopify Payments clearing", "Bank"),
        ("1091", "PayPal clearing", "Bank"),
        ("4100", "Refunds and allowances", "Income"),
        ("4110", "Fees kept", "Income"),
        ("7900", "Rounding", "OthIncome"),
    ]
    items = [
        *(("inventoryItem", name, None) for name in ("MUG", "TRAY")),
        *(("nonInventorySaleItem", name, None) for name in ("POSTER", "LAMP", "FRAME")),
        ("otherChargeSaleItem", "ADJ-OUT", "4100"),
        ("otherChargeSaleItem", "ADJ-KEPT", "4110"),
        ("otherChargeSaleItem", "ROUND", "7900"),
        ("shipItem", "SHIP", None),
        ("discountItem", "DISC", None),
    ]
    return [
        *(
            ("account", {"externalId": f"acct-{no}", "acctNumber": no, "acctName": name, "acctType": {"id": kind}})
            for no, name, kind in accounts
        ),
        *(
            (kind, {"externalId": name, "itemId": name, **({"incomeAccount": to(f"acct-{no}")} if no else {})})
            for kind, name, no in items
        ),
        ("taxType", {"externalId": "sales-tax", "name": "Sales tax"}),
        ("salesTaxItem", {"externalId": "state", "itemId": "STATE", "rate": 8.25, "taxType": to("sales-tax")}),
        ("customer", {"externalId": "cust", "companyName": "Online customer"}),
        _opening("MUG", 100, 4),
        _opening("TRAY", 100, 15),
    ]


def _opening(item: str, units: int, cost: int) -> tuple[str, dict[str, Any]]:
    line = {"item": to(item), "adjustQtyBy": units, "unitCost": cost}
    account = {"refName": "5900 Inventory adjustments"}
    return "inventoryAdjustment", {"externalId": f"open-{item}", "account": account, "inventory": {"items": [line]}}


def bill(
    kind: str,
    order: str,
    lines: list[tuple[str, int, str, str]],
    *,
    shipping: str = "",
    shipping_tax: str = "",
    discount: str = "",
    **more: Any,
) -> tuple[str, dict[str, Any]]:
    """A cash sale or invoice: lines are item, quantity, amount, tax."""
    details = [(f"L{index}", amount, tax) for index, (_, _, amount, tax) in enumerate(lines) if tax]
    if shipping_tax:
        details.append(("SHIPPING", shipping, shipping_tax))
    body: dict[str, Any] = {
        "externalId": f"bill-{order.lstrip('#')}",
        "entity": to("cust"),
        "otherRefNum": order,
        "item": {
            "items": [
                {
                    "item": to(item),
                    "quantity": quantity,
                    "amount": Decimal(amount),
                    "price": {"id": "-1"},
                    "taxDetailsReference": f"L{index}",
                }
                for index, (item, quantity, amount, _) in enumerate(lines)
            ]
        },
        "taxDetailsOverride": True,
        "taxDetails": {"items": [_detail(*detail) for detail in details]},
        **more,
    }
    if shipping:
        body |= {"shipMethod": to("SHIP"), "shippingCost": Decimal(shipping)}
    if discount:
        body |= {"discountItem": to("DISC"), "discountRate": Decimal(discount)}
    if kind == "cashSale":
        body.setdefault("account", to("acct-1090"))
    return kind, body


def _detail(reference: str, basis: str, amount: str) -> dict[str, Any]:
    return {
        "taxDetailsReference": reference,
        "taxType": to("sales-tax"),
        "taxCode": to("state"),
        "taxBasis": Decimal(basis),
        "taxRate": Decimal("8.25"),
        "taxAmount": Decimal(amount),
    }


def bag(amount: str, currency: str = USD) -> dict[str, Any]:
    """An amount as Shopify writes it."""
    return {"shopMoney": {"amount": amount, "currencyCode": currency}}


def order(
    number: int,
    lines: list[tuple[str, int, str, str]],
    refunds: list[dict[str, Any]],
    *,
    paid: str,
    shipping: str = "",
    **more: Any,
) -> dict[str, Any]:
    """An order of the shop: lines are sku, quantity, unit price, tax; shipped whole."""
    items = [
        {
            "id": f"gid://shopify/LineItem/{number}{index}",
            "title": sku.title(),
            "sku": sku,
            "quantity": quantity,
            "originalUnitPriceSet": bag(price),
            "taxLines": [{"title": "Sales tax", "rate": 0.0825, "priceSet": bag(tax)}],
        }
        for index, (sku, quantity, price, tax) in enumerate(lines)
    ]
    shipping_lines = [
        {"id": f"gid://shopify/ShippingLine/{number}9", "title": "Post", "discountedPriceSet": bag(shipping)}
    ]
    return {
        "id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "currencyCode": USD,
        "taxesIncluded": False,
        "lineItems": {"nodes": items},
        "shippingLines": {"nodes": shipping_lines if shipping else []},
        "transactions": [_transaction(f"{number}8", "SALE", paid)],
        "refunds": refunds,
        **more,
    }


def refund(
    number: int,
    lines: list[tuple[int, int, str, str]] | None = None,
    *,
    paid: str,
    restock: str = "RETURN",
    shipping: tuple[str, str] | None = None,
    adjustment: str = "",
    status: str = "SUCCESS",
    gateway: str = "shopify_payments",
    **more: Any,
) -> dict[str, Any]:
    """A refund of the shop: lines are the order line's place, quantity, subtotal, tax."""
    order_number = str(number)[:-1]
    refunded = [
        {
            "id": f"gid://shopify/RefundLineItem/{number}{index}",
            "lineItem": {"id": f"gid://shopify/LineItem/{order_number}{place}"},
            "quantity": quantity,
            "subtotalSet": bag(subtotal),
            "totalTaxSet": bag(tax),
            "restockType": restock,
            "restocked": restock == "RETURN",
        }
        for index, (place, quantity, subtotal, tax) in enumerate(lines or [])
    ]
    given = [{"id": f"gid://shopify/RefundShippingLine/{number}7", "subtotalAmountSet": bag(shipping[0]),
              "taxAmountSet": bag(shipping[1])}] if shipping else []  # fmt: skip
    adjustments = [{"id": f"gid://shopify/OrderAdjustment/{number}6", "amountSet": bag(adjustment),
                    "taxAmountSet": bag("0.00"), "reason": "REFUND_DISCREPANCY"}] if adjustment else []  # fmt: skip
    return {
        "id": f"gid://shopify/Refund/{number}",
        "refundLineItems": {"nodes": refunded},
        "refundShippingLines": {"nodes": given},
        "orderAdjustments": {"nodes": adjustments},
        "transactions": {"nodes": [_transaction(f"{number}5", "REFUND", paid, status=status, gateway=gateway)]},
        **more,
    }


def _transaction(
    number: str, kind: str, amount: str, *, status: str = "SUCCESS", gateway: str = "shopify_payments"
) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/OrderTransaction/{number}",
        "kind": kind,
        "status": status,
        "gateway": gateway,
        "amountSet": bag(amount),
    }
