"""The NetSuite records of a refund, written out: bodies as they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contrapost.mapping.ledger import credit_ledger, payout_ledger, stock_moves
from contrapost.mapping.tax import DocumentTax, Regime, reference
from contrapost.netsuite.bill import LineKind
from contrapost.netsuite.drafts import SHORT_NAMES, Draft, DraftLine, RecordType, Source
from contrapost.refunds.identity import external_id
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from contrapost.mapping.credit import Credited, CreditedLine
    from contrapost.mapping.period import BookingDay
    from contrapost.netsuite.bill import Bill
    from contrapost.refunds.document import Refund

CUSTOM_PRICE = {"id": "-1"}
"""NetSuite's price level *Custom*: without it, it would price the item anew and ignore ours."""
_RATE_DECIMALS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What every record of one refund on one bill is written from."""

    refund: Refund
    bill: Bill
    shop: str
    """What makes the shop the same for ever: part of the external ids."""
    day: BookingDay
    revision: int

    def id(self, record: RecordType) -> str:
        """Gives the external id of a record."""
        return external_id(
            self.shop, self.refund.store_refund_id, SHORT_NAMES[record], self.bill.id, revision=self.revision
        )

    def head(self, record: RecordType) -> dict[str, Any]:
        """Gives the fields that every record has."""
        memo = f"Refund {self.refund.store_refund_id} of order {self.refund.order_name}"
        return {
            "externalId": self.id(record),
            "tranDate": self.day.day.isoformat(),
            "postingPeriod": {"id": self.day.period_id},
            "memo": f"{memo}, refunded {self.refund.refunded_on}" if self.day.moved else memo,
        }


def cash_refund(writing: Writing, credited: Credited, tax: DocumentTax, cash_account: str) -> Draft:
    """Writes the cash refund of a cash sale."""
    record = RecordType.CASH_REFUND
    body = {**writing.head(record), "account": {"id": cash_account}, **_credit_body(writing, credited, tax)}
    return _credit_draft(writing, record, credited, tax, body, against=cash_account)


def credit_memo(writing: Writing, credited: Credited, tax: DocumentTax, receivable: Money) -> Draft:
    """Writes the credit memo of an invoice.

    NetSuite offers the invoice preselected in `apply`, and remembers the user's last A/R account and auto-apply: all
    three are said outright. Only what reduces the receivable is applied to the invoice; the rest stays open for the
    customer refund.
    """
    record = RecordType.CREDIT_MEMO
    applied: dict[str, Any] = {"doc": {"id": writing.bill.id}, "line": 0, "apply": bool(receivable)}
    if receivable:
        applied["amount"] = receivable.amount
    body = {
        **writing.head(record),
        "account": {"id": writing.bill.account},
        "autoApply": False,
        "apply": {"items": [applied]},
        **_credit_body(writing, credited, tax),
    }
    return _credit_draft(writing, record, credited, tax, body, against=writing.bill.account)


def customer_refund(writing: Writing, paid_out: Money, cash_account: str) -> Draft:
    """Writes the customer refund that pays the credit memo out."""
    record = RecordType.CUSTOMER_REFUND
    memo = {"id": {"written": writing.id(RecordType.CREDIT_MEMO)}}
    bill = writing.bill
    body = {
        **writing.head(record),
        "customer": {"id": bill.customer},
        "subsidiary": {"id": bill.subsidiary},
        "currency": {"id": bill.currency_id},
        "arAcct": {"id": bill.account},
        "account": {"id": cash_account},
        "apply": {"items": [{"doc": memo, "line": 0, "apply": True, "amount": paid_out.amount}]},
    }
    if bill.exchange_rate != 1:
        body["exchangeRate"] = bill.exchange_rate
    return Draft(
        record=record,
        external_id=writing.id(record),
        source=None,
        replace=(),
        body=body,
        total=paid_out,
        ledger=payout_ledger(paid_out, bill, cash_account),
    )


def _credit_draft(
    writing: Writing, record: RecordType, credited: Credited, tax: DocumentTax, body: dict[str, Any], *, against: str
) -> Draft:
    bill = writing.bill
    zero = Money.zero(bill.currency)
    stated = sum((line.tax for line in credited.lines), zero)
    stated += credited.shipping.tax if credited.shipping else zero
    return Draft(
        record=record,
        external_id=writing.id(record),
        source=Source(record=bill.kind.value, id=bill.id, tranid=bill.tranid),
        replace=("item",),
        body=body,
        total=credited.total(bill.currency) - stated + tax.amount,
        lines=_draft_lines(credited),
        ledger=credit_ledger(credited, tax.amount, bill, against),
        stock=stock_moves(credited.lines),
    )


def _credit_body(writing: Writing, credited: Credited, tax: DocumentTax) -> dict[str, Any]:
    """Lines, shipping, discount and tax: what a transform would otherwise copy whole is said outright."""
    bill = writing.bill
    body: dict[str, Any] = {}
    if bill.exchange_rate != 1:
        body["exchangeRate"] = bill.exchange_rate
    if bill.of_kind(LineKind.SHIPPING):
        body["shippingCost"] = credited.shipping.amount.amount if credited.shipping else Decimal(0)
    if any(line.line == 0 for line in bill.of_kind(LineKind.DISCOUNT)):
        body["discountRate"] = credited.header_discount.amount
    if tax.regime is Regime.SUITETAX:
        body["taxDetailsOverride"] = True
        body["taxDetails"] = {"items": list(tax.details)}
    body["item"] = {"items": [_item_line(index, line, tax, bill) for index, line in enumerate(credited.lines)]}
    return body


def _item_line(index: int, line: CreditedLine, tax: DocumentTax, bill: Bill) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if line.takes_back:
        said["orderLine"] = line.takes_back.line
    else:
        said["item"] = {"id": line.item_id}
        said |= _places(bill)
        if tax.regime is Regime.LEGACY:
            said["isTaxable"] = bool(line.tax)
    if not line.takes_back or line.takes_back.kind is LineKind.ITEM:
        said |= {"quantity": line.quantity, "price": CUSTOM_PRICE}
        rate = line.amount.amount / line.quantity if line.quantity else None
        if rate is not None and round(rate, _RATE_DECIMALS) == rate:
            said["rate"] = rate
    said["amount"] = line.amount.amount
    if line.location:
        said["location"] = {"id": line.location}
    if tax.regime is Regime.SUITETAX:
        said["taxDetailsReference"] = reference(index)
    return said


def _places(bill: Bill) -> dict[str, Any]:
    """An added line belongs where the bill belongs: class, department, location."""
    places = {"location": bill.location, "department": bill.department, "class": bill.class_}
    return {name: {"id": id_} for name, id_ in places.items() if id_}


def _draft_lines(credited: Credited) -> tuple[DraftLine, ...]:
    lines = [
        DraftLine(
            item=line.item,
            quantity=line.quantity,
            amount=line.amount,
            tax=line.tax,
            order_line=line.takes_back.line if line.takes_back else None,
            why=line.why,
            store_lines=line.store_lines,
        )
        for line in credited.lines
    ]
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
