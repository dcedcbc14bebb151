"""The shapes of what waits, of what is held, and of what another look came to. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from contrapost.refunds.retry import rule_of
from contrapost.shapes import Shape, problem_shape, refund_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from contrapost.looking import Looked
    from contrapost.records.rows import CauseGroup, Listing, TransactionSummary, WaitingGroup
    from contrapost.refunds.lifecycle import State

    UrlOf = Callable[[str, str, str], str]


def waiting_shape(groups: Sequence[WaitingGroup], page: Listing, url_of: UrlOf, now: datetime) -> Shape:
    """Gives what is waited for, grouped, and one page of the refunds that wait, the longest waiting first."""
    return {
        "groups": [
            {**asdict(group), "oldest": group.oldest.isoformat(), "next_look_at": _moment(group.next_look_at)}
            for group in groups
        ],
        "refunds": [_waits(row, url_of, now) for row in page.rows],
        "cursor": page.cursor or None,
    }


def errors_shape(groups: Sequence[CauseGroup], page: Listing, url_of: UrlOf) -> Shape:
    """Gives what holds refunds, grouped by cause, and one page of the refunds that are held."""
    return {
        "groups": [
            {
                "account": group.account,
                "code": group.cause.code,
                "where": group.cause.where,
                "count": group.count,
                "checking": group.checking,
                "oldest": group.oldest.isoformat(),
                "message": group.finding.message,
                "fix": group.finding.fix,
                "order_name": group.order_name,
                "retry": rule_of(group.cause.code).value,
            }
            for group in groups
        ],
        "refunds": [refund_shape(row, url_of) for row in page.rows],
        "cursor": page.cursor or None,
    }


def looked_shape(looked: Looked, states: Mapping[int, State]) -> Shape:
    """Gives what a look that a person asked for came to: how many stand where now, and what kept it from more."""
    return {
        "looked_at": len(looked.ids),
        "left": looked.left,
        "asked": looked.asked,
        "statuses": count_states(states.values()),
        "problems": [problem_shape(problem) for problem in looked.problems],
    }


def count_states(states: Iterable[State]) -> dict[str, int]:
    """Counts refunds by their status; those that are none are left out."""
    counted: dict[str, int] = {}
    for state in states:
        counted[state.value] = counted.get(state.value, 0) + 1
    return counted


def _waits(row: TransactionSummary, url_of: UrlOf, now: datetime) -> Shape:
    since = row.looks.since
    return {
        **refund_shape(row, url_of),
        "waiting_since": _moment(since),
        "age_seconds": int((now - since).total_seconds()) if since else 0,
        "looks": row.looks.count,
        "next_look_at": _moment(row.looks.next_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
