"""The server as a process of its own, with an emulated shop and an emulated NetSuite behind it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from contrapost.demo.processes import emulator

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "flow"))
from running import Server, contrapost, serving
from world import World, bill, chart, order, refund

PASSWORD = "seven blue ducks"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An emulated shop, emulated books, and an account that joins them."""
    with (
        emulator("shopify", "contrapost_emulators.shopify") as shop,
        emulator("netsuite", "contrapost_emulators.netsuite") as books,
    ):
        made = World(shop, books, tmp_path_factory.mktemp("home") / "home")
        made.seed(*chart())
        made.connect()
        yield made


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    """The server, and a token of ada, an administrator."""
    contrapost(world.home, "people", "add", "ada", "--role", "administrator")
    token = contrapost(world.home, "people", "token", "ada").strip()
    with serving(world.home) as running:
        yield replace(running, token=token)


def _sold_and_returned(world: World, number: int) -> str:
    """Puts an order with one refund into the shop, and its bill into the books; gives the order's name."""
    returned = refund(number * 10 + 1, [(0, 1, "40.00", "3.30")], paid="43.30")
    world.shop.ask("POST", "orders", [order(number, [("TRAY", 1, "40.00", "3.30")], [returned], paid="43.30")])
    world.seed(bill("cashSale", f"#{number}", [("TRAY", 1, "40.00", "3.30")]))
    return f"#{number}"


def _retrieved(server: Server, name: str) -> int:
    found = server.ask("POST", "/accounts/shop/retrieve", {"order_ids": [name]})
    assert found.status == 200, found
    [one] = found.json["refunds"]
    assert one["status"] == "ready", one
    return int(one["id"])


def test_the_way_of_a_refund(world: World, server: Server) -> None:
    """Retrieved, previewed, posted and shown: NetSuite holds it once, and the history names who asked, and how."""
    id_ = _retrieved(server, _sold_and_returned(world, 3001))

    preview = server.ask("GET", f"/refunds/{id_}/preview").json
    assert preview["paid_out"] == "43.30"
    posted = server.ask("POST", f"/refunds/{id_}/post?wait=30", {"seen": preview["fingerprint"]})
    again = server.ask("POST", f"/refunds/{id_}/post?wait=30")

    assert posted.status == again.status == 200
    [one] = posted.json["refunds"]
    assert one["status"] == "posted"
    assert again.json == posted.json
    external_id = preview["records"][0]["external_id"]
    assert [record["externalid"] for record in world.ours()].count(external_id) == 1
    shown = server.ask("GET", f"/refunds/{id_}").json
    assert {entry["by"] for entry in shown["history"]} == {"ada (API)"}
    assert server.ask("DELETE", f"/refunds/{id_}").status == 409


def test_the_same_shapes_as_the_command_line(world: World, server: Server) -> None:
    """A script can change from one to the other."""
    id_ = _retrieved(server, _sold_and_returned(world, 3002))

    assert server.ask("GET", f"/refunds/{id_}").json == world.json("show", str(id_))
    assert server.ask("GET", f"/refunds/{id_}/preview").json == world.json("preview", str(id_))
    assert server.ask("GET", "/refunds?order=3002").json == world.json("list", "--order", "3002")
    assert server.ask("GET", "/accounts").json["accounts"] == world.json("accounts", "list")


def test_not_waiting_for_the_end(world: World, server: Server) -> None:
    """Who does not wait is told how it stands now, and the post goes on to its end."""
    id_ = _retrieved(server, _sold_and_returned(world, 3003))
    world.books.ask("POST", "faults", [{"when": "create cashRefund", "nth": 1, "times": 1, "do": "slow 1500"}])

    asked = server.ask("POST", f"/refunds/{id_}/post?wait=0")

    assert asked.status == 202
    assert [one["id"] for one in asked.json["refunds"]] == [id_]
    ended = server.ask("POST", f"/refunds/{id_}/post?wait=30")
    assert ended.status == 200, ended
    assert ended.json["refunds"][0]["status"] == "posted"


def test_ending_the_server_finishes_what_is_under_way(world: World, server: Server) -> None:
    """A post that nobody waits for is not cut off by stopping the server."""
    id_ = _retrieved(server, _sold_and_returned(world, 3004))
    world.books.ask("POST", "faults", [{"when": "create cashRefund", "nth": 1, "times": 1, "do": "slow 1500"}])
    with serving(world.home) as second:
        assert replace(second, token=server.token).ask("POST", f"/refunds/{id_}/post?wait=0").status == 202

    assert server.ask("GET", f"/refunds/{id_}").json["status"] == "posted"


def _browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def _send(browser: OpenerDirector, page: str, to: str, **fields: str) -> None:
    proof = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert proof is not None
    body = urlencode({"csrfmiddlewaretoken": proof[1], **fields}).encode()
    with suppress(HTTPError):  # what page one arrives at is not the matter here
        browser.open(to, data=body).close()


def test_first_start(tmp_path: Path) -> None:
    """The link on the terminal makes the administrator, once; the next start prints none."""
    browser = _browser()
    with serving(tmp_path) as server:
        with browser.open(server.first_link) as answer:
            page = answer.read().decode()
            assert answer.url == f"{server.url}/welcome/"
        _send(browser, page, f"{server.url}/welcome/", name="ada", email="", password=PASSWORD, again=PASSWORD)
        with browser.open(f"{server.url}/api/v1/accounts") as answer:
            assert answer.status == 200
        with pytest.raises(HTTPError, match="410"):
            _browser().open(server.first_link)

    with serving(tmp_path) as server:
        assert server.first_link == ""
        with browser.open(f"{server.url}/api/v1/accounts") as answer:  # the session outlives the server
            assert answer.status == 200


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["--host", "0.0.0.0"], "--address"),  # noqa: S104 - refused
        (["--address", "http://refunds.example.com"], "https://"),
        (["--address", "refunds.example.com"], "no address"),
    ],
)
def test_passwords_never_cross_a_network_in_clear(tmp_path: Path, call: list[str], says: str) -> None:
    """A server that others reach starts only with an address that has TLS."""
    command = [sys.executable, "-c", "from contrapost.cli import main; main()", "web", *call]
    done = subprocess.run(command, env={"CONTRAPOST_HOME": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert says in done.stderr


def test_every_answer_is_as_described(world: World, server: Server, tmp_path: Path) -> None:
    """Whatever is sent, nothing answers 5xx, and every answer is one that the OpenAPI document describes."""
    _retrieved(server, _sold_and_returned(world, 3005))
    # That a cursor is one that a list gave cannot be described.
    lists = [
        f'include-name = "GET /api/v1/{name}"\nparameters = {{ cursor = "" }}'
        for name in ("refunds", "waiting", "errors")
    ]
    # Each asks store and NetSuite anew, so a few of them do.
    slow = 'include-name = ["GET /api/v1/accounts/{account}/golive", "POST /api/v1/accounts/{account}/golive"]\n'
    slow += "generation = { max-examples = 3 }\nphases = { coverage = { enabled = false } }"
    only = "\n".join(f"[[operations]]\n{one}\n" for one in (*lists, slow))
    (tmp_path / "schemathesis.toml").write_text(only)
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "run",
        f"{server.url}/api/v1/openapi.json",
        f"--header=Authorization: Bearer {server.token}",
        "--max-examples=15",
        "--generation-deterministic",
        "--no-color",
    ]

    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=500)

    assert done.returncode == 0, done.stdout[-6000:]
