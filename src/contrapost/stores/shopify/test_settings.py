"""Settings as people type them, right and wrong."""

from __future__ import annotations

import pytest

from contrapost.stores.discovery import connector
from contrapost.stores.shopify.settings import SETTINGS, identity, read_settings

GOOD = {"shop": "tea-and-tray.myshopify.com", "client_id": "id", "client_secret": "hidden"}


@pytest.mark.parametrize(
    "shop",
    [
        "tea-and-tray.myshopify.com",
        "Tea-And-Tray",
        " https://tea-and-tray.myshopify.com/admin ",
        "https://admin.shopify.com/store/tea-and-tray/orders",
    ],
)
def test_a_shop_is_understood_as_people_write_it(shop: str) -> None:
    """The domain, the bare name and the address of the admin mean the same shop."""
    settings, findings = read_settings(GOOD | {"shop": shop})
    assert findings == ()
    assert settings is not None
    assert settings.shop == "tea-and-tray.myshopify.com"
    assert settings.url == "https://tea-and-tray.myshopify.com"
    assert identity(settings) == "tea-and-tray"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"shop": ""}, "shop"),
        ({"shop": "tea.example.com"}, "shop"),
        ({"shop": "-.myshopify.com"}, "shop"),
        ({"client_secret": ""}, "client_secret"),
        ({"client_id": ""}, "client_id"),
        ({"client_id": "", "client_secret": ""}, "client_id"),
        ({"url": "http://tea.example.com"}, "url"),
        ({"url": "ftp://127.0.0.1"}, "url"),
        ({"url": "https://user:hidden@tea.example.com"}, "url"),
        ({"api_version": "2024-07"}, "api_version"),
        ({"api_version": "latest"}, "api_version"),
        ({"money": "euros"}, "money"),
        ({"payouts": "weekly"}, "payouts"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(change: dict[str, str], where: str) -> None:
    """One finding names the setting and says what to give; no secret is repeated in it."""
    settings, findings = read_settings(GOOD | change)
    assert settings is None
    assert [finding.where for finding in findings] == [where]
    assert all(finding.fix for finding in findings)
    assert "hidden" not in str(findings)


def test_secrets_are_not_shown() -> None:
    """Neither secret nor token stands in the settings as they are printed."""
    settings, _ = read_settings(GOOD | {"access_token": "hidden too"})
    assert "hidden" not in repr(settings)


def test_the_connector_is_found_by_its_folder() -> None:
    """The connector offers the settings that it reads, and secrets are marked."""
    found = connector("shopify")
    assert found.settings == SETTINGS
    secrets = {setting.name for setting in found.settings if setting.secret}
    assert secrets == {"client_secret", "access_token", "webhook_secret"}
