"""What the pages' tests start from: emulators, an opened Contrapost, people, a server, and a browser."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chromium import chromium_path
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from people import Present
from trade import Trade
from werkzeug.serving import WSGIRequestHandler, make_server

from contrapost.app import App
from contrapost.demo.processes import Emulator, emulator
from contrapost.records.setup import configure, migrate
from contrapost.vault import Vault, new_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def shop_process() -> Iterator[Emulator]:
    """An emulated shop, running."""
    with emulator("shopify", "contrapost_emulators.shopify") as running:
        yield running


@pytest.fixture(scope="session")
def books_process() -> Iterator[Emulator]:
    """An emulated NetSuite, running."""
    with emulator("netsuite", "contrapost_emulators.netsuite") as running:
        yield running


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with empty tables, to be copied."""
    path = tmp_path_factory.mktemp("web") / "rows.db"
    configure(f"sqlite:///{path}")
    migrate()
    connection.close()
    return path


@pytest.fixture
def trade(tables: Path, shop_process: Emulator, books_process: Emulator, tmp_path: Path) -> Iterator[Trade]:
    """A shop and its books, connected."""
    shutil.copy(tables, tmp_path / "rows.db")
    configure(f"sqlite:///{tmp_path}/rows.db")
    app = App(vault=Vault([new_key()]), holder="test")
    Present.app = app  # type: ignore[assignment]
    made = Trade(app, shop_process, books_process)
    made.connect()
    yield made
    connection.close()


@pytest.fixture
def as_role(trade: Trade) -> Callable[[str], Client]:
    """Gives a client that a person of this role has signed in with; nobody for an empty one."""
    assert trade

    def signed_in(role: str) -> Client:
        client = Client()
        if role:
            client.post("/accounts/login/", {"login": f"{role}@example.com", "password": "x"})
        return client

    return signed_in


class _Quiet(WSGIRequestHandler):
    """Says nothing of the requests it answers."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - as werkzeug names it
        """Says nothing."""


@pytest.fixture
def address(trade: Trade) -> Iterator[str]:
    """The address of a server with the pages."""
    assert trade
    handler = StaticFilesHandler(get_wsgi_application())
    server = make_server("127.0.0.1", 0, handler, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
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
