"""What a field rule may read: each source by the name that rules write, with its meaning. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from contrapost.refunds.document import TenderKind, TenderStatus
from contrapost.refunds.money import total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contrapost.netsuite.bill import Bill
    from contrapost.refunds.document import Line, Refund, Tender

FACT: Final = "fact."
"""Before the name of a fact of the store's that has no source of its own."""


class Kind(StrEnum):
    """What a value is by itself, before the type of its field is known."""

    WORD = "word"
    """As it was written without quotes, or as a store says it: a number can be an id."""
    TEXT = "text"
    """Written in quotes: text and nothing else."""
    ID = "id"
    """The internal id of a NetSuite record."""
    EXTERNAL_ID = "external id"
    NAME = "name"
    """The name of a NetSuite record."""
    FLAG = "flag"
    """`true` or `false`."""
    DAY = "day"
    MOMENT = "moment"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Value:
    """A value on its way into a field."""

    text: str
    kind: Kind = Kind.WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a rule reads from: the refund and its bill, and on a line the store's lines that it stands for."""

    refund: Refund
    bill: Bill | None = None
    lines: tuple[Line, ...] = ()
    item: str = ""
    """The NetSuite item of the line."""


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that a rule may read."""

    name: str
    help: str
    read: Callable[[Scope], str]
    """Gives the value as text; empty where there is none."""
    kind: Kind = Kind.WORD


def read(name: str, scope: Scope) -> Value | None:
    """Reads a source that is known by `is_source`; None where it holds nothing."""
    source = _BY_NAME.get(name)
    if source is None:
        text, kind = scope.refund.facts.get(name.removeprefix(FACT), ""), Kind.WORD
    else:
        text, kind = source.read(scope), source.kind
    text = text.strip()
    return Value(text, kind) if text else None


def is_source(name: str) -> bool:
    """Says whether rules may read a source of this name."""
    return name in _BY_NAME or (name.startswith(FACT) and name.removeprefix(FACT).isidentifier())


def is_of_line(name: str) -> bool:
    """Says whether a source can be read for a line only."""
    return name.startswith("line.")


def source_names() -> tuple[str, ...]:
    """Gives the names there are; `fact.NAME` stands for all facts."""
    return (*_BY_NAME, f"{FACT}NAME")


def _each(values: Iterable[str]) -> str:
    """Several values of one refund, each once: two tenders by one gateway have one gateway."""
    return ", ".join(dict.fromkeys(value for value in values if value))


def _moved(refund: Refund) -> tuple[Tender, ...]:
    """The tenders that count: those that succeeded, or all where none did."""
    return tuple(one for one in refund.tenders if one.status is TenderStatus.SUCCEEDED) or refund.tenders


def _paid_out(scope: Scope) -> str:
    money = (one.amount for one in _moved(scope.refund) if one.kind is TenderKind.MONEY)
    return total(money, scope.refund.currency).text


def _of_bill(read_it: Callable[[Bill], str]) -> Callable[[Scope], str]:
    return lambda scope: read_it(scope.bill) if scope.bill else ""


def _of_tenders(read_it: Callable[[Tender], str]) -> Callable[[Scope], str]:
    return lambda scope: _each(map(read_it, _moved(scope.refund)))


def _of_lines(read_it: Callable[[Line], str]) -> Callable[[Scope], str]:
    return lambda scope: _each(map(read_it, scope.lines))


SOURCES: Final = (
    Source("order.id", "The store's own id of the order.", lambda scope: scope.refund.order_id),
    Source("order.name", "What people call the order: `#1001`.", lambda scope: scope.refund.order_name),
    Source("order.number", "The order's name without `#`.", lambda scope: scope.refund.order_name.removeprefix("#")),
    Source("refund.id", "The store's own id of the refund.", lambda scope: scope.refund.store_refund_id),
    Source("refund.date", "The day in the shop's zone.", lambda scope: str(scope.refund.refunded_on), Kind.DAY),
    Source("refund.time", "Day and time.", lambda scope: scope.refund.refunded_at.isoformat(), Kind.MOMENT),
    Source("refund.currency", "The currency: `USD`.", lambda scope: scope.refund.currency),
    Source("refund.paid_out", "The money that went back to the customer.", _paid_out, Kind.AMOUNT),
    Source("refund.cause", "`refund`, or `chargeback` where the bank took it.", lambda scope: scope.refund.cause),
    Source("refund.note", "The reason as the shop's staff wrote it.", lambda scope: scope.refund.note),
    Source("tender.gateway", "The gateway that the money went back through.", _of_tenders(lambda one: one.gateway)),
    Source("tender.kind", "`money`, `gift_card` or `store_credit`.", _of_tenders(lambda one: one.kind)),
    Source("tender.reference", "The gateway's own transaction id.", _of_tenders(lambda one: one.gateway_reference)),
    Source("tender.payout", "The payout the gateway settles it in.", _of_tenders(lambda one: one.payout_id)),
    Source("tender.id", "The store's own id of the movement of money.", _of_tenders(lambda one: one.id)),
    Source("bill.number", "The number of the cash sale or invoice.", _of_bill(lambda bill: bill.tranid)),
    Source("bill.type", "`cashSale` or `invoice`.", _of_bill(lambda bill: bill.kind)),
    Source("bill.date", "The day of the bill.", _of_bill(lambda bill: str(bill.day)), Kind.DAY),
    Source("bill.id", "The internal id of the bill.", _of_bill(lambda bill: bill.id), Kind.ID),
    Source("bill.customer", "The customer of the bill.", _of_bill(lambda bill: bill.customer), Kind.ID),
    Source("bill.subsidiary", "The subsidiary of the bill.", _of_bill(lambda bill: bill.subsidiary), Kind.ID),
    Source("bill.location", "The location of the bill.", _of_bill(lambda bill: bill.location), Kind.ID),
    Source("bill.department", "The department of the bill.", _of_bill(lambda bill: bill.department), Kind.ID),
    Source("bill.class", "The class of the bill.", _of_bill(lambda bill: bill.class_), Kind.ID),
    Source("line.order_line", "The store's id of the order's line.", _of_lines(lambda line: line.order_line_id)),
    Source("line.sku", "The store's SKU.", _of_lines(lambda line: line.sku)),
    Source("line.title", "The store's name of the goods.", _of_lines(lambda line: line.title)),
    Source("line.restock", "`returned`, `canceled` or `kept`.", _of_lines(lambda line: line.goods.restock)),
    Source("line.location", "Where goods came back to, in its words.", _of_lines(lambda line: line.goods.location)),
    Source("line.item", "The line's item in NetSuite.", lambda scope: scope.item),
)
"""Every source but the facts, in the order people look for them."""

_BY_NAME: Final = {source.name: source for source in SOURCES}
