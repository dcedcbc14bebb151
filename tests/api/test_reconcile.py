"""Comparisons over the API: asked for, listed, and read line by line; and what cannot be asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.test import Client

from contrapost.codec import encode
from contrapost.permissions import Role
from contrapost.reconcile.compare import Claim, compare
from contrapost.reconcile.report import Adding
from contrapost.records import reconciliations
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from conftest import Shop

URL = "/api/v1/accounts/shop/reconcile"
DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _kept(count: int) -> int:
    """Keeps a comparison of some refunds that only the store has."""
    id_ = reconciliations.begin("shop", DAY, DAY, offline=False, by="ada", now=NOON)
    claims = [Claim(refund=f"r{n}", order=f"#{n}", day=DAY, paid=Money.of("10.00", "USD")) for n in range(count)]
    lines, adding = list(compare(claims, [])), Adding()
    for line in lines:
        adding.add(line)
    reconciliations.add_lines(id_, "only_in_store", [encode(line) for line in lines], compared=count)
    reconciliations.finish(id_, encode(adding.totals()), open_=count, compared=count, findings=[], now=NOON)
    return id_


def test_a_comparison_is_listed_and_read_line_by_line(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """The list has its sums and no lines; by its id it has lines, as many as asked for, from where it is asked."""
    assert shop
    id_ = _kept(5)
    client = by_token(Role.DEVELOPER)

    [listed] = client.get(URL).json()["reconciliations"]
    [shown] = client.get(f"{URL}?id={id_}&limit=2&offset=3").json()["reconciliations"]
    [matched] = client.get(f"{URL}?id={id_}&kind=matched").json()["reconciliations"]

    assert (listed["id"], listed["lines"], listed["open"], listed["kinds"]["only_in_store"]) == (id_, None, 5, 5)
    assert [(of["currency"], of["store"], of["difference"]) for of in listed["totals"]] == [("USD", "50.00", "-50.00")]
    assert [line["order_name"] for line in shown["lines"]] == ["#3", "#4"]
    assert matched["lines"] == []


def test_what_cannot_be_asked(by_token: Callable[[Role], Client], shop: Shop) -> None:
    """A span that runs backwards, an unknown filter, another account's comparison, and a NetSuite that is away."""
    id_ = _kept(1)
    client = by_token(Role.DEVELOPER)

    def asked(body: dict[str, object]) -> tuple[int, str]:
        answer = client.post(URL, body, content_type="application/json")
        return answer.status_code, answer.json()["code"]

    assert shop
    assert asked({"since": "2026-03-02", "until": "2026-03-01"}) == (409, "span_backwards")
    assert asked({"since": "yesterday"}) == (422, "wrong_fields")
    assert client.get(f"{URL}?status=matched").status_code == 422
    assert client.get(f"/api/v1/accounts/closed/reconcile?id={id_}").status_code == 404
    assert client.get("/api/v1/accounts/none/reconcile").status_code == 404
    assert asked({"since": "2026-03-01", "offline": True}) == (502, "netsuite_unreachable")
    assert client.get(URL).json()["reconciliations"][0]["failed"] is True
