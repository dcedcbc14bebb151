"""Posting: what is sent, in what order, and what follows each kind of answer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from builders import draft, plan_with, usd
from posting_fakes import Desk, changed

from contrapost.netsuite.drafts import BookedBy, LedgerLine, RecordType
from contrapost.posting.decide import MAX_TRIES
from contrapost.posting.journal import LeaseLostError, Step
from contrapost.refunds.finding import Severity
from contrapost.refunds.lifecycle import Event, State

CASH = plan_with(draft("cr"))
MEMO = plan_with(draft("cm", RecordType.CREDIT_MEMO), draft("rf", RecordType.CUSTOMER_REFUND, after="cm"))


def _codes(desk: Desk) -> list[str]:
    return [found.code for row in desk.journal.rows.values() for found in row.findings]


def test_cash_refund_goes_its_way_in_order() -> None:
    """Intend, which shows that the lease is ours; send, save the answer, read back, conclude; nothing else."""
    desk = Desk(CASH)
    outcomes = desk.post()
    assert desk.calls == [
        "intend cr",
        "write cr",
        "settle cr written",
        "read back 1",
        "conclude 1 read_back_equal",
    ]
    assert [outcome.event for outcome in outcomes] == [Event.READ_BACK_EQUAL]
    assert desk.states == [State.POSTED]


def test_memo_stands_before_its_refund_names_it() -> None:
    """The memo is written first, and the customer refund is sent with the memo's internal id in it."""
    desk = Desk(MEMO)
    desk.post()
    assert [call for call in desk.calls if call.startswith("write")] == ["write cm", "write rf"]
    memo = desk.net.records[0].id
    assert desk.net.bodies[1] == {"externalId": "rf", "apply": {"items": [{"doc": {"id": memo}}]}}
    assert desk.states == [State.POSTED]


def test_many_refunds_are_read_back_with_one_question() -> None:
    """However many refunds landed, NetSuite is asked once to read them back."""
    desk = Desk(CASH, MEMO, plan_with(draft("cr3")))
    desk.post()
    assert [call for call in desk.calls if call.startswith("read")] == ["read back 4"]
    assert desk.states == [State.POSTED] * 3


def test_answer_lost_after_it_was_written() -> None:
    """A record whose answer was lost is looked up, found, and not sent again."""
    desk = Desk(CASH)
    desk.net.faults = ["lost after"]
    desk.post()
    assert desk.calls[1:5] == ["write cr", "settle cr unknown", "find cr", "settle cr written"]
    assert desk.net.counts == {"cr": 1}
    assert desk.states == [State.POSTED]


def test_call_lost_before_it_was_written() -> None:
    """A record that a look does not find is sent once more, with a new intent."""
    desk = Desk(CASH)
    desk.net.faults = ["lost before"]
    desk.post()
    sent = [call for call in desk.calls if call.split()[0] in {"intend", "write", "find"}]
    assert sent == ["intend cr", "write cr", "find cr", "intend cr", "write cr"]
    assert desk.net.counts == {"cr": 1}
    assert desk.states == [State.POSTED]


def test_lost_twice_is_left_for_later() -> None:
    """After two lost answers and two looks nothing more is sent now; the next post looks first."""
    desk = Desk(CASH)
    desk.net.faults = ["lost before", "lost before"]
    desk.post()
    assert desk.states == [State.OUTCOME_UNKNOWN]
    assert desk.calls.count("write cr") == 2
    desk.calls.clear()
    desk.post()
    assert desk.calls[:3] == ["find cr", "intend cr", "write cr"]
    assert desk.states == [State.POSTED]
    assert desk.net.counts == {"cr": 1}


def test_look_that_fails_sends_nothing() -> None:
    """While NetSuite cannot be looked at, a record whose answer was lost is not sent again."""
    desk = Desk(CASH)
    desk.net.faults, desk.net.down = ["lost after"], 1
    desk.post()
    assert desk.states == [State.OUTCOME_UNKNOWN]
    assert _codes(desk) == ["netsuite_unreachable"]
    desk.net.down = 1
    desk.post()
    assert desk.calls.count("write cr") == 1
    desk.post()
    assert desk.states == [State.POSTED]
    assert desk.net.counts == {"cr": 1}


def test_busy_is_tried_again_with_growing_pauses() -> None:
    """A NetSuite that is busy is asked again, each time with a new intent and about twice the pause."""
    desk = Desk(CASH)
    desk.net.faults = ["busy", "busy", "busy"]
    desk.post()
    assert desk.states == [State.POSTED]
    assert desk.calls.count("intend cr") == desk.calls.count("write cr") == 4
    assert [round(pause / 2**tried) in {0, 1, 2} for tried, pause in enumerate(desk.pauses)] == [True] * 3


def test_busy_for_too_long_is_held() -> None:
    """A NetSuite that stays busy is given up on for now, and nothing stands."""
    desk = Desk(CASH)
    desk.net.faults = ["busy"] * MAX_TRIES
    desk.post()
    assert desk.calls.count("write cr") == MAX_TRIES
    assert desk.states == [State.NEEDS_ATTENTION]
    assert _codes(desk) == ["netsuite_busy"]
    assert not desk.net.records


def test_first_record_refused() -> None:
    """Where the memo is refused the refund is never sent."""
    desk = Desk(MEMO)
    desk.net.faults = ["refused"]
    desk.post()
    assert desk.states == [State.NEEDS_ATTENTION]
    assert "write rf" not in desk.calls
    assert desk.step("cm") is Step.REFUSED


def test_second_record_refused() -> None:
    """Where the refund is refused the memo stands, is told with its link, and posting again goes on from there."""
    desk = Desk(MEMO)
    desk.net.faults = ["", "refused"]
    desk.post()
    row = desk.journal.rows[1]
    assert row.state is State.NEEDS_ATTENTION
    assert row.links == {"cm": "9000"}
    assert "cm stands already" in row.findings[0].fix
    desk.calls.clear()
    desk.post()
    assert "write cm" not in desk.calls
    assert desk.states == [State.POSTED]
    assert desk.net.counts == {"cm": 1, "rf": 1}


def test_one_refused_refund_does_not_stop_the_others() -> None:
    """The refunds after one that was refused are posted all the same."""
    desk = Desk(CASH, plan_with(draft("cr2")))
    desk.net.faults = ["refused"]
    desk.post()
    assert desk.states == [State.NEEDS_ATTENTION, State.POSTED]


def test_stale_refund_does_not_stop_the_others() -> None:
    """A refund whose plan changed meanwhile is left as it is; those beside it are posted and read back."""
    desk = Desk(plan_with(draft("cr1")), CASH, plan_with(draft("cr3")))
    works = [desk.journal.work(id_) for id_ in (1, 2, 3)]
    desk.journal.rows[2].plan = plan_with(draft("cr", total="9.00", source="513"))
    list(desk.poster().post(works))
    assert desk.states == [State.POSTED, State.READY, State.POSTED]
    assert desk.net.counts == {"cr1": 1, "cr3": 1}


@pytest.mark.parametrize(
    "alteration",
    [{"total": usd("11.00")}, {"voided": True}, {"created_from": "999"}],
    ids=["another total", "void", "of another bill"],
)
def test_strange_record_under_our_name_is_held(alteration: dict[str, object]) -> None:
    """A record that exists already but is not the one planned is never taken for ours, and nothing is sent."""
    desk = Desk(CASH)
    desk.net.make(CASH.drafts[0])
    desk.net.faults, desk.net.alter = ["exists"], changed(**alteration)
    desk.post()
    assert desk.states == [State.NEEDS_ATTENTION]
    assert _codes(desk) == ["read_back_differs"]
    assert desk.net.counts == {"cr": 1}
    assert not desk.journal.rows[1].links


def test_record_that_exists_already_is_adopted() -> None:
    """A record that exists already and is the one planned is the one an earlier try wrote."""
    desk = Desk(CASH)
    desk.net.make(CASH.drafts[0])
    desk.net.faults = ["exists"]
    desk.post()
    assert desk.states == [State.POSTED]
    assert desk.net.counts == {"cr": 1}


def test_existing_record_that_cannot_be_found_is_held() -> None:
    """Where NetSuite says a record exists and does not find it, a person is asked and nothing is sent again."""
    desk = Desk(CASH)
    desk.net.faults = ["exists"]
    desk.post()
    assert desk.states == [State.NEEDS_ATTENTION]
    assert desk.calls.count("write cr") == 1


@pytest.mark.parametrize("after", ["intend cr", "settle cr"])
def test_without_the_lease_nothing_is_sent_or_saved(after: str) -> None:
    """A process that was frozen for so long that another one has the lease ends at once, and leaves the rest to it."""
    desk = Desk(CASH, plan_with(draft("cr2")))
    desk.journal.lose_lease_after = after
    with pytest.raises(LeaseLostError):
        desk.post()
    assert "write cr2" not in desk.calls
    assert ("write cr" in desk.calls) == (after == "settle cr")
    assert not any(call.startswith("conclude") for call in desk.calls)


@pytest.mark.parametrize(
    "alteration",
    [{"total": usd("11.00")}, {"voided": True}, {"created_from": "999"}, {"ledger": (("4000", Decimal("9.99")),)}],
    ids=["total", "void", "bill", "ledger"],
)
def test_read_back_that_differs_is_held(alteration: dict[str, object]) -> None:
    """A record that stands otherwise than planned is never called posted."""
    planned = replace(draft("cr"), ledger=(LedgerLine(account="4000", debit=Decimal("10.00")),))
    desk = Desk(plan_with(planned))
    desk.net.alter = changed(**alteration)
    desk.post()
    assert desk.states == [State.NEEDS_ATTENTION]
    assert set(_codes(desk)) == {"read_back_differs"}
    assert desk.step("cr") is Step.WRITTEN


def test_cost_that_differs_is_only_told() -> None:
    """NetSuite's own cost may move between preview and post: that is a warning, and the refund is posted."""
    own = (
        LedgerLine(account="1200", debit=Decimal("4.00"), by=BookedBy.NETSUITE),
        LedgerLine(account="5000", credit=Decimal("4.00"), by=BookedBy.NETSUITE),
    )
    desk = Desk(plan_with(replace(draft("cr"), ledger=own)))
    desk.net.alter = changed(ledger=(("1200", Decimal("4.10")), ("5000", Decimal("-4.10"))))
    desk.post()
    assert desk.states == [State.POSTED]
    found = desk.journal.rows[1].findings
    assert {(one.code, one.severity) for one in found} == {("cost_differs", Severity.WARNING)}


def test_ledger_that_nobody_planned_is_held() -> None:
    """An account that the plan does not know of is never passed over."""
    desk = Desk(CASH)
    desk.net.alter = changed(ledger=(("9999", Decimal("1.00")),))
    desk.post()
    assert desk.states == [State.NEEDS_ATTENTION]


def test_search_that_lags_is_waited_for() -> None:
    """A search that does not show the record yet is asked again; nothing is sent again."""
    desk = Desk(CASH)
    desk.net.lag = 2
    desk.post()
    assert desk.states == [State.POSTED]
    assert desk.pauses == [1.0, 2.0]
    assert desk.calls.count("write cr") == 1


def test_search_that_lags_for_long_is_read_back_later() -> None:
    """A record that the search never shows is not called posted; the next post only reads it back."""
    desk = Desk(CASH)
    desk.net.lag = 99
    desk.post()
    assert desk.states == [State.OUTCOME_UNKNOWN]
    assert _codes(desk) == ["not_visible_yet"]
    desk.net.lag = 0
    desk.calls.clear()
    desk.post()
    assert desk.calls == ["read back 1", "conclude 1 read_back_equal"]


def test_plan_of_nothing_is_never_posted() -> None:
    """A plan without records cannot be called posted: nothing of it stands."""
    desk = Desk(plan_with())
    with pytest.raises(ValueError, match="no records"):
        desk.post()
    assert desk.states == [State.READY]
