"""Both emulators keep connections open, as real servers do, and say so where they close one."""

from __future__ import annotations

import http.client
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost.demo.processes import Emulator

CONTROL = "/_emulator/journal"


@pytest.fixture(params=["shop_process", "books_process"])
def line(request: pytest.FixtureRequest) -> Iterator[http.client.HTTPConnection]:
    """One connection to an emulator."""
    emulated: Emulator = request.getfixturevalue(request.param)
    connection = http.client.HTTPConnection(urlsplit(emulated.url).netloc, timeout=10)
    yield connection
    connection.close()


def answered(line: http.client.HTTPConnection, method: str = "GET", path: str = CONTROL, **terms: object) -> int:
    """Sends a request and reads the answer whole; gives its status."""
    line.request(method, path, **terms)  # type: ignore[arg-type] # body and headers
    answer = line.getresponse()
    answer.read()
    return answer.status


def test_one_connection_takes_many_requests(line: http.client.HTTPConnection) -> None:
    """Requests with and without a body, and ones that are refused, leave the connection open for the next."""
    line.connect()
    first = line.sock
    assert answered(line) == 200
    assert answered(line, "DELETE") < 300
    assert answered(line, "POST", "/no/such/page", body=b"{" * 100_000) >= 400
    assert answered(line, "HEAD", "/no/such/page") >= 400
    assert answered(line) == 200
    assert line.sock is first


@pytest.mark.parametrize("headers", [{"Transfer-Encoding": "chunked"}, {"Expect": "100-continue"}])
def test_what_is_odd_is_answered_and_the_connection_closed(
    line: http.client.HTTPConnection, headers: dict[str, str]
) -> None:
    """A body in chunks, or one that waits to be asked for, is read; the answer says that the connection ends."""
    chunked = "Transfer-Encoding" in headers
    body = iter([b"[", b"]"]) if chunked else b"[]"
    line.request("POST", "/_emulator/faults", body, headers, encode_chunked=chunked)
    answer = line.getresponse()
    answer.read()
    assert answer.status < 300
    assert answer.headers["Connection"] == "close"


def test_half_a_body_is_no_request(line: http.client.HTTPConnection) -> None:
    """Who hangs up before the whole body was sent gets no answer, and nothing was done; the next one is served."""
    line.putrequest("DELETE", CONTROL)
    line.putheader("Content-Length", "10")
    line.endheaders(b"[")
    assert line.sock is not None
    line.sock.shutdown(socket.SHUT_WR)
    with pytest.raises(http.client.RemoteDisconnected):
        line.getresponse()
    assert answered(line) == 200
