"""Scripted faults and the rest of the control plane."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

if TYPE_CHECKING:
    from tests.emulators.netsuite.conftest import NetSuite, Shop

Line = Any
REFUNDS = "SELECT id FROM transaction WHERE type = 'CashRfnd'"


def refund(net: NetSuite, sale: str) -> Any:
    return net.post(f"cashSale/{sale}/!transform/cashRefund", {})


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize(("do", "landed"), [("commit then drop", 1), ("drop", 0), ("truncated", 1)])
def test_lost_answers(net: NetSuite, shop: Shop, line: Line, do: Any, landed: Any) -> None:
    """The connection breaks; whether the record landed is the fault's secret."""
    sale = shop.sale(line(shop.card, 10))
    net.control("POST", "faults", [{"when": "create cashRefund", "do": do}])
    net.control("DELETE", "journal")
    with pytest.raises(urllib3.exceptions.HTTPError):
        refund(net, sale)
    journal = net.control("GET", "journal").json["requests"]
    assert [(one["method"], one["status"]) for one in journal] == [("POST", None)]
    assert len(net.rows(REFUNDS)) == landed
    assert refund(net, sale).status == 204


@pytest.mark.stamp("documented")
@pytest.mark.parametrize(
    ("do", "status", "landed"),
    [
        ("429", 429, 0),
        ("500 before commit", 500, 0),
        ("500 after commit", 500, 1),
        ("503", 503, 0),
        ("503 before commit", 503, 0),
        ("503 after commit", 503, 1),
        ("502 before commit", 502, 0),
        ("502 after commit", 502, 1),
        ("garbage", 200, 1),
        ("malformed", 200, 1),
    ],
)
def test_refused_and_spoiled_answers(net: NetSuite, shop: Shop, line: Line, do: Any, status: Any, landed: Any) -> None:
    """The answer is an error or nonsense; only some of them mean that nothing was written."""
    sale = shop.sale(line(shop.card, 10))
    net.control("POST", "faults", [{"when": "create cashRefund", "do": do}])
    assert refund(net, sale).status == status
    assert len(net.rows(REFUNDS)) == landed


@pytest.mark.stamp("documented")
def test_concurrency_refusal_in_netsuites_words(net: NetSuite) -> None:
    """429 says that the concurrent request limit is exceeded."""
    net.control("POST", "faults", [{"when": "any", "do": "429"}])
    reply = net.get("customer")
    assert (reply.status, reply.detail) == (429, "Concurrent request limit exceeded. Request blocked.")


@pytest.mark.stamp("chosen")
def test_faults_strike_the_nth_time_and_in_a_row(net: NetSuite) -> None:
    """Nth counts matching requests from now on, times says how many in a row are hit."""
    net.control("POST", "faults", [{"when": "get customer", "nth": 2, "times": 2, "do": "503"}])
    assert [net.get("customer").status for _ in range(4)] == [200, 503, 503, 200]
    net.control("POST", "faults", [{"when": "suiteql", "do": "500 before commit"}])
    assert net.get("customer").status == 200
    net.control("DELETE", "faults")
    assert net.query("SELECT 1 FROM dual").status == 200
    net.control("POST", "faults", [{"when": "token", "do": "503"}, {"when": "suiteql", "do": "slow 1"}])
    assert net.ask_token(net.assertion()).status == 503
    assert net.query("SELECT 1 FROM dual").status == 200


@pytest.mark.stamp("chosen")
def test_unknown_faults_are_refused(net: NetSuite) -> None:
    """A fault nobody knows is refused rather than ignored."""
    assert net.control("POST", "faults", [{"when": "any", "do": "explode"}]).status == 400
    assert net.control("POST", "faults", [{"when": "any", "do": "drop", "odds": 2}]).status == 400
    for number in (0, -1, "2", True, [], None, 1.5):
        assert net.control("POST", "faults", [{"when": "any", "do": "drop", "nth": number}]).status == 400
    assert net.control("GET", "faults").json == []


@pytest.mark.stamp("chosen")
def test_reset_keeps_the_credentials(net: NetSuite, shop: Shop) -> None:
    """A reset empties the account and keeps what clients sign with."""
    assert net.read(f"customer/{shop.customer}")["entityId"] == net.own("Ada")
    net.control("POST", "reset")
    assert net.control("GET", "credentials").json == net.credentials
    assert net.get(f"customer/{shop.customer}").status == 404


@pytest.mark.stamp("chosen")
def test_frozen_clock_dates_records(net: NetSuite) -> None:
    """A frozen clock dates what is made."""
    net.control("POST", "clock", {"now": "2025-06-07T08:09:10Z"})
    made = net.make("customer", entityId="Bob")
    assert net.read(f"customer/{made}")["createdDate"] == "2025-06-07T08:09:10Z"
    assert net.control("POST", "clock", {}).json["frozen"] is False


@pytest.mark.stamp("chosen")
def test_first_screen_states_address_and_limits() -> None:
    """The first screen names the address, the control plane, what is served and what is not."""
    command = [sys.executable, "-m", "contrapost_emulators.netsuite", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = list(iter(process.stdout.readline, "Stop with Ctrl-C.\n"))
        process.terminate()
    assert "http://127.0.0.1:" in lines[0]
    assert "/_emulator" in lines[1]
    assert any(line.startswith("Limits") for line in lines)


@pytest.mark.stamp("chosen")
def test_reset_can_stand_at_a_moment(net: NetSuite) -> None:
    """A reset at a moment freezes the clock there, and the fresh account has the periods of those years."""
    net.control("POST", "reset", {"now": "2031-05-06T00:00:00Z"})
    assert net.control("GET", "clock").json == {"now": "2031-05-06T00:00:00+00:00", "frozen": True}
    net.control("POST", "clock", {})
    periods = net.rows("SELECT MIN(startdate) AS first, MAX(enddate) AS last FROM accountingperiod")
    assert periods == [{"first": "1/1/2028", "last": "12/31/2034"}]


@pytest.mark.stamp("chosen")
def test_a_malformed_answer_is_cut_json(net: NetSuite, shop: Shop) -> None:
    """The media type says JSON, the body is none."""
    net.control("POST", "faults", [{"when": "get customer", "do": "malformed"}])
    reply = net.get(f"customer/{shop.customer}")
    assert (reply.status, "json" in reply.headers["Content-Type"]) == (200, True)
    with pytest.raises(ValueError, match="JSON"):
        _ = reply.json


@pytest.mark.stamp("documented")
def test_a_token_that_ends_in_mid_flight(net: NetSuite, shop: Shop, line: Line) -> None:
    """The token is an invalid login from then on, nothing is written, and a new token works."""
    sale = shop.sale(line(shop.card, 10))
    net.control("POST", "faults", [{"when": "create cashRefund", "do": "expired token"}])
    reply = refund(net, sale)
    assert (reply.status, reply.json["o:errorDetails"][0]["o:errorCode"]) == (401, "INVALID_LOGIN")
    assert 'error="invalid_token"' in reply.headers["WWW-Authenticate"]
    assert net.get("customer").status == 401
    net.sign_in_anew()
    assert net.rows(REFUNDS) == []
    assert refund(net, sale).status == 204


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize("lag", [{"queries": 2}, {"seconds": 30}, {"queries": 1, "seconds": 30}])
def test_suiteql_lags_behind_what_was_written(net: NetSuite, shop: Shop, line: Line, lag: Any) -> None:
    """What was written is there by its external id at once, and for SuiteQL only later."""
    net.control("POST", "clock", {"now": "2026-03-05T10:00:00Z"})
    net.sign_in_anew()
    assert net.rows(REFUNDS) == []
    sale = shop.sale(line(shop.card, 10))
    net.control("POST", "suiteql-lag", lag)
    made = net.post(f"cashSale/{sale}/!transform/cashRefund", {"externalId": "r-1"}).id
    assert net.get("cashRefund/eid:r-1").json["id"] == made
    seen = [len(net.rows(REFUNDS)) for _ in range(3)]
    assert seen == ([0, 0, 0] if "seconds" in lag else [0, 0, 1])
    net.control("POST", "clock", {"now": "2026-03-05T10:00:30Z"})
    assert net.rows(REFUNDS) == [{"id": made}]


@pytest.mark.stamp("chosen")
def test_suiteql_lags_behind_changes_and_deletions_too(net: NetSuite, shop: Shop) -> None:
    """A changed record is seen as it was, a deleted one is still seen."""
    query = f"SELECT companyname FROM customer WHERE id = {shop.customer}"
    net.rows(query)
    net.control("POST", "suiteql-lag", {"queries": 1})
    net.patch(f"customer/{shop.customer}", {"companyName": "Eve"})
    assert [net.rows(query) for _ in range(2)] == [[{"companyname": "Ada"}], [{"companyname": "Eve"}]]
    net.delete(f"customer/{shop.customer}")
    assert [net.rows(query) for _ in range(2)] == [[{"companyname": "Eve"}], []]
    net.control("POST", "suiteql-lag", {"queries": 0})
    net.control("POST", "reset")
    assert net.control("GET", "suiteql-lag").json == {"queries": 0, "seconds": 0}


@pytest.mark.stamp("chosen")
@pytest.mark.parametrize("body", [{"minutes": 1}, {"queries": -1}, {"seconds": "5"}, {"queries": True}, []])
def test_odd_lags_are_refused(net: NetSuite, body: Any) -> None:
    """A lag is a number of queries, or of seconds."""
    assert net.control("POST", "suiteql-lag", body).status == 400
