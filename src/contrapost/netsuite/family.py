"""The rows of `family.sql` read into orders, bills and credits. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
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
    Deposit,
    LineKind,
    OrderLine,
    Tax,
)
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_BILLS = {"CashSale": BillKind.CASH_SALE, "CustInvc": BillKind.INVOICE}
_CREDITS = {"CashRfnd": "cashRefund", "CustCred": "creditMemo"}
_ORDER = "SalesOrd"
_RETURN = "RtnAuth"
_DEPOSIT = "CustDep"
_KINDS = {"ShipItem": LineKind.SHIPPING, "Discount": LineKind.DISCOUNT, "Group": LineKind.GROUP}
_END_OF_GROUP = "EndGroup"
_KIT = "Kit"
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

    @property
    def linked_to(self) -> str:
        """The order of a deposit, or the invoice a memo made by hand is applied to."""
        return next((row["linkedto"] for row in self.rows if row.get("linkedto")), "")

    def lines(self) -> Iterable[list[Mapping[str, str]]]:
        """The rows of each item, group, discount and shipping line, in order."""
        return [rows for rows in self.lines_with_ends() if rows[0].get("itemtype") != _END_OF_GROUP]

    def lines_with_ends(self) -> Iterable[list[Mapping[str, str]]]:
        """The same, with the lines that end item groups."""
        grouped: dict[str, list[Mapping[str, str]]] = defaultdict(list)
        for row in self.rows:
            apart = "T" in (row.get("mainline"), row.get("taxline"), row.get("iscogs")) or row.get("kitmemberof")
            if not apart and ("item" in row or row.get("itemtype") in {*_KINDS, _END_OF_GROUP}):
                grouped[row["line"]].append(row)
        return grouped.values()

    def of(self, flag: str) -> list[Mapping[str, str]]:
        return [row for row in self.rows if row.get(flag) == "T"]

    def money(self, name: str) -> Money:
        return Money(Decimal(self.head.get(name, "0")), self.head.get("currency", ""))


def read_families(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Bills]]:
    """Reads rows into the orders they belong to, by what stands in the field orders are found by.

    Several entries under one name are several orders with that name: none of them was made from another.
    """
    grouped: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        grouped[row["id"]].append(row)
    records = {id_: _Record(found) for id_, found in grouped.items()}
    made: dict[str, list[_Record]] = defaultdict(list)
    for record in records.values():
        made[record.made_from or record.linked_to].append(record)
    by_hand: dict[str, list[_Record]] = defaultdict(list)
    for record in made[""]:
        if record.type in _CREDITS:
            by_hand[record.head.get("matched", "")].append(record)
    families: dict[str, list[Bills]] = defaultdict(list)
    for record in records.values():
        is_root = record.type == _ORDER or (record.type in _BILLS and record.made_from not in records)
        name = record.head.get("matched")
        if is_root and name:
            families[name].append(_bills(record, made, by_hand[name]))
    return families


def _bills(root: _Record, made: Mapping[str, list[_Record]], by_hand: list[_Record]) -> Bills:
    billed = [root] if root.type in _BILLS else [r for r in _of(made, root) if r.type in _BILLS]
    bills = sorted(
        (_bill(record, _credits_of(record, root, made)) for record in billed), key=lambda bill: (bill.day, int(bill.id))
    )
    if bills and by_hand:
        bills[0] = replace(bills[0], credits=(*bills[0].credits, *(_credit(record) for record in by_hand)))
    deposits = [_deposit(record) for record in _of(made, root) if record.type == _DEPOSIT]
    return Bills(
        order_id=root.id,
        order_tranid=root.head.get("tranid", root.id),
        bills=tuple(bills),
        order_lines=tuple(_order_line(rows[0]) for rows in root.lines()) if root.type == _ORDER else (),
        deposits=tuple(sorted(deposits, key=lambda deposit: (deposit.day, int(deposit.id)))),
    )


def _of(made: Mapping[str, list[_Record]], record: _Record) -> list[_Record]:
    """The records made from one, or linked to it."""
    return made.get(record.id, [])


def _credits_of(bill: _Record, root: _Record, made: Mapping[str, list[_Record]]) -> list[_Record]:
    """The credits made from a bill or applied to it, or made from a return authorization of the bill or of its order.

    A return of the order does not tell which of several bills it takes back: it then counts against each, so that
    rather too little is left of them than too much.
    """
    sources = [bill] if bill is root else [bill, root]
    returns = [r for source in sources for r in _of(made, source) if r.type == _RETURN]
    return [r for source in (bill, *returns) for r in _of(made, source) if r.type in _CREDITS]


def _order_line(row: Mapping[str, str]) -> OrderLine:
    return OrderLine(
        line=int(row["line"]),
        item_id=row.get("item", ""),
        item=row.get("itemid", ""),
        quantity=abs(Decimal(row.get("quantity", "0"))),
        billed=abs(Decimal(row.get("quantitybilled", "0"))),
        closed=row.get("isclosed") == "T",
    )


def _deposit(record: _Record) -> Deposit:
    head = record.head
    owed = [row for row in record.rows if "account" in row and Decimal(row.get("amount", "0")) < 0]
    return Deposit(
        id=record.id,
        tranid=head.get("tranid", record.id),
        day=date.fromisoformat(head["trandate"]),
        customer=head.get("entity", ""),
        subsidiary=head.get("subsidiary", ""),
        currency=head.get("currency", ""),
        currency_id=head.get("currencyid", ""),
        exchange_rate=Decimal(head.get("exchangerate", "1")),
        liability_account=owed[0]["account"] if owed else "",
        left=abs(record.money("foreignpaymentamountunused")),
    )


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
        lines=tuple(_bill_lines(record, _tax_accounts(taxed, record))),
        order_tax=_order_tax(taxed, record),
        tax_account=next((row["account"] for row in taxed if "account" in row), ""),
        location=head.get("location", ""),
        department=head.get("department", ""),
        class_=head.get("class", ""),
        credits=tuple(_credit(child) for child in credits_),
    )


def _tax_accounts(taxed: list[Mapping[str, str]], record: _Record) -> dict[str, str]:
    """The account of each of SuiteTax's codes, where they have several: the one that holds what the code came to.

    NetSuite's search ties no ledger entry of tax to its code. A code whose amount tells nothing is left out.
    """
    booked = {row["line"]: (abs(_amount(row)), row["account"]) for row in taxed if "account" in row}
    if len({account for _, account in booked.values()}) <= 1:
        return {}
    details = {(row["line"], row["taxcode"], row.get("taxtype")): row for row in record.rows if row.get("taxcode")}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (_, code, _), row in details.items():
        sums[code] += Decimal(row.get("taxamount", "0"))
    holding = {code: {account for worth, account in booked.values() if worth == held} for code, held in sums.items()}
    return {code: found.pop() for code, found in holding.items() if len(found) == 1}


def _bill_lines(record: _Record, tax_accounts: Mapping[str, str]) -> Iterator[BillLine]:
    """The lines of a bill; the members of an item group name its head, and its end is left out."""
    group = 0
    for rows in record.lines_with_ends():
        if rows[0].get("itemtype") == _END_OF_GROUP:
            group = 0
            continue
        line = _bill_line(rows, record, group, tax_accounts)
        group = line.line if line.kind is LineKind.GROUP else group
        yield line


def _bill_line(rows: list[Mapping[str, str]], record: _Record, group: int, tax_accounts: Mapping[str, str]) -> BillLine:
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
        taxes=_line_taxes(rows, currency, tax_accounts),
        cost=_cost(row, record),
        location=row.get("location", "") or _cost_location(row, record),
        department=row.get("department", ""),
        class_=row.get("class", ""),
        group=group,
    )


def _cost_location(line: Mapping[str, str], record: _Record) -> str:
    """Where the goods left from, where only NetSuite's own cost entries say it."""
    return next((row["location"] for row in _cost_entries(line, record) if "location" in row), "")


def _line_taxes(rows: list[Mapping[str, str]], currency: str, tax_accounts: Mapping[str, str]) -> tuple[Tax, ...]:
    """SuiteTax's details of one line; joined with its ledger rows, each may stand there several times."""
    found = {
        (row["taxcode"], row.get("taxtype", "")): Tax(
            code_id=row["taxcode"],
            type_id=row.get("taxtype", ""),
            rate=Decimal(row.get("taxrate", "0")),
            amount=Money(Decimal(row.get("taxamount", "0")), currency),
            account=tax_accounts.get(row["taxcode"], ""),
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
            account=row.get("account", ""),
        )
        for row in unique.values()
    )


def _cost_entries(line: Mapping[str, str], record: _Record) -> list[Mapping[str, str]]:
    """NetSuite's own cost entries: those of a kit's members name its line, those of any other goods their item."""
    if line.get("itemtype") == _KIT:
        return [row for row in record.of("iscogs") if row.get("kitmemberof") == line["line"]]
    return [row for row in record.of("iscogs") if row.get("item") == line.get("item") and not row.get("kitmemberof")]


def _cost(line: Mapping[str, str], record: _Record) -> Cost | None:
    """What the goods of a line cost a unit on this bill: NetSuite's own entries, asset against expense."""
    entries = [row for row in _cost_entries(line, record) if "account" in row]
    asset = [row for row in entries if Decimal(row.get("amount", "0")) < 0]
    expense = [row for row in entries if Decimal(row.get("amount", "0")) > 0]
    alike = [line] if line.get("itemtype") == _KIT else _lines_of(line.get("item"), record)
    units = sum((abs(Decimal(row.get("quantity", "0"))) for row in alike), _ZERO)
    if not asset or not expense or not units:
        return None
    total = sum((Decimal(row["amount"]) for row in expense), _ZERO)
    return Cost(unit=total / units, asset_account=asset[0]["account"], expense_account=expense[0]["account"])


def _lines_of(item: str | None, record: _Record) -> list[Mapping[str, str]]:
    return [rows[0] for rows in record.lines() if rows[0].get("item") == item]


def _credit(record: _Record) -> Credit:
    currency = record.head.get("currency", "")
    return Credit(
        record=_CREDITS[record.type],
        id=record.id,
        tranid=record.head.get("tranid", record.id),
        external_id=record.head.get("externalid", ""),
        bill_id=record.made_from or record.linked_to,
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
