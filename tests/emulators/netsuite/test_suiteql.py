"""SuiteQL: signs, names and strings as NetSuite gives them, and the queries it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.netsuite.conftest import NetSuite, Shop

Line = Any


@pytest.mark.stamp("documented")
def test_sales_lines_are_negative_and_refund_lines_positive(net: NetSuite, shop: Shop, line: Line) -> None:
    """Quantity and amount of a sale's lines are negative, a refund's positive; each extra row is marked."""
    tax = {"taxItem": {"id": shop.tax}}
    sale = shop.sale(line(shop.tray, 80, 2), shippingCost=5, discountItem={"id": shop.discount}, **tax)
    rows = net.rows(
        "SELECT id, mainline, taxline, iscogs, itemtype, quantity, foreignamount, transactiondiscount"
        f" FROM transactionline WHERE transaction = {sale} ORDER BY linesequencenumber"
    )
    shown = [
        (row["id"], row["mainline"], row.get("itemtype"), row.get("quantity"), row["foreignamount"]) for row in rows
    ]
    assert shown[:4] == [
        ("0", "T", None, None, "82.94"),
        ("1", "F", "InvtPart", "-2", "-80"),
        ("2", "F", "Discount", None, "8"),
        ("3", "F", "ShipItem", None, "-5"),
    ]
    assert [row["taxline"] for row in rows] == list("FFFFTFF")
    assert [row["iscogs"] for row in rows] == list("FFFFFTT")
    assert [row["transactiondiscount"] for row in rows] == list("FFTFFFF")
    made = net.post(f"cashSale/{sale}/!transform/cashRefund", {}).id
    head = net.rows(
        "SELECT l.quantity, l.foreignamount, l.createdfrom, t.foreigntotal, t.recordtype FROM transaction t"
        f" JOIN transactionline l ON l.transaction = t.id WHERE t.id = {made} AND l.id = 1"
    )
    assert head == [
        {
            "quantity": "2",
            "foreignamount": "80",
            "createdfrom": sale,
            "foreigntotal": "-82.94",
            "recordtype": "cashrefund",
        }
    ]


@pytest.mark.stamp("documented")
def test_strings_lower_case_names_and_no_nulls(net: NetSuite, shop: Shop) -> None:
    """Values are strings, names lower case, nulls left out, booleans T and F, dates in the account's format."""
    net.control("POST", "clock", {"now": "2026-03-05T10:00:00Z"})
    shop.sale({"item": {"id": shop.card}, "rate": 3})
    found = net.rows(
        "SELECT T.TranId AS Number_, T.Memo, T.Posting, T.TranDate, TO_CHAR(T.TranDate, 'YYYY-MM-DD') AS Iso,"
        " COUNT(*) OVER (), 1 + 1 FROM Transaction T WHERE T.Type = 'CashSale'"
    )
    assert found == [
        {"number_": "CS1", "posting": "T", "trandate": "3/5/2026", "iso": "2026-03-05", "expr1": "1", "expr2": "2"}
    ]


@pytest.mark.stamp("documented")
def test_dates_compare_as_dates(net: NetSuite, shop: Shop) -> None:
    """TO_DATE makes a date to compare with."""
    net.control("POST", "clock", {"now": "2026-03-05T10:00:00Z"})
    shop.sale({"item": {"id": shop.card}, "rate": 3})
    query = "SELECT id FROM transaction WHERE type = 'CashSale' AND trandate {} TO_DATE('3/5/2026', 'MM/DD/YYYY')"
    assert [len(net.rows(query.format(sign))) for sign in ("=", "<", ">=")] == [1, 0, 1]


@pytest.mark.stamp("documented")
def test_display_names(net: NetSuite, shop: Shop, line: Line) -> None:
    """BUILTIN.DF shows the name behind an id or code."""
    made = shop.sale(line(shop.card, 1), kind="invoice", currency=net.currency("USD"))
    query = (
        "SELECT BUILTIN.DF(t.status) AS status, BUILTIN.DF(t.entity) AS who, BUILTIN.DF(currency) AS money,"
        " BUILTIN.DF(t.type) AS kind FROM transaction t WHERE t.id = " + made
    )
    assert net.rows(query) == [
        {"status": "Invoice : Open", "who": net.own("Ada"), "money": "US Dollar", "kind": "Invoice"}
    ]


@pytest.mark.stamp("verified: the query shape of public connectors")
def test_links_lead_from_order_to_bill_to_refund(net: NetSuite, shop: Shop, line: Line) -> None:
    """NextTransactionLineLink joins an order's line to its bill's and the bill's to its refund's."""
    number = net.own("#1")
    order = shop.sale(line(shop.card, 10), kind="salesOrder", otherRefNum=number)
    bill = net.post(f"salesOrder/{order}/!transform/cashSale", {}).id
    refund = net.post(f"cashSale/{bill}/!transform/cashRefund", {}).id
    found = net.rows(
        "SELECT b.id AS bill, n.nextdoc AS refund, l.linktype FROM transaction so"
        " JOIN NextTransactionLineLink l ON l.previousdoc = so.id JOIN transaction b ON b.id = l.nextdoc"
        " JOIN NextTransactionLineLink n ON n.previousdoc = b.id"
        f" WHERE so.otherrefnum = '{number}' AND so.type = 'SalesOrd'"
    )
    assert found == [{"bill": bill, "refund": refund, "linktype": "OrdBill"}]


@pytest.mark.stamp("documented")
def test_pages(net: NetSuite) -> None:
    """At most 1,000 rows a page; the offset is a multiple of the limit; a page says whether there is more."""
    query = "SELECT id FROM accountingperiod ORDER BY id"
    page = net.query(query, "?limit=10&offset=10").json
    total = int(net.rows("SELECT COUNT(*) AS total FROM accountingperiod")[0]["total"])
    assert (page["count"], page["hasMore"], page["offset"], page["totalResults"]) == (10, True, 10, total)
    assert [one["id"] for one in page["items"]] == [one["id"] for one in net.rows(query)[10:20]]
    assert net.query(query, "?limit=10&offset=5").status == 400
    assert net.query(query, "?limit=1001").status == 400


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM transaction LIMIT 5",
        "WITH x AS (SELECT 1 FROM dual) SELECT * FROM x",
        "SELECT id FROM sqlite_master",
        "SELECT id FROM _names",
        "DELETE FROM transaction",
        "SELECT nonsense(id) FROM transaction",
        "SELECT id FROM transaction; SELECT 1 FROM dual",
        f"SELECT id FROM transaction WHERE id IN ({','.join(map(str, range(1001)))})",
        "SELECT FROM WHERE",
        "SELECT TOP 5 id FROM transaction",
        "SELECT trandate FROM transaction WHERE trandate > DATE '2026-01-01'",
        "SELECT memo + 'x' FROM transaction",
        "SELECT [id] FROM transaction",
        "SELECT a.id FROM transactionline a, item b JOIN account c ON c.id = a.expenseaccount WHERE a.item = b.id",
        "SELECT a.id FROM account a, account b WHERE a.id (+) = b.id",
        "SELECT TO_DATE('never', 'YYYY-MM-DD') FROM dual",
        "SELECT id FROM transaction WHERE id = ?",
        "SELECT id FROM transaction WHERE id = :id",
        f"SELECT id FROM transaction WHERE id = {10**30}",
        "SELECT id FROM transaction WHERE memo = 'open",
    ],
)
def test_refused_queries(net: NetSuite, query: Any) -> None:
    """What SuiteQL does not take is refused as an invalid search."""
    reply = net.query(query)
    assert reply.status == 400
    assert reply.detail.startswith("Invalid search query.")


@pytest.mark.stamp("verified: the message public clients look for")
def test_unknown_column_is_named(net: NetSuite) -> None:
    """An unknown column is named in the refusal, quoted or not."""
    for column in ("foo", "t.foo", '"foo"'):
        assert (
            "Search error occurred: Field 'foo' not found." in net.query(f"SELECT {column} FROM transaction t").detail
        )


@pytest.mark.stamp("documented")
def test_prefer_transient_is_required(net: NetSuite) -> None:
    """Without the header the query is not run."""
    assert net.call("POST", "/services/rest/query/v1/suiteql", {"q": "SELECT 1 FROM dual"}).status == 400


@pytest.mark.stamp("documented")
def test_parameters_rownum_and_unions(net: NetSuite) -> None:
    """Parameters bind to question marks; ROWNUM and FETCH FIRST limit; UNION, subselects and CASE work."""
    ours = f"({net.account('4000')}, {net.account('5000')}, {net.account('5900')})"
    query = f"SELECT id FROM account WHERE accttype = ? AND id IN {ours}"
    found = {row["id"] for row in net.query(query, params=["COGS"]).json["items"]}
    assert found == {net.account("5000"), net.account("5900")}
    assert len(net.rows("SELECT id FROM account WHERE ROWNUM <= 3 AND isinactive = 'F'")) == 3
    assert len(net.rows("SELECT * FROM (SELECT id FROM account ORDER BY id) WHERE ROWNUM < 3")) == 2
    assert len(net.rows("SELECT id FROM account ORDER BY id FETCH FIRST 2 ROWS ONLY")) == 2
    found = net.rows(
        "SELECT NVL(c.memo_, 'none') AS memo, CASE WHEN 1 = 1 THEN 'yes' ELSE 'no' END AS so FROM"
        " (SELECT NULL AS memo_ FROM dual UNION ALL SELECT 'x' FROM dual) c ORDER BY 1"
    )
    assert found == [{"memo": "none", "so": "yes"}, {"memo": "x", "so": "yes"}]


@pytest.mark.stamp("documented")
def test_outer_joins_in_oracles_form(net: NetSuite, shop: Shop, line: Line) -> None:
    """Tables in a list with (+) join as LEFT JOIN does, where the marked table stands behind."""
    sale = shop.sale(line(shop.card, 10), shippingCost=5)
    marked = (
        "SELECT l.id, i.itemid FROM transactionline l, item i"
        f" WHERE l.item = i.id (+) AND l.transaction = {sale} ORDER BY l.id"
    )
    joined = (
        "SELECT l.id, i.itemid FROM transactionline l LEFT JOIN item i ON l.item = i.id"
        f" WHERE l.transaction = {sale} ORDER BY l.id"
    )
    assert len(net.rows(marked)) == 3
    assert net.rows(marked) == net.rows(joined)


@pytest.mark.stamp("documented")
def test_dates_add_up_in_days(net: NetSuite, shop: Shop, line: Line) -> None:
    """A date and a number make a date, two dates a number of days; TRUNC takes the first day of a month."""
    net.control("POST", "clock", {"now": "2026-03-05T12:00:00Z"})
    sale = shop.sale(line(shop.card, 10))
    found = net.rows(
        "SELECT TO_CHAR(trandate - 5, 'YYYY-MM-DD') AS before, TO_CHAR(1 + trandate, 'YYYY-MM-DD') AS after,"
        " SYSDATE - trandate AS since, TO_CHAR(TRUNC(trandate, 'MM') - 1, 'YYYY-MM-DD') AS month_before,"
        f" 7 - 2.5 AS rest FROM transaction WHERE id = {sale}"
    )
    assert found == [
        {
            "before": "2026-02-28",
            "after": "2026-03-06",
            "since": "0.5",
            "month_before": "2026-02-28",
            "rest": "4.5",
        }
    ]


@pytest.mark.stamp("documented")
@pytest.mark.parametrize("count", [0, 2])
def test_as_many_parameters_as_question_marks(net: NetSuite, count: Any) -> None:
    """One value for each question mark: fewer or more are refused; a question mark in a text is none."""
    query = "SELECT id, '?' AS mark FROM currency WHERE symbol = ? /* why? */"
    assert net.query(query, params=["EUR"]).json["items"][0]["mark"] == "?"
    assert net.query(query, params=["EUR"] * count).status == 400


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize("parameters", ["EUR", {"0": "EUR"}, [["EUR"]], [{}]])
def test_parameters_are_a_list_of_plain_values(net: NetSuite, parameters: Any) -> None:
    """Anything but a list of texts and numbers is refused."""
    assert net.query("SELECT id FROM currency WHERE symbol = ?", params=parameters).status == 400


@pytest.mark.stamp("documented")
def test_no_more_than_100000_rows(net: NetSuite) -> None:
    """A query whose rows are more than NetSuite shows is refused rather than cut off."""
    many = "SELECT a.id FROM accountingperiod a, accountingperiod b, accountingperiod c"
    assert "more than 100000 rows" in net.query(many).detail
    within = net.query(f"SELECT * FROM ({many}) WHERE ROWNUM <= 100000", "?limit=1000&offset=99000").json
    assert (within["count"], within["hasMore"], within["totalResults"]) == (1000, False, 100_000)


@pytest.mark.stamp("documented")
def test_lists_are_tables(net: NetSuite, shop: Shop) -> None:
    """Locations, subsidiaries, departments, classes and tax codes are found by name or id."""
    assert net.rows(f"SELECT id FROM subsidiary WHERE id = {net.subsidiary} AND isinactive = 'F'")
    assert net.rows("SELECT id FROM location WHERE isinactive = 'F'")
    found = net.rows(f"SELECT DECODE(taxtype, NULL, 'none', 'some') AS kind FROM salestaxitem WHERE id = {shop.tax}")
    assert found == [{"kind": "none"}]
    who = net.rows(f"SELECT e.entityid FROM entity e JOIN customer c ON c.id = e.id WHERE c.id = {shop.customer}")
    assert who == [{"entityid": net.own("Ada")}]


@pytest.mark.emulated("makes departments and classes")
@pytest.mark.stamp("documented")
def test_dimensions_are_tables(net: NetSuite) -> None:
    """Departments and classes are found by name."""
    department, kind = net.make("department", name="Web"), net.make("classification", name="Gifts")
    assert net.rows("SELECT id FROM department WHERE name = 'Web'") == [{"id": department}]
    assert net.rows("SELECT id FROM classification WHERE name = 'Gifts'") == [{"id": kind}]


@pytest.mark.stamp("documented")
def test_rates_of_tax_details_are_a_table(net: NetSuite, shop: Shop, line: Line) -> None:
    """The tax of each line is found by its reference."""
    code = {"taxType": {"id": shop.tax_type}, "taxCode": {"id": shop.tax}, "taxRate": 8.25}
    details = {"items": [{**code, "taxDetailsReference": "L1", "taxBasis": 10, "taxAmount": 0.83}]}
    sale = shop.sale(line(shop.card, 10, taxDetailsReference="L1"), taxDetailsOverride=True, taxDetails=details)
    found = net.rows(f"SELECT taxdetailsreference, taxamount FROM transactiontaxdetail WHERE transaction = {sale}")
    assert found == [{"taxdetailsreference": "L1", "taxamount": "0.83"}]


@pytest.mark.stamp("chosen")
def test_links_lead_back_too(net: NetSuite, shop: Shop, line: Line) -> None:
    """PreviousTransactionLink leads from a refund to its sale."""
    sale = shop.sale(line(shop.card, 10))
    made = net.post(f"cashSale/{sale}/!transform/cashRefund", {}).id
    found = net.rows(f"SELECT previousdoc, previoustype FROM previoustransactionlink WHERE nextdoc = {made}")
    assert found == [{"previousdoc": sale, "previoustype": "CashSale"}]


@pytest.mark.stamp("chosen")
def test_tax_of_shipping_names_the_shipping_line(net: NetSuite, shop: Shop, line: Line) -> None:
    """The detail of shipping's tax is tied to the line that shipping stands on, as every other one is to its line."""
    method = net.make("shipItem", itemId="POST")
    code = {"taxType": {"id": shop.tax_type}, "taxCode": {"id": shop.tax}, "taxRate": 8.25}
    details = {"items": [{**code, "taxDetailsReference": "SHIPPING", "taxBasis": 5, "taxAmount": 0.41}]}
    more = {"shipMethod": {"id": method}, "shippingCost": 5}
    sale = shop.sale(line(shop.card, 10), taxDetailsOverride=True, taxDetails=details, **more)
    found = net.rows(
        "SELECT l.itemtype, x.taxamount FROM transactiontaxdetail x JOIN transactionline l"
        f" ON l.transaction = x.transaction AND l.id = x.transactionline WHERE x.transaction = {sale}"
    )
    assert found == [{"itemtype": "ShipItem", "taxamount": "0.41"}]


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    ("form", "shown"),
    [("M/D/YYYY", "3/5/2026"), ("D/M/YYYY", "5/3/2026"), ("DD.MM.YYYY", "05.03.2026"), ("YYYY-MM-DD", "2026-03-05")],
)
def test_dates_in_the_accounts_format(net: NetSuite, shop: Shop, line: Line, form: str, shown: str) -> None:
    """Dates come in the account's format, with TO_CHAR in the one that is asked for."""
    net.control("POST", "clock", {"now": "2026-03-05T10:00:00Z"})
    net.control("POST", "preferences", {"date_format": form})
    sale = shop.sale(line(shop.card, 10))
    found = net.rows(
        f"SELECT trandate, TO_CHAR(trandate) AS plain, TO_CHAR(trandate, 'YYYYMMDD') AS asked FROM transaction"
        f" WHERE id = {sale}"
    )
    assert found == [{"trandate": shown, "plain": shown, "asked": "20260305"}]
