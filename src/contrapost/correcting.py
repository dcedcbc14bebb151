"""Correct: what changed after posting is taken back and booked anew, as one plan that a person accepts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from contrapost.mapping.plan import plan as plan_of
from contrapost.mapping.profile import read_profile
from contrapost.mapping.record_choice import NotNeeded
from contrapost.mapping.taking_back import Naming, Undone, Way, take_back
from contrapost.netsuite.bill import Bills, Waiting, given_back, without_credits
from contrapost.netsuite.drafts import Amounts, Plan, RecordType
from contrapost.netsuite.match import match
from contrapost.planning import order_rule, terms_for, without_taken_back
from contrapost.records import correcting, queries
from contrapost.records.errors import RefusedError
from contrapost.refunds.finding import Finding, blocks, error, info
from contrapost.refunds.lifecycle import BOOKED
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contrapost.app import App
    from contrapost.netsuite.client import RestNetSuite
    from contrapost.records.rows import AccountRow, LinkRow, TransactionRow
    from contrapost.refunds.document import Refund

VANISHED, VOID = "vanished", "void"
"""Why a record needs no taking back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a correction would do, as NetSuite and the store stand now."""

    way: Way
    plan: Plan | None
    """What takes back and what books anew, in the order it is sent; None where it cannot be made now."""
    findings: tuple[Finding, ...] = ()
    """What keeps it from being made, or is to be known of it."""
    gone: Mapping[str, str] = field(default_factory=dict)
    """By internal id, the records that do not stand any more, and why."""

    @property
    def fingerprint(self) -> str:
        """Tells this correction from any other; shown with it, sent with the acceptance."""
        said = f"{self.way}{self.plan.fingerprint if self.plan else ''}{sorted(self.gone.items())}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def prepare(app: App, row: TransactionRow, way: Way) -> Correction:
    """Works out what takes back what stands, and what the refund becomes as it is now; sends nothing.

    Raises:
        RefusedError: it is not posted, or nothing of it changed.
        SetUpError: the NetSuite account is not set up to be connected.
        NetSuiteError: NetSuite could not be asked.
    """
    if row.status not in BOOKED or row.correcting or not row.changes:
        raise RefusedError(
            f"The refund {row.store_refund_id} of {row.order_name} has nothing to be corrected: it is not posted, or "
            "nothing of it changed since."
        )
    account, net = app.account(row.account), app.netsuite_for(row.netsuite)
    stands, gone = _look(net, row.standing)
    revision = correcting.next_revision(row.id)
    document = None if _deleted(row) else row.later or row.document
    naming = Naming(
        shop=account.identity,
        refund_id=row.store_refund_id,
        order_name=row.order_name,
        revision=revision,
        day=app.now().astimezone(row.refunded_at.tzinfo).date(),
    )
    undoing, findings = take_back(stands, way, naming)
    if blocks(findings):
        return Correction(way=way, plan=None, findings=findings, gone=gone)
    booking, findings = _booking(app, account, row, document, stands, revision)
    if blocks(findings) or (booking is None and not undoing):
        return Correction(way=way, plan=None, findings=findings or (_nothing_left(),), gone=gone)
    base = booking or _empty(row, revision)
    plan = replace(base, drafts=(*undoing, *base.drafts), findings=(*base.findings, *findings))
    return Correction(way=way, plan=plan, findings=findings, gone=gone)


def accept(app: App, id_: int, *, way: Way, seen: str, reason: str, by: str) -> None:
    """Makes the correction the refund's plan, after it was worked out anew; a post then carries it out.

    Raises:
        NotFoundError: there is no such transaction.
        RefusedError: it has nothing to be corrected, cannot be now, or becomes something else than was seen.
        SetUpError: the NetSuite account is not set up to be connected.
        NetSuiteError: NetSuite could not be asked.
    """
    row = queries.get(id_)
    made = prepare(app, row, way)
    if made.plan is None:
        raise RefusedError(f"{made.findings[0].message} {made.findings[0].fix}".strip())
    if seen != made.fingerprint:
        raise RefusedError("The correction changed since you looked. Nothing was sent; look at it again.")
    correcting.accepted(
        id_,
        made.plan,
        way=way.value,
        gone=made.gone,
        edition=row.edition,
        reason=reason.strip(),
        by=by,
        now=app.now(),
    )


def _look(net: RestNetSuite, links: tuple[LinkRow, ...]) -> tuple[list[Undone], dict[str, str]]:
    """Says which of the linked records stand, read whole, and which do not any more."""
    standings = net.stand([link.netsuite_id for link in links])
    stands: list[Undone] = []
    gone: dict[str, str] = {}
    for link in links:
        standing, said = standings.get(link.netsuite_id), net.get(link.record, link.netsuite_id, expand=True)
        if said is None:
            gone[link.netsuite_id] = VANISHED
        elif standing is None:
            raise RefusedError(
                f"NetSuite's search does not show {link.tranid or link.netsuite_id} yet. Try again in a while."
            )
        elif standing.voided:
            gone[link.netsuite_id] = VOID
        else:
            stands.append(Undone(record=RecordType(link.record), standing=standing, said=said))
    return stands, gone


def _booking(
    app: App, account: AccountRow, row: TransactionRow, document: Refund | None, stands: list[Undone], revision: int
) -> tuple[Plan | None, tuple[Finding, ...]]:
    """Maps the refund as it is now, on bills as they are once what stands is taken back; None books nothing."""
    if document is None:
        return None, ()
    profile, _ = read_profile(account.profile)
    lists = app.lists_for(row.netsuite)
    rule = order_rule(profile)
    matched = match(app.netsuite_for(row.netsuite), [document], rule, suitetax=lists.suitetax)
    found = without_taken_back(row.netsuite, matched[row.store_refund_id])
    if isinstance(found, Finding):
        return None, (found,)
    if isinstance(found, Waiting):
        return None, (_waits(found),)
    came_to = plan_of(
        document,
        _as_before(found, row, stands),
        terms_for(app, account, profile, lists, replace(row, document=document, revision=revision)),
    )
    if isinstance(came_to, NotNeeded):
        return None, (info(came_to.code, came_to.message),)
    if isinstance(came_to, Waiting):
        return None, (_waits(came_to),)
    return came_to, came_to.findings if blocks(came_to.findings) else ()


def _as_before(bills: Bills, row: TransactionRow, stands: list[Undone]) -> Bills:
    """The bills without what is taken back: credits counted no more, invoices and deposits open again by them."""
    ids = frozenset(one.standing.id for one in stands)
    drafts = row.plan.drafts if row.plan else ()
    written = {link.external_id for link in row.standing if link.netsuite_id in ids}
    return given_back(without_credits(bills, ids), [draft for draft in drafts if draft.external_id in written])


def _deleted(row: TransactionRow) -> bool:
    return any(change.finding.code == "deleted_at_store" for change in row.changes)


def _empty(row: TransactionRow, revision: int) -> Plan:
    """A plan that books nothing."""
    zero = Money.zero(row.amount.currency)
    amounts = Amounts(credited=zero, paid_out=zero, to_liability=zero, receivable_reduced=zero, rounding=zero)
    return Plan(drafts=(), amounts=amounts, revision=revision)


def _waits(waiting: Waiting) -> Finding:
    return error(waiting.code, waiting.message, fix=waiting.fix)


def _nothing_left() -> Finding:
    return error(
        "nothing_to_correct",
        "Nothing stands in NetSuite for this refund any more, and there is nothing to book in its place.",
        fix="Keep it as it is, with a reason.",
    )
