"""The shapes of what the doors answer: the same JSON from the command line and from the API. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from contrapost.refunds.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from contrapost.adopting import Adoptable
    from contrapost.correcting import Correction
    from contrapost.netsuite.by_hand import ByHand
    from contrapost.netsuite.drafts import Draft, Plan
    from contrapost.netsuite.lists import Lists
    from contrapost.noticing import Checked
    from contrapost.profiles.moving import Compared, Exported
    from contrapost.reconcile.compare import Line
    from contrapost.reconcile.report import Group, Sum, Totals
    from contrapost.records.reconciliations import ReconciliationRow
    from contrapost.records.rows import (
        AccountRow,
        AttemptRow,
        HistoryRow,
        LinkRow,
        TransactionRow,
        TransactionSummary,
    )
    from contrapost.refunds.changes import Change
    from contrapost.refunds.finding import Finding
    from contrapost.refunds.looks import Looks
    from contrapost.refunds.money import Money
    from contrapost.stores.contract import Problem

Shape = dict[str, Any]


def refund_shape(row: TransactionSummary, url_of: Callable[[str, str, str], str]) -> Shape:
    """Gives a transaction as the doors answer it."""
    return {
        "id": row.id,
        "account": row.account,
        "connector": row.connector,
        "order_id": row.order_id,
        "order_name": row.order_name,
        "store_refund_id": row.store_refund_id,
        "refunded_at": row.refunded_at.isoformat(),
        "status": row.status.value,
        "reason": row.reason or None,
        "changed": [_change_shape(change) for change in row.changes],
        "total": money_shape(row.amount),
        "findings": [finding_shape(finding) for finding in row.findings],
        "netsuite": [_link_shape(link, url_of(row.netsuite, link.record, link.netsuite_id)) for link in row.links],
    }


def _change_shape(change: Change) -> Shape:
    return {
        "side": change.side.value,
        "code": change.finding.code,
        "record_id": change.record or None,
        "apart": [{"what": one.what, "before": one.before, "now": one.now} for one in change.apart],
    }


def checked_shape(
    checked: Checked, rows: Iterable[TransactionSummary], url_of: Callable[[str, str, str], str]
) -> Shape:
    """Gives what a check of posted refunds came to."""
    return {
        "records": checked.records,
        "refunds": [refund_shape(row, url_of) for row in rows],
        "problems": [problem_shape(problem) for problem in checked.problems],
    }


def correction_shape(
    made: Correction, row: TransactionRow, lists: Lists, url_of: Callable[[str, str, str], str]
) -> Shape:
    """Gives what a correction would do: what it takes back, and what it books anew."""
    plan = made.plan
    return {
        "refund": refund_shape(row, url_of),
        "way": made.way.value,
        "fingerprint": made.fingerprint if plan else None,
        "gone": [{"id": id_, "why": why} for id_, why in sorted(made.gone.items())],
        "records": [_record_shape(draft) for draft in plan.drafts] if plan else [],
        "ledger": [entry for draft in plan.drafts for entry in _ledger_shape(draft, lists)] if plan else [],
        "findings": [finding_shape(finding) for finding in made.findings],
    }


def adoptable_shape(found: Adoptable, netsuite: str, url_of: Callable[[str, str, str], str]) -> Shape:
    """Gives the records that may be linked to a refund, the best fit first."""
    return {
        "candidates": [
            {
                "fit": one.fit,
                "fingerprint": one.fingerprint,
                "differences": list(one.says),
                "records": [_by_hand_shape(record, netsuite, url_of) for record in one.records],
            }
            for one in found.candidates
        ],
        "finding": finding_shape(found.finding) if found.finding else None,
    }


def _by_hand_shape(one: ByHand, netsuite: str, url_of: Callable[[str, str, str], str]) -> Shape:
    return {
        "type": one.record.value,
        "id": one.id,
        "tranid": one.standing.tranid,
        "external_id": one.standing.external_id,
        "date": one.standing.day.isoformat() if one.standing.day else None,
        "total": money_shape(one.total),
        "url": url_of(netsuite, one.record.value, one.id),
    }


def finding_shape(finding: Finding) -> Shape:
    """Gives a finding as the doors answer it."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "fix": finding.fix,
        "where": finding.where,
    }


def problem_shape(problem: Problem) -> Shape:
    """Gives a problem as the doors answer it."""
    finding = problem.finding
    return {"order_id": problem.order, "code": finding.code, "message": finding.message, "fix": finding.fix}


def money_shape(money: Money) -> Shape:
    """Gives an amount with its currency."""
    return {"amount": money.text, "currency": money.currency}


def show_shape(
    row: TransactionSummary,
    attempts: Sequence[AttemptRow],
    history: Sequence[HistoryRow],
    url_of: Callable[[str, str, str], str],
    *,
    raw: bool,
) -> Shape:
    """Gives a transaction with what was tried and what happened; with `raw`, what went over the wire too."""
    return {
        **refund_shape(row, url_of),
        "waiting": _looks_shape(row.looks),
        "attempts": [_attempt_shape(attempt, raw=raw) for attempt in attempts],
        "history": [{**asdict(entry), "at": entry.at.isoformat()} for entry in history],
    }


def _looks_shape(looks: Looks) -> Shape | None:
    """Since when a refund waits, or how often it was tried; None where it is not looked at again by itself."""
    if looks.since is None and looks.next_at is None:
        return None
    return {
        "since": looks.since.isoformat() if looks.since else None,
        "looks": looks.count,
        "next_look_at": looks.next_at.isoformat() if looks.next_at else None,
    }


def _attempt_shape(attempt: AttemptRow, *, raw: bool) -> Shape:
    wire: Shape = {} if raw else {"sent": None, "received": None}
    return {**asdict(attempt), "at": attempt.at.isoformat(), **wire}


def account_shape(row: AccountRow, *, settings: bool) -> Shape:
    """Gives an account as the doors answer it; with `settings`, those and the profile too, never a secret."""
    return {
        "name": row.name,
        "connector": row.connector,
        "netsuite": row.netsuite,
        "shop": row.identity,
        "settings": dict(row.settings) if settings else None,
        "profile": {name: plain(value) for name, value in row.profile.items()} if settings else None,
    }


def profile_shape(exported: Exported) -> Shape:
    """Gives an account's profile, and the file it is exported as."""
    return {
        "account": exported.account,
        "profile": dict(exported.profile),
        "file": exported.file,
        "fingerprint": exported.fingerprint,
    }


def compared_shape(compared: Compared) -> Shape:
    """Gives what a profile file would change, or has changed."""
    return {
        "account": compared.account,
        "changes": [asdict(change) for change in compared.changes],
        "findings": [finding_shape(finding) for finding in compared.findings],
        "fingerprint": compared.fingerprint,
        "applied": compared.applied,
    }


def reconciliation_shape(row: ReconciliationRow, totals: Totals, lines: Iterable[Line] | None = None) -> Shape:
    """Gives a comparison of store and NetSuite as the doors answer it; `lines` is null where none are asked for."""
    return {
        "id": row.id,
        "account": row.account,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "offline": row.offline,
        "by": row.by,
        "began_at": row.began_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "failed": row.failed,
        "compared": row.compared,
        "open": row.open,
        "kinds": {kind.value: count for kind, count in totals.by_kind().items()},
        "totals": [{"currency": currency, **_group_shape(group)} for currency, group in totals.by_currency().items()],
        "days": [
            {"day": group.day.isoformat(), "currency": group.currency, **_group_shape(group)} for group in totals.groups
        ],
        "findings": [finding_shape(finding) for finding in row.findings],
        "lines": None if lines is None else [line_shape(line) for line in lines],
    }


def _group_shape(group: Group) -> Shape:
    return {**_sum_shape(group.whole), "kinds": {kind.value: _sum_shape(of) for kind, of in group.kinds.items()}}


def _sum_shape(of: Sum) -> Shape:
    return {
        "lines": of.lines,
        "store": of.store.text,
        "explained": of.explained.text,
        "netsuite": of.netsuite.text,
        "difference": of.difference.text,
    }


def line_shape(line: Line) -> Shape:
    """Gives one refund compared; amounts are in the line's currency."""
    return {
        "kind": line.kind.value,
        "day": line.day.isoformat(),
        "currency": line.netsuite.currency,
        "order_name": line.order,
        "store_refund_id": line.refund or None,
        "id": line.transaction,
        "status": line.status.value if line.status else None,
        "store": line.store.text,
        "explained": line.explained.text,
        "netsuite": line.netsuite.text,
        "difference": line.difference.text,
        "records": [
            {
                "type": one.record,
                "id": one.id,
                "tranid": one.tranid,
                "external_id": one.external_id,
                "day": one.day.isoformat(),
                "total": money_shape(one.total),
                "voided": one.voided,
            }
            for one in line.documents
        ],
        "findings": [finding_shape(finding) for finding in line.why],
    }


def preview_shape(row: TransactionRow, lists: Lists, url_of: Callable[[str, str, str], str]) -> Shape:
    """Gives what a transaction would become, or became; amounts are in the refund's currency.

    The ledger is in the subsidiary's base currency.
    """
    plan = row.plan
    shape: Shape = {"refund": refund_shape(row, url_of), "fingerprint": row.fingerprint or None}
    if plan is None:
        empty: Shape = {"records": [], "ledger": [], "stock": [], "trace": []}
        amounts = dict.fromkeys(_AMOUNTS)
        return {**shape, **empty, **amounts, "netsuite_total": None, "findings": shape["refund"]["findings"]}
    return {
        **shape,
        "records": [_record_shape(draft) for draft in plan.drafts],
        "ledger": [entry for draft in plan.drafts for entry in _ledger_shape(draft, lists)],
        **{name: getattr(plan.amounts, name).text for name in _AMOUNTS},
        "netsuite_total": plan.netsuite_total.text,
        "stock": [entry for draft in plan.drafts for entry in _stock_shape(draft, lists)],
        "findings": shape["refund"]["findings"],
        "trace": _trace_shape(plan),
    }


_AMOUNTS = ("credited", "paid_out", "to_liability", "receivable_reduced", "rounding")


def _link_shape(link: LinkRow, url: str) -> Shape:
    return {
        "type": link.record,
        "id": link.netsuite_id,
        "tranid": link.tranid,
        "external_id": link.external_id,
        "total": money_shape(link.total),
        "adopted": link.adopted,
        "taken_back": link.taken_back or None,
        "url": url,
    }


def _record_shape(draft: Draft) -> Shape:
    return {
        "type": draft.record.value,
        "external_id": draft.external_id,
        "takes_back": draft.takes_back or None,
        "deletes": draft.removes,
        "from": {"type": draft.source.record, "id": draft.source.id or draft.source.written} if draft.source else None,
        "fields": {name: plain(value) for name, value in draft.body.items() if name != "item" or not draft.lines},
        "lines": [
            {
                "item": line.item,
                "quantity": plain(line.quantity),
                "amount": line.amount.text,
                "tax": line.tax.text,
                "order_line": line.order_line,
                "why": line.why,
                "fields": plain(line.fields),
            }
            for line in draft.lines
        ],
        "total": draft.total.text,
    }


def _ledger_shape(draft: Draft, lists: Lists) -> list[Shape]:
    accounts = {account.id: account for account in lists.accounts}
    return [
        {
            "record": line.on or draft.record.value,
            "external_id": draft.external_id,
            "account": accounts[line.account].number or line.account if line.account in accounts else line.account,
            "account_id": line.account,
            "account_name": accounts[line.account].name if line.account in accounts else "",
            "debit": f"{line.debit:.2f}",
            "credit": f"{line.credit:.2f}",
            "by": line.by.value,
        }
        for line in draft.ledger
    ]


def _stock_shape(draft: Draft, lists: Lists) -> list[Shape]:
    names = {location.id: location.name for location in lists.locations}
    return [
        {
            "item": move.item,
            "item_id": move.item_id,
            "location": names.get(move.location, move.location),
            "location_id": move.location,
            "quantity": plain(move.quantity),
        }
        for move in draft.stock
    ]


def _trace_shape(plan: Plan) -> list[Shape]:
    return [{"what": reason.what, "value": reason.value, "why": reason.why} for reason in plan.trace]


def plain(value: Any) -> Any:  # noqa: ANN401 - a JSON body
    """Gives a value of a body as JSON takes it: amounts as text, never as a binary number."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return _decimal_text(value) if hasattr(value, "as_tuple") else value


def _decimal_text(value: Decimal) -> str:
    return f"{value:f}"


def needs_attention(findings: list[Shape]) -> bool:
    """Says whether any of these findings keeps something from being done."""
    return any(finding["severity"] == Severity.ERROR.value for finding in findings)
