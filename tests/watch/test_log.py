"""The log has a line for each thing of importance, with its ids, and no secret whichever way one came."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from contrapost import log
from contrapost.permissions import Role
from contrapost.records import accounts, credentials, keeping, lease, people
from contrapost.records.rows import AccountRow, NetSuiteRow
from contrapost.vault import Vault, new_key

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    from contrapost.app import App

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize("form", log.FORMS)
def test_a_line_for_each_thing(written: Callable[[str], io.StringIO], form: str) -> None:
    """Event and ids on one line, which a program reads as JSON and a person as text."""
    into = written(form)

    log.say("posted", refund=12, state="posted", by="zoë x", finding=None)

    [line] = into.getvalue().splitlines()
    if form == "json":
        read = json.loads(line)
        assert read.pop("at").endswith("Z")
        about = {"refund": 12, "state": "posted", "by": "zoë x", "finding": None}
        assert read == {"event": "posted", "level": "info", **about}
    else:
        assert line.split(" ", 1)[1] == 'posted refund=12 state=posted by="zoë x"'


@pytest.mark.parametrize("form", log.FORMS)
def test_no_secret_is_written(written: Callable[[str], io.StringIO], form: str) -> None:
    """Neither what the vault holds, nor what looks like a secret: in ids, messages, frames and libraries' own lines."""
    into, key = written(form), new_key()
    vault = Vault([key])
    vault.open(Vault([key]).seal({"token": "shh-tiny-token", "pem": KEY}))
    library = logging.getLogger("some.library")
    hidden = ("shh-tiny-token", "kqhkiG9w0BAQEF", key, "hunter2", "abc.def.ghi", "cp_abcdefghij0123456789")

    log.say("odd", refund=1, by="shh-tiny-token")
    log.warn(f"key {key}", account=KEY)
    library.warning("could not reach postgresql://u:hunter2@host/x, Authorization: Bearer abc.def.ghi")
    library.error("token=hunter2 cp_abcdefghij0123456789 %s", {"client_secret": "hunter2"})
    library.error("failed", exc_info=ValueError(KEY + " shh-tiny-token"))

    said = into.getvalue()
    assert [word for word in hidden if word in said] == []
    assert said.count("[hidden]") >= 8
    assert "host/x" in said
    assert "ValueError" in said


def test_what_happens_is_in_the_log(app: App, written: Callable[[str], io.StringIO]) -> None:
    """Retrieving and the lease say themselves; payloads and credentials do not come along."""
    into, now = written("json"), timezone.now()
    netsuite = NetSuiteRow(name="books", settings={"url": "x"}, secrets={"token_secret": "very-secret-token"})
    accounts.add_netsuite(netsuite, vault=app.vault, now=now)
    row = AccountRow(name="shop", connector="demo", netsuite="books", identity="s", settings={})
    accounts.add(row, vault=app.vault, now=now)
    person = people.add("ann", role=Role.DEVELOPER)
    _, token = credentials.make_token(person.name, "script", now=now)

    keeping.keep("shop", [], by="poll", now=now, by_hand=False)
    held = lease.acquire("books", "me")
    assert held is not None
    lease.release(held)
    lease.renew(held)
    log.say("asked", by=token)

    lines = [json.loads(line) for line in into.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["retrieved", "lease taken", "lease lost", "asked"]
    assert lines[0]["account"] == "shop"
    assert (lines[1]["netsuite"], lines[2]["level"]) == ("books", "warning")
    assert token not in into.getvalue()
    assert "very-secret-token" not in into.getvalue()


def test_a_form_there_is_not() -> None:
    """A form that is none is refused with those there are."""
    with pytest.raises(log.LogFormError, match="text or json"):
        log.write("xml")
