"""The page of a refund and its deeds: preview, post once, stale, cancel, restore, delete."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from contrapost import accounts
from contrapost.records import queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade

HEADINGS = ("Store", "Refund", "Match", "Map", "Post", "Reconcile")


def _at(id_: int, deed: str = "") -> str:
    return f"/other-transactions/{id_}/{deed}"


def _seen(client: Client, id_: int) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', client.get(_at(id_)).content.decode())
    assert found
    return found[1]


def test_the_page_has_the_six_headings_and_says_what_post_will_do(
    trade: Trade, as_role: Callable[[str], Client]
) -> None:
    """Six headings, the five amounts, one sentence, records, ledger with NetSuite's own lines, reasons, history."""
    from world import bill, order, refund

    back = refund(30011, [(0, 1, "12.50", "1.03")], paid="13.53")
    trade.shop.ask("POST", "orders", [order(3001, [("MUG", 2, "12.50", "2.06")], [back], paid="27.06")])
    trade.seed(bill("cashSale", "#3001", [("MUG", 2, "25.00", "2.06")]))
    row = trade.retrieve(3001)
    text = as_role("reader").get(_at(row.id)).content.decode()

    for number, heading in enumerate(HEADINGS, start=1):
        assert f'<span class="number">{number}</span>{heading}' in text
    for word in ("Credited", "Rounding", "Paid out", "To gift card or credit", "Receivable reduced"):
        assert f"<dt>{word}</dt>" in text
    assert "Post will make one cash refund of 13.53 USD from cash sale" in text
    assert ", and bring 1 × MUG back to " in text
    assert "It agrees with the store to the cent." in text
    assert text.count("NetSuite's own") == 2
    assert "Ada Ferris" in text


def test_post_writes_once_and_says_so(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """Posted says which record stands; posted again, by another, says that it stood already."""
    row = trade.sold(3001)
    first = as_role("manager").post(_at(row.id, "post/"), {"seen": row.fingerprint}, follow=True)
    again = as_role("administrator").post(_at(row.id, "post/"), follow=True)
    number = queries.get(row.id).links[0].tranid

    assert f"Posted: cash refund {number} stands in NetSuite" in first.content.decode()
    assert "posted already" in again.content.decode()
    assert trade.ours() == 1
    assert {entry.by for entry in queries.history(row.id)} == {"Ada Ferris", "mo"}


def test_two_people_who_post_at_once_write_once(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """Of two posts at the same moment one writes; the other says that it stood already."""
    from django.db import connections

    row = trade.sold(3001)
    clients = [as_role("manager"), as_role("administrator")]
    said: list[str] = []

    def post(client: Client) -> None:
        said.append(client.post(_at(row.id, "post/"), follow=True).content.decode())
        connections.close_all()

    both = [threading.Thread(target=post, args=[client]) for client in clients]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert trade.ours() == 1
    assert sorted("posted already" in text for text in said) == [False, True]


def test_a_stale_page_is_not_posted_and_shows_the_new_preview(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """What changed since the person looked is said, with the new preview; nothing was sent."""
    row = trade.sold(3001)
    client = as_role("manager")
    seen = _seen(client, row.id)
    accounts.change(trade.app, "northlight", {"cash_account.shopify_payments": "1091"})
    answer = client.post(_at(row.id, "post/"), {"seen": seen, "next": "/other-transactions/"}, follow=True)
    text = answer.content.decode()

    assert "This changed since you looked" in text
    assert "This is the new preview" in text
    assert "1091" in text
    assert trade.ours() == 0
    assert answer.redirect_chain[-1] == (_at(row.id), 303)
    assert (
        "Posted: " in client.post(_at(row.id, "post/"), {"seen": _seen(client, row.id)}, follow=True).content.decode()
    )


def test_what_cannot_be_posted_says_why(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """A refund of an order that is not billed is not posted; the message says what is waited for."""
    row = trade.sold(3001, billed=False)
    text = as_role("manager").post(_at(row.id, "post/"), follow=True).content.decode()

    assert row.findings[0].message.split(" ")[0] in text
    assert 'class="message error"' in text
    assert trade.ours() == 0


def test_cancel_and_restore(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """Canceled is kept and offers Restore; restored is ready again."""
    row = trade.sold(3001)
    client = as_role("developer")
    canceled = client.post(_at(row.id, "cancel/"), {"next": "/other-transactions/"}, follow=True).content.decode()
    restored = client.post(_at(row.id, "restore/"), follow=True).content.decode()

    assert "is canceled" in canceled
    assert ">Restore<" in canceled
    assert "is restored" in restored
    assert queries.get(row.id).status.value == "ready"


def test_delete_asks_first(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """The question changes nothing; the answer deletes, and says how the refund comes back."""
    row = trade.sold(3001)
    client = as_role("manager")
    asked = client.get(_at(row.id, "delete/")).content.decode()
    assert "Delete this refund?" in asked
    assert queries.get(row.id)

    answer = client.post(_at(row.id, "delete/"), follow=True)
    assert "is deleted" in answer.content.decode()
    assert client.get(_at(row.id)).status_code == 404


def test_a_deed_leads_to_no_other_host(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """A form that names another host to come back to is led to the refund instead."""
    row = trade.sold(3001)
    answer = as_role("manager").post(_at(row.id, "cancel/"), {"next": "https://elsewhere.example/"})

    assert (answer.status_code, answer["Location"]) == (303, _at(row.id))


def test_the_raw_payload_is_for_those_who_may_see_it(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """A developer finds payload and traffic; a manager finds neither."""
    row = trade.sold(3001)
    as_role("manager").post(_at(row.id, "post/"))
    open_, closed = (as_role(role).get(_at(row.id)).content.decode() for role in ("developer", "manager"))

    assert "As the store sent it" in open_
    assert "Sent and received" in open_
    assert "As the store sent it" not in closed
    assert "Sent and received" not in closed
    assert "gid://shopify/Refund/30011" in as_role("developer").get(_at(row.id, "raw/")).content.decode()
