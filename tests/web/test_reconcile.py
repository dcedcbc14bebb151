"""The page Reconcile: compare, read what is left, retrieve what is missing, take the file along; without script."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from contrapost import flow
from contrapost.records import reconciliations

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade

ASKED = {"account": "northlight", "since": "2020-01-01", "until": ""}


def test_a_manager_compares_and_sees_what_is_left(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """One refund matches, one was never retrieved: both stand on the page and in the file; then it is retrieved."""
    flow.post(trade.app, [trade.sold(9001).id], by="Ada Ferris")
    trade.sell(9002)
    client = as_role("manager")

    page = client.post("/reconcile/", ASKED, follow=True)
    text = page.content.decode()
    url = page.redirect_chain[-1][0]

    assert page.status_code == 200
    assert "1 open" in text
    assert "Only in the store" in text
    assert "\N{MINUS SIGN}108.25" in text
    assert "Retrieve order #9002." in text
    lines = b"".join(client.get(f"{url}table/").streaming_content).decode()
    assert [(row["order"], row["kind"]) for row in csv.DictReader(io.StringIO(lines))] == [
        ("#9002", "only_in_store"),
        ("#9001", "matched"),
    ]
    shape = json.loads(b"".join(client.get(f"{url}json/").streaming_content))
    assert shape["kinds"]["matched"] == 1
    assert "Retrieved 1 refund." in client.post(f"{url}retrieve/", follow=True).content.decode()
    again = client.post("/reconcile/", ASKED, follow=True).content.decode()
    assert "It is not posted: it is Ready." in again
    assert "Retrieve what is missing" not in again


def test_what_cannot_be_compared_is_said(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """A day that is none, a span that runs backwards, and a NetSuite that is away: each is said, nothing is lost."""
    client = as_role("manager")
    for until, says in (("soon", "is no day"), ("2019-01-01", "before it begins")):
        answer = client.post("/reconcile/", {**ASKED, "until": until})
        assert (answer.status_code, says in answer.content.decode()) == (422, True)
    trade.books.ask("POST", "faults", [{"when": "suiteql", "nth": 1, "times": 50, "do": "503"}])

    text = client.post("/reconcile/", ASKED, follow=True).content.decode()

    assert "Not finished" in text
    assert "NetSuite" in text
    assert "Not finished" in client.get("/reconcile/").content.decode()


def test_an_administrator_sets_the_days_of_every_day(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """So many days back are compared every day; what is no number changes nothing."""
    client = as_role("administrator")

    said = client.post("/reconcile/daily/", {"account": "northlight", "daily": "30"}, follow=True).content.decode()
    odd = client.post("/reconcile/daily/", {"account": "northlight", "daily": "many"}, follow=True).content.decode()
    far = client.post("/reconcile/daily/", {"account": "northlight", "daily": "999"}, follow=True).content.decode()

    assert trade
    assert "30 days back" in said
    assert "is no number" in odd
    assert "366" in far
    assert reconciliations.daily("northlight") == 30
