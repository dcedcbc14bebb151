"""Draws cases: a bill of a few lines, and one or two refunds of some of its units, as a store would give them back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from builders import adjustment, charge, line, parts_of, refund, tender
from hypothesis import strategies as st
from mapping_cases import Case, profiles

from contrapost.refunds.document import Refund
from contrapost.refunds.money import Money, decimals_of, split, total

ITEMS = ("MUG", "TRAY", "POSTER", "LAMP", "KIT", "FRAME")
RATES = {"USD": {}, "EUR": {"rate": Decimal("1.1")}, "JPY": {"rate": Decimal("0.0067")}}
DAYS_RATE = Decimal("1.15")
"""Of the euro, on the day of the refunds."""
PERCENT = Decimal("8.25")
HOW = st.sampled_from([{"back": True}, {"back": True}, {}])


@dataclass(frozen=True)
class Unit:
    """One unit that was sold, with what the customer paid for it."""

    item: str
    net: Money
    tax: Money


@dataclass(frozen=True)
class Sale:
    """A bill as a case gives it, and its units as the store prices them."""

    given: dict[str, Any]
    units: tuple[Unit, ...]
    shipping: Money
    plain: bool
    """Nothing of it makes NetSuite spread a discount over lines that the store does not discount."""


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draws a case whose refunds are all well-formed: what comes of it must be ready."""
    currency = draw(st.sampled_from(["USD", "USD", "EUR", "JPY"]))
    sale = draw(sales(currency))
    refunds = draw(refunds_of(sale, currency))
    netsuite = {"bill": [sale.given]}
    if currency == "EUR":
        netsuite["rates"] = {"EUR": DAYS_RATE}
    restock = draw(st.sampled_from(["as_store", "return_authorization", "never"]))
    return Case(
        name="drawn",
        netsuite=netsuite,
        refunds=refunds,
        profile={**profiles()["P0"], "restock": restock},
        comes_to="ready",
        says=(),
        tables={},
        afterwards={},
        tables_afterwards={},
    )


@st.composite
def sales(draw: st.DrawFn, currency: str) -> Sale:
    """Draws a cash sale or a paid invoice: tax of a kind, perhaps a discount, perhaps shipping."""
    items = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3, unique=True))
    quantities = [draw(st.integers(1, 3)) for _ in items]
    gross = [_money(draw(st.integers(100, 20_000)), currency) for _ in items]
    off, given = draw(_discounts(total(gross, currency)))
    nets = [whole - less for whole, less in zip(gross, split(off, [one.amount for one in gross]), strict=True)]
    cents = decimals_of(currency) > 0  # with whole units alone, NetSuite's rounding of tax is beyond the tolerance
    regime = draw(st.sampled_from(["none", "suitetax", "legacy"] if cents else ["none", "suitetax"]))
    taxes, said = _taxed(nets, regime, draw)
    shipping = _money(draw(st.sampled_from([0, 0, 750, 1299])), currency)
    lines = [
        {"item": item, "quantity": quantity, "amount": whole.amount} | ({"tax": tax.amount} if tax and not said else {})
        for item, quantity, whole, tax in zip(items, quantities, gross, taxes, strict=True)
    ]
    worth = total((*nets, *taxes, shipping), currency)
    given |= said | {"lines": lines, "total": worth.amount} | draw(_kinds(worth))
    given |= {"shipping": {"amount": shipping.amount}} if shipping else {}
    units = [
        Unit(item, net, tax)
        for item, quantity, whole, part in zip(items, quantities, nets, taxes, strict=True)
        for net, tax in zip(parts_of(whole, quantity), parts_of(part, quantity), strict=True)
    ]
    return Sale(given, tuple(units), shipping, plain=not (said and off))


@st.composite
def _discounts(draw: st.DrawFn, gross: Money) -> tuple[Money, dict[str, Any]]:
    """What a discount takes off, and how the bill says it."""
    form = draw(st.sampled_from(["none", "line", "header", "percent"]))
    if form == "none":
        return Money.zero(gross.currency), {}
    if form == "percent":
        return Money(gross.amount / 10, gross.currency).rounded(), {"discounts": [{"percent": -10, "header": True}]}
    off = _money(draw(st.integers(1, 90)), gross.currency)
    return off, {"discounts": [{"amount": -off.amount, "header": form == "header"}]}


def _taxed(nets: list[Money], regime: str, draw: st.DrawFn) -> tuple[list[Money], dict[str, Any]]:
    """The tax of each line; and what the bill says of it as a whole, where it is legacy tax."""
    currency = nets[0].currency
    zero = Money.zero(currency)
    if regime == "none":
        return [zero for _ in nets], {}
    if regime == "suitetax":
        return [_tax(net) if draw(st.booleans()) else zero for net in nets], {}
    whole = _tax(total(nets, currency))
    return list(split(whole, [net.amount for net in nets])), {"tax": "legacy", "order_tax": {"tax": whole.amount}}


def _tax(net: Money) -> Money:
    return Money((net.amount * PERCENT / 100).quantize(Decimal(1).scaleb(-decimals_of(net.currency)), ROUND_HALF_UP),
                 net.currency)  # fmt: skip


@st.composite
def _kinds(draw: st.DrawFn, worth: Money) -> dict[str, Any]:
    account = "1094" if worth.currency == "EUR" else "1090"
    given = {"currency": worth.currency, **RATES[worth.currency]}
    if draw(st.booleans()):
        return given | {"kind": "cash sale", "number": "CS-1", "account": account}
    payments = [{"amount": worth.amount, "account": account}]
    return given | {"kind": "invoice", "number": "INV-1", "payments": payments}


@st.composite
def refunds_of(draw: st.DrawFn, sale: Sale, currency: str) -> tuple[Refund, ...]:
    """Draws one refund or two, each of some of the units that are left."""
    left, shipping = list(sale.units), sale.shipping
    made = []
    for name in "AB"[: draw(st.integers(1, 2))]:
        taken = [left.pop(draw(st.integers(0, len(left) - 1))) for _ in range(draw(st.integers(0, len(left))))]
        given_back = shipping if draw(st.booleans()) else Money.zero(currency)
        shipping -= given_back
        if taken or given_back:
            made.append(draw(_refund(name, taken, given_back, sale, currency)))
    return tuple(made) or (draw(_refund("A", list(sale.units), sale.shipping, sale, currency)),)


@st.composite
def _refund(draw: st.DrawFn, name: str, units: list[Unit], shipping: Money, sale: Sale, currency: str) -> Refund:
    lines = [
        line(
            item,
            len(of),
            total((unit.net for unit in of), currency),
            tax=total((unit.tax for unit in of), currency),
            currency=currency,
            **draw(HOW),
        )
        for item in dict.fromkeys(unit.item for unit in units)
        if (of := [unit for unit in units if unit.item == item])
    ]
    credited = total((*(one.credited + one.tax for one in lines), shipping), currency)
    kept = _money(draw(st.sampled_from([0, 0, 0, 50])), currency) if sale.plain and lines else Money.zero(currency)
    kept = kept if kept < credited else Money.zero(currency)
    apart = _money(draw(st.sampled_from([0, 0, 90])), currency) if sale.plain else Money.zero(currency)
    apart = apart if apart < credited - kept else Money.zero(currency)
    kind = draw(st.sampled_from(["gift_card", "money"])) if currency == "USD" else "gift_card"
    tenders = (tender(apart, "paypal" if kind == "money" else "gift_card", kind=kind, currency=currency),)
    return refund(
        *lines,
        id=name,
        currency=currency,
        paid=credited - kept - apart,
        tenders=tenders if apart else (),
        charges=(charge("shipping", shipping, currency=currency),) if shipping else (),
        adjustments=(adjustment(-kept, currency=currency),) if kept else (),
    )


def _money(units: int, currency: str) -> Money:
    return Money(Decimal(units).scaleb(-decimals_of(currency)), currency)
