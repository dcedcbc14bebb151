"""Rows of NetSuite's search, written by hand, read into orders, bills and credits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from builders import refund, usd

from contrapost.netsuite.bill import BillKind, Bills, LineKind, Waiting, remaining
from contrapost.netsuite.family import read_families
from contrapost.netsuite.match import ORDERS_A_QUESTION, OrderRule, match
from contrapost.refunds.finding import Finding

if TYPE_CHECKING:
    from contrapost.netsuite.match import Matched

Row = dict[str, str]
NAMES = {"SalesOrd": "SO", "CashSale": "CS", "CustInvc": "INV", "CashRfnd": "CR", "CustCred": "CM", "RtnAuth": "RA"}
PO = OrderRule(field="otherrefnum", pattern="{order_name}", only={})


def head(kind: str, id_: str, total: str = "0", *, name: str = "", unpaid: str = "0", made_from: str = "") -> Row:
    """The main line of a record."""
    row = {
        "id": id_,
        "type": kind,
        "tranid": f"{NAMES[kind]}-{id_}",
        "mainline": "T",
        "taxline": "F",
        "iscogs": "F",
        "line": "0",
        "entity": "C1",
        "currency": "USD",
        "currencyid": "1",
        "exchangerate": "1",
        "foreigntotal": total,
        "foreignamountunpaid": unpaid,
        "trandate": f"2026-02-0{id_[-1]}",
        "account": "1090",
        "subsidiary": "1",
    }
    return row | ({"matched": name} if name else {}) | ({"createdfrom": made_from} if made_from else {})


def line(of: Row, number: int, item: str, quantity: str, foreign: str, kind: str = "NonInvtPart", **more: str) -> Row:
    """A line of a record, with NetSuite's signs: sales below zero, credits above."""
    plain = {name: of[name] for name in ("id", "type", "currency") if name in of}
    link = {"createdfrom": of["createdfrom"]} if "createdfrom" in of else {}
    said = {
        "line": str(number),
        "item": item,
        "itemid": item,
        "itemtype": kind,
        "quantity": quantity,
        "foreignamount": foreign,
        "account": "4000",
        "mainline": "F",
        "taxline": "F",
        "iscogs": "F",
    }
    return plain | link | said | more


def sale(id_: str = "512", **more: str) -> list[Row]:
    """A cash sale of three mugs and shipping, with legacy tax."""
    top = head("CashSale", id_, "48.09", **{"name": "#1001", **more})
    return [
        top,
        line(top, 1, "MUG", "-3", "-37.50", "InvtPart", location="7"),
        line(top, 2, "SHIP", "-1", "-7.50", "ShipItem", account="4010"),
        line(top, 3, "TAX", "0", "-3.09", taxline="T", rate="8.25%", account="2100"),
        line(top, 4, "MUG", "3", "0", "InvtPart", iscogs="T", amount="-12.00", account="1200"),
        line(top, 5, "MUG", "-3", "0", "InvtPart", iscogs="T", amount="12.00", account="5000"),
    ]


def credit(id_: str, made_from: str, kind: str = "CashRfnd", units: str = "1") -> list[Row]:
    """A credit of one mug."""
    top = head(kind, id_, "-13.53", made_from=made_from)
    return [top, line(top, 1, "MUG", units, "12.50", "InvtPart")]


def _bills(rows: list[Row]) -> Bills:
    (family,) = read_families(rows)["#1001"]
    assert isinstance(family, Bills)
    return family


def test_cash_sale_is_read_with_lines_tax_and_cost() -> None:
    """Goods, shipping, tax and cost of a cash sale come out as sold, above zero."""
    (bill,) = _bills(sale()).bills
    mug, shipping = bill.lines
    assert (bill.kind, bill.id, bill.tranid, bill.account) == (BillKind.CASH_SALE, "512", "CS-512", "1090")
    assert (mug.line, mug.quantity, mug.amount, mug.location) == (1, Decimal(3), usd("37.50"), "7")
    assert (shipping.kind, shipping.line, shipping.amount) == (LineKind.SHIPPING, 0, usd("7.50"))
    assert (bill.tax, bill.tax_account, bill.order_tax[0].rate) == (usd("3.09"), "2100", Decimal("8.25"))
    assert mug.cost is not None
    assert (mug.cost.unit, mug.cost.asset_account, mug.cost.expense_account) == (Decimal(4), "1200", "5000")


def test_suitetax_details_that_stand_several_times_count_once() -> None:
    """A line joined with two ledger rows still has each of its taxes once."""
    top = head("CashSale", "512", "13.53", name="#1001")
    tax = {"taxcode": "TC1", "taxtype": "TT1", "taxrate": "8.25", "taxamount": "1.03"}
    again = line(top, 1, "MUG", "-1", "-12.50", **tax)
    (bill,) = _bills([top, again, again | {"account": "4001"}]).bills
    assert bill.lines[0].tax == bill.tax == usd("1.03")
    assert bill.lines[0].amount == usd("12.50")


def test_header_discount_has_no_line_number() -> None:
    """A discount in the header is told apart from one on a line: a transform cannot name it."""
    top = head("CashSale", "512", "10.00", name="#1001")
    rows = [
        top,
        line(top, 1, "MUG", "-1", "-12.50"),
        line(top, 2, "DISC", "0", "1.50", "Discount"),
        line(top, 3, "DISC", "0", "1.00", "Discount", transactiondiscount="T"),
    ]
    discounts = _bills(rows).bills[0].of_kind(LineKind.DISCOUNT)
    assert [(one.line, one.amount) for one in discounts] == [(2, usd("-1.50")), (0, usd("-1.00"))]


def test_order_with_two_invoices_gives_both_oldest_first() -> None:
    """All bills of an order are found, the oldest first."""
    order = head("SalesOrd", "400", name="#1001")
    second = head("CustInvc", "513", "10.00", unpaid="10.00", made_from="400")
    first = head("CustInvc", "512", "10.00", made_from="400")
    family = _bills([order, second, line(second, 1, "A", "-1", "-10"), first, line(first, 1, "B", "-1", "-10")])
    assert family.order_tranid == "SO-400"
    assert [(bill.id, bill.unpaid) for bill in family.bills] == [("512", usd("0")), ("513", usd("10.00"))]


def test_order_without_a_bill_says_what_is_unbilled() -> None:
    """An order that is not billed yet comes with its lines, and what of them is unbilled."""
    order = head("SalesOrd", "400", name="#1001")
    family = _bills([order, line(order, 1, "MUG", "-3", "-37.50", quantitybilled="1", isclosed="F")])
    assert (family.order_tranid, family.bills) == ("SO-400", ())
    assert [(one.item, one.quantity, one.unbilled, one.closed) for one in family.order_lines] == [("MUG", 3, 2, False)]


def test_credits_made_from_the_bill_are_counted() -> None:
    """A refund that someone made from the bill leaves less of it."""
    (bill,) = _bills([*sale(), *credit("900", "512")]).bills
    assert [one.tranid for one in bill.credits] == ["CR-900"]
    assert remaining(bill).quantity["MUG"] == Decimal(2)
    assert remaining(bill).total == usd("34.56")


def test_credits_made_through_a_return_of_the_bill_are_counted() -> None:
    """A refund made by way of a return authorization of the bill leaves less of it, too."""
    (bill,) = _bills([*sale(), head("RtnAuth", "600", made_from="512"), *credit("900", "600")]).bills
    assert remaining(bill).quantity["MUG"] == Decimal(2)


def test_credits_made_through_a_return_of_the_order_are_counted() -> None:
    """A refund made by way of a return authorization of the sales order leaves less of its bill, too."""
    rows = [head("SalesOrd", "400", name="#1001"), *sale(made_from="400", name="")]
    rows += [head("RtnAuth", "600", made_from="400"), *credit("900", "600")]
    (bill,) = _bills(rows).bills
    assert [one.tranid for one in bill.credits] == ["CR-900"]
    assert remaining(bill).quantity["MUG"] == Decimal(2)


def test_credit_of_another_order_is_not_counted() -> None:
    """What was credited against another bill leaves this one as it is."""
    (bill,) = _bills([*sale(), *credit("900", "999")]).bills
    assert not bill.credits


class Books:
    """A NetSuite that answers every question with the same rows, and notes the questions."""

    def __init__(self, *rows: Row) -> None:
        self.rows_ = list(rows)
        self.questions: list[str] = []

    def rows(self, sql: str, what: str) -> list[Row]:
        """Answers."""
        assert what
        self.questions.append(sql)
        return self.rows_


def _matched(books: Books, rule: OrderRule = PO) -> Matched:
    return match(books, [refund(paid="1.00")], rule, suitetax=False)["9001"]


def test_one_question_for_many_refunds() -> None:
    """However many refunds of however few orders: one question, which names each order once in each part."""
    books = Books(*sale())
    found = match(books, [refund(paid="1.00", id=str(number)) for number in range(50)], PO, suitetax=False)
    assert len(books.questions) == 1
    assert len(found) == 50
    assert all(isinstance(one, Bills) for one in found.values())


def test_very_many_orders_are_asked_for_in_few_questions() -> None:
    """More orders than one question takes are asked for in the fewest questions."""
    rule = OrderRule(field="memo", pattern="{order_name}-{order_id}", only={})
    books = Books()
    one = refund(paid="1.00")
    refunds = [
        replace(one, order_id=str(number), store_refund_id=str(number)) for number in range(ORDERS_A_QUESTION + 1)
    ]
    match(books, refunds, rule, suitetax=False)
    assert len(books.questions) == 2


def test_unknown_order_waits() -> None:
    """An order that NetSuite does not have is waited for, by the name it was looked for."""
    found = _matched(Books())
    assert isinstance(found, Waiting)
    assert (found.code, "PO # #1001" in found.message) == ("order_not_in_netsuite", True)


def test_two_orders_of_one_name_are_held() -> None:
    """Two orders with the same name are a finding that lists both: neither is guessed."""
    found = _matched(Books(*sale("512"), *sale("513")))
    assert isinstance(found, Finding)
    assert found.code == "order_ambiguous"
    assert "CS-512" in found.message
    assert "CS-513" in found.message


def test_bill_that_carries_its_orders_name_is_one_order() -> None:
    """A sales order and its cash sale with the same PO number are one order."""
    found = _matched(Books(head("SalesOrd", "400", name="#1001"), *sale(made_from="400")))
    assert isinstance(found, Bills)
    assert found.order_tranid == "SO-400"


def test_hostile_order_names_stay_values() -> None:
    """An order name with quotes and SQL in it is asked for as a value, and nothing else."""
    books = Books()
    rule = OrderRule(field="otherrefnum", pattern="O'Brien'); DROP TABLE x; -- {order_name} :orders :tax_join", only={})
    _matched(books, rule)
    (asked,) = books.questions
    value = "'O''Brien''); DROP TABLE x; -- #1001 :orders :tax_join'"
    assert asked.count("DROP TABLE") == asked.count(value) == 7
    assert asked.replace(value, "").count("'") % 2 == 0
    assert "O'B" not in asked.replace("O''B", "")


def test_filter_of_the_account_is_asked_for() -> None:
    """Further fields that orders must have are asked for, their values quoted."""
    books = Books()
    _matched(books, OrderRule(field="otherrefnum", pattern="{order_name}", only={"subsidiary": "2'"}))
    assert "r.subsidiary = '2'''" in books.questions[0]
