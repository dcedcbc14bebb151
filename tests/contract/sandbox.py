"""A real NetSuite sandbox as the account under test, named in the environment.

A sandbox is never emptied. Every test works with records of its own, under names that end in a mark of the run and the
test, and looks only at these; a test that needs the emulator's control plane, or something this account does not
offer, is skipped and says why. Nothing is deleted but what the same test made.
"""

from __future__ import annotations

import re
import secrets
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from contract.client import NetSuite

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "CONTRAPOST_SANDBOX_"
NEEDED = ("ACCOUNT_ID", "CLIENT_ID", "CERTIFICATE_ID", "PRIVATE_KEY")
TBA = ("CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN_ID", "TOKEN_SECRET")
NO_PRODUCTION = re.compile(r"\w+_SB\d+|\w+_RP|TSTDRV\d+|TD\d+", re.IGNORECASE)
"""Ids of sandboxes, release previews and test accounts; with any other id no test starts."""

MADE = {
    "1010": "Bank",
    "1200": "OthCurrAsset",
    "4000": "Income",
    "4010": "Income",
    "4020": "Income",
    "5000": "COGS",
    "5900": "COGS",
}
"""Accounts the tests may make for themselves: number and type. All others are the account's own."""
NAMES = ("entityId", "companyName", "itemId", "name", "acctNumber", "acctName", "externalId")
UNMADE = {"salesTaxItem": "TAX_CODE", "taxType": "TAX_TYPE"}
"""Types whose records differ too much by country and tax engine to be made: a record of the account is used."""
SOLD = {"incomeAccount": "4000"}
BOOKED = {
    "inventoryItem": SOLD | {"assetAccount": "1200", "cogsAccount": "5000"},
    "nonInventorySaleItem": SOLD,
    "serviceSaleItem": SOLD,
    "otherChargeSaleItem": SOLD,
    "kitItem": SOLD,
    "discountItem": {"account": "4020"},
}
"""The ledger accounts that an item must name."""


class Credentials(dict[str, Any]):
    """What is signed with; a part that was not given skips the test that needs it."""

    def __missing__(self, name: str) -> NoReturn:
        """Skip."""
        pytest.skip(f"the sandbox was given no credentials for {name}")


class Sandbox(NetSuite):
    """An account that holds more than the tests put there."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        given = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
        missing = [PREFIX + name for name in NEEDED if not given.get(name)]
        if missing:
            raise pytest.UsageError(f"To test against a sandbox, set also {', '.join(missing)}.")
        account_id = given["ACCOUNT_ID"]
        if not NO_PRODUCTION.fullmatch(account_id):
            raise pytest.UsageError(f"{account_id} is not a sandbox; these tests write records.")
        host = account_id.lower().replace("_", "-")
        url = given.get("URL") or f"https://{host}.suitetalk.api.netsuite.com"
        super().__init__(url.rstrip("/"), _credentials(given))
        self.given = given
        self.run = secrets.token_hex(3)
        self.tests = 0
        self.numbers = _pairs(given.get("ACCOUNTS", ""))
        self.custom_fields = _pairs(given.get("CUSTOM_FIELDS", ""))

    def begin(self) -> None:
        """Give the next test a mark of its own."""
        self.tests += 1

    @property
    def mark(self) -> str:
        """What the names of this test end in."""
        return f"-{self.run}{self.tests}"

    def control(self, method: str, name: str, body: object = None) -> NoReturn:
        """Skip: an account of NetSuite's has no control plane."""
        del body
        pytest.skip(f"needs the emulator's control plane: {method} {name}")

    def own(self, name: str) -> str:
        """The name with this test's mark."""
        return name if name.lower().endswith(self.mark) else name + self.mark

    def make(self, path: str, **body: object) -> str:
        """Create a record under names of its own."""
        if path in UNMADE:
            return self._named(UNMADE[path])
        number = body.get("acctNumber")
        body |= {name: self.own(str(body[name])) for name in NAMES if name in body}
        made = super().make(path, **body)
        if path == "account" and isinstance(number, str):
            self.numbers[number] = made
        return made

    def wanted_by_account(self, path: str) -> dict[str, object]:
        """Subsidiary, location, tax schedule and accounts, where this account wants them."""
        wanted: dict[str, object] = {}
        if path in BOOKED:
            wanted |= {field: {"id": self.account(number)} for field, number in BOOKED[path].items()}
            wanted["subsidiary"] = {"items": [{"id": self.subsidiary}]}
            if schedule := self.given.get("TAX_SCHEDULE"):
                wanted["taxSchedule"] = {"id": schedule}
        elif path in {"cashSale", "invoice", "salesOrder", "creditMemo", "cashRefund"}:
            wanted["location"] = {"id": self.location}
        elif path == "inventoryAdjustment":
            wanted |= {"subsidiary": {"id": self.subsidiary}, "adjLocation": {"id": self.location}}
        return wanted

    def account(self, number: str) -> str:
        """The account that the environment names for a number, or one made for the run."""
        if number not in self.numbers and number in MADE:
            self.make("account", acctNumber=number, acctName=f"Contrapost {number}", acctType={"id": MADE[number]})
        if number not in self.numbers:
            pytest.skip(f"{PREFIX}ACCOUNTS does not say which account is {number}")
        return self.numbers[number]

    def number_of(self, account_id: str, own_number: str) -> str:
        """What the tests call an account."""
        for number, known in self.numbers.items():
            if known == account_id:
                return number
        pytest.skip(f"{PREFIX}ACCOUNTS gives account {account_id} ({own_number}) no number")

    def custom_field(self, name: str) -> str:
        """The field that the environment names for it."""
        if name not in self.custom_fields:
            pytest.skip(f"{PREFIX}CUSTOM_FIELDS does not say which field is {name}")
        return self.custom_fields[name]

    def _named(self, variable: str) -> str:
        if variable not in self.given:
            pytest.skip(f"{PREFIX}{variable} does not name a record")
        return self.given[variable]

    @cached_property
    def subsidiary(self) -> str:  # type: ignore[override]
        """The one named, or the first that is active."""
        return self.given.get("SUBSIDIARY") or self._first("subsidiary")

    @cached_property
    def location(self) -> str:
        """The one named, or the first that is active."""
        return self.given.get("LOCATION") or self._first("location")

    def _first(self, table: str) -> str:
        rows = self.rows(f"SELECT id FROM {table} WHERE isinactive = 'F' ORDER BY id")
        if not rows:
            pytest.skip(f"the account has no active {table}")
        return rows[0]["id"]

    def currency(self, symbol: str) -> dict[str, str]:
        """A reference to a currency; skips where the account does not have it."""
        rows = self.rows(f"SELECT id FROM currency WHERE symbol = '{symbol}' AND isinactive = 'F'")
        if not rows:
            pytest.skip(f"the account has no currency {symbol}")
        return {"id": rows[0]["id"]}


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


def _credentials(given: Mapping[str, str]) -> Credentials:
    held = Credentials({name.lower(): given[name] for name in NEEDED})
    held["private_key"] = Path(given["PRIVATE_KEY"]).read_text(encoding="ascii")
    if all(given.get(f"TBA_{name}") for name in TBA):
        held["tba"] = {name.lower(): given[f"TBA_{name}"] for name in TBA}
    return held


def is_named(environment: Mapping[str, str]) -> bool:
    """Whether the environment names a sandbox to test against."""
    return any(name.startswith(PREFIX) for name in environment)
