"""The page on which a person links what was booked by hand, or says that it is booked elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contrapost.records import queries
from contrapost.refunds.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade


def test_what_was_made_by_hand_is_shown_linked_and_taken_back(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """The candidate says that it fits; Link posts the refund with it; Take back undoes that; without script."""
    row = trade.sold(3001)
    assert row.bills
    credit = {"item": {"items": [{"orderLine": 1, "quantity": 1, "amount": 100}]}}
    net = trade.app.netsuite_for("books")
    net.transform("cashSale", row.bills.bills[0].id, "cashRefund", credit, replace=["item"], what="by hand")
    client, here = as_role("manager"), f"/other-transactions/{row.id}/"

    text = client.get(f"{here}adopt/").content.decode()
    given = dict(re.findall(r'name="(records|seen)" value="([^"]+)"', text))
    linked = client.post(f"{here}adopt/", given, follow=True).content.decode()
    posted = queries.get(row.id)
    client.post(f"{here}release/", follow=True)

    assert "Amount and items agree" in text
    assert "linked, nothing was sent" in linked
    assert "made by hand in NetSuite, stands for this refund." in linked
    assert ">Take back<" in linked
    assert (posted.status, len(posted.links)) == (State.POSTED, 1)
    assert (queries.get(row.id).status, queries.get(row.id).links) != (State.POSTED, posted.links)


def test_booked_elsewhere_is_said_on_the_page(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """With nothing to link the page says so, and takes where the refund is booked."""
    row = trade.sold(3001)
    client, here = as_role("manager"), f"/other-transactions/{row.id}/"

    text = client.get(f"{here}adopt/").content.decode()
    marked = client.post(f"{here}elsewhere/", {"reason": "in the marketplace's summary"}, follow=True)

    assert "that stands for no refund yet" in text
    assert "in the marketplace" in marked.content.decode()
    assert queries.get(row.id).status is State.NOT_NEEDED
