"""What the store says, our rows know and NetSuite holds of each refund, laid side by side. Pure.

Both sides come ordered by refund, so that only one refund is held in memory at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003 - msgspec reads this type at run time
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from contrapost.netsuite.drafts import label_of
from contrapost.refunds.finding import Finding, error, warning
from contrapost.refunds.lifecycle import BOOKED, State
from contrapost.refunds.money import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Kind(StrEnum):
    """What comparing a refund came to."""

    MATCHED = "matched"
    """Store and NetSuite hold the same, to the cent."""
    ONLY_IN_STORE = "only_in_store"
    ONLY_IN_NETSUITE = "only_in_netsuite"
    DIFFERENT = "different"
    """Both hold it, and not the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A record that NetSuite holds and that gives something back to a customer."""

    refund: str
    """The store's id of the refund it stands for; empty where it stands for none that we know."""
    id: str
    record: str
    """Its REST name: `cashRefund`, `creditMemo`, `customerRefund`."""
    tranid: str
    external_id: str
    order: str
    """What stands in the field that orders are found by, of it or of what it was made from."""
    total: Money
    """Above zero."""
    day: date
    voided: bool
    counted: bool
    """Adds to NetSuite's total: a customer refund that only pays out a credit memo does not."""
    why: Finding | None = None
    """Of a record that stands for no refund we know: what it is."""

    @property
    def label(self) -> str:
        """The record and its number, as a person would look for it."""
        return label_of(self.record, self.tranid, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A record that our rows say stands for a refund, as it was written."""

    id: str
    record: str
    tranid: str
    total: Money
    counted: bool

    @property
    def label(self) -> str:
        """The record and its number, as a person would look for it."""
        return label_of(self.record, self.tranid, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What our rows know of a refund."""

    transaction: int
    status: State
    amount: Money
    """As it was retrieved, and mapped."""
    linked: tuple[Linked, ...] = ()
    why: tuple[Finding, ...] = ()
    """Why it is not posted."""

    @property
    def written(self) -> Money:
        """What our records of it came to when they were written, credit documents counted once."""
        currency = self.amount.currency
        return total((one.total for one in self.linked if one.counted and one.total.currency == currency), currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One refund of the span, as the store says it now and as our rows know it."""

    refund: str
    order: str
    day: date
    """In the shop's zone."""
    paid: Money | None
    """What the store gave back; None where it does not have the refund any more."""
    ours: Ours | None = None
    changed: bool = False
    """The store says something else of its money now than what was booked."""
    why: tuple[Finding, ...] = ()
    """Why we have no row of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One refund compared, in one currency: netsuite = store + explained + difference."""

    kind: Kind
    day: date
    order: str
    refund: str
    transaction: int | None
    status: State | None
    store: Money
    explained: Money
    """What the plan books elsewhere than on a credit document, or more on it: store credit less, receivables more."""
    netsuite: Money
    documents: tuple[Document, ...] = ()
    why: tuple[Finding, ...] = ()

    @property
    def difference(self) -> Money:
        """What NetSuite holds beyond what the store calls for; below zero what it lacks."""
        return self.netsuite - self.store - self.explained

    @property
    def is_open(self) -> bool:
        """Says whether something is left to be done: it is neither matched, nor without need to be booked."""
        set_aside = self.kind is Kind.ONLY_IN_STORE and self.status in {State.NOT_NEEDED, State.CANCELED}
        return self.kind is not Kind.MATCHED and not set_aside


Side = TypeVar("Side", Claim, Document)


def compare(claims: Iterable[Claim], documents: Iterable[Document]) -> Iterator[Line]:
    """Compares the refunds of a span with NetSuite's records; each refund comes to one kind.

    A refund gives one line for each currency it has amounts in: one, unless NetSuite holds another currency.

    Args:
        claims: ordered by refund, each refund once.
        documents: ordered by refund; those of no refund, or of one without a claim, are only in NetSuite.

    Raises:
        ValueError: one of the two is not in order.
    """
    grouped = groupby(_in_order(documents, "documents"), key=lambda document: document.refund)
    held = next(grouped, None)
    for claim in _in_order(claims, "claims", once=True):
        while held and held[0] < claim.refund:
            yield from _unclaimed(held[1])
            held = next(grouped, None)
        found: tuple[Document, ...] = ()
        if held and held[0] == claim.refund:
            found = tuple(held[1])
            held = next(grouped, None)
        yield from _claimed(claim, found)
    while held:
        yield from _unclaimed(held[1])
        held = next(grouped, None)


def _in_order(given: Iterable[Side], what: str, *, once: bool = False) -> Iterator[Side]:
    last: str | None = None
    for one in given:
        if last is not None and (one.refund < last or (once and one.refund == last)):
            raise ValueError(f"The {what} are not ordered by refund: {one.refund} comes after {last}")
        last = one.refund
        yield one


def _unclaimed(documents: Iterable[Document]) -> Iterator[Line]:
    for one in documents:
        if one.voided or not one.counted:
            continue
        zero = Money.zero(one.total.currency)
        yield Line(
            kind=Kind.ONLY_IN_NETSUITE,
            day=one.day,
            order=one.order,
            refund="",
            transaction=None,
            status=None,
            store=zero,
            explained=zero,
            netsuite=one.total,
            documents=(one,),
            why=(one.why,) if one.why else (),
        )


def _claimed(claim: Claim, documents: tuple[Document, ...]) -> Iterator[Line]:
    """Gives the lines of one refund; none where neither side holds it any more."""
    documents = _as_planned(documents, claim.ours)
    stands = any(not one.voided for one in documents)
    booked = claim.ours is not None and claim.ours.status in BOOKED
    if claim.paid is None:
        if stands:
            yield from _lines(claim, Kind.ONLY_IN_NETSUITE, documents, (_gone_from_store(claim),))
        return
    if booked and claim.ours:
        found = tuple(_differences(claim, claim.paid, claim.ours, documents))
        yield from _lines(claim, Kind.DIFFERENT if found else Kind.MATCHED, documents, found)
    elif stands and claim.ours:
        yield from _lines(claim, Kind.DIFFERENT, documents, (_not_finished(claim.ours), *claim.ours.why))
    else:
        why = claim.ours.why if claim.ours else claim.why
        yield from _lines(claim, Kind.ONLY_IN_STORE, documents, why)


def _as_planned(documents: tuple[Document, ...], ours: Ours | None) -> tuple[Document, ...]:
    """Lets the plan say whether a record counts; what a customer refund pays is not always seen from outside."""
    planned = {one.id: one.counted for one in ours.linked} if ours else {}
    return tuple(replace(one, counted=planned.get(one.id, one.counted)) for one in documents)


def _lines(claim: Claim, kind: Kind, documents: tuple[Document, ...], why: tuple[Finding, ...]) -> Iterator[Line]:
    """Gives a line for each currency of a refund: its own first, then those only NetSuite has amounts in."""
    ours = claim.ours
    own = claim.paid if claim.paid is not None or ours is None else ours.amount
    counted = [one for one in documents if one.counted and not one.voided]
    currencies = list(
        dict.fromkeys(([own.currency] if own is not None else []) + [one.total.currency for one in counted])
    )
    for currency in currencies:
        zero = Money.zero(currency)
        paid = claim.paid if claim.paid is not None and claim.paid.currency == currency else zero
        booked = ours is not None and ours.status in BOOKED and claim.paid is not None
        explained = ours.written - ours.amount if ours and booked and ours.amount.currency == currency else zero
        first = currency == currencies[0]
        yield Line(
            kind=kind,
            day=claim.day,
            order=claim.order,
            refund=claim.refund,
            transaction=ours.transaction if ours else None,
            status=ours.status if ours else None,
            store=paid,
            explained=explained,
            netsuite=total((one.total for one in counted if one.total.currency == currency), currency),
            documents=tuple(
                one
                for one in documents
                if one.total.currency == currency or (first and one.total.currency not in currencies)
            ),
            why=why,
        )


def _differences(claim: Claim, paid: Money, ours: Ours, documents: tuple[Document, ...]) -> Iterator[Finding]:
    """Finds what is not as it was booked: at the store, and of each record in NetSuite."""
    if claim.changed or paid != ours.amount:
        yield _changed_at_store(paid, ours.amount)
    there = {one.id: one for one in documents}
    for linked in ours.linked:
        stands = there.pop(linked.id, None)
        if stands is None:
            yield _gone(linked)
        elif stands.voided:
            yield _voided(linked)
        elif stands.total.currency != (paid if linked.counted else linked.total).currency:
            yield _other_currency(linked, stands, paid)
        elif stands.total != linked.total:
            yield _other_total(linked, stands)
    for stray in there.values():
        if not stray.voided:
            yield _stray(stray)


def _changed_at_store(paid: Money, booked: Money) -> Finding:
    said = f"it gave back {paid}, and {booked} was booked" if paid != booked else f"{paid} as before, in other parts"
    return error(
        "reconcile_store_changed",
        f"What the store says of this refund's money is not what was posted: {said}.",
        fix="Compare the refund at the store with its records in NetSuite, and correct what is wrong there.",
    )


def _gone(linked: Linked) -> Finding:
    return error(
        "reconcile_gone",
        f"The {linked.label} of {linked.total} is not in NetSuite any more.",
        fix="Find out who deleted it and why; then book the refund again, or leave it so on purpose.",
        where=linked.label,
    )


def _voided(linked: Linked) -> Finding:
    return error(
        "reconcile_voided",
        f"The {linked.label} of {linked.total} was voided in NetSuite.",
        fix="Find out who voided it and why; then book the refund again, or leave it so on purpose.",
        where=linked.label,
    )


def _other_currency(linked: Linked, stands: Document, paid: Money) -> Finding:
    return error(
        "reconcile_currency_differs",
        f"The {linked.label} stands in {stands.total.currency} and was written in {linked.total.currency}, for {paid} "
        "of the store.",
        fix="Look at who changed the record in NetSuite, and correct it there.",
        where=linked.label,
    )


def _other_total(linked: Linked, stands: Document) -> Finding:
    change = stands.total - linked.total
    more = "more" if change.amount > 0 else "less"
    return error(
        "reconcile_total_differs",
        f"The {linked.label} was written with {linked.total} and comes to {stands.total} now: {abs(change)} {more}.",
        fix="Look at who changed the record in NetSuite, and correct it there.",
        where=linked.label,
    )


def _stray(stands: Document) -> Finding:
    return error(
        "reconcile_stray_record",
        f"NetSuite also holds the {stands.label} of {stands.total} under an external id of this refund, which is not "
        "among its records here.",
        fix="Look at both in NetSuite: one of the two should be void.",
        where=stands.label,
    )


def _not_finished(ours: Ours) -> Finding:
    return error(
        "reconcile_not_finished",
        f"NetSuite holds records of this refund, and its posting has not come to its end: it is {ours.status}.",
        fix="Look at the refund here: post it to the end, or do what its message says.",
    )


def _gone_from_store(claim: Claim) -> Finding:
    return warning(
        "reconcile_gone_from_store",
        f"The store has no refund {claim.refund} of order {claim.order} any more, or does not show it to us.",
        fix="Look at the order in the store. If the refund is gone there, void its records in NetSuite.",
    )
