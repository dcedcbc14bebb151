"""The emulator without a socket: the same client speaks to its WSGI application, for tests that take many steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from contract.emulated import Emulated
from werkzeug.datastructures import Headers
from werkzeug.test import Client

from contrapost_emulators.netsuite.account import Account
from contrapost_emulators.netsuite.server import Application

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "http://in-process"


@dataclass(frozen=True)
class Answer:
    """What a connection would have brought."""

    status: int
    headers: Headers
    data: bytes


class Calls:
    """Takes requests as a pool of connections does, and hands them to the application."""

    def __init__(self, application: Application) -> None:
        self.client = Client(application)

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        fields: Mapping[str, str] | None = None,
        encode_multipart: bool = False,
    ) -> Answer:
        """Send one request."""
        assert not encode_multipart
        sent = dict(headers or {})
        if fields is not None:
            body, sent["Content-Type"] = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        response = self.client.open(
            url.removeprefix(BASE), base_url=BASE, method=method, data=body, headers=sent, buffered=True
        )
        return Answer(response.status_code, response.headers, response.data)


def in_process() -> Emulated:
    """A client of an emulator within this process."""
    calls = Calls(Application(Account(BASE)))
    return Emulated(BASE, calls)
