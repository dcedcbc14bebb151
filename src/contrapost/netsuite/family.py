"""The rows of `family.sql` read into orders, bills and credits. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost.netsuite.bill import (
    Bill,
    BillKind,
    BillLine,
    Bills,
    Cost,
    Credit,
    CreditLine,
    LineKind,
    Tax,
    Waiting,
)
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BILLS = {"CashSale": BillKind.CASH_SALE, "CustInvc": BillKind.INVOICE}
_CREDITS = {"CashRfnd": "cashRefund", "CustCred": "creditMemo"}
_ORDER = "SalesOrd"
_RETURN = "RtnAuth"
_KINDS = {"ShipItem": LineKind.SHIPPING, "Discount": LineKind.DISCOUNT}
_ZERO = Decimal(0)


@dataclass(slots=True)
class _Record:
    """One transaction's rows, sorted out."""

    rows: list[Mapping[str, str]]

    @property
    def head(self) -> Mapping[str, str]:
        return next((row for row in self.rows if row.get("mainline") == "T"), self.rows[0])

    @property
    def id(self) -> str:
        return self.head["id"]

    @property
    def type(self) -> str:
        return self.head["type"]

    @property
    def made_from(self) -> str:
        return next((row["createdfrom"] for row in self.rows if row.get("createdfrom")), "")

    def lines(self) -> Iterable[list[Mapping[str, str]]]:
        """The rows of each item, discount and shipping line, in order."""
        grouped: dict[str, list[Mapping[str, str]]] = defaultdict(list)
        for row in self.rows:
            apart = "T" in (row.get("mainline"), row.get("taxline"), row.get("iscogs"))
            if not apart and ("item" in row or row.get("itemtype") in _KINDS):
                grouped[row["line"]].append(row)
        return grouped.values()

    def of(self, flag: str) -> list[Mapping[str, str]]:
        return [row for row in self.rows if row.get(flag) == "T"]

    def money(self, name: str) -> Money:
        return Money(Decimal(self.head.get(name, "0")), self.head.get("currency", ""))


def read_families(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Bills | Waiting]]:
    """Reads rows into the orders they belong to, by what stands in the field orders are found by.

    Several entries under one name are several orders with that name: none of them was made from another.
    """
    grouped: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        grouped[row["id"]].append(row)
    records = {id_: _Record(found) for id_, found in grouped.items()}
    families: dict[str, list[Bills | Waiting]] = defaultdict(list)
    for record in records.values():
        is_root = record.type == _ORDER or (record.type in _BILLS and record.made_from not in records)
        if is_root and record.head.get("matched"):
            families[record.head["matched"]].append(_bills(record, records.values()))
    return families


def _bills(root: _Record, records: Iterable[_Record]) -> Bills | Waiting:
    records = list(records)
    billed = [root] if root.type in _BILLS else [r for r in records if r.made_from == root.id and r.type in _BILLS]
    if not billed:
        number = root.head.get("tranid", root.id)
        return Waiting(
            code="not_billed",
            message=f"The order is in NetSuite as sales order {number}, but it has not been billed yet.",
            fix="Bill the order in NetSuite (cash sale or invoice), then retrieve the refund again.",
        )
    bills = [_bill(record, _credits_of(record, root, records)) for record in billed]
    return Bills(
        order_id=root.id,
        order_tranid=root.head.get("tranid", root.id),
        bills=tuple(sorted(bills, key=lambda bill: (bill.day, int(bill.id)))),
    )


def _credits_of(bill: _Record, root: _Record, records: list[_Record]) -> list[_Record]:
    """The credits made from a bill, or from a return authorization of the bill or of its order.

    A return of the order does not tell which of several bills it takes back: it then counts against each, so that
    rather too little is left of them than too much.
    """
    returns = {r.id for r in records if r.type == _RETURN and r.made_from in {bill.id, root.id}}
    return [r for r in records if r.type in _CREDITS and r.made_from in {bill.id, *returns}]


def _bill(record: _Record, credits_: Iterable[_Record]) -> Bill:
    head = record.head
    taxed = [row for row in record.of("taxline") if _amount(row)]
    return Bill(
        kind=_BILLS[record.type],
        id=record.id,
        tranid=head.get("tranid", record.id),
        day=date.fromisoformat(head["trandate"]),
        customer=head.get("entity", ""),
        subsidiary=head.get("subsidiary", ""),
        currency=head.get("currency", ""),
        currency_id=head.get("currencyid", ""),
        exchange_rate=Decimal(head.get("exchangerate", "1")),
        account=head.get("account", ""),
        total=abs(record.money("foreigntotal")),
        unpaid=abs(record.money("foreignamountunpaid")),
        lines=tuple(_bill_line(rows, record) for rows in record.lines()),
        order_tax=_order_tax(taxed, record),
        tax_account=next((row["account"] for row in taxed if "account" in row), ""),
        location=head.get("location", ""),
        department=head.get("department", ""),
        class_=head.get("class", ""),
        credits=tuple(_credit(child) for child in credits_),
    )


def _bill_line(rows: list[Mapping[str, str]], record: _Record) -> BillLine:
    row = rows[0]
    currency = record.head.get("currency", "")
    kind = _KINDS.get(row.get("itemtype", ""), LineKind.ITEM)
    return BillLine(
        line=0 if kind is LineKind.SHIPPING or row.get("transactiondiscount") == "T" else int(row["line"]),
        kind=kind,
        item_id=row.get("item", ""),
        item=row.get("itemid", ""),
        item_type=row.get("itemtype", ""),
        quantity=abs(Decimal(row.get("quantity", "0"))),
        amount=Money(-_amount(row), currency),
        account=next((row["account"] for row in rows if "account" in row), ""),
        taxes=_line_taxes(rows, currency),
        cost=_cost(row.get("item", ""), record),
        location=row.get("location", "") or _cost_location(row.get("item", ""), record),
        department=row.get("department", ""),
        class_=row.get("class", ""),
    )


def _cost_location(item: str, record: _Record) -> str:
    """Where the goods left from, where only NetSuite's own cost entries say it."""
    return next((row["location"] for row in record.of("iscogs") if row.get("item") == item and "location" in row), "")


def _line_taxes(rows: list[Mapping[str, str]], currency: str) -> tuple[Tax, ...]:
    """SuiteTax's details of one line; joined with its ledger rows, each may stand there several times."""
    found = {
        (row["taxcode"], row.get("taxtype", "")): Tax(
            code_id=row["taxcode"],
            type_id=row.get("taxtype", ""),
            rate=Decimal(row.get("taxrate", "0")),
            amount=Money(Decimal(row.get("taxamount", "0")), currency),
        )
        for row in rows
        if row.get("taxcode")
    }
    return tuple(found.values())


def _order_tax(taxed: list[Mapping[str, str]], record: _Record) -> tuple[Tax, ...]:
    """The order's tax where no line has details of its own."""
    if any(row.get("taxcode") for row in record.rows):
        return ()
    currency = record.head.get("currency", "")
    unique = {row["line"]: row for row in taxed}
    return tuple(
        Tax(
            code_id=row.get("item", ""),
            type_id="",
            rate=Decimal(row.get("rate", "0").rstrip("%")),
            amount=Money(-_amount(row), currency),
        )
        for row in unique.values()
    )


def _cost(item: str, record: _Record) -> Cost | None:
    """What the goods of an item cost on this bill: NetSuite's own entries, asset against expense."""
    entries = [row for row in record.of("iscogs") if row.get("item") == item and "account" in row]
    asset = [row for row in entries if Decimal(row.get("amount", "0")) < 0]
    expense = [row for row in entries if Decimal(row.get("amount", "0")) > 0]
    units = sum(
        (abs(Decimal(rows[0].get("quantity", "0"))) for rows in record.lines() if rows[0].get("item") == item), _ZERO
    )
    if not asset or not expense or not units:
        return None
    total = sum((Decimal(row["amount"]) for row in expense), _ZERO)
    return Cost(unit=total / units, asset_account=asset[0]["account"], expense_account=expense[0]["account"])


def _credit(record: _Record) -> Credit:
    currency = record.head.get("currency", "")
    return Credit(
        record=_CREDITS[record.type],
        id=record.id,
        tranid=record.head.get("tranid", record.id),
        external_id=record.head.get("externalid", ""),
        bill_id=record.made_from,
        total=abs(record.money("foreigntotal")),
        lines=tuple(
            CreditLine(
                item_id=rows[0].get("item", ""),
                item=rows[0].get("itemid", ""),
                kind=_KINDS.get(rows[0].get("itemtype", ""), LineKind.ITEM),
                quantity=abs(Decimal(rows[0].get("quantity", "0"))),
                amount=Money(_amount(rows[0]), currency),
            )
            for rows in record.lines()
        ),
    )


def _amount(row: Mapping[str, str]) -> Decimal:
    """A row's amount in the transaction's currency: below zero on sales, above on credits."""
    return Decimal(row.get("foreignamount", "0"))
