"""A server of one test's own: real sockets on this machine, answering exactly what the test says, byte for byte."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
RESET = b"RESET"
"""Instead of an answer: the connection is reset once the whole request was read."""
GARBAGE = b"GARBAGE"
"""Instead of an answer: bytes that are not of the encrypted stream, written under it."""
_LINGER_NOT = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Request:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


def reply(status: int, body: object = "", **headers: str) -> bytes:
    """Makes an answer; a body that is no text is written as JSON."""
    text = (body if isinstance(body, str) else json.dumps(body)).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(text)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + text


def refusal(status: int, detail: str, code: str = "USER_ERROR", path: str = "") -> bytes:
    """Makes an answer in NetSuite's error envelope."""
    said = {"detail": detail, "o:errorCode": code} | ({"o:errorPath": path} if path else {})
    return reply(status, {"type": "about:blank", "title": "Bad Request", "status": status, "o:errorDetails": [said]})


def rows(*items: dict[str, object], more: bool = False) -> bytes:
    """Makes a page of an answer to SuiteQL."""
    return reply(200, {"items": [{"links": [], **item} for item in items], "hasMore": more})


@dataclass
class Server:
    """Answers each request with the next answer; signs everyone in."""

    answers: list[bytes] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    """Without those for a token."""
    sign_ins: list[Request] = field(default_factory=list)
    token_answers: list[bytes] = field(default_factory=list)
    certificate: Path | None = None

    def __enter__(self) -> Self:
        """Starts to listen."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends listening."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(timeout=5)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self._listening.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            with plain:
                self._converse(plain)

    def _converse(self, plain: socket.socket) -> None:
        try:
            with self._secured(plain) as spoken:
                request = _read(spoken)
                if request is None:
                    return
                if request.path == TOKEN_PATH:
                    self.sign_ins.append(request)
                    default = reply(200, {"access_token": f"token{len(self.sign_ins)}", "expires_in": "3600"})
                    answer = self.token_answers.pop(0) if self.token_answers else default
                else:
                    self.requests.append(request)
                    answer = self.answers.pop(0)
                _send(spoken, answer)
        except (OSError, ssl.SSLError):
            return

    def _secured(self, plain: socket.socket) -> socket.socket:
        if self.certificate is None:
            return plain
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context.wrap_socket(plain, server_side=True)


def _send(spoken: socket.socket, answer: bytes) -> None:
    if answer == RESET:
        spoken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    elif answer == GARBAGE:
        with socket.socket(fileno=socket.dup(spoken.fileno())) as under:
            under.sendall(b"HTTP/1.1 this is not encrypted at all\r\n\r\n")
    else:
        spoken.sendall(answer)


def _read(spoken: socket.socket) -> Request | None:
    with spoken.makefile("rb") as stream:
        first = stream.readline().decode().split()
        if not first:
            return None
        headers = {}
        while line := stream.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0"))).decode()
    return Request(method=first[0], path=first[1], headers=headers, body=body)
