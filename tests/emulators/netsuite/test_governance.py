"""The account's limits: how many requests at once, who may read them, and what takes too long."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.governance import Governance

if TYPE_CHECKING:
    from tests.emulators.netsuite.conftest import NetSuite, Shop

Line = Any
LIMITS = "/services/rest/system/v1/governanceLimits"
SLOW = "slow 960000"


def at_once(net: NetSuite, count: int) -> list[int]:
    """Send so many requests at the same moment; gives their statuses."""
    together = threading.Barrier(count)

    def one(_: int) -> int:
        together.wait()
        return net.call("GET", "/services/rest/system/v1/serverTime").status

    assert net.token
    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(one, range(count)))


@pytest.mark.stamp("documented")
def test_requests_beyond_the_accounts_limit_are_refused(net: NetSuite) -> None:
    """Five requests at once are taken on the standard tier, the next ones are answered 429."""
    net.control("POST", "governance", {"latency_ms": 700})
    assert at_once(net, 7) == [200] * 5 + [429] * 2
    counted = net.control("GET", "governance").json
    assert (counted["under_way"], counted["most_at_once"], counted["turned_away"]) == (0, 5, 2)


@pytest.mark.stamp("documented")
def test_other_integrations_share_the_limit(net: NetSuite) -> None:
    """What others have under way leaves less; with all places taken every request is refused, in NetSuite's words."""
    net.control("POST", "governance", {"account_limit": 15, "taken_by_others": 12, "latency_ms": 700})
    assert at_once(net, 4) == [200] * 3 + [429]
    net.control("POST", "governance", {"taken_by_others": 15})
    reply = net.get("customer")
    assert (reply.status, reply.detail) == (429, "Concurrent request limit exceeded. Request blocked.")
    assert reply.json["o:errorDetails"][0]["o:errorCode"] == "CONCURRENCY_LIMIT_EXCEEDED"
    assert "Retry-After" not in reply.headers
    net.sign_in_anew()


def fall_over(governance: Governance) -> None:
    """Break off while a place is held."""
    with governance.place():
        raise ConnectionError


@pytest.mark.stamp("chosen")
def test_a_place_is_given_back() -> None:
    """A request holds its place until it ends, however it ends; a limit lowered meanwhile turns others away."""
    governance = Governance()
    with pytest.raises(ConnectionError):
        fall_over(governance)
    with governance.place():
        governance.change({"account_limit": 1})
        with pytest.raises(Refused):
            fall_over(governance)
        assert governance.shown()["under_way"] == 1
    assert governance.shown()["under_way"] == 0


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    ("terms", "limits"),
    [
        (
            {"account_limit": 5, "set_aside_for_others": 2},
            {
                "accountConcurrencyLimit": 5,
                "accountUnallocatedConcurrencyLimit": 3,
                "integrationLimitType": "accountLimit",
            },
        ),
        (
            {"account_limit": 5, "integration_limit": 2},
            {
                "accountConcurrencyLimit": 5,
                "accountUnallocatedConcurrencyLimit": 3,
                "integrationConcurrencyLimit": 2,
                "integrationLimitType": "integrationSpecific",
            },
        ),
    ],
)
def test_governance_limits(net: NetSuite, terms: Any, limits: Any) -> None:
    """The operation tells the account's limit, what is not allocated, and what is set aside for the caller."""
    net.control("POST", "governance", terms)
    assert net.call("GET", LIMITS).json == limits


@pytest.mark.stamp("documented")
def test_only_administrators_read_the_limits(net: NetSuite) -> None:
    """Another role is refused; records can be read all the same."""
    net.control("POST", "governance", {"administrator": False})
    assert net.call("GET", LIMITS).status == 403
    assert net.get("customer").status == 200


@pytest.mark.stamp("documented")
def test_server_time(net: NetSuite) -> None:
    """The server's time is in UTC, and is that of the account's clock."""
    net.control("POST", "clock", {"now": "2026-03-26T16:21:00Z"})
    assert net.call("GET", "/services/rest/system/v1/serverTime").json == {"serverTime": "2026-03-26T16:21:00.000Z"}


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize(
    "body",
    [{"latency": 1}, {"account_limit": -1}, {"account_limit": "5"}, {"administrator": 1}, [], {"latency_ms": 1.5}],
)
def test_odd_limits_are_refused(net: NetSuite, body: Any) -> None:
    """What is no setting, or no number, changes nothing."""
    before = net.control("GET", "governance").json
    assert net.control("POST", "governance", body).status == 400
    assert net.control("GET", "governance").json == before


@pytest.mark.stamp("documented")
def test_a_request_of_more_than_15_minutes_is_given_up_and_may_land_later(
    net: NetSuite, shop: Shop, line: Line
) -> None:
    """The answer comes without waiting, and says nothing; the record is there once the clock has come so far."""
    sale = shop.sale(line(shop.card, 10))
    net.control("POST", "clock", {"now": "2026-03-05T10:00:00Z"})
    net.sign_in_anew()
    net.control("POST", "faults", [{"when": "create cashRefund", "do": SLOW}])
    reply = net.post(f"cashSale/{sale}/!transform/cashRefund", {"externalId": "late-1"})
    assert reply.status == 504
    assert net.get("cashRefund/eid:late-1").status == 404
    net.control("POST", "clock", {"now": "2026-03-05T10:15:59Z"})
    assert net.get("cashRefund/eid:late-1").status == 404
    net.control("POST", "clock", {"now": "2026-03-05T10:16:00Z"})
    assert net.get("cashRefund/eid:late-1").status == 200
    assert net.post(f"cashSale/{sale}/!transform/cashRefund", {"externalId": "late-1"}).status == 400


@pytest.mark.stamp("chosen")
def test_what_is_due_later_is_forgotten_by_a_reset(net: NetSuite) -> None:
    """A reset drops the work that is still to be done."""
    net.control("POST", "clock", {"now": "2026-03-05T10:00:00Z"})
    net.sign_in_anew()
    net.control("POST", "faults", [{"when": "create customer", "do": SLOW}])
    assert net.post("customer", {"entityId": "Late", "externalId": "late"}).status == 504
    net.control("POST", "reset", {"now": "2026-03-05T11:00:00Z"})
    net.sign_in_anew()
    assert net.get("customer/eid:late").status == 404
