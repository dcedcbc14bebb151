"""What changed after posting, on the list and on the page of the refund."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade


def test_what_changed_is_marked_found_and_shown_beside_what_was_posted(
    trade: Trade, as_role: Callable[[str], Client]
) -> None:
    """The button checks and leads to the tab; the page shows what was posted and what stands now."""
    from contrapost import flow

    row = trade.sold(3001)
    posted = flow.post(trade.app, [row.id], by="Ada Ferris").transactions[0]
    trade.books.ask("POST", "void", {"type": "cashRefund", "id": posted.links[0].netsuite_id})
    client = as_role("manager")

    listed = client.post("/other-transactions/check/northlight/", follow=True).content.decode()
    page = client.get(f"/other-transactions/{row.id}/").content.decode()

    assert "1 changed since the last look." in listed
    assert listed.count("Changed after posting") == 2
    assert "was voided in NetSuite after it was posted." in page
    assert '<td class="gone">108.25 USD</td><td class="come">void</td>' in page
    assert "#3001" not in client.get("/other-transactions/?status=waiting").content.decode().split("<table")[-1]


def test_a_correction_is_shown_and_carried_out_on_its_page(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """The page shows what would be taken back and booked anew; the button carries it out, and says so."""
    import re

    from contrapost import flow
    from contrapost.records import queries

    row = trade.sold(3001)
    posted = flow.post(trade.app, [row.id], by="Ada Ferris").transactions[0]
    trade.books.ask("POST", "void", {"type": "cashRefund", "id": posted.links[0].netsuite_id})
    flow.check_posted(trade.app, "northlight", by="Ada Ferris")
    client, here = as_role("manager"), f"/other-transactions/{row.id}/correct/"

    text = client.get(here).content.decode()
    given = dict(re.findall(r'name="(way|seen)" value="([^"]+)"', text))
    done = client.post(here, given, follow=True).content.decode()

    assert "is void already" in text
    assert "Correct in NetSuite" in text
    assert "Corrected: NetSuite holds the refund of order #3001 as it is now." in done
    assert "(void)" in done
    assert [link.taken_back for link in queries.get(row.id).links] == ["void", ""]
