"""A refund of an order that NetSuite never had: a cash refund by itself, to the channel's customer.

Orders from before the cut-over, and channels that are posted in sums, have no bill to take back. Where the profile says
so, their refunds are booked by item and amount; tax goes onto the item for tax alone, for there is no bill whose codes
it could have.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contrapost.mapping.allocation import named_item
from contrapost.mapping.cash import outlays, with_fees
from contrapost.mapping.explain import fields_of
from contrapost.mapping.extras import added_line
from contrapost.mapping.fields import map_fields
from contrapost.mapping.ledger import Entry, books_of, netted
from contrapost.mapping.on_bill import joined
from contrapost.mapping.period import BookingDay, booking_day
from contrapost.mapping.policies import DatePolicy, FeePolicy
from contrapost.mapping.record_choice import not_yet, nothing_to_book, unsupported
from contrapost.mapping.writing import Writing
from contrapost.netsuite.bill import Bills, Waiting
from contrapost.netsuite.drafts import Amounts, BookedBy, Draft, DraftLine, Plan, Reason, RecordType
from contrapost.refunds.balance import balance, cash_rounding
from contrapost.refunds.division import divide, with_tenders
from contrapost.refunds.document import ChargeKind, TenderKind
from contrapost.refunds.finding import Finding, blocks, error
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost.mapping.cash import Outlay
    from contrapost.mapping.plan import Mapped
    from contrapost.mapping.profile import Profile
    from contrapost.mapping.terms import Terms
    from contrapost.netsuite.lists import Item
    from contrapost.refunds.document import Refund


def item_names(refund: Refund, profile: Profile) -> frozenset[str]:
    """Names the items that a stand-alone refund needs to know, beside those of the profile."""
    return frozenset(name for line in refund.lines if (name := named_item(line, profile)))


def plan_alone(refund: Refund, terms: Terms) -> Mapped:
    """Plans the refund of an order that NetSuite does not have."""
    early = not_yet(refund) or nothing_to_book(refund)
    if early:
        return early
    if terms.profile.fees is FeePolicy.REFUND:
        refund = with_fees(refund)
    none = Bills(order_id="", order_tranid="", bills=())
    moved, findings = outlays(refund, terms.profile.unknown_subsidiary, terms)
    findings = (*unsupported(refund, none, terms.profile), *findings, *_set_up(refund, terms))
    posting = terms.profile.date is DatePolicy.POSTING and terms.today
    day = booking_day(
        terms.today if posting and terms.today else refund.refunded_on,
        terms.lists.periods,
        terms.profile.period,
        refunded_on=refund.refunded_on,
    )
    if isinstance(day, Waiting):
        return day
    if isinstance(day, Finding):
        findings = (*findings, day)
    if isinstance(day, Finding) or blocks(findings) or not moved:
        return _held(refund, findings, terms)
    liable = total((t.amount for t in refund.tenders if t.kind is not TenderKind.MONEY), refund.currency)
    first, *others = moved
    parts = divide(refund, [first.amount + liable, *(outlay.amount for outlay in others)])
    paid = with_tenders(refund, parts)
    return joined([_planned(part, outlay, terms, day) for part, outlay in zip(paid, moved, strict=True)])


def _held(refund: Refund, findings: tuple[Finding, ...], terms: Terms) -> Plan:
    sums = balance(refund)
    zero = Money.zero(refund.currency)
    amounts = Amounts(
        credited=sums.credited,
        paid_out=sums.paid_out,
        to_liability=sums.to_liability,
        receivable_reduced=zero,
        rounding=zero,
    )
    return Plan(drafts=(), amounts=amounts, findings=findings or (_not_paid_out(),), revision=terms.revision)


def _set_up(refund: Refund, terms: Terms) -> Iterator[Finding]:
    """Finds what a record without a source needs and the profile or NetSuite's lists do not have."""
    if not terms.profile.unknown_customer:
        yield error(
            "customer_not_named",
            "Refunds of unknown orders are to be booked by themselves, and the account names no customer for them.",
            fix="Name one: contrapost accounts set ACCOUNT --set unknown.customer=ID.",
            where="unknown.customer",
        )
    if terms.lists.currency(refund.currency) is None:
        yield error(
            "currency_not_in_netsuite",
            f"The refund is in {refund.currency}, and NetSuite has no such currency.",
            fix="Add the currency in NetSuite, then run doctor to read the lists anew.",
            where="currency",
        )


def _planned(refund: Refund, outlay: Outlay, terms: Terms, day: BookingDay) -> Plan:
    sums = balance(refund)
    went = sums.paid_out + sums.to_liability
    amounts = Amounts(
        credited=sums.credited,
        paid_out=sums.paid_out,
        to_liability=sums.to_liability,
        receivable_reduced=Money.zero(refund.currency),
        rounding=went - sums.credited,
    )
    lines, findings = _lines(refund, amounts, terms)
    findings = (*findings, *_off(amounts, terms))
    if blocks(findings):
        return Plan(drafts=(), amounts=amounts, findings=findings, revision=terms.revision)
    writing = Writing(refund=refund, terms=terms, day=day, on=outlay.account)
    mapped = map_fields((_draft(writing, lines, outlay),), terms.profile.rules, refund, None, terms.lists.catalog)
    trace = (
        Reason(what="record", value="cash refund", why="NetSuite has no such order; the profile books it by itself"),
        Reason(what="date", value=str(day.day), why=day.why),
        Reason(what="customer", value=terms.profile.unknown_customer, why="the profile's unknown.customer"),
        Reason(
            what="cash account",
            value=terms.lists.account_label(outlay.account),
            why=f"the profile's cash account for {', '.join(outlay.gateways)}, {refund.currency}",
        ),
        *(reason for draft in mapped.drafts for reason in fields_of(draft)),
        *(
            Reason(what=f"line {line.item}", value=f"{line.quantity} for {line.amount}", why=line.why)
            for line, _ in lines
        ),
    )
    findings = (*findings, *mapped.findings)
    drafts = () if blocks(findings) else mapped.drafts
    trace = mapped.explained(trace)
    return Plan(drafts=drafts, amounts=amounts, findings=findings, trace=trace, revision=terms.revision)


_Line = tuple[DraftLine, "Item"]


def _lines(refund: Refund, amounts: Amounts, terms: Terms) -> tuple[list[_Line], tuple[Finding, ...]]:
    """The lines: goods by their items, all else by the items the profile names."""
    lines: list[_Line] = []
    findings: list[Finding] = []
    zero = Money.zero(refund.currency)
    for line in refund.lines:
        name = named_item(line, terms.profile)
        item = terms.lists.item(name)
        if item is None:
            findings.append(_unknown_item(name or line.title, f"line {line.id}"))
        elif line.credited:
            why = "goods of an order that NetSuite does not have"
            quantity = Decimal(0) if item.type in {"InvtPart", "Assembly", "Kit"} else Decimal(line.quantity)
            said = DraftLine(
                item=item.name, quantity=quantity, amount=line.credited, tax=zero, why=why, store_lines=(line.id,)
            )
            lines.append((said, item))
    taxes = (*(line.tax for line in refund.lines), *(charge.tax for charge in refund.charges))
    tax = total((*taxes, *(one.tax for one in refund.adjustments)), refund.currency)
    given = total((one.amount for one in refund.adjustments), refund.currency) - cash_rounding(refund)
    wanted = [
        *(("shipping" if c.kind is ChargeKind.SHIPPING else c.kind.value, c.credited, f"{c.kind.value} given back")
          for c in refund.charges),
        ("extra_given" if given.amount > 0 else "kept", given, "a difference that the store names"),
        ("tax", tax, "tax, which has no bill whose codes it could have"),
        *((t.kind.value, -t.amount, "given as a liability, not paid out")
          for t in refund.tenders if t.kind is not TenderKind.MONEY),
        ("rounding", amounts.rounding, "store and NetSuite round differently"),
    ]  # fmt: skip
    for role, amount, why in wanted:
        if not amount:
            continue
        added, found = added_line(role, amount, zero, why, terms)
        findings.extend(found)
        for one in added:
            item = terms.lists.item(terms.profile.items[role])
            if item:
                said = DraftLine(item=one.item, quantity=one.quantity, amount=one.amount, tax=zero, why=why)
                lines.append((said, item))
    return lines, tuple(findings)


def _off(amounts: Amounts, terms: Terms) -> Iterator[Finding]:
    if abs(amounts.rounding.amount) > terms.tolerance:
        yield error(
            "does_not_add_up",
            f"The refund credits {amounts.credited}, which is not what went to the customer "
            f"({amounts.paid_out} paid out, {amounts.to_liability} as gift card or store credit).",
            fix="Compare the refund at the store and retrieve it again; if it is right as it is, book it by hand.",
        )


def _draft(writing: Writing, lines: list[_Line], outlay: Outlay) -> Draft:
    record, terms, refund = RecordType.CASH_REFUND, writing.terms, writing.refund
    profile, lists = terms.profile, terms.lists
    currency = lists.currency(refund.currency)
    rate = lists.rate_on(writing.day.day, currency.id, profile.unknown_subsidiary) if currency else None
    place = lists.location(profile.unknown_location)
    customer = profile.unknown_customer
    body: dict[str, Any] = {
        **writing.head(record),
        "entity": {"externalId": customer.removeprefix("eid:")} if customer.startswith("eid:") else {"id": customer},
        "account": {"id": outlay.account},
        "otherRefNum": refund.order_name,
    }
    if profile.unknown_subsidiary:
        body["subsidiary"] = {"id": profile.unknown_subsidiary}
    if currency:
        body["currency"] = {"id": currency.id}
    if rate is not None and rate != 1:
        body["exchangeRate"] = rate
    if place:
        body["location"] = {"id": place.id}
    body["item"] = {
        "items": [
            {
                "item": {"id": item.id},
                "quantity": said.quantity,
                "price": {"id": "-1"},
                "amount": said.amount.amount,
                "isTaxable": False,
            }
            for said, item in lines
        ]
    }
    books = books_of(profile.unknown_subsidiary, rate or Decimal(1), lists)
    entries: list[Entry] = [(item.income_account, books.base(said.amount.amount)) for said, item in lines]
    entries.append((outlay.account, -sum((amount for _, amount in entries), Decimal(0))))
    return Draft(
        record=record,
        external_id=body["externalId"],
        source=None,
        replace=(),
        body=body,
        total=total((said.amount for said, _ in lines), refund.currency),
        lines=tuple(said for said, _ in lines),
        ledger=netted(entries, BookedBy.PLAN),
    )


def _unknown_item(name: str, where: str) -> Finding:
    return error(
        "item_unknown",
        f"The refund takes back {name}, and NetSuite has no item of this name.",
        fix="If the item has another name in NetSuite, set it for this account (--set sku.SKU=NAME).",
        where=where,
    )


def _not_paid_out() -> Finding:
    return error(
        "nothing_paid_out",
        "No money left a cash account for this refund, and without its order only money can be booked.",
        fix="Book this refund in NetSuite by hand, and cancel it here.",
    )
