"""The emulator over HTTP: GraphQL, the token endpoint, and the control plane, with faults put in between."""

from __future__ import annotations

import json
import re
import socket
import time
import traceback
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response

from contrapost_emulators.shopify import control, oauth
from contrapost_emulators.shopify.answering import Asked, answer, throttled
from contrapost_emulators.shopify.faults import SLOW
from contrapost_emulators.shopify.schema import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from contrapost_emulators.shopify.shop import Shop

_GRAPHQL = re.compile(r"/admin/api/(20\d\d-(?:01|04|07|10)|unstable)/graphql\.json")
_BAD_TOKEN = {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}


class Application:
    """One emulated shop as a WSGI application."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one call, whatever it is."""
        request = Request(environ)
        if request.path.startswith("/_emulator"):
            return control.handle(self.shop, request)(environ, start_response)
        try:
            response = self._serve(request)
        except Exception as wrong:  # noqa: BLE001 - whatever it is, the caller is told, and the next call is served
            traceback.print_exc()
            response = _json({"errors": f"The emulator itself failed: {wrong!r}"}, 500)
        if response is None:
            _hang_up(environ)
            response = Response(status=500)
        return response(environ, start_response)

    def _serve(self, request: Request) -> Response | None:
        """Answers one call and writes it into the journal; none: the line goes dead."""
        body = _read_json(request)
        asked = Asked(body) if _GRAPHQL.fullmatch(request.path) and isinstance(body, dict) else None
        with self.shop.lock:
            entry = {"method": request.method, "path": request.path, "at": self.shop.clock.text()}
            deed = self.shop.faults.struck(_calls(request, asked))
            self.shop.journal.append({"n": len(self.shop.journal) + 1, **entry, "status": 0})
            written = self.shop.journal[-1]
        if deed.startswith(SLOW):
            time.sleep(int(deed[len(SLOW) :]) / 1000)
        with self.shop.lock:
            response = self._struck(deed, asked) or self._answer(request, body, asked)
        if deed == "drop":
            return None
        response.headers["X-Request-Id"] = f"emulated-{written['n']:06}"
        response.headers["X-Shopify-API-Version"] = VERSION
        if deed == "truncated":
            _cut(response)
        written["status"] = response.status_code
        return response

    def _struck(self, deed: str, asked: Asked | None) -> Response | None:
        """Gives the wrong answer that a fault asks for, where it is a whole answer."""
        if deed == "throttled":
            self.shop.bucket.drain(self.shop.clock.now())
            return _json(throttled(self.shop, 1000 if asked else 0))
        if deed == "garbage":
            return Response("<html><body>We'll be right back</body></html>", content_type="text/html")
        if deed == "401":
            return _json(_BAD_TOKEN, 401)
        if deed == "429":
            return Response('{"errors":"Too many requests"}', 429, {"Retry-After": "1.0"}, mimetype="application/json")
        return _json({"errors": "Internal Server Error"}, int(deed)) if deed.isdigit() else None

    def _answer(self, request: Request, body: object, asked: Asked | None) -> Response:
        if request.path == oauth.PATH:
            status, said = oauth.grant(self.shop, request, body)
            return _json(said, status)
        if not _GRAPHQL.fullmatch(request.path) or request.method != "POST":
            return _json({"errors": "Not Found"}, 404)
        if not self.shop.accepts(request.headers.get("X-Shopify-Access-Token", "")):
            return _json(_BAD_TOKEN, 401)
        if asked is None:
            return _json({"errors": {"query": "Required parameter missing or invalid"}}, 400)
        return _json(answer(self.shop, asked))


def _calls(request: Request, asked: Asked | None) -> set[str]:
    """Names a call as faults name it."""
    if request.path == oauth.PATH:
        return {"token"}
    return {"graphql", *asked.root_fields} if asked else set()


def _read_json(request: Request) -> Any:  # noqa: ANN401 - whatever was sent
    try:
        return json.loads(request.get_data(cache=True) or b"null", parse_float=Decimal)
    except ValueError:
        return None


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body, default=str), status, content_type="application/json; charset=utf-8")


def _cut(response: Response) -> None:
    """Promises the whole answer and sends half of it."""
    whole = response.get_data()
    response.set_data(whole[: len(whole) // 2])
    response.headers["Content-Length"] = str(len(whole))
    response.headers["Connection"] = "close"


def _hang_up(environ: WSGIEnvironment) -> None:
    """Closes the line without a word."""
    line = environ.get("werkzeug.socket")
    if isinstance(line, socket.socket):
        line.shutdown(socket.SHUT_RDWR)
