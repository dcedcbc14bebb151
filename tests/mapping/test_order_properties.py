"""What holds for every refund of an order that several bills, cash accounts and deposits stand behind."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from builders import (
    bill,
    cash_sale,
    charge,
    credit_of,
    deposit,
    errors,
    line,
    ordered,
    refund,
    shipping,
    sold,
    tender,
    terms,
)
from hypothesis import given
from hypothesis import strategies as st

from contrapost.mapping.plan import plan
from contrapost.mapping.record_choice import NotNeeded
from contrapost.netsuite.bill import Bill, BillKind, Bills, remaining, with_credit
from contrapost.netsuite.drafts import CREDITS, Plan, RecordType
from contrapost.refunds.document import Refund
from contrapost.refunds.finding import Severity
from contrapost.refunds.money import Money, total

SKUS = ("MUG", "TRAY", "POSTER", "LAMP")
GATEWAYS = ("shopify_payments", "paypal")


@dataclass(frozen=True)
class Unit:
    """One unit of the order: its price and tax, and the place of the bill that holds it (None: unbilled)."""

    sku: str
    net: Money
    tax: Money
    bill: int | None


@dataclass(frozen=True)
class Trade:
    """An order, its bills, and its units."""

    order: Bills
    units: tuple[Unit, ...]
    shipping: Money


def _cents(count: int) -> Money:
    return Money(Decimal(count).scaleb(-2), "USD")


@st.composite
def trades(draw: st.DrawFn, *, unbilled: bool = False) -> Trade:
    """Draws an order of one to three bills of one kind with items at the order's prices; one has shipping."""
    kind = draw(st.sampled_from(list(BillKind)))
    bills: list[Bill] = []
    units: list[Unit] = []
    cost = _cents(draw(st.integers(0, 2_000)))
    prices = {sku: (_cents(draw(st.integers(100, 9_000))), _cents(draw(st.integers(0, 700)))) for sku in SKUS}
    for place in range(draw(st.integers(1, 3))):
        rows = []
        for sku in draw(st.lists(st.sampled_from(SKUS), min_size=1, max_size=3, unique=True)):
            quantity, (net, tax) = draw(st.integers(1, 3)), prices[sku]
            rows.append(sold(sku, quantity, net * quantity, tax=tax * quantity))
            units += [Unit(sku, net, tax, place)] * quantity
        if not place and cost:
            rows.append(shipping(cost))
        bills.append(bill(*rows, kind=kind, id=str(501 + place)))
    lines = []
    if unbilled:
        price = _cents(draw(st.integers(100, 9_000)))
        count = draw(st.integers(1, 3))
        units += [Unit("FRAME", price, _cents(0), None) for _ in range(count)]
        lines = [ordered("FRAME", count)]
    return Trade(Bills(order_id="400", order_tranid="SO-400", bills=tuple(bills), order_lines=tuple(lines)),
                 tuple(units), cost)  # fmt: skip


def _refund(trade: Trade, chosen: list[int], cut: int, *, shipped: bool) -> Refund:
    """Takes units back, and pays by one gateway or two: `cut` is the part of a thousand that the second pays."""
    units = [trade.units[index] for index in chosen]
    lines = [
        line(
            one.sku,
            1,
            one.net,
            tax=one.tax,
            back=one.bill is not None,
            canceled=one.bill is None,
            of=f"{one.sku}-{index}",
        )
        for index, one in enumerate(units)
    ]
    charges = (charge("shipping", trade.shipping),) if shipped and trade.shipping else ()
    paid = total((one.credited + one.tax for one in (*lines, *charges)), "USD")
    second = Money((paid.amount * cut / 1000).quantize(Decimal("0.01")), "USD")
    tenders = [tender(paid - second, GATEWAYS[0]), tender(second, GATEWAYS[1])]
    return refund(*lines, charges=charges, tenders=tuple(one for one in tenders if one.amount))


def _sound(made: Plan, trade: Trade) -> None:
    """What holds for every plan that may be posted."""
    amounts = made.amounts
    went = amounts.paid_out + amounts.to_liability + amounts.receivable_reduced
    assert amounts.credited + amounts.rounding == went
    assert made.netsuite_total == amounts.documents
    assert len({one.external_id for one in made.drafts}) == len(made.drafts)
    for one in made.drafts:
        assert sum(entry.debit - entry.credit for entry in one.ledger) == 0
    for one in trade.order.bills:
        credited = total(
            (d.total for d in made.drafts if d.record in CREDITS and d.source and d.source.id == one.id), "USD"
        )
        assert credited <= remaining(one).total
    cash = {"1090", "1091"}
    out = sum(e.credit - e.debit for d in made.drafts for e in d.ledger if e.account in cash)
    assert out == amounts.paid_out.amount


@given(trades(), st.data())
def test_units_of_several_bills_are_ready(trade: Trade, data: st.DataObject) -> None:
    """Any units of an order, paid back by one gateway or two, are ready; each bill is credited its own and no more."""
    chosen = data.draw(st.lists(st.sampled_from(range(len(trade.units))), unique=True, min_size=1))
    of = _refund(trade, chosen, data.draw(st.sampled_from([0, 300, 500, 1000])), shipped=data.draw(st.booleans()))
    made = plan(of, trade.order, terms())
    if isinstance(made, NotNeeded):
        assert not of.tenders
        return
    assert isinstance(made, Plan), made
    assert [found for found in made.findings if found.severity is not Severity.INFO] == []
    _sound(made, trade)


@given(trades(), st.data())
def test_refunds_in_any_order_take_every_bill_back(trade: Trade, data: st.DataObject) -> None:
    """However the units are spread over refunds, all bills come back exactly, and then nothing more can."""
    order = list(data.draw(st.permutations(range(len(trade.units)))))
    on, back = trade.order, Money.zero("USD")
    while order:
        size = data.draw(st.integers(1, 4))
        chosen, order = order[:size], order[size:]
        of = _refund(trade, chosen, 0, shipped=not order)
        made = plan(of, on, terms())
        if isinstance(made, NotNeeded):
            continue
        assert isinstance(made, Plan)
        assert errors(made) == []
        back += made.netsuite_total
        on = Bills(
            order_id=on.order_id, order_tranid=on.order_tranid, bills=tuple(_credited(one, made) for one in on.bills)
        )
    assert back == total((one.total for one in trade.order.bills), "USD")


def _credited(on: Bill, made: Plan) -> Bill:
    for draft in made.drafts:
        if draft.record in CREDITS and draft.source and draft.source.id == on.id:
            on = with_credit(on, credit_of(draft, on))
    return on


@given(trades(unbilled=True), st.data())
def test_canceled_units_never_touch_a_bill(trade: Trade, data: st.DataObject) -> None:
    """Units that were canceled unbilled make no record of a bill; what else comes back is booked as ever."""
    chosen = data.draw(st.lists(st.sampled_from(range(len(trade.units))), unique=True, min_size=1))
    billed = [index for index in chosen if trade.units[index].bill is not None]
    made = plan(_refund(trade, chosen, 0, shipped=False), trade.order, terms())
    if not billed:
        assert isinstance(made, NotNeeded)
        return
    if isinstance(made, NotNeeded):
        return
    assert errors(made) == []
    wanted = total((trade.units[index].net + trade.units[index].tax for index in billed), "USD")
    assert made.amounts.paid_out == wanted == made.netsuite_total
    _sound(made, trade)


@given(st.integers(1, 50_000), st.integers(0, 50_000), st.sampled_from([0, 250, 1000]))
def test_deposits_pay_back_what_they_hold_and_no_more(held: int, asked: int, cut: int) -> None:
    """A refund of an unbilled order is paid back from its deposits, oldest first; more than they hold is held."""
    first, second = _cents(held // 3), _cents(held - held // 3)
    order = Bills(order_id="400", order_tranid="SO-400", bills=(), order_lines=(ordered("LAMP", 1),),
                  deposits=(deposit("61", first), deposit("62", second)))  # fmt: skip
    trade = Trade(order, (Unit("LAMP", _cents(asked), _cents(0), None),), _cents(0))
    made = plan(_refund(trade, [0], cut, shipped=False), order, terms())
    if not asked:
        assert isinstance(made, NotNeeded)
        return
    assert isinstance(made, Plan)
    if asked > held:
        assert errors(made) == ["more_than_remains"]
        return
    assert errors(made) == []
    assert all(draft.record is RecordType.CUSTOMER_REFUND for draft in made.drafts)
    taken: dict[str, Decimal] = {}
    for draft in made.drafts:
        for one in draft.body["deposit"]["items"]:
            taken[one["doc"]["id"]] = taken.get(one["doc"]["id"], Decimal(0)) + one["amount"]
    assert sum(taken.values()) == _cents(asked).amount
    assert taken.get("61", Decimal(0)) == min(first, _cents(asked)).amount
    _sound(made, trade)


@given(trades(), st.data())
def test_the_same_refund_is_the_same_plan(trade: Trade, data: st.DataObject) -> None:
    """Mapping is a function: the same in, the same out, with the same fingerprint."""
    chosen = data.draw(st.lists(st.sampled_from(range(len(trade.units))), unique=True, min_size=1))
    of = _refund(trade, chosen, 300, shipped=True)
    assert plan(of, trade.order, terms()) == plan(of, trade.order, terms())


def test_money_of_two_gateways_is_two_records_of_a_cash_sale_and_two_payments_of_a_memo() -> None:
    """A cash refund has one cash account; a memo can be paid out from several."""
    of = refund(line("LAMP", 1, "100.00"), tenders=(tender("60.00"), tender("40.00", "paypal")))
    on_sale = plan(of, Bills(order_id="1", order_tranid="SO-1", bills=(cash_sale(sold("LAMP", 1, "100.00")),)), terms())
    memo = bill(sold("LAMP", 1, "100.00"), kind=BillKind.INVOICE)
    on_invoice = plan(of, Bills(order_id="1", order_tranid="SO-1", bills=(memo,)), terms())

    assert isinstance(on_sale, Plan)
    assert isinstance(on_invoice, Plan)
    assert [(one.record.value, one.total.text) for one in on_sale.drafts] == [
        ("cashRefund", "60.00"),
        ("cashRefund", "40.00"),
    ]
    assert [(one.record.value, one.total.text) for one in on_invoice.drafts] == [
        ("creditMemo", "100.00"),
        ("customerRefund", "60.00"),
        ("customerRefund", "40.00"),
    ]
