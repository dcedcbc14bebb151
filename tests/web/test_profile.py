"""The profile of an account on its page: downloaded, compared with a file, and imported after a look."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from contrapost.records import accounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from trade import Trade

PAGE = "/settings/accounts/northlight/profile/"


def upload(client: Client, content: bytes) -> tuple[int, str]:
    """Chooses a file and compares; gives status and page."""
    answer = client.post(PAGE, {"file": SimpleUploadedFile("shop.yaml", content)})
    return answer.status_code, answer.content.decode()


def hidden(text: str) -> dict[str, str]:
    """What the page's form sends when Import is chosen."""
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)}


def test_a_file_is_downloaded_changed_compared_and_imported(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """The difference is shown before anything changes, and Import makes the profile what the file says."""
    client = as_role("administrator")
    before = accounts.get("northlight").profile
    download = client.get(f"{PAGE}file/")
    changed = download.content.decode() + 'field.cashRefund.memo: copy order.name\nrestock: "never"\n'
    status, shown = upload(client, changed.encode())
    untouched = accounts.get("northlight").profile
    done = client.post(f"{PAGE}import/", hidden(shown))

    assert download["Content-Disposition"] == 'attachment; filename="northlight.yaml"'
    assert status == 200
    assert "<code>field.cashRefund.memo</code></td>" in shown
    assert '<td class="come">never</td>' in shown
    assert untouched == before
    assert done.status_code == 303
    assert accounts.get("northlight").profile == before | {
        "restock": "never",
        "field.cashRefund.memo": "copy order.name",
    }
    assert trade


def test_a_wrong_file_cannot_be_imported(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """What is wrong is said with its line; there is no Import, and one sent all the same changes nothing."""
    client, before = as_role("administrator"), accounts.get("northlight").profile
    wrong = "contrapost_profile: 1\nrestock: sometimes\n"
    status, shown = upload(client, wrong.encode())
    forced = client.post(f"{PAGE}import/", {"file": wrong})

    assert (status, forced.status_code) == (422, 422)
    assert "Line 2: The setting restock cannot be" in unescape(shown)
    assert ">Import<" not in shown
    assert upload(client, b"\xff\xfe")[0] == 422
    assert client.post(PAGE).status_code == 422
    assert accounts.get("northlight").profile == before
    assert trade


def test_a_file_compared_with_an_older_profile_is_refused(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """Who looked at a difference that is no longer the difference is told to compare again."""
    client = as_role("administrator")
    _, shown = upload(client, b"contrapost_profile: 1\nperiod: hold\n")
    client.post("/settings/accounts/northlight/", {"set:restock": "never"})
    late = client.post(f"{PAGE}import/", hidden(shown))

    assert "was changed since you compared with it" in late.content.decode()
    assert accounts.get("northlight").profile["restock"] == "never"
    assert trade


def test_who_may_only_see_gets_no_upload(trade: Trade, as_role: Callable[[str], Client]) -> None:
    """A manager sees and downloads the profile, and finds nothing to upload with."""
    text = as_role("manager").get(PAGE).content.decode()

    assert "contrapost_profile: 1" in text
    assert 'type="file"' not in text
    assert trade
