"""The demo's books: what NetSuite holds of the demo's orders before any refund."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Seed = dict[str, Any]

TAX_RATE = Decimal("8.25")
STOCKED_ON, BILLED_ON, BY_HAND_ON = "2026-11-01", "2026-11-09", "2026-11-20"
"""The days of the opening stock, of all bills, and of what was booked by hand: as the shop's orders would have them."""


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
        *_shapes(),
    ]


_LAMP, _TRAY = ("LAMP", 1, "100.00", "8.25"), ("TRAY", 1, "40.00", "3.30")
_SOLD_FOR_CASH = {
    1007: [_LAMP, ("MUG", 2, "25.00", "2.06")],
    1008: [("MUG", 3, "37.50", "3.09")],
    1009: [_TRAY],
    1010: [_TRAY],
    1011: [_LAMP],
    1012: [_LAMP],
    1013: [("MUG", 2, "25.00", "2.06")],
    1015: [_LAMP],
    1016: [("MUG", 1, "12.50", "1.03")],
    1018: [("MUG", 3, "37.50", "3.09")],
    1019: [_LAMP],
    1021: [_LAMP, ("SAMPLE", 1, "0.00", "0.00")],
    1022: [("SAMPLE", 1, "0.00", "0.00"), ("MUG", 1, "12.50", "1.03")],
    1023: [("GIFT-CARD", 1, "50.00", "0.00")],
    1024: [_TRAY],
    1025: [("MUG", 2, "25.00", "2.06")],
    1026: [("MUG", 1, "12.50", "1.03")],
    1027: [_TRAY],
    1028: [("MUG", 1, "12.50", "1.03")],
    1029: [_LAMP],
    1030: [_TRAY],
    1031: [_LAMP],
    1032: [_LAMP],
    1038: [_LAMP],
    1039: [_LAMP],
    1040: [("MUG", 1, "12.50", "1.03")],
    1041: [("POSTER", 1, "12.50", "1.03")],
}
"""The orders of the further shapes that a cash sale billed, with what it sold."""


def _shapes() -> list[Seed]:
    """What NetSuite holds of the further shapes: billed, deposited, ordered, booked by hand; nothing of #1037."""
    poster = ("POSTER", 2, "25.00", "2.06")
    return [
        *(
            _bill("cashSale", f"#{number}", lines, shipping="5.00", account="1090")
            for number, lines in _SOLD_FOR_CASH.items()
        ),
        _bill(
            "cashSale", "#1014", [("POSTER", 1, "12.50", "1.03")], shipping="5.00", shipping_tax="0.41", account="1090"
        ),
        _bill("invoice", "#1020", [("TRAY", 2, "80.00", "5.94")], shipping="5.00", discount="-8.00"),
        _payment("#1020", "82.94"),
        _bill("invoice", "#1033", [_LAMP, ("MUG", 1, "12.50", "1.03")], shipping="5.00"),
        _bill("invoice", "#1034", [poster], shipping="5.00"),
        _payment("#1034", "32.06"),
        _bill("salesOrder", "#1035", [_TRAY], shipping="5.00"),
        _bill("salesOrder", "#1036", [_LAMP], shipping="5.00"),
        _seed(
            "customerDeposit",
            externalId="deposit-1036",
            customer=_to("ada"),
            salesOrder=_to("salesOrder-1036"),
            account=_to("acct-1090"),
            tranDate=BILLED_ON,
            payment=Decimal("113.25"),
        ),
        _by_hand("#1038", [_LAMP]),
        _again("#1040"),
    ]


def _by_hand(order: str, lines: list[tuple[str, int, str, str]]) -> Seed:
    """A cash refund that someone made in NetSuite."""
    seed = _bill("cashRefund", order, lines, account="1090")
    body = seed["body"] | {"tranDate": BY_HAND_ON}
    return _seed("cashRefund", **body, createdFrom=_to(f"cashSale-{order.lstrip('#')}"))


def _again(order: str) -> Seed:
    """A second sale under the same number, as a hurried person makes it."""
    seed = _bill("cashSale", order, [("MUG", 1, "12.50", "1.03")], account="1090")
    seed["body"]["externalId"] += "-again"
    return seed


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


_PLAIN = (
    ("POSTER", "Harbour poster"),
    ("LAMP", "Reading lamp"),
    ("SAMPLE", "Free sample"),
    ("GIFT-CARD", "Gift card"),
)


def _items() -> list[Seed]:
    stocked = [
        _seed("inventoryItem", externalId=name, itemId=name, displayName=title)
        for name, title in (("MUG", "Stoneware mug"), ("TRAY", "Oak serving tray"))
    ]
    plain = [_seed("nonInventorySaleItem", externalId=name, itemId=name, displayName=title) for name, title in _PLAIN]
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
    items = {"items": [line]}
    name = f"opening-{item}"
    return _seed("inventoryAdjustment", externalId=name, tranDate=STOCKED_ON, account=account, inventory=items)


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
        "tranDate": BILLED_ON,
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
        tranDate=BILLED_ON,
        payment=Decimal(amount),
        apply={"items": [applied]},
    )


def _to(external_id: str) -> Seed:
    return {"externalId": external_id}


def _seed(kind: str, **body: Any) -> Seed:  # noqa: ANN401 - a JSON body
    return {"type": kind, "body": body}
