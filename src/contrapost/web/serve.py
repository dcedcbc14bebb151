"""The server: web and API in one process, on one port."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from waitress.server import create_server

from contrapost.app import metrics_token, open_app
from contrapost.door import APP, COMPARISONS, POSTS, link_address
from contrapost.web.settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from contrapost.app import App
    from contrapost.watch.answers import Watch

THREADS = 8
_BEHIND_A_PROXY: dict[str, Any] = {
    "trusted_proxy": "*",
    "trusted_proxy_count": 1,
    "trusted_proxy_headers": {"x-forwarded-for"},
}
"""Failed sign-ins are counted by the address of who tries, not by the proxy's."""
LARGEST_BODY = 2 * 1024 * 1024


class Application:
    """Answers requests, each with the app this server was started with."""

    def __init__(self, app: App, watch: Watch | None = None) -> None:
        from contrapost.comparisons import Comparisons
        from contrapost.posts import Posts
        from contrapost.watch.answers import PATHS, Watch

        self.posts, self.comparisons = Posts(app), Comparisons(app)
        self._watch, self._watched = watch or Watch(app), PATHS
        self._given = {APP: app, POSTS: self.posts, COMPARISONS: self.comparisons}
        self._django = WSGIHandler()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:  # noqa: ANN401 - WSGI's
        """Answers one request; whether we live is answered without Django, which may not."""
        if environ["PATH_INFO"] in self._watched:
            return self._watch(environ, start_response)
        return self._django({**environ, **self._given}, start_response)


class Server:
    """A server that is bound to its port and not yet running."""

    def __init__(self, environment: Mapping[str, str] | None, host: str, port: int, address: str = "") -> None:
        """Opens Contrapost and binds.

        Args:
            environment: the process's own where none is given.
            host: the name or number of the network interface.
            port: 0 for a free one.
            address: where people reach it, if that is not host and port.

        Raises:
            OSError: the port is taken, or may not be used.
        """
        named = f"[{host}]" if ":" in host else host
        self.app = open_app(environment, settings_of=lambda vault: settings_of(vault, address or f"http://{named}"))
        from contrapost.watch.answers import Watch  # it reads rows, which only now can be

        self.watch = Watch(self.app, token=metrics_token(environment), behind_proxy=bool(address))
        self._application = Application(self.app, self.watch)
        scheme = "https" if address.startswith("https://") else "http"
        self._waitress = create_server(
            self._application,
            host=host,
            port=port,
            threads=THREADS,
            url_scheme=scheme,
            ident=None,
            max_request_body_size=LARGEST_BODY,
            **(_BEHIND_A_PROXY if address else {}),
        )
        call_command("clearsessions")
        self.address = address or f"http://{named}:{_port_of(self._waitress)}"

    def run(self) -> None:
        """Answers requests until the process is told to end; posts under way are finished first."""
        signal.signal(signal.SIGTERM, _end)
        try:
            self._waitress.run()
        finally:
            self._waitress.close()
            self._application.posts.finish()
            self._application.comparisons.finish()


def first_link(server: Server) -> str:
    """Gives the address by which the first administrator comes in; empty where there is somebody already."""
    from contrapost.records import credentials, people

    if people.is_anyone_there():
        return ""
    return link_address(server.address, credentials.make_first_link(now=server.app.now()))


def _port_of(waitress: Any) -> int:  # noqa: ANN401 - one of two kinds that have little in common
    """A name of several addresses is listened to at each; the first is told."""
    several = getattr(waitress, "effective_listen", None)
    return int(several[0][1] if several else waitress.effective_port)


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise SystemExit(0)
