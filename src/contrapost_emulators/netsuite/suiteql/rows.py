"""Turns saved records into the rows of the mirror's tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.labels import status_label
from contrapost_emulators.netsuite.suiteql.dates import stored
from contrapost_emulators.netsuite.transactions.header import NON_POSTING
from contrapost_emulators.netsuite.transactions.ledger import DIMENSIONS
from contrapost_emulators.netsuite.transactions.numbered import LOT, SERIAL, on_hand
from contrapost_emulators.netsuite.transactions.stock import holding
from contrapost_emulators.netsuite.transactions.tax import SHIPPING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.state import Posting, Record, Row, State

Cells = dict[str, object]
TableRow = tuple[str, Cells]

ABBREVIATIONS = {
    "SalesOrd": "SALESORD",
    "CashSale": "CASHSALE",
    "CustInvc": "INV",
    "CashRfnd": "CASHRFND",
    "CustCred": "CREDMEM",
    "RtnAuth": "RTNAUTH",
    "ItemRcpt": "ITEMRCPT",
    "CustPymt": "PYMT",
    "CustDep": "CUSTDEP",
    "DepAppl": "DEPAPPL",
    "CustRfnd": "CUSTRFND",
    "InvAdjst": "INVADJST",
    "FxReval": "FXREVAL",
    "Journal": "GENJRNL",
    "Deposit": "DEP",
}
# What kind of link joins a document to the one it was made from.
LINK_TYPES = {
    ("SalesOrd", "CashSale"): "OrdBill",
    ("SalesOrd", "CustInvc"): "OrdBill",
    ("SalesOrd", "CustDep"): "OrdDep",
    ("CashSale", "CashRfnd"): "SaleRet",
    ("CustInvc", "CustCred"): "SaleRet",
    ("SalesOrd", "RtnAuth"): "SaleRet",
    ("CashSale", "RtnAuth"): "SaleRet",
    ("CustInvc", "RtnAuth"): "SaleRet",
    ("RtnAuth", "ItemRcpt"): "ShipRcpt",
    ("RtnAuth", "CashRfnd"): "OrdBill",
    ("RtnAuth", "CustCred"): "OrdBill",
    ("CustDep", "DepAppl"): "DepAppl",
}
# The emulator keeps one rate a currency: the newest, as if it had always been so.
RATES_FROM = date(2000, 1, 1)
PRIMARY_BOOK = "1"
ROW_ITEM_TYPES = {"tax": "TaxItem", "shipping": "ShipItem", "discount": "Discount"}


def rows_of(state: State, record: Record) -> Iterator[TableRow]:
    """All rows one record stands for."""
    yield "_names", {"kind": record.kind.family, "id": record.id, "name": record.name}
    yield from FAMILIES.get(record.kind.family, _nothing)(state, record)


def _nothing(state: State, record: Record) -> Iterator[TableRow]:
    del state, record
    return iter(())


def _transaction(state: State, record: Record) -> Iterator[TableRow]:
    posting = state.postings.get(record.id)
    rows = posting.rows if posting else ()
    yield "transaction", _head(record, rows)
    for sequence, row in enumerate(rows):
        yield "transactionline", _line(record, row, sequence)
        if record.kind.code not in NON_POSTING and row.account is not None:
            for book, worth in _by_book(posting, sequence, row):
                yield "transactionaccountingline", _accounting_line(record, row, book, worth)
    yield from _tax_details(record, rows)
    for cells in _links(state, record):
        yield "_links", cells


def _head(record: Record, rows: tuple[Row, ...]) -> Cells:
    values = record.values
    main = rows[0] if rows else None
    cells = _plain(
        values,
        "tranId transactionNumber externalId otherRefNum status currency exchangeRate "
        "tranDate postingPeriod memo email",
    )
    cells |= {
        "id": record.id,
        "type": record.kind.code,
        "recordtype": record.kind.name.lower(),
        "abbrevtype": ABBREVIATIONS[record.kind.code],
        "entity": values.ref("entity") or values.ref("customer"),
        "foreigntotal": main.foreign if main else None,
        "total": main.base if main else None,
        "posting": record.kind.code not in NON_POSTING,
        "voided": record.voided,
        "createddate": stored(record.created),
        "lastmodifieddate": stored(record.modified),
    }
    return cells | _open_cells(record) | _custom(values, "custbody")


def _open_cells(record: Record) -> Cells:
    values = record.values
    if record.kind.code in {"CustInvc", "CustCred"}:
        cells: Cells = {
            "foreignamountunpaid": values.number("amountRemaining"),
            "foreignamountpaid": values.number("amountPaid"),
        }
    else:
        cells = {}
    if record.kind.code in {"CustCred", "CustPymt", "CustDep"}:
        cells["foreignpaymentamountunused"] = values.number("unapplied")
        cells["foreignpaymentamountused"] = values.number("applied")
    return cells


def _line(record: Record, row: Row, sequence: int) -> Cells:
    values = row.values
    foreign = row.foreign
    cells: Cells = {
        "id": row.id,
        "transaction": record.id,
        "linesequencenumber": sequence,
        "mainline": row.kind == "main",
        "taxline": row.kind == "tax",
        "iscogs": row.kind == "cost",
        "item": row.item if row.kind != "tax" else None,
        "itemtype": ROW_ITEM_TYPES.get(row.kind, values.text("itemType")),
        "quantity": row.quantity,
        "foreignamount": foreign,
        "netamount": row.base,
        "creditforeignamount": -foreign if foreign < 0 else None,
        "debitforeignamount": foreign if foreign > 0 else None,
        "createdfrom": record.values.ref("createdFrom"),
        "subsidiary": record.values.ref("subsidiary"),
        "entity": record.values.ref("entity") or record.values.ref("customer"),
        "memo": values.text("description") or (record.values.text("memo") if row.kind == "main" else None),
        "uniquekey": values.text("lineUniqueKey") or f"{record.id}{row.id:04d}",
        "expenseaccount": row.account,
        "transactiondiscount": row.kind == "discount",
        "kitmemberof": values.get("kitMemberOf"),
    }
    for name in DIMENSIONS:
        cells[name] = values.ref(name) or record.values.ref(name)
    return cells | _taken(record, values) | _rates(values) | _custom(values, "custcol")


def _taken(record: Record, values: Fields) -> Cells:
    """What other documents took of a line changes after its row was posted: it is read off the record."""
    line = next((line for line in record.lines("item") if line.get("line") == values.get("line", -1)), values)
    return {
        "quantitybilled": line.number("quantityBilled"),
        "quantityshiprecv": line.number("quantityReceived"),
        "isclosed": line.flag("isClosed"),
    }


def _rates(values: Fields) -> Cells:
    rate = values.get("rate")
    if isinstance(rate, str):
        return {"ratepercent": Decimal(rate.rstrip("%"))}
    return {"rate": rate, "rateamount": rate}


def _by_book(posting: Posting | None, sequence: int, row: Row) -> Iterator[tuple[str, Decimal]]:
    """What a row is worth in the primary book, and in each of the others."""
    yield PRIMARY_BOOK, row.base
    for book, worth in (posting.books if posting else {}).items():
        yield book, worth[sequence]


def _accounting_line(record: Record, row: Row, book: str, worth: Decimal) -> Cells:
    rates = {line.ref("accountingBook"): line.number("exchangeRate") for line in record.lines("accountingBookDetail")}
    return {
        "transaction": record.id,
        "transactionline": row.id,
        "account": row.account,
        "amount": worth,
        "netamount": worth,
        "debit": worth if worth > 0 else None,
        "credit": -worth if worth < 0 else None,
        "posting": True,
        "accountingbook": book,
        "exchangerate": record.values.number("exchangeRate") if book == PRIMARY_BOOK else rates.get(book),
    }


def _tax_details(record: Record, rows: Iterable[Row]) -> Iterator[TableRow]:
    lines = {line.text("taxDetailsReference"): line.get("line") for line in record.lines("item")}
    lines[SHIPPING] = next((row.id for row in rows if row.kind == "shipping"), None)
    for detail in record.lines("taxDetails"):
        cells = _plain(detail, "taxDetailsReference taxType taxCode taxBasis taxAmount")
        rate = detail.text("taxRate") or "0"
        cells["taxrate"] = Decimal(rate.rstrip("%"))
        cells["transaction"] = record.id
        cells["transactionline"] = lines.get(detail.text("taxDetailsReference"))
        yield "transactiontaxdetail", cells


def _links(state: State, record: Record) -> Iterator[Cells]:
    """The links that lead to a document: from the one it was made of, its order, and those it applies."""
    source = state.find("transaction", record.values.ref("createdFrom"))
    if source is not None:
        lines = [line for line in record.lines("item") if isinstance(line.get("orderLine"), int)]
        for line in lines:
            yield _link(record, source, line["orderLine"], line["line"], line.number("amount"))
        if not lines:
            yield _link(record, source, 0, 0, record.values.number("total"))
    order = state.find("transaction", record.values.ref("salesOrder"))
    if order is not None:
        yield _link(record, order, 0, 0, record.values.number("total"))
    for held in state.applications.get(record.id) or ():
        if (held.by == record.id and held.to != record.values.ref("createdFrom")) or (
            held.by == record.id and record.kind.code != "DepAppl"
        ):
            yield _link(record, state.require("transaction", held.to), 0, 0, held.amount, "Payment")


def _link(
    record: Record,
    source: Record,
    previous: object,
    following: object,
    amount: object,
    kind: str | None = None,
) -> Cells:
    return {
        "previousdoc": source.id,
        "previousline": previous,
        "previoustype": source.kind.code,
        "nextdoc": record.id,
        "nextline": following,
        "nexttype": record.kind.code,
        "linktype": kind or LINK_TYPES.get((source.kind.code, record.kind.code), "Link"),
        "foreignamount": amount,
        "lastmodifieddate": stored(record.modified),
    }


def _item(state: State, record: Record) -> Iterator[TableRow]:
    values = record.values
    cells = _plain(values, "itemId displayName fullName externalId upcCode basePrice assetAccount")
    cells |= {
        "id": record.id,
        "itemtype": record.kind.code,
        "subtype": {"nonInventoryResaleItem": "Resale"}.get(record.kind.name, "Sale"),
        "isinactive": values.flag("isInactive"),
        "isserialitem": record.kind.name == SERIAL,
        "islotitem": record.kind.name == LOT,
        "incomeaccount": values.ref("incomeAccount") or values.ref("account") or values.ref("liabilityAccount"),
        "expenseaccount": values.ref("cogsAccount") or values.ref("expenseAccount"),
        "description": values.text("salesDescription") or values.text("description"),
    }
    quantity, worth = Decimal(0), Decimal(0)
    if record.kind.code == "InvtPart":
        for location in state.family("location"):
            held = holding(state, record.id, location.id)
            quantity, worth = quantity + held.quantity, worth + held.worth
            at_location: Cells = {
                "item": record.id,
                "location": location.id,
                "quantityonhand": held.quantity,
                "quantityavailable": held.quantity,
                "averagecostmli": held.last_cost,
                "onhandvaluemli": held.worth,
            }
            yield "inventoryitemlocations", at_location
            yield "aggregateitemlocation", at_location
        cells["totalquantityonhand"] = quantity
        cells["averagecost"] = worth / quantity if quantity > 0 else None
    yield "item", cells | _custom(values, "custitem")


def _inventory_number(state: State, record: Record) -> Iterator[TableRow]:
    cells = _plain(record.values, "inventoryNumber item expirationDate memo")
    units = on_hand(state, record.id)
    yield "inventorynumber", {"id": record.id, **cells, "quantityonhand": units, "quantityavailable": units}
    for location in state.family("location"):
        there = state.numbers.get((record.id, location.id))
        if there:
            place: Cells = {"inventorynumber": record.id, "location": location.id}
            yield "inventorynumberlocation", place | {"quantityonhand": there, "quantityavailable": there}


def _gift_certificate(state: State, record: Record) -> Iterator[TableRow]:
    del state
    names = "giftCertCode originalAmount amountRemaining sender name email message expirationDate"
    yield "giftcertificate", {"id": record.id, **_plain(record.values, names)}


def _customer(state: State, record: Record) -> Iterator[TableRow]:
    del state
    cells = _plain(
        record.values,
        "entityId externalId companyName firstName lastName email phone subsidiary currency",
    )
    cells |= {"id": record.id, "isperson": record.values.flag("isPerson")}
    yield "customer", cells | _inactive(record) | _custom(record.values, "custentity")


def _account(state: State, record: Record) -> Iterator[TableRow]:
    del state
    cells = _plain(record.values, "acctNumber externalId currency description acctType")
    name = record.values.text("acctName")
    cells |= {"id": record.id, "fullname": name, "accountsearchdisplaynamecopy": name}
    cells["accountsearchdisplayname"] = record.values.text("display")
    yield "account", cells | _inactive(record)


def _period(state: State, record: Record) -> Iterator[TableRow]:
    """A period reads as locked for receivables once it is so for every subsidiary."""
    cells = _plain(record.values, "periodName startDate endDate closedOnDate parent")
    flags = [
        "closed",
        "apLocked",
        "arLocked",
        "allLocked",
        "isAdjust",
        "isQuarter",
        "isYear",
        "isPosting",
        "allowNonGLChanges",
    ]
    cells |= {name.lower(): record.values.flag(name) for name in flags}
    if all((record.id, subsidiary.id) in state.period_locks for subsidiary in state.family("subsidiary")):
        cells["arlocked"] = True
    yield "accountingperiod", {"id": record.id, **cells, **_inactive(record)}


def _currency(state: State, record: Record) -> Iterator[TableRow]:
    cells = _plain(record.values, "name symbol displaySymbol currencyPrecision exchangeRate externalId")
    cells |= {"id": record.id, "isbasecurrency": record.values.flag("isBaseCurrency")}
    yield "currency", cells | _inactive(record)
    yield (
        "currencyrate",
        {
            "id": record.id,
            "basecurrency": state.roles.get("currency"),
            "transactioncurrency": record.id,
            "exchangerate": record.values.number("exchangeRate"),
            "effectivedate": stored(RATES_FROM),
        },
    )


def _tax(state: State, record: Record) -> Iterator[TableRow]:
    del state
    cells = _plain(record.values, "itemId displayName taxAccount taxType externalId")
    cells["rate"] = Decimal((record.values.text("rate") or "0").rstrip("%"))
    yield "salestaxitem", {"id": record.id, **cells, **_inactive(record)}


def _named(table: str) -> Callable[[State, Record], Iterator[TableRow]]:
    def rows(state: State, record: Record) -> Iterator[TableRow]:
        del state
        cells = {"id": record.id, "name": record.name, "fullname": record.name}
        cells["externalid"] = record.values.text("externalId") or ""
        currency: Cells = {"currency": record.values.ref("currency")} if table == "subsidiary" else {}
        yield table, {**cells, **currency, **_inactive(record)}

    return rows


def _book(state: State, record: Record) -> Iterator[TableRow]:
    del state
    cells: Cells = {"id": record.id, "name": record.name, "isprimary": record.values.flag("isPrimary")}
    yield "accountingbook", cells | _inactive(record)


FAMILIES: dict[str, Callable[[State, Record], Iterator[TableRow]]] = {
    "transaction": _transaction,
    "item": _item,
    "inventoryNumber": _inventory_number,
    "giftCertificate": _gift_certificate,
    "entity": _customer,
    "account": _account,
    "period": _period,
    "currency": _currency,
    "tax": _tax,
    "subsidiary": _named("subsidiary"),
    "location": _named("location"),
    "department": _named("department"),
    "classification": _named("classification"),
    "accountingBook": _book,
}


def _plain(values: Fields, names: str) -> Cells:
    cells: Cells = {}
    for name in names.split():
        day = values.day(name)
        cells[name.lower()] = stored(day) if day else values.get(name)
    return cells


def _inactive(record: Record) -> Cells:
    return {"isinactive": record.values.flag("isInactive")}


def _custom(values: Fields, prefix: str) -> Cells:
    """Custom fields, lists and references by their id."""
    return {name.lower(): _plain_value(values, name) for name in values if name.startswith(prefix)}


def _plain_value(values: Fields, name: str) -> object:
    value, day = values.get(name), values.day(name)
    if day is not None:
        return stored(day)
    return value.get("id") if isinstance(value, dict) else value


def label_rows() -> Iterator[TableRow]:
    """The names behind codes, for BUILTIN.DF."""
    from contrapost_emulators.netsuite.kinds import KINDS
    from contrapost_emulators.netsuite.labels import ACCOUNT_TYPES, STATUSES

    labels = {kind.code: kind.label for kind in KINDS.values()}
    for code, label in labels.items():
        yield "_names", {"kind": "type", "id": code, "name": label}
    for code, letters in STATUSES.items():
        for letter in letters:
            name = f"{labels[code]} : {status_label(code, letter)}"
            yield "_names", {"kind": "status", "id": f"{code}:{letter}", "name": name}
    for code, name in ACCOUNT_TYPES.items():
        yield "_names", {"kind": "accttype", "id": code, "name": name}
