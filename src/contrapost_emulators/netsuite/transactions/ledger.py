"""The ledger rows of each kind of transaction; debit is positive, in transaction and in base currency."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.fieldset import Fields
from contrapost_emulators.netsuite.state import Move, Record, Row, State
from contrapost_emulators.netsuite.transactions.groups import is_frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost_emulators.netsuite.transactions.draft import Draft
    from contrapost_emulators.netsuite.transactions.tax import Tax

DIMENSIONS = ("class", "department", "location")


@dataclass
class Ledger:
    """Collects the rows of one draft; `sign` is +1 where a sale's main line is a debit, -1 for a refund."""

    draft: Draft
    sign: int
    rows: list[Row] = field(default_factory=list)

    def add(self, kind: str, account: str | None, amount: Decimal, **more: object) -> None:
        """Add a row of an amount as it stands on the document: main is a debit on sales, all else a credit."""
        side = self.sign if kind == "main" else -self.sign
        item, values = more.get("item"), more.get("values")
        self.rows.append(
            Row(
                id=_as_int(more.get("line"), len(self.rows)),
                account=account,
                foreign=side * amount,
                base=side * self.draft.in_base(amount),
                kind=kind,
                item=str(item) if item else None,
                quantity=self._quantity(more.get("quantity")),
                values=values if isinstance(values, Fields) else Fields(),
            )
        )

    def _quantity(self, quantity: object) -> Decimal | None:
        return -self.sign * quantity if isinstance(quantity, Decimal) else None


def _as_int(given: object, otherwise: int) -> int:
    return given if isinstance(given, int) else otherwise


def trade_rows(draft: Draft, sign: int, taxes: list[Tax], moves: list[Move], main: str | None) -> list[Row]:
    """The rows of a sale (+1) or refund (-1)."""
    ledger = Ledger(draft, sign)
    ledger.add("main", main, draft.fields.amount("total"), line=0)
    for line in draft.lines("item"):
        _item_row(ledger, line)
    for kind, item, account, amount, values in _extras(draft, taxes):
        ledger.add(kind, account, amount, item=item, values=values, line=_free(ledger.rows))
    rows = _balance_base(ledger.rows)
    return rows + list(cost_rows(draft, moves, _free(rows)))


def _free(rows: list[Row]) -> int:
    return max(row.id for row in rows) + 1


def _item_row(ledger: Ledger, line: Fields) -> None:
    item = ledger.draft.state.find("item", line.ref("item"))
    ledger.add(
        "item",
        None if item is None or is_frame(line) else income_account(ledger.draft.state, item),
        line.amount("amount"),
        line=line["line"],
        item=item.id if item else None,
        quantity=line.number("quantity"),
        values=line,
    )


def income_account(state: State, item: Record) -> str:
    """The account a line of an item is booked to."""
    if item.kind.code == "Discount":
        return item.values.ref("account") or state.roles["discount"]
    if item.kind.code == "ShipItem":
        return item.values.ref("account") or state.roles["shipping"]
    if item.kind.code == "GiftCert":
        return item.values.need("liabilityAccount")
    return item.values.ref("incomeAccount") or state.roles["income"]


Extra = tuple[str, str | None, str, Decimal, Fields]


def _extras(draft: Draft, taxes: list[Tax]) -> Iterable[Extra]:
    """Header discount, shipping, handling and tax: each a row of its own."""
    state, fields = draft.state, draft.fields
    if discount := fields.amount("discountTotal"):
        item = state.require("item", fields.need("discountItem"))
        yield "discount", item.id, income_account(state, item), discount, Fields()
    for name in ("shippingCost", "handlingCost"):
        if cost := fields.amount(name):
            method = state.find("item", fields.ref("shipMethod"))
            account = income_account(state, method) if method else state.roles["shipping"]
            yield "shipping", method.id if method else None, account, cost, Fields()
    for tax in taxes:
        yield "tax", tax.code, tax.account, tax.amount, Fields(rate=tax.rate, taxBasis=tax.basis)


def _balance_base(rows: list[Row]) -> list[Row]:
    """Put a residue of rounding into base currency onto the largest row that is not the main one."""
    residue = sum((row.base for row in rows), Decimal(0))
    if not residue or len(rows) == 1:
        return rows
    largest = max(rows[1:], key=lambda row: abs(row.base))
    return [replace(row, base=row.base - residue) if row is largest else row for row in rows]


def cost_rows(draft: Draft, moves: list[Move], first: int) -> Iterable[Row]:
    """Cost of goods sold against the inventory asset, for each move of stock that has a worth."""
    number = first
    sold = {line.get("line"): line.ref("item") for line in draft.lines("item")}
    for change in moves:
        if not change.worth:
            continue
        values = Fields(location=change.location)
        if sold.get(change.line) not in {None, change.item}:
            values["kitMemberOf"] = change.line
        item = draft.state.require("item", change.item)
        cogs = item.values.ref("cogsAccount") or draft.state.roles["cogs"]
        asset = item.values.ref("assetAccount") or draft.state.roles["asset"]
        for account, base in ((cogs, -change.worth), (asset, change.worth)):
            foreign = draft.rounded(base / draft.fields.amount("exchangeRate"))
            yield Row(number, account, foreign, base, "cost", item.id, values=values)
            number += 1


def receipt_rows(draft: Draft, moves: list[Move]) -> list[Row]:
    """The rows of an item receipt: its lines, which have no amount, and what their goods cost."""
    ledger = Ledger(draft, -1)
    ledger.add("main", None, Decimal(0), line=0)
    for line in draft.lines("item"):
        ledger.add(
            "item", None, Decimal(0), line=line["line"], item=line["item"], quantity=line["quantity"], values=line
        )
    return ledger.rows + list(cost_rows(draft, moves, _free(ledger.rows)))


def two_rows(draft: Draft, debit: str, credit: str, amount: Decimal, *, main: str) -> list[Row]:
    """A debit against a credit of one amount; `main` names the account of the main line."""
    base = draft.in_base(amount)
    sides = [(debit, amount, base), (credit, -amount, -base)]
    sides.sort(key=lambda side: side[0] != main)
    return [
        Row(number, account, foreign, worth, "item" if number else "main")
        for number, (account, foreign, worth) in enumerate(sides)
    ]


def check_balanced(rows: Iterable[Row]) -> None:
    """Refuse rows whose debits and credits differ, in either currency."""
    held = [row for row in rows if row.account is not None]
    for total in (sum(row.base for row in held), sum(row.foreign for row in held)):
        if total:
            raise Refused("unbalanced", total=total)
