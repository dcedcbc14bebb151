"""Sees to it that there is a Chromium for the tests of the pages. Run by `make test`.

One that is here is taken; else Debian's, where we may install it (Ubuntu's is no real package); else Playwright's own.
Without any, the tests that need one are skipped by name; with CI=true they fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    """Looks, and installs where nothing is found."""
    if os.environ.get("CHROMIUM") or any(shutil.which(name) for name in NAMES) or _own_is_there():
        return
    print("Installing a Chromium for the tests of the pages ...")  # noqa: T201 - a script talks
    if not (_by_apt() or _by_playwright()):
        print("There is no Chromium: the tests that need one are skipped. Name one with CHROMIUM=PATH.")  # noqa: T201


def _own_is_there() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def _by_apt() -> bool:
    release = Path("/etc/os-release")
    is_debian = release.exists() and "\nID=debian" in f"\n{release.read_text()}"
    if not is_debian or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return _done(["apt-get", "update", "-qq"], quiet) and _done(["apt-get", "install", "-y", "-qq", "chromium"], quiet)


def _by_playwright() -> bool:
    return _done([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _done(call: list[str], environment: dict[str, str]) -> bool:
    done = subprocess.run(call, env=environment, check=False, capture_output=True)  # noqa: S603 - fixed calls
    return done.returncode == 0


if __name__ == "__main__":
    main()
