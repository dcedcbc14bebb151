"""Adopt: records that somebody made by hand in NetSuite are found, shown with how well they fit, and linked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contrapost.mapping.fit import Candidate, best_first, judge
from contrapost.mapping.profile import read_profile
from contrapost.netsuite.bill import Bills, Waiting
from contrapost.netsuite.by_hand import together
from contrapost.netsuite.find_by_hand import find_by_hand
from contrapost.netsuite.match import match
from contrapost.planning import is_open, order_rule
from contrapost.records import adopting, queries
from contrapost.records.errors import RefusedError
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost.app import App
    from contrapost.netsuite.by_hand import ByHand
    from contrapost.records.rows import TransactionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoptable:
    """What a person may link to a refund, the best fit first; or why there is nothing."""

    candidates: tuple[Candidate, ...]
    pool: tuple[ByHand, ...] = ()
    """Every record that may be named, alone or with others."""
    finding: Finding | None = None


def adoptable(app: App, row: TransactionRow) -> Adoptable:
    """Finds the records of the order's family that stand for no refund yet, and judges how well they fit this one.

    Raises:
        SetUpError: the NetSuite account is not set up to be connected.
        NetSuiteError: NetSuite could not be asked.
    """
    if row.document is None:
        return Adoptable(candidates=(), finding=_unreadable())
    profile, _ = read_profile(app.account(row.account).profile)
    lists = app.lists_for(row.netsuite)
    net = app.netsuite_for(row.netsuite)
    found = match(net, [row.document], order_rule(profile), suitetax=lists.suitetax)[row.store_refund_id]
    if not isinstance(found, Bills):
        return Adoptable(candidates=(), finding=_no_order(found))
    records = find_by_hand(net, found)
    linked = adopting.linked(row.netsuite, [one.id for one in records])
    pool = tuple(one for one in records if one.id not in linked)
    candidates = best_first(judge(group, row.document, profile, lists) for group in together(pool))
    return Adoptable(candidates=candidates, pool=pool, finding=None if pool else _nothing(found))


def adopt(app: App, id_: int, names: Sequence[str], *, seen: str, reason: str, by: str) -> None:
    """Links records to a refund, after a look whether they still stand so; nothing is sent.

    Args:
        app: the composition root.
        id_: the transaction.
        names: of the records, `cashRefund:123`; together they stand for the refund.
        seen: the fingerprint of the candidate the person saw; empty where they named the records without looking.
        reason: why, where the records do not agree with the refund.
        by: who confirms it.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it stands or is under way; a record is none that may be linked, is another one now, or does not
            agree and no reason is given.
        SetUpError: the NetSuite account is not set up to be connected.
        NetSuiteError: NetSuite could not be asked.
    """
    row = queries.get(id_)
    if not is_open(row) or row.document is None:
        raise RefusedError(
            f"The refund {row.store_refund_id} of {row.order_name} is {row.status.value.replace('_', ' ')}: only one "
            "that neither stands in NetSuite, nor is on its way there, nor is canceled can be linked to a record."
        )
    found = adoptable(app, row)
    chosen = _chosen(found, names)
    profile, _ = read_profile(app.account(row.account).profile)
    candidate = judge(chosen, row.document, profile, app.lists_for(row.netsuite))
    if seen and seen != candidate.fingerprint:
        raise RefusedError("These records changed in NetSuite since you looked. Nothing was linked; look again.")
    if candidate.says and not reason.strip():
        raise RefusedError(f"Say why they are linked although they do not agree: {' '.join(candidate.says)}")
    adopting.adopted(id_, chosen, says=candidate.says, reason=reason.strip(), by=by, now=app.now())


def _chosen(found: Adoptable, names: Sequence[str]) -> tuple[ByHand, ...]:
    pool = {one.name.lower(): one for one in found.pool}
    missing = [name for name in names if name.lower() not in pool]
    if not names or missing:
        there = ", ".join(one.name for one in found.pool) or "none"
        said = f"{', '.join(missing)} is no record that can be linked" if missing else "Name at least one record"
        raise RefusedError(
            f"{said}: it must belong to the refund's order, not be void, and stand for no other refund. "
            f"Records that can be: {there}."
        )
    return tuple(pool[name] for name in dict.fromkeys(name.lower() for name in names))


def _unreadable() -> Finding:
    return error(
        "nothing_to_adopt",
        "The refund could not be read, so nothing can be compared with it.",
        fix="If it is booked, mark it as booked elsewhere.",
    )


def _no_order(found: Waiting | Finding) -> Finding:
    return error(
        "nothing_to_adopt",
        f"No record can be found for this refund: {found.message}",
        fix=f"{found.fix} If it is booked without its order, mark it as booked elsewhere.",
    )


def _nothing(bills: Bills) -> Finding:
    return error(
        "nothing_to_adopt",
        f"NetSuite holds no credit, customer refund or return of {bills.order_tranid} that stands for no refund yet.",
        fix="If it is booked under another order or in other books, mark it as booked elsewhere.",
    )
