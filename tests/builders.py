"""Short words for refunds, bills, profiles and lists, so that a test reads like a ledger.

Accounts stand under their numbers: the internal id of account 4000 is `4000`. Items stand under their names.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from contrapost.mapping.plan import Mapped, plan
from contrapost.mapping.profile import Profile
from contrapost.mapping.terms import Terms
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
from contrapost.netsuite.drafts import Amounts, Draft, Plan, RecordType, Source
from contrapost.netsuite.lists import Item, LedgerAccount, Lists, Location, Period
from contrapost.refunds.document import (
    Adjustment,
    Charge,
    ChargeKind,
    Goods,
    Line,
    Refund,
    Restock,
    Tender,
    TenderKind,
    TenderStatus,
)
from contrapost.refunds.finding import Severity
from contrapost.refunds.money import Money, split

DAY = date(2026, 3, 1)
CURRENCY = "USD"
SHOP = "myshop"
STOCK = frozenset({"MUG", "TRAY", "KIT"})
COSTS = {"MUG": "4.00", "TRAY": "15.00", "KIT": "15.00"}
ITEM_ACCOUNTS = {
    "ADJ-OUT": "4100",
    "ADJ-KEPT": "4110",
    "ROUND": "7900",
    "GC-REDEEM": "2300",
    "SC-ISSUE": "2300",
    "TAX-ONLY": "2100",
    "FEE": "6200",
}
TAX_CODES = {"suitetax": "TT1", "legacy": ""}


def money(amount: str | Money, currency: str = CURRENCY) -> Money:
    """Reads an amount; one that is money already stays."""
    return amount if isinstance(amount, Money) else Money.of(amount, currency)


def usd(amount: str) -> Money:
    """Reads an amount of dollars."""
    return Money.of(amount, "USD")


# ---- refunds


def line(
    sku: str,
    quantity: int,
    credited: str | Money,
    *,
    tax: str | Money = "0",
    back: bool = False,
    shipped: bool = True,
    canceled: bool = False,
    of: str = "",
    location: str = "",
    currency: str = CURRENCY,
) -> Line:
    """Makes a refunded line; `back`: the goods came back; `of`: the id of the order line."""
    restock = Restock.CANCELED if canceled else Restock.RETURNED if back else Restock.KEPT
    goods = Goods(restock=restock, came_back=back or canceled, shipped=shipped and not canceled, location=location)
    return Line(
        id=f"{of or sku}-{quantity}-{restock}",
        order_line_id=of or f"ol-{sku}",
        sku=sku,
        title=sku.title(),
        quantity=quantity,
        credited=money(credited, currency),
        tax=money(tax, currency),
        goods=goods,
    )


def charge(kind: str, credited: str | Money, *, tax: str | Money = "0", currency: str = CURRENCY) -> Charge:
    """Makes a charge given back: `charge("shipping", "7.50")`."""
    return Charge(kind=ChargeKind(kind), credited=money(credited, currency), tax=money(tax, currency))


def adjustment(
    amount: str | Money, *, tax: str | Money = "0", reason: str = "", currency: str = CURRENCY
) -> Adjustment:
    """Makes a difference: above zero the customer got more, below zero something was kept."""
    return Adjustment(amount=money(amount, currency), tax=money(tax, currency), reason=reason)


def tender(
    amount: str | Money,
    gateway: str = "shopify_payments",
    *,
    kind: str = "money",
    status: str = "succeeded",
    currency: str = CURRENCY,
) -> Tender:
    """Makes a movement of money."""
    return Tender(
        id=f"{gateway}-{amount}-{status}",
        kind=TenderKind(kind),
        gateway=gateway,
        amount=money(amount, currency),
        status=TenderStatus(status),
    )


def refund(
    *lines: Line,
    paid: str | Money | None = None,
    tenders: tuple[Tender, ...] = (),
    id: str = "9001",  # noqa: A002 - as the document calls it
    currency: str = CURRENCY,
    day: date = DAY,
    **more: Any,
) -> Refund:
    """Makes a refund; `paid` is one successful tender of the shop's own gateway."""
    if paid is not None:
        tenders = (tender(paid, currency=currency), *tenders)
    return Refund(
        store_refund_id=id,
        order_id="7001",
        order_name="#1001",
        refunded_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        refunded_on=day,
        currency=currency,
        lines=lines,
        tenders=tenders,
        **more,
    )


# ---- bills


def sold(
    item: str,
    quantity: str | int,
    amount: str | Money,
    *,
    line: int = 0,
    tax: str | Money = "0",
    rate: str = "8.25",
    regime: str = "suitetax",
    taxes: tuple[Tax, ...] | None = None,
    shipped: bool = True,
    currency: str = CURRENCY,
    account: str = "4000",
) -> BillLine:
    """Makes a line of goods on a bill. Lines without a number are numbered as they stand."""
    taxed = money(tax, currency)
    if taxes is None:
        taxes = (_tax(taxed, rate, regime),) if taxed else ()
    stocked = item in STOCK
    cost = None
    if stocked and shipped:
        cost = Cost(unit=Decimal(COSTS[item]), asset_account="1200", expense_account="5000")
    return BillLine(
        line=line,
        kind=LineKind.ITEM,
        item_id=item,
        item=item,
        item_type="InvtPart" if stocked else "NonInvtPart",
        quantity=Decimal(quantity),
        amount=money(amount, currency),
        account=ITEM_ACCOUNTS.get(item, account),
        taxes=taxes,
        cost=cost,
    )


def _tax(amount: Money, rate: str, regime: str) -> Tax:
    return Tax(code_id=f"TC{rate}", type_id=TAX_CODES[regime], rate=Decimal(rate), amount=amount)


def two_taxes(state: str, city: str, currency: str = CURRENCY) -> tuple[Tax, ...]:
    """Makes the taxes of a line with two codes: 6 % of the state, 2.25 % of the city."""
    return (
        Tax(code_id="STATE", type_id="TT1", rate=Decimal(6), amount=money(state, currency)),
        Tax(code_id="CITY", type_id="TT2", rate=Decimal("2.25"), amount=money(city, currency)),
    )


def shipping(amount: str | Money, *, tax: str | Money = "0", currency: str = CURRENCY) -> BillLine:
    """Makes the shipping cost of a bill."""
    cost = sold("SHIP", 0, amount, tax=tax, currency=currency, account="4010")
    return replace(cost, kind=LineKind.SHIPPING, item_type="ShipItem", line=0)


def discount(amount: str | Money, *, header: bool = False, line: int = -1, currency: str = CURRENCY) -> BillLine:
    """Makes a discount of a bill, below zero: in its header, or as a line."""
    made = sold("DISC", 0, amount, currency=currency, account="4020")
    return replace(made, kind=LineKind.DISCOUNT, item_type="Discount", line=0 if header else line)


def bill(
    *lines: BillLine,
    kind: BillKind = BillKind.CASH_SALE,
    id: str = "512",  # noqa: A002 - as the bill calls it
    unpaid: str | Money = "0",
    currency: str = CURRENCY,
    rate: str = "1",
    order_tax: tuple[str, str] | None = None,
    credits_: tuple[Credit, ...] = (),
) -> Bill:
    """Makes a bill; `order_tax` is amount and rate of tax that NetSuite holds on the order as a whole."""
    placed = tuple(_numbered(lines))
    held = (_tax(money(order_tax[0], currency), order_tax[1], "legacy"),) if order_tax else ()
    gross = sum((one.amount + one.tax for one in placed), Money.zero(currency))
    return Bill(
        kind=kind,
        id=id,
        tranid=f"{'CS' if kind is BillKind.CASH_SALE else 'INV'}-{id}",
        day=date(2026, 2, 1),
        customer="C1",
        subsidiary="1",
        currency=currency,
        currency_id=currency,
        exchange_rate=Decimal(rate),
        account="1090" if kind is BillKind.CASH_SALE else "1100",
        total=gross + sum((tax.amount for tax in held), Money.zero(currency)),
        unpaid=money(unpaid, currency),
        lines=placed,
        order_tax=held,
        tax_account="2100",
        credits=credits_,
    )


def _numbered(lines: tuple[BillLine, ...]) -> list[BillLine]:
    numbered, number = [], 0
    for one in lines:
        goes_by_number = one.kind is LineKind.ITEM or (one.kind is LineKind.DISCOUNT and one.line != 0)
        number += goes_by_number
        numbered.append(replace(one, line=number) if goes_by_number else one)
    return numbered


def cash_sale(*lines: BillLine, **more: Any) -> Bill:
    """Makes a cash sale."""
    return bill(*lines, kind=BillKind.CASH_SALE, **more)


def invoice(*lines: BillLine, **more: Any) -> Bill:
    """Makes an invoice; paid, where `unpaid` does not say otherwise."""
    return bill(*lines, kind=BillKind.INVOICE, **more)


def bills(*made: Bill) -> Bills:
    """Makes an order of its bills."""
    return Bills(order_id="400", order_tranid="SO-400", bills=made)


def ordered(item: str, quantity: int, *, billed: int = 0, closed: bool = False, line: int = 1) -> OrderLine:
    """Makes a line of the sales order."""
    return OrderLine(
        line=line, item_id=item, item=item, quantity=Decimal(quantity), billed=Decimal(billed), closed=closed
    )


def deposit(id: str, left: Money) -> Deposit:  # noqa: A002 - as the deposit calls it
    """Makes a customer deposit of the order; the later its id, the younger it is."""
    return Deposit(
        id=id,
        tranid=f"CD-{id}",
        day=date(2026, 1, 1),
        customer="C1",
        subsidiary="1",
        currency=left.currency,
        currency_id=left.currency,
        exchange_rate=Decimal(1),
        liability_account="2200",
        left=left,
    )


def by_hand(total: str, *lines: CreditLine, record: str = "cashRefund", tranid: str = "CR-77") -> Credit:
    """Makes a credit that someone entered by hand."""
    return Credit(record=record, id="977", tranid=tranid, external_id="", bill_id="512", total=usd(total), lines=lines)


def credited(item: str, quantity: str, amount: str, kind: LineKind = LineKind.ITEM) -> CreditLine:
    """Makes a line of an earlier credit."""
    return CreditLine(item_id=item, item=item, kind=kind, quantity=Decimal(quantity), amount=usd(amount))


_RECORDS = {RecordType.CASH_REFUND: "cashRefund", RecordType.CREDIT_MEMO: "creditMemo"}


def credit_of(draft: Draft, on: Bill) -> Credit:
    """Gives a draft as the credit that NetSuite shows once it is written."""
    kinds = {one.item: one.kind for one in on.lines}
    return Credit(
        record=_RECORDS[draft.record],
        id="1",
        tranid="1",
        external_id=draft.external_id,
        bill_id=on.id,
        total=draft.total,
        lines=tuple(
            CreditLine(
                item_id=one.item,
                item=one.item,
                kind=kinds.get(one.item, LineKind.ITEM),
                quantity=one.quantity,
                amount=one.amount,
            )
            for one in draft.lines
        ),
    )


# ---- the account


def profile(**more: Any) -> Profile:
    """Makes the profile of the worked cases; what is given replaces the field."""
    given: dict[str, Any] = {
        "cash_accounts": {"shopify_payments": "1090", "paypal": "1091", "shopify_payments/EUR": "1094"},
        "items": {
            "extra_given": "ADJ-OUT",
            "kept": "ADJ-KEPT",
            "rounding": "ROUND",
            "gift_card": "GC-REDEEM",
            "store_credit": "SC-ISSUE",
            "tax": "TAX-ONLY",
        },
    }
    return Profile(**(given | more))


ACCOUNTS = {
    "1010": "Operating bank",
    "1090": "Shopify Payments clearing",
    "1091": "PayPal clearing",
    "1094": "Shopify Payments clearing EUR",
    "1100": "Accounts receivable",
    "1200": "Inventory",
    "2100": "Sales tax payable",
    "2300": "Gift cards and store credit",
    "4000": "Product revenue",
    "4010": "Shipping revenue",
    "4020": "Discounts",
    "4100": "Refunds and allowances",
    "4110": "Return fees kept",
    "5000": "Cost of goods sold",
    "7900": "Rounding",
}
ADDED_ITEMS = ("ADJ-OUT", "ADJ-KEPT", "ROUND", "GC-REDEEM", "SC-ISSUE", "DUTY", "TIP", "SHIP", "TAX-ONLY", "FEE")


def lists(closed: tuple[str, ...] = (), months: tuple[int, ...] = tuple(range(1, 13))) -> Lists:
    """Makes the lists of an account; `closed` names months of 2026 such as `2026-03`."""
    return Lists(
        accounts=tuple(
            LedgerAccount(id=number, number=number, name=name, type="AcctRec" if number == "1100" else "Bank")
            for number, name in ACCOUNTS.items()
        ),
        items=tuple(
            Item(id=name, name=name, type="OthCharge", income_account=ITEM_ACCOUNTS.get(name, "4000"))
            for name in ADDED_ITEMS
        ),
        locations=(Location(id="W", name="West"),),
        periods=tuple(_period(month, closed) for month in months),
        asked_items=ADDED_ITEMS,
        suitetax=True,
    )


def _period(month: int, closed: tuple[str, ...]) -> Period:
    start = date(2026, month, 1)
    end = date(2026, month + 1, 1) if month < 12 else date(2027, 1, 1)
    last = date.fromordinal(end.toordinal() - 1)
    return Period(id=f"P{month}", name=f"{start:%b %Y}", start=start, end=last, closed=f"{start:%Y-%m}" in closed)


def planned(of: Refund, *on: Bill, by: Profile | None = None, known: Lists | None = None, revision: int = 1) -> Mapped:
    """Maps a refund on its bills."""
    return plan(of, bills(*on), terms(by, known, revision=revision))


def terms(by: Profile | None = None, known: Lists | None = None, **more: Any) -> Terms:
    """Makes the terms a refund is planned on."""
    return Terms(profile=by or profile(), lists=known or lists(), shop=SHOP, **more)


def plan_of(of: Refund, *on: Bill, by: Profile | None = None, known: Lists | None = None) -> Plan:
    """Maps a refund that comes to a plan."""
    made = planned(of, *on, by=by, known=known)
    assert isinstance(made, Plan), made
    return made


def errors(made: Mapped) -> list[str]:
    """Gives the codes of what keeps a plan from being posted."""
    assert isinstance(made, Plan), made
    return [found.code for found in made.findings if found.severity is Severity.ERROR]


def ledger(made: Plan) -> dict[str, dict[str, str]]:
    """Gives what each record nets on each account, debit above zero: `{"cashRefund": {"4000": "12.50"}}`."""
    net: dict[str, dict[str, Decimal]] = {}
    for draft in made.drafts:
        of_record = net.setdefault(draft.record.value, {})
        for entry in draft.ledger:
            of_record[entry.account] = of_record.get(entry.account, Decimal(0)) + entry.debit - entry.credit
    return {
        record: {account: f"{amount:.2f}" for account, amount in sorted(entries.items()) if amount}
        for record, entries in net.items()
    }


# ---- drafts for posting, where what they say to NetSuite does not matter


def draft(
    external_id: str,
    record: RecordType = RecordType.CASH_REFUND,
    *,
    total: str = "10.00",
    source: str = "512",
    after: str = "",
) -> Draft:
    """Makes a record to be written; `after` is the external id of the record of the same plan that it points at."""
    body: dict[str, Any] = {"externalId": external_id}
    if after:
        body["apply"] = {"items": [{"doc": {"id": {"written": after}}}]}
    made_from = Source(record="cashSale", id=source) if not after else None
    return Draft(record=record, external_id=external_id, source=made_from, replace=(), body=body, total=usd(total))


def plan_with(*drafts: Draft) -> Plan:
    """Makes a plan of these records."""
    amounts = Amounts(
        credited=usd("10.00"),
        paid_out=usd("10.00"),
        to_liability=usd("0"),
        receivable_reduced=usd("0"),
        rounding=usd("0"),
    )
    return Plan(drafts=drafts, amounts=amounts)


def parts_of(amount: Money, count: int) -> tuple[Money, ...]:
    """Splits an amount evenly."""
    return split(amount, [Decimal(1)] * count)
