"""Takes the pictures of the pages: a demo shop and books, a server, and Chromium. Run by `make screens`."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from contrapost.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from contrapost.app import App

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "screenshots"
WIDE, PHONE = {"width": 1360, "height": 860}, {"width": 390, "height": 844}
LOOKS = (("light", WIDE, "light"), ("dark", WIDE, "dark"), ("phone", PHONE, "light"))
"""Name, size and colour scheme of each look."""
ACCOUNT, POSTED, CANCELED = "northlight", ("#1001", "#1002", "#1005", "#1007", "#1009", "#1030", "#1034"), "#1029"
LOOKED_AT, HELD = "#1020", "#1039"
PEOPLE, PASSWORD = ("ada.ferris", "mo.idris"), "seven blue ducks"


def main() -> None:
    """Takes every picture."""
    with ExitStack() as running:
        home = Path(running.enter_context(TemporaryDirectory()))
        app = running.enter_context(_world(home))
        address = running.enter_context(_server(app))
        browser = running.enter_context(_browser())
        OUT.mkdir(parents=True, exist_ok=True)
        for look, size, scheme in LOOKS:
            context = browser.new_context(base_url=address, viewport=size, color_scheme=scheme, device_scale_factor=1)
            _take(context.new_page(), look)
            context.close()
    sys.stdout.write(f"The pictures are in {OUT.relative_to(ROOT)}.\n")


@contextmanager
def _world(home: Path) -> Iterator[App]:
    """A server before the demo's shop and books, with all orders retrieved and some refunds posted."""
    from contrapost.app import open_app
    from contrapost.web.settings import settings_of

    app = open_app({"CONTRAPOST_HOME": str(home)}, settings_of=settings_of)
    from contrapost import accounts, flow
    from contrapost.demo.books import PROFILE, books
    from contrapost.demo.processes import emulator
    from contrapost.reconcile.run import days
    from contrapost.records import people

    with (
        emulator("shopify", "contrapost_emulators.shopify") as shop,
        emulator("netsuite", "contrapost_emulators.netsuite") as netsuite,
    ):
        shop.ask("POST", "seed")
        netsuite.ask("POST", "seed", books())
        people.add(PEOPLE[0], role=Role.ADMINISTRATOR, password=PASSWORD)
        people.add(PEOPLE[1], role=Role.MANAGER)
        accounts.add_netsuite(app, "books", netsuite.credentials())
        accounts.add(app, "shopify", ACCOUNT, {**shop.credentials(), **PROFILE})
        names = [f"#{number}" for number in range(1001, 1041)]
        result = flow.retrieve(app, ACCOUNT, flow.Orders(names=names), by=PEOPLE[1])
        ids = {row.order_name: row.id for row in result.transactions}
        flow.post(app, [ids[name] for name in POSTED], by=PEOPLE[0])
        flow.cancel(app, ids[CANCELED], by=PEOPLE[0])
        span = days(app.now().date() - timedelta(days=60), None, app.now())
        flow.reconcile(app, ACCOUNT, span, by=PEOPLE[0])
        yield app


@contextmanager
def _server(app: App) -> Iterator[str]:
    from werkzeug.serving import make_server

    from contrapost.web.serve import Application

    server = make_server("127.0.0.1", 0, Application(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@contextmanager
def _browser() -> Iterator[Browser]:
    sys.path.insert(0, str(ROOT / "tests" / "web"))
    from chromium import chromium_path
    from playwright.sync_api import sync_playwright

    path = chromium_path()
    if path is None:
        raise SystemExit("No Chromium was found: set CHROMIUM to one, or install it.")
    with sync_playwright() as playwright:
        arguments = ["--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        opened = playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()


def _take(page: Page, look: str) -> None:
    page.goto("/")
    _shot(page, "sign-in", look)
    page.get_by_label("Name or e-mail").fill(PEOPLE[0])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"/other-transactions/?account={ACCOUNT}")
    _shot(page, "list", look)
    _row_of(page, "#1037").get_by_role("button", name="Actions for").click()
    _shot(page, "menu", look)
    page.keyboard.press("Escape")
    _row_of(page, HELD).get_by_role("link", name="Error", exact=True).focus()
    _shot(page, "error", look)
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.get_by_role("link", name="Retrieve").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Order/Transaction ID").fill("#1041")
    window.get_by_role("button", name="Retrieve").click()
    window.locator(".message").wait_for()
    _shot(page, "retrieve", look)
    window.get_by_role("button", name="Close").click()
    for name, order in (("preview", LOOKED_AT), ("posted", POSTED[1]), ("held", HELD)):
        page.goto(f"/other-transactions/?order={order.replace('#', '%23')}")
        page.locator("a.main").first.click()
        page.wait_for_load_state()
        _shot(page, name, look, whole=True)
    for name in ("waiting", "errors"):
        page.goto(f"/{name}/")
        _shot(page, name, look, whole=True)
    page.goto("/reconcile/")
    page.locator("main table a").first.click()
    page.wait_for_load_state()
    _shot(page, "reconcile", look)
    page.goto("/settings/")
    _shot(page, "settings", look)
    page.goto(f"/settings/accounts/{ACCOUNT}/")
    _shot(page, "account", look)
    for name in ("sync", "go-live"):
        page.goto(f"/settings/accounts/{ACCOUNT}/{name}/")
        _shot(page, name, look, whole=True)
    page.goto("/people/")
    page.get_by_role("button", name=f"New link for {PEOPLE[1]}").click()
    _shot(page, "people", look)
    page.goto("/api-tokens/")
    page.get_by_label("Name").fill("nightly export")
    page.get_by_role("button", name="Make token").click()
    _shot(page, "tokens", look)


def _row_of(page: Page, order: str) -> Locator:
    return page.get_by_role("row").filter(has_text=order)


def _shot(page: Page, name: str, look: str, *, whole: bool = False) -> None:
    page.screenshot(path=OUT / f"{name}-{look}.png", full_page=whole)


main()
