"""Webhooks: what is taken, what is refused, and that each is a hint only."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import urllib3
from trade import ACCOUNT
from werkzeug.serving import WSGIRequestHandler, make_server

from contrapost import accounts, hooks
from contrapost.records import asks, hints, queries, sync
from contrapost.web.serve import Application

if TYPE_CHECKING:
    from conftest import Kept


class _Quiet(WSGIRequestHandler):
    """Says nothing of the requests it answers."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - as werkzeug names it
        """Says nothing."""


@pytest.fixture
def address(live: Kept) -> Iterator[str]:
    """The address that the shop calls, of a server that answers."""
    server = make_server("127.0.0.1", 0, Application(live.app), threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    urllib3.request("GET", f"http://127.0.0.1:{server.port}/hooks/a/b", timeout=60)  # the first one loads the pages
    yield f"http://127.0.0.1:{server.port}" + hooks.path_of(ACCOUNT, hints.new_address_token(ACCOUNT))
    server.shutdown()
    thread.join()
    server.server_close()


def _send(live: Kept, address: str, order: str, **how: Any) -> list[int]:
    statuses: list[int] = live.shop.ask("POST", "webhooks/send", {"url": address, "order": order, **how})["statuses"]
    return statuses


def test_a_webhook_has_its_order_read_at_once(live: Kept, address: str) -> None:
    """The shop calls, the order is read from the shop between two polls, and its refund is asked for."""
    live.keep_up()
    live.shop.ask("POST", "webhooks", {"url": address, "topics": ["refunds/create", "orders/updated"]})
    assert sync.due(live.clock()) == []

    live.sell(5201)
    sent = live.shop.ask("GET", "webhooks")["sent"]
    assert [one["statuses"] for one in sent] == [[200], [200]]
    assert hints.count(ACCOUNT) == 1
    assert sync.due(live.clock()) == [ACCOUNT]
    live.shop.ask("DELETE", "journal")
    live.keep_up()
    assert live.questions() == 2  # the order, and its refunds: two webhooks of one order are one read
    assert live.asked == {"#5201": asks.Priority.AUTOMATIC}
    assert hints.count(ACCOUNT) == 0
    assert live.sync.hooked_at is not None


def test_a_replay_is_answered_and_does_nothing(live: Kept, address: str) -> None:
    """The same webhook again, by its id or by its body under another id, leads to no further read."""
    live.sell(5202)
    live.keep_up()

    assert _send(live, address, "#5202", times=3) == [200, 200, 200]
    assert hints.waiting(ACCOUNT) == {"5202": 2}
    live.keep_up()
    assert _send(live, address, "#5202", id="another") == [200]

    assert hints.count(ACCOUNT) == 0
    assert sync.due(live.clock()) == []


def test_a_forgery_is_refused_logged_and_changes_nothing(
    live: Kept, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong signature, another shop, a wrong address and an account there is not: all are answered alike."""
    live.sell(5203)
    live.keep_up()
    before = live.sync
    wrong = address.rsplit("/", 1)[0]
    caplog.set_level(logging.WARNING, "contrapost")

    assert _send(live, address, "#5203", secret="guessed") == [401]
    assert _send(live, address, "#5203", shop="other.myshopify.com") == [401]
    assert _send(live, f"{wrong}/guessed", "#5203") == [401]
    assert _send(live, address.replace(ACCOUNT, "nobody"), "#5203") == [401]

    assert hints.count(ACCOUNT) == 0
    assert live.sync == before
    assert len(caplog.records) == 4
    assert "guessed" not in caplog.text


def test_a_new_address_ends_the_old_one(live: Kept, address: str) -> None:
    """Once another address was made, the store's calls to the old one are refused."""
    live.sell(5204)
    hints.new_address_token(ACCOUNT)

    assert _send(live, address, "#5204") == [401]


def test_webhooks_out_of_order_end_as_the_store_says(live: Kept, address: str) -> None:
    """What a webhook carries is never taken over: whichever comes last, the row is what the store has now."""
    live.sell(5205)
    live.sell(5205, billed=False, note="the newer one")
    assert _send(live, address, "#5205", topic="orders/updated") == [200]
    assert _send(live, address, "#5205", topic="refunds/create") == [200]

    live.keep_up()

    [row] = live.rows.values()
    assert live.asked == {"#5205": asks.Priority.AUTOMATIC}
    document = queries.get(row.id).document
    assert document is not None
    assert document.note == "the newer one"


def test_a_hint_that_comes_while_its_order_is_read_is_kept(live: Kept) -> None:
    """The order is read once more, because what was read may be older than what the second webhook tells."""
    assert hints.take(ACCOUNT, "5206", delivery_id="a", body=b"1", now=live.clock())
    read = hints.waiting(ACCOUNT)
    assert hints.take(ACCOUNT, "5206", delivery_id="b", body=b"2", now=live.clock())

    hints.read(ACCOUNT, read.items())

    assert list(hints.waiting(ACCOUNT)) == ["5206"]


def test_webhooks_made_in_the_admin_are_signed_with_their_own_key(live: Kept, address: str) -> None:
    """With that key in the account's settings both kinds are taken."""
    live.sell(5207)
    accounts.change(live.app, ACCOUNT, {"webhook_secret": "of the admin"})

    assert _send(live, address, "#5207", secret="of the admin") == [200]
    assert _send(live, address, "#5207", topic="orders/updated") == [200]
