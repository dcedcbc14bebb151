"""Testing before going live: the check list, its sign-off, and the switch that it opens."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from trade import ACCOUNT
from world import bill

from contrapost import doctor, flow, golive
from contrapost.records import golive as rows
from contrapost.records import sync
from contrapost.records.errors import RefusedError

if TYPE_CHECKING:
    from conftest import Kept

MUST = ["store", "netsuite", "retrieved", "previewed", "posted", "read_back"]


def _open(kept: Kept) -> list[str]:
    return [check.step for check in golive.check_list(kept.app, ACCOUNT) if not check.done]


def test_the_way_to_going_live(kept: Kept) -> None:
    """Each step with a sample closes lines of the list; the sign-off is refused until all are done, and is kept."""
    assert _open(kept) == ["retrieved", "previewed", "posted", "read_back"]
    with pytest.raises(RefusedError, match="cannot go live yet"):
        golive.sign_off(kept.app, ACCOUNT, by="ada")
    kept.sell(5401)
    row = kept.retrieve(5401)
    assert _open(kept) == ["posted", "read_back"]
    with pytest.raises(RefusedError, match="test mode"):
        golive.switch(kept.app, ACCOUNT, on=True, by="ada")

    flow.post(kept.app, [row.id], by="ada")
    assert _open(kept) == []
    golive.sign_off(kept.app, ACCOUNT, by="ada", go_live_on=date(2026, 11, 1), note="tried with the controller")
    golive.switch(kept.app, ACCOUNT, on=True, by="ada")

    assert sync.get(ACCOUNT).automatic
    [on, signed] = rows.notes(ACCOUNT)
    assert (on.what, signed.what, signed.by, signed.note) == (
        "automatic on",
        "signed off",
        "ada",
        "tried with the controller",
    )
    assert [check.step for check in golive.signed(signed) if check.must and check.done] == MUST


def test_what_does_not_work_keeps_it_from_going_live(kept: Kept) -> None:
    """A store that refuses us is named in the list, with what to do."""
    kept.sell(5402)
    flow.post(kept.app, [kept.retrieve(5402).id], by="ada")
    kept.shop.ask("POST", "faults", [{"when": "shop", "nth": 1, "times": 0, "do": "401"}])

    store = golive.check_list(kept.app, ACCOUNT)[0]

    assert (store.step, store.done) == ("store", False)
    assert "token" in store.said
    assert store.fix
    with pytest.raises(RefusedError, match="token"):
        golive.sign_off(kept.app, ACCOUNT, by="ada")


def test_going_back_to_test_stops_everything(live: Kept) -> None:
    """The switch goes off with it, and cannot be turned on before another sign-off."""
    golive.back_to_test(live.app, ACCOUNT, by="bea", note="other mapping")

    assert sync.due(live.clock()) == []
    assert not sync.get(ACCOUNT).automatic
    with pytest.raises(RefusedError, match="test mode"):
        golive.switch(live.app, ACCOUNT, on=True, by="bea")
    assert (rows.notes(ACCOUNT)[0].what, rows.notes(ACCOUNT)[0].by) == ("back to test", "bea")


def test_settings_that_cannot_be_are_refused(live: Kept) -> None:
    """Each is refused with what it may be, and nothing is changed."""
    before = sync.get(ACCOUNT)
    wrong = {"poll_minutes": ("0", "often"), "look_back_days": ("1000",), "look_back_hours": ("-1",)}
    wrong |= {"go_live_on": ("soon", "0001-01-01"), "speed": ("5",)}
    for name, values in wrong.items():
        for value in values:
            with pytest.raises(RefusedError):
                golive.change(live.app, ACCOUNT, by="ada", wanted={name: value})
    assert sync.get(ACCOUNT) == before


def test_refunds_that_something_else_books_are_told(kept: Kept) -> None:
    """Where NetSuite holds refunds of the same amounts that are not ours, doctor and the check list say so."""
    for number in (5403, 5404):
        kept.sell(number)
        by_hand = {**bill("cashSale", f"#{number}", [("LAMP", 1, "100.00", "8.25")])[1], "externalId": f"x-{number}"}
        kept.seed(("cashRefund", {**by_hand, "createdFrom": {"externalId": f"bill-{number}"}}))
        kept.retrieve(number)

    found = [finding for finding in doctor.examine(kept.app) if finding.code == "refunds_booked_by_others"]

    assert len(found) == 1
    assert "#5403" in found[0].message
    one_way = golive.check_list(kept.app, ACCOUNT)[-1]
    assert (one_way.step, one_way.done, one_way.must) == ("one_way", False, False)
