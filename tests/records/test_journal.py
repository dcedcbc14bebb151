"""The journal freezes a plan with its first intent, saves every answer, and saves nothing once the lease is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError

from contrapost.netsuite.answers import Exchange, Refused, Standing, Unknown, Written
from contrapost.posting.journal import (
    Conclusion,
    Journal,
    LeaseLostError,
    Progress,
    RecordTakenError,
    StaleWorkError,
    Step,
)
from contrapost.records import lease, queries, transactions, waiting
from contrapost.records.errors import RefusedError
from contrapost.records.models import Lease, PlannedRecord
from contrapost.refunds.finding import error
from contrapost.refunds.lifecycle import Event, IllegalMoveError, State
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from conftest import Books

    from contrapost.posting.journal import Work

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EXCHANGE = Exchange(method="POST", path="/record/v1/cashRefund", sent="{}", status=204, received="", request_id="q")
TROUBLE = error("trouble", "It does not work", fix="Mend it")


def test_the_first_intent_freezes_the_plan(books: Books) -> None:
    """All records of the plan are saved before the first is sent, and the refund is being posted."""
    id_, work = _ready(books)
    journal: Journal = books.journal()

    journal.intend(work, work.plan.drafts[0])

    row = queries.get(id_)
    assert (row.frozen, row.status, row.plan) == (True, State.POSTING, work.plan)
    assert [one.step for one in row.progress.values()] == [Step.INTENDED, Step.PLANNED]
    assert list(row.progress) == [draft.external_id for draft in work.plan.drafts]
    assert queries.history(id_)[-1].by == "alice"


def test_a_refund_is_posted(books: Books) -> None:
    """Two records written, read back and concluded: posted, linked, each attempt kept."""
    id_, work = _ready(books)
    journal = books.journal()
    for draft, number in zip(work.plan.drafts, ("71", "72"), strict=True):
        journal.intend(work, draft)
        journal.settle(work, draft, Written(id=number, exchange=EXCHANGE, warnings=("slow",)))
    standings = [_standing(draft.external_id, number) for draft, number in zip(work.plan.drafts, "12", strict=True)]
    standings = [replace(one, id=f"7{one.id}") for one in standings]

    journal.conclude(Conclusion(work, Event.READ_BACK_EQUAL, [], standings))

    row = queries.get(id_)
    assert row.status is State.POSTED
    assert [(link.netsuite_id, link.tranid, link.total) for link in row.links] == [
        ("71", "T1", Money.of("10.00", "USD")),
        ("72", "T2", Money.of("10.00", "USD")),
    ]
    assert [(one.what, one.conclusion) for one in queries.attempts(id_)] == [
        ("write", "written as 71; slow"),
        ("write", "written as 72; slow"),
        ("read back", "stands as T1 over 10.00 USD"),
        ("read back", "stands as T2 over 10.00 USD"),
    ]
    assert books.history(id_) == ["retrieved", "planned", "intended", "read_back_equal"]


def test_posting_goes_on_where_it_stopped(books: Books) -> None:
    """Work handed out anew has the frozen plan and how far each record came."""
    id_, work = _ready(books)
    first, second = work.plan.drafts
    journal = books.journal()
    journal.intend(work, first)
    journal.settle(work, first, Written(id="71", exchange=EXCHANGE))
    journal.intend(work, second)
    journal.settle(work, second, Refused(finding=TROUBLE, exchange=EXCHANGE))
    journal.conclude(Conclusion(work, Event.HELD, [TROUBLE]))

    [again] = queries.work([id_])

    assert queries.get(id_).status is State.NEEDS_ATTENTION
    assert again.plan == work.plan
    assert again.progress == {
        first.external_id: Progress(step=Step.WRITTEN, netsuite_id="71"),
        second.external_id: Progress(step=Step.REFUSED),
    }
    journal.intend(again, second)
    assert queries.get(id_).status is State.POSTING


def test_a_written_record_is_never_intended_again(books: Books) -> None:
    """Nor does a later answer, whatever it says, take away that it stands."""
    id_, work = _ready(books)
    draft = work.plan.drafts[0]
    journal = books.journal()
    journal.intend(work, draft)
    journal.settle(work, draft, Written(id="71"))

    with pytest.raises(StaleWorkError):
        journal.intend(work, draft)
    journal.settle(work, draft, Refused(finding=TROUBLE, exchange=EXCHANGE))

    assert queries.get(id_).progress[draft.external_id] == Progress(step=Step.WRITTEN, netsuite_id="71")
    assert [one.what for one in queries.attempts(id_)] == ["look", "write"]


@pytest.mark.parametrize(
    ("answer", "step"),
    [
        (Refused(finding=TROUBLE, exchange=EXCHANGE), Step.REFUSED),
        (Refused(finding=TROUBLE, exchange=EXCHANGE, exists=True), Step.UNKNOWN),
        (Unknown(finding=TROUBLE, exchange=replace(EXCHANGE, status=None, received="\x00\ud800")), Step.UNKNOWN),
    ],
)
def test_an_answer_that_is_no_yes_leaves_no_link(books: Books, answer: Refused | Unknown, step: Step) -> None:
    """A no is a no; without a clear answer, or where the record stands already, it is looked for first."""
    id_, work = _ready(books)
    journal = books.journal()
    journal.intend(work, work.plan.drafts[0])

    journal.settle(work, work.plan.drafts[0], answer)

    row = queries.get(id_)
    assert (row.links, row.progress[work.plan.drafts[0].external_id].step) == ((), step)
    [attempt] = queries.attempts(id_)
    assert (attempt.method, attempt.status, attempt.request_id) == ("POST", answer.exchange.status, "q")


def test_an_unknown_outcome_is_resolved_by_a_look(books: Books) -> None:
    """Found standing, the refund is posted without another write."""
    id_, work = _ready(books, "cashRefund")
    draft = work.plan.drafts[0]
    journal = books.journal()
    journal.intend(work, draft)
    journal.settle(work, draft, Unknown(finding=TROUBLE, exchange=EXCHANGE))
    journal.conclude(Conclusion(work, Event.ANSWER_LOST, [TROUBLE]))
    assert queries.get(id_).status is State.OUTCOME_UNKNOWN

    journal.settle(work, draft, Written(id="71"))
    journal.conclude(Conclusion(work, Event.READ_BACK_EQUAL))

    assert queries.get(id_).status is State.POSTED
    assert books.history(id_)[2:] == ["intended", "answer_lost", "looked_up", "read_back_equal"]


@pytest.mark.parametrize(("nothing_landed", "state"), [(False, State.POSTING), (True, State.READY)])
def test_an_unknown_outcome_goes_on_only_after_a_look(books: Books, nothing_landed: bool, state: State) -> None:  # noqa: FBT001
    """Sent again, or given up, the history says that NetSuite was looked at before."""
    id_, work = _ready(books, "cashRefund")
    draft = work.plan.drafts[0]
    journal = books.journal()
    journal.intend(work, draft)
    journal.conclude(Conclusion(work, Event.ANSWER_LOST, [TROUBLE]))

    if nothing_landed:
        journal.conclude(Conclusion(work, Event.NOTHING_LANDED))
    else:
        journal.intend(work, draft)

    assert queries.get(id_).status is state
    assert books.history(id_)[4] == "looked_up"


def test_a_plan_of_which_nothing_landed_is_made_anew(books: Books) -> None:
    """It is thawed; the next plan has the next revision, and the old records are kept for history."""
    id_, work = _ready(books)
    journal = books.journal()
    journal.intend(work, work.plan.drafts[0])
    journal.conclude(Conclusion(work, Event.HELD, [TROUBLE]))

    journal.conclude(Conclusion(work, Event.NOTHING_LANDED))

    row = queries.get(id_)
    assert (row.status, row.frozen, row.revision, row.plan, row.progress) == (State.READY, False, 2, None, {})
    assert queries.work([id_]) == []
    assert [one.id for one in waiting.due(now=row.updated_at)] == [id_]
    books.ready(id_, revision=2)
    [again] = queries.work([id_])
    journal.intend(again, again.plan.drafts[0])
    assert PlannedRecord.objects.filter(transaction=id_).count() == 4


def test_what_was_thawed_is_not_settled(books: Books) -> None:
    """Work handed out before the plan was thawed neither intends nor settles."""
    _, work = _ready(books)
    journal = books.journal()
    journal.intend(work, work.plan.drafts[0])
    journal.conclude(Conclusion(work, Event.NOTHING_LANDED))

    with pytest.raises(StaleWorkError):
        journal.intend(work, work.plan.drafts[0])
    with pytest.raises(StaleWorkError):
        journal.settle(work, work.plan.drafts[0], Written(id="71"))


def test_a_plan_that_changed_is_not_posted(books: Books) -> None:
    """Mapped anew after it was handed out, the old plan is stale and nothing is frozen."""
    id_, work = _ready(books)
    books.ready(id_, "cashRefund")

    with pytest.raises(StaleWorkError):
        books.journal().intend(work, work.plan.drafts[0])
    assert not queries.get(id_).frozen


def test_a_refund_canceled_meanwhile_is_not_posted(books: Books) -> None:
    """Canceled after it was handed out, nothing is frozen or sent."""
    id_, work = _ready(books)
    transactions.cancel(id_, by="alice", now=NOON)

    with pytest.raises(StaleWorkError):
        books.journal().intend(work, work.plan.drafts[0])
    assert queries.get(id_).status is State.CANCELED


def test_an_external_id_that_is_anothers_is_a_fault(books: Books) -> None:
    """What could be frozen, and cannot be saved, is not taken for something that changed meanwhile."""
    id_, work = _ready(books)
    [first, *_] = work.plan.drafts
    PlannedRecord.objects.create(
        transaction_id=books.kept(),
        revision=1,
        position=0,
        record="cashRefund",
        external_id=first.external_id,
        step="planned",
    )

    with pytest.raises(IntegrityError):
        books.journal().intend(work, first)
    row = queries.get(id_)
    assert (row.frozen, row.status) == (False, State.READY)


def test_posted_needs_every_record(books: Books) -> None:
    """One of two written is not posted, whatever posting says."""
    id_, work = _ready(books)
    journal = books.journal()
    journal.intend(work, work.plan.drafts[0])
    journal.settle(work, work.plan.drafts[0], Written(id="71"))

    with pytest.raises(RefusedError):
        journal.conclude(Conclusion(work, Event.READ_BACK_EQUAL))
    with pytest.raises(RefusedError):
        journal.conclude(Conclusion(work, Event.NOTHING_LANDED))
    with pytest.raises(IllegalMoveError):
        journal.conclude(Conclusion(work, Event.PROVEN))
    assert queries.get(id_).status is State.POSTING


def test_a_netsuite_record_stands_for_one_refund(books: Books) -> None:
    """An id that is linked to another refund is refused with what may have happened; nothing is saved."""
    _, mine = _ready(books)
    other_id, other = _ready(books, refund_id="9002")
    journal = books.journal()
    journal.intend(mine, mine.plan.drafts[0])
    journal.settle(mine, mine.plan.drafts[0], Written(id="71"))
    journal.intend(other, other.plan.drafts[0])

    with pytest.raises(RecordTakenError, match="stands for refund"):
        journal.settle(other, other.plan.drafts[0], Written(id="71"))
    assert queries.attempts(other_id) == ()


def test_a_lease_lost_between_intent_and_answer_saves_nothing(books: Books) -> None:
    """The sleeper's answer is not saved: who took over looks in NetSuite first."""
    id_, work = _ready(books)
    held = books.held("sleeper")
    sleeper = books.journal(held)
    sleeper.intend(work, work.plan.drafts[0])
    Lease.objects.update(until=NOON)
    taken = books.held("next")

    with pytest.raises(LeaseLostError):
        sleeper.settle(work, work.plan.drafts[0], Written(id="71", exchange=EXCHANGE))

    row = queries.get(id_)
    assert (queries.attempts(id_), row.links) == ((), ())
    assert row.progress[work.plan.drafts[0].external_id].step is Step.INTENDED
    assert not sleeper.still_ours()
    assert books.journal(taken).still_ours()


@pytest.mark.parametrize("act", ["intend", "conclude"])
def test_a_stale_token_saves_nothing(books: Books, act: str) -> None:
    """A worker that wakes up after another took over can neither begin nor conclude."""
    id_, work = _ready(books)
    sleeper = books.journal(books.held("sleeper"))
    Lease.objects.update(until=NOON)
    lease.release(books.held("next"))
    what = {"intend": (work.plan.drafts[0],), "conclude": (Event.HELD, [TROUBLE], [])}

    with pytest.raises(LeaseLostError):
        getattr(sleeper, act)(work, *what[act])

    assert (queries.get(id_).status, books.history(id_)) == (State.READY, ["retrieved", "planned"])


def test_work_is_handed_out_in_the_order_asked_for(books: Books) -> None:
    """Only what can be posted: not what is merely imported, and each once."""
    ready = [_ready(books, refund_id=name)[0] for name in ("1", "2")]
    imported = books.kept("3")

    works = queries.work([ready[1], imported, ready[0], ready[1]])

    assert [work.transaction_id for work in works] == [ready[1], ready[0]]


def _ready(books: Books, *records: str, refund_id: str = "9001") -> tuple[int, Work]:
    id_ = books.kept(refund_id)
    books.ready(id_, *records)
    [work] = queries.work([id_])
    return id_, work


def _standing(external_id: str, number: str) -> Standing:
    return Standing(
        record="creditMemo",
        id=number,
        tranid=f"T{number}",
        external_id=external_id,
        total=Money(Decimal("10.00"), "USD"),
        voided=False,
        created_from="5",
    )
