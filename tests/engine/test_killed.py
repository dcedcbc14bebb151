"""Workers are killed at steps and at random, and NetSuite loses answers: in the end each refund stands once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import campaign as campaigns

from contrapost.records import queries
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from pathlib import Path

    from campaign import Campaign

    from contrapost.demo.processes import Emulator


def test_killed_workers_leave_each_refund_once(
    campaign: Campaign, shop_process: Emulator, books_process: Emulator, tmp_path: Path
) -> None:
    """Nothing is doubled, nothing is missing, and the books are those of a run in which nothing went wrong."""
    count = campaigns.run(campaign, kills=8)

    assert (count.duplicates, count.missing) == (0, 0), campaigns.as_row(count)
    assert set(queries.states(campaign.ids).values()) == {State.POSTED}
    stand = campaign.books_now()
    orders = campaign.sold
    campaign.close()

    quiet = campaigns.Campaign(shop_process, books_process, tmp_path / "quiet")
    try:
        quiet.trade(orders)
        quiet.settle()
        assert quiet.count().missing == 0
        assert quiet.books_now() == stand
    finally:
        quiet.close()
