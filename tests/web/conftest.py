"""What the pages' tests start from: emulators, an opened Contrapost, people, a server, and a browser."""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings
from werkzeug.serving import WSGIRequestHandler, make_server

from contrapost.app import App
from contrapost.demo.processes import Emulator
from contrapost.door import APP
from contrapost.web.serve import Application

sys.path.insert(0, str(Path(__file__).parent))
from chromium import chromium_path
from staff import PASSWORD, login, staff
from trade import Trade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


@pytest.fixture
def trade(app: App, shop_process: Emulator, books_process: Emulator) -> Trade:
    """A shop and its books, connected."""
    made = Trade(replace(app, sleep=time.sleep), shop_process, books_process)
    made.connect()
    return made


@pytest.fixture
def as_role(trade: Trade, visitor: Callable[..., Client]) -> Callable[[str], Client]:
    """Gives a client that the person of this role has signed in with; nobody for an empty one."""
    staff()

    def signed_in(role: str) -> Client:
        client = visitor(**{APP: trade.app, "raise_request_exception": True})
        if role:
            came = client.post("/sign-in/", {"login": login(role), "password": PASSWORD})
            assert came.status_code == 302, came.content.decode()
        return client

    return signed_in


class _Quiet(WSGIRequestHandler):
    """Says nothing of the requests it answers."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - as werkzeug names it
        """Says nothing."""


@pytest.fixture
def address(trade: Trade) -> Iterator[str]:
    """The address of a server with the pages."""
    staff()
    plain = {"SESSION_COOKIE_SECURE": False, "CSRF_COOKIE_SECURE": False}  # there is no https on the way to it
    server = make_server("127.0.0.1", 0, Application(trade.app), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    with override_settings(**plain):
        thread.start()
        yield f"http://127.0.0.1:{server.port}"
        server.shutdown()
        thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; where there is none, a named skip, or a failure with CI=true."""
    path = chromium_path()
    if path is None:
        reason = "No Chromium was found: set CHROMIUM to one, or install it (Debian, Ubuntu: apt install chromium)."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for a sign that we run inside it; we do not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        arguments = ["--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        opened = playwright.chromium.launch(executable_path=path or None, args=arguments)
        yield opened
        opened.close()
