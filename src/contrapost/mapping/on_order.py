"""A refund, or a part of one, that nothing bills: paid back from the order's deposits, or not booked at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contrapost.mapping.cash import outlays
from contrapost.mapping.explain import fields_of
from contrapost.mapping.fields import map_fields
from contrapost.mapping.ledger import application_ledger, books_of, payout_ledger, revaluation_ledger
from contrapost.mapping.policies import OrderLinePolicy
from contrapost.mapping.record_choice import NotNeeded, before_billing, not_billed
from contrapost.mapping.records import exchange_account
from contrapost.mapping.writing import Writing
from contrapost.netsuite.drafts import Amounts, Draft, Plan, Reason, RecordType, Source
from contrapost.refunds.balance import balance
from contrapost.refunds.document import Restock
from contrapost.refunds.finding import Finding, blocks, error, info, warning
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contrapost.mapping.allocation import Part
    from contrapost.mapping.cash import Outlay
    from contrapost.mapping.period import BookingDay
    from contrapost.mapping.terms import Terms
    from contrapost.netsuite.bill import Bills, Deposit, OrderLine, Waiting
    from contrapost.netsuite.lists import LedgerAccount


def plan_unbilled(part: Part, order: Bills, terms: Terms, day: BookingDay) -> Plan | Waiting | NotNeeded:
    """Plans what becomes of a refund, or the part of it, that no bill holds.

    Where the order has a deposit, its money is paid back from there. Otherwise nothing of it is in the books, and
    nothing needs to be if nothing will bill the units any more.
    """
    held = total((deposit.left for deposit in order.deposits), part.refund.currency)
    if held or (order.deposits and balance(part.refund).paid_out):
        return _from_deposits(part, order, terms, day)
    early = before_billing(part.refund)
    if early and not order.bills:
        return early
    closes = close_order_lines(Writing(refund=part.refund, terms=terms, day=day, on=order.order_id), part, order)
    if order.bills or closes or _is_closed_for_good(part):
        return _nothing_booked(part, order, terms, closes)
    return not_billed(order)


def _is_closed_for_good(part: Part) -> bool:
    """Says whether nothing will bill these units: all were canceled, and the order's lines of them are closed."""
    lines = part.refund.lines
    canceled = bool(lines) and all(line.goods.restock is Restock.CANCELED for line in lines)
    return canceled and bool(part.order_lines) and all(line.closed for line in part.order_lines)


def _nothing_booked(part: Part, order: Bills, terms: Terms, closes: tuple[Draft, ...]) -> Plan | NotNeeded:
    """Says that units were canceled before they were billed, and sees to the order's lines of them."""
    credited = balance(part.refund).credited
    message = (
        f"{credited} of this refund is for units that were canceled before they were billed: nothing in the books is "
        "to be taken back for them."
    )
    if not order.bills and not closes:
        return NotNeeded(code="canceled_before_billing", message=message)
    zero = Money.zero(credited.currency)
    amounts = Amounts(credited=zero, paid_out=zero, to_liability=zero, receivable_reduced=zero, rounding=zero)
    findings = (info("canceled_before_billing", message), *_open_lines(part, order, terms))
    trace = tuple(_closing(draft) for draft in closes)
    return Plan(drafts=closes, amounts=amounts, findings=findings, trace=trace, revision=terms.revision)


def _from_deposits(part: Part, order: Bills, terms: Terms, day: BookingDay) -> Plan:
    refund = part.refund
    sums = balance(refund)
    deposits = order.deposits
    moved, findings = outlays(refund, deposits[0].subsidiary, terms)
    amounts = Amounts(
        credited=sums.credited,
        paid_out=sums.paid_out,
        to_liability=sums.to_liability,
        receivable_reduced=Money.zero(refund.currency),
        rounding=sums.paid_out + sums.to_liability - sums.credited,
    )
    receivable, receivable_found = _receivable(terms)
    findings = (
        *findings, *_fit(amounts, deposits, order, terms), *receivable_found, *_open_lines(part, order, terms),
    )  # fmt: skip
    if blocks(findings) or receivable is None:
        return Plan(drafts=(), amounts=amounts, findings=findings, revision=terms.revision)
    writing = Writing(refund=refund, terms=terms, day=day, on=order.order_id)
    drafts: list[Draft] = []
    left = [(deposit, deposit.left) for deposit in deposits if deposit.left]
    for outlay in moved:
        taken, left = _take(left, outlay.amount)
        apart = outlay.account if len(moved) > 1 else ""
        drafts.append(_payback(writing, taken, outlay, receivable, apart))
    mapped = map_fields(drafts, terms.profile.rules, refund, None, terms.lists.catalog)
    findings = (*findings, *mapped.findings)
    closing = close_order_lines(writing, part, order)
    written = () if blocks(findings) else (*mapped.drafts, *closing)
    trace = mapped.explained(_trace(order, writing, moved, receivable, drafts, closing))
    return Plan(drafts=written, amounts=amounts, findings=findings, trace=trace, revision=terms.revision)


def _fit(amounts: Amounts, deposits: Iterable[Deposit], order: Bills, terms: Terms) -> Iterable[Finding]:
    """Finds what keeps the deposits from paying the refund back: they hold less, or it does not add up."""
    held = total((deposit.left for deposit in deposits), amounts.paid_out.currency)
    if amounts.to_liability:
        yield error(
            "deposit_as_credit",
            f"{amounts.to_liability} was given as gift card or store credit for an order that is paid by deposit.",
            fix="Book this refund in NetSuite by hand, and cancel it here.",
        )
    if abs(amounts.rounding) > Money(terms.tolerance, held.currency):
        yield error(
            "does_not_add_up",
            f"The refund credits {amounts.credited}, but {amounts.paid_out} was paid out.",
            fix="Compare the refund at the store and retrieve it again; if it is right as it is, book it by hand.",
        )
    over = amounts.paid_out - held
    if over.amount > 0:
        named = ", ".join(deposit.label for deposit in order.deposits)
        yield error(
            "more_than_remains",
            f"The refund pays {amounts.paid_out} back, but of {named} only {held} is left: {over} too much.",
            fix="If the deposit was paid back by hand for this refund, link that record (Booked by hand, or contrapost "
            "adopt); otherwise correct NetSuite.",
        )


def _receivable(terms: Terms) -> tuple[LedgerAccount | None, tuple[Finding, ...]]:
    """The A/R account that a deposit passes through when it is paid back: the profile's, or the only one."""
    named, lists = terms.profile.receivable_account, terms.lists
    if named:
        account = lists.account(named)
        unknown = error(
            "account_unknown",
            f"The account's setting receivable_account names {named!r}, and NetSuite has no such account.",
            fix="Give the account's number as NetSuite's chart of accounts shows it, or id: and its internal id.",
            where="receivable_account",
        )
        return account, () if account else (unknown,)
    receivables = [account for account in lists.accounts if account.type == "AcctRec"]
    if len(receivables) == 1:
        return receivables[0], ()
    return None, (
        error(
            "receivable_not_mapped",
            f"NetSuite has {len(receivables)} accounts of receivables, and the account names none for deposits.",
            fix="Name one: contrapost accounts set ACCOUNT --set receivable_account=NUMBER.",
            where="receivable_account",
        ),
    )


_Held = list[tuple["Deposit", Money]]


def _take(held: _Held, amount: Money) -> tuple[_Held, _Held]:
    """Takes an amount from deposits, oldest first; gives what is taken and what is left of each."""
    taken: _Held = []
    left: _Held = []
    for deposit, free in held:
        share = min(free, amount)
        amount -= share
        if share:
            taken.append((deposit, share))
        if free - share:
            left.append((deposit, free - share))
    return taken, left


def _payback(writing: Writing, taken: _Held, outlay: Outlay, receivable: LedgerAccount, apart: str) -> Draft:
    """Writes the customer refund of deposits; NetSuite itself makes the deposit application that it pays out."""
    record, terms = RecordType.CUSTOMER_REFUND, writing.terms
    first = taken[0][0]
    rate, _ = writing.payout_rate(first.exchange_rate, first.currency_id, first.subsidiary)
    books = books_of(first.subsidiary, rate, terms.lists)
    applied = [(d.liability_account, part, books_of(d.subsidiary, d.exchange_rate, terms.lists)) for d, part in taken]
    left = books.base(outlay.amount.amount) - sum(held.base(part.amount) for _, part, held in applied)
    body: dict[str, Any] = {
        **writing.head(record, apart),
        "customer": {"id": first.customer},
        "subsidiary": {"id": first.subsidiary},
        "currency": {"id": first.currency_id},
        "arAcct": {"id": receivable.id},
        "account": {"id": outlay.account},
        "deposit": {"items": [{"doc": {"id": d.id}, "apply": True, "amount": part.amount} for d, part in taken]},
    }
    if rate != 1:
        body["exchangeRate"] = rate
    return Draft(
        record=record,
        external_id=body["externalId"],
        source=None,
        replace=(),
        body=body,
        total=outlay.amount,
        gateways=outlay.gateways,
        ledger=(
            *payout_ledger(outlay.amount, receivable.id, outlay.account, books),
            *application_ledger(applied, receivable.id),
            *(revaluation_ledger(left, receivable.id, exchange_account(terms)) if left else ()),
        ),
    )


def close_order_lines(writing: Writing, part: Part, order: Bills) -> tuple[Draft, ...]:
    """Writes the change that closes the order's lines of canceled units, where the profile has them closed."""
    lines = [line for line in part.order_lines if not line.closed]
    whole = [line for line in lines if line.unbilled == line.quantity and _units(part, line) >= line.quantity]
    if writing.terms.profile.order_lines is not OrderLinePolicy.CLOSE or not whole:
        return ()
    record = RecordType.SALES_ORDER
    return (
        Draft(
            record=record,
            external_id=writing.id(record),
            source=Source(record=record, id=order.order_id, tranid=order.order_tranid),
            replace=(),
            body={"item": {"items": [{"line": line.line, "isClosed": True} for line in whole]}},
            total=Money.zero(part.refund.currency),
        ),
    )


def _units(part: Part, ordered: OrderLine) -> int:
    return sum(line.quantity for line in part.refund.lines if line.sku in (ordered.item, f"id:{ordered.item_id}"))


def _open_lines(part: Part, order: Bills, terms: Terms) -> Iterable[Finding]:
    """Tells of lines of the sales order that could still be shipped and billed though their units were canceled."""
    if terms.profile.order_lines is OrderLinePolicy.CLOSE:
        return
    canceled = any(line.goods.restock is Restock.CANCELED for line in part.refund.lines)
    open_ = [line for line in part.order_lines if not line.closed]
    if canceled and open_:
        named = ", ".join(f"{line.item} (line {line.line})" for line in open_)
        yield warning(
            "sales_order_line_open",
            f"Units were canceled, but sales order {order.order_tranid} can still ship and bill them: {named}.",
            fix="Close the line in NetSuite, or set order_lines to close for this account.",
            where=f"sales order {order.order_tranid}",
        )


def _trace(
    order: Bills,
    writing: Writing,
    moved: Iterable[Outlay],
    receivable: LedgerAccount,
    drafts: Iterable[Draft],
    closing: tuple[Draft, ...],
) -> tuple[Reason, ...]:
    lists = writing.terms.lists
    reasons = [
        Reason(
            what="record",
            value="customer refund",
            why=f"sales order {order.order_tranid} is paid by {', '.join(d.label for d in order.deposits)}, not billed",
        ),
        Reason(what="date", value=str(writing.day.day), why=writing.day.why),
        Reason(what="A/R account", value=receivable.label, why="a deposit passes through it when it is paid back"),
    ]
    for outlay in moved:
        why = f"the profile's cash account for {', '.join(outlay.gateways)}, {writing.refund.currency}"
        reasons.append(Reason(what="cash account", value=lists.account_label(outlay.account), why=why))
    fields = (reason for draft in drafts for reason in fields_of(draft))
    return (*reasons, *fields, *(_closing(draft) for draft in closing))


def _closing(draft: Draft) -> Reason:
    why = "the profile closes lines that were canceled before they were billed"
    return Reason(what="sales order", value=draft.source.tranid if draft.source else "", why=why)
