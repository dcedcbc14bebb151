"""Posting periods: what is closed, what is locked for whom, and the two preferences that decide about other dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract.client import NetSuite
    from contract.shop import Shop

Line = Any
OUTSIDE = "The transaction date you specified is not within the date range of your accounting period."
SHUT = "You cannot change the G/L impact of a transaction in a closed period."


@pytest.fixture
def march(net: NetSuite) -> NetSuite:
    """An account on the 10th of March 2026."""
    net.control("POST", "clock", {"now": "2026-03-10T12:00:00Z"})
    return net


def period(net: NetSuite, name: str) -> str:
    return net.rows(f"SELECT id FROM accountingperiod WHERE periodname = '{name}'")[0]["id"]


def sale_of(shop: Shop, line: Line, day: str, **more: Any) -> dict[str, Any]:
    return {"entity": {"id": shop.customer}, "tranDate": day, "item": {"items": [line(shop.card, 1)]}, **more}


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    ("wish", "status", "warning"), [("Disallow", 400, None), ("Warn", 204, OUTSIDE), ("Allow", 204, None)]
)
def test_a_date_outside_its_period(
    march: NetSuite, shop: Shop, line: Line, wish: str, status: int, warning: Any
) -> None:
    """A date outside the posting period is refused, posted with a warning in a header, or posted, as preferred."""
    march.control("POST", "preferences", {"date_outside_period": wish})
    reply = march.post("cashSale", sale_of(shop, line, "2026-02-20", postingPeriod={"id": period(march, "Mar 2026")}))
    assert (reply.status, reply.headers.get("X-NetSuite-Warning")) == (status, warning)
    if status == 400:
        assert (reply.detail, reply.path) == (f"Error while accessing a resource. {OUTSIDE}", "tranDate")


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(("preferred", "posted"), [("First Open", "Feb 2026"), ("Current", "Mar 2026")])
def test_default_period_of_a_date_in_a_closed_one(
    march: NetSuite, shop: Shop, line: Line, preferred: str, posted: str
) -> None:
    """A date in a closed period goes to the first open one after it, or to today's, as preferred."""
    march.control("POST", "preferences", {"closed_period_default": preferred, "date_outside_period": "Allow"})
    march.patch(f"accountingPeriod/{period(march, 'Jan 2026')}", {"closed": True})
    made = march.post("cashSale", sale_of(shop, line, "2026-01-20")).id
    assert march.read(f"cashSale/{made}")["postingPeriod"]["refName"] == posted


@pytest.mark.stamp("documented")
def test_a_lock_holds_for_its_subsidiary_alone(march: NetSuite, shop: Shop, line: Line) -> None:
    """A period locked for the receivables of one subsidiary takes the postings of another."""
    other = march.make("subsidiary", name="Other Company")
    february = period(march, "Feb 2026")
    lock = {"period": "Feb 2026", "subsidiary": "Other Company", "locked": True}
    assert march.control("POST", "period-locks", lock).json == [{"period": february, "subsidiary": other}]
    theirs = {"entity": {"id": march.make("customer", entityId="Cid", subsidiary={"id": other})}}
    body = sale_of(shop, line, "2026-02-20", postingPeriod={"id": february})
    assert march.post("cashSale", body).status == 204
    assert SHUT in march.post("cashSale", body | theirs).detail
    march.control("POST", "period-locks", lock | {"locked": False})
    assert march.post("cashSale", body | theirs).status == 204


@pytest.mark.stamp("chosen")
def test_a_lock_of_one_subsidiary_is_not_seen_by_searches(march: NetSuite) -> None:
    """A search shows a period as locked once it is locked for every subsidiary."""
    march.make("subsidiary", name="Other Company")
    seen = []
    for name in ("Other Company", "Parent Company"):
        march.control("POST", "period-locks", {"period": "Feb 2026", "subsidiary": name, "locked": True})
        (row,) = march.rows("SELECT arlocked FROM accountingperiod WHERE periodname = 'Feb 2026'")
        seen.append(row["arlocked"])
    assert seen == ["F", "T"]


@pytest.mark.stamp("documented")
def test_the_permission_posts_through_a_lock_and_not_through_a_closing(march: NetSuite, shop: Shop, line: Line) -> None:
    """A role that may override period restrictions posts into a locked period; into a closed one nobody does."""
    february = period(march, "Feb 2026")
    body = sale_of(shop, line, "2026-02-20")
    for lock in ("arLocked", "allLocked"):
        march.patch(f"accountingPeriod/{february}", {lock: True})
        assert OUTSIDE in march.post("cashSale", body).detail
        march.control("POST", "permissions", {"override_period_restrictions": True})
        made = march.post("cashSale", body).id
        assert march.read(f"cashSale/{made}")["postingPeriod"]["id"] == february
        march.control("POST", "permissions", {"override_period_restrictions": False})
        march.patch(f"accountingPeriod/{february}", {lock: False})
    march.control("POST", "permissions", {"override_period_restrictions": True})
    march.patch(f"accountingPeriod/{february}", {"closed": True})
    assert SHUT in march.post("cashSale", body | {"postingPeriod": {"id": february}}).detail


@pytest.mark.stamp("documented")
def test_what_is_in_a_closed_period_stays(march: NetSuite, shop: Shop, line: Line) -> None:
    """A posted transaction of a closed period is neither changed nor deleted."""
    made = march.post("cashSale", sale_of(shop, line, "2026-02-20")).id
    march.patch(f"accountingPeriod/{period(march, 'Feb 2026')}", {"closed": True})
    assert "You may not edit it." in march.patch(f"cashSale/{made}", {"memo": "late"}).detail
    assert "You may not edit it." in march.delete(f"cashSale/{made}").detail
    assert march.read(f"cashSale/{made}")["total"] == 1


@pytest.mark.stamp("documented")
def test_words_may_change_where_the_period_allows_it(march: NetSuite, shop: Shop, line: Line) -> None:
    """With Allow Non-G/L Changes the words of a transaction change in a closed period; amounts and dates do not."""
    made = march.post("cashSale", sale_of(shop, line, "2026-02-20")).id
    shut = {"closed": True, "allowNonGLChanges": True}
    march.patch(f"accountingPeriod/{period(march, 'Feb 2026')}", shut)
    assert march.patch(f"cashSale/{made}", {"memo": "late"}).status == 204
    assert SHUT in march.patch(f"cashSale/{made}", {"item": {"items": [{"line": 1, "amount": 2}]}}).detail
    assert SHUT in march.delete(f"cashSale/{made}").detail
    shown = march.read(f"cashSale/{made}")
    assert (shown["memo"], shown["total"]) == ("late", 1)


@pytest.mark.stamp("chosen")
def test_settings_take_only_what_they_can_be(march: NetSuite) -> None:
    """A preference or permission of another name or value is refused, and none of the request is set."""
    for name, body in (
        ("preferences", {"date_outside_period": "Perhaps"}),
        ("preferences", {"closed_period_default": "Current", "colour": 1}),
        ("permissions", {"override_period_restrictions": 1}),
        ("period-locks", {"period": "Feb 2026"}),
        ("period-locks", {"period": "Feb 3026", "subsidiary": "Parent Company", "locked": True}),
    ):
        assert march.control("POST", name, body).status == 400
    assert march.control("GET", "preferences").json["closed_period_default"] == "First Open"
    assert march.control("GET", "permissions").json == {"override_period_restrictions": False}
    assert march.control("GET", "period-locks").json == []
