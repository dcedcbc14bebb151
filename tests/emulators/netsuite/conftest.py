"""The account under test: the emulator, or a real sandbox where the environment names one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from contract import sandbox
from contract.client import NetSuite
from contract.emulated import emulated
from contract.sandbox import Sandbox
from contract.shop import Shop, line
from contract.stamps import MARKERS, contract_of, only_emulated, stamp_of
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


settings.register_profile("long")
"""`make fuzz` asks for it; the tests that have a long form look at its name."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test without a stamp fails the whole collection; one of the emulator's own code is no test of a sandbox."""
    for item in contract_of(items):
        stamp_of(item)
        if sandbox.is_named(os.environ) and (why := only_emulated(item)):
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def client() -> Iterator[NetSuite]:
    """A client of the account under test."""
    if sandbox.is_named(os.environ):
        yield Sandbox(os.environ)
        return
    with emulated() as account:
        yield account


@pytest.fixture(scope="session")
def address(client: NetSuite) -> str:
    """Where the account under test answers."""
    return client.url


@pytest.fixture
def net(client: NetSuite) -> NetSuite:
    """A client whose account is ready for a test: fresh where it can be emptied, under new names where not."""
    client.begin()
    return client


@pytest.fixture
def shop(net: NetSuite) -> Shop:
    """A small shop in the account."""
    return Shop(net)


@pytest.fixture(name="line")
def line_fixture() -> Callable[..., dict[str, object]]:
    """Makes item lines."""
    return line
