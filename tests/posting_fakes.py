"""The two ports of posting in memory: a journal that keeps its contract, and a NetSuite that can fail in every way.

Both note each call, in order, in one list, and both can be struck by a power cut before or after any call.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from builders import usd

from contrapost.netsuite.answers import Exchange, NetSuiteError, Refused, Standing, Unknown, Written
from contrapost.posting.journal import Conclusion, LeaseLostError, Progress, StaleWorkError, Step, Work
from contrapost.posting.post import Outcome, Poster
from contrapost.posting.rolling import Threads
from contrapost.records.lease import SECONDS
from contrapost.refunds.finding import error
from contrapost.refunds.lifecycle import BOOKED, Event, State, can, move

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from contrapost.netsuite.answers import Answer
    from contrapost.netsuite.drafts import Draft, Plan
    from contrapost.refunds.finding import Finding

EXCHANGE = Exchange(method="POST", path="/", sent="{}", status=None, received="")


class PowerCutError(Exception):
    """The process ends here, between two lines."""


@dataclass
class Power:
    """Cuts the power before the n-th call; each call counts twice, for before it and after it."""

    cut_at: int | None = None
    passed: int = 0

    def flows(self) -> None:
        """Lets one point pass, unless it is the one."""
        here = self.passed
        self.passed += 1
        if here == self.cut_at:
            raise PowerCutError


@dataclass
class Row:
    """A transaction as the journal keeps it."""

    plan: Plan
    state: State = State.READY
    frozen: bool = False
    progress: dict[str, Progress] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    links: dict[str, str] = field(default_factory=dict)


@dataclass
class FakeJournal:
    """Rows in memory. A call is done whole or not at all; without the lease nothing is saved."""

    calls: list[str]
    power: Power
    ours: bool = True
    lose_lease_after: str = ""
    """A call after which this process is frozen, for so long that the lease is another's."""
    rows: dict[int, Row] = field(default_factory=dict)

    def intend(self, work: Work, draft: Draft) -> None:
        """Saves the intent; the first one freezes the plan."""
        row = self._saving(f"intend {draft.external_id}", work)
        if row.plan.fingerprint != work.plan.fingerprint:
            raise StaleWorkError("another plan")
        if not row.frozen:
            if row.state is not State.READY:
                raise StaleWorkError(f"it is {row.state}")
            row.frozen = True
            row.progress = {one.external_id: Progress(step=Step.PLANNED) for one in row.plan.drafts}
        if row.progress[draft.external_id].step is Step.WRITTEN:
            raise StaleWorkError("it stands")
        row.progress[draft.external_id] = Progress(step=Step.INTENDED)
        self._go_on(row)
        self._saved(f"intend {draft.external_id}")

    def settle(self, work: Work, draft: Draft, answer: Answer) -> None:
        """Saves an answer."""
        row = self._saving(f"settle {draft.external_id} {type(answer).__name__.lower()}", work)
        if row.progress[draft.external_id].step is not Step.WRITTEN:
            row.progress[draft.external_id] = _after(answer)
            if isinstance(answer, Written):
                row.links[draft.external_id] = answer.id
        self._saved(f"settle {draft.external_id}")

    def looked(self, work: Work, draft: Draft, what: str, exchanges: Sequence[Exchange], conclusion: str) -> None:
        """Saves a look, of which nothing depends."""
        del draft, what, exchanges, conclusion
        self.power.flows()
        if not self.ours:
            raise LeaseLostError
        assert work.transaction_id in self.rows

    def conclude(self, *conclusions: Conclusion) -> None:
        """Saves what transactions came to, all of them or none."""
        names = [f"conclude {one.work.transaction_id} {one.event}" for one in conclusions]
        rows = [self._saving(name, one.work) for name, one in zip(names, conclusions, strict=True)]
        for row, one in zip(rows, conclusions, strict=True):
            stands = all(progress.step is Step.WRITTEN for progress in row.progress.values())
            posted = one.event is Event.READ_BACK_EQUAL
            assert not posted or (row.progress and stands), "posted, and a record does not stand"
        for row, one in zip(rows, conclusions, strict=True):
            if not can(row.state, one.event):
                self._go_on(row)
            row.state, row.findings = move(row.state, one.event), tuple(one.findings)
        for one in conclusions:
            self._saved(f"conclude {one.work.transaction_id}")

    def still_ours(self) -> bool:
        """Says whether the lease is ours."""
        self.calls.append("still ours?")
        self.power.flows()
        return self.ours

    def work(self, transaction_id: int) -> Work:
        """Hands a transaction out as it stands."""
        row = self.rows[transaction_id]
        return Work(transaction_id=transaction_id, plan=row.plan, progress=dict(row.progress))

    def _saving(self, call: str, work: Work) -> Row:
        self.calls.append(call)
        self.power.flows()
        if not self.ours:
            raise LeaseLostError
        return self.rows[work.transaction_id]

    def _saved(self, call: str) -> None:
        if call == self.lose_lease_after:
            self.ours = False
        self.power.flows()

    def _go_on(self, row: Row) -> None:
        event = Event.LOOKED_UP if row.state is State.OUTCOME_UNKNOWN else Event.INTENDED
        if row.state is not State.POSTING:
            row.state = move(row.state, event)


def _after(answer: Answer) -> Progress:
    if isinstance(answer, Written):
        return Progress(step=Step.WRITTEN, netsuite_id=answer.id)
    if isinstance(answer, Refused) and not answer.exists:
        return Progress(step=Step.REFUSED)
    return Progress(step=Step.UNKNOWN)


@dataclass
class FakeNetSuite:
    """Records in memory. It does not guard external ids: a record sent twice stands twice, and a test sees it."""

    calls: list[str]
    power: Power
    faults: list[str] = field(default_factory=list)
    """What becomes of the coming writes, in order: `lost after`, `lost before`, `refused`, `busy`, `exists` or ``."""
    down: int = 0
    """How many of the coming questions are not answered."""
    room: int = 1
    """How many calls it takes at once."""
    together: int = 1
    """How many records that stand alone it takes in one call."""
    lag: int = 0
    """How many of the coming searches do not show anything yet."""
    alter: Callable[[Standing], Standing] = lambda standing: standing
    """What someone did to the records before they are looked at."""
    records: list[Standing] = field(default_factory=list)
    bodies: list[Mapping[str, object]] = field(default_factory=list)

    def write(self, draft: Draft, body: Mapping[str, object], ours: Callable[[], bool]) -> Answer:
        """Writes a record, as the coming fault will have it."""
        if not ours():
            finding = error("netsuite_unreachable", "Another process writes now.", fix="Look again.")
            return Refused(finding=finding, exchange=EXCHANGE, retryable=True)
        fault = self.faults.pop(0) if self.faults else ""
        self.calls.append(f"write {draft.external_id}")
        self.power.flows()
        answer = self._answer(draft, body, fault)
        self.power.flows()
        return answer

    def most_together(self, draft: Draft) -> int:
        """Takes records that stand alone together."""
        return 1 if draft.source else self.together

    def write_together(
        self, wanted: Sequence[tuple[Draft, Mapping[str, object]]], ours: Callable[[], bool]
    ) -> list[Answer]:
        """Writes some records, each as the coming fault will have it."""
        assert len(wanted) <= self.together
        self.calls.append(f"together {len(wanted)}")
        return [self.write(draft, body, ours) for draft, body in wanted]

    def _answer(self, draft: Draft, body: Mapping[str, object], fault: str) -> Answer:
        if fault in {"refused", "busy", "exists"}:
            finding = error(f"netsuite_{fault}", f"NetSuite says {fault}.", fix="Mend it.")
            return Refused(finding=finding, exchange=EXCHANGE, retryable=fault == "busy", exists=fault == "exists")
        lost = Unknown(finding=error("outcome_unknown", "No clear answer.", fix="Look."), exchange=EXCHANGE)
        if fault == "lost before":
            return lost
        id_ = self.make(draft)
        self.bodies.append(body)
        return lost if fault == "lost after" else Written(id=id_, exchange=EXCHANGE)

    def make(self, draft: Draft) -> str:
        """Makes a record stand as the draft plans it."""
        id_ = str(9000 + len(self.records))
        net: dict[str, Decimal] = defaultdict(Decimal)
        for entry in draft.ledger:
            net[entry.account] += entry.debit - entry.credit
        self.records.append(
            Standing(
                record=draft.record.value,
                id=id_,
                tranid=f"N{id_}",
                external_id=draft.external_id,
                total=draft.total,
                voided=False,
                created_from=draft.source.id if draft.source else "",
                ledger=tuple(net.items()),
            )
        )
        return id_

    def find(self, draft: Draft) -> Standing | None:
        """Looks a record up."""
        self.calls.append(f"find {draft.external_id}")
        self.power.flows()
        self._asked()
        found = [self.alter(one) for one in self.records if one.external_id == draft.external_id]
        self.power.flows()
        return found[0] if found else None

    def read_back(self, drafts: Mapping[str, Draft]) -> dict[str, Standing]:
        """Searches for records."""
        self.calls.append(f"read back {len(drafts)}")
        self.power.flows()
        self._asked()
        if self.lag:
            self.lag -= 1
            return {}
        self.power.flows()
        return {one.id: self.alter(one) for one in self.records if one.id in drafts}

    def _asked(self) -> None:
        if self.down:
            self.down -= 1
            raise NetSuiteError(error("netsuite_unreachable", "NetSuite is down.", fix="Wait."), retryable=True)

    @property
    def counts(self) -> Counter[str]:
        """How many records stand under each external id."""
        return Counter(one.external_id for one in self.records)


@dataclass
class InAnyOrder:
    """Carries calls without threads, so that a test says in which order they are done, and which end first.

    Each turn takes the next number: its parity says whether a call is done as it begins or as it ends, the rest which
    of the calls under way ends next.
    """

    turns: list[int]
    under_way: list[tuple[Future[Any], Callable[[], Any]]] = field(default_factory=list)
    most: int = 0
    """The most calls that were under way at once."""

    def carry(self, call: Callable[[], Any]) -> Future[Any]:
        """Begins a call, and perhaps does it."""
        future: Future[Any] = Future()
        self.under_way.append((future, call))
        self.most = max(self.most, len(self.under_way))
        if self._turn() % 2:
            _do(future, call)
        return future

    def ended(self, timeout: float) -> list[Future[Any]]:
        """Ends one of the calls under way."""
        del timeout
        future, call = self.under_way.pop(self._turn() // 2 % len(self.under_way))
        if not future.done():
            _do(future, call)
        return [future]

    def end(self) -> None:
        """Nothing to end."""

    def _turn(self) -> int:
        return self.turns.pop(0) if self.turns else 0


def _do(future: Future[Any], call: Callable[[], Any]) -> None:
    try:
        future.set_result(call())
    except Exception as fault:  # noqa: BLE001 - whatever it is comes back to who asked
        future.set_exception(fault)


class Desk:
    """A journal, a NetSuite and a poster between them, with some refunds ready to be posted."""

    def __init__(self, *plans: Plan) -> None:
        self.calls: list[str] = []
        self.power = Power()
        self.journal = FakeJournal(self.calls, self.power, rows={n + 1: Row(plan) for n, plan in enumerate(plans)})
        self.net = FakeNetSuite(self.calls, self.power)
        self.pauses: list[float] = []
        self.turns: list[int] | None = None
        """Where calls are done side by side: in which order. In a thread, one after the other, otherwise."""

    def post(self) -> list[Outcome]:
        """Posts all that is not in the books yet."""
        works = [self.journal.work(id_) for id_, row in self.journal.rows.items() if row.state not in BOOKED]
        return list(self.poster().post(works))

    def poster(self) -> Poster:
        """Makes a poster that notes its pauses instead of taking them."""
        self.carrier = Threads() if self.turns is None else InAnyOrder(self.turns)
        return Poster(
            self.net,
            self.journal,
            sleep=self.pauses.append,
            clock=lambda: 0.0 if self.journal.ours else float(SECONDS),
            carrier=lambda: self.carrier,
            ends_all=(PowerCutError,),
        )

    @property
    def states(self) -> list[State]:
        """The state of each refund."""
        return [row.state for row in self.journal.rows.values()]

    def step(self, external_id: str) -> Step:
        """How far a record has come."""
        return next(row.progress[external_id].step for row in self.journal.rows.values() if external_id in row.progress)

    def planned(self) -> Iterator[str]:
        """The external ids of all records that are to stand."""
        return (draft.external_id for row in self.journal.rows.values() for draft in row.plan.drafts)


def changed(**fields: object) -> Callable[[Standing], Standing]:
    """Makes what someone did to the records: `changed(voided=True)`."""
    return lambda standing: replace(standing, **fields)  # type: ignore[arg-type]


ELEVEN = usd("11.00")
