"""What holds for every refund of every bill, however it is put together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from builders import (
    adjustment,
    bill,
    charge,
    credit_of,
    discount,
    errors,
    line,
    parts_of,
    plan_of,
    planned,
    refund,
    shipping,
    sold,
    tender,
)
from hypothesis import given
from hypothesis import strategies as st

from contrapost.mapping.record_choice import NotNeeded
from contrapost.netsuite.bill import Bill, BillKind, Waiting, with_credit
from contrapost.netsuite.drafts import Plan, RecordType
from contrapost.refunds.finding import Severity
from contrapost.refunds.money import Money, decimals_of, total

if TYPE_CHECKING:
    from contrapost.refunds.document import Line, Refund

SKUS = ("MUG", "TRAY", "POSTER", "LAMP")
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY"])
KINDS = st.sampled_from(list(BillKind))


def _money(units: int, currency: str) -> Money:
    return Money(Decimal(units).scaleb(-decimals_of(currency)), currency)


@dataclass(frozen=True)
class Unit:
    """One unit that was sold, with what the customer paid for it."""

    sku: str
    net: Money
    tax: Money


@dataclass(frozen=True)
class Sale:
    """A bill, and its units as the store prices them."""

    bill: Bill
    units: tuple[Unit, ...]
    shipping: Money


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    """Draws a bill of a few lines, with tax, perhaps shipping, perhaps a discount in its header."""
    currency = draw(CURRENCIES)
    skus = draw(st.lists(st.sampled_from(SKUS), min_size=1, max_size=4, unique=True))
    discounted = draw(st.booleans())
    units: list[Unit] = []
    lines = []
    off = Money.zero(currency)
    for sku in skus:
        quantity = draw(st.integers(1, 4))
        gross = _money(draw(st.integers(100, 20_000)), currency)
        less = _money(draw(st.integers(0, 50)), currency) if discounted else Money.zero(currency)
        tax = _money(draw(st.integers(0, 1_000)), currency)
        off += less
        lines.append(sold(sku, quantity, gross, tax=tax, currency=currency))
        nets, taxes = parts_of(gross - less, quantity), parts_of(tax, quantity)
        units += [Unit(sku, net, part) for net, part in zip(nets, taxes, strict=True)]
    cost = _money(draw(st.integers(0, 2_000)), currency)
    rows = [*lines]
    if off:
        rows.append(discount(-off, header=True, currency=currency))
    if cost:
        rows.append(shipping(cost, currency=currency))
    made = bill(*rows, kind=draw(KINDS), currency=currency)
    return Sale(bill=made, units=tuple(units), shipping=cost)


def _line(unit: Unit, *, back: bool, number: int) -> Line:
    currency = unit.net.currency
    return line(unit.sku, 1, unit.net, tax=unit.tax, back=back, of=f"{unit.sku}-{number}", currency=currency)


def _refund(sale: Sale, chosen: list[int], *, shipped: bool, back: bool, id_: str = "9001") -> Refund:
    currency = sale.bill.currency
    lines = [_line(sale.units[index], back=back, number=index) for index in chosen]
    charges = (charge("shipping", sale.shipping, currency=currency),) if shipped and sale.shipping else ()
    paid = total((one.credited + one.tax for one in (*lines, *charges)), currency)
    return refund(*lines, paid=paid, charges=charges, currency=currency, id=id_)


def _sound(made: Plan) -> None:
    """What holds for every plan that may be posted."""
    amounts = made.amounts
    went = amounts.paid_out + amounts.to_liability + amounts.receivable_reduced
    assert amounts.credited + amounts.rounding == went
    for one in made.drafts:
        assert sum(entry.debit - entry.credit for entry in one.ledger) == 0
        if one.record is RecordType.CUSTOMER_REFUND:
            assert one.total == amounts.paid_out
        else:
            assert one.total == amounts.paid_out + amounts.receivable_reduced
            parts = total((part.amount + part.tax for part in one.lines), one.total.currency)
            assert parts == one.total
            numbers = [row.get("orderLine") for row in one.body["item"]["items"] if "orderLine" in row]
            assert len(numbers) == len(set(numbers)), "a transform would take the last of two lines with one number"
    assert len({one.external_id for one in made.drafts}) == len(made.drafts)


@given(sales(), st.data())
def test_well_formed_refunds_are_ready(sale: Sale, data: st.DataObject) -> None:
    """A refund of units that were sold, at what they cost, is ready, balances, and has nothing to complain of."""
    chosen = data.draw(st.lists(st.sampled_from(range(len(sale.units))), unique=True, min_size=1))
    of = _refund(sale, chosen, shipped=data.draw(st.booleans()), back=data.draw(st.booleans()))
    made = planned(of, sale.bill)
    if isinstance(made, NotNeeded):
        assert not total((one.amount for one in of.tenders), of.currency)
        return
    assert isinstance(made, Plan), made
    assert [found for found in made.findings if found.severity is not Severity.INFO] == []
    _sound(made)


@given(sales(), st.data())
def test_parts_in_any_order_come_to_the_whole(sale: Sale, data: st.DataObject) -> None:
    """Refunded unit by unit in any order, a bill comes back exactly, and then nothing more of it can."""
    order = data.draw(st.permutations(range(len(sale.units))))
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=len(order), max_size=len(order)))
    back = data.draw(st.booleans())
    on, given_back, parts = sale.bill, Money.zero(sale.bill.currency), 0
    while order:
        chosen, order = order[: sizes[parts]], order[sizes[parts] :]
        parts += 1
        of = _refund(sale, chosen, shipped=not order, back=back, id_=str(parts))
        made = plan_of(of, on)
        assert errors(made) == []
        _sound(made)
        given_back += made.netsuite_total
        on = with_credit(on, credit_of(made.drafts[0], on))
    assert given_back == on.total
    again = planned(_refund(sale, [0], shipped=False, back=back, id_="again"), on)
    assert errors(again) == ["more_than_remains"]


@given(sales(), st.data())
def test_same_in_same_out(sale: Sale, data: st.DataObject) -> None:
    """The same refund of the same bill is the same plan, with the same fingerprint."""
    chosen = data.draw(st.lists(st.sampled_from(range(len(sale.units))), unique=True, min_size=1))
    of = _refund(sale, chosen, shipped=True, back=True)
    one, other = plan_of(of, sale.bill), plan_of(of, sale.bill)
    assert one == other
    assert one.fingerprint == other.fingerprint


@given(sales())
def test_next_revision_shares_no_external_id(sale: Sale) -> None:
    """A plan made anew never uses an external id of the one before."""
    of = _refund(sale, [0], shipped=True, back=True)
    first, second = planned(of, sale.bill), planned(of, sale.bill, revision=2)
    assert isinstance(first, Plan)
    assert isinstance(second, Plan)
    assert not {one.external_id for one in first.drafts} & {one.external_id for one in second.drafts}
    assert first.fingerprint != second.fingerprint


ODD = st.one_of(
    st.integers(-30_000, 30_000).map(lambda units: Decimal(units).scaleb(-2)),
    st.sampled_from([Decimal("0.005"), Decimal("-0.00"), Decimal("1E+9"), Decimal("12.5"), Decimal(0)]),
)
ODD_LINES = st.tuples(st.sampled_from([*SKUS, "", "VASE"]), st.integers(-2, 6), ODD, ODD, st.booleans())
ODD_CHARGES = st.tuples(st.sampled_from(["shipping", "duty", "tip", "fee"]), ODD, ODD)
ODD_TENDERS = st.tuples(
    ODD,
    st.sampled_from(["shopify_payments", "paypal", "klarna", ""]),
    st.sampled_from(["money", "gift_card", "store_credit"]),
    st.sampled_from(["succeeded", "succeeded", "pending", "failed"]),
)


@given(
    sales(),
    st.lists(ODD_LINES, max_size=4),
    st.lists(ODD_CHARGES, max_size=3),
    st.lists(st.tuples(ODD, ODD), max_size=3),
    st.lists(ODD_TENDERS, max_size=3),
    st.booleans(),
)
def test_odd_documents_never_raise(
    sale: Sale,
    lines: list[tuple[str, int, Decimal, Decimal, bool]],
    charges: list[tuple[str, Decimal, Decimal]],
    adjustments: list[tuple[Decimal, Decimal]],
    tenders: list[tuple[Decimal, str, str, str]],
    unpaid: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whatever a store says, the map step answers with a plan that is sound or held, never with an exception."""
    currency = sale.bill.currency

    def read(amount: Decimal) -> Money:
        return Money(amount, currency)

    of = refund(
        *(
            line(sku, count, read(net), tax=read(tax), back=back, currency=currency)
            for sku, count, net, tax, back in lines
        ),
        charges=tuple(charge(kind, read(net), tax=read(tax)) for kind, net, tax in charges),
        adjustments=tuple(adjustment(read(net), tax=read(tax)) for net, tax in adjustments),
        tenders=tuple(tender(read(net), gateway, kind=kind, status=status) for net, gateway, kind, status in tenders),
        currency=currency,
        order_unpaid=unpaid,
    )
    made = planned(of, sale.bill)
    if isinstance(made, Plan) and not errors(made):
        _sound(made)
        assert made.drafts
        assert all(one.total.amount >= 0 for one in made.drafts), "a document below zero"
    else:
        assert isinstance(made, Plan | Waiting | NotNeeded)
