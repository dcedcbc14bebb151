"""Why a plan is as it is: for each thing a person may ask about, its value and the rule that gave it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contrapost.mapping.tax import Regime
from contrapost.netsuite.drafts import CREDITS, LABELS, Draft, Reason, RecordType
from contrapost.refunds.balance import balance
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contrapost.mapping.cash import Outlay
    from contrapost.mapping.records import Credit
    from contrapost.refunds.document import Refund

_WHY_TAX = {
    Regime.NONE: "the bill carries no tax",
    Regime.SUITETAX: "the store's own tax, by override",
    Regime.LEGACY: "as NetSuite reckons it from the bill's rates; legacy tax is not overridden",
}
_WHY_FIELDS = {
    "externalId": "names shop, refund, record and bill, so that it is never written twice",
    "postingPeriod": "the period of the date",
    "memo": "says which refund of which order it is, for people who search NetSuite",
    "exchangeRate": "the bill's own rate, so that what was booked is taken back",
    "autoApply": "NetSuite would set the memo against the oldest open invoice, whichever that is",
    "apply": "only what the customer still owed is set against the invoice; the rest is paid out",
    "shippingCost": "a transform copies the bill's whole shipping; only what is given back stays",
    "discountRate": "a transform copies the bill's whole discount; only the part of these lines stays",
    "taxPointDate": "the bill's day, so that a tax engine reckons at the rates of then",
    "taxPointDateOverride": "otherwise NetSuite takes the day of the refund",
    "taxDetailsOverride": "the store's tax is booked, not NetSuite's own reckoning",
    "customer": "{source}",
    "subsidiary": "{source}",
    "currency": "{source}",
    "arAcct": "named outright, because NetSuite remembers another",
    "deposit": "the money came in on this deposit, so it goes back from there",
    "entity": "the profile's customer for orders that NetSuite never had",
    "otherRefNum": "the order's name at the store",
    "orderStatus": "Pending Receipt, so that the goods can be received",
}
"""Fields that have one reason, whatever the refund; the others are explained where they are decided."""


def trace_of(credit: Credit, outlays: Sequence[Outlay], drafts: tuple[Draft, ...]) -> tuple[Reason, ...]:
    """Says why the records of one bill are as they are: record, date, accounts, fields, lines, tax and stock."""
    day, bill = credit.writing.day, credit.bill
    records = " and ".join(LABELS[draft.record] for draft in drafts)
    return (
        Reason(what="record", value=records, why=f"the order was billed by {bill.label}"),
        Reason(what="date", value=str(day.day), why=day.why),
        *_accounts(credit, outlays),
        *_rates(credit, outlays, drafts),
        *(reason for draft in drafts for reason in fields_of(draft)),
        *_lines(drafts),
        Reason(what="tax", value=str(credit.tax.amount), why=_why_tax(credit)),
        Reason(what="stock", value=_stock(drafts), why="only goods that came back and had left stock"),
    )


def marketplace(refund: Refund) -> tuple[Reason, ...]:
    """Says what buyer, seller and settlement each see of a marketplace's refund, where they differ."""
    if not refund.store_fees and not refund.facilitator_tax:
        return ()
    sums = balance(refund)
    zero = Money.zero(refund.currency)
    buyer = sums.credited + (refund.facilitator_tax or zero)
    fees = total((fee.amount for fee in refund.store_fees), refund.currency)
    value = f"buyer {buyer.text}, credited {sums.credited.text}, settlement {(sums.paid_out + fees).text}"
    tax = f"{refund.facilitator_tax} of it is tax that the marketplace paid" if refund.facilitator_tax else ""
    kept = f"{abs(fees)} is what it {'gave back' if fees.amount < 0 else 'took'} of its fees" if fees else ""
    return (Reason(what="marketplace", value=value, why="; ".join(part for part in (tax, kept) if part)),)


def _accounts(credit: Credit, outlays: Iterable[Outlay]) -> Iterator[Reason]:
    lists, currency = credit.writing.terms.lists, credit.writing.refund.currency
    for outlay in outlays:
        why = f"the profile's cash account for {', '.join(outlay.gateways)}, {currency}"
        yield Reason(what="cash account", value=lists.account_label(outlay.account), why=why)
    if credit.bill.kind.value == "invoice":
        why = "the invoice's, because NetSuite remembers another"
        yield Reason(what="A/R account", value=lists.account_label(credit.bill.account), why=why)


def _rates(credit: Credit, outlays: Sequence[Outlay], drafts: tuple[Draft, ...]) -> Iterator[Reason]:
    """The rate of a payout; where it is not the day's, what of it will come to light on the cash account."""
    if credit.bill.exchange_rate == 1 or not any(draft.record is RecordType.CUSTOMER_REFUND for draft in drafts):
        return
    bill, writing = credit.bill, credit.writing
    rate, why = writing.payout_rate(bill.exchange_rate, bill.currency_id, bill.subsidiary)
    days = writing.terms.lists.rate_on(writing.day.day, bill.currency_id, bill.subsidiary)
    if days is not None and days != rate:
        paid_out = sum((outlay.amount.amount for outlay in outlays), Decimal(0))
        ours, of_the_day = (replace(credit.books, rate=one).base(paid_out) for one in (rate, days))
        why += f"; the day's is {days.normalize():f}, so {abs(of_the_day - ours)} will come to light when the cash "
        why += "account is revalued"
    yield Reason(what="customer refund's rate", value=f"{rate.normalize():f}", why=why)


def fields_of(draft: Draft) -> Iterator[Reason]:
    """Says of each field that has one reason, whatever the refund, why it stands in a record."""
    source = "deposit" if "deposit" in draft.body else "profile" if "entity" in draft.body else "bill"
    for name, value in draft.body.items():
        if name in _WHY_FIELDS and not (name == "exchangeRate" and draft.record is RecordType.CUSTOMER_REFUND):
            why = _WHY_FIELDS[name].format(source=f"the {source}'s")
            yield Reason(what=f"{LABELS[draft.record]} {name}", value=_plain(value), why=why)


def _plain(value: Any) -> str:  # noqa: ANN401 - a JSON body
    if isinstance(value, dict) and "items" in value:
        return "; ".join(_plain(item) for item in value["items"])
    if isinstance(value, dict) and set(value) <= {"id", "written"}:
        return _plain(next(iter(value.values())))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _lines(drafts: tuple[Draft, ...]) -> Iterator[Reason]:
    for draft in drafts:
        if draft.record in CREDITS:
            for line in draft.lines:
                yield Reason(what=f"line {line.item}", value=f"{line.quantity} for {line.amount}", why=line.why)


def _why_tax(credit: Credit) -> str:
    return "the store's own tax, sent with each line" if credit.tax.by_line else _WHY_TAX[credit.tax.regime]


def _stock(drafts: tuple[Draft, ...]) -> str:
    moves = (move for draft in drafts for move in draft.stock)
    return ", ".join(f"+{move.quantity} {move.item}" for move in moves) or "no movement"
