"""The contract's tests run against an account that holds other things, and leave those alone.

No sandbox of NetSuite's is at hand here: an emulator stands in, with its accounts renumbered and records of somebody
else's in it, and is spoken to as a sandbox is, by what the environment names.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from contract.emulated import Emulated, emulated
from contract.sandbox import PREFIX, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUITE = "tests/emulators/netsuite"
ADVICE = """
A test of the contract has to run on an account that is not empty. Name what you look up with net.own('Order-1'), count
only what your test made, take ids from net.account, net.currency and net.subsidiary; or say why it needs the emulator:
@pytest.mark.emulated('why').
"""
OWN_ACCOUNTS = ("1095", "1100", "2100", "2200", "7950")


pytestmark = pytest.mark.stamp("chosen")


@pytest.fixture
def account() -> Iterator[Emulated]:
    """An emulator whose accounts have other numbers."""
    with emulated() as running:
        yield running


def environment(account: Emulated, folder: Path) -> dict[str, str]:
    """What a person sets to test against this account."""
    key = folder / "key.pem"
    key.write_text(account.credentials["private_key"], encoding="ascii")
    named = {
        "URL": account.url,
        "ACCOUNT_ID": account.credentials["account_id"],
        "CLIENT_ID": account.credentials["client_id"],
        "CERTIFICATE_ID": account.credentials["certificate_id"],
        "PRIVATE_KEY": str(key),
        "ACCOUNTS": " ".join(f"{number}={account.account(number)}" for number in OWN_ACCOUNTS),
        "CUSTOM_FIELDS": "custbody_order=custbody_shop_order custcol_ref=custcol_shop_line",
        "TAX_CODE": account.make("salesTaxItem", itemId="Their tax", rate="8.25%"),
        "TAX_TYPE": account.make("taxType", name="Their tax"),
    }
    named |= {f"TBA_{name.upper()}": value for name, value in account.credentials["tba"].items()}
    return {PREFIX + name: value for name, value in named.items()}


def settle_in(account: Emulated) -> None:
    """Somebody else's account: other numbers, and a sale that is none of ours."""
    for row in account.rows("SELECT id, acctnumber FROM account"):
        account.patch(f"account/{row['id']}", {"acctNumber": f"9{row['acctnumber']}"})
    customer = account.make("customer", entityId="Ada")
    item = account.make("nonInventorySaleItem", itemId="POSTCARD", externalId="cup-1")
    body = {"entity": {"id": customer}, "item": {"items": [{"item": {"id": item}, "amount": 5}]}}
    account.make("cashSale", externalId="Order-1", otherRefNum="#1", **body)


def everything(account: Emulated) -> set[tuple[str, ...]]:
    """Each record of somebody else's, with what it holds."""
    sales = account.rows("SELECT id, type, foreigntotal, lastmodifieddate FROM transaction")
    lists = [
        {"table": table, **row}
        for table in ("customer", "item", "account", "accountingperiod", "currency", "subsidiary", "location")
        for row in account.rows(f"SELECT * FROM {table}")
    ]
    return {tuple(f"{name}={value}" for name, value in row.items()) for row in sales + lists}


def run(env: dict[str, str], *more: str) -> tuple[int, str]:
    """The suite against the account that the environment names."""
    command = [sys.executable, "-m", "pytest", SUITE, "-q", "-rs", "-p", "no:cacheprovider", "-p", "no:xdist", *more]
    done = subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_runs_twice_on_an_account_that_holds_other_things(account: Emulated, tmp_path: Path) -> None:
    """Every test passes or is skipped with its reason, a second time too, and nobody else's record changes."""
    env = environment(account, tmp_path)
    settle_in(account)
    before = everything(account)
    for _ in range(2):
        code, said = run(env)
        assert code == 0, said + ADVICE
        passed, skipped = (int(re.search(rf"(\d+) {word}", said)[1]) for word in ("passed", "skipped"))
        assert passed > skipped, said
        assert "needs the emulator's control plane: POST clock" in said
    assert before <= everything(account)


def test_a_production_account_is_refused(account: Emulated, tmp_path: Path) -> None:
    """The tests write records: with the id of a production account none of them starts, and nothing is sent."""
    env = environment(account, tmp_path)
    account.control("DELETE", "journal")
    code, said = run(env | {PREFIX + "ACCOUNT_ID": "1234567"}, "-k", "test_create")
    assert code != 0
    assert "1234567 is not a sandbox" in said
    assert account.control("GET", "journal").json["requests"] == []


def test_what_is_missing_is_named(account: Emulated, tmp_path: Path) -> None:
    """Half of the credentials are no credentials: the variables that are missing are named."""
    env: dict[str, Any] = environment(account, tmp_path)
    del env[PREFIX + "CLIENT_ID"], env[PREFIX + "PRIVATE_KEY"]
    with pytest.raises(pytest.UsageError, match=r"CONTRAPOST_SANDBOX_CLIENT_ID, CONTRAPOST_SANDBOX_PRIVATE_KEY"):
        Sandbox(env)
