"""The three addresses that machines ask without signing in: `/health/live`, `/health/ready` and `/metrics`."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from prometheus_client import CONTENT_TYPE_LATEST

from contrapost.watch import health
from contrapost.watch.metrics import Readings, as_text, registry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from contrapost.app import App

LIVE, READY, METRICS = "/health/live", "/health/ready", "/metrics"
PATHS = frozenset({LIVE, READY, METRICS})
_JSON = "application/json"
_PROBLEM = "application/problem+json"
_HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


class Watch:
    """A WSGI application that answers these addresses, and nothing else."""

    def __init__(
        self, app: App, *, token: str = "", behind_proxy: bool = False, is_working: Callable[[], bool] = lambda: True
    ) -> None:
        """Makes it.

        Args:
            app: the composition root.
            token: what whoever asks for metrics has to send; without one they are for this machine only.
            behind_proxy: nobody can be told to be on this machine: without a token, metrics are for nobody.
            is_working: says whether the rest of this process does its work.
        """
        self._token, self._behind_proxy, self._is_working = token, behind_proxy, is_working
        self.registry = registry_of(Readings(app.now))

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request."""
        status, kind, body = self._answer(environ)
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body))), *_HEADERS])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _answer(self, environ: Mapping[str, Any]) -> tuple[str, str, bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _problem("405 Method Not Allowed", "method_not_allowed", "This address is only read.")
        path = environ["PATH_INFO"]
        if path == LIVE:
            return "200 OK", _JSON, b'{"live": true}'
        if path == READY:
            found = health.look(self._is_working)
            body = json.dumps({"ready": found.ready, **asdict(found)}).encode()
            return "200 OK" if found.ready else "503 Service Unavailable", _JSON, body
        if path == METRICS:
            return self._metrics(environ)
        return _problem("404 Not Found", "not_found", "There is nothing at this address.")

    def _metrics(self, environ: Mapping[str, Any]) -> tuple[str, str, bytes]:
        if self._token:
            sent = str(environ.get("HTTP_AUTHORIZATION", "")).removeprefix("Bearer ")
            if not hmac.compare_digest(sent.encode(), self._token.encode()):
                return _problem("401 Unauthorized", "not_signed_in", "Send the token: `Authorization: Bearer …`.")
        elif self._behind_proxy or not _is_loopback(str(environ.get("REMOTE_ADDR", ""))):
            return _problem(
                "403 Forbidden",
                "forbidden",
                "Metrics are for this machine only, unless CONTRAPOST_METRICS_TOKEN is set.",
            )
        return "200 OK", CONTENT_TYPE_LATEST, as_text(self.registry)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _problem(status: str, named: str, detail: str) -> tuple[str, str, bytes]:
    number, _, title = status.partition(" ")
    body = {"type": "about:blank", "title": title, "status": int(number), "detail": detail, "code": named, "fix": ""}
    return status, _PROBLEM, json.dumps(body, ensure_ascii=False).encode()
