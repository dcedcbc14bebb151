"""The accounts we are connected to: NetSuite accounts, and the shops bound to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError
from django.db.models import ProtectedError
from django.db.transaction import atomic

from contrapost.codec import decode, encode
from contrapost.records.errors import AlreadyThereError, ChangedError, InUseError, NameRefusedError, NotFoundError
from contrapost.records.models import Account, Lease, NetSuiteAccount, Sync, Transaction
from contrapost.records.rows import AccountRow, Lists, NetSuiteRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from contrapost.vault import Vault


def add_netsuite(row: NetSuiteRow, *, vault: Vault, now: datetime) -> None:
    """Adds a NetSuite account.

    Raises:
        AlreadyThereError: there is one of this name.
        NameRefusedError: the name cannot stand in addresses and commands.
    """
    _check_name(row.name)
    try:
        with atomic():
            added = NetSuiteAccount.objects.create(name=row.name, created_at=now, **_saved(row, vault))
            Lease.objects.create(netsuite=added)
    except IntegrityError as fault:
        raise AlreadyThereError(
            f"There is a NetSuite account named {row.name}. Choose another name, or change that one."
        ) from fault


def update_netsuite(row: NetSuiteRow, *, vault: Vault) -> None:
    """Replaces settings and secrets of a NetSuite account.

    Raises:
        NotFoundError: there is none of this name.
    """
    if not NetSuiteAccount.objects.filter(name=row.name).update(**_saved(row, vault)):
        raise _no_netsuite(row.name)


def netsuite(name: str, *, vault: Vault | None = None) -> NetSuiteRow:
    """Gives a NetSuite account, with its secrets where a vault is given.

    Raises:
        NotFoundError: there is none of this name.
        VaultError: the vault cannot open the secrets.
    """
    found = NetSuiteAccount.objects.filter(name=name).first()
    if found is None:
        raise _no_netsuite(name)
    return _netsuite_row(found, vault)


def netsuites(*, vault: Vault | None = None) -> tuple[NetSuiteRow, ...]:
    """Gives every NetSuite account, by name."""
    return tuple(_netsuite_row(found, vault) for found in NetSuiteAccount.objects.order_by("name"))


def remove_netsuite(name: str) -> None:
    """Removes a NetSuite account to which no shop is bound.

    Raises:
        NotFoundError: there is none of this name.
        InUseError: a shop is bound to it.
    """
    try:
        removed, _ = NetSuiteAccount.objects.filter(name=name).delete()
    except ProtectedError as fault:
        raise InUseError(
            f"Shops are bound to the NetSuite account {name}. Remove them, or bind them to another one, first."
        ) from fault
    if not removed:
        raise _no_netsuite(name)


def put_lists(name: str, text: str, *, now: datetime) -> None:
    """Keeps the lists of a NetSuite account as they were read now.

    Raises:
        NotFoundError: there is no NetSuite account of this name.
    """
    if not NetSuiteAccount.objects.filter(name=name).update(lists=text, lists_at=now):
        raise _no_netsuite(name)


def lists(name: str) -> Lists | None:
    """Gives the lists of a NetSuite account as last kept, or None where they were never read."""
    found = NetSuiteAccount.objects.filter(name=name).values_list("lists", "lists_at").first()
    if found is None or found[1] is None:
        return None
    return Lists(text=found[0], at=found[1])


def add(row: AccountRow, *, vault: Vault, now: datetime) -> None:
    """Adds a shop, in test mode.

    Raises:
        AlreadyThereError: there is an account of this name, or the same shop is there under another one.
        NameRefusedError: the name cannot stand in addresses and commands.
        NotFoundError: there is no NetSuite account of the name it gives.
    """
    _check_name(row.name)
    with atomic():
        _check_new(row)
        bound = _bound_to(row)
        try:
            with atomic():
                added = Account.objects.create(
                    name=row.name,
                    connector=row.connector,
                    netsuite=bound,
                    identity=row.identity,
                    created_at=now,
                    profile=encode(row.profile),
                    **_saved(row, vault),
                )
                Sync.objects.create(account=added)
        except IntegrityError as fault:
            raise AlreadyThereError(f"The account {row.name}, or its shop, was added just now.") from fault


def update(row: AccountRow, *, vault: Vault) -> None:
    """Replaces settings, secrets and profile of a shop; and where it has no transactions yet, who and where it is.

    Raises:
        NotFoundError: there is no account, or no NetSuite account, of this name.
        AlreadyThereError: the same shop is there under another name.
        InUseError: it has transactions, and connector, shop or NetSuite account would be another.
    """
    with atomic():
        found = _account(row.name, lock=True)
        bound = _bound_to(row)
        if (found.connector, found.identity, found.netsuite_id) != (row.connector, row.identity, bound.pk):
            _check_unused(found, "bound to another shop or NetSuite account")
            _check_new(row, but=found.pk)
            _test_anew(found)
        Account.objects.filter(pk=found.pk).update(
            connector=row.connector,
            identity=row.identity,
            netsuite=bound,
            profile=encode(row.profile),
            **_saved(row, vault),
        )


def put_profile(name: str, profile: Mapping[str, Any], *, instead_of: Mapping[str, Any]) -> None:
    """Replaces the profile of a shop.

    Raises:
        NotFoundError: there is none of this name.
        ChangedError: its profile is no longer the one it is to replace.
    """
    with atomic():
        found = _account(name, lock=True)
        if decode(found.profile, dict[str, Any]) != dict(instead_of):
            raise ChangedError(
                f"The profile of {name} was changed just now. Compare with it again; nothing was changed by this."
            )
        Account.objects.filter(pk=found.pk).update(profile=encode(dict(profile)))


def get(name: str, *, vault: Vault | None = None) -> AccountRow:
    """Gives a shop, with its secrets where a vault is given.

    Raises:
        NotFoundError: there is none of this name.
        VaultError: the vault cannot open the secrets.
    """
    return _account_row(_account(name), vault)


def listing(*, vault: Vault | None = None) -> tuple[AccountRow, ...]:
    """Gives every shop, by name."""
    return tuple(_account_row(found, vault) for found in Account.objects.select_related("netsuite").order_by("name"))


def remove(name: str) -> None:
    """Removes a shop that has no transactions.

    Raises:
        NotFoundError: there is none of this name.
        InUseError: it has transactions.
    """
    with atomic():
        found = _account(name, lock=True)
        _check_unused(found, "removed")
        found.delete()


def _account(name: str, *, lock: bool = False) -> Account:
    accounts = Account.objects.select_related("netsuite")
    found = (accounts.select_for_update(of=("self",)) if lock else accounts).filter(name=name).first()
    if found is None:
        raise NotFoundError(f"There is no account named {name}. `contrapost accounts` lists those there are.")
    return found


def _bound_to(row: AccountRow) -> NetSuiteAccount:
    found = NetSuiteAccount.objects.filter(name=row.netsuite).first()
    if found is None:
        raise _no_netsuite(row.netsuite)
    return found


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", name):
        raise NameRefusedError(
            f"{name!r} cannot be the name of an account. Take up to 63 lower-case letters, digits, `-` and `_`."
        )


def _check_new(row: AccountRow, *, but: int = 0) -> None:
    others = Account.objects.exclude(pk=but)
    if others.filter(name=row.name).exists():
        raise AlreadyThereError(f"There is an account named {row.name}. Choose another name, or change that one.")
    same = others.filter(connector=row.connector, identity=row.identity).first()
    if same is not None:
        raise AlreadyThereError(
            f"The shop {row.identity} is there already, as account {same.name}. Change that one: a shop that is "
            "configured twice would have its refunds posted twice."
        )


def _test_anew(account: Account) -> None:
    """Another shop, or other books, were not tested, nor read: its settings stay, all else begins anew."""
    former = Sync.objects.get(account=account)
    former.delete()
    kept = ("poll_minutes", "look_back_days", "look_back_hours")
    Sync.objects.create(account=account, **{name: getattr(former, name) for name in kept})


def _check_unused(account: Account, what: str) -> None:
    if Transaction.objects.filter(account=account).exists():
        raise InUseError(
            f"The account {account.name} has transactions and cannot be {what}. Add a new account instead, or delete "
            "its transactions first."
        )


def _no_netsuite(name: str) -> NotFoundError:
    return NotFoundError(f"There is no NetSuite account named {name!r}. Add it first, or correct the name.")


def _saved(row: NetSuiteRow | AccountRow, vault: Vault) -> dict[str, Any]:
    return {"settings": encode(row.settings), "sealed": vault.seal(row.secrets)}


def _opened(found: NetSuiteAccount | Account, vault: Vault | None) -> dict[str, Any]:
    return {
        "settings": decode(found.settings, dict[str, str]),
        "secrets": vault.open(found.sealed) if vault else {},
    }


def _netsuite_row(found: NetSuiteAccount, vault: Vault | None) -> NetSuiteRow:
    return NetSuiteRow(name=found.name, **_opened(found, vault))


def _account_row(found: Account, vault: Vault | None) -> AccountRow:
    return AccountRow(
        name=found.name,
        connector=found.connector,
        netsuite=found.netsuite.name,
        identity=found.identity,
        profile=decode(found.profile, dict[str, Any]),
        **_opened(found, vault),
    )
