"""Comparing by itself: once a day for each live account, again an hour after it failed, and never twice at once."""

from __future__ import annotations

from datetime import timedelta

from reconcile.sides import ACCOUNT, Sides

from contrapost import flow
from contrapost.records import reconciliations
from contrapost.records.models import Sync
from contrapost.records.models.sync import LIVE


def test_a_live_account_is_compared_once_a_day(sides: Sides) -> None:
    """In test mode it is never due; live it is, until it was compared, and again a day later, unless that is off."""
    now = sides.app.now()
    assert reconciliations.due(now) == []
    Sync.objects.update(mode=LIVE)
    row = sides.posted(8001)
    assert reconciliations.due(now) == [ACCOUNT]

    found = reconciliations.get(flow.reconcile_due(sides.app, ACCOUNT))

    assert (found.by, found.failed, found.open) == (reconciliations.SCHEDULE, False, 0)
    assert (found.until - found.since).days in {reconciliations.USUAL_DAYS, reconciliations.USUAL_DAYS + 1}
    assert sides.status(row) == "reconciled"
    assert reconciliations.due(now + timedelta(hours=23)) == []
    assert reconciliations.due(found.began_at + timedelta(days=1)) == [ACCOUNT]
    reconciliations.set_daily(ACCOUNT, 0)
    assert reconciliations.due(found.began_at + timedelta(days=1)) == []


def test_a_comparison_that_failed_is_tried_again_an_hour_later(sides: Sides) -> None:
    """NetSuite was away: that is kept and raises nothing, and the next try comes in an hour, not in a day."""
    Sync.objects.update(mode=LIVE)
    sides.books.ask("POST", "faults", [{"when": "suiteql", "nth": 1, "times": 50, "do": "503"}])

    found = reconciliations.get(flow.reconcile_due(sides.app, ACCOUNT))

    assert (found.failed, len(found.findings)) == (True, 1)
    assert reconciliations.due(found.began_at + timedelta(minutes=59)) == []
    assert reconciliations.due(found.began_at + timedelta(hours=1)) == [ACCOUNT]


def test_one_that_goes_on_is_not_begun_again(sides: Sides) -> None:
    """While it goes on nothing is due; one whose process ended without a word is begun again after some hours."""
    Sync.objects.update(mode=LIVE)
    now = sides.app.now()
    day = now.date()
    begun = reconciliations.begin(ACCOUNT, day, day, offline=False, by=reconciliations.SCHEDULE, now=now)

    assert reconciliations.is_going_on(reconciliations.get(begun), now)
    assert reconciliations.due(now + timedelta(hours=2)) == []
    assert reconciliations.due(now + timedelta(hours=7)) == [ACCOUNT]
    assert not reconciliations.is_going_on(reconciliations.get(begun), now + timedelta(hours=7))
