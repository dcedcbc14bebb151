"""The journal of posting in our rows: intents, answers and conclusions, each in one transaction under the lease."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from django.db import connection
from django.db.transaction import atomic

from contrapost.codec import encode
from contrapost.counts import ATTEMPTS
from contrapost.log import say
from contrapost.netsuite.answers import Refused, Written
from contrapost.netsuite.drafts import RecordType
from contrapost.posting.journal import LeaseLostError, RecordTakenError, StaleWorkError, Step
from contrapost.records import correcting, history, lease
from contrapost.records.amounts import to_minor
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.records.models import Attempt, Link, NetSuiteAccount, PlannedRecord, Transaction
from contrapost.refunds.lifecycle import Event, State, can
from contrapost.refunds.looks import NO_LOOKS, Looks, tries_on
from contrapost.refunds.retry import Retry, rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from contrapost.netsuite.answers import Answer, Exchange, Standing
    from contrapost.netsuite.drafts import Draft, Plan
    from contrapost.posting.journal import Work
    from contrapost.records.lease import Held
    from contrapost.refunds.finding import Finding


class RowsJournal:
    """Saves what posting does, in the name of `by`, as long as the lease it was given is ours.

    It implements `contrapost.posting.journal.Journal`. No call leaves a transaction open.
    """

    def __init__(self, held: Held, *, by: str, now: Callable[[], datetime]) -> None:
        self._held, self._by, self._now = held, by, now
        self._renewed_at = float("-inf")

    def intend(self, work: Work, draft: Draft) -> None:
        """Saves that this record is about to be sent; the first intent freezes the plan and moves to `posting`.

        Raises:
            LeaseLostError: the lease is no longer ours; nothing was saved.
            StaleWorkError: the plan is another one meanwhile, or the record is written; nothing was saved.
        """
        with self._under_lease():
            row = _locked(work)
            _check_plan(row, work.plan)
            is_first = not row.frozen
            if is_first:
                _freeze(row, work.plan, intended=draft)
            elif not _records(row, draft).exclude(step=Step.WRITTEN.value).update(step=Step.INTENDED.value):
                raise StaleWorkError(
                    f"The record {draft.external_id} is written, or not part of refund {row.pk}'s plan"
                )
            if self._go_on(row, work) or is_first:
                row.save()

    def settle(self, work: Work, draft: Draft, answer: Answer) -> None:
        """Saves the answer to a write, or what a look found, as an attempt; a written record becomes a link.

        Raises:
            LeaseLostError: the lease is no longer ours; nothing was saved.
            RecordTakenError: the record that NetSuite named stands for another refund; nothing was saved.
            StaleWorkError: the plan was thawed meanwhile; nothing was saved.
        """
        what: Literal["write", "look"] = "write" if answer.exchange else "look"
        with self._under_lease():
            is_news = _take_answer(work, draft, answer)
            self._attempt(work, draft.external_id, what, _call_of(answer), _conclusion(answer, draft))
            if is_news and isinstance(answer, Written):
                if not draft.removes and draft.record is not RecordType.SALES_ORDER:
                    _link(work, draft, answer.id, held_in=self._held_in)
                if draft.takes_back:
                    _take_back(work, draft)
        ATTEMPTS.labels(what, type(answer).__name__.lower()).inc()

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
        with self._under_lease():
            for exchange in exchanges[:-1]:
                self._attempt(work, draft.external_id, what, exchange, "asked again")
            self._attempt(work, draft.external_id, what, next(reversed(exchanges), None), conclusion)

    def conclude(self, work: Work, event: Event, findings: Sequence[Finding], standings: Sequence[Standing]) -> None:
        """Moves the transaction to where its records have brought it, with the findings, and fills the links in.

        `NOTHING_LANDED` thaws the plan: the next one is made anew, under the next revision. Of a correction it drops
        the whole: what was posted before counts again.

        Raises:
            LeaseLostError: the lease is no longer ours; nothing was saved.
            RefusedError: the records say otherwise; nothing was saved.
            IllegalMoveError: the event cannot happen to the transaction as it stands; nothing was saved.
        """
        with self._under_lease():
            row = _locked(work)
            _check_records(row, event)
            for standing in standings:
                self._read_back(row, work, standing)
            row.say(findings)
            row.reason, row.looked = "", self._looks_after(row, event, findings)
            note = findings[0].message if findings else ""
            if row.frozen and not can(State(row.status), event):
                self._go_on(row, work)
            if row.correcting and event is Event.NOTHING_LANDED:
                event = Event.CORRECTION_DROPPED
                correcting.go_back(row, now=self._now())
            elif event is Event.NOTHING_LANDED:
                _thaw(row, self._now())
            history.moved(row, event, by=work.by or self._by, now=self._now(), note=note)
            if row.correcting and event in {Event.READ_BACK_EQUAL, Event.TAKEN_BACK}:
                correcting.carried_out(row, event, now=self._now())
            row.save()
        code = findings[0].code if findings else None
        say(_SAID.get(event, event.value), refund=work.transaction_id, state=row.status, finding=code, by=self._by)

    def _looks_after(self, row: Transaction, event: Event, findings: Sequence[Finding]) -> Looks:
        """What passes by itself is tried again by itself: nobody has to know that it was only NetSuite's bad hour."""
        passes = event is Event.HELD and all(rule_of(one.code) is Retry.BY_ITSELF for one in findings)
        if event is Event.ANSWER_LOST or (findings and passes):
            return tries_on(row.looked, id_=row.pk, now=self._now())
        return NO_LOOKS

    def still_ours(self) -> bool:
        """Says whether the lease is still ours, and renews it unless that was just done; asked before each send."""
        if time.monotonic() - self._renewed_at < _RENEWED_JUST_NOW_SECONDS:
            return lease.is_ours(self._held)
        self._renewed_at = time.monotonic()
        return lease.renew(self._held)

    @cached_property
    def _held_in(self) -> int:
        """The NetSuite account whose records these are."""
        return NetSuiteAccount.objects.values_list("pk", flat=True).get(name=self._held.netsuite)

    @contextmanager
    def _under_lease(self) -> Iterator[None]:
        """Renewing locks the lease's row: until we commit, it cannot change hands."""
        with atomic(durable=True):
            renewed_at = time.monotonic()
            if not lease.renew(self._held):
                raise LeaseLostError(f"Another process posts to the NetSuite account {self._held.netsuite} now")
            yield
        self._renewed_at = renewed_at

    def _go_on(self, row: Transaction, work: Work) -> bool:
        """Posting began, or goes on after a hold or after a look; says whether the transaction moved."""
        if row.status == State.POSTING:
            return False
        event = Event.LOOKED_UP if row.status == State.OUTCOME_UNKNOWN else Event.INTENDED
        history.moved(row, event, by=work.by or self._by, now=self._now())
        return True

    def _read_back(self, row: Transaction, work: Work, standing: Standing) -> None:
        Link.objects.filter(transaction=row, external_id=standing.external_id, netsuite_id=standing.id).update(
            tranid=standing.tranid,
            total_minor=to_minor(standing.total),
            currency=standing.total.currency,
            ledger=encode(standing.booked),
        )
        said = (
            f"stands as {standing.tranid or standing.id} over {standing.total}{', voided' if standing.voided else ''}"
        )
        self._attempt(work, standing.external_id, "read back", standing.exchange, said)

    def _attempt(
        self,
        work: Work,
        external_id: str,
        what: Literal["write", "look", "read back"],
        exchange: Exchange | None,
        conclusion: str,
    ) -> None:
        Attempt(
            transaction_id=work.transaction_id,
            external_id=external_id,
            at=self._now(),
            by=work.by or self._by,
            what=what,
            method=exchange.method if exchange else "",
            path=exchange.path if exchange else "",
            sent=_storable(exchange.sent) if exchange else "",
            status=exchange.status if exchange else None,
            received=_storable(exchange.received) if exchange else "",
            request_id=_storable(exchange.request_id) if exchange else "",
            milliseconds=exchange.milliseconds if exchange else 0,
            conclusion=_storable(conclusion),
        ).save()


_SAID = {Event.READ_BACK_EQUAL: "posted", Event.HELD: "refused", Event.ANSWER_LOST: "answer lost"}
"""What the log says of these."""
_RENEWED_JUST_NOW_SECONDS = 1.0
DELETED = "deleted"
"""What a link says that stood for a record which a correction deleted."""
_LOCKED = (
    "SELECT id, status, reason, frozen, fingerprint, revision, correcting, waiting_since, looks, next_look_at "
    "FROM records_transaction WHERE id = %s"
)
_TAKE_ANSWER = (
    "UPDATE records_plannedrecord SET step = %s, netsuite_id = %s "
    "WHERE transaction_id = %s AND revision = %s AND external_id = %s AND step <> 'written' "
    "AND EXISTS (SELECT 1 FROM records_transaction t WHERE t.id = records_plannedrecord.transaction_id "
    "AND t.frozen AND t.revision = records_plannedrecord.revision)"
)
"""Written out, because they are asked for each record; what is not read of a transaction is not written either."""


def _locked(work: Work) -> Transaction:
    sql = _LOCKED + (" FOR NO KEY UPDATE" if connection.vendor == "postgresql" else "")
    found = next(iter(Transaction.objects.raw(sql, [work.transaction_id])), None)
    if found is None:
        raise NotFoundError(f"There is no refund {work.transaction_id}.")
    return found


def _check_plan(row: Transaction, plan: Plan) -> None:
    if (row.fingerprint, row.revision) != (plan.fingerprint, plan.revision):
        raise StaleWorkError(f"The plan of refund {row.pk} is not the one that was to be posted any more")
    if not row.frozen and row.status != State.READY:
        raise StaleWorkError(f"Refund {row.pk} is {row.status} now: its plan is not to be posted")


def _freeze(row: Transaction, plan: Plan, *, intended: Draft) -> None:
    """All records of the plan are saved before the first is sent."""
    if intended.external_id not in {draft.external_id for draft in plan.drafts}:
        raise StaleWorkError(f"The record {intended.external_id} is not part of the plan of refund {row.pk}")
    row.plan, row.frozen, row.looked = encode(plan), True, NO_LOOKS
    PlannedRecord.objects.bulk_create(
        PlannedRecord(
            transaction=row,
            revision=row.revision,
            position=position,
            record=draft.record.value,
            external_id=draft.external_id,
            step=(Step.INTENDED if draft.external_id == intended.external_id else Step.PLANNED).value,
        )
        for position, draft in enumerate(plan.drafts)
    )


def _thaw(row: Transaction, now: datetime) -> None:
    """The old plan's external ids are spent; the next look makes a plan with new ones."""
    row.frozen, row.plan, row.fingerprint = False, None, ""
    row.revision += 1
    row.looked = Looks(next_at=now)


def _records(row: Transaction, draft: Draft) -> QuerySet[PlannedRecord]:
    return PlannedRecord.objects.filter(transaction=row, revision=row.revision, external_id=draft.external_id)


def _take_answer(work: Work, draft: Draft, answer: Answer) -> bool:
    """Saves how far a record has come; says whether that is news: what is written stays written.

    Raises:
        StaleWorkError: the record is not one of the plan that is frozen now.
    """
    netsuite_id = answer.id if isinstance(answer, Written) else ""
    with connection.cursor() as cursor:
        which = (work.transaction_id, work.plan.revision, draft.external_id)
        cursor.execute(_TAKE_ANSWER, (_step(answer).value, netsuite_id, *which))
        if cursor.rowcount:
            return True
    written = PlannedRecord.objects.filter(external_id=draft.external_id, step=Step.WRITTEN.value)
    if not written.filter(transaction=work.transaction_id, revision=work.plan.revision).exists():
        raise StaleWorkError(
            f"The record {draft.external_id} is not part of refund {work.transaction_id}'s frozen plan"
        )
    return False


def _link(work: Work, draft: Draft, netsuite_id: str, *, held_in: int) -> None:
    taken = Link.objects.filter(held_in=held_in, netsuite_id=netsuite_id).first()
    if taken is not None:
        raise RecordTakenError(
            f"NetSuite says that {draft.external_id} is its record {netsuite_id}, which stands for refund "
            f"{taken.transaction_id} already."
        )
    Link.objects.create(
        transaction_id=work.transaction_id,
        netsuite_id=netsuite_id,
        held_in_id=held_in,
        record=draft.record.value,
        external_id=draft.external_id,
        total_minor=to_minor(draft.total),
        currency=draft.total.currency,
    )


def _take_back(work: Work, draft: Draft) -> None:
    """What was taken back stays linked, so that everyone sees what became of it."""
    by = DELETED if draft.removes else draft.external_id
    Link.objects.filter(transaction=work.transaction_id, netsuite_id=draft.takes_back).update(taken_back=by)
    if not draft.removes:
        taker = Link.objects.filter(transaction=work.transaction_id, external_id=draft.external_id)
        taker.update(taken_back=f"takes back {draft.takes_back}")


def _check_records(row: Transaction, event: Event) -> None:
    """Posted means that every record stands, and nothing landed that none does."""
    records = PlannedRecord.objects.filter(transaction=row, revision=row.revision)
    if event in {Event.READ_BACK_EQUAL, Event.TAKEN_BACK} and records.exclude(step=Step.WRITTEN.value).exists():
        raise RefusedError(f"Refund {row.pk} is not posted: a record of its plan is not known to stand.")
    landed = records.filter(step=Step.WRITTEN.value) if row.correcting else Link.objects.filter(transaction=row)
    if event is Event.NOTHING_LANDED and landed.exists():
        raise RefusedError(f"The plan of refund {row.pk} cannot be made anew: a record of it is linked.")


def _call_of(answer: Answer) -> Exchange | None:
    """The call that gave the answer, or by which the record was found."""
    return answer.looked if isinstance(answer, Written) and answer.exchange is None else answer.exchange


def _step(answer: Answer) -> Step:
    if isinstance(answer, Written):
        return Step.WRITTEN
    if isinstance(answer, Refused) and not answer.exists:
        return Step.REFUSED
    return Step.UNKNOWN


def _conclusion(answer: Answer, draft: Draft) -> str:
    if isinstance(answer, Written) and draft.removes:
        return "deleted" if answer.exchange else "found deleted"
    if isinstance(answer, Written):
        said = f"written as {answer.id}" if answer.exchange else f"found standing as {answer.id}"
        return "; ".join((said, *answer.warnings))
    if isinstance(answer, Refused):
        return f"refused: {answer.finding.message}"
    return f"no clear answer: {answer.finding.message}"


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and neither database half of a surrogate pair: a broken answer must not stop us."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
