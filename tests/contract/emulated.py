"""The emulator, in a process of its own, as the account under test."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
import urllib3
from contract.client import Calls, NetSuite, Reply

from contrapost.demo.processes import emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

_json = msgspec.json.Encoder(decimal_format="number")


class Emulated(NetSuite):
    """An emulated account: empty before each test, and with a control plane."""

    def __init__(self, url: str, pool: Calls | None = None) -> None:
        calls = pool or urllib3.PoolManager(retries=False)
        super().__init__(url, Reply(calls.request("GET", f"{url}/_emulator/credentials")).json, calls)

    def begin(self) -> None:
        """Empty the account, and sign in by its clock."""
        self.control("POST", "reset")
        self.sign_in_anew()

    def control(self, method: str, name: str, body: object = None) -> Reply:
        """Speak to the control plane."""
        content = None if body is None else _json.encode(body)
        return Reply(self.pool.request(method, f"{self.url}/_emulator/{name}", body=content))

    def own(self, name: str) -> str:
        """The name itself: nothing else is in the account."""
        return name

    def wanted_by_account(self, path: str) -> dict[str, object]:
        """Nothing: the emulator has a default for all that a test leaves out."""
        del path
        return {}

    def account(self, number: str) -> str:
        """The id of an account by its number."""
        return self.rows(f"SELECT id FROM account WHERE acctnumber = '{number}'")[0]["id"]

    def number_of(self, account_id: str, own_number: str) -> str:
        """The number of an account."""
        del account_id
        return own_number

    def custom_field(self, name: str) -> str:
        """The name itself: a custom field is there once it is used."""
        return name

    @property
    def subsidiary(self) -> str:
        """The only subsidiary of a fresh account."""
        return self.rows("SELECT id FROM subsidiary ORDER BY id")[0]["id"]


@contextmanager
def emulated() -> Iterator[Emulated]:
    """An emulator for the time of a block."""
    with emulator("netsuite", "contrapost_emulators.netsuite") as running:
        yield Emulated(running.url)
