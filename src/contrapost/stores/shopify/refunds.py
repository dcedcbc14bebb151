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
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from contrapost.refunds.document import Adjustment, Refund
from contrapost.refunds.finding import Finding, blocks, error, warning
from contrapost.stores.shopify.facts import facts_of
from contrapost.stores.shopify.lines import net_charge, net_line, read_duties, read_line, read_shipping
from contrapost.stores.shopify.payload import Part, Reading, currency_of, inner, number_of, text
from contrapost.stores.shopify.taxes import TaxReading, amounts, tax_reading
from contrapost.stores.shopify.tenders import is_unpaid, read_fees, read_tenders

if TYPE_CHECKING:
    from datetime import date, datetime

    from contrapost.stores.shopify.settings import Side


def read_refund(order: object, refund: object, *, money: Side = "shop") -> tuple[Refund | None, tuple[Finding, ...]]:
    """Reads one refund of an order; what cannot be trusted gives no refund but findings that say where and why.

    The order carries, beside its own fields, `shop` with `ianaTimezone`, and `agreements` where they were needed.
    """
    if not isinstance(order, Mapping) or not isinstance(refund, Mapping):
        return None, (_no_payload(),)
    currency = currency_of(order, money)
    if not currency:
        return None, (_no_currency(order, money),)
    reading = Reading(money, currency)
    read = _read(order, refund, reading)
    return (None if blocks(tuple(reading.findings)) else read), tuple(reading.findings)


def needs_agreements(order: object, refund: object, *, money: Side = "shop") -> bool:
    """Says whether only the shop's ledger can tell if this refund's amounts carry their tax."""
    _, findings = read_refund(order, refund, money=money)
    return any(finding.code == "tax_reading_undecided" for finding in findings)


def _read(order: Part, refund: Part, reading: Reading) -> Refund | None:
    own, order_id, name = number_of(refund), number_of(order), text(order, "name")
    for found, where in ((own, "id"), (order_id, "order.id"), (name, "order.name")):
        if not found:
            reading.unreadable(where, "is missing")
    at = reading.moment(refund, "processedAt", "createdAt")
    lines = [read_line(order, part, where, own, reading) for part, where in reading.nodes(refund, "refundLineItems")]
    charges = [read_shipping(part, where, reading) for part, where in reading.nodes(refund, "refundShippingLines")]
    duties = read_duties(refund, reading)
    adjustments = [_adjustment(part, where, reading) for part, where in reading.nodes(refund, "orderAdjustments")]
    tenders = read_tenders(refund, reading)
    goods = [*((each.credited, each.tax) for each in lines), *((each.credited, each.tax) for each in charges)]
    sums = amounts(goods, [each.credited for each in duties], adjustments, tenders, reading.currency)
    how = tax_reading(order, refund, sums, reading)
    if how is TaxReading.UNDECIDED:
        reading.findings.append(_undecided(name))
    if at is None or how is TaxReading.UNDECIDED:
        return None
    return Refund(
        store_refund_id=own,
        order_id=order_id,
        order_name=name,
        refunded_at=at,
        refunded_on=_day(order, at, reading),
        currency=reading.currency,
        lines=tuple(net_line(each, how) for each in lines),
        charges=(*(net_charge(each, how) for each in charges), *duties),
        adjustments=tuple(adjustments),
        tenders=tuple(tenders),
        store_fees=read_fees(refund, reading),
        order_unpaid=is_unpaid(order, tenders, reading),
        exchanges_goods=_exchanges(refund),
        note=text(refund, "note"),
        facts=facts_of(order, refund, how),
    )


def _adjustment(part: Part, where: str, reading: Reading) -> Adjustment:
    return Adjustment(
        amount=-reading.money(part, "amountSet", where),
        tax=-reading.money(part, "taxAmountSet", where),
        reason=text(part, "reason"),
    )


def _exchanges(refund: Part) -> bool:
    lines = inner(refund, "return").get("exchangeLineItems")
    nodes = lines.get("nodes") if isinstance(lines, Mapping) else lines
    return bool(nodes) and isinstance(nodes, list)


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
