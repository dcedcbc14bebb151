"""The control plane and the process: faults, journal, clock, reset, first screen."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Desk

QUERY = "{ shop { name } }"


def test_the_credentials_are_named_as_the_settings_are(desk: Desk) -> None:
    """Chosen: flat, and with the address as it was called."""
    said = desk.control("GET", "credentials")
    assert said.keys() == {"url", "shop", "client_id", "client_secret", "access_token"}
    assert said["url"] == "http://localhost"


def test_a_fault_strikes_the_nth_call_that_fits_and_no_other(desk: Desk) -> None:
    """Chosen: calls are counted from when the fault was set, by root field."""
    desk.control("POST", "faults", [{"when": "shop", "nth": 2, "times": 2, "do": "503"}])
    assert desk.post("{ locations(first: 1) { nodes { id } } }").status_code == 200
    assert [desk.post(QUERY).status_code for _ in range(4)] == [200, 503, 503, 200]
    assert desk.control("DELETE", "faults") == {"faults": []}


@pytest.mark.parametrize(
    ("do", "status"), [("429", 429), ("500", 500), ("401", 401), ("garbage", 200), ("slow 1", 200)]
)
def test_a_fault_does_what_it_says(desk: Desk, do: str, status: int) -> None:
    """Documented: the status codes; chosen: the bodies."""
    desk.control("POST", "faults", [{"when": "graphql", "do": do}])
    response = desk.post(QUERY)
    assert response.status_code == status
    assert (response.get_json(silent=True) is None) == (do == "garbage")


@pytest.mark.parametrize(
    "wrong",
    [
        {"when": "refunds", "do": "500"},
        {"when": "orders", "do": "explode"},
        {"when": "orders", "do": "500", "nth": 0},
        {"when": "orders", "do": "slow"},
        {"when": "orders", "do": "500", "odds": 0.5},
        "500",
    ],
)
def test_a_fault_that_cannot_be_read_is_refused(desk: Desk, wrong: object) -> None:
    """Chosen: what cannot be read sets nothing."""
    said = desk.control("POST", "faults", [{"when": "shop", "do": "500"}, wrong])
    assert said["error"]
    assert desk.control("GET", "faults") == {"faults": []}


def test_the_journal_holds_every_call_of_the_shop(desk: Desk) -> None:
    """Chosen: numbered, with status; the control plane's own calls are left out."""
    desk.post(QUERY)
    desk.client.get("/nowhere")
    entries = desk.control("GET", "journal")["requests"]
    assert [(each["n"], each["method"], each["path"], each["status"]) for each in entries] == [
        (1, "POST", "/admin/api/2026-10/graphql.json", 200),
        (2, "GET", "/nowhere", 404),
    ]
    assert desk.control("DELETE", "journal") == {"requests": []}


def test_reset_keeps_the_credentials(desk: Desk) -> None:
    """Chosen: orders, faults, journal and clock go; credentials stay."""
    before = desk.control("GET", "credentials")
    desk.control("POST", "seed")
    desk.control("POST", "clock", {"now": "2030-01-01T00:00:00Z"})
    desk.control("POST", "faults", [{"when": "shop", "do": "500", "times": 0}])
    desk.control("POST", "reset")
    assert desk.control("GET", "credentials") == before
    overview = desk.control("GET", "")
    assert overview["orders"] == []
    assert not overview["now"].startswith("2030")
    assert desk.post(QUERY).status_code == 200


@pytest.mark.parametrize(
    ("name", "body"),
    [("clock", {"now": "soon"}), ("clock", {}), ("throttle", {}), ("shop", {"colour": "red"}), ("orders", 1)],
)
def test_what_cannot_be_read_is_refused(desk: Desk, name: str, body: object) -> None:
    """Chosen: 400 with a sentence."""
    assert desk.control("POST", name, body)["error"]


def test_an_unknown_call_lists_those_there_are(desk: Desk) -> None:
    """Chosen: 404 names the calls of the control plane."""
    assert "POST /_emulator/orders" in desk.control("GET", "nonsense")["there_is"]


def test_the_process_says_where_it_is_and_what_it_does_not_do() -> None:
    """Chosen: the first screen names address, control plane and limits; a free port is taken."""
    command = [sys.executable, "-m", "contrapost_emulators.shopify", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            screen = [process.stdout.readline() for _ in range(6)]
            url = screen[0].rsplit(" ", 1)[-1].strip()
            assert url.startswith("http://127.0.0.1:")
            assert "/_emulator/" in "".join(screen)
            assert "limits" in "".join(screen)
            with urllib.request.urlopen(f"{url}/_emulator/credentials") as answer:
                assert json.load(answer)["url"] == url
        finally:
            process.terminate()
