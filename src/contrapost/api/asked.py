"""What the API is asked: bodies, queries and paths, each checked field by field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Path, Query, Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from contrapost.mapping.taking_back import Way
from contrapost.profiles.reading import LARGEST
from contrapost.reconcile.compare import Kind
from contrapost.records.queries import LONGEST_PAGE
from contrapost.refunds.lifecycle import State

LONGEST_WAIT = 30
MOST_ORDERS = 250
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_LEFT_OUT: Any = None
"""The value of a field that was left out; null in its place is refused."""
_LARGEST_ID = 2**63 - 1
_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"


def _moment(value: object) -> datetime:
    """Reads a moment; no store is older than `_EARLIEST`, so that an earlier one asks for the same."""
    try:
        moment = datetime.fromisoformat(value.upper() if isinstance(value, str) else "")
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("Write it with its time zone, as 2026-11-01T09:30:00+01:00.")
    return min(max(moment, _EARLIEST), _LATEST).astimezone(UTC)


def _no_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


Moment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation")
]
Text = Annotated[str, Field(max_length=200, pattern=_NO_CONTROLS)]
RefundId = Annotated[int, Path(ge=1, le=_LARGEST_ID, description="The refund's id here.")]
AccountName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="The account's name.")]
CorrectionWay = Annotated[Way, Query(description="How what stands is taken back.")]
Wait = Annotated[int, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for the end before answering 202.")]


def _either(schema: dict[str, Any]) -> None:
    """Describes the two ways to ask apart: fields of the one do not go with those of the other."""
    fields = schema.pop("properties")
    kind = {name: schema.pop(name) for name in ("type", "additionalProperties")}
    schema["oneOf"] = [
        {**kind, "properties": {name: fields[name] for name in names}, "required": [names[0]]}
        for names in (("order_ids",), ("since", "until"))
    ]


class _Body(Schema):
    """Takes the fields it names, and no others."""

    model_config = ConfigDict(extra="forbid")


class Wanted(_Body):
    """Which refunds to retrieve: those of some orders, or those of the orders that changed in a span of time."""

    model_config = ConfigDict(json_schema_extra=_either)

    order_ids: list[Annotated[str, Field(min_length=1, max_length=200, pattern=_NO_CONTROLS)]] = Field(
        default=_LEFT_OUT,
        min_length=1,
        max_length=MOST_ORDERS,
        json_schema_extra=_no_default,
        description="Orders, as #1001, 1001 or the store's long id.",
    )
    since: Moment = Field(
        default=_LEFT_OUT,
        json_schema_extra=_no_default,
        description="Orders that changed at this moment or later.",
    )
    until: Moment = Field(
        default=_LEFT_OUT,
        json_schema_extra=_no_default,
        description="Orders that changed before this moment.",
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Wanted:
        given = self.model_fields_set
        if ("order_ids" in given) == ("since" in given) or ("until" in given and "since" not in given):
            raise ValueError("Say which: order_ids, or since (with until, if you like).")
        return self


class Seen(_Body):
    """What the person saw before they asked."""

    seen: str = Field(
        default="", max_length=200, description="The fingerprint of the preview that was seen; another is not posted."
    )


class ProfileFile(_Body):
    """A profile file, to be compared with an account's profile."""

    file: str = Field(max_length=LARGEST, description="The text of the file, as it was exported and perhaps changed.")


class ProfileWanted(ProfileFile):
    """A profile file, to become an account's profile."""

    seen: str = Field(
        default="",
        max_length=200,
        description="The fingerprint of the profile that the file was compared with; another is not replaced.",
    )


class Compare(_Body):
    """Which days to compare with NetSuite, as the shop's zone has them; both ends are within."""

    since: date = Field(description="The first day.")
    until: date | None = Field(default=None, description="The last day; today where it is left out.")
    offline: bool = Field(default=False, description="Do not ask the store: what is here stands for it.")


class WhichReconciliation(Schema):
    """Which comparisons to show."""

    id: int = Field(default=0, ge=0, le=_LARGEST_ID, description="Only this one, with its lines.")
    kind: list[Kind] = Field(default_factory=list, description="Lines of these kinds; all but `matched` if left out.")
    offset: int = Field(default=0, ge=0, le=1_000_000, description="Leave out so many lines first.")
    limit: int = Field(default=50, ge=1, le=LONGEST_PAGE, description="At most so many comparisons, or lines.")


class Acceptance(_Body):
    """Why a person accepts a refund."""

    reason: str = Field(min_length=1, max_length=300, description="Why; it is kept in the refund's history.")


class Checking(_Body):
    """Which posted refunds are looked at."""

    since: Moment = Field(
        default=_LEFT_OUT, json_schema_extra=_no_default, description="Only those made at this moment or later."
    )


class Adoption(_Body):
    """The records that a person links to a refund."""

    records: list[Annotated[str, Field(pattern=r"^[A-Za-z]{1,40}:[0-9]{1,19}$")]] = Field(
        min_length=1, max_length=50, description="Types and internal ids, as cashRefund:123."
    )
    seen: str = Field(default="", max_length=200, description="The fingerprint of the candidate that was seen.")
    reason: str = Field(default="", max_length=300, description="Why, where the records do not agree with the refund.")


class Correcting(_Body):
    """The correction that a person accepts."""

    way: Way = Field(description="How what stands is taken back.")
    seen: str = Field(min_length=1, max_length=200, description="The fingerprint of the correction that was seen.")
    reason: str = Field(default="", max_length=300, description="Kept in the refund's history.")


class Keeping(_Body):
    """Why what stands stays as it is."""

    reason: str = Field(min_length=1, max_length=300, description="Why; it is kept in the refund's history.")


class Elsewhere(_Body):
    """Where a refund is booked."""

    reason: str = Field(min_length=1, max_length=300, description="Where; it is kept in the refund's history.")


class Look(_Body):
    """Which refunds of the account are to be looked at again: all that wait or are held, where nothing is named."""

    ids: list[Annotated[int, Field(ge=1, le=_LARGEST_ID)]] = Field(
        default_factory=list, max_length=LONGEST_PAGE, description="Only these."
    )
    reason: Text = Field(default="", description="Only what waits for this, as not_billed.")


class Retry(_Body):
    """Which cause is to be tried again."""

    code: str = Field(min_length=1, max_length=200, pattern=_NO_CONTROLS, description="The finding's code.")
    where: Text | None = Field(default=None, description="The setting or field, as it is listed; all, if left out.")


class WaitingFilter(Schema):
    """Which of what waits to list."""

    account: Text = Field(default="", description="Only this account's.")
    reason: Text = Field(default="", description="Only what waits for this, as not_billed.")
    cursor: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9_-]*$", description="From the page before.")
    limit: int = Field(default=50, ge=1, le=LONGEST_PAGE, description="Refunds listed at most.")


class ErrorFilter(Schema):
    """Which of what is held to list."""

    account: Text = Field(default="", description="Only this account's.")
    code: Text = Field(default="", description="Only what a finding of this code holds.")
    where: Text = Field(default="", description="With a code: only what it holds for this setting or field.")
    cursor: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9_-]*$", description="From the page before.")
    limit: int = Field(default=50, ge=1, le=LONGEST_PAGE, description="Refunds listed at most.")


class Filter(Schema):
    """Which refunds to list."""

    account: Text = Field(default="", description="Only this account's.")
    status: list[State] = Field(default_factory=list, description="Only those that stand so; can be given repeatedly.")
    changed: bool = Field(default=False, description="Only those that changed after posting.")
    order: Text = Field(default="", description="Only this order's, or this refund of the store.")
    since: Moment = Field(
        default=_LEFT_OUT,
        json_schema_extra=_no_default,
        description="Refunded at this moment or later.",
    )
    cursor: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9_-]*$", description="From the page before.")
    limit: int = Field(default=50, ge=1, le=LONGEST_PAGE, description="At most so many.")
