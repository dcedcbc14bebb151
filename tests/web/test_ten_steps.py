"""The ten steps in a real Chromium: with and without script, by mouse and by keyboard alone."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from staff import PASSWORD, login

from contrapost import flow
from contrapost.reconcile.run import Days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from trade import Trade

SERIOUS = {"serious", "critical"}
PROFILE = "/settings/accounts/northlight/profile/"
LONG = "custbody_a_name_that_is_long"
FILE = f"contrapost_profile: 1\nrestock: never\nfield.cashRefund.{LONG}: copy order.name\n"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a fresh browser; what it asks any other host for, and what its policy blocks, fails the test."""
    yield from _page(browser, address, script=getattr(request, "param", True))


@pytest.fixture
def scripted(browser: Browser, address: str) -> Iterator[Page]:
    """The same, with script."""
    yield from _page(browser, address, script=True)


def _page(browser: Browser, address: str, *, script: bool) -> Iterator[Page]:
    context = browser.new_context(base_url=address, java_script_enabled=script)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    strangers: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda asked: None if asked.url.startswith(address) else strangers.append(asked.url))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda fault: complaints.append(str(fault)))
    yield opened
    context.close()
    assert strangers == []
    assert complaints == []


def _sign_in(page: Page, role: str = "manager") -> None:
    page.goto("/")
    page.get_by_label("Name or e-mail").fill(login(role))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_the_ten_steps_by_mouse(trade: Trade, page: Page) -> None:
    """From sign-in to status Posted with the NetSuite number, as the workflow is written."""
    trade.sell(3001)
    _sign_in(page)
    page.get_by_role("link", name=re.compile("northlight")).first.click()
    page.get_by_role("link", name="Other Transactions").first.click()
    expect(page.get_by_label("Transaction Type")).to_have_value("refunds")
    expect(page.get_by_text("Refunds And Returns").first).to_be_attached()
    page.get_by_role("link", name="Retrieve").click()
    window = page.get_by_role("dialog", name="Retrieve Refund/Return")
    window.get_by_label("Order/Transaction ID").fill("#9999")
    window.get_by_role("button", name="Retrieve").click()
    expect(window.locator(".message.error")).to_contain_text("9999")
    window.get_by_label("Order/Transaction ID").fill("#3001")
    window.get_by_role("button", name="Retrieve").click()
    expect(window.locator(".message.success")).to_contain_text("Retrieved")
    window.get_by_role("button", name="Close").click()
    row = page.get_by_role("row").filter(has_text="#3001")
    expect(row).to_contain_text("108.25")
    expect(row).to_contain_text("Ready")
    row.get_by_role("button", name="Actions for").click()
    page.get_by_role("button", name="Post Order to NetSuite").click()
    row = page.get_by_role("row").filter(has_text="#3001")
    expect(row).to_contain_text("Posted")
    expect(row.get_by_role("link", name=re.compile("Cash refund"))).to_be_visible()
    assert trade.ours() == 1


def test_the_ten_steps_by_keyboard_alone(trade: Trade, scripted: Page) -> None:
    """Tab, Enter and Escape are enough; the focus is where a person looks for it."""
    page = scripted
    trade.sell(3001)
    page.goto("/")
    page.get_by_label("Name or e-mail").focus()
    page.keyboard.type(login("manager"))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Refunds and returns")).to_be_visible()
    _tab_to(page, "Retrieve")
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog", name="Retrieve Refund/Return")
    expect(window.get_by_label("Order/Transaction ID")).to_be_focused()
    page.keyboard.type("#3001")
    page.keyboard.press("Enter")
    expect(window.locator(".message.success")).to_be_visible()
    expect(window.get_by_label("Order/Transaction ID")).to_be_focused()
    page.keyboard.press("Escape")
    expect(window).not_to_be_visible()
    expect(page.get_by_role("link", name="Retrieve")).to_be_focused()
    _tab_to(page, "Actions for")
    page.keyboard.press("Enter")
    _tab_to(page, "Post Order to NetSuite")
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text="#3001")
    expect(row).to_contain_text("Posted")
    expect(row.get_by_role("button", name="Actions for")).to_be_focused()


def test_an_error_shows_on_hover_and_on_keyboard_focus(trade: Trade, scripted: Page) -> None:
    """The tip shows by mouse and by keyboard, holds what to do, lies within the window, and goes with Escape."""
    page = scripted
    trade.sold(3001, gateway="klarna")
    page.set_viewport_size({"width": 1280, "height": 800})
    _sign_in(page)
    state = page.get_by_role("link", name="Error", exact=True).first
    tip = page.get_by_role("tooltip")
    state.hover()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("klarna")
    box = tip.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    page.mouse.move(2, 2)
    expect(tip).not_to_be_visible()
    state.focus()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).not_to_be_visible()


def test_the_window_of_delete_keeps_the_row_until_yes(trade: Trade, page: Page) -> None:
    """Keep it keeps; Delete deletes."""
    trade.sold(3001)
    _sign_in(page)
    for answer in ("Keep it", "Delete"):
        page.get_by_role("button", name="Actions for").click()
        page.get_by_role("link", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name=answer).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("row").filter(has_text="#3001")).to_have_count(1 if answer == "Keep it" else 0)


def test_filters_change_the_list_without_a_reload_and_stand_in_the_address(trade: Trade, scripted: Page) -> None:
    """A filter narrows the list in place; the address can be kept, and Back leads back."""
    page = scripted
    trade.sold(3001)
    trade.sold(3002)
    _sign_in(page)
    page.get_by_label("Order or refund number").fill("#3001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").filter(has_text="#3002")).to_have_count(0)
    assert "order=%233001" in page.url
    page.go_back()
    expect(page.get_by_role("row").filter(has_text="#3002")).to_have_count(1)


def test_a_person_comes_in_by_the_link_and_a_token_is_made_and_revoked(trade: Trade, page: Page) -> None:
    """By forms and links alone: added, shown the link, password chosen; a token made, shown, and ended."""
    assert trade
    _sign_in(page, "administrator")
    page.get_by_role("link", name="People").first.click()
    form = page.locator("form").filter(has_text="E-mail")
    form.get_by_label("Name").fill("nell")
    form.get_by_label("Role").select_option("Developer")
    form.get_by_role("button", name="Add person").click()
    link = page.get_by_role("textbox", name="Link for nell")
    expect(link).to_be_focused()
    address = link.input_value()
    page.locator("summary").filter(has_text="Shut out").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open]").get_by_role("button", name="Shut out")).to_be_visible()
    page.goto(address)
    page.locator("[name=password]").fill("nine green owls")
    page.locator("[name=again]").fill("nine green owls")
    page.get_by_role("button", name="Save and sign in").click()
    page.get_by_role("link", name="API tokens").first.click()
    page.get_by_label("Name").fill("nightly")
    page.get_by_role("button", name="Make token").click()
    expect(page.get_by_role("textbox", name="Token for nightly")).to_have_value(re.compile("^cp_"))
    page.locator("summary").click()
    page.get_by_role("button", name="Revoke nightly").click()
    expect(page.get_by_role("status").filter(has_text="revoked")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="nightly")).to_contain_text("Revoked")


def test_a_profile_file_is_compared_and_imported(trade: Trade, page: Page) -> None:
    """A file is chosen, its difference seen, and imported; then it is what the account's page shows."""
    trade.define(LONG)
    _sign_in(page, "administrator")
    page.goto("/settings/accounts/northlight/")
    page.get_by_role("link", name="Profile file").click()
    page.get_by_label("File").set_input_files({"name": "p.yaml", "mimeType": "text/yaml", "buffer": FILE.encode()})
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("row").filter(has_text="restock")).to_contain_text("never")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("is as the file says")).to_be_visible()
    page.goto("/settings/accounts/northlight/")
    expect(page.get_by_label(f"cashRefund.{LONG}")).to_have_value("copy order.name")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(trade: Trade, browser: Browser, address: str, scheme: str, width: int) -> None:
    """Every page, window, menu and tip, light and dark, wide and narrow; nothing runs over the edge of the window."""
    trade.define(LONG)
    held, ready = trade.sold(3001, gateway="klarna"), trade.sold(3002)
    one = f"/other-transactions/{ready.id}/"
    paths = ["/other-transactions/", one, f"/other-transactions/{held.id}/", f"{one}delete/", f"{one}raw/"]
    paths += ["/other-transactions/retrieve/", "/settings/", "/settings/accounts/northlight/"]
    paths += [f"/settings/accounts/northlight/{page}/" for page in ("sync", "go-live", "back-fills")]
    paths += ["/settings/netsuite/books/", "/settings/add-account/shopify/", "/nowhere/"]
    ever = Days(since=date(2020, 1, 1), until=date(2040, 1, 1))
    compared = flow.reconcile(trade.app, "northlight", ever, by="Ada Ferris")
    paths += ["/people/", "/api-tokens/", PROFILE, "/reconcile/", f"/reconcile/{compared}/"]
    context = browser.new_context(
        base_url=address, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    page = context.new_page()
    found = {"/sign-in/": _serious(page, "/sign-in/")}
    _sign_in(page, "administrator")
    found |= {path: _serious(page, path) for path in paths}
    for path, button in (("/people/", "New link for mo"), ("/api-tokens/", "Make token")):
        page.goto(path)
        page.locator("#name").fill("nightly")
        page.get_by_role("button", name=button).click()
        page.locator("#once").wait_for()
        for details in page.locator("summary").all():
            details.click()
        found[button] = _judged(page)
    page.goto(PROFILE)
    page.get_by_label("File").set_input_files({"name": "p.yaml", "mimeType": "text/yaml", "buffer": FILE.encode()})
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="Import").wait_for()
    found["changes"] = _judged(page)
    page.goto("/other-transactions/")
    page.get_by_role("link", name="Error", exact=True).first.focus()
    found["tip"] = _judged(page)
    page.get_by_role("button", name="Actions for").first.click()
    found["menu"] = _judged(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Retrieve").click()
    page.get_by_role("dialog").wait_for()
    found["window"] = _judged(page)
    context.close()

    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def _serious(page: Page, path: str) -> list[str]:
    page.goto(path)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*_judged(page), *([f"{over} px wider than the window"] if over > 0 else [])]


def _judged(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations if one["impact"] in SERIOUS]


def _tab_to(page: Page, name: str) -> None:
    """Presses Tab until something whose name starts so has the focus."""
    says = "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"
    for _ in range(60):
        page.keyboard.press("Tab")
        if str(page.evaluate(says)).startswith(name):
            return
    raise AssertionError(f"Tab never came to {name}")
