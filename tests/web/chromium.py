"""Finds a Chromium on this machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def chromium_path() -> str | None:
    """Gives the path of $CHROMIUM, chromium or google-chrome; of Playwright's own; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    named = os.environ.get("CHROMIUM", "")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if named or found:
        return named or found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None
