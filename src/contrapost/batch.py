"""Posting what was asked for to one NetSuite account, while its lease is ours: as one stream, without a barrier.

What is asked for is looked at in portions, shortly before it is sent; while one portion is being sent the next one is
looked at. Refunds of one order or bill follow one another, so that each sees what the one before left.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from contrapost.app import SetUpError
from contrapost.netsuite.answers import NetSuiteError
from contrapost.netsuite.match import ORDERS_A_QUESTION
from contrapost.planning import Look, begin_look, is_open
from contrapost.posting.journal import Conclusion, LeaseLostError, Step, Work
from contrapost.posting.post import Errand, Poster, stands_nowhere
from contrapost.records import asks, queries, transactions
from contrapost.records.asks import Priority
from contrapost.records.errors import DATABASE_LOST, RecordsError
from contrapost.records.journal import RowsJournal
from contrapost.refunds.finding import Finding, error, unexpected_fault
from contrapost.refunds.lifecycle import BOOKED, Event, State
from contrapost.stores.contract import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contrapost.app import App
    from contrapost.asked import Source
    from contrapost.netsuite.client import RestNetSuite
    from contrapost.netsuite.drafts import Plan
    from contrapost.netsuite.match import Matched
    from contrapost.posting.post import Outcome
    from contrapost.records.asks import Asked
    from contrapost.records.lease import Held
    from contrapost.records.rows import TransactionRow

LOOK_AT_ONCE = 100
"""So many refunds are looked at together, or more where more are soon sent: the first look is waited for by all."""
LOOK_AHEAD = 10
"""So many are looked at together for each call that NetSuite takes at once; at most what one question holds."""
LOOK_WHEN_LEFT = 4
"""The next portion is looked at when so few are left to be sent for each call that NetSuite takes at once."""
URGENT_SECONDS = 0.5
"""How often it is looked whether a person waits for something."""
AGAIN_SECONDS = 5.0
"""How often it is looked for what became due again, while there is other work."""
ANSWERED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class _Looked:
    """A refund that can be sent once it is mapped; or, where there is no look, as it stands in our rows."""

    asked: Asked
    look: Look | None = None
    matched: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Batch:
    """Posting to one NetSuite account, while its lease is ours."""

    app: App
    netsuite: str
    held: Held
    source: Source
    tell: Callable[[int], None] = lambda _: None
    stop: Callable[[], bool] = lambda: False
    """Says that nothing more is to be begun; what is under way comes to its end."""
    clock: Callable[[], float] = time.monotonic
    away: bool = False
    """NetSuite could not be asked: what was asked for waits, and nothing more is begun."""
    problems: list[Problem] = field(default_factory=list)
    done: int = 0
    posted: set[int] = field(default_factory=set)
    """The transactions that were posted here."""
    _asked: dict[int, Asked] = field(default_factory=dict)
    """What was taken from the source and is not answered yet, by transaction."""
    _touching: dict[int, frozenset[str]] = field(default_factory=dict)
    """The order and the bills of each of them, as it was last mapped."""
    _busy: set[int] = field(default_factory=set)
    """Those being looked at, waiting to be sent, or being sent: nothing else may touch their orders and bills."""
    _blocked: list[Asked] = field(default_factory=list)
    _ready: deque[_Looked] = field(default_factory=deque)
    _errands: deque[Errand] = field(default_factory=deque)
    _expecting: bool = False
    """NetSuite was told how many refunds come."""
    _looking: int = 0
    _answered: list[int] = field(default_factory=list)
    _urgent_at: float = float("-inf")
    _dry_at: float | None = None
    """When the source had nothing more to give."""
    _net: RestNetSuite = field(init=False)

    def __post_init__(self) -> None:
        """Takes the client, in which all that is under way to the account is counted."""
        self._net = self.app.netsuite_for(self.netsuite)

    def run(self) -> list[Problem]:
        """Posts until nothing is left that can be done now; gives what could not be done, and why.

        Raises:
            LeaseLostError: another process writes to this NetSuite account now; what is asked stays asked.
        """
        journal = RowsJournal(self.held, by=self.app.holder, now=self.app.now)
        poster = Poster(self._net, journal, sleep=self.app.sleep, ends_all=DATABASE_LOST)
        for outcome in poster.post(self._works(journal)):
            self._take_outcome(outcome)
        self._flush()
        return self.problems

    # ---- handing out

    def _works(self, journal: RowsJournal) -> Iterator[Work | Errand | None]:
        """Hands out what can be posted, and the looks before it; None while all that is left waits for others."""
        while not (self.stop() or self.away):
            self._take_urgent(journal)
            if len(self._ready) < LOOK_WHEN_LEFT * self._net.room and not self._looking:
                self._take_more(journal)
            if self._errands:
                yield self._counted(self._errands.popleft())
            elif self._ready:
                work = self._prepared(self._ready.popleft())
                if work:
                    yield work
            elif self._looking or self._busy:
                yield None
            elif not self._takes_once_more(journal):
                return

    def _counted(self, errand: Errand) -> Errand:
        """Counts an errand as under way until what it gave is taken."""
        self._looking += 1

        def take(came: object) -> None:
            self._looking -= 1
            errand.take(came)

        return replace(errand, take=take)

    def _take_urgent(self, journal: RowsJournal) -> None:
        """What a person waits for overtakes all that is not sent yet."""
        if self.clock() - self._urgent_at < URGENT_SECONDS:
            return
        self._urgent_at = self.clock()
        fresh = [one for one in self.source.urgent() if one.transaction_id not in self._asked]
        if fresh:
            self._begin(fresh, journal)

    def _take_more(self, journal: RowsJournal) -> None:
        if self._dry_at is not None and self.clock() - self._dry_at >= AGAIN_SECONDS:
            self._rewind()
        room = self._portion() - len(self._blocked)
        given = self.source.more(room) if room > 0 and self._dry_at is None else []
        if room > 0 and not given and self._dry_at is None:
            self._dry_at = self.clock()
        fresh = [one for one in given if one.transaction_id not in self._asked]
        candidates, self._blocked = [*self._blocked, *fresh], []
        if candidates:
            self._begin(candidates, journal)

    def _portion(self) -> int:
        soon = LOOK_AHEAD * self._net.room
        return max(LOOK_AT_ONCE, min(soon, ORDERS_A_QUESTION))

    def _takes_once_more(self, journal: RowsJournal) -> bool:
        """Before the end: says whether something is there that was asked for, or became due, meanwhile."""
        self._rewind()
        self._take_more(journal)
        return bool(self._asked)

    def _rewind(self) -> None:
        self._flush()
        self.source.rewind()
        self._dry_at = None

    def _begin(self, candidates: list[Asked], journal: RowsJournal) -> None:
        """Begins with those that touch no order and no bill of another one; the rest is blocked for now."""
        self._asked |= {one.transaction_id: one for one in candidates}
        rows = {row.id: row for row in self._read([one.transaction_id for one in candidates])}
        free = self._split([one for one in candidates if one.transaction_id in rows], rows)
        for one in free:
            row = rows[one.transaction_id]
            if row.frozen and row.status not in BOOKED and _all_refused(row):
                self._thaw(one, journal)
            elif not (is_open(row) and row.document):
                self._ready.append(_Looked(one))
        looked_at = [row for one in free if is_open(row := rows[one.transaction_id]) and row.document]
        if looked_at:
            self._expect(len(looked_at))
        for account in dict.fromkeys(row.account for row in looked_at):
            self._look([row for row in looked_at if row.account == account], account)

    def _split(self, candidates: Iterable[Asked], rows: Mapping[int, TransactionRow]) -> list[Asked]:
        """Gives those of which no two are of one order or bill, nor of one that is busy; the rest is blocked."""
        taken: set[str] = set().union(*(self._touching[id_] for id_ in self._busy))
        free: list[Asked] = []
        for one in candidates:
            known = self._touching.get(one.transaction_id)
            touching = self._touching[one.transaction_id] = known or _touched(rows[one.transaction_id])
            if touching & taken:
                self._blocked.append(one)
            else:
                free.append(one)
                self._busy.add(one.transaction_id)
            taken |= touching
        return free

    # ---- looking

    def _expect(self, refunds: int) -> None:
        """Lets NetSuite's limit be asked for, where it is not known, beside the first look: none waits for it."""
        if not self._expecting:
            self._errands.append(Errand(partial(self._net.expect, refunds), lambda _: None))
            self._expecting = True

    def _look(self, rows: Sequence[TransactionRow], account: str) -> None:
        wanted = [self._asked[row.id] for row in rows]
        look = begin_look(self.app, self.app.account(account), rows, by=wanted[0].by)
        if isinstance(look, Look):
            seen = look
            ask = partial(_came_of, look.ask)
            self._errands.append(Errand(ask, lambda matched: self._take_matched(wanted, seen, matched)))
        elif look:
            self._take_unasked(wanted, look)
        else:
            self._ready.extend(_Looked(one) for one in wanted)

    def _take_matched(self, wanted: list[Asked], look: Look, matched: Mapping[str, Any] | Exception) -> None:
        try:
            matched = _told(matched)
            look = look.with_items(matched)
        except NetSuiteError as problem:
            self._take_unasked(wanted, look.save_unasked(problem, by=wanted[0].by))
            return
        except _OTHERS_TOO:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, it must not keep the others from being looked at
            self._look_apart(wanted, look, fault)
            return
        looked = [_Looked(one, look, matched) for one in wanted]
        urgent = [one for one in looked if one.asked.priority is Priority.MANUAL]
        self._ready.extendleft(reversed(urgent))
        self._ready.extend(one for one in looked if one.asked.priority is not Priority.MANUAL)

    def _look_apart(self, wanted: list[Asked], look: Look, fault: Exception) -> None:
        """One of them cannot be looked at: each half is looked at by itself, until it is found and held."""
        if len(wanted) == 1:
            self._hold_for_fault(wanted[0], fault)
            return
        half = len(wanted) // 2
        for some in (wanted[:half], wanted[half:]):
            self._look([look.rows[one.transaction_id] for one in some], look.account.name)

    def _read(self, ids: Sequence[int]) -> list[TransactionRow]:
        """Reads transactions; one that cannot be read is held and answered, and the others are given."""
        try:
            return list(queries.get_all(ids))
        except _OTHERS_TOO:
            raise
        except Exception as fault:  # noqa: BLE001 - as above
            if len(ids) == 1:
                self._hold_for_fault(self._asked[ids[0]], fault)
                return []
        half = len(ids) // 2
        return [*self._read(ids[:half]), *self._read(ids[half:])]

    def _hold_for_fault(self, one: Asked, fault: Exception) -> None:
        _log.error("Refund %s could not be posted", one.transaction_id, exc_info=fault)
        finding = unexpected_fault(fault, "prepared the posting of")
        transactions.held_for_fault(one.transaction_id, finding, by=one.by, now=self.app.now())
        self.problems.append(Problem(order=str(one.transaction_id), finding=finding))
        self._answer(one)

    def _take_unasked(self, wanted: list[Asked], problem: Problem) -> None:
        """NetSuite could not be asked: what passes by itself stays asked for, the rest is answered."""
        for one in wanted:
            row = queries.get(one.transaction_id)
            if row.status is State.WAITING:
                self.away = True
                self._put_off(one)
            else:
                self._answer(one)
            self.problems.append(replace(problem, order=row.order_name))

    def _thaw(self, one: Asked, journal: RowsJournal) -> None:
        """A plan of which NetSuite refused all is made anew, once a look shows that none of its records stands."""
        [work] = queries.work([one.transaction_id])

        def ask() -> bool | NetSuiteError:
            try:
                return stands_nowhere(work.plan, self._net)
            except NetSuiteError as problem:
                return problem

        def take(came: bool | NetSuiteError) -> None:  # noqa: FBT001 - what `ask` gives
            if isinstance(came, NetSuiteError):
                self._put_off(one)
                order = queries.get(one.transaction_id).order_name
                self.problems.append(Problem(order=order, finding=came.finding))
            elif came:
                journal.conclude(Conclusion(replace(work, by=one.by), Event.NOTHING_LANDED))
                row = queries.get(one.transaction_id)
                self._look([row], row.account)
            else:
                self._ready.append(_Looked(one))

        self._errands.append(Errand(ask, take))

    # ---- judging

    def _prepared(self, looked: _Looked) -> Work | None:
        """Gives what is to be sent of a refund; None where nothing can be, or where another one blocks it now."""
        try:
            return self._prepare(looked)
        except _OTHERS_TOO:
            raise
        except Exception as fault:  # noqa: BLE001 - as above
            self._hold_for_fault(looked.asked, fault)
            return None

    def _prepare(self, looked: _Looked) -> Work | None:
        one = looked.asked
        id_ = one.transaction_id
        urgent = one.priority is Priority.MANUAL
        if looked.look and id_ in looked.look.rows:
            work = looked.look.save(id_, looked.matched, by=one.by)
            if work and one.seen in {"", work.plan.fingerprint}:
                touching = _touched_by(work.plan, self._touching[id_])
                return replace(work, by=one.by, urgent=urgent) if self._takes(one, touching) else None
        row = queries.get(id_)
        finding = why_not(row, one.seen)
        if finding or row.status in BOOKED:
            if finding:
                self.problems.append(Problem(order=row.order_name, finding=finding))
            self._answer(one)
            return None
        works = queries.work([id_])
        if not works:
            self._answer(one)
            return None
        return replace(works[0], by=one.by, urgent=urgent) if self._takes(one, _touched(row)) else None

    def _takes(self, one: Asked, touching: frozenset[str]) -> bool:
        """Says whether a refund may be sent now that it is known what it touches; else it is blocked."""
        if touching <= self._touching[one.transaction_id]:
            return True  # nobody else was let near these since it became busy
        self._touching[one.transaction_id] = touching
        others: set[str] = set().union(*(self._touching[id_] for id_ in self._busy if id_ != one.transaction_id))
        if touching & others:
            self._busy.discard(one.transaction_id)
            self._blocked.append(one)
            return False
        return True

    # ---- answering

    def _take_outcome(self, outcome: Outcome) -> None:
        one = self._asked[outcome.transaction_id]
        if outcome.event is Event.READ_BACK_EQUAL:
            self.posted.add(one.transaction_id)
        if outcome.event is None:
            self._busy.discard(one.transaction_id)
            self._blocked.append(one)
        elif outcome.event is Event.ANSWER_LOST:
            self._put_off(one)
        else:
            self._answer(one)
        self.tell(self.done)

    def _answer(self, one: Asked) -> None:
        """An ask that a person waits for is taken away at once, others together."""
        self._forget(one)
        self.done += 1
        self._answered.append(one.id)
        if one.priority is Priority.MANUAL or len(self._answered) >= ANSWERED_AT_ONCE:
            self._flush()

    def _put_off(self, one: Asked) -> None:
        self._forget(one)
        self.done += 1
        asks.put_off(one.id, now=self.app.now(), tries=one.tries)

    def _forget(self, one: Asked) -> None:
        self._busy.discard(one.transaction_id)
        self._asked.pop(one.transaction_id, None)
        self._touching.pop(one.transaction_id, None)

    def _flush(self) -> None:
        answered, self._answered = self._answered, []
        asks.done(answered)


_OTHERS_TOO = (SetUpError, RecordsError, LeaseLostError, *DATABASE_LOST)
"""Faults that are no refund's own: they end the whole run."""
_log = logging.getLogger(__name__)


def _came_of(ask: Callable[[], Mapping[str, Matched] | NetSuiteError]) -> Mapping[str, Matched] | Exception:
    """Asks in a thread; what it raises is given, because whatever an errand raises ends all that is under way."""
    try:
        return ask()
    except Exception as fault:  # noqa: BLE001 - it is judged where it is taken
        return fault


def _told(came: Mapping[str, Matched] | Exception) -> Mapping[str, Matched]:
    """Gives what was told; raises what was raised."""
    if isinstance(came, Exception):
        raise came
    return came


def _touched(row: TransactionRow) -> frozenset[str]:
    """The order and the bills that a transaction takes something back of."""
    order = frozenset({row.bills.order_id} if row.bills else ()) | {f"{row.account} {row.order_id}"}
    return _touched_by(row.plan, order) if row.plan else order


def _touched_by(plan: Plan, order: frozenset[str]) -> frozenset[str]:
    return order | {draft.source.id for draft in plan.drafts if draft.source and draft.source.id}


def _all_refused(row: TransactionRow) -> bool:
    return all(progress.step in {Step.PLANNED, Step.REFUSED} for progress in row.progress.values())


def why_not(row: TransactionRow, seen: str) -> Finding | None:
    """Says why a transaction cannot be posted now; None where it can, or stands already."""
    if row.status in BOOKED:
        return None
    if row.frozen or row.status is State.READY:
        return changed_since_seen() if seen and seen != row.fingerprint else None
    if row.status is State.CANCELED:
        return error("canceled", "This refund is canceled.", fix="Restore it first, then post it.")
    if row.findings:
        return row.findings[0]
    return error("not_ready", f"This refund is {row.status}.", fix="Look at its preview: it says what is missing.")


def changed_since_seen() -> Finding:
    """Gives what is said where another plan would be posted than the one that was seen."""
    return error(
        "changed_since_seen",
        "This changed since you looked: it would become something else now.",
        fix="Look at the preview again, then post.",
    )
