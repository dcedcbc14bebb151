"""The tables SuiteQL sees: columns by name and type."""

from __future__ import annotations

# i = internal id or whole number, n = number, t = text, x = text without regard to case, d = date, b = 'T' or 'F'
COLUMNS: dict[str, str] = {
    "transaction": """id:i tranid:t transactionnumber:t externalid:x otherrefnum:t type:t recordtype:t
        abbrevtype:t status:t entity:i currency:i exchangerate:n foreigntotal:n total:n foreignamountunpaid:n
        foreignamountpaid:n foreignpaymentamountunused:n foreignpaymentamountused:n posting:b voided:b
        trandate:d postingperiod:i createddate:d lastmodifieddate:d memo:t email:t""",
    "transactionline": """id:i transaction:i linesequencenumber:i mainline:b taxline:b iscogs:b
        transactiondiscount:b item:i
        itemtype:t quantity:n rate:n ratepercent:n rateamount:n foreignamount:n netamount:n
        creditforeignamount:n debitforeignamount:n quantitybilled:n quantityshiprecv:n createdfrom:i
        location:i class:i department:i subsidiary:i entity:i expenseaccount:i memo:t uniquekey:i
        isclosed:b kitmemberof:i""",
    "transactionaccountingline": """transaction:i transactionline:i account:i amount:n debit:n credit:n
        netamount:n posting:b accountingbook:i exchangerate:n""",
    "transactiontaxdetail": """transaction:i transactionline:i taxdetailsreference:t taxtype:i taxcode:i
        taxrate:n taxbasis:n taxamount:n""",
    "_links": """previousdoc:i previousline:i previoustype:t nextdoc:i nextline:i nexttype:t linktype:t
        foreignamount:n lastmodifieddate:d""",
    "item": """id:i itemid:t displayname:t fullname:t externalid:x upccode:t itemtype:t subtype:t isinactive:b
        baseprice:n incomeaccount:i expenseaccount:i assetaccount:i averagecost:n totalquantityonhand:n
        description:t isserialitem:b islotitem:b""",
    "giftcertificate": """id:i giftcertcode:t originalamount:n amountremaining:n sender:t name:t email:t
        message:t expirationdate:d""",
    "inventorynumber": """id:i inventorynumber:t item:i expirationdate:d memo:t quantityonhand:n
        quantityavailable:n""",
    "inventorynumberlocation": "inventorynumber:i location:i quantityonhand:n quantityavailable:n",
    "inventoryitemlocations": """item:i location:i quantityonhand:n quantityavailable:n averagecostmli:n
        onhandvaluemli:n""",
    "aggregateitemlocation": """item:i location:i quantityonhand:n quantityavailable:n averagecostmli:n
        onhandvaluemli:n""",
    "customer": """id:i entityid:t externalid:x companyname:t firstname:t lastname:t isperson:b email:t
        phone:t subsidiary:i currency:i isinactive:b""",
    "account": """id:i acctnumber:t accountsearchdisplayname:t accountsearchdisplaynamecopy:t fullname:t
        accttype:t externalid:x isinactive:b currency:i description:t""",
    "accountingperiod": """id:i periodname:t startdate:d enddate:d closed:b closedondate:d aplocked:b
        arlocked:b alllocked:b isadjust:b isquarter:b isyear:b isposting:b isinactive:b parent:i
        allownonglchanges:b""",
    "currency": """id:i name:t symbol:t displaysymbol:t currencyprecision:i exchangerate:n isbasecurrency:b
        isinactive:b externalid:x""",
    "currencyrate": "id:i basecurrency:i transactioncurrency:i exchangerate:n effectivedate:d",
    "subsidiary": "id:i name:t fullname:t currency:i externalid:x isinactive:b",
    "location": "id:i name:t fullname:t subsidiary:i externalid:x isinactive:b",
    "department": "id:i name:t fullname:t subsidiary:i externalid:x isinactive:b",
    "classification": "id:i name:t fullname:t subsidiary:i externalid:x isinactive:b",
    "accountingbook": "id:i name:t isprimary:b isinactive:b",
    "salestaxitem": "id:i itemid:t displayname:t rate:n taxaccount:i taxtype:i externalid:x isinactive:b",
    "_names": "kind:t id:t name:t",
    "dual": "dummy:t",
}
VIEWS = {
    "nexttransactionlinelink": "SELECT * FROM _links",
    "previoustransactionlinelink": "SELECT * FROM _links",
    "nexttransactionlink": """SELECT previousdoc, previoustype, nextdoc, nexttype, linktype,
        SUM(foreignamount) AS foreignamount, MAX(lastmodifieddate) AS lastmodifieddate FROM _links
        GROUP BY previousdoc, previoustype, nextdoc, nexttype, linktype""",
}
VIEWS["previoustransactionlink"] = VIEWS["nexttransactionlink"]
VIEWS["entity"] = "SELECT id, entityid, externalid, companyname AS altname, email, isinactive FROM customer"

AFFINITIES = {"i": "INTEGER", "n": "REAL", "t": "TEXT", "x": "TEXT COLLATE NOCASE", "d": "TEXT", "b": "TEXT"}
# Tables that take custom fields, and how the names of these begin.
CUSTOM = {
    "transaction": "custbody",
    "transactionline": "custcol",
    "customer": "custentity",
    "item": "custitem",
}
# How a table is kept in order; its rows are found by the first column of that without an index beside it.
KEYS = {
    **dict.fromkeys(("transaction", "item", "customer", "account", "accountingperiod", "currency"), "id"),
    "transactionline": "transaction`, `linesequencenumber",
    "transactionaccountingline": "transaction`, `transactionline`, `accountingbook",
    "_names": "kind`, `id",
}
INDEXES = (
    ("transaction", "externalid"),
    ("transaction", "otherrefnum"),
    ("transactionline", "createdfrom"),
    ("transactiontaxdetail", "transaction"),
    ("_links", "previousdoc"),
    ("_links", "nextdoc"),
)

# What BUILTIN.DF shows for a column: the family of the record it refers to.
DISPLAYED = {
    "entity": "entity",
    "customer": "entity",
    "currency": "currency",
    "item": "item",
    "inventorynumber": "inventoryNumber",
    "account": "account",
    "expenseaccount": "account",
    "incomeaccount": "account",
    "assetaccount": "account",
    "postingperiod": "period",
    "subsidiary": "subsidiary",
    "location": "location",
    "department": "department",
    "class": "classification",
    "transaction": "transaction",
    "createdfrom": "transaction",
    "previousdoc": "transaction",
    "nextdoc": "transaction",
    "type": "type",
    "previoustype": "type",
    "nexttype": "type",
    "accttype": "accttype",
    "taxcode": "tax",
}


def public_tables() -> frozenset[str]:
    """The names a query may select from."""
    return frozenset(name for name in (*COLUMNS, *VIEWS) if not name.startswith("_"))


def columns(table: str) -> dict[str, str]:
    """The columns of a table with their type letters."""
    pairs = (word.split(":") for word in COLUMNS[table].split())
    return dict(pairs)
