"""The NetSuite records of a refund, written out: bodies as they are sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contrapost.mapping.ledger import (
    books_of,
    costs,
    credit_ledger,
    netted,
    payout_ledger,
    revaluation_ledger,
    stock_moves,
)
from contrapost.mapping.restock import Way
from contrapost.mapping.tax import DocumentTax, Regime, reference
from contrapost.netsuite.bill import LineKind
from contrapost.netsuite.drafts import BookedBy, Draft, DraftLine, RecordType, Source
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contrapost.mapping.cash import Outlay
    from contrapost.mapping.credit import Credited, CreditedLine
    from contrapost.mapping.ledger import Books
    from contrapost.mapping.terms import Terms
    from contrapost.mapping.writing import Writing
    from contrapost.netsuite.bill import Bill, BillLine

CUSTOM_PRICE = {"id": "-1"}
"""NetSuite's price level *Custom*: without it, it would price the item anew and ignore ours."""
_RATE_DECIMALS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What one bill is credited with, about to be written as a cash refund or credit memo."""

    writing: Writing
    bill: Bill
    credited: Credited
    tax: DocumentTax
    via: Draft | None = None
    """The return authorization it is made from, where goods come back by one."""

    @property
    def books(self) -> Books:
        """The books of the bill, at its rate."""
        return books_of(self.bill.subsidiary, self.bill.exchange_rate, self.writing.terms.lists)

    def returned(self) -> tuple[Returned, ...]:
        """The lines that come back by return authorization, as NetSuite numbers them on it: in the bill's order.

        An item group stands there with its head above its members and its end below them.
        """
        lines = [
            (taken, line)
            for line in self.credited.lines
            if line.way in BY_AUTHORIZATION and (taken := line.takes_back) is not None
        ]
        returned: list[Returned] = []
        number = group = 0
        for taken, line in sorted(lines, key=lambda pair: pair[0].line):
            if taken.group != group:
                number += bool(group) + bool(taken.group)
            number, group = number + 1, taken.group
            returned.append(Returned(number, taken, line))
        return tuple(returned)


@dataclass(frozen=True, slots=True)
class Returned:
    """A line that comes back by return authorization: its number there, the bill's line it takes back, and the line."""

    number: int
    taken: BillLine
    line: CreditedLine


BY_AUTHORIZATION = frozenset({Way.BY_RECEIPT, Way.RECEIPT_LATER})


def cash_refund(credit: Credit, cash_account: str, apart: str = "") -> Draft:
    """Writes the cash refund of a cash sale."""
    record = RecordType.CASH_REFUND
    body = {**credit.writing.head(record, apart), "account": {"id": cash_account}, **_credit_body(credit)}
    return _credit_draft(credit, record, body, against=cash_account)


def credit_memo(credit: Credit, receivable: Money) -> Draft:
    """Writes the credit memo of an invoice.

    NetSuite offers the invoice preselected in `apply`, and remembers the user's last A/R account and auto-apply: all
    three are said outright. Only what reduces the receivable is applied to the invoice; the rest stays open for the
    customer refund.
    """
    record, bill = RecordType.CREDIT_MEMO, credit.bill
    applied: dict[str, Any] = {"doc": {"id": bill.id}, "line": 0, "apply": bool(receivable)}
    if receivable:
        applied["amount"] = receivable.amount
    body = {
        **credit.writing.head(record),
        "account": {"id": bill.account},
        "autoApply": False,
        "apply": {"items": [applied]},
        **_credit_body(credit),
    }
    return _credit_draft(credit, record, body, against=bill.account)


def customer_refund(credit: Credit, outlay: Outlay, apart: str = "") -> Draft:
    """Writes the customer refund that pays the credit memo out, at the day's rate or the bill's."""
    record, bill, writing = RecordType.CUSTOMER_REFUND, credit.bill, credit.writing
    memo = {"id": {"written": writing.id(RecordType.CREDIT_MEMO)}}
    rate, _ = writing.payout_rate(bill.exchange_rate, bill.currency_id, bill.subsidiary)
    books = books_of(bill.subsidiary, rate, writing.terms.lists)
    left = books.base(outlay.amount.amount) - credit.books.base(outlay.amount.amount)
    body = {
        **writing.head(record, apart),
        "customer": {"id": bill.customer},
        "subsidiary": {"id": bill.subsidiary},
        "currency": {"id": bill.currency_id},
        "arAcct": {"id": bill.account},
        "account": {"id": outlay.account},
        "apply": {"items": [{"doc": memo, "line": 0, "apply": True, "amount": outlay.amount.amount}]},
    }
    if rate != 1:
        body["exchangeRate"] = rate
    return Draft(
        record=record,
        external_id=writing.id(record, apart),
        source=None,
        replace=(),
        body=body,
        total=outlay.amount,
        gateways=outlay.gateways,
        ledger=(
            *payout_ledger(outlay.amount, bill.account, outlay.account, books),
            *(revaluation_ledger(left, bill.account, exchange_account(writing.terms)) if left else ()),
        ),
    )


def exchange_account(terms: Terms) -> str:
    """Gives the account NetSuite books realized gains and losses to; empty where the lists do not tell."""
    account = terms.lists.account(terms.profile.exchange_account or "Realized Gain/Loss")
    return account.id if account else ""


def return_authorization(credit: Credit, apart: str = "") -> Draft:
    """Writes the return authorization that goods come back on: from the bill, pending their receipt."""
    record, writing, lines = RecordType.RETURN_AUTHORIZATION, credit.writing, credit.returned()
    body = {
        **writing.head(record, apart),
        "orderStatus": {"id": "B"},
        **_discount_of(lines, credit),
        "item": {"items": [*(_taken_back(one) for one in lines), *_heads(one.taken.group for one in lines)]},
    }
    if credit.bill.exchange_rate != 1:
        body["exchangeRate"] = credit.bill.exchange_rate
    return Draft(
        record=record,
        external_id=writing.id(record, apart),
        source=_source(credit.bill),
        replace=("item",),
        body=body,
        total=total((one.line.amount for one in lines), credit.bill.currency),
        lines=tuple(_draft_line(one.line, taxed=False) for one in lines),
    )


def _discount_of(lines: tuple[Returned, ...], credit: Credit) -> dict[str, Any]:
    """The header's discount of the lines that come back: a transform copies the bill's whole, below nothing even."""
    if not any(line.line == 0 for line in credit.bill.of_kind(LineKind.DISCOUNT)):
        return {}
    back = sum(one.line.amount.amount for one in lines)
    goods = sum(line.amount.amount for line in credit.credited.lines if line.takes_back)
    discount = credit.credited.header_discount
    return {"discountRate": Money(discount.amount * back / goods, discount.currency).rounded().amount if goods else 0}


def item_receipt(credit: Credit, authorization: Draft, apart: str = "") -> Draft:
    """Writes the receipt of the goods that are back: where stock and cost come back, once."""
    record, writing = RecordType.ITEM_RECEIPT, credit.writing
    lines = [one for one in credit.returned() if one.line.way is Way.BY_RECEIPT]
    received = [
        {"orderLine": one.number, "itemReceive": True, "quantity": one.line.quantity, **_place(one.line)}
        for one in lines
    ]
    zero = Money.zero(credit.bill.currency)
    back = [one.line for one in lines]
    return Draft(
        record=record,
        external_id=writing.id(record, apart),
        source=Source(record=RecordType.RETURN_AUTHORIZATION, id="", written=authorization.external_id),
        replace=("item",),
        body={**writing.head(record, apart), "item": {"items": received}},
        total=zero,
        lines=tuple(replace(_draft_line(line, taxed=False), amount=zero) for line in back),
        ledger=netted(costs(back, credit.books.decimals), BookedBy.NETSUITE),
        stock=stock_moves(back),
    )


def _source(bill: Bill) -> Source:
    return Source(record=bill.kind.value, id=bill.id, tranid=bill.tranid)


def _credit_draft(credit: Credit, record: RecordType, body: dict[str, Any], *, against: str) -> Draft:
    bill, credited, tax, via = credit.bill, credit.credited, credit.tax, credit.via
    source = Source(record=via.record, id="", written=via.external_id) if via else _source(bill)
    return Draft(
        record=record,
        external_id=body["externalId"],
        source=source,
        replace=("item",),
        body=body,
        total=comes_to(credited, tax, bill.currency),
        lines=_draft_lines(credited),
        ledger=credit_ledger(credited, tax, bill, against, credit.books),
        stock=stock_moves(line for line in credited.lines if line.moves_stock),
    )


def comes_to(credited: Credited, tax: DocumentTax, currency: str) -> Money:
    """Gives what a credit document comes to with the tax that NetSuite will hold."""
    return credited.total(currency) - credited.stated_tax(currency) + tax.amount


def _credit_body(credit: Credit) -> dict[str, Any]:
    """Lines, shipping, discount and tax: what a transform would otherwise copy whole is said outright."""
    bill, credited, tax = credit.bill, credit.credited, credit.tax
    body: dict[str, Any] = {}
    if bill.exchange_rate != 1:
        body["exchangeRate"] = bill.exchange_rate
    if bill.of_kind(LineKind.SHIPPING):
        body["shippingCost"] = credited.shipping.amount.amount if credited.shipping else Decimal(0)
    if any(line.line == 0 for line in bill.of_kind(LineKind.DISCOUNT)):
        body["discountRate"] = credited.header_discount.amount
    if tax.regime is Regime.SUITETAX:
        body["taxPointDate"] = bill.day.isoformat()
        body["taxPointDateOverride"] = True
        body["taxDetailsOverride"] = True
        body["taxDetails"] = {"items": list(tax.details)}
    numbers = {id(line): number for number, line in _on_source(credit)}
    lines = [_item_line(index, line, credit, numbers) for index, line in enumerate(credited.lines)]
    body["item"] = {"items": [*lines, *_heads(_groups_on_source(credit))]}
    return body


def _on_source(credit: Credit) -> Iterator[tuple[int, CreditedLine]]:
    """The lines that take a line of the source back, with its number there."""
    if credit.via:
        yield from ((one.number, one.line) for one in credit.returned())
    else:
        yield from ((line.takes_back.line, line) for line in credit.credited.lines if line.takes_back)


def _groups_on_source(credit: Credit) -> Iterator[int]:
    """The numbers, on the source, of the item groups whose members are taken back; 0 for lines of none."""
    if not credit.via:
        yield from (line.takes_back.group for line in credit.credited.lines if line.takes_back)
        return
    heads: dict[int, int] = {}
    for one in credit.returned():
        if one.taken.group:
            yield heads.setdefault(one.taken.group, one.number - 1)


def _heads(groups: Iterable[int]) -> list[dict[str, Any]]:
    """Names the heads of item groups, without which NetSuite keeps none of their members."""
    return [{"orderLine": group} for group in dict.fromkeys(groups) if group]


def _item_line(index: int, line: CreditedLine, credit: Credit, numbers: dict[int, int]) -> dict[str, Any]:
    """One line: by its number on the source where it takes a line of that back, else by its item."""
    said: dict[str, Any] = {}
    if id(line) in numbers:
        said["orderLine"] = numbers[id(line)]
    else:
        said["item"] = {"id": line.item_id}
        said |= _places(credit.bill)
    said |= _legacy_tax(line, credit.tax)
    if not line.takes_back or line.takes_back.kind is LineKind.ITEM:
        said |= _quantity_and_price(line)
    said["amount"] = line.amount.amount
    said |= _place(line)
    if credit.tax.regime is Regime.SUITETAX:
        said["taxDetailsReference"] = reference(index)
    return said


def _legacy_tax(line: CreditedLine, tax: DocumentTax) -> dict[str, Any]:
    """What an account with legacy tax is told of a line: whether it is taxed, its code, and by policy its amount."""
    if tax.regime is not Regime.LEGACY:
        return {}
    said: dict[str, Any] = {} if line.takes_back else {"isTaxable": bool(line.tax)}
    if not line.takes_back and line.codes:
        said["taxCode"] = {"id": line.codes[0].code_id}
    if tax.by_line:
        said["tax1Amt"] = line.tax.amount
    return said


def _quantity_and_price(line: CreditedLine) -> dict[str, Any]:
    said: dict[str, Any] = {"quantity": line.quantity, "price": CUSTOM_PRICE}
    rate = line.amount.amount / line.quantity if line.quantity else None
    if rate is not None and round(rate, _RATE_DECIMALS) == rate:
        said["rate"] = rate
    return said


def _taken_back(one: Returned) -> dict[str, Any]:
    """One line of a return authorization."""
    line = one.line
    return {"orderLine": one.taken.line, **_quantity_and_price(line), "amount": line.amount.amount, **_place(line)}


def _place(line: CreditedLine) -> dict[str, Any]:
    return {"location": {"id": line.location}} if line.location else {}


def _places(bill: Bill) -> dict[str, Any]:
    """An added line belongs where the bill belongs: class, department, location."""
    places = {"location": bill.location, "department": bill.department, "class": bill.class_}
    return {name: {"id": id_} for name, id_ in places.items() if id_}


def _draft_lines(credited: Credited) -> tuple[DraftLine, ...]:
    lines = [_draft_line(line) for line in credited.lines]
    zero = Money.zero(credited.header_discount.currency)
    if credited.header_discount_line and credited.header_discount:
        item = credited.header_discount_line.item or "Discount"
        why = "the bill's discount on these lines"
        lines.append(DraftLine(item=item, quantity=Decimal(0), amount=credited.header_discount, tax=zero, why=why))
    if credited.shipping:
        shipping = credited.shipping
        lines.append(
            DraftLine(
                item=shipping.takes_back.item or "Shipping",
                quantity=Decimal(0),
                amount=shipping.amount,
                tax=shipping.tax,
                why="shipping given back",
            )
        )
    return tuple(lines)


def _draft_line(line: CreditedLine, *, taxed: bool = True) -> DraftLine:
    return DraftLine(
        item=line.item,
        quantity=line.quantity,
        amount=line.amount,
        tax=line.tax if taxed else Money.zero(line.tax.currency),
        order_line=line.takes_back.line if line.takes_back else None,
        why=line.why,
        store_lines=line.store_lines,
    )
