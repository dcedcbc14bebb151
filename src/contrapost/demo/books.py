"""The demo's books: what NetSuite holds of the demo's orders before any refund."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Seed = dict[str, Any]

TAX_RATE = Decimal("8.25")


def books() -> list[Seed]:
    """Gives the records to put into the emulated NetSuite, each after those it points at."""
    return [
        *_accounts(),
        *_items(),
        _seed("taxType", externalId="us-sales", name="US sales tax"),
        _seed("salesTaxItem", externalId="ca-la", itemId="CA-LA", rate=TAX_RATE, taxType=_to("us-sales")),
        _seed("customer", externalId="ada", companyName="Ada Ferris", email="ada@example.com"),
        _stock("MUG", 40, "4.00"),
        _stock("TRAY", 25, "15.00"),
        _bill("cashSale", "#1001", [("MUG", 2, "25.00", "2.06")], shipping="5.00", account="1090"),
        _bill(
            "invoice",
            "#1002",
            [("TRAY", 2, "80.00", "5.94"), ("LAMP", 1, "100.00", "7.43")],
            shipping="10.00",
            discount="-18.00",
        ),
        _payment("#1002", "185.37"),
        _bill(
            "cashSale", "#1003", [("LAMP", 1, "100.00", "8.25")], shipping="9.00", shipping_tax="0.74", account="1090"
        ),
        _bill("invoice", "#1004", [("POSTER", 1, "12.50", "1.03"), ("TRAY", 1, "40.00", "3.30")], shipping="5.00"),
        _bill(
            "cashSale",
            "#1005",
            [("MUG", 3, "37.50", "3.09"), ("POSTER", 1, "12.50", "1.03")],
            shipping="5.00",
            account="1090",
        ),
        _bill("cashSale", "#1006", [("LAMP", 1, "100.00", "8.25")], account="1091"),
    ]


PROFILE = {
    "cash_account.shopify_payments": "1090",
    "cash_account.paypal": "1091",
    "item.extra_given": "ADJ-OUT",
    "item.kept": "ADJ-KEPT",
    "item.rounding": "ROUND",
}
"""How the demo's account books: settings of its profile."""


def _accounts() -> list[Seed]:
    wanted = [
        ("1090", "Shopify Payments clearing", "Bank"),
        ("1091", "PayPal clearing", "Bank"),
        ("4100", "Refunds and allowances", "Income"),
        ("4110", "Return fees kept", "Income"),
        ("7900", "Rounding", "OthIncome"),
    ]
    return [
        _seed("account", externalId=f"acct-{number}", acctNumber=number, acctName=name, acctType={"id": kind})
        for number, name, kind in wanted
    ]


def _items() -> list[Seed]:
    stocked = [
        _seed("inventoryItem", externalId=name, itemId=name, displayName=title)
        for name, title in (("MUG", "Stoneware mug"), ("TRAY", "Oak serving tray"))
    ]
    plain = [
        _seed("nonInventorySaleItem", externalId=name, itemId=name, displayName=title)
        for name, title in (("POSTER", "Harbour poster"), ("LAMP", "Reading lamp"))
    ]
    charges = [
        _seed("otherChargeSaleItem", externalId=name, itemId=name, incomeAccount=_to(f"acct-{account}"))
        for name, account in (("ADJ-OUT", "4100"), ("ADJ-KEPT", "4110"), ("ROUND", "7900"))
    ]
    return [
        *stocked,
        *plain,
        *charges,
        _seed("shipItem", externalId="SHIP", itemId="SHIP"),
        _seed("discountItem", externalId="DISC", itemId="DISC"),
    ]


def _stock(item: str, units: int, cost: str) -> Seed:
    line = {"item": _to(item), "adjustQtyBy": units, "unitCost": Decimal(cost)}
    account = {"refName": "5900 Inventory adjustments"}
    return _seed("inventoryAdjustment", externalId=f"opening-{item}", account=account, inventory={"items": [line]})


def _bill(
    kind: str,
    order: str,
    lines: list[tuple[str, int, str, str]],
    *,
    shipping: str = "",
    shipping_tax: str = "",
    discount: str = "",
    account: str = "",
) -> Seed:
    """A bill with the store's own tax, line by line."""
    body: Seed = {
        "externalId": f"{kind}-{order.lstrip('#')}",
        "entity": _to("ada"),
        "otherRefNum": order,
        "item": {"items": [_line(index, *line) for index, line in enumerate(lines)]},
        "taxDetailsOverride": True,
        "taxDetails": {"items": [_tax(f"L{index}", line[2], line[3]) for index, line in enumerate(lines)]},
    }
    if shipping:
        body |= {"shipMethod": _to("SHIP"), "shippingCost": Decimal(shipping)}
    if shipping_tax:
        body["taxDetails"]["items"].append(_tax("SHIPPING", shipping, shipping_tax))
    if discount:
        body |= {"discountItem": _to("DISC"), "discountRate": Decimal(discount)}
    if account:
        body["account"] = _to(f"acct-{account}")
    return _seed(kind, **body)


def _line(index: int, item: str, quantity: int, amount: str, _: str) -> Seed:
    return {
        "item": _to(item),
        "quantity": quantity,
        "amount": Decimal(amount),
        "price": {"id": "-1"},
        "taxDetailsReference": f"L{index}",
    }


def _tax(reference: str, basis: str, amount: str) -> Seed:
    return {
        "taxDetailsReference": reference,
        "taxType": _to("us-sales"),
        "taxCode": _to("ca-la"),
        "taxBasis": Decimal(basis),
        "taxRate": TAX_RATE,
        "taxAmount": Decimal(amount),
    }


def _payment(order: str, amount: str) -> Seed:
    applied = {"doc": _to(f"invoice-{order.lstrip('#')}"), "apply": True, "amount": Decimal(amount)}
    return _seed(
        "customerPayment",
        externalId=f"payment-{order.lstrip('#')}",
        customer=_to("ada"),
        account=_to("acct-1090"),
        payment=Decimal(amount),
        apply={"items": [applied]},
    )


def _to(external_id: str) -> Seed:
    return {"externalId": external_id}


def _seed(kind: str, **body: Any) -> Seed:  # noqa: ANN401 - a JSON body
    return {"type": kind, "body": body}
