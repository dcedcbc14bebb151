"""What the tests of this folder share: a running emulator, and a store connected to it with a clock of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from contrapost.stores.shopify.client import Client
from contrapost.stores.shopify.settings import read_settings
from contrapost.stores.shopify.store import ShopifyStore

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Emulator:
    """The emulator's process, as its control plane shows it."""

    url: str
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    def control(self, method: str, name: str, body: object = None) -> Any:  # noqa: ANN401 - whatever JSON it answers
        """Calls the control plane."""
        sent = None if body is None else json.dumps(body, default=str).encode()
        answer = self.http.request(method, f"{self.url}/_emulator/{name}", body=sent)
        assert answer.status == 200, answer.data.decode()  # noqa: S101, PLR2004 - a test's own step
        return json.loads(answer.data, parse_float=Decimal)

    def put(self, *orders: dict[str, Any]) -> None:
        """Gives the shop orders."""
        self.control("POST", "orders", list(orders))

    def fault(self, when: str, do: str, *, nth: int = 1, times: int = 1) -> None:
        """Makes calls go wrong."""
        self.control("POST", "faults", [{"when": when, "do": do, "nth": nth, "times": times}])

    def calls(self, part: str = "graphql") -> int:
        """Counts the calls that were made, by a part of their path."""
        return sum(part in each["path"] for each in self.control("GET", "journal")["requests"])


@dataclass
class Time:
    """A clock that only sleeping moves, the emulator's with it."""

    emulator: Emulator
    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        """Tells the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Lets time pass without waiting."""
        self.slept.append(seconds)
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        """Lets time pass for us and for the shop."""
        self.now += seconds
        self.emulator.control("POST", "clock", {"advance": round(seconds, 3)})


@pytest.fixture(scope="session")
def emulator_process() -> Iterator[Emulator]:
    """One process of the emulator for all tests of a worker."""
    command = [sys.executable, "-m", "contrapost_emulators.shopify", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own emulator
        first = process.stdout.readline() if process.stdout else ""
        yield Emulator(first.rsplit(" ", 1)[-1].strip())
        process.terminate()


@pytest.fixture
def emulator(emulator_process: Emulator) -> Emulator:
    """The emulator as it was when it started."""
    emulator_process.control("POST", "reset")
    emulator_process.control("DELETE", "tokens")
    emulator_process.control("POST", "shop", {"scopes": ["read_orders", "read_all_orders", "read_returns"]})
    emulator_process.control("POST", "shop", {"prefix": "#", "suffix": ""})
    return emulator_process


@pytest.fixture
def time(emulator: Emulator) -> Time:
    """The time of the test."""
    return Time(emulator)


@pytest.fixture
def store(emulator: Emulator, time: Time) -> ShopifyStore:
    """A store connected to the emulator with the credentials that it gives."""
    return connected(emulator, time)


@pytest.fixture
def store_with_payouts(emulator: Emulator, time: Time) -> ShopifyStore:
    """The same store, whose app may read payouts and is told to."""
    scopes = ["read_orders", "read_all_orders", "read_returns", "read_shopify_payments_payouts"]
    emulator.control("POST", "shop", {"scopes": scopes})
    return connected(emulator, time, payouts="yes")


def connected(emulator: Emulator, time: Time, **more: str) -> ShopifyStore:
    """Connects a store with the credentials that the emulator gives, and further settings."""
    settings, findings = read_settings(emulator.control("GET", "credentials") | more)
    assert settings is not None, findings  # noqa: S101 - a test's own step
    return ShopifyStore(settings, Client(settings, clock=time.clock, sleep=time.sleep))
