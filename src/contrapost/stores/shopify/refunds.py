"""Reads a refund of Shopify into the neutral document. Pure: payload in, document and findings out.

The five statements are kept apart, and nothing is made to fit:

- Signs: Shopify's order adjustments count what the customer did *not* get, ours what the customer got more; each is
  turned round, amount and tax.
- Pending money: Shopify books the lines in full and takes them back with an adjustment of the reason
  PENDING_REFUND_DISCREPANCY until the money has moved. We keep both as they are: a tender that is pending, and the
  adjustment with its reason. It is not money kept; who adds up must leave that reason out while a tender is pending.
- A void is no money: it ends an authorization.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from contrapost.refunds.document import Adjustment, Charge, ChargeKind, Line, Refund, Tender
from contrapost.refunds.finding import Finding, blocks, error, warning
from contrapost.refunds.money import Money, total
from contrapost.stores.shopify import ledger, returns
from contrapost.stores.shopify.facts import about_disputes, facts_of
from contrapost.stores.shopify.fitting import GOODS_OUT, Fit, Sums, TaxReading, fit, sums_of
from contrapost.stores.shopify.lines import could_be_tip, net_charge, net_line, read_duties, read_line, read_shipping
from contrapost.stores.shopify.payload import (
    Part,
    Reading,
    currency_of,
    decimal,
    inner,
    nodes_of,
    number_of,
    objects,
    text,
)
from contrapost.stores.shopify.tenders import is_unpaid, read_fees, read_tenders

if TYPE_CHECKING:
    from datetime import date, datetime

    from contrapost.stores.shopify.settings import Side

_ADDITIONAL = "additional fees"


def read_refund(order: object, refund: object, *, money: Side = "shop") -> tuple[Refund | None, tuple[Finding, ...]]:
    """Reads one refund of an order; what cannot be trusted gives no refund but findings that say where and why.

    The order carries, beside its own fields, `shop` with `ianaTimezone`, and `agreements` where they were needed; the
    refund carries all of its `return` where that was needed.
    """
    if not isinstance(order, Mapping) or not isinstance(refund, Mapping):
        return None, (_no_payload(),)
    currency = currency_of(order, money)
    if not currency:
        return None, (_no_currency(order, money),)
    reading = Reading(money, currency)
    stated = _stated(order, refund, reading)
    read = _document(order, refund, stated, reading)
    return (None if blocks(tuple(reading.findings)) else read), tuple(reading.findings)


def needs_return(order: Part, refund: Part, *, money: Side = "shop") -> bool:
    """Says whether the refund's return is to be read in full: goods went out, or the figures alone do not add up."""
    if returns.is_whole(refund) or not currency_of(order, money):
        return False
    return returns.has_exchange(refund) or not _adds_up(order, refund, money)


def needs_agreements(order: Part, refund: Part, *, money: Side = "shop") -> bool:
    """Says whether the shop's ledger is to be read too: only it can tell tips, additional fees, or how tax is held."""
    if "agreements" in order or not currency_of(order, money):
        return False
    reading = Reading(money, currency_of(order, money))
    stated = _stated(order, refund, reading)
    if stated.fit.tax is TaxReading.UNDECIDED:
        return True
    if _any(order, "totalTipReceivedSet") and any(
        could_be_tip(part) for part in objects(nodes_of(refund, "refundLineItems"))
    ):
        return True
    return _any(order, "originalTotalAdditionalFeesSet") and not stated.fit.adds_up


def _any(order: Part, name: str) -> bool:
    """Says whether the order has any of an amount, whatever its currency."""
    return bool(decimal(inner(inner(order, name), "shopMoney").get("amount")))


def _adds_up(order: Part, refund: Part, money: Side) -> bool:
    return _stated(order, refund, Reading(money, currency_of(order, money))).fit.adds_up


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """What a payload states, amounts as they were sent, and how they are to be read."""

    lines: list[Line]
    shipping: list[Charge]
    duties: list[Charge]
    adjustments: list[Adjustment]
    tenders: list[Tender]
    fees: dict[str, Adjustment]
    """The return's fees, by name."""
    additional: list[Charge]
    goods_out: tuple[Line, ...]
    tips: frozenset[str]
    fit: Fit


def _stated(order: Part, refund: Part, reading: Reading) -> _Stated:
    own, sales = number_of(refund), ledger.sales_of(order, refund)
    lines = [read_line(order, part, where, own, reading) for part, where in reading.nodes(refund, "refundLineItems")]
    shipping = [read_shipping(part, where, reading) for part, where in reading.nodes(refund, "refundShippingLines")]
    duties = read_duties(refund, reading)
    tenders, rounded = read_tenders(refund, reading)
    adjustments = [_adjustment(part, where, reading) for part, where in reading.nodes(refund, "orderAdjustments")]
    adjustments += rounded
    fees = returns.fees_kept(refund, lines, reading)
    additional = ledger.fees_back(sales, reading)
    out = returns.goods_out(order, refund, reading)
    credited = [*((each.credited, each.tax) for each in lines), *((each.credited, each.tax) for each in shipping)]
    goods, tax, other, paid = sums_of(
        credited, [each.credited for each in duties], adjustments, tenders, reading.currency
    )
    beside = {name: fee.amount for name, fee in fees.items()}
    beside[_ADDITIONAL] = total((each.credited + each.tax for each in additional), reading.currency)
    sums = Sums(
        goods=goods,
        tax=tax,
        other=other,
        paid=paid,
        beside=beside,
        goods_out=_worth(out, reading),
        ledger=ledger.goods_back(sales, reading),
        prices_include_tax=order.get("taxesIncluded") is True,
    )
    return _Stated(
        lines=lines,
        shipping=shipping,
        duties=duties,
        adjustments=adjustments,
        tenders=tenders,
        fees=fees,
        additional=additional,
        goods_out=out,
        tips=ledger.tips_back(sales),
        fit=fit(sums),
    )


def _document(order: Part, refund: Part, stated: _Stated, reading: Reading) -> Refund | None:
    own, order_id, name = number_of(refund), number_of(order), text(order, "name")
    for found, where in ((own, "id"), (order_id, "order.id"), (name, "order.name")):
        if not found:
            reading.unreadable(where, "is missing")
    at = reading.moment(refund, "processedAt", "createdAt")
    how = stated.fit.tax
    if how is TaxReading.UNDECIDED:
        reading.findings.append(_undecided(name))
    reading.findings += about_disputes(order)
    _check_total(refund, stated, reading)
    if at is None or how is TaxReading.UNDECIDED:
        return None
    lines, tips = _tips_apart([net_line(each, how) for each in stated.lines], stated.tips)
    out, exchanges, adjustments = _exchange(refund, stated, reading)
    additional = stated.additional if _ADDITIONAL in stated.fit.counted else []
    kept = [fee for each, fee in stated.fees.items() if each in stated.fit.counted]
    return Refund(
        store_refund_id=own,
        order_id=order_id,
        order_name=name,
        refunded_at=at,
        refunded_on=_day(order, at, reading),
        currency=reading.currency,
        lines=tuple(lines),
        charges=(*(net_charge(each, how) for each in stated.shipping), *stated.duties, *tips, *additional),
        adjustments=(*adjustments, *kept),
        tenders=tuple(stated.tenders),
        store_fees=read_fees(refund, reading),
        order_unpaid=is_unpaid(order, stated.tenders, reading),
        exchanges_goods=exchanges,
        goods_out=out,
        prices_include_tax=order.get("taxesIncluded") is True,
        note=text(refund, "note"),
        facts=facts_of(order, refund, how),
    )


def _check_total(refund: Part, stated: _Stated, reading: Reading) -> None:
    """A refund that says money went back, and shows no movement of any, was not sent in full."""
    said = decimal(inner(inner(refund, "totalRefundedSet"), f"{reading.side}Money").get("amount"))
    if said and not stated.tenders:
        reading.unreadable("totalRefundedSet", f"is {said}, and the refund has no transaction that moved it")


def _exchange(refund: Part, stated: _Stated, reading: Reading) -> tuple[tuple[Line, ...], bool, list[Adjustment]]:
    """Says which goods went out for this refund's money, whether any did, and what is adjusted beside them."""
    out, adjustments = stated.goods_out, stated.adjustments
    if not out:
        return (), returns.has_exchange(refund), adjustments
    if GOODS_OUT in stated.fit.counted:
        return out, True, adjustments
    others = returns.without(adjustments, _worth(out, reading))
    if len(others) < len(adjustments):
        return out, True, others
    if stated.fit.adds_up:
        return (), False, adjustments
    return (() if returns.has_several_refunds(refund) else out), True, adjustments


def _worth(lines: tuple[Line, ...], reading: Reading) -> Money:
    return total((line.credited + line.tax for line in lines), reading.currency)


def _tips_apart(lines: list[Line], tips: frozenset[str]) -> tuple[list[Line], list[Charge]]:
    """Takes the lines that are tips out of the lines: a tip is no goods."""
    apart = [
        Charge(kind=ChargeKind.TIP, credited=line.credited, tax=line.tax, title=line.title)
        for line in lines
        if line.order_line_id in tips
    ]
    return [line for line in lines if line.order_line_id not in tips], apart


def _adjustment(part: Part, where: str, reading: Reading) -> Adjustment:
    return Adjustment(
        amount=-reading.money(part, "amountSet", where),
        tax=-reading.money(part, "taxAmountSet", where),
        reason=text(part, "reason"),
    )


def _day(order: Part, at: datetime, reading: Reading) -> date:
    """Gives the day in the shop's zone; where that is not known, the day as the refund itself writes it."""
    zone = text(inner(order, "shop"), "ianaTimezone")
    try:
        return at.astimezone(ZoneInfo(zone)).date()
    except (ValueError, OSError, OverflowError, LookupError):
        reading.findings.append(
            warning(
                "shop_zone_unknown",
                f"The shop's time zone {zone!r} is not known here, so the refund's day is that of {at.isoformat()}.",
                fix="Check the shop's time zone and that this machine has the time zone tables.",
                where="shop.ianaTimezone",
            )
        )
        return at.date()


def _no_payload() -> Finding:
    return error(
        "payload_unreadable",
        "The shop sent no refund that can be read.",
        fix="Retrieve the order again.",
        where="refund",
    )


def _no_currency(order: Part, money: Side) -> Finding:
    name = "currencyCode" if money == "shop" else "presentmentCurrencyCode"
    message = f"The order's {name} is {order.get(name)!r}, which is no currency of ISO 4217."
    return error("currency_unknown", message, fix="Retrieve the order again.", where=f"order.{name}")


def _undecided(name: str) -> Finding:
    return error(
        "tax_reading_undecided",
        f"Prices of order {name} include tax, and neither the money paid out nor the shop's ledger tells whether the"
        " refund's line amounts do.",
        fix="Compare the refund with the shop's own figures and book it by hand, or retrieve it again once it is paid.",
        where="refundLineItems",
    )
