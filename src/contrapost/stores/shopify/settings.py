"""The settings of one Shopify account: typed, and checked before anything is asked of the shop."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

from contrapost.refunds.finding import Finding, error
from contrapost.stores.contract import Setting
from contrapost.stores.transport import url_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

Side = Literal["shop", "presentment"]

API_VERSION = "2026-10"
OLDEST_VERSION = "2026-01"
"""Refund.processedAt is there from this version on."""

SETTINGS = (
    Setting(
        name="shop",
        label="Shop",
        help="The shop's first domain, as in the address of its admin: your-shop.myshopify.com.",
        required=True,
    ),
    Setting(
        name="client_id",
        label="Client ID",
        help="Of the app made for this shop: Dev Dashboard, the app, Settings. Needs the scopes read_orders and"
        " read_returns, and read_all_orders for orders older than 60 days.",
    ),
    Setting(
        name="client_secret",
        label="Client secret",
        help="Beside the client ID. Access tokens are fetched with it and renewed each day.",
        secret=True,
    ),
    Setting(
        name="access_token",
        label="Access token",
        help="Instead of client ID and secret: the lasting token of an older custom app (shpat_…).",
        secret=True,
    ),
    Setting(
        name="webhook_secret",
        label="Webhook secret",
        help="Only for webhooks that were made in the shop's admin: the key shown under Settings, Notifications,"
        " Webhooks. Those an app made are signed with its client secret.",
        secret=True,
    ),
    Setting(
        name="money",
        label="Amounts in",
        help="shop: the shop's own currency; presentment: the currency the customer paid in. Take the one that the"
        " orders carry in NetSuite.",
        default="shop",
    ),
    Setting(
        name="payouts",
        label="Payouts",
        help="yes: ask Shopify Payments in which payout each refund was settled. Needs the scope"
        " read_shopify_payments_payouts, and a call for each day of refunds.",
        default="no",
    ),
    Setting(
        name="api_version",
        label="API version",
        help="The version of Shopify's Admin API to ask.",
        default=API_VERSION,
    ),
    Setting(
        name="url",
        label="Address",
        help="Only to reach the shop, or an emulator of one, at another address than its domain.",
    ),
)

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]*")
_VERSION = re.compile(r"20\d\d-(01|04|07|10)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one shop is reached and read."""

    shop: str
    """The first domain: `your-shop.myshopify.com`."""
    url: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    api_version: str = API_VERSION
    money: Side = "shop"
    payouts: bool = False


def read_settings(given: Mapping[str, str]) -> tuple[Settings | None, tuple[Finding, ...]]:
    """Reads the settings as they were typed in, or says what is wrong with them."""
    values = {name: value.strip() for name, value in given.items()}
    shop = _domain(values.get("shop", ""))
    url = values.get("url") or f"https://{shop}"
    findings = (*_unknown(values), *_about_shop(shop, values), *_about_url(url, values), *_about_access(values))
    findings += (*_about_version(values), *_about_money(values), *_about_payouts(values))
    if findings:
        return None, findings
    settings = Settings(
        shop=shop,
        url=url.rstrip("/"),
        client_id=values.get("client_id", ""),
        client_secret=values.get("client_secret", ""),
        access_token=values.get("access_token", ""),
        webhook_secret=values.get("webhook_secret", ""),
        api_version=values.get("api_version") or API_VERSION,
        money=cast("Side", values.get("money") or "shop"),
        payouts=values.get("payouts") == "yes",
    )
    return settings, ()


def identity(settings: Settings) -> str:
    """Gives what makes the shop the same shop for ever: the first label of its myshopify domain."""
    return settings.shop.split(".", 1)[0]


def _domain(text: str) -> str:
    """Reads a shop as people write it: its domain, its bare name, or the address of its admin."""
    text = re.sub(r"^https?://", "", text.lower()).rstrip("/")
    admin = re.fullmatch(r"admin\.shopify\.com/store/([^/]+)(/.*)?", text)
    name = admin[1] if admin else text.split("/", 1)[0]
    return f"{name}.myshopify.com" if name and "." not in name else name


def _wrong(name: str, message: str, fix: str) -> Finding:
    return error("setting_wrong", message, fix=fix, where=name)


def _unknown(values: Mapping[str, str]) -> tuple[Finding, ...]:
    known = [setting.name for setting in SETTINGS]
    fix = f"Settings are {', '.join(known)}."
    return tuple(_wrong(name, f"Shopify has no setting {name!r}.", fix) for name in values if name not in known)


def _about_shop(shop: str, values: Mapping[str, str]) -> tuple[Finding, ...]:
    fix = "Give the domain that ends in .myshopify.com; it stands in the address of the shop's admin."
    if not shop:
        return (error("setting_missing", "The shop is not named.", fix=fix, where="shop"),)
    name, _, rest = shop.partition(".")
    if rest != "myshopify.com" or not _SHOP.fullmatch(name):
        return (_wrong("shop", f"{values['shop']!r} is not the first domain of a Shopify shop.", fix),)
    return ()


def _about_url(url: str, values: Mapping[str, str]) -> tuple[Finding, ...]:
    refusal = url_refusal(url) if values.get("url") else ""
    return (_wrong("url", f"{refusal}.", "Give an address that begins with https://."),) if refusal else ()


def _about_access(values: Mapping[str, str]) -> tuple[Finding, ...]:
    both = bool(values.get("client_id")), bool(values.get("client_secret"))
    if all(both) or (not any(both) and values.get("access_token")):
        return ()
    if any(both):
        missing = "client_secret" if both[0] else "client_id"
        fix = "Client ID and client secret stand side by side in the app's settings in the Dev Dashboard."
        return (error("setting_missing", f"{missing} is missing: it goes with the other.", fix=fix, where=missing),)
    fix = "Give client_id and client_secret of an app for this shop, or the access_token of an older custom app."
    return (error("setting_missing", "There is nothing to sign in to the shop with.", fix=fix, where="client_id"),)


def _about_version(values: Mapping[str, str]) -> tuple[Finding, ...]:
    version = values.get("api_version") or API_VERSION
    if _VERSION.fullmatch(version) and version >= OLDEST_VERSION:
        return ()
    fix = f"Leave it empty for {API_VERSION}, or give a version from {OLDEST_VERSION} on."
    return (_wrong("api_version", f"{version!r} is no version of Shopify's Admin API that we can read.", fix),)


def _about_money(values: Mapping[str, str]) -> tuple[Finding, ...]:
    if (values.get("money") or "shop") in {"shop", "presentment"}:
        return ()
    return (_wrong("money", f"Amounts cannot be in {values['money']!r}.", "Give shop or presentment."),)


def _about_payouts(values: Mapping[str, str]) -> tuple[Finding, ...]:
    if (values.get("payouts") or "no") in {"yes", "no"}:
        return ()
    return (
        _wrong("payouts", f"Payouts are asked for or not, and {values['payouts']!r} says neither.", "Give yes or no."),
    )
