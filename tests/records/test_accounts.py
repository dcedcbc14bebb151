"""Accounts keep their secrets sealed, and a shop is configured once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from contrapost.records import accounts, transactions
from contrapost.records.errors import AlreadyThereError, InUseError, NameRefusedError, NotFoundError
from contrapost.records.rows import AccountRow, Lists, NetSuiteRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Books

    from contrapost.vault import Vault

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
THIRD = AccountRow(
    name="third",
    connector="demo",
    netsuite="books",
    identity="third.example",
    settings={"url": "https://third.example"},
    secrets={"token": "s3cret"},
    profile={"tolerance": Decimal("0.05"), "restock": True, "items": {"fee": "12"}},
)


def test_an_account_comes_back_as_it_was_given(books: Books) -> None:
    """With a vault its secrets are opened, without one they stay sealed."""
    accounts.add(THIRD, vault=books.vault, now=NOON)

    assert accounts.get("third", vault=books.vault) == THIRD
    assert accounts.get("third").secrets == {}
    assert [row.name for row in accounts.listing()] == ["other", "shop", "third"]


def test_secrets_are_never_saved_or_shown_in_clear(books: Books) -> None:
    """Neither the table nor the row's text tells them."""
    accounts.add(THIRD, vault=books.vault, now=NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_account")
        assert "s3cret" not in str(cursor.fetchall())
    assert "s3cret" not in repr(accounts.get("third", vault=books.vault))


def test_the_same_shop_is_refused_under_another_name(books: Books) -> None:
    """Its refunds would be posted twice; the answer names the account that is there."""
    with pytest.raises(AlreadyThereError, match="as account shop"):
        accounts.add(replace(THIRD, identity="shop.example"), vault=books.vault, now=NOON)
    with pytest.raises(AlreadyThereError, match="named shop"):
        accounts.add(replace(THIRD, name="shop"), vault=books.vault, now=NOON)


@pytest.mark.parametrize("name", ["", "Shop", "a b", "-x", "x" * 64, "é", "a/b", "x\n"])
def test_a_name_that_cannot_stand_in_an_address_is_refused(books: Books, name: str) -> None:
    """Lower-case letters, digits, dashes and underscores only."""
    with pytest.raises(NameRefusedError):
        accounts.add(replace(THIRD, name=name), vault=books.vault, now=NOON)


def test_settings_and_profile_can_be_replaced(books: Books) -> None:
    """Also while there are transactions."""
    books.kept()
    row = replace(accounts.get("shop"), settings={"a": "b"}, secrets={"x": "y"}, profile={"z": Decimal(1)})

    accounts.update(row, vault=books.vault)

    assert accounts.get("shop", vault=books.vault) == row


def test_who_a_shop_is_cannot_change_under_its_transactions(books: Books) -> None:
    """Its external ids name it; before the first refund it may."""
    row = replace(accounts.get("shop"), identity="new.example")
    accounts.update(row, vault=books.vault)
    books.kept()

    with pytest.raises(InUseError, match="has transactions"):
        accounts.update(replace(row, identity="newer.example"), vault=books.vault)
    with pytest.raises(AlreadyThereError):
        accounts.update(replace(accounts.get("other"), identity="new.example"), vault=books.vault)


def test_an_account_with_transactions_is_not_removed(books: Books) -> None:
    """Without them it is, tombstones and all."""
    id_ = books.kept()
    with pytest.raises(InUseError, match="has transactions"):
        accounts.remove("shop")
    transactions.delete(id_, by="alice", now=NOON)

    accounts.remove("shop")

    with pytest.raises(NotFoundError, match="shop"):
        accounts.get("shop")


def test_a_netsuite_account_is_not_removed_under_its_shops(books: Books) -> None:
    """Once its shops are gone it is, and its lease with it."""
    with pytest.raises(InUseError, match="Shops are bound"):
        accounts.remove_netsuite("books")
    accounts.remove("shop")
    accounts.remove("other")

    accounts.remove_netsuite("books")

    assert accounts.netsuites() == ()
    assert books


def test_netsuite_accounts(books: Books) -> None:
    """They are added once, changed and read with or without their secrets."""
    row = NetSuiteRow(name="books", settings={"url": "y"}, secrets={"token": "u"})
    with pytest.raises(AlreadyThereError):
        accounts.add_netsuite(row, vault=books.vault, now=NOON)

    accounts.update_netsuite(row, vault=books.vault)

    assert accounts.netsuite("books", vault=books.vault) == row
    assert accounts.netsuites() == (replace(row, secrets={}),)


def test_lists_are_kept_as_they_were_read(books: Books) -> None:
    """Before the first reading there are none."""
    assert books
    assert accounts.lists("books") is None

    accounts.put_lists("books", '{"items": []}', now=NOON)

    assert accounts.lists("books") == Lists(text='{"items": []}', at=NOON)


@pytest.mark.parametrize(
    "ask",
    [
        lambda vault: accounts.get("nosuch", vault=vault),
        lambda vault: accounts.netsuite("nosuch", vault=vault),
        lambda _: accounts.remove("nosuch"),
        lambda _: accounts.remove_netsuite("nosuch"),
        lambda _: accounts.put_lists("nosuch", "", now=NOON),
        lambda vault: accounts.update(replace(THIRD, name="nosuch"), vault=vault),
        lambda vault: accounts.update_netsuite(NetSuiteRow(name="nosuch", settings={}), vault=vault),
        lambda vault: accounts.add(replace(THIRD, netsuite="nosuch"), vault=vault, now=NOON),
    ],
)
def test_an_unknown_account_is_named(books: Books, ask: Callable[[Vault], object]) -> None:
    """Whatever is asked of it."""
    with pytest.raises(NotFoundError, match="nosuch"):
        ask(books.vault)
