"""Where a person finds a NetSuite record."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contrapost.netsuite.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping


def record_url(settings: Mapping[str, str], record: str, id_: str) -> str:
    """Gives the address of a transaction: NetSuite's own page of it, or an emulator's REST record."""
    given = settings.get("url", "").rstrip("/")
    if urlsplit(given).hostname in LOOPBACK:
        return f"{given}/services/rest/record/v1/{record}/{id_}"
    host = settings.get("account_id", "").lower().replace("_", "-")
    return f"https://{host}.app.netsuite.com/app/accounting/transactions/transaction.nl?id={id_}"
