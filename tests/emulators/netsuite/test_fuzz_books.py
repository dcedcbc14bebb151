"""Random documents, legal and illegal, in random order: ledger, stock and open balances are those of a small model."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from books.machine import BooksMachine
from contract.in_process import in_process
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

if TYPE_CHECKING:
    from contract.client import NetSuite

LONG = settings.get_current_profile_name() == "long"
LONG_STEPS = 20_000
SHORT = settings(
    max_examples=15,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
pytestmark = pytest.mark.stamp("chosen")


def play(account: NetSuite, how: settings) -> Counter[str]:
    """Play on an account; answers how often each kind of step was taken, and refused."""
    counts: Counter[str] = Counter()
    run_state_machine_as_test(lambda: BooksMachine(account, counts), settings=how)
    return counts


def test_any_steps_leave_the_books_as_the_model_has_them() -> None:
    """Sales, orders, refunds, payments, deposits, edits, deletions and closed months, in two currencies."""
    counts = play(in_process(), SHORT)
    taken = {step for step in counts if not step.endswith("refused")}
    assert counts["steps"] > 100
    assert len(taken) > 15, taken


@pytest.mark.emulated("freezes the clock and closes months")
def test_the_same_over_http(net: NetSuite) -> None:
    """A few of these plays go through sockets."""
    counts = play(net, settings(SHORT, max_examples=2))
    assert counts["steps"] > 10


@pytest.mark.skipif(not LONG, reason="the long form: make fuzz")
def test_twenty_thousand_steps(capsys: pytest.CaptureFixture[str]) -> None:
    """The same at length, other steps each time."""
    counts: Counter[str] = Counter()
    while counts["steps"] < LONG_STEPS:
        counts += play(in_process(), settings(SHORT, max_examples=100, stateful_step_count=50, derandomize=False))
    with capsys.disabled():
        refused = sum(number for step, number in counts.items() if step.endswith("refused"))
        sys.stdout.write(f"\n{counts.pop('steps')} steps, {refused} of them refused:\n")
        sys.stdout.writelines(f"{number:7} {step}\n" for step, number in sorted(counts.items()))
