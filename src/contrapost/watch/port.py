"""A port of their own for those addresses, for a process that serves no pages."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contrapost.watch.answers import Watch


@contextmanager
def watched(watch: Watch, host: str, port: int) -> Iterator[int]:
    """Answers there for the time of a block; gives the port, which it chooses itself for 0.

    Raises:
        OSError: the port is taken, or may not be used.
    """
    server = make_server(host, port, watch, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, name="watch", daemon=True)
    thread.start()
    try:
        yield int(server.port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    """What monitors ask is not worth a line each."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""
