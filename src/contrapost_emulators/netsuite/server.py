"""The HTTP side: takes a request, lets faults and sign-in have their say, and answers."""

from __future__ import annotations

import logging
import socket
import threading
import time
from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from uuid import uuid4

import msgspec
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response

from contrapost_emulators import KeepsOpen
from contrapost_emulators.netsuite.account import Account
from contrapost_emulators.netsuite.answers import Answer, turned_down
from contrapost_emulators.netsuite.batches import split
from contrapost_emulators.netsuite.clock import Clock
from contrapost_emulators.netsuite.control import Control
from contrapost_emulators.netsuite.errors import Refused
from contrapost_emulators.netsuite.faults import (
    AFTER,
    BEFORE,
    EXPIRED_TOKEN,
    PROXY_AFTER,
    PROXY_BEFORE,
    USED_NONCE,
    Fault,
    describe,
)
from contrapost_emulators.netsuite.jobs import KEY_HEADER
from contrapost_emulators.netsuite.metadata import answer_metadata
from contrapost_emulators.netsuite.requests import Request
from contrapost_emulators.netsuite.suiteql.service import answer_query
from contrapost_emulators.netsuite.system import answer_system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)
HOST = "127.0.0.1"
LONGEST_SYNCHRONOUS_MS = 15 * 60 * 1000
BAD_GATEWAY = Answer(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", {"Content-Type": "text/html"})
# Largest request NetSuite takes.
LARGEST_BODY_BYTES = 104 * 1024 * 1024
_decoder = msgspec.json.Decoder(float_hook=Decimal)


class Application:
    """The emulator as a WSGI application around one account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.control = Control(account)
        self.lock = threading.RLock()
        self.gate = account.gate

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = HttpRequest(environ)
        request.max_content_length = LARGEST_BODY_BYTES
        try:
            request.get_data()
        except RequestEntityTooLarge:
            answer = turned_down(Refused("too large"))
        else:
            answer = self._answer(request)
        response = Response(answer.body, status=answer.status, headers=answer.headers)
        if not answer.body:
            response.headers.pop("Content-Type", None)
        return response(environ, start_response)

    def _answer(self, request: HttpRequest) -> Answer:
        path = _segments(request)
        if path[:1] == ("_emulator",):
            with self.lock:
                return guarded(lambda: self.control.answer(request.method, "/".join(path[1:]), _body(request)))
        return self._journaled(request, path)

    def _journaled(self, request: HttpRequest, path: tuple[str, ...]) -> Answer:
        with self.lock:
            self.account.agenda.catch_up()
            entry = self.account.journal.open(request.method, request.environ["RAW_URI"])
            fault = self.account.script.next_for(describe(request.method, path))
        answer = guarded(lambda: self._governed(request, path, fault))
        entry.status = answer.status
        return answer

    def _governed(self, request: HttpRequest, path: tuple[str, ...], fault: Fault | None) -> Answer:
        """Requests for a token take no place; all others do for as long as they are under way."""
        if path[2:3] == ("auth",):
            return self._with_fault(request, path, fault)
        with self.account.governance.place():
            return self._with_fault(request, path, fault)

    def _with_fault(self, request: HttpRequest, path: tuple[str, ...], fault: Fault | None) -> Answer:
        do = fault.do if fault else ""
        delay = self.account.governance.terms.latency_ms + (fault.delay_ms if fault else 0)
        if delay >= LONGEST_SYNCHRONOUS_MS:
            return self._timed_out(request, path, delay)
        came_at = request.environ.get("contrapost.came_at") or time.monotonic()
        begun, answers_at = (came_at + part * delay / 1000 for part in (0.5, 1.0))
        if delay:
            time.sleep(max(0.0, begun - time.monotonic()))
        answer = self._done(request, path, do)
        if delay:
            time.sleep(max(0.0, answers_at - time.monotonic()))
        return _spoiled(request, answer, do)

    def _done(self, request: HttpRequest, path: tuple[str, ...], do: str) -> Answer:
        """What a request comes to halfway through its time, unless a fault strikes before the work is done."""
        if do == "drop":
            hang_up(request)
        if do == PROXY_BEFORE:
            return BAD_GATEWAY
        if do in BEFORE:
            return turned_down(Refused(BEFORE[do], id=uuid4().hex))
        self._spoil_sign_in(request, do)
        return guarded(lambda: self._serve(request, path))

    def _spoil_sign_in(self, request: HttpRequest, do: str) -> None:
        """Let what the request signs in with end, or be used up, just before it is looked at."""
        with self.lock:
            if do == EXPIRED_TOKEN:
                self.gate.end_tokens()
            if do == USED_NONCE:
                self.gate.use_up(request.headers.get("Authorization", ""))

    def _timed_out(self, request: HttpRequest, path: tuple[str, ...], delay: int) -> Answer:
        """Answer as after 15 minutes, and do the work when the emulator's clock has come that far: nobody waits."""
        work = self._work(request, path)
        with self.lock:
            self.account.agenda.add(delay / 1000, lambda: guarded(work))
        raise Refused("timed out")

    def _serve(self, request: HttpRequest, path: tuple[str, ...]) -> Answer:
        work = self._work(request, path)
        with self.lock:
            return work()

    def _work(self, request: HttpRequest, path: tuple[str, ...]) -> Callable[[], Answer]:
        """What a request asks, ready to be done; who asks is checked already."""
        if path[:2] != ("services", "rest"):
            raise Refused("no such page", path=request.path)
        if (request.method, path[2:]) == ("POST", ("auth", "oauth2", "v1", "token")):
            return lambda: self.gate.token(request.form, f"{_base(request)}{request.path}")
        if (request.method, path[2:]) == ("GET", ("auth", "oauth2", "v1", "keys")):
            return self.gate.public_keys
        self._check_login(request)
        match (request.method, path[2:]):
            case (_, ("record", "v1", _, *_)):
                return self._record(request, path[4:])
            case ("POST", ("query", "v1", "suiteql")):
                return self._query(request)
            case ("GET", ("system", "v1", name)):
                return lambda: answer_system(self.account, name)
            case ("GET", ("async", "v1", "job", *rest)):
                return lambda: self.account.jobs.answer(rest)
        raise Refused("not emulated", what=f"{request.method} {request.path}")

    def _record(self, request: HttpRequest, path: tuple[str, ...]) -> Callable[[], Answer]:
        asked = Request(request.method, path, request.args, request.headers, _body(request))
        if (request.method, path[0]) == ("GET", "metadata-catalog"):
            return lambda: answer_metadata(self.account.state.forms, asked, _base(request))
        if "respond-async" in asked.preferences:
            return lambda: self._submit(asked)
        if asked.is_batch:
            raise Refused("batch", why="A batch needs the header Prefer: respond-async.")
        return lambda: self._answer_record(asked)

    def _submit(self, asked: Request) -> Answer:
        """Take a request in as a job: one task, or one for each record of a batch."""
        singles = split(asked) if asked.is_batch else [asked]
        return self.account.jobs.submit(
            [self._task(single) for single in singles],
            seconds=self.account.governance.terms.async_seconds,
            key=asked.headers.get(KEY_HEADER),
            parallel="batch-processing=parallel" in asked.preferences,
        )

    def _task(self, single: Request) -> Callable[[], Answer]:
        return lambda: guarded(lambda: self._answer_record(single))

    def _answer_record(self, asked: Request) -> Answer:
        try:
            return self.account.records.answer(asked)
        finally:
            self.account.mirror.keep_up()

    def _query(self, request: HttpRequest) -> Callable[[], Answer]:
        body, prefer = _body(request), ",".join(request.headers.getlist("Prefer"))
        return lambda: answer_query(self.account.mirror, body, request.args, prefer, _base(request))

    def _check_login(self, request: HttpRequest) -> None:
        url = f"{_base(request)}{request.environ['RAW_URI']}"
        with self.lock:
            self.gate.check(request.method, url, request.headers.get("Authorization", ""))


def guarded(work: Callable[[], Answer]) -> Answer:
    """Run a piece of work; a refusal becomes its error document."""
    try:
        return work()
    except Refused as refused:
        answer = turned_down(refused)
        if refused.status == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = (
                'Bearer realm="EMULATOR_SB1", error="invalid_token", error_description="Invalid login attempt."'
            )
        return answer
    except ConnectionError:
        raise
    except Exception:
        log.exception("The emulator itself failed; this is not NetSuite's behaviour.")
        return turned_down(Refused("unexpected", id=uuid4().hex))


def _spoiled(request: HttpRequest, answer: Answer, do: str) -> Answer:
    """Apply the faults that strike after the work is done."""
    if do == "commit then drop":
        hang_up(request)
    if do == PROXY_AFTER:
        return BAD_GATEWAY
    if do in AFTER:
        return turned_down(Refused(AFTER[do], id=uuid4().hex))
    if do == "garbage":
        return Answer(answer.status if answer.body else 200, b"<html><b>\xff\xfe{", {"Content-Type": "text/html"})
    if do == "malformed":
        return replace(answer, status=answer.status if answer.body else 200, body=answer.body[:-1] + b",]")
    if do == "truncated":
        _send_half(request, answer)
    return answer


def hang_up(request: HttpRequest) -> None:
    """Drop the connection without an answer."""
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


def _send_half(request: HttpRequest, answer: Answer) -> None:
    """Send the head and half of the body, or half a status line where there is no body, and hang up."""
    reason = HTTPStatus(answer.status).phrase
    headers = {**answer.headers, "Content-Length": str(len(answer.body))}
    lines = [f"HTTP/1.1 {answer.status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    half = head + answer.body[: len(answer.body) // 2] if answer.body else head[: len("HTTP/1.1 2")]
    request.environ["werkzeug.socket"].sendall(half)
    hang_up(request)


def _segments(request: HttpRequest) -> tuple[str, ...]:
    raw = str(request.environ["RAW_URI"]).split("?")[0]
    return tuple(unquote(part) for part in raw.split("/") if part)


def _base(request: HttpRequest) -> str:
    return f"http://{request.host}"


def _body(request: HttpRequest) -> Any:  # noqa: ANN401 - whatever the JSON holds; the field tables type it
    content = request.get_data()
    if not content.strip():
        return None
    try:
        return _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        raise Refused("bad json") from None


class Handler(KeepsOpen):
    """Keeps connections open, knows when a request came, and keeps quiet."""

    clock = Clock()
    came_at = 0.0

    def parse_request(self) -> bool:
        """Notes when the request came, of which the first line was read; reading it is part of its time."""
        self.came_at = time.monotonic()
        return super().parse_request()

    def make_environ(self) -> WSGIEnvironment:
        """Adds to what the application is told when the request came."""
        return {**super().make_environ(), "contrapost.came_at": self.came_at}

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests stand in the journal, not on the screen."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The date of an answer: wrong where the clock is made to go wrong."""
        moment = time.time() if timestamp is None else timestamp
        return super().date_time_string(moment + self.clock.skew.total_seconds())


def listen(port: int) -> tuple[BaseWSGIServer, str]:
    """Open the port on the loopback address; answers the server and its address."""
    server = make_server(HOST, port, _not_ready, threaded=True, request_handler=Handler)
    base = f"http://{HOST}:{server.port}"
    account = Account(base)
    Handler.clock = account.clock
    server.app = Application(account)
    return server, base


def _not_ready(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    del environ
    start_response("503 Service Unavailable", [])
    return []
