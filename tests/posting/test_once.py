"""Once: whatever breaks, whenever, no record stands twice, and none is missing in the end."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

import pytest
from builders import draft, plan_with
from hypothesis import given, settings
from hypothesis import strategies as st
from posting_fakes import Desk, PowerCutError

from contrapost.netsuite.drafts import Plan, RecordType
from contrapost.posting.journal import Step
from contrapost.refunds.lifecycle import State

FAULTS = ("", "lost after", "lost before", "refused", "busy", "exists")


def _two(number: int = 0) -> tuple[Plan, Plan]:
    """A refund of an invoice and one of a cash sale; `number` tells their records from others'."""
    mark = str(number) if number else ""
    memo = draft(f"cm{mark}", RecordType.CREDIT_MEMO)
    refund = draft(f"rf{mark}", RecordType.CUSTOMER_REFUND, after=f"cm{mark}")
    return plan_with(memo, refund), plan_with(draft(f"cr{mark}"))


def _desk() -> Desk:
    return Desk(*_two())


def _nothing_wrong(desk: Desk) -> None:
    """What must hold at every moment."""
    assert all(stands == 1 for stands in desk.net.counts.values()), desk.calls
    held = {record.external_id: record.id for record in desk.net.records}
    for row in desk.journal.rows.values():
        for external_id, progress in row.progress.items():
            if progress.step is Step.WRITTEN:
                assert held.get(external_id) == progress.netsuite_id, desk.calls
        if row.state is State.POSTED:
            assert all(draft.external_id in held for draft in row.plan.drafts), desk.calls


def _all_posted(desk: Desk) -> None:
    assert desk.states == [State.POSTED, State.POSTED], desk.calls
    assert desk.net.counts == dict.fromkeys(desk.planned(), 1), desk.calls


@pytest.mark.parametrize("fault", FAULTS)
def test_power_cut_at_every_point(fault: str) -> None:
    """Cut off before or after any call, posting again brings each record to stand exactly once."""
    cuts = 0
    for point in count():
        desk = _desk()
        desk.net.faults = [fault]
        desk.power.cut_at = point
        with suppress(PowerCutError):
            desk.post()
            break
        cuts += 1
        _nothing_wrong(desk)
        desk.power.cut_at, desk.net.faults = None, []
        desk.post()
        _all_posted(desk)
    assert cuts >= 18, cuts


@settings(deadline=None)
@given(
    st.tuples(st.integers(2, 4), st.sampled_from([1, 2, 100])),
    st.lists(st.integers(0, 9), max_size=60),
    st.lists(st.sampled_from(FAULTS), max_size=6),
    st.integers(0, 80),
)
def test_power_cut_while_several_are_under_way(
    takes: tuple[int, int], turns: list[int], faults: list[str], cut_at: int
) -> None:
    """Cut off while several calls are under way, done or not, posting again brings each to stand exactly once."""
    desk = Desk(*(plan for number in range(3) for plan in _two(number)))
    desk.net.room, desk.net.together = takes
    desk.turns, desk.net.faults, desk.power.cut_at = turns, faults, cut_at
    with suppress(PowerCutError):
        desk.post()
    _nothing_wrong(desk)
    desk.power.cut_at, desk.net.faults = None, []
    desk.post()
    _nothing_wrong(desk)
    assert set(desk.states) == {State.POSTED}, desk.calls
    assert desk.net.counts == dict.fromkeys(desk.planned(), 1), desk.calls


def test_two_power_cuts_in_a_row() -> None:
    """Cut off at any point, and again at any point of going on, each record still stands exactly once."""
    for first in count():
        desk = _desk()
        desk.power.cut_at = first
        with suppress(PowerCutError):
            desk.post()
            return
        for second in range(desk.power.passed, desk.power.passed + 30):
            again = _desk()
            again.power.cut_at = first
            with suppress(PowerCutError):
                again.post()
            again.power.cut_at = second
            with suppress(PowerCutError):
                again.post()
            _nothing_wrong(again)
            again.power.cut_at = None
            again.post()
            _all_posted(again)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(FAULTS), max_size=6),
            st.one_of(st.none(), st.integers(0, 40)),
            st.integers(0, 2),
            st.integers(0, 5),
        ),
        max_size=5,
    )
)
def test_any_sequence_of_faults(runs: list[tuple[list[str], int | None, int, int]]) -> None:
    """After any sequence of lost answers, refusals, cuts and lags, nothing stands twice, and a quiet run posts all."""
    desk = _desk()
    for faults, cut_after, down, lag in runs:
        desk.net.faults, desk.net.down, desk.net.lag = list(faults), down, lag
        desk.power.cut_at = None if cut_after is None else desk.power.passed + cut_after
        with suppress(PowerCutError):
            desk.post()
        _nothing_wrong(desk)
    desk.net.faults, desk.net.down, desk.net.lag, desk.power.cut_at = [], 0, 0, None
    desk.post()
    _nothing_wrong(desk)
    _all_posted(desk)
