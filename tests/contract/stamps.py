"""How sure we are that NetSuite itself behaves as a test says: every test of the contract carries a stamp.

`documented`: Oracle's help or its API browser says so. `verified: by what`: somebody saw it in a real account, or a
client that nobody here wrote relies on it. `chosen`: no source says; the emulator chose, and the test pins the choice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

STAMPS = re.compile(r"documented|chosen|verified: .+")
FOLDER = "emulators/netsuite/"
MARKERS = (
    "stamp(how): how sure we are that NetSuite itself behaves so",
    "emulated(why): a test that only the emulator can run",
)


def stamp_of(item: pytest.Item) -> str:
    """The stamp of a test.

    Raises:
        pytest.UsageError: it has none, or one nobody knows.
    """
    mark = item.get_closest_marker("stamp")
    if mark is None or not mark.args or not STAMPS.fullmatch(str(mark.args[0])):
        raise pytest.UsageError(f"{item.nodeid} needs @pytest.mark.stamp('documented' | 'verified: …' | 'chosen')")
    return str(mark.args[0])


def contract_of(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The tests of the contract among those collected."""
    return [item for item in items if FOLDER in item.path.as_posix()]


def only_emulated(item: pytest.Item) -> str:
    """Why a test cannot run against a sandbox, or nothing."""
    mark = item.get_closest_marker("emulated")
    if mark is not None:
        return str(mark.args[0])
    return "" if "client" in getattr(item, "fixturenames", ()) else "looks into the emulator, not at an account"
