"""Posting: each record of a plan is intended, sent and settled; then all are read back and compared."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from contrapost.netsuite.answers import NetSuiteError, Refused, Standing, Written
from contrapost.posting.decide import Hold, RetryAfter, Settle, decide
from contrapost.posting.journal import LeaseLostError, Progress, RecordTakenError, StaleWorkError, Step
from contrapost.posting.read_back import identity_differences, ledger_differences
from contrapost.refunds.finding import Finding, blocks, error
from contrapost.refunds.lifecycle import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from contrapost.netsuite.answers import Answer
    from contrapost.netsuite.drafts import Draft, Plan
    from contrapost.posting.journal import Journal, NetSuite, Work

LOOK_FIRST = frozenset({Step.INTENDED, Step.UNKNOWN})
"""Steps after which NetSuite may hold the record without our knowing."""
KEEP_LEASE_SECONDS = 5
"""How often the lease is renewed while a call is under way; a lease lasts several times as long."""
_READ_BACK_TRIES = 3
_READ_BACK_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one transaction."""

    transaction_id: int
    event: Event
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stopped(Exception):  # noqa: N818 - a way out of the loop over records, not an error
    """A record did not come to stand: what that means for the transaction, and why."""

    event: Event
    finding: Finding


@dataclass(frozen=True, slots=True)
class Poster:
    """Writes plans into NetSuite, one transaction after the other.

    `sleep` takes seconds; it is only called between tries that NetSuite turned away unread.
    """

    net: NetSuite
    journal: Journal
    sleep: Callable[[float], None] = time.sleep

    def post(self, works: Iterable[Work]) -> Iterator[Outcome]:
        """Posts transactions and yields what became of each; those that landed are read back together, at the end.

        What was canceled, or mapped to another plan, since it was handed out is passed over: nothing is sent of it.

        Raises:
            ValueError: a plan has no records, so that nothing of it could ever stand.
            LeaseLostError: another process writes to this NetSuite account now. What was sent is intended in our rows
                and will be looked up; nothing more was sent or saved.
        """
        landed: list[tuple[Work, dict[str, Draft]]] = []
        for work in works:
            ids: dict[str, str] = {}
            if not work.plan.drafts:
                raise ValueError(f"The plan of transaction {work.transaction_id} has no records to post")
            try:
                drafts: list[Draft] = []
                for planned in work.plan.drafts:
                    draft = _pointed(planned, ids)
                    drafts.append(draft)
                    ids[draft.external_id] = self._bring_to_stand(work, draft, ids)
            except _Stopped as stop:
                yield self._conclude_stopped(work, ids, stop)
            except RecordTakenError as taken:
                yield self._conclude_stopped(work, ids, _Stopped(Event.HELD, _taken(taken)))
            except StaleWorkError:
                continue
            else:
                landed.append((work, {ids[draft.external_id]: draft for draft in drafts}))
        if landed:
            yield from self._prove(landed)

    def _bring_to_stand(self, work: Work, draft: Draft, ids: Mapping[str, str]) -> str:
        """Gives the internal id under which a record stands, sending it only if it does not stand already."""
        progress = work.progress.get(draft.external_id, Progress(step=Step.PLANNED))
        if progress.step is Step.WRITTEN:
            return progress.netsuite_id
        if progress.step in LOOK_FIRST:
            found = self._look(work, draft)
            if found:
                return found
        return self._send(work, draft, ids)

    def _send(self, work: Work, draft: Draft, ids: Mapping[str, str]) -> str:
        body = _filled_in(draft.body, ids)
        tries = 0
        while True:
            tries += 1
            self.journal.intend(work, draft)
            if not self.journal.still_ours():
                raise LeaseLostError
            answer = self._written(draft, body)
            self.journal.settle(work, draft, answer)
            decision = decide(answer, tries)
            if isinstance(decision, Settle):
                return decision.netsuite_id
            if isinstance(decision, Hold):
                raise _Stopped(Event.HELD, decision.finding)
            if isinstance(decision, RetryAfter):
                self.sleep(decision.seconds * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
                continue
            found = self._look(work, draft)
            if found:
                return found
            if isinstance(answer, Refused):
                raise _Stopped(Event.HELD, answer.finding)
            if tries > 1:
                raise _Stopped(Event.ANSWER_LOST, _finding_of(answer))

    def _written(self, draft: Draft, body: Mapping[str, object]) -> Answer:
        """Sends one record from a thread of its own, while this one keeps the lease: an answer may take minutes.

        Raises:
            LeaseLostError: the lease went to another process while NetSuite had not answered; what it answers later
                is not saved, and the other process looks the record up.
        """
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            call = pool.submit(self.net.write, draft, body)
            while True:
                try:
                    return call.result(timeout=KEEP_LEASE_SECONDS)
                except TimeoutError:
                    if not self.journal.still_ours():
                        raise LeaseLostError from None
        finally:
            pool.shutdown(wait=False)

    def _look(self, work: Work, draft: Draft) -> str:
        """Looks for a record by its external id; gives its internal id, or nothing where it does not stand."""
        try:
            standing = self.net.find(draft)
        except NetSuiteError as problem:
            raise _Stopped(Event.ANSWER_LOST, problem.finding) from problem
        if standing is None:
            return ""
        strange = identity_differences(draft, standing)
        if strange:
            raise _Stopped(Event.HELD, strange[0])
        self.journal.settle(work, draft, Written(id=standing.id))
        return standing.id

    def _conclude_stopped(self, work: Work, ids: Mapping[str, str], stop: _Stopped) -> Outcome:
        """Says where a transaction stands that did not land whole."""
        finding = stop.finding
        if ids and stop.event is Event.HELD:
            written = ", ".join(ids)
            fix = f"{finding.fix} {written} stands already; posting again goes on from there."
            finding = replace(finding, fix=fix.strip())
        self.journal.conclude(work, stop.event, [finding], [])
        return Outcome(transaction_id=work.transaction_id, event=stop.event, findings=(finding,))

    def _prove(self, landed: list[tuple[Work, dict[str, Draft]]]) -> Iterator[Outcome]:
        """Reads all records back with one question and compares them with their plans."""
        drafts = {id_: draft for _, of_work in landed for id_, draft in of_work.items()}
        try:
            standings = self._read_back(drafts)
        except NetSuiteError as problem:
            standings, lost = {}, problem.finding
        else:
            lost = _not_visible()
        for work, of_work in landed:
            yield self._proven(work, of_work, standings, lost)

    def _read_back(self, drafts: Mapping[str, Draft]) -> Mapping[str, Standing]:
        """NetSuite's search may lag behind its records: what is missing is asked for again, a few times."""
        standings = dict(self.net.read_back(drafts))
        for tried in range(_READ_BACK_TRIES):
            missing = {id_: draft for id_, draft in drafts.items() if id_ not in standings}
            if not missing:
                break
            self.sleep(_READ_BACK_PAUSE_SECONDS * 2**tried)
            standings |= self.net.read_back(missing)
        return standings

    def _proven(
        self, work: Work, drafts: Mapping[str, Draft], standings: Mapping[str, Standing], lost: Finding
    ) -> Outcome:
        stand = [standings[id_] for id_ in drafts if id_ in standings]
        if len(stand) < len(drafts):
            self.journal.conclude(work, Event.ANSWER_LOST, [lost], stand)
            return Outcome(transaction_id=work.transaction_id, event=Event.ANSWER_LOST, findings=(lost,))
        found = tuple(
            finding
            for standing in stand
            for finding in (
                *identity_differences(drafts[standing.id], standing),
                *ledger_differences(drafts[standing.id], standing),
            )
        )
        event = Event.HELD if blocks(found) else Event.READ_BACK_EQUAL
        findings = (*(finding for finding in work.plan.findings if not blocks((finding,))), *found)
        self.journal.conclude(work, event, findings, stand)
        return Outcome(transaction_id=work.transaction_id, event=event, findings=findings)


def stands_nowhere(plan: Plan, net: NetSuite) -> bool:
    """Looks whether none of a plan's records stands: only then may it be made anew.

    Raises:
        NetSuiteError: NetSuite could not be asked.
    """
    return all(net.find(draft) is None for draft in plan.drafts)


def _pointed(draft: Draft, ids: Mapping[str, str]) -> Draft:
    """Gives a draft whose source names the record of the same plan that it is made from."""
    if draft.source is None or not draft.source.written:
        return draft
    return replace(draft, source=replace(draft.source, id=ids[draft.source.written]))


def _filled_in(value: Any, ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - a JSON body
    """Puts the internal ids of earlier records of the plan where the body points at them."""
    if isinstance(value, dict):
        if set(value) == {"written"}:
            return ids[value["written"]]
        return {name: _filled_in(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled_in(part, ids) for part in value]
    return value


def _finding_of(answer: Any) -> Finding:  # noqa: ANN401 - any answer that carries a finding
    return answer.finding  # type: ignore[no-any-return]


def _taken(taken: RecordTakenError) -> Finding:
    return error(
        "record_taken",
        str(taken),
        fix="Look at that record in NetSuite; if its data was replaced (a sandbox refresh), add it as a new account.",
    )


def _not_visible() -> Finding:
    return error(
        "not_visible_yet",
        "NetSuite accepted the records, but its search does not show them yet.",
        fix="Post again in a while: they are only read back, not sent again.",
    )
