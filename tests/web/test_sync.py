"""The pages of sync, go-live check list and back-fills."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from trade import ACCOUNT

from contrapost import flow
from contrapost.records import backfills, golive, sync

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade

OF = f"/settings/accounts/{ACCOUNT}"


def test_from_the_check_list_to_automatic(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """There is no switch in test mode; a sample opens the sign-off, the sign-off the switch."""
    admin = as_role("administrator")
    before = admin.get(f"{OF}/sync/").content.decode()
    assert "Test mode" in before
    assert "Turn automatic sync on" not in before
    assert "It opens once all steps above are done" in admin.get(f"{OF}/go-live/").content.decode()
    refused = admin.post(f"{OF}/go-live/", {"go_live_on": "2026-11-01"})
    assert refused.status_code == 422
    assert "cannot go live yet" in refused.content.decode()
    flow.post(trade.app, [trade.sold(3101).id], by="Ada Ferris")

    assert "Sign off and go live" in admin.get(f"{OF}/go-live/").content.decode()
    signed = admin.post(f"{OF}/go-live/", {"go_live_on": "2026-11-01", "note": "with the controller"}, follow=True)

    text = signed.content.decode()
    assert "Turn automatic sync on" in text
    assert "with the controller" in text
    assert "Turn automatic sync" not in as_role("manager").get(f"{OF}/sync/").content.decode()
    assert "Live, automatic" in admin.post(f"{OF}/sync/switch/", {"do": "on"}, follow=True).content.decode()
    assert golive.notes(ACCOUNT)[1].by == "ada"
    assert "live, automatic" in admin.get("/settings/").content.decode()
    assert "Test mode" in admin.post(f"{OF}/sync/switch/", {"do": "test"}, follow=True).content.decode()


def test_settings_and_the_address_of_the_webhooks(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """What cannot be is said and changes nothing; the address is shown once, with the topics."""
    assert trade
    admin = as_role("administrator")
    assert "whole number" in admin.post(f"{OF}/sync/settings/", {"poll_minutes": "0"}, follow=True).content.decode()
    admin.post(f"{OF}/sync/settings/", {"poll_minutes": "15"})
    assert sync.get(ACCOUNT).poll_minutes == 15

    plain = admin.post(f"{OF}/sync/webhooks/", {"do": "open"}, follow=True).content.decode()
    assert "is not encrypted" in plain
    made = admin.post(f"{OF}/sync/webhooks/", {"do": "open"}, headers={"host": "localhost"}).content.decode()

    address = re.search(r'value="(http[^"]*/hooks/northlight/[^"]+)"', made)
    assert address is not None
    assert "refunds/create" in made
    assert address[1] not in admin.get(f"{OF}/sync/").content.decode()
    admin.post(f"{OF}/sync/webhooks/", {"do": "close"})
    assert not sync.get(ACCOUNT).has_hooks


def test_back_fills_are_asked_for_and_shown(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """By a list, by a file and by days; a page that shows one that runs reads itself anew."""
    trade.sell(3102)
    manager = as_role("manager")
    file = SimpleUploadedFile("ids.csv", b"Order\n#3102\n#3199\n")
    text = manager.post(f"{OF}/back-fills/", {"file": file}, follow=True).content.decode()
    assert "0 of 2 orders" in text
    assert 'hx-trigger="every 2s"' in text
    manager.post(f"{OF}/back-fills/", {"since": "2026-01-01", "until": "2026-06-30"})
    [span, orders] = backfills.listing(ACCOUNT)
    manager.post(f"{OF}/back-fills/{span.id}/stop/")
    assert backfills.get(span.id).state == "stopped"
    assert "Give either" in manager.post(f"{OF}/back-fills/", {"orders": "#1", "since": "2026-01-01"}).content.decode()
    assert manager.post(f"{OF}/back-fills/", {}).status_code == 422

    flow.fill_in(trade.app, orders.id)

    shown = manager.get(f"{OF}/back-fills/", headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert "2 of 2 orders" in shown
    assert "#3199" in shown
    assert "<h1>" not in shown
    assert "<button" not in as_role("reader").get(f"{OF}/back-fills/").content.decode().split("<main")[1]
