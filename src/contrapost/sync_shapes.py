"""The shapes of what the doors answer about keeping accounts up: sync, back-fills, check lists. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from contrapost.shapes import Shape, finding_shape, problem_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from contrapost.golive import Check
    from contrapost.records.backfills import BackFillRow
    from contrapost.records.golive import NoteRow
    from contrapost.records.sync import SyncRow
    from contrapost.stores.contract import Hooks


def sync_shape(row: SyncRow, *, hinted: int, notes: Sequence[NoteRow] = ()) -> Shape:
    """Gives how an account is kept up, with how many orders the store told of are still to be read."""
    return {
        "account": row.account,
        "mode": "live" if row.live else "test",
        "automatic": row.automatic,
        "go_live_on": row.go_live_on.isoformat() if row.go_live_on else None,
        "poll_minutes": row.poll_minutes,
        "next_poll_at": _at(row.next_poll_at),
        "polled_at": _at(row.polled_at),
        "read_to": _at(row.read_to),
        "error": finding_shape(row.error) if row.error else None,
        "paused_until": _at(row.paused_until),
        "look_back_days": row.look_back_days,
        "look_back_hours": row.look_back_hours,
        "has_hooks": row.has_hooks,
        "hooked_at": _at(row.hooked_at),
        "hinted": hinted,
        "decisions": [
            {"at": note.at.isoformat(), "by": note.by, "what": note.what, "note": note.note} for note in notes
        ],
    }


def back_fill_shape(row: BackFillRow) -> Shape:
    """Gives a back-fill and how far it has come."""
    return {
        "id": row.id,
        "account": row.account,
        "asked_at": row.asked_at.isoformat(),
        "asked_by": row.asked_by,
        "since": _at(row.since),
        "until": _at(row.until),
        "orders": row.total or None,
        "done": row.done if row.total else None,
        "percent": row.percent,
        "refunds": row.found,
        "state": row.state,
        "finished_at": _at(row.finished_at),
        "problems": [problem_shape(problem) for problem in row.problems],
        "problem_count": row.problem_count,
    }


def checks_shape(account: str, checks: Iterable[Check], row: SyncRow) -> Shape:
    """Gives the check list of an account, and whether all is done that must be."""
    listed = [asdict(check) for check in checks]
    return {
        "account": account,
        "mode": "live" if row.live else "test",
        "may_go_live": all(check["done"] for check in listed if check["must"]),
        "checks": listed,
    }


def hooks_shape(address: str, hooks: Hooks) -> Shape:
    """Gives the address that a store is to call, shown once, and what is to be asked for there."""
    return {"address": address, "topics": list(hooks.topics), "where": hooks.where}


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
