"""Taking back what stands for a refund: by deleting its records, or by records that book their reverse. Pure.

How NetSuite is asked by REST to void a record is in no public source, so that a void is left to its button: what is
void when a correction is prepared counts as gone already.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from contrapost.netsuite.drafts import SHORT_NAMES, BookedBy, Draft, LedgerLine, RecordType, label_of
from contrapost.refunds.finding import Finding, error
from contrapost.refunds.identity import external_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from contrapost.netsuite.answers import Standing


class Way(StrEnum):
    """How what stands is taken back."""

    OFFSET = "offset"
    """A record beside it books its reverse; both stay in the books."""
    DELETE = "delete"
    """It is deleted, where NetSuite and its role permit that."""


_ORDER: Final = {
    RecordType.CUSTOMER_REFUND: 0,
    RecordType.CREDIT_MEMO: 1,
    RecordType.CASH_REFUND: 1,
    RecordType.ITEM_RECEIPT: 2,
    RecordType.RETURN_AUTHORIZATION: 3,
}
"""What hangs on another record goes before it."""
_LINE_REFERENCES: Final = ("item", "location", "department", "class", "taxCode")
_LINE_VALUES: Final = ("quantity", "amount", "taxDetailsReference", "description", "taxRate1")
_HEAD_REFERENCES: Final = (
    *("subsidiary", "currency", "location", "department", "class"),
    *("shipMethod", "discountItem", "taxItem"),
)
_HEAD_VALUES: Final = (
    "shippingCost",
    "handlingCost",
    "discountRate",
    "taxRate",
    "taxPointDate",
    "taxPointDateOverride",
)
_TAX_REFERENCES: Final = ("taxType", "taxCode")
_TAX_VALUES: Final = ("taxDetailsReference", "taxBasis", "taxRate", "taxAmount")
_NOT_MIRRORED: Final = frozenset({"Group", "EndGroup", "GiftCert"})
"""Lines that NetSuite makes by itself, or that carry a code which exists once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A record that stands and is to be taken back, as NetSuite says it."""

    record: RecordType
    standing: Standing
    said: Mapping[str, Any]
    """The whole record from the REST API; empty where it is not needed."""

    @property
    def label(self) -> str:
        """The record and its number, as a person would look for it."""
        return label_of(self.record, self.standing.tranid, self.standing.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What names the records that take back, and dates them."""

    shop: str
    refund_id: str
    order_name: str
    revision: int
    day: date

    def id(self, record: str, target: str) -> str:
        """Gives the external id of the record that takes another one back."""
        return external_id(self.shop, self.refund_id, record, target, revision=self.revision)

    def head(self, record: RecordType, undone: Undone) -> dict[str, Any]:
        """Gives the fields that every record which takes back has."""
        return {
            "externalId": self.id(SHORT_NAMES[record], undone.standing.id),
            "tranDate": self.day.isoformat(),
            "memo": f"Takes back {undone.label} of refund {self.refund_id} of order {self.order_name}",
        }


def take_back(stands: Sequence[Undone], way: Way, naming: Naming) -> tuple[tuple[Draft, ...], tuple[Finding, ...]]:
    """Gives the drafts that take records back, in the order they are to be sent; or findings that say why not."""
    in_order = sorted(stands, key=lambda one: _ORDER.get(one.record, 0))
    if way is Way.DELETE:
        return tuple(_removal(one, naming) for one in in_order), ()
    odd = tuple(_by_hand(one, why) for one in in_order if (why := _not_mirrored(one, in_order)))
    if odd:
        return (), odd
    memos = [one for one in in_order if one.record is RecordType.CREDIT_MEMO]
    sales = [one for one in in_order if one.record is RecordType.CASH_REFUND]
    payouts = [one for one in in_order if one.record is RecordType.CUSTOMER_REFUND]
    invoices = {one.standing.id: _sale(one, RecordType.INVOICE, naming) for one in memos}
    return (
        *(_sale(one, RecordType.CASH_SALE, naming) for one in sales),
        *invoices.values(),
        *(_payment(one, invoices[_paid_out(one)[0]].external_id, naming) for one in payouts),
    ), ()


def _removal(one: Undone, naming: Naming) -> Draft:
    return Draft(
        record=one.record,
        external_id=naming.id(f"x{SHORT_NAMES[one.record]}", one.standing.id),
        source=None,
        replace=(),
        body={},
        total=one.standing.total,
        ledger=_reversed(one.standing),
        takes_back=one.standing.id,
        removes=True,
    )


def _sale(one: Undone, record: RecordType, naming: Naming) -> Draft:
    """A sale of the same lines, on the same accounts, at the same rate, with the same tax."""
    said = one.said
    body = {
        **naming.head(record, one),
        "entity": {"id": said["entity"]["id"]},
        "account": {"id": said["account"]["id"]},
        **_picked(said, _HEAD_REFERENCES, _HEAD_VALUES),
        **_rate(said),
        "item": {"items": [_line(line) for line in said["item"]["items"]]},
    }
    if said.get("taxDetailsOverride"):
        details = [_picked(detail, _TAX_REFERENCES, _TAX_VALUES) for detail in said["taxDetails"]["items"]]
        body |= {"taxDetailsOverride": True, "taxDetails": {"items": details}}
    return _offset(one, record, body)


def _payment(one: Undone, invoice: str, naming: Naming) -> Draft:
    """A payment of the invoice that takes the memo back: the money is there again."""
    said, record = one.said, RecordType.CUSTOMER_PAYMENT
    amount = one.standing.total.amount
    applied = {"doc": {"id": {"written": invoice}}, "line": 0, "apply": True, "amount": amount}
    body = {
        **naming.head(record, one),
        "customer": {"id": said["customer"]["id"]},
        "account": {"id": said["account"]["id"]},
        **_picked(said, ("subsidiary", "currency", "arAcct"), ()),
        **_rate(said),
        "payment": amount,
        "autoApply": False,
        "apply": {"items": [applied]},
    }
    return _offset(one, record, body)


def _offset(one: Undone, record: RecordType, body: dict[str, Any]) -> Draft:
    return Draft(
        record=record,
        external_id=body["externalId"],
        source=None,
        replace=(),
        body=body,
        total=one.standing.total,
        ledger=_reversed(one.standing),
        takes_back=one.standing.id,
    )


def _reversed(standing: Standing) -> tuple[LedgerLine, ...]:
    booked = [(account, -net, BookedBy.PLAN) for account, net in standing.booked]
    cost = [(account, -net, BookedBy.NETSUITE) for account, net in standing.cost]
    return tuple(
        LedgerLine(account=account, debit=max(net, Decimal(0)), credit=max(-net, Decimal(0)), by=by)
        for account, net, by in (*booked, *cost)
    )


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    return {**_picked(line, _LINE_REFERENCES, _LINE_VALUES), "price": {"id": "-1"}}


def _picked(said: Mapping[str, Any], references: Iterable[str], values: Iterable[str]) -> dict[str, Any]:
    """Gives what is said of some fields; references by their id alone, amounts as exact numbers."""
    picked: dict[str, Any] = {name: {"id": said[name]["id"]} for name in references if said.get(name)}
    return picked | {name: _exact(said[name]) for name in values if said.get(name) not in {None, ""}}


def _exact(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    return Decimal(value) if isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdigit() else value


def _rate(said: Mapping[str, Any]) -> dict[str, Any]:
    rate = Decimal(str(said.get("exchangeRate", 1)))
    return {} if rate == 1 else {"exchangeRate": rate}


def _paid_out(one: Undone) -> list[str]:
    """The records that a customer refund pays out."""
    lines = (one.said.get("apply") or {}).get("items") or []
    return [str(line["doc"]["id"]) for line in lines if line.get("apply", True)]


def _not_mirrored(one: Undone, all_: Sequence[Undone]) -> str:
    """Says why no record can book the reverse of this one; empty where one can."""
    if one.record in {RecordType.RETURN_AUTHORIZATION, RecordType.ITEM_RECEIPT}:
        return "goods came back on a return of their own"
    if one.record is RecordType.CUSTOMER_REFUND:
        memos = {other.standing.id for other in all_ if other.record is RecordType.CREDIT_MEMO}
        return "" if len(paid := _paid_out(one)) == 1 and paid[0] in memos else "it pays back more than one credit memo"
    types = {(line.get("itemType") or {}).get("id") for line in one.said["item"]["items"]}
    if types & _NOT_MIRRORED:
        return "it has item groups or gift certificates"
    if one.record is RecordType.CREDIT_MEMO:
        out = sum((other.standing.total.amount for other in all_ if one.standing.id in _paid_out(other)), Decimal(0))
        return "" if out == one.standing.total.amount else "it is applied to an invoice, or not paid out in full"
    return ""


def _by_hand(one: Undone, why: str) -> Finding:
    return error(
        "correction_by_hand",
        f"No record can be written that takes {one.label} back: {why}.",
        fix="Void it in NetSuite with its button and prepare the correction again, or have it deleted (way: delete).",
    )
