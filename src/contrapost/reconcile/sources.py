"""Where a comparison reads: our rows, the store as it is now, and NetSuite; each put into what is gathered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from contrapost.netsuite.credits import credits_between, credits_of
from contrapost.netsuite.standing import VOIDED_STATUS
from contrapost.reconcile.compare import Document, Linked, Ours
from contrapost.reconcile.gathering import OwnSide, StoreSide
from contrapost.records import booked, queries
from contrapost.records.keeping import digest_of
from contrapost.refunds.balance import balance
from contrapost.refunds.document import TenderStatus
from contrapost.refunds.finding import Finding, error, info, warning
from contrapost.refunds.identity import DIGESTED, OURS, prefix_of
from contrapost.refunds.lifecycle import BOOKED, LABELS, State
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from contrapost.netsuite.client import RestNetSuite
    from contrapost.netsuite.credits import CreditRecord
    from contrapost.netsuite.match import OrderRule
    from contrapost.reconcile.gathering import Gathered
    from contrapost.records.booked import BookedRow
    from contrapost.records.rows import AccountRow
    from contrapost.refunds.document import Refund
    from contrapost.stores.contract import Page, Retrieved, Store

Span = tuple[date, date]
"""The first and the last day."""
MAX_PAGES: Final = 100_000
"""A store that never comes to its last page is stopped here."""
LOOKED_FOR: Final = 200
"""So many records that SuiteQL did not show are looked for one by one: it may lag behind what was just written."""
_NAMED: Final = 20
"""So many orders are named in a finding about several."""


def put_row(gathered: Gathered, row: BookedRow) -> None:
    """Puts in what our row of a refund says."""
    linked = tuple(
        Linked(id=one.netsuite_id, record=one.record, tranid=one.tranid, total=one.total, counted=one.counted)
        for one in row.links
    )
    why = () if row.status in BOOKED else row.findings or (_why(row),)
    ours = Ours(transaction=row.id, status=row.status, amount=row.amount, linked=linked, why=why)
    side = OwnSide(order=row.order_name or row.order_id, day=row.refunded_on, ours=ours, digest=row.digest)
    gathered.put_own(row.store_refund_id, row.order_id, side)


def _why(row: BookedRow) -> Finding:
    word = LABELS[row.status]
    if row.status is State.CANCELED:
        return info("reconcile_set_aside", "It was canceled here, and is not acted on.", fix="Restore it to post it.")
    return warning("reconcile_not_posted", f"It is not posted: it is {word}.", fix="Post it.")


# ---- the store


def read_store(gathered: Gathered, store: Store, account: str, begins: datetime, span: Span) -> list[Finding]:
    """Puts in the refunds of a span as the store says them now, and gives what it says of none in particular.

    Orders are read that changed since the span began: a refund changes its order, and so may what came later.

    Raises:
        StoreError: the store could not be reached or refused us.
    """
    unreadable: list[str] = []
    for page in _changed(store, begins):
        unreadable += _put_page(gathered, page.refunds, account, span)
    for portion in gathered.unsaid():
        orders = list(dict.fromkeys(order for _, order in portion))
        unreadable += _put_page(gathered, store.orders(orders).refunds, account, span)
    return [_unreadable(list(dict.fromkeys(unreadable)))] if unreadable else []


def _changed(store: Store, begins: datetime) -> Iterator[Page]:
    cursor = ""
    for _ in range(MAX_PAGES):
        page = store.changed(since=begins, cursor=cursor)
        yield page
        if not page.has_more:
            return
        cursor = page.cursor


def _put_page(gathered: Gathered, refunds: Sequence[Retrieved], account: str, span: Span) -> list[str]:
    """Puts in one page, and gives the orders of refunds that could be read by nobody."""
    own = _own_of(gathered, refunds, account, span)
    strangers = [one.store_refund_id for one in refunds if one.store_refund_id not in own]
    deleted = booked.deleted(account, strangers) if strangers else set()
    unreadable = []
    for one in refunds:
        mine = own.get(one.store_refund_id)
        day = one.refund.refunded_on if one.refund else None
        inside = day is not None and span[0] <= day <= span[1]
        if one.refund is None and mine is None:
            unreadable.append(one.order_name or one.order_id)
        elif one.refund is None and mine:
            side = StoreSide(order=mine.order, day=mine.day, paid=mine.ours.amount)
            gathered.put_store(one.store_refund_id, one.order_id, side)
        elif one.refund and (inside or one.store_refund_id in own):
            gathered.put_store(one.store_refund_id, one.order_id, _said(one, one.refund, mine, deleted))
    return unreadable


def _own_of(gathered: Gathered, refunds: Sequence[Retrieved], account: str, span: Span) -> dict[str, OwnSide]:
    """What our rows know of the refunds of a page that are in the span by our day, or by the store's."""
    found = gathered.own([one.store_refund_id for one in refunds])
    inside = [
        one.store_refund_id
        for one in refunds
        if one.store_refund_id not in found and one.refund and span[0] <= one.refund.refunded_on <= span[1]
    ]
    for row in booked.named(account, inside):
        put_row(gathered, row)
    return found | gathered.own(inside)


def _said(one: Retrieved, refund: Refund, mine: OwnSide | None, deleted: set[str]) -> StoreSide:
    changed = bool(mine and mine.ours.status in BOOKED and mine.digest != digest_of(one) and _moved(refund, mine))
    why: tuple[Finding, ...] = ()
    if mine is None:
        why = (_deleted(),) if one.store_refund_id in deleted else (_not_retrieved(one),)
    return StoreSide(
        order=one.order_name or one.order_id, day=refund.refunded_on, paid=paid(refund), changed=changed, why=why
    )


def paid(refund: Refund) -> Money:
    """Gives what the store gave back, or is about to; nothing where every tender failed."""
    failed = refund.tenders and all(tender.status is TenderStatus.FAILED for tender in refund.tenders)
    return Money.zero(refund.currency) if failed else balance(refund).amount


def _moved(refund: Refund, mine: OwnSide) -> bool:
    """Says whether the store's money is another than that of the document we booked."""
    document = queries.documents([mine.ours.transaction]).get(mine.ours.transaction)
    return document is None or _money(document) != _money(refund)


def _money(refund: Refund) -> tuple[Money, ...]:
    found = balance(refund)
    return (found.credited, found.paid_out, found.to_liability, found.pending, found.goods_out)


def _not_retrieved(one: Retrieved) -> Finding:
    return warning(
        "reconcile_not_retrieved",
        "The store has this refund, and it was never retrieved.",
        fix=f"Retrieve order {one.order_name or one.order_id}.",
    )


def _deleted() -> Finding:
    return info(
        "reconcile_deleted", "It was deleted here.", fix="Retrieve its order by hand to have it back, if it should be."
    )


def _unreadable(orders: list[str]) -> Finding:
    named = ", ".join(orders[:_NAMED]) + (" …" if len(orders) > _NAMED else "")
    return warning(
        "reconcile_unreadable",
        f"Refunds of {len(orders)} orders could not be read, so they are not compared: {named}.",
        fix="Retrieve these orders: the messages of their refunds say what is wrong.",
    )


# ---- NetSuite


def read_netsuite(gathered: Gathered, net: RestNetSuite, account: AccountRow, rule: OrderRule, span: Span) -> None:
    """Puts in NetSuite's records of a span, and those that our rows name wherever they are dated.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    prefix = prefix_of(account.identity)
    for page in credits_between(net, *span, rule=rule, prefix=prefix):
        _put_dated(gathered, page, account, prefix)
    missing: dict[str, str] = {}
    for portion in gathered.unread():
        owners = dict(portion)
        for page in credits_of(net, list(owners), rule=rule):
            for one in page:
                gathered.put_document(_document(one, owners.pop(one.id)))
        if len(missing) <= LOOKED_FOR:
            missing |= owners
    if len(missing) <= LOOKED_FOR:
        _look_for(gathered, net, missing)
    for portion in gathered.with_strays():
        for row in booked.named(account.name, [refund for refund, _ in portion]):
            put_row(gathered, row)


def _put_dated(gathered: Gathered, page: Iterable[CreditRecord], account: AccountRow, prefix: str) -> None:
    """Puts in those of a page that are this account's; what stands for a refund of another day is counted there."""
    records = list(page)
    holders = booked.holders(account.netsuite, [(one.id, one.external_id) for one in records])
    refunds = [found.store_refund_id for found in holders.values() if found.account == account.name]
    inside = gathered.own(refunds) if refunds else {}
    for one in records:
        holder = holders.get(one.id)
        external = one.external_id.lower()
        if holder and holder.taken_back:
            continue
        if holder:
            if holder.account == account.name and holder.store_refund_id in inside:
                gathered.put_document(_document(one, holder.store_refund_id))
        elif external.startswith((prefix, DIGESTED)):
            gathered.put_document(replace(_document(one, ""), why=_ours_unknown(one)))
        elif not external.startswith(OURS):
            gathered.put_document(replace(_document(one, ""), why=_not_ours(one)))


def _look_for(gathered: Gathered, net: RestNetSuite, missing: dict[str, str]) -> None:
    """Looks in NetSuite's own records for what its search did not show, which may lag behind what was just written."""
    own = gathered.own(list(missing.values())) if missing else {}
    for id_, refund in missing.items():
        linked = next(one for one in own[refund].ours.linked if one.id == id_)
        said = net.get(linked.record, id_)
        if said is not None:
            gathered.put_document(_as_read(said, refund, linked))


def _as_read(said: dict[str, Any], refund: str, linked: Linked) -> Document:
    status = said.get("status") or {}
    return Document(
        refund=refund,
        id=linked.id,
        record=linked.record,
        tranid=str(said.get("tranId", "")),
        external_id=str(said.get("externalId", "")),
        order="",
        total=abs(Money(Decimal(str(said.get("total", "0"))), linked.total.currency)),
        day=date.fromisoformat(str(said["tranDate"])),
        voided=isinstance(status, dict) and status.get("id") == VOIDED_STATUS,
        counted=linked.counted,
    )


def _document(one: CreditRecord, refund: str) -> Document:
    return Document(
        refund=refund,
        id=one.id,
        record=one.record,
        tranid=one.tranid,
        external_id=one.external_id,
        order=one.order,
        total=one.total,
        day=one.day,
        voided=one.voided,
        counted=one.counted,
    )


def _ours_unknown(one: CreditRecord) -> Finding:
    return error(
        "reconcile_ours_unknown",
        f"It carries an external id of ours, {one.external_id}, and no refund here knows of it.",
        fix="It was posted from another database, or one that was lost. Retrieve its order, and compare before you "
        "post anything of it.",
    )


def _not_ours(one: CreditRecord) -> Finding:
    of_order = f" of order {one.order}" if one.order else ""
    return warning(
        "reconcile_not_ours",
        f"Somebody or something else made this record{of_order} in NetSuite.",
        fix="If it books a refund of the store, link it to that refund, so that it is not posted too (contrapost "
        "adopt). If it is no refund of this store, narrow the account's orders with order.filter.FIELD.",
    )
