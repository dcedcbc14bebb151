"""Webhooks of the stores: verified, noted, and answered at once. What they tell is a hint; the store is read later."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from contrapost.app import SetUpError
from contrapost.log import say, warn
from contrapost.records import hints
from contrapost.records.errors import NotFoundError, RefusedError
from contrapost.refunds.finding import Finding
from contrapost.stores.discovery import connector
from contrapost.stores.transport import url_refusal

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.stores.contract import Hook, Hooks


class Taken(StrEnum):
    """What became of a webhook."""

    NEW = "new"
    SEEN = "seen"
    """It was taken before, so that nothing was done."""
    REFUSED = "refused"
    """It is not from where it says, or the address is none of ours; nothing was done."""


def take(app: App, account_name: str, token: str, hook: Hook) -> Taken:
    """Takes a webhook: verifies address and sender, and notes which order is to be read again."""
    if not hints.is_address_token(account_name, token):
        return _refused(account_name, "the address is none that was given to a store")
    try:
        account = app.account(account_name)
        settings = app.settings_of(account)
    except (NotFoundError, SetUpError) as problem:
        return _refused(account_name, str(problem))
    hooks = hooks_of(account.connector)
    told = hooks.read(settings, hook) if hooks else None
    if told is None or isinstance(told, Finding):
        return _refused(account_name, told.message if told else "this kind of store does not call")
    new = hints.take(account_name, told.order_id, delivery_id=told.delivery_id, body=hook.body, now=app.now())
    if not new:
        say("webhook came again", account=account_name, topic=told.topic)
    return Taken.NEW if new else Taken.SEEN


def hooks_of(connector_name: str) -> Hooks | None:
    """Says how a kind of store calls us; None where it does not."""
    return connector(connector_name).hooks


def open_address(app: App, account_name: str, base: str) -> tuple[str, Hooks]:
    """Makes the address that the store of an account is to call, in place of any before; it is told once.

    Args:
        app: the composition root.
        account_name: which account.
        base: where the server is reached from outside, such as `https://refunds.example.com`.

    Returns:
        The address, and what is to be asked for at the store.

    Raises:
        NotFoundError: there is no such account.
        RefusedError: this kind of store does not call, or the address is none it could call.
    """
    account = app.account(account_name)
    hooks = hooks_of(account.connector)
    if hooks is None:
        raise RefusedError(f"{connector(account.connector).label} does not call: {account_name} is kept up by polling.")
    refusal = url_refusal(base)
    if refusal:
        raise RefusedError(f"{refusal}. Give the address at which this server is reached, such as https://…")
    return base.rstrip("/") + path_of(account_name, hints.new_address_token(account_name)), hooks


def close(app: App, account_name: str) -> None:
    """Refuses from now on whatever is sent to the account's address.

    Raises:
        NotFoundError: there is no such account.
    """
    hints.no_address(app.account(account_name).name)


def path_of(account_name: str, token: str) -> str:
    """Gives the path of the address that a store calls."""
    return f"/hooks/{account_name}/{token}"


def _refused(account_name: str, why: str) -> Taken:
    warn("webhook refused", account=account_name, why=why)
    return Taken.REFUSED
