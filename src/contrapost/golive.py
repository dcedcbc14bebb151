"""Testing before going live: the check list of an account, its sign-off by a person, and the switch that it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from contrapost import accounts
from contrapost.codec import decode, encode
from contrapost.records import golive as rows
from contrapost.records import sync
from contrapost.records.errors import RefusedError
from contrapost.refunds.finding import Finding, Severity, warning

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contrapost.app import App
    from contrapost.records.golive import NoteRow, Sample

FEWEST_BY_OTHERS = 2
"""One refund booked by hand tells nothing of a connector."""
MOST_NAMED = 3
GO_LIVE_ON = "go_live_on"
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
BOUNDS = {"poll_minutes": (1, 1440), "look_back_days": (0, 365), "look_back_hours": (1, 720)}
"""The settings of an account's sync that are numbers: the least and the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the check list."""

    step: str
    """Names it to scripts."""
    label: str
    done: bool
    said: str
    """What was found."""
    fix: str
    """What to do; empty where nothing is."""
    must: bool = True
    """The account cannot go live without it."""


def check_list(app: App, account_name: str) -> tuple[Check, ...]:
    """Works through what must be true before an account goes live; store and NetSuite are asked.

    Raises:
        NotFoundError: there is no such account.
    """
    account = app.account(account_name)
    sample = rows.sample(account_name)
    return (
        _tried("store", "Store and mapping answer", accounts.check(app, account_name)),
        _tried("netsuite", "NetSuite answers and lets us work", accounts.check_netsuite(app, account.netsuite)),
        *_sampled(sample, account_name),
        _one_way(account_name),
    )


def sign_off(
    app: App, account_name: str, *, by: str, go_live_on: date | None = None, note: str = ""
) -> tuple[Check, ...]:
    """Lets an account go live, once its check list is done; what the list showed is kept with who signed.

    Args:
        app: the composition root.
        account_name: which account.
        by: who signs.
        go_live_on: refunds of earlier days are never posted by themselves; today where left out.
        note: what the person wants to be kept with it.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: something of the list is not done.
    """
    checks = check_list(app, account_name)
    open_ones = [check for check in checks if check.must and not check.done]
    if open_ones:
        listed = "; ".join(f"{check.label}: {check.said} {check.fix}".strip() for check in open_ones)
        raise RefusedError(f"The account {account_name} cannot go live yet. {listed}")
    now = app.now()
    day = _sound(go_live_on or now.date())
    rows.sign_off(account_name, by=by, now=now, go_live_on=day, note=note.strip(), shown=encode(checks))
    return checks


def switch(app: App, account_name: str, *, on: bool, by: str) -> None:
    """Turns on or off that refunds are retrieved and posted by themselves: only for an account that is live.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is in test mode.
    """
    rows.switch(account_name, on=on, by=by, now=app.now())


def back_to_test(app: App, account_name: str, *, by: str, note: str = "") -> None:
    """Takes an account back to test mode: nothing goes by itself until it is signed off anew.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: it is in test mode.
    """
    rows.back_to_test(account_name, by=by, now=app.now(), note=note.strip())


def change(app: App, account_name: str, *, by: str, wanted: Mapping[str, str]) -> None:
    """Changes how an account is kept up.

    Args:
        app: the composition root.
        account_name: which account.
        by: who asked for it.
        wanted: as people write them: `go_live_on` (a day, as 2026-11-01), `poll_minutes`, `look_back_days` (0: never)
            and `look_back_hours`.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: a value cannot be, or the go-live date would be set before the sign-off.
    """
    read = {name: _day(value) if name == GO_LIVE_ON else _number(name, value) for name, value in wanted.items()}
    if read:
        rows.change(account_name, by=by, now=app.now(), **read)


def _number(name: str, value: str) -> int:
    if name not in BOUNDS:
        raise RefusedError(f"There is no setting {name!r} of the sync; there is {', '.join((GO_LIVE_ON, *BOUNDS))}.")
    least, most = BOUNDS[name]
    if not value.strip().isdecimal() or not least <= int(value) <= most:
        raise RefusedError(f"{name} is a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def _day(value: str) -> date:
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise RefusedError(f"{GO_LIVE_ON} is a day, as 2026-11-01, not {value!r}.") from None
    return _sound(day)


def _sound(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise RefusedError(f"{GO_LIVE_ON} lies between {EARLIEST} and {LATEST}, not on {day}.")
    return day


def signed(note: NoteRow) -> tuple[Check, ...]:
    """Gives the check list as a sign-off kept it."""
    return decode(note.shown, tuple[Check, ...]) if note.shown else ()


def doubts(account_name: str) -> tuple[Finding, ...]:
    """Says where an account's refunds seem to be booked by something else too. No question is asked for that."""
    by_others = rows.booked_by_others(account_name)
    if len(by_others) < FEWEST_BY_OTHERS:
        return ()
    named = ", ".join(by_others[:MOST_NAMED])
    more = f" and {len(by_others) - MOST_NAMED} more" if len(by_others) > MOST_NAMED else ""
    return (
        warning(
            "refunds_booked_by_others",
            f"Something else books refunds of {account_name} in NetSuite, or pushes them from there to the store:"
            f" {named}{more} stood there already and are not ours.",
            fix="Contrapost goes from the store to NetSuite only. Turn off the other integration's refunds, in both"
            " directions, before this account goes live.",
        ),
    )


def wrong_with(account_name: str) -> tuple[Finding, ...]:
    """Gives what keeps an account from being kept up by itself, and what seems to go the other way."""
    error = sync.get(account_name).error
    return (*((error,) if error else ()), *doubts(account_name))


def _tried(step: str, label: str, findings: Iterable[Finding]) -> Check:
    said = tuple(findings)
    wrong = [finding for finding in said if finding.severity is Severity.ERROR]
    shown = wrong or said
    return Check(
        step=step,
        label=label,
        done=not wrong,
        said=" ".join(finding.message for finding in shown),
        fix=" ".join(finding.fix for finding in wrong if finding.fix),
    )


def _sampled(sample: Sample | None, account_name: str) -> tuple[Check, ...]:
    """A refund of the account that went all the way, by hand, while nothing went by itself."""
    named = f"Refund {sample.id} of order {sample.order_name}" if sample else "No refund"
    steps = (
        ("retrieved", "A sample refund was retrieved", bool(sample), f"contrapost retrieve {account_name} --order ID"),
        ("previewed", "It was previewed", bool(sample and sample.mapped), "contrapost preview ID"),
        ("posted", "It was posted to NetSuite", bool(sample and sample.posted), "contrapost post ID"),
        ("read_back", "It was read back equal", bool(sample and sample.read_back), "contrapost show ID"),
    )
    return tuple(
        Check(
            step=step,
            label=label,
            done=done,
            said=f"{named} was." if done else f"{named if sample else 'None'} was not yet.",
            fix="" if done else f"Do it with a sample order: {_called(call, sample)}.",
        )
        for step, label, done, call in steps
    )


def _called(call: str, sample: Sample | None) -> str:
    return call.replace(" ID", f" {sample.id}") if sample else call


def _one_way(account_name: str) -> Check:
    found = doubts(account_name)
    return Check(
        step="one_way",
        label="Nothing else books these refunds",
        done=not found,
        said=found[0].message if found else "No refund was found that something else booked.",
        fix=found[0].fix if found else "",
        must=False,
    )
