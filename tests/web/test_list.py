"""The list: what it shows, how it is filtered and paged, and what bad input gets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from contrapost.web.pages import refunds

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade

LIST = "/other-transactions/"


def _orders(client: Client, **asked: str) -> list[str]:
    text = client.get(LIST, asked).content.decode()
    return re.findall(r'<a class="main" href="[^"]+">([^<]+)</a>', text)


def test_a_row_says_all_that_is_asked_of_it(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """Order, refund, day, amount, what it holds in words, and status stand in the row."""
    row = trade.sold(3001, note="Too bright")
    text = as_role("manager").get(LIST).content.decode()

    for said in ("#3001", row.store_refund_id, "108.25", "USD", "1 × Lamp", "returned", "Too bright", "Ready"):
        assert said in text
    assert f'datetime="{row.refunded_on}"' in text


def test_filters_keep_what_they_say(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """Account, status, order and refund number, and days each keep the right rows."""
    trade.sold(3001)
    row = trade.sold(3002, billed=False)
    client = as_role("manager")

    assert _orders(client) == ["#3002", "#3001"] or _orders(client) == ["#3001", "#3002"]
    assert _orders(client, account="northlight", status="waiting") == ["#3002"]
    assert _orders(client, status="ready") == ["#3001"]
    assert _orders(client, order="3001") == ["#3001"]
    assert _orders(client, order=row.store_refund_id) == ["#3002"]
    assert _orders(client, account="another") == []
    day = str(row.refunded_on)
    assert len(_orders(client, since=day, until=day)) == 2
    assert _orders(client, until=str(row.refunded_on - timedelta(days=1))) == []
    assert _orders(client, since="2031-01-01") == []


def test_odd_filters_are_said_and_kept(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """A day, a status and a cursor that are none leave the list whole, and say so; what was typed stays."""
    trade.sold(3001)
    client = as_role("reader")
    asked = {"since": "soon", "until": "9999-12-31", "status": "gone", "cursor": "zzz"}
    text = client.get(LIST, asked).content.decode()

    assert "“soon” is no day of a refund" in text
    assert "“9999-12-31” is no day of a refund" in text
    assert "no status “gone”" in text
    assert "not there any more" in text
    assert 'value="soon"' in text
    assert "#3001" in text


def test_paging_goes_on_from_the_last_row(
    trade: Trade, as_role: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older leads to the rows that come after, each once; Newest leads back."""
    monkeypatch.setattr(refunds, "ROWS", 2)
    for number in (3001, 3002, 3003):
        trade.sold(number)
    client = as_role("reader")
    first = client.get(LIST).content.decode()
    older = re.search(r'<a href="([^"]+)" rel="next">Older</a>', first)
    assert older
    second = client.get(older[1].replace("&amp;", "&")).content.decode()
    names = [re.findall(r'class="main" href="[^"]+">([^<]+)<', text) for text in (first, second)]

    assert [len(page) for page in names] == [2, 1]
    assert sorted(names[0] + names[1]) == ["#3001", "#3002", "#3003"]
    assert ">Newest</a>" in second


def test_counts_stop_at_their_cap(
    trade: Trade, as_role: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the cap a count says that there are as many or more."""
    monkeypatch.setattr(refunds, "COUNTED_TO", 1)
    trade.sold(3001)

    assert "1+" in as_role("reader").get(LIST).content.decode()


def test_an_error_is_told_with_what_to_do_and_the_way_there(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """The tip of a held refund holds message, fix, and a link to the setting that mends it."""
    row = trade.sold(3001, gateway="klarna")
    text = as_role("administrator").get(LIST).content.decode()

    assert row.findings[0].fix
    assert 'role="tooltip"' in text
    assert "klarna" in text
    assert "/settings/accounts/northlight/?set=cash_account.klarna" in text


def test_a_part_is_answered_where_a_part_is_asked_for(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """A script gets the list alone; going back in history gets the whole page."""
    trade.sold(3001)
    client = as_role("reader")
    headers = {"HX-Request": "true", "HX-Target": "list"}
    part = client.get(LIST, headers=headers).content.decode()
    whole = client.get(LIST, headers={**headers, "HX-History-Restore-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<section id="list"')
    assert "<html" in whole
