"""The clocks: who signs by a wrong one is told so, not only turned away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from contrapost import accounts
from contrapost.app import App
from contrapost.doctor import examine

if TYPE_CHECKING:
    from contrapost.demo.processes import Emulator


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, ""), (1, ""), (10, "10 minutes ahead of NetSuite's"), (-60, "60 minutes behind NetSuite's")],
)
def test_doctor_compares_clocks(app: App, books_process: Emulator, minutes: int, said: str) -> None:
    """A clock that is off is named with how far, beside the sign-in that was refused because of it."""
    books_process.ask("POST", "reset")
    off = replace(app, now=lambda: datetime.now(UTC) + timedelta(minutes=minutes))
    accounts.add_netsuite(off, "books", books_process.credentials())
    found = {finding.code: finding.message for finding in examine(off)}
    assert said in found.get("clock_off", "")
    assert bool(said) == ("clock_off" in found) == ("netsuite_sign_in_refused" in found)


def test_clock_of_a_netsuite_that_is_away_is_not_guessed(app: App) -> None:
    """Where NetSuite does not answer, nothing is said of its clock."""
    tokens = {"consumer_key": "c", "consumer_secret": "c", "token_id": "t", "token_secret": "t"}
    accounts.add_netsuite(app, "books", {"account_id": "1", "url": "http://127.0.0.1:9", **tokens})
    assert "clock_off" not in {finding.code for finding in examine(app)}
