"""Emulators of the systems Contrapost talks to: each its own process, strict and stateful."""

from __future__ import annotations

import os
import sys
import threading
from io import BytesIO
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_KEPT_BYTES = 100 * 1024 * 1024
"""A larger body is not read here: the application may turn it down unread, and then the connection must be closed."""


def end_with_parent() -> None:
    """Ends this process once its standard input closes, as it does when the process that started it is gone."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1024):  # unbuffered: a lock on the buffer would make our own end fatal
            continue
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


class KeepsOpen(WSGIRequestHandler):
    """Answers one request after another on one connection, as real servers do; werkzeug's own closes it each time."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Answers one request, its body read whole before; what is odd or huge goes werkzeug's own way."""
        length = self.headers.get("Content-Length", "0")
        odd = not length.isdigit() or "Transfer-Encoding" in self.headers or "Expect" in self.headers
        if odd or int(length) > _MOST_KEPT_BYTES:
            super().run_wsgi()
            return
        sent = self.rfile.read(int(length))
        if len(sent) < int(length):
            self.close_connection = True
            return
        environ = {**self.make_environ(), "wsgi.input": BytesIO(sent)}
        try:
            body = b"".join(self.server.app(environ, self._start))
        except ConnectionError:
            self.close_connection = True
            return
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:  # noqa: ANN401 - as WSGI has it
        del exc_info
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        return self.wfile.write
