"""How one account is kept up by itself: test or live, on or off, how far it is read, and the store's webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contrapost import flow, golive, hooks
from contrapost.permissions import Action, may
from contrapost.records import accounts, hints, sync
from contrapost.records import golive as decided
from contrapost.records.errors import RefusedError
from contrapost.web import words
from contrapost.web.asking import allowed, go, role_of, show, who
from contrapost.web.pages.refused import no_such_refund

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from contrapost.records.golive import NoteRow
    from contrapost.web.asking import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision about the account, and who made it."""

    at: words.Moment
    by: str
    what: str
    note: str
    checks: tuple[golive.Check, ...]
    """What the check list showed when it was signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A setting that is a number."""

    name: str
    label: str
    help: str
    value: int
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPage:
    """How the account is kept up."""

    name: str
    live: bool
    automatic: bool
    go_live_on: str
    polled: words.Moment | None
    next_poll: words.Moment | None
    paused_until: words.Moment | None
    problem: words.Said | None
    hinted: int
    hooked: words.Moment | None
    has_hooks: bool
    calls: bool
    """This kind of store can call us."""
    address: str
    """Of the webhooks, shown once; empty where none was made just now."""
    topics: str
    where: str
    numbers: tuple[Number, ...]
    decisions: tuple[Decision, ...]
    may_go_live: bool
    may_retrieve: bool
    may_change: bool


_NUMBERS = {
    "poll_minutes": ("Poll every … minutes", "How often the store is asked what changed."),
    "look_back_days": (
        "Look back … days",
        "Read so many days again, for a store that changes its past; 0: never.",
    ),
    "look_back_hours": ("Look back every … hours", "How often that is done."),
}


@require_safe
@allowed(Action.SEE_SETTINGS)
@no_such_refund
def page(request: Asked, name: str) -> HttpResponse:
    """Shows how an account is kept up."""
    return _show(request, name)


@require_POST
@allowed(Action.GO_LIVE)
@no_such_refund
def switch(request: Asked, name: str) -> HttpResponse:
    """Turns on or off what goes by itself, or takes the account back to test mode."""
    wanted = request.POST.get("do", "")
    try:
        if wanted == "test":
            golive.back_to_test(request.contrapost, name, by=who(request))
        else:
            golive.switch(request.contrapost, name, on=wanted == "on", by=who(request))
    except RefusedError as refused:
        messages.error(request, str(refused))
    return go(reverse("sync", args=[name]))


@require_POST
@allowed(Action.RETRIEVE)
@no_such_refund
def now(request: Asked, name: str) -> HttpResponse:
    """Makes due at once what is due only later."""
    flow.hurry(request.contrapost, name)
    messages.success(request, "The store is read as soon as a worker is free.")
    return go(reverse("sync", args=[name]))


@require_POST
@allowed(Action.GO_LIVE)
@no_such_refund
def change(request: Asked, name: str) -> HttpResponse:
    """Changes how an account is kept up."""
    names = (golive.GO_LIVE_ON, *golive.BOUNDS)
    wanted = {one: request.POST[one] for one in names if request.POST.get(one, "").strip()}
    try:
        golive.change(request.contrapost, name, by=who(request), wanted=wanted)
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Saved.")
    return go(reverse("sync", args=[name]))


@require_POST
@allowed(Action.CHANGE_SETTINGS)
@no_such_refund
def address(request: Asked, name: str) -> HttpResponse:
    """Makes the address that the store calls and shows it once, or takes it away."""
    if request.POST.get("do") == "close":
        hooks.close(request.contrapost, name)
        return go(reverse("sync", args=[name]))
    try:
        made, _ = hooks.open_address(request.contrapost, name, request.build_absolute_uri("/"))
    except RefusedError as refused:
        messages.error(request, str(refused))
        return go(reverse("sync", args=[name]))
    return _show(request, name, made=made)


def _show(request: Asked, name: str, *, made: str = "") -> HttpResponse:
    row, role, present = sync.get(name), role_of(request), request.contrapost.now()
    called = hooks.hooks_of(accounts.get(name).connector)

    def said(at: datetime | None) -> words.Moment | None:
        return words.moment(at, present) if at else None

    shown = SyncPage(
        name=name,
        live=row.live,
        automatic=row.automatic,
        go_live_on=row.go_live_on.isoformat() if row.go_live_on else "",
        polled=said(row.polled_at),
        next_poll=said(row.next_poll_at) if row.automatic else None,
        paused_until=said(row.paused_until) if row.rests_at(present) else None,
        problem=words.said(row.error, name, may_set=False) if row.error else None,
        hinted=hints.count(name),
        hooked=said(row.hooked_at),
        has_hooks=row.has_hooks,
        calls=called is not None,
        address=made,
        topics=", ".join(called.topics) if called else "",
        where=called.where if called else "",
        numbers=tuple(
            Number(
                name=one,
                label=label,
                help=help_,
                value=getattr(row, one),
                least=golive.BOUNDS[one][0],
                most=golive.BOUNDS[one][1],
            )
            for one, (label, help_) in _NUMBERS.items()
        ),
        decisions=tuple(_decision(note, present) for note in decided.notes(name)),
        may_go_live=may(role, Action.GO_LIVE),
        may_retrieve=may(role, Action.RETRIEVE),
        may_change=may(role, Action.CHANGE_SETTINGS),
    )
    return show(request, "sync.html", shown, here=name)


def _decision(note: NoteRow, present: datetime) -> Decision:
    return Decision(
        at=words.moment(note.at, present), by=note.by, what=note.what, note=note.note, checks=golive.signed(note)
    )
