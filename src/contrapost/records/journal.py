"""The journal of posting in our rows: intents, answers and conclusions, each in one transaction under the lease."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError, connection
from django.db.models import Q
from django.db.transaction import atomic, set_rollback

from contrapost.codec import encode
from contrapost.counts import ATTEMPTS
from contrapost.log import say
from contrapost.netsuite.answers import Refused, Written
from contrapost.netsuite.drafts import RecordType
from contrapost.posting.journal import LeaseLostError, RecordTakenError, StaleWorkError, Step
from contrapost.records import correcting, history, lease
from contrapost.records.amounts import to_minor
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.records.models import Attempt, HistoryEntry, Link, NetSuiteAccount, PlannedRecord, Transaction
from contrapost.records.statements import Statement, add, carry_out, save
from contrapost.refunds.lifecycle import Event, State, can
from contrapost.refunds.looks import NO_LOOKS, Looks, tries_on
from contrapost.refunds.retry import Retry, rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from contrapost.netsuite.answers import Answer, Exchange, Standing
    from contrapost.netsuite.drafts import Draft
    from contrapost.posting.journal import Conclusion, Work
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
        is_first = not work.progress and draft.external_id == work.plan.drafts[0].external_id
        if not (is_first and self._freeze(work)):
            with self._under_lease():
                self._intend_again(work, draft)

    def _freeze(self, work: Work) -> bool:
        """Freezes a plan, its first record intended, in one message; where it may not be, says so and saves nothing.

        The records of a plan that was frozen before are there, and adding them again is against the table's rules.
        """
        now, plan = self._now(), work.plan
        freeze = Statement(_FREEZE, [_moment(now), work.transaction_id, plan.fingerprint, plan.revision])
        by = work.by or self._by
        entry = history.entry(work.transaction_id, Event.INTENDED, State.READY, State.POSTING, by=by, now=now)
        try:
            with self._under_lease(freeze, *add(_records_of(work)), *add([entry])) as [frozen_now, *_]:
                set_rollback(not frozen_now)
        except IntegrityError:
            is_as_it_was = Transaction.objects.filter(
                pk=work.transaction_id, fingerprint=plan.fingerprint, revision=plan.revision, frozen=False
            )
            if is_as_it_was.exists():
                raise
            return False
        return bool(frozen_now)

    def _intend_again(self, work: Work, draft: Draft) -> None:
        row = _locked(work)[work.transaction_id]
        if not row.frozen:
            raise StaleWorkError(f"Refund {row.pk} is {row.status} now, or its plan is another one: it is not posted")
        if (row.fingerprint, row.revision) != (work.plan.fingerprint, work.plan.revision):
            raise StaleWorkError(f"The plan of refund {row.pk} is not the one that was to be posted any more")
        records = PlannedRecord.objects.filter(transaction=row, revision=row.revision, external_id=draft.external_id)
        if not records.exclude(step=Step.WRITTEN.value).update(step=Step.INTENDED.value):
            raise StaleWorkError(f"The record {draft.external_id} is written, or not part of refund {row.pk}'s plan")
        entries = self._gone_on(row, work)
        if entries:
            carry_out(*add(entries), save(row))

    def settle(self, work: Work, draft: Draft, answer: Answer) -> None:
        """Saves the answer to a write, or what a look found, as an attempt; a written record becomes a link.

        Raises:
            LeaseLostError: the lease is no longer ours; nothing was saved.
            RecordTakenError: the record that NetSuite named stands for another refund; nothing was saved.
            StaleWorkError: the plan was thawed meanwhile; nothing was saved.
        """
        what: Literal["write", "look"] = "write" if answer.exchange else "look"
        attempt = self._attempt(work, draft.external_id, what, _call_of(answer), _conclusion(answer, draft))
        links = self._links(work, draft, answer)
        saved = [_answer_taken(work, draft, answer), *add(links, unless_there=True), *add([attempt])]
        with self._under_lease(*saved) as [is_news, linked, *_]:
            if not is_news:
                _check_written(work, draft)
            elif links and not linked:
                raise _taken(links[0])
            elif isinstance(answer, Written) and draft.takes_back:
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
            last = next(reversed(exchanges), None)
            calls = [*((one, "asked again") for one in exchanges[:-1]), (last, conclusion)]
            carry_out(*add([self._attempt(work, draft.external_id, what, *call) for call in calls]))

    def conclude(self, *conclusions: Conclusion) -> None:
        """Moves transactions to where their records have brought them, with the findings, and fills the links in.

        `NOTHING_LANDED` thaws the plan: the next one is made anew, under the next revision. Of a correction it drops
        the whole: what was posted before counts again.

        Raises:
            LeaseLostError: the lease is no longer ours; nothing was saved.
            RefusedError: the records say otherwise; nothing was saved.
            IllegalMoveError: the event cannot happen to a transaction as it stands; nothing was saved.
        """
        with self._under_lease():
            rows = _locked(*(one.work for one in conclusions))
            not_standing = _not_standing(rows)
            entries, attempts = [], []
            for one in conclusions:
                row = rows[one.work.transaction_id]
                _check_records(row, one.event, not_standing)
                attempts += [self._read_back(one.work, standing) for standing in one.standings]
                entries += self._concluded(row, one)
            filled = [_filled(one.work, standing) for one in conclusions for standing in one.standings]
            carry_out(*filled, *add(attempts), *add(entries), *(save(row) for row in rows.values()))
        for one in conclusions:
            code, state = one.findings[0].code if one.findings else None, rows[one.work.transaction_id].status
            said = _SAID.get(one.event, one.event.value)
            say(said, refund=one.work.transaction_id, state=state, finding=code, by=self._by)

    def _concluded(self, row: Transaction, one: Conclusion) -> list[HistoryEntry]:
        """Moves one transaction, unsaved, and gives what its history says of that."""
        event, now = one.event, self._now()
        row.say(one.findings)
        row.reason, row.looked = "", self._looks_after(row, event, one.findings)
        note = one.findings[0].message if one.findings else ""
        entries = self._gone_on(row, one.work) if row.frozen and not can(State(row.status), event) else []
        if row.correcting and event is Event.NOTHING_LANDED:
            event = Event.CORRECTION_DROPPED
            correcting.go_back(row, now=now)
        elif event is Event.NOTHING_LANDED:
            _thaw(row, now)
        entries.append(history.entry_of_move(row, event, by=one.work.by or self._by, now=now, note=note))
        if row.correcting and event in {Event.READ_BACK_EQUAL, Event.TAKEN_BACK}:
            correcting.carried_out(row, event, now=now)
        return entries

    def _looks_after(self, row: Transaction, event: Event, findings: Sequence[Finding]) -> Looks:
        """What passes by itself is tried again by itself: nobody has to know that it was only NetSuite's bad hour."""
        passes = event is Event.HELD and all(rule_of(one.code) is Retry.BY_ITSELF for one in findings)
        if event is Event.ANSWER_LOST or (findings and passes):
            return tries_on(row.looked, id_=row.pk, now=self._now())
        return NO_LOOKS

    def still_ours(self) -> bool:
        """Says whether the lease is still ours, and renews it unless that was just done: while nothing is saved."""
        if time.monotonic() - self._renewed_at < _RENEWED_JUST_NOW_SECONDS:
            return lease.is_ours(self._held)
        self._renewed_at = time.monotonic()
        return lease.renew(self._held)

    @cached_property
    def _held_in(self) -> int:
        """The NetSuite account whose records these are."""
        return NetSuiteAccount.objects.values_list("pk", flat=True).get(name=self._held.netsuite)

    @contextmanager
    def _under_lease(self, *first: Statement) -> Iterator[list[int]]:
        """Renewing locks the lease's row: until we commit, it cannot change hands. Gives what `first` came to."""
        with atomic(durable=True):
            renewed_at = time.monotonic()
            renewed, *counts = carry_out(lease.renewal(self._held), *first)
            if not lease.is_renewed(self._held, renewed):
                raise LeaseLostError(f"Another process posts to the NetSuite account {self._held.netsuite} now")
            yield counts
        self._renewed_at = renewed_at

    def _gone_on(self, row: Transaction, work: Work) -> list[HistoryEntry]:
        """Posting began, or goes on after a hold or after a look: moves the transaction, where it does, unsaved."""
        if row.status == State.POSTING:
            return []
        event = Event.LOOKED_UP if row.status == State.OUTCOME_UNKNOWN else Event.INTENDED
        return [history.entry_of_move(row, event, by=work.by or self._by, now=self._now())]

    def _read_back(self, work: Work, standing: Standing) -> Attempt:
        said = (
            f"stands as {standing.tranid or standing.id} over {standing.total}{', voided' if standing.voided else ''}"
        )
        return self._attempt(work, standing.external_id, "read back", standing.exchange, said)

    def _links(self, work: Work, draft: Draft, answer: Answer) -> list[Link]:
        """The record that stands for the refund now, where one does."""
        if not isinstance(answer, Written) or draft.removes or draft.record is RecordType.SALES_ORDER:
            return []
        return [
            Link(
                transaction_id=work.transaction_id,
                netsuite_id=answer.id,
                held_in_id=self._held_in,
                record=draft.record.value,
                external_id=draft.external_id,
                total_minor=to_minor(draft.total),
                currency=draft.total.currency,
            )
        ]

    def _attempt(
        self,
        work: Work,
        external_id: str,
        what: Literal["write", "look", "read back"],
        exchange: Exchange | None,
        conclusion: str,
    ) -> Attempt:
        return Attempt(
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
        )


_SAID = {Event.READ_BACK_EQUAL: "posted", Event.HELD: "refused", Event.ANSWER_LOST: "answer lost"}
"""What the log says of these."""
_RENEWED_JUST_NOW_SECONDS = 1.0
DELETED = "deleted"
"""What a link says that stood for a record which a correction deleted."""
_LOCKED = (
    "SELECT id, status, reason, frozen, fingerprint, revision, correcting, waiting_since, looks, next_look_at "
    "FROM records_transaction WHERE id IN ({}) ORDER BY id"
)
_FREEZE = (
    "UPDATE records_transaction SET frozen = TRUE, status = 'posting', waiting_since = NULL, looks = NULL, "
    "next_look_at = NULL, updated_at = %s "
    "WHERE id = %s AND fingerprint = %s AND revision = %s AND NOT frozen AND status = 'ready'"
)
_TAKE_ANSWER = (
    "UPDATE records_plannedrecord SET step = %s, netsuite_id = %s "
    "WHERE transaction_id = %s AND revision = %s AND external_id = %s AND step <> 'written' "
    "AND EXISTS (SELECT 1 FROM records_transaction t WHERE t.id = records_plannedrecord.transaction_id "
    "AND t.frozen AND t.revision = records_plannedrecord.revision)"
)
_FILL_LINK = (
    "UPDATE records_link SET tranid = %s, total_minor = %s, currency = %s, ledger = %s "
    "WHERE transaction_id = %s AND external_id = %s AND netsuite_id = %s"
)
"""Written out, because they are asked for each record; what is not read of a transaction is not written either."""


def _locked(*works: Work) -> dict[int, Transaction]:
    """Gives transactions by their ids, so that nobody else changes them meanwhile."""
    ids = [work.transaction_id for work in works]
    sql = _LOCKED.format(", ".join(["%s"] * len(ids)))
    sql += " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    found = {row.pk: row for row in Transaction.objects.raw(sql, ids)}
    for id_ in ids:
        if id_ not in found:
            raise NotFoundError(f"There is no refund {id_}.")
    return found


def _records_of(work: Work) -> list[PlannedRecord]:
    """All records of the plan, which are saved before the first is sent."""
    return [
        PlannedRecord(
            transaction_id=work.transaction_id,
            revision=work.plan.revision,
            position=position,
            record=draft.record.value,
            external_id=draft.external_id,
            step=(Step.PLANNED if position else Step.INTENDED).value,
        )
        for position, draft in enumerate(work.plan.drafts)
    ]


def _thaw(row: Transaction, now: datetime) -> None:
    """The old plan's external ids are spent; the next look makes a plan with new ones."""
    row.frozen, row.plan, row.fingerprint = False, None, ""
    row.revision += 1
    row.looked = Looks(next_at=now)


def _answer_taken(work: Work, draft: Draft, answer: Answer) -> Statement:
    """Saves how far a record of the frozen plan has come; what is written stays written."""
    netsuite_id = answer.id if isinstance(answer, Written) else ""
    which = (work.transaction_id, work.plan.revision, draft.external_id)
    return Statement(_TAKE_ANSWER, (_step(answer).value, netsuite_id, *which))


def _check_written(work: Work, draft: Draft) -> None:
    """An answer that is no news comes for a record that is written already.

    Raises:
        StaleWorkError: the record is not one of the plan that is frozen now.
    """
    written = PlannedRecord.objects.filter(external_id=draft.external_id, step=Step.WRITTEN.value)
    if not written.filter(transaction=work.transaction_id, revision=work.plan.revision).exists():
        raise StaleWorkError(
            f"The record {draft.external_id} is not part of refund {work.transaction_id}'s frozen plan"
        )


def _taken(link: Link) -> RecordTakenError:
    same = Q(netsuite_id=link.netsuite_id) | Q(external_id=link.external_id)
    other = Link.objects.filter(same, held_in=link.held_in_id)[0]
    return RecordTakenError(
        f"NetSuite says that {link.external_id} is its record {link.netsuite_id}, which stands for refund "
        f"{other.transaction_id} already."
    )


def _filled(work: Work, standing: Standing) -> Statement:
    """Saves what was read back of a record that stands."""
    total = standing.total
    said = (standing.tranid, to_minor(total), total.currency, encode(standing.booked))
    return Statement(_FILL_LINK, (*said, work.transaction_id, standing.external_id, standing.id))


def _moment(moment: datetime) -> object:
    """A moment as a statement takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


def _take_back(work: Work, draft: Draft) -> None:
    """What was taken back stays linked, so that everyone sees what became of it."""
    by = DELETED if draft.removes else draft.external_id
    Link.objects.filter(transaction=work.transaction_id, netsuite_id=draft.takes_back).update(taken_back=by)
    if not draft.removes:
        taker = Link.objects.filter(transaction=work.transaction_id, external_id=draft.external_id)
        taker.update(taken_back=f"takes back {draft.takes_back}")


def _not_standing(rows: Mapping[int, Transaction]) -> set[int]:
    """Gives those transactions of which a record is not known to stand."""
    records = PlannedRecord.objects.filter(transaction__in=rows).exclude(step=Step.WRITTEN.value)
    return {
        id_ for id_, revision in records.values_list("transaction_id", "revision") if revision == rows[id_].revision
    }


def _check_records(row: Transaction, event: Event, not_standing: set[int]) -> None:
    """Posted means that every record stands, and nothing landed that none does."""
    if event in {Event.READ_BACK_EQUAL, Event.TAKEN_BACK} and row.pk in not_standing:
        raise RefusedError(f"Refund {row.pk} is not posted: a record of its plan is not known to stand.")
    if event is not Event.NOTHING_LANDED:
        return
    records = PlannedRecord.objects.filter(transaction=row, revision=row.revision, step=Step.WRITTEN.value)
    if (records if row.correcting else Link.objects.filter(transaction=row)).exists():
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
