"""A small shop in the account under test; each thing is made when a test first asks for it."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract.client import NetSuite


class Shop:
    """One customer, plain and stocked items, tax codes, and the accounts they are booked to."""

    def __init__(self, net: NetSuite) -> None:
        self.net = net

    @cached_property
    def customer(self) -> str:
        """The customer of every sale."""
        name = self.net.own("Ada")
        return self.net.make("customer", entityId=name, companyName=name, subsidiary={"id": self.net.subsidiary})

    @cached_property
    def clearing(self) -> str:
        """Where cash comes in and goes out: 1090."""
        return self.net.make("account", acctNumber="1090", acctName="Clearing", acctType={"id": "Bank"})

    @cached_property
    def allowances(self) -> str:
        """Refunds without goods: 4100."""
        return self.net.make("account", acctNumber="4100", acctName="Allowances", acctType={"id": "Income"})

    @cached_property
    def rounding(self) -> str:
        """Cents of rounding: 7900."""
        return self.net.make("account", acctNumber="7900", acctName="Rounding", acctType={"id": "Expense"})

    @cached_property
    def card(self) -> str:
        """Goods without stock."""
        return self.net.make("nonInventorySaleItem", itemId="POSTCARD")

    @cached_property
    def adjust(self) -> str:
        """What is given beyond goods."""
        return self.net.make("serviceSaleItem", itemId="ADJ-OUT", incomeAccount={"id": self.allowances})

    @cached_property
    def round(self) -> str:
        """What carries a cent of rounding."""
        return self.net.make(
            "otherChargeSaleItem", itemId="ROUND", isTaxable=False, incomeAccount={"id": self.rounding}
        )

    @cached_property
    def tray(self) -> str:
        """Goods with stock: ten units that cost 15 each."""
        tray = self.net.make("inventoryItem", itemId="TRAY")
        self.stock(tray, 10, 15)
        return tray

    @cached_property
    def discount(self) -> str:
        """Ten percent off."""
        return self.net.make("discountItem", itemId="TEN", rate="-10%")

    @cached_property
    def tax(self) -> str:
        """A sales tax of 8.25 %."""
        return self.net.make("salesTaxItem", itemId="US825", rate="8.25%")

    @cached_property
    def tax_type(self) -> str:
        """The type of tax that tax details name."""
        return self.net.make("taxType", name="Sales tax")

    def stock(self, item: str, quantity: int, unit_cost: int) -> str:
        """Units of an item brought in at a cost."""
        units = {"item": {"id": item}, "adjustQtyBy": quantity, "unitCost": unit_cost}
        account = {"id": self.net.account("5900")}
        return self.net.make("inventoryAdjustment", account=account, inventory={"items": [units]})

    def sale(self, *lines: dict[str, object], kind: str = "cashSale", **more: object) -> str:
        """A sale to the customer into the clearing account (or onto receivables)."""
        account = {"account": {"id": self.clearing}} if kind == "cashSale" else {}
        return self.net.make(kind, entity={"id": self.customer}, item={"items": list(lines)}, **account, **more)


def line(item: str, amount: object, quantity: object = 1, **more: object) -> dict[str, object]:
    """An item line of an amount."""
    return {"item": {"id": item}, "quantity": quantity, "amount": Decimal(str(amount)), **more}
