"""What the API is asked, and answers, about keeping accounts up: sync, back-fills, the check list, webhooks."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Path, Schema
from pydantic import ConfigDict, Field

from contrapost.api.answers import Finding, Problem
from contrapost.golive import BOUNDS

_LARGEST_ID = 2**63 - 1
_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
BackFillId = Annotated[int, Path(ge=1, le=_LARGEST_ID, description="The back-fill's id.")]


class _Shape(Schema):
    """Has the fields it names, and no others."""

    model_config = ConfigDict(extra="forbid")


class Decision(_Shape):
    """One decision about how an account is kept up, and who made it."""

    at: str
    by: str
    what: str
    note: str


class Sync(_Shape):
    """How an account is kept up by itself, and how far it has come."""

    account: str
    mode: Literal["test", "live"]
    automatic: bool
    go_live_on: str | None = Field(description="Refunds of earlier days are never posted by themselves.")
    poll_minutes: int
    next_poll_at: str | None
    polled_at: str | None
    read_to: str | None = Field(description="Every change before was read, by the store's clock.")
    error: Finding | None
    paused_until: str | None = Field(description="The store is left alone until then, because it failed.")
    look_back_days: int
    look_back_hours: int
    has_hooks: bool
    hooked_at: str | None
    hinted: int = Field(description="Orders that the store told of and that are still to be read.")
    decisions: list[Decision]


class Check(_Shape):
    """One line of the check list."""

    step: str
    label: str
    done: bool
    said: str
    fix: str
    must: bool = Field(description="The account cannot go live without it.")


class CheckList(_Shape):
    """What must be true before an account goes live."""

    account: str
    mode: Literal["test", "live"]
    may_go_live: bool
    checks: list[Check]


class Hooks(_Shape):
    """The address that the store is to call, shown once, and what is to be asked for there."""

    address: str
    topics: list[str]
    where: str


class BackFill(_Shape):
    """Refunds of the past that were asked for, and how far they have come."""

    id: int
    account: str
    asked_at: str
    asked_by: str
    since: str | None
    until: str | None
    orders: int | None
    done: int | None
    percent: int
    refunds: int
    state: Literal["running", "finished", "stopped"]
    finished_at: str | None
    problems: list[Problem]
    problem_count: int


class BackFills(_Shape):
    """The back-fills of an account, newest first."""

    back_fills: list[BackFill]


def _within(name: str) -> Any:  # noqa: ANN401 - as pydantic declares it
    least, most = BOUNDS[name]
    return Field(ge=least, le=most)


class SyncWanted(_Shape):
    """What is to be changed; what is left out stays."""

    automatic: bool | None = Field(default=None, description="Turns on or off what goes by itself.")
    go_live_on: date | None = Field(default=None, description="Refunds of earlier days are never posted by themselves.")
    poll_minutes: Annotated[int, _within("poll_minutes")] | None = None
    look_back_days: Annotated[int, _within("look_back_days")] | None = None
    look_back_hours: Annotated[int, _within("look_back_hours")] | None = None


class SignOff(_Shape):
    """A person's word that the account was tested."""

    note: str = Field(default="", max_length=300, pattern=_NO_CONTROLS, description="Kept with the sign-off.")
    go_live_on: date | None = Field(default=None, description="Refunds of earlier days are never posted; today.")


class Address(_Shape):
    """Where this server is reached from outside."""

    base: str = Field(max_length=200, pattern=_NO_CONTROLS, examples=["https://refunds.example.com"])
