"""Accounting periods: which one a date falls into, and whether it still takes postings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import Refused

if TYPE_CHECKING:
    from datetime import date

    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.state import Record, State
    from contrapost_emulators.netsuite.transactions.draft import Draft

SHUT_FLAGS = ("closed", "arLocked", "allLocked")


def is_shut(period: Record) -> bool:
    """Whether a period takes no more sales postings: closed, or locked for receivables."""
    return any(period.values.flag(name) for name in SHUT_FLAGS)


def posting_periods(state: State) -> list[Record]:
    """The months, oldest first."""
    return [period for period in state.family("period") if period.values.flag("isPosting")]


def holds(period: Record, day: date) -> bool:
    """Whether a day lies in a period."""
    first, last = period.values.day("startDate"), period.values.day("endDate")
    return first is not None and last is not None and first <= day <= last


def period_of(state: State, day: date) -> Record:
    """The month a day falls into."""
    for period in posting_periods(state):
        if holds(period, day):
            return period
    raise Refused("no period", "tranDate", day=day)


def set_period(draft: Draft) -> None:
    """Give the draft its posting period, and refuse one that is shut or does not hold the date."""
    day = draft.fields.day("tranDate") or draft.state.clock.today()
    asked = draft.fields.ref("postingPeriod")
    if asked is None or _date_alone_moved(draft):
        draft.fields["postingPeriod"] = _default_period(draft.state, day).id
    period = draft.state.require("period", draft.fields.need("postingPeriod"))
    if is_shut(period) or not period.values.flag("isPosting"):
        raise Refused("period closed", "postingPeriod")
    if not holds(period, day) and draft.state.preferences.date_outside_period == "Disallow":
        raise Refused("date outside period", "tranDate")


def _date_alone_moved(draft: Draft) -> bool:
    asked: Fields = draft.given.fields
    return "tranDate" in asked and "postingPeriod" not in asked


def _default_period(state: State, day: date) -> Record:
    period = period_of(state, day)
    if not is_shut(period):
        return period
    if state.preferences.closed_period_default == "Current":
        return period_of(state, state.clock.today())
    start = period.values.day("startDate") or day
    later = [p for p in posting_periods(state) if (p.values.day("startDate") or start) > start]
    return next((p for p in later if not is_shut(p)), period)


def refuse_edit_in_shut_period(state: State, record: Record) -> None:
    """Refuse a change to a posted transaction whose period is shut."""
    period = state.find("period", record.values.ref("postingPeriod"))
    if period is not None and is_shut(period):
        raise Refused("edit in closed period")
