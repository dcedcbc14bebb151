"""Accounting periods: which one a date falls into, and whether it still takes postings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost_emulators.netsuite.errors import MESSAGES, Refused

if TYPE_CHECKING:
    from datetime import date

    from contrapost_emulators.netsuite.fieldset import Fields
    from contrapost_emulators.netsuite.state import Record, State
    from contrapost_emulators.netsuite.transactions.draft import Draft

LOCK_FLAGS = ("arLocked", "allLocked")


def is_locked(state: State, period: Record, subsidiary: str) -> bool:
    """Whether a period is locked for receivables, for all or for one subsidiary."""
    return any(period.values.flag(name) for name in LOCK_FLAGS) or (period.id, subsidiary) in state.period_locks


def takes_postings(state: State, period: Record, subsidiary: str) -> bool:
    """Whether a sales posting may go into a period: a lock stops all but those who may override it, a closing all."""
    if period.values.flag("closed"):
        return False
    return state.permissions.override_period_restrictions or not is_locked(state, period, subsidiary)


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
    subsidiary = draft.fields.need("subsidiary")
    asked = draft.fields.ref("postingPeriod")
    if asked is None or _date_alone_moved(draft):
        draft.fields["postingPeriod"] = _default_period(draft.state, day, subsidiary).id
    period = draft.state.require("period", draft.fields.need("postingPeriod"))
    if not period.values.flag("isPosting") or not _may_stay(draft, period, subsidiary):
        raise Refused("period closed", "postingPeriod")
    if not holds(period, day):
        _date_outside(draft)


def _may_stay(draft: Draft, period: Record, subsidiary: str) -> bool:
    """Whether the draft may be in a period: it takes postings, or the draft was in it when its edit was let begin."""
    was_there = draft.before is not None and draft.before.values.ref("postingPeriod") == period.id
    return was_there or takes_postings(draft.state, period, subsidiary)


def _date_outside(draft: Draft) -> None:
    """A date outside its posting period is refused, noted in a warning, or let pass, as the preference says."""
    wish = draft.state.preferences.date_outside_period
    if wish == "Disallow":
        raise Refused("date outside period", "tranDate")
    if wish == "Warn":
        draft.given.notices.append(MESSAGES["date outside period"].text)


def _date_alone_moved(draft: Draft) -> bool:
    asked: Fields = draft.given.fields
    return "tranDate" in asked and "postingPeriod" not in asked


def _default_period(state: State, day: date, subsidiary: str) -> Record:
    period = period_of(state, day)
    if takes_postings(state, period, subsidiary):
        return period
    if state.preferences.closed_period_default == "Current":
        return period_of(state, state.clock.today())
    start = period.values.day("startDate") or day
    later = [p for p in posting_periods(state) if (p.values.day("startDate") or start) > start]
    return next((p for p in later if takes_postings(state, p, subsidiary)), period)


def leaves_words_only(state: State, record: Record) -> bool:
    """Whether a transaction's period leaves it open to changes of words only; refuses where it allows none at all."""
    period = state.find("period", record.values.ref("postingPeriod"))
    if period is None or takes_postings(state, period, record.values.need("subsidiary")):
        return False
    if not period.values.flag("allowNonGLChanges"):
        raise Refused("edit in closed period")
    return True


def refuse_in_shut_period(state: State, record: Record) -> None:
    """Refuse to take a posted transaction out of a period that takes no more postings."""
    if leaves_words_only(state, record):
        raise Refused("period closed")
