"""The frame around every page: connector and account, where one can go, and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, cast

from django.urls import NoReverseMatch, reverse

from contrapost.permissions import ROLE_LABELS, Action, Role, may
from contrapost.records import accounts, queries
from contrapost.records.rows import Filters
from contrapost.refunds.lifecycle import State
from contrapost.stores.discovery import connector
from contrapost.web.words import capped

if TYPE_CHECKING:
    from django.http import HttpRequest

    from contrapost.records.rows import AccountRow
    from contrapost.web.asking import Asked

COUNTED_TO = 1_000
"""The side panel's numbers stop here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One account in the side panel."""

    name: str
    netsuite: str
    url: str
    errors: str
    """How many of its refunds need attention; empty for none."""
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A connector with its accounts."""

    label: str
    shops: tuple[Shop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page one can go to."""

    label: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Places under one heading."""

    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The frame of a page."""

    kinds: tuple[Kind, ...]
    sections: tuple[Section, ...]
    person: str
    role: str
    sign_out: str
    """Empty where there is no way to."""


_PLACES = (
    (
        "Data Flows",
        (
            ("Other Transactions", "refunds", Action.SEE),
            ("Waiting", "waiting", Action.SEE),
            ("Errors", "errors", Action.SEE),
            ("Reconcile", "reconcile", Action.SEE),
        ),
    ),
    (
        "Settings",
        (
            ("Accounts", "settings", Action.SEE_SETTINGS),
            ("People", "people", Action.MANAGE_PEOPLE),
            ("API tokens", "tokens", Action.USE_API),
        ),
    ),
)
"""Heading, then word, name of the address, and what it takes to go there."""


def shell_for(request: HttpRequest, here: str = "") -> Shell:
    """Gives the frame for who asks; `here` names the account that the page is about."""
    asked = cast("Asked", request)
    if not asked.user.is_authenticated:
        return Shell(kinds=(), sections=(), person="", role="", sign_out="")
    role = Role(asked.user.role)
    return Shell(
        kinds=tuple(_kinds(here)),
        sections=tuple(_sections(role, request.path)),
        person=asked.user.get_full_name() or str(asked.user),
        role=ROLE_LABELS[role],
        sign_out=_address("account_logout"),
    )


def _kinds(here: str) -> list[Kind]:
    rows = sorted(accounts.listing(), key=lambda row: (row.connector, row.name))
    return [
        Kind(label=connector(name).label, shops=tuple(_shop(row, here) for row in group))
        for name, group in groupby(rows, key=lambda row: row.connector)
    ]


def _shop(row: AccountRow, here: str) -> Shop:
    errors = Filters(account=row.name, statuses=frozenset({State.NEEDS_ATTENTION}))
    counted = queries.count(errors, cap=COUNTED_TO)
    return Shop(
        name=row.name,
        netsuite=row.netsuite,
        url=reverse("refunds", query={"account": row.name}),
        errors=capped(counted, COUNTED_TO) if counted else "",
        here=row.name == here,
    )


def _sections(role: Role, path: str) -> list[Section]:
    found = []
    for label, places in _PLACES:
        open_ones = [
            Place(label=word, url=url, here=path.startswith(url))
            for word, name, action in places
            if may(role, action) and (url := _address(name))
        ]
        if open_ones:
            found.append(Section(label=label, places=tuple(open_ones)))
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
