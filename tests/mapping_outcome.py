"""Plays a case: the program matches, maps and posts against the books, and the books are asked what they hold then."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mapping_cases import Case, Row, Tables
from mapping_trade import to
from mapping_world import Books

from contrapost import flow
from contrapost.netsuite.drafts import LABELS, BookedBy
from contrapost.records import accounts, keeping, queries
from contrapost.records.rows import AccountRow, NetSuiteRow
from contrapost.refunds.finding import blocks
from contrapost.refunds.lifecycle import State
from contrapost.stores.contract import Retrieved

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.demo.processes import Emulator
    from contrapost.netsuite.drafts import Draft
    from contrapost.records.rows import TransactionRow
    from contrapost.refunds.document import Refund

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
"""When a case is played: everything in it happened before."""
BY = "accountant"
RECORDS = ("record", "from", "total")
LINES = ("record", "item", "quantity", "amount", "tax")
FIELDS = ("record", "field", "value")
LEDGER = ("record", "account", "debit", "credit")
STOCK = ("item", "location", "before", "after")
OPEN = ("open afterwards", "amount")
BALANCES = ("account", "balance")
ORDER_LINES = ("order", "item", "billed", "closed")
ALWAYS_SAID = (LEDGER, STOCK, OPEN)
"""Tables that a case may not leave out where they have rows."""
WORDS = {State.WAITING: "waiting", State.NOT_NEEDED: "not needed"}
OF_ITS_OWN = " (NetSuite)"
"""Marks what NetSuite books by itself: cost of goods, a deposit applied, an exchange difference."""
_FAMILIES = {
    "account": "account",
    "arAcct": "account",
    "item": "item",
    "location": "location",
    "customer": "customer",
    "entity": "customer",
    "subsidiary": "subsidiary",
    "currency": "currency",
    "postingPeriod": "period",
    "taxCode": "tax",
    "taxType": "taxType",
    "doc": "transaction",
    "department": "department",
    "class": "classification",
    "salesOrder": "transaction",
}
Ledger = dict[tuple[str, str], Decimal]


@dataclass
class Played:
    """What became of a case."""

    comes_to: str
    words: str
    """All that the program says about it."""
    tables: Tables
    """By the names of their columns, as NetSuite holds it; lines and fields as they were sent."""
    tables_afterwards: Tables
    """What is open, and what accounts hold, once others did what the case says."""
    preview: list[Row]
    """The ledger that the preview showed."""
    unnamed_warnings: tuple[str, ...]
    """Codes of findings above information that did not hold it."""
    equations: list[str]
    """What keeps the equation of a posted refund from holding."""
    written: bool
    """Whether anything of the last refund was written."""
    written_again: list[str]
    """What went to NetSuite when everything was posted once more; reading apart."""


def play(case: Case, emulator: Emulator, app: App) -> Played:
    """Builds the books of a case, posts its refunds in order, and asks the books."""
    books = Books.at(emulator, NOW)
    books.hold(case.netsuite)
    app = replace(app, now=lambda: NOW)
    _set_up(app, books, case.profile)
    stock, known = _stock(books), _transactions(books)
    posted: list[tuple[Refund, TransactionRow]] = []
    for refund in case.refunds:
        row = _post(app, refund)
        posted.append((refund, row))
    outcome = _Outcome(books, _labelled(posted), _transactions(books) - known)
    row = posted[-1][1]
    assert all(one.status is State.POSTED for _, one in posted[:-1]), posted[0][1].findings
    tables = outcome.tables(case.tables, stock)
    emulator.ask("DELETE", "journal")
    flow.post(app, [one.id for _, one in posted], by=BY)
    written_again = _written(emulator)
    books.hold(case.afterwards)
    return Played(
        comes_to=_comes_to(row),
        words=_words(row),
        tables=tables,
        tables_afterwards=outcome.afterwards(case.tables_afterwards) if case.afterwards else {},
        preview=outcome.preview(),
        unnamed_warnings=tuple(one.code for one in row.findings if one.severity == "warning"),
        equations=[
            str(one.plan.amounts) for _, one in posted if one.plan and one.links and one.plan.amounts.difference
        ],
        written=bool(row.links),
        written_again=written_again,
    )


def _set_up(app: App, books: Books, profile: dict[str, str]) -> None:
    credentials = books.emulator.credentials()
    secret = {"private_key": credentials.pop("private_key")}
    accounts.add_netsuite(NetSuiteRow(name="books", settings=credentials, secrets=secret), vault=app.vault, now=NOW)
    shop = AccountRow(
        name="shop", connector="shopify", netsuite="books", identity="myshop", settings={}, profile=profile
    )
    accounts.add(shop, vault=app.vault, now=NOW)


def _post(app: App, refund: Refund) -> TransactionRow:
    """Retrieves a refund, looks at its preview, and posts that where it can be posted."""
    one = Retrieved(
        store_refund_id=refund.store_refund_id,
        order_id=refund.order_id,
        order_name=refund.order_name,
        refund=refund,
        findings=(),
        raw="{}",
    )
    (kept,) = keeping.keep("shop", [one], by=BY, now=NOW, by_hand=True)
    (seen,) = flow.preview(app, kept.id, by=BY).transactions
    if seen.status is State.READY:
        done = flow.post(app, [kept.id], by=BY, seen={kept.id: seen.fingerprint})
        assert not done.problems, done.problems
    return queries.get(kept.id)


def _written(emulator: Emulator) -> list[str]:
    said = [f"{one['method']} {one['path']}" for one in emulator.ask("GET", "journal")["requests"]]
    return [call for call in said if not call.startswith("GET ") and "/record/" in call]


def _comes_to(row: TransactionRow) -> str:
    if row.status is State.POSTED:
        return "ready"
    if row.status in WORDS:
        return f"{WORDS[row.status]}: {row.reason}"
    held = next((found.code for found in row.findings if blocks((found,))), row.status)
    return f"held: {held}" if not row.links else f"held after it was written: {held}"


def _words(row: TransactionRow) -> str:
    said = [f"{found.code} {found.message} {found.fix}" for found in row.findings]
    said += [f"{reason.what}: {reason.value}: {reason.why}" for reason in row.plan.trace] if row.plan else []
    return " ".join(said)


# ---- what the records are called


@dataclass(frozen=True)
class _Record:
    """A record that was written, and what the case calls it."""

    label: str
    draft: Draft
    id: str


def _labelled(posted: list[tuple[Refund, TransactionRow]]) -> list[_Record]:
    """Calls a record by its type; numbered where a plan has several of it; with its refund where there are several."""
    found = []
    for refund, row in posted:
        ids = {link.external_id: link.netsuite_id for link in row.links}
        drafts = [draft for draft in row.plan.drafts if draft.external_id in ids] if row.plan else []
        of_type, so_far = Counter(draft.record for draft in drafts), Counter[str]()
        for draft in drafts:
            so_far[draft.record] += 1
            parts = [LABELS[draft.record]]
            parts += [str(so_far[draft.record])] if of_type[draft.record] > 1 else []
            parts += [refund.store_refund_id] if len(posted) > 1 else []
            found.append(_Record(" ".join(parts), draft, ids.get(draft.external_id, "")))
    return found


# ---- what the books hold


@dataclass
class _Outcome:
    books: Books
    records: list[_Record]
    new: set[str]
    """Ids of the transactions that were not there before."""
    owners: dict[str, str] = field(default_factory=dict)
    """The label of each new transaction: its own, or that of the record whose saving made it."""

    def __post_init__(self) -> None:
        self.owners = {one.id: one.label for one in self.records}
        for row in self._ask("SELECT DISTINCT t.id, t.type, l.createdfrom FROM transaction t JOIN transactionline l "
                             "ON l.transaction = t.id WHERE t.id IN (:new)"):  # fmt: skip
            if row["type"] == "FxReval":
                self.owners[row["id"]] = f"{self.owners[row['createdfrom']]}{OF_ITS_OWN}"
            if row["type"] == "CustRfnd":
                self._claim_deposits(row["id"])
        assert set(self.owners) == self.new, f"besides our records, NetSuite has {self.new - set(self.owners)}"

    def _claim_deposits(self, refund: str) -> None:
        """A customer refund of a deposit comes with deposit applications, which NetSuite makes by itself."""
        said = self.books.send("GET", f"customerRefund/{refund}?expandSubResources=true")
        applied = (line["doc"]["id"] for line in said["apply"]["items"])
        label = f"{self.owners[refund]}{OF_ITS_OWN}"
        self.owners |= {id_: label for id_ in applied if id_ in self.new - set(self.owners)}

    def _ask(self, sql: str) -> list[Row]:
        return self.books.net.rows(sql.replace(":new", ", ".join(sorted(self.new) or ["0"])), "check a case")

    def tables(self, wanted: Tables, stock: dict[tuple[str, str], Decimal]) -> Tables:
        """The tables that every case has, and of fields and balances what a case asks for."""
        made = {RECORDS: self._records(), LINES: self._lines(), LEDGER: self.ledger()}
        made |= {STOCK: self._stock_moves(stock), OPEN: self._open()}
        made[FIELDS] = [self._field(row) for row in wanted.get(FIELDS, ())]
        made[BALANCES] = self._balances(wanted)
        made[ORDER_LINES] = self._order_lines() if ORDER_LINES in wanted else []
        return made

    def afterwards(self, wanted: Tables) -> Tables:
        """What is open, and what accounts hold, when others have gone on."""
        return {OPEN: self._open(), BALANCES: self._balances(wanted)}

    def _records(self) -> list[Row]:
        rows = {row["id"]: row for row in self._ask(
            "SELECT t.id, t.foreigntotal, c.symbol, l.createdfrom FROM transaction t JOIN transactionline l "
            "ON l.transaction = t.id AND l.mainline = 'T' JOIN currency c ON c.id = t.currency WHERE t.id IN (:new)"
        )}  # fmt: skip
        return [
            {
                "record": one.label,
                "from": self._called(rows[one.id].get("createdfrom", "")),
                "total": replace(one.draft.total, amount=abs(Decimal(rows[one.id]["foreigntotal"]))).text,
            }
            for one in self.records
        ]

    def _lines(self) -> list[Row]:
        return [
            {
                "record": one.label,
                "item": line.item,
                "quantity": f"{line.quantity.normalize():f}",
                "amount": line.amount.text,
                "tax": line.tax.text,
            }
            for one in self.records
            for line in one.draft.lines
        ]

    def ledger(self) -> list[Row]:
        """What each record nets on each account, as NetSuite has it."""
        net: Ledger = defaultdict(Decimal)
        for row in self._ask(
            "SELECT g.transaction, l.iscogs, a.acctnumber, g.amount FROM transactionaccountingline g JOIN "
            "transactionline l ON l.transaction = g.transaction AND l.id = g.transactionline JOIN account a "
            "ON a.id = g.account WHERE g.transaction IN (:new)"
        ):
            own = OF_ITS_OWN if row["iscogs"] == "T" else ""
            net[f"{self.owners[row['transaction']]}{own}", row["acctnumber"]] += Decimal(row["amount"])
        return _ledger_rows(net)

    def preview(self) -> list[Row]:
        """What each record nets on each account, as the preview had it."""
        net: Ledger = defaultdict(Decimal)
        for one in self.records:
            for line in one.draft.ledger:
                own = OF_ITS_OWN if line.by is BookedBy.NETSUITE else ""
                net[f"{one.label}{own}", self._name("account", line.account)] += line.debit - line.credit
        return _ledger_rows(net)

    def _stock_moves(self, before: dict[tuple[str, str], Decimal]) -> list[Row]:
        after = _stock(self.books)
        return [
            {"item": item, "location": place, "before": _units(before.get(key)), "after": _units(units)}
            for key, units in after.items()
            if units != before.get(key)
            for item, place in [(self._name("item", key[0]), self._name("location", key[1]))]
        ]

    def _open(self) -> list[Row]:
        fields = {"CustInvc": "amountRemaining", "CustCred": "unapplied", "CustDep": "amountRemaining"}
        rows = []
        kinds = ", ".join(f"'{kind}'" for kind in fields)
        sql = f"SELECT id, recordtype, type FROM transaction WHERE type IN ({kinds}) ORDER BY id"
        for row in self.books.net.rows(sql, "check what is open"):
            said = self.books.send("GET", f"{row['recordtype']}/{row['id']}")
            label = self._called(row["id"])
            rows.append({"open afterwards": label, "amount": _amount(Decimal(said[fields[row["type"]]]))})
        return rows

    def _order_lines(self) -> list[Row]:
        """The lines of the case's sales orders: how much of each is billed, and whether it is closed."""
        return [
            {
                "order": number,
                "item": self._name("item", line["item"]["id"]),
                "billed": _units(Decimal(line.get("quantityBilled", 0))),
                "closed": "yes" if line.get("isClosed") else "no",
            }
            for number in self.books.orders
            for line in self.books.read("salesOrder", number)["item"]["items"]
        ]

    def _balances(self, wanted: Tables) -> list[Row]:
        """What accounts hold in base currency because of all that happened; the opening stock apart."""
        asked = [row["account"] for row in wanted.get(BALANCES, ())]
        if not asked:
            return []
        rows = self.books.net.rows(
            "SELECT a.acctnumber, SUM(g.amount) AS net FROM transactionaccountingline g JOIN account a "
            "ON a.id = g.account JOIN transaction t ON t.id = g.transaction WHERE t.type <> 'InvAdjst' "
            "GROUP BY a.acctnumber",
            "check balances",
        )
        net = {row["acctnumber"]: Decimal(row["net"]) for row in rows}
        return [{"account": account, "balance": _amount(net.get(account, Decimal(0)))} for account in asked]

    def _field(self, row: Row) -> Row:
        """What stands in the body of a record at the place the row names: `apply.items.0.apply`."""
        draft = next((one.draft for one in self.records if one.label == row["record"]), None)
        value: Any = draft.body if draft else None
        name = ""
        for name in row["field"].split("."):
            value = _step_into(value, name)
        return row | {"value": self._said(name, value)}

    def _said(self, name: str, value: Any) -> str:
        if isinstance(value, dict):
            if "externalId" in value:
                return next((called for _, called in self.books.names.items() if to(called) == value), str(value))
            id_ = value.get("id", value)
            if isinstance(id_, dict):
                return next((one.label for one in self.records if id_ == {"written": one.draft.external_id}), str(id_))
            return self._name(_FAMILIES.get(name, ""), str(id_))
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "" if value is None else str(value)

    def _called(self, transaction: str) -> str:
        """What the case calls a transaction: one of ours by its label, one that was there by its number."""
        return self.owners.get(transaction) or self._name("transaction", transaction)

    def _name(self, family: str, id_: str) -> str:
        return self.books.names.get((family, id_), id_)


def _step_into(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return value[int(name)] if int(name) < len(value) else None
    return value.get(name) if isinstance(value, dict) else None


def _stock(books: Books) -> dict[tuple[str, str], Decimal]:
    rows = books.net.rows("SELECT item, location, quantityonhand FROM inventoryitemlocations", "count the stock")
    return {(row["item"], row["location"]): Decimal(row["quantityonhand"]) for row in rows}


def _transactions(books: Books) -> set[str]:
    return {row["id"] for row in books.net.rows("SELECT id FROM transaction", "count the transactions")}


def _ledger_rows(net: Ledger) -> list[Row]:
    return [
        {
            "record": label,
            "account": account,
            "debit": _amount(amount) if amount > 0 else "",
            "credit": _amount(-amount) if amount < 0 else "",
        }
        for (label, account), amount in net.items()
        if amount
    ]


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _units(units: Decimal | None) -> str:
    return f"{(units or Decimal(0)).normalize():f}"
