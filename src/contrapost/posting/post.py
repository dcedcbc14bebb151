"""Posting: each record of a plan is intended, sent and settled; then all are read back and compared."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from contrapost.netsuite.answers import Refused, Standing, Written
from contrapost.netsuite.hearing import Heard, by_record, listen, shortened
from contrapost.posting.decide import Hold, RetryAfter, Settle, decide
from contrapost.posting.journal import Conclusion, LeaseLostError, Progress, RecordTakenError, StaleWorkError, Step
from contrapost.posting.read_back import identity_differences, ledger_differences
from contrapost.posting.rolling import KEEP_SECONDS, Call, Carrier, Pause, Rolling, Threads, Together, Way, WayStep
from contrapost.refunds.finding import Finding, blocks, error, unexpected_fault
from contrapost.refunds.lifecycle import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from contrapost.netsuite.answers import Answer, Exchange
    from contrapost.netsuite.drafts import Draft, Plan
    from contrapost.posting.journal import Journal, NetSuite, Work

_log = logging.getLogger(__name__)
LOOK_FIRST = frozenset({Step.INTENDED, Step.UNKNOWN})
"""Steps after which NetSuite may hold the record without our knowing."""
READ_BACK_AT = 300
"""So many refunds that landed are read back together, at the latest; fewer, where nothing is left to be sent."""
_READ_BACK_EARLY = 50
"""So many are read back while nothing more can be begun and others are still being sent."""
_LEASE_IS_SURE_SECONDS = 3 * KEEP_SECONDS
"""For so long after it was renewed nobody else can have the lease: it lasts twice as long."""
_PROVEN_AT_ONCE = 20
"""So many are compared and saved in one go; after that, calls that ended meanwhile are followed up first."""
_READ_BACK_TRIES = 3
_READ_BACK_PAUSE_SECONDS = 1.0

Stages = Generator[WayStep, Any, str]
"""A part of a way, on which one record comes to stand: what it gives is the record's internal id, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one transaction."""

    transaction_id: int
    event: Event | None
    """None where it was passed over: it changed since it was handed out, and nothing was sent of it."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Errand:
    """Something asked of NetSuite between posts: `ask` in a thread, and `take`, given what it gave, in the calling one.

    What `ask` raises ends all that is under way.
    """

    ask: Callable[[], Any]
    take: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class _Stopped(Exception):  # noqa: N818 - a way out of the loop over records, not an error
    """A record did not come to stand: what that means for the transaction, and why."""

    event: Event
    finding: Finding


@dataclass(frozen=True, slots=True)
class Poster:
    """Writes plans into NetSuite, as many side by side as NetSuite takes; the records of one plan in their order.

    The journal is spoken to by the calling thread alone; other threads only carry the calls to NetSuite.

    `sleep` takes seconds; it is called only while no call is under way.
    """

    net: NetSuite
    journal: Journal
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    carrier: Callable[[], Carrier] = Threads
    ends_all: tuple[type[Exception], ...] = ()
    """Faults that are no transaction's own, such as a lost database: they end all that is under way."""

    def post(self, works: Iterable[Work | Errand | None]) -> Iterator[Outcome]:
        """Posts transactions and yields what became of each; those that landed are read back together.

        What was canceled, or mapped to another plan, since it was handed out is passed over: nothing is sent of it.

        Args:
            works: taken one by one as NetSuite has room, errands among them; None where nothing can be begun before
                something that is under way ends.

        Raises:
            ValueError: a plan has no records, so that nothing of it could ever stand.
            LeaseLostError: another process writes to this NetSuite account now. What was sent is intended in our rows
                and will be looked up; nothing more was sent or saved.
        """
        posting = _Posting(self.net, self.journal, self.clock, iter(works), (LeaseLostError, *self.ends_all))
        rolling: Rolling[tuple[Outcome, ...]] = Rolling(
            seats=posting.seats, keep=posting.keep_lease, sleep=self.sleep, clock=self.clock, carrier=self.carrier()
        )
        for outcomes in rolling.run(posting.begin):
            yield from outcomes


@dataclass(slots=True)
class _Posting:
    """One run over some transactions."""

    net: NetSuite
    journal: Journal
    clock: Callable[[], float]
    works: Iterator[Work | Errand | None]
    ends_all: tuple[type[Exception], ...]
    landed: list[tuple[Work, dict[str, Draft]]] = field(default_factory=list)
    sending: int = 0
    """Transactions of which records are being sent."""
    asking: int = 0
    """Errands that are under way."""
    proving: int = 0
    """Read-backs that are under way."""
    urgent: int = 0
    """Of those being sent, how many a person waits for."""
    hurried: bool = False
    """A person waits for one of those that landed."""
    renewed_at: float = float("-inf")

    def seats(self) -> int:
        """Twice as many as NetSuite takes at once: as many wait where others end together, or while rows are saved."""
        return 2 * self.net.room

    def begin(self) -> Way[tuple[Outcome, ...]] | None:
        """Gives the next transaction to be sent, or else has those that landed read back."""
        if not self._must_prove() and (work := next(self.works, None)):
            if isinstance(work, Errand):
                self.asking += 1
                return self._run(work)
            if not work.plan.drafts:
                raise ValueError(f"The plan of transaction {work.transaction_id} has no records to post")
            self.sending += 1
            self.urgent += work.urgent
            return self._bring(work)
        if not self._may_prove():
            return None
        landed, self.landed, self.hurried = self.landed, [], False
        self.proving += 1
        return self._prove_landed(landed)

    def _must_prove(self) -> bool:
        return len(self.landed) >= READ_BACK_AT or (self.hurried and not self.urgent)

    def _may_prove(self) -> bool:
        """Those that landed are read back while the last ones are still being sent, if they are many."""
        if self._must_prove() or not (self.sending or self.asking):
            return bool(self.landed)
        return not (self.asking or self.proving) and len(self.landed) >= max(_READ_BACK_EARLY, self.sending)

    def _prove_landed(self, landed: list[tuple[Work, dict[str, Draft]]]) -> Way[tuple[Outcome, ...]]:
        try:
            return (yield from self._prove(landed))
        finally:
            self.proving -= 1

    def _run(self, errand: Errand) -> Way[tuple[Outcome, ...]]:
        came = yield Call(errand.ask)
        self.asking -= 1
        errand.take(came)
        return ()

    def keep_lease(self) -> None:
        """Renews the lease.

        Raises:
            LeaseLostError: it is another process's.
        """
        if not self.journal.still_ours():
            self.renewed_at = float("-inf")
            raise LeaseLostError
        self.renewed_at = self.clock()

    def is_ours(self) -> bool:
        """Says whether the lease is ours for sure, without asking for it: threads ask this in the moment of sending."""
        return self.clock() - self.renewed_at < _LEASE_IS_SURE_SECONDS

    def _bring(self, work: Work) -> Way[tuple[Outcome, ...]]:
        """Brings the records of one transaction to stand, one after the other."""
        ids: dict[str, str] = {}
        drafts: list[Draft] = []
        try:
            for planned in work.plan.drafts:
                draft = _pointed(planned, ids)
                drafts.append(draft)
                ids[draft.external_id] = yield from self._bring_to_stand(work, draft, ids)
        except _Stopped as stop:
            return (self._conclude_stopped(work, ids, stop),)
        except RecordTakenError as taken:
            return (self._conclude_stopped(work, ids, _Stopped(Event.HELD, _taken(taken))),)
        except StaleWorkError:
            return (Outcome(transaction_id=work.transaction_id, event=None),)
        except self.ends_all:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, it must not keep the others from being posted
            return (self._hold_for_fault(work, fault),)
        finally:
            self.sending -= 1
            self.urgent -= work.urgent
        self.hurried = self.hurried or work.urgent
        self.landed.append((work, {ids[draft.external_id]: draft for draft in drafts if not draft.removes}))
        return ()

    def _bring_to_stand(self, work: Work, draft: Draft, ids: Mapping[str, str]) -> Stages:
        """Gives the internal id under which a record stands, sending it only if it does not stand already."""
        progress = work.progress.get(draft.external_id, Progress(step=Step.PLANNED))
        if progress.step is Step.WRITTEN:
            return progress.netsuite_id
        if work.look_first and progress.step is Step.PLANNED:
            self.journal.intend(work, draft)
        if work.look_first or progress.step in LOOK_FIRST:
            found = yield from self._look(work, draft)
            if found:
                return found
        return (yield from self._send(work, draft, ids))

    def _send(self, work: Work, draft: Draft, ids: Mapping[str, str]) -> Stages:
        body = _filled_in(draft.body, ids)
        tries = 0
        while True:
            tries += 1
            asked_at = self.clock()
            self.journal.intend(work, draft)
            self.renewed_at = asked_at
            answer: Answer = yield self._writing(draft, body)
            self.journal.settle(work, draft, answer)
            decision = decide(answer, tries)
            if isinstance(decision, Settle):
                return decision.netsuite_id
            if isinstance(decision, Hold):
                raise _Stopped(Event.HELD, decision.finding)
            if isinstance(decision, RetryAfter):
                yield Pause(decision.seconds * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
                continue
            found = yield from self._look(work, draft)
            if found:
                return found
            if isinstance(answer, Refused):
                raise _Stopped(Event.HELD, answer.finding)
            if tries > 1:
                raise _Stopped(Event.ANSWER_LOST, _finding_of(answer))

    def _writing(self, draft: Draft, body: Mapping[str, object]) -> Call | Together:
        most = self.net.most_together(draft)
        if most == 1:
            return Call(partial(self.net.write, draft, body, self.is_ours))
        return Together(draft.record, (draft, body), partial(self.net.write_together, ours=self.is_ours), most)

    def _look(self, work: Work, draft: Draft) -> Stages:
        """Looks for a record by its external id; gives its internal id, or nothing where it does not stand."""
        heard: Heard[Standing] = yield Call(partial(listen, partial(self.net.find, draft)))
        if heard.problem:
            self.journal.looked(work, draft, "look", heard.exchanges, heard.problem.finding.message)
            raise _Stopped(Event.ANSWER_LOST, heard.problem.finding) from heard.problem
        standing = heard.told
        if standing is None:
            self.journal.looked(work, draft, "look", heard.exchanges, "does not stand")
            return ""
        strange = identity_differences(draft, standing)
        if strange:
            self.journal.looked(work, draft, "look", heard.exchanges, strange[0].message)
            raise _Stopped(Event.HELD, strange[0])
        self.journal.settle(work, draft, Written(id=standing.id, looked=next(reversed(heard.exchanges), None)))
        return standing.id

    def _conclude_stopped(self, work: Work, ids: Mapping[str, str], stop: _Stopped) -> Outcome:
        """Says where a transaction stands that did not land whole."""
        finding = stop.finding
        if ids and stop.event is Event.HELD:
            written = ", ".join(ids)
            fix = f"{finding.fix} {written} stands already; posting again goes on from there."
            finding = replace(finding, fix=fix.strip())
        self.journal.conclude(Conclusion(work, stop.event, [finding]))
        return Outcome(transaction_id=work.transaction_id, event=stop.event, findings=(finding,))

    def _prove(self, landed: list[tuple[Work, dict[str, Draft]]]) -> Way[tuple[Outcome, ...]]:
        """Reads all records back with one question and compares them with their plans."""
        drafts = {id_: draft for _, of_work in landed for id_, draft in of_work.items()}
        try:
            heard = yield from self._read_back(drafts)
        except self.ends_all:
            raise
        except Exception as fault:  # noqa: BLE001 - one record that cannot be read keeps no other from being proven
            if len(landed) == 1:
                return (self._hold_for_fault(landed[0][0], fault),)
            half = len(landed) // 2
            first = yield from self._prove(landed[:half])
            return (*first, *(yield from self._prove(landed[half:])))
        standings = heard.told or {}
        lost = heard.problem.finding if heard.problem else _not_visible()
        last = tuple(shortened(one) for one in heard.exchanges[-1:])
        proven: list[Outcome] = []
        for start in range(0, len(landed), _PROVEN_AT_ONCE):
            if start:
                yield Pause(0)
            proven += self._conclude_proven(landed[start : start + _PROVEN_AT_ONCE], standings, lost, last)
        return tuple(proven)

    def _conclude_proven(
        self,
        landed: Sequence[tuple[Work, dict[str, Draft]]],
        standings: Mapping[str, Standing],
        lost: Finding,
        last: Sequence[Exchange],
    ) -> list[Outcome]:
        """Saves what several came to in one go; where one of them cannot be, each by itself."""
        try:
            conclusions = [self._proven(work, drafts, standings, lost, last) for work, drafts in landed]
            self.journal.conclude(*conclusions)
        except self.ends_all:
            raise
        except Exception as fault:  # noqa: BLE001 - as before: the others go on
            if len(landed) == 1:
                return [self._hold_for_fault(landed[0][0], fault)]
            return [outcome for one in landed for outcome in self._conclude_proven([one], standings, lost, last)]
        return [
            Outcome(transaction_id=one.work.transaction_id, event=one.event, findings=tuple(one.findings))
            for one in conclusions
        ]

    def _hold_for_fault(self, work: Work, fault: Exception) -> Outcome:
        """What was sent stays intended in our rows, so that it is looked up before anything is sent again."""
        _log.error("Refund %s could not be posted", work.transaction_id, exc_info=fault)
        finding = unexpected_fault(fault, "posted")
        self.journal.conclude(Conclusion(work, Event.HELD, [finding]))
        return Outcome(transaction_id=work.transaction_id, event=Event.HELD, findings=(finding,))

    def _read_back(self, drafts: Mapping[str, Draft]) -> Generator[WayStep, Any, Heard[dict[str, Standing]]]:
        """NetSuite's search may lag behind its records: what is missing is asked for again, a few times."""
        standings: dict[str, Standing] = {}
        exchanges: list[Exchange] = []
        missing = dict(drafts)
        for tried in range(1 + _READ_BACK_TRIES):
            if tried:
                yield Pause(_READ_BACK_PAUSE_SECONDS * 2 ** (tried - 1))
            heard: Heard[Mapping[str, Standing]] = yield Call(partial(listen, partial(self.net.read_back, missing)))
            exchanges += heard.exchanges
            if heard.problem:
                return Heard(told=standings, problem=heard.problem, exchanges=tuple(exchanges))
            calls = by_record(heard.exchanges)
            standings |= {id_: replace(one, exchange=calls.get(id_)) for id_, one in (heard.told or {}).items()}
            missing = {id_: draft for id_, draft in drafts.items() if id_ not in standings}
            if not missing:
                break
        return Heard(told=standings, exchanges=tuple(exchanges))

    def _proven(
        self,
        work: Work,
        drafts: Mapping[str, Draft],
        standings: Mapping[str, Standing],
        lost: Finding,
        last: Sequence[Exchange],
    ) -> Conclusion:
        """Says where a transaction stands whose records landed; `last` is the last call of the read-back."""
        stand = [standings[id_] for id_ in drafts if id_ in standings]
        if len(stand) < len(drafts):
            for draft in (draft for id_, draft in drafts.items() if id_ not in standings):
                self.journal.looked(work, draft, "read back", last, lost.message)
            return Conclusion(work, Event.ANSWER_LOST, (lost,), stand)
        found = tuple(
            finding
            for standing in stand
            for finding in (
                *identity_differences(drafts[standing.id], standing),
                *ledger_differences(drafts[standing.id], standing),
            )
        )
        landed = Event.TAKEN_BACK if work.plan.only_takes_back else Event.READ_BACK_EQUAL
        event = Event.HELD if blocks(found) else landed
        findings = (*(finding for finding in work.plan.findings if not blocks((finding,))), *found)
        return Conclusion(work, event, findings, stand)


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
