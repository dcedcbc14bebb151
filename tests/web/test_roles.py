"""Who may do what on the pages, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contrapost.permissions import Action, Role, may
from contrapost.records import queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade

ONE = "/other-transactions/{id}/"
CALLS: list[tuple[str, str, Action]] = [
    ("GET", "/other-transactions/", Action.SEE),
    ("GET", ONE, Action.SEE),
    ("POST", ONE + "preview/", Action.SEE),
    ("GET", "/other-transactions/retrieve/", Action.RETRIEVE),
    ("POST", "/other-transactions/retrieve/", Action.RETRIEVE),
    ("POST", ONE + "post/", Action.POST),
    ("POST", ONE + "cancel/", Action.CANCEL),
    ("POST", ONE + "restore/", Action.CANCEL),
    ("POST", ONE + "accept/", Action.ACCEPT),
    ("POST", "/other-transactions/check/northlight/", Action.RETRIEVE),
    ("GET", ONE + "adopt/", Action.ADOPT),
    ("POST", ONE + "adopt/", Action.ADOPT),
    ("POST", ONE + "elsewhere/", Action.ADOPT),
    ("POST", ONE + "release/", Action.ADOPT),
    ("GET", ONE + "correct/", Action.CORRECT),
    ("POST", ONE + "correct/", Action.CORRECT),
    ("POST", ONE + "keep/", Action.CORRECT),
    ("POST", ONE + "drop-correction/", Action.CORRECT),
    ("GET", ONE + "delete/", Action.DELETE),
    ("POST", ONE + "delete/", Action.DELETE),
    ("GET", ONE + "raw/", Action.SEE_RAW),
    ("GET", "/waiting/", Action.SEE),
    ("POST", "/waiting/look/", Action.RETRIEVE),
    ("GET", "/errors/", Action.SEE),
    ("POST", "/errors/retry/", Action.POST),
    ("GET", "/reconcile/", Action.SEE),
    ("POST", "/reconcile/", Action.RECONCILE),
    ("POST", "/reconcile/daily/", Action.CHANGE_SETTINGS),
    ("GET", "/reconcile/1/", Action.SEE),
    ("GET", "/reconcile/1/table/", Action.SEE),
    ("GET", "/reconcile/1/json/", Action.SEE),
    ("POST", "/reconcile/1/retrieve/", Action.RETRIEVE),
    ("GET", "/settings/", Action.SEE_SETTINGS),
    ("GET", "/settings/accounts/northlight/", Action.SEE_SETTINGS),
    ("POST", "/settings/accounts/northlight/", Action.CHANGE_SETTINGS),
    ("POST", "/settings/accounts/northlight/test/", Action.SEE_SETTINGS),
    ("GET", "/settings/accounts/northlight/profile/", Action.SEE_SETTINGS),
    ("GET", "/settings/accounts/northlight/profile/file/", Action.SEE_SETTINGS),
    ("POST", "/settings/accounts/northlight/profile/", Action.CHANGE_SETTINGS),
    ("POST", "/settings/accounts/northlight/profile/import/", Action.CHANGE_SETTINGS),
    ("GET", "/settings/accounts/northlight/sync/", Action.SEE_SETTINGS),
    ("POST", "/settings/accounts/northlight/sync/switch/", Action.GO_LIVE),
    ("POST", "/settings/accounts/northlight/sync/now/", Action.RETRIEVE),
    ("POST", "/settings/accounts/northlight/sync/settings/", Action.GO_LIVE),
    ("POST", "/settings/accounts/northlight/sync/webhooks/", Action.CHANGE_SETTINGS),
    ("GET", "/settings/accounts/northlight/go-live/", Action.SEE_SETTINGS),
    ("POST", "/settings/accounts/northlight/go-live/", Action.GO_LIVE),
    ("GET", "/settings/accounts/northlight/back-fills/", Action.SEE),
    ("POST", "/settings/accounts/northlight/back-fills/", Action.RETRIEVE),
    ("POST", "/settings/accounts/northlight/back-fills/1/stop/", Action.RETRIEVE),
    ("GET", "/settings/add-account/shopify/", Action.CHANGE_SETTINGS),
    ("POST", "/settings/add-account/shopify/", Action.CHANGE_SETTINGS),
    ("GET", "/settings/netsuite/books/", Action.SEE_SETTINGS),
    ("POST", "/settings/netsuite/books/", Action.CHANGE_SETTINGS),
    ("POST", "/settings/netsuite/books/test/", Action.SEE_SETTINGS),
    ("GET", "/settings/add-netsuite/", Action.CHANGE_SETTINGS),
    ("POST", "/settings/add-netsuite/", Action.CHANGE_SETTINGS),
]


@pytest.mark.parametrize("role", list(Role))
def test_every_cell_of_the_matrix(trade: Trade, as_role: Callable[[str], Client], role: Role) -> None:
    """Each page answers whom the table lets in, and refuses all others without doing anything."""
    client = as_role(role.value)
    for number, (method, path, action) in enumerate(CALLS, start=3001):
        row = trade.sold(number)
        url, given = path.format(id=row.id), {"order": f"#{number}", "account": "northlight", "name": "x"}
        answer = client.get(url) if method == "GET" else client.post(url, given)

        assert (answer.status_code == 403) is not may(role, action), (method, path, answer.status_code)
        if answer.status_code == 403:
            assert "not open to you" in answer.content.decode()
            assert queries.get(row.id).status == row.status


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in CALLS])
def test_nobody_gets_in_without_signing_in(as_role: Callable[[str], Client], method: str, path: str) -> None:
    """Who is not signed in is led to the sign-in, and from there back."""
    answer = as_role("").generic(method, path.format(id=1))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


def test_an_expired_session_leads_back_to_where_it_was(as_role: Callable[[str], Client]) -> None:
    """A deed asked for by htmx after the session ended leads to the sign-in and back to the page, not to the deed."""
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/other-transactions/?status=ready"}
    answer = as_role("").post("/other-transactions/1/post/", headers=headers)

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in/?next=/other-transactions/%3Fstatus%3Dready"


def test_menus_offer_only_what_fits(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """The menu of each role holds what the role may do and the refund's state takes, and nothing else."""
    row = trade.sold(3001)
    wanted = {
        "administrator": {"Preview", "Post Order to NetSuite", "Booked by hand", "Cancel", "Delete"},
        "manager": {"Preview", "Post Order to NetSuite", "Booked by hand", "Cancel", "Delete"},
        "developer": {"Preview", "Post Order to NetSuite", "Cancel"},
        "reader": {"Preview"},
    }
    offered = {"Preview", "Post Order to NetSuite", "Booked by hand", "Cancel", "Restore", "Delete"}
    for role, words in wanted.items():
        menu = as_role(role).get("/other-transactions/").content.decode().split(f'id="menu-{row.id}"')[1]
        menu = menu.split("</form>")[0]
        assert {word for word in offered if f">{word}<" in menu} == words


def test_settings_are_read_only_for_who_may_not_change_them(as_role: Callable[[str], Client]) -> None:
    """A manager reads the settings; nothing can be typed, and there is no Save."""
    text = as_role("manager").get("/settings/accounts/northlight/").content.decode()

    assert "<fieldset" in text
    assert " disabled>" in text
    assert ">Save<" not in text
