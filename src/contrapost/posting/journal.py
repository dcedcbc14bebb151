"""What posting asks of the world: a place to save intents and outcomes, and a NetSuite to write to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from contrapost.netsuite.answers import Answer, Exchange, Standing
    from contrapost.netsuite.drafts import Draft, Plan
    from contrapost.refunds.finding import Finding
    from contrapost.refunds.lifecycle import Event


class Step(StrEnum):
    """How far one record of a frozen plan has come."""

    PLANNED = "planned"
    """Frozen with its plan; not sent yet."""
    INTENDED = "intended"
    """About to be sent, or sent with the outcome not saved: look before sending again."""
    WRITTEN = "written"
    """Stands in NetSuite under the id we saved."""
    REFUSED = "refused"
    """NetSuite said no."""
    UNKNOWN = "unknown"
    """Sent without a clear answer: look before sending again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one record has come, and NetSuite's id of it where it is known."""

    step: Step
    netsuite_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One transaction to post: its plan, and how far each record of it has come."""

    transaction_id: int
    plan: Plan
    progress: Mapping[str, Progress] = field(default_factory=dict)
    """By external id; empty while the plan is not frozen."""
    look_first: bool = False
    """NetSuite shows records of this plan that our rows know nothing of: each is looked for before it is sent."""
    by: str = ""
    """Who asked for it; whom the journal speaks for, where nothing is said."""
    urgent: bool = False
    """A person waits for it: once it has landed, it is read back without waiting for others."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Where its records have brought one transaction."""

    work: Work
    event: Event
    """`NOTHING_LANDED` thaws the plan: the next one is made anew, under the next revision."""
    findings: Sequence[Finding] = ()
    standings: Sequence[Standing] = ()
    """What stands, to fill the links in."""


class LeaseLostError(Exception):
    """Another process writes to this NetSuite account now: send nothing, save nothing."""


class RecordTakenError(Exception):
    """NetSuite answered with the id of a record that stands for another refund already."""


class StaleWorkError(Exception):
    """The transaction is not any more as it was handed out, or this record stands already: send nothing of it."""


class Journal(Protocol):
    """Saves what posting is about to do and what came of it; each call is one committed database transaction."""

    def intend(self, work: Work, draft: Draft) -> None:
        """Saves that this record is about to be sent; the first intent freezes the plan and moves to `posting`.

        Raises:
            LeaseLostError: the lease is no longer ours; nothing was saved.
            StaleWorkError: the plan is another one meanwhile, or the record is written; nothing was saved.
        """
        ...

    def settle(self, work: Work, draft: Draft, answer: Answer) -> None:
        """Saves the answer to a write, or what a look found, as an attempt; a written record becomes a link.

        Raises:
            LeaseLostError: the lease is no longer ours; nothing was saved.
            RecordTakenError: the record stands for another refund already; nothing was saved.
        """
        ...

    def looked(
        self,
        work: Work,
        draft: Draft,
        what: Literal["look", "read back"],
        exchanges: Sequence[Exchange],
        conclusion: str,
    ) -> None:
        """Saves a look that found no record as planned, as an attempt for each call that it took.

        Raises:
            LeaseLostError: the lease is no longer ours; nothing was saved.
        """
        ...

    def conclude(self, *conclusions: Conclusion) -> None:
        """Moves transactions, each named once, to where their records have brought them: all of them, or none.

        Raises:
            LeaseLostError: the lease is no longer ours; nothing was saved.
        """
        ...

    def still_ours(self) -> bool:
        """Renews the lease and says whether it is still ours; asked while nothing is saved."""
        ...


class NetSuite(Protocol):
    """The part of NetSuite that posting needs. Its calls come from several threads."""

    @property
    def room(self) -> int:
        """How many calls the account takes at once now; more than these wait for their turn."""
        ...

    def write(self, draft: Draft, body: Mapping[str, object], ours: Callable[[], bool]) -> Answer:
        """Sends one record, `body` being the draft's with the ids of earlier records filled in. Never raises.

        `ours` is asked in the moment of sending; where it says no, nothing is sent.
        """
        ...

    def most_together(self, draft: Draft) -> int:
        """Says how many records of this kind may be written in one call; one where each is a call of its own."""
        ...

    def write_together(
        self, wanted: Sequence[tuple[Draft, Mapping[str, object]]], ours: Callable[[], bool]
    ) -> list[Answer]:
        """Sends records of one type in one call, and answers for each, in their order. Never raises."""
        ...

    def find(self, draft: Draft) -> Standing | None:
        """Looks for the record of this draft by its external id.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        ...

    def read_back(self, drafts: Mapping[str, Draft]) -> Mapping[str, Standing]:
        """Reads the records with these internal ids as they stand, with their ledger.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        ...
