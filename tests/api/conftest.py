"""A shop and a NetSuite that cannot be reached, with a refund in each of some states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from contrapost.app import App
from contrapost.permissions import Role
from contrapost.records import accounts, credentials, keeping, people, transactions
from contrapost.records.rows import AccountRow, NetSuiteRow
from contrapost.refunds.document import Adjustment, Refund, Tender, TenderKind, TenderStatus
from contrapost.refunds.money import Money
from contrapost.stores.contract import Retrieved

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLOSED = "http://127.0.0.1:9"
"""An address where nothing listens."""


@dataclass
class Shop:
    """Rows to ask the API for."""

    app: App

    def refund(self, number: str, **said: str) -> int:
        """Keeps a refund of 10.00 and gives its id."""
        ten = Money.of("10.00", "USD")
        refund = Refund(
            store_refund_id=number,
            order_id=f"o{number}",
            order_name=said.get("order_name", f"#{number}"),
            refunded_at=NOON,
            refunded_on=NOON.date(),
            currency="USD",
            adjustments=(Adjustment(amount=ten, tax=Money.zero("USD")),),
            tenders=(Tender(id="t", kind=TenderKind.MONEY, gateway="bank", amount=ten, status=TenderStatus.SUCCEEDED),),
        )
        retrieved = Retrieved(
            store_refund_id=number,
            order_id=refund.order_id,
            order_name=refund.order_name,
            refund=refund,
            findings=(),
            raw="{}",
        )
        [kept] = keeping.keep("shop", [retrieved], by="poll", now=NOON, by_hand=True)
        return kept.id

    def canceled(self, number: str) -> int:
        """Keeps a refund and cancels it."""
        id_ = self.refund(number)
        transactions.cancel(id_, by="test", now=NOON)
        return id_


@pytest.fixture
def shop(app: App) -> Shop:
    """Two accounts, one of them not set up whole, bound to one NetSuite account; nothing of it answers."""
    netsuite = {"account_id": "TEST", "url": CLOSED, "consumer_key": "x", "token_id": "x"}
    secrets = {"consumer_secret": "x", "token_secret": "x"}
    accounts.add_netsuite(NetSuiteRow(name="books", settings=netsuite, secrets=secrets), vault=app.vault, now=NOON)
    for name, domain in (("shop", "not set up"), ("closed", "closed.myshopify.com")):
        accounts.add(_account(name, domain), vault=app.vault, now=NOON)
    return Shop(app)


def _account(name: str, domain: str) -> AccountRow:
    return AccountRow(
        name=name,
        connector="shopify",
        netsuite="books",
        identity=domain,
        settings={"shop": domain, "url": CLOSED},
        secrets={"access_token": "hush"},
        profile={"cash_account.bank": "1090"},
    )


@pytest.fixture
def by_token(visitor: Callable[..., Client], app: App) -> Callable[[Role], Client]:
    """Gives a script of a new person of a role."""

    def script(role: Role) -> Client:
        person = people.add(role.value, role=role, password="not needed here")
        _, plain = credentials.make_token(person.name, "test", now=app.now())
        return visitor(headers={"authorization": f"Bearer {plain}"})

    return script
