"""How stores are talked to: one synchronous HTTP client with timeouts, bounded retries, and no secrets in its errors.

Only calls that change nothing are repeated. Whatever goes wrong becomes a `StoreError` that says what was tried, what
came back, and what to do; addresses are shown without their query, headers and bodies of requests never.
"""

from __future__ import annotations

import json
import random
import re
import time
from dataclasses import dataclass, field
from decimal import Decimal
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import urllib3

from contrapost.refunds.finding import error
from contrapost.stores.contract import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

USER_AGENT = "Contrapost"
CONNECT_SECONDS = 10
READ_SECONDS = 60
MOST_BYTES = 64 * 1024 * 1024
_BUSY = 429
_FAILING = range(500, 600)
_MOVED = range(300, 400)
_ODD = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""How NUL and halves of surrogate pairs are written in JSON."""


def url_refusal(url: str) -> str:
    """Says why an address may not be talked to; empty: it may. Plain http is for this machine only."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return f"{url!r} is no web address"
    if parts.scheme not in {"http", "https"} or not host:
        return f"{url!r} is no web address that begins with https://"
    if parts.username or parts.password:
        return "An address takes no user name and password"
    if parts.scheme == "http" and not _is_loopback(host):
        return f"{url!r} is not encrypted: plain http is accepted for this machine alone (127.0.0.1, localhost)"
    return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a store answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def request_id(self) -> str:
        """The store's own id of the request, where it gives one: what its support asks for."""
        lowered = {name.lower(): value for name, value in self.headers.items()}
        return lowered.get("x-request-id") or lowered.get("request-id") or ""

    def json(self) -> Any:  # noqa: ANN401 - whatever the store sent
        """Reads the body as JSON, numbers with a point as exact decimals.

        What no database keeps and no text can hold, NUL and halves of surrogate pairs, comes as the sign for it.

        Raises:
            ValueError: the body is no JSON.
        """
        read = json.loads(self.body, parse_float=Decimal)
        return _storable(read) if _ODD.search(self.body) else read


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: object = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    repeatable: bool = True
    """It changes nothing at the store, so it may be made again."""
    wants_json: bool = True
    """An answer of success that is no JSON counts as a failure."""

    def body(self) -> tuple[bytes | None, dict[str, str]]:
        """Gives the body to send and the headers that describe it."""
        if self.form is not None:
            return urlencode(self.form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        if self.json is not None:
            return json.dumps(self.json).encode(), {"Content-Type": "application/json"}
        return None, {}


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is tried and how long is waited between; time and chance are given, so that tests own them."""

    tries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def wait(self, attempt: int, asked: float) -> None:
        """Waits before the next try: twice as long each time, with some chance, and at least as long as was asked."""
        grown = self.first_wait * 2**attempt * (0.5 + self.chance())
        self.sleep(min(max(grown, asked), self.longest_wait))


@dataclass(frozen=True, slots=True)
class _Failure:
    """One try that went wrong in a way that another try may mend."""

    code: str
    what: str
    fix: str
    asked_wait: float = 0.0


class Http:
    """Talks to one store at one address."""

    def __init__(self, url: str, *, store: str, patience: Patience | None = None) -> None:
        refusal = url_refusal(url)
        if refusal:
            found = error("store_address_refused", f"{refusal}.", fix="Give an address that begins with https://.")
            raise StoreError(found, retryable=False)
        self._url = url.rstrip("/")
        self._store = store
        self._patience = patience or Patience()
        self._pool = urllib3.PoolManager(
            maxsize=8,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
        )

    def send(self, call: Call) -> Answer:
        """Makes a call, again if need be, and gives the answer; a refusal of the store (4xx) is an answer too.

        Raises:
            StoreError: the store could not be reached, is overloaded or failing, or its answers cannot be read.
        """
        tries = self._patience.tries if call.repeatable else 1
        failure = _Failure("", "", "")
        for attempt in range(tries):
            outcome = self._once(call)
            if isinstance(outcome, Answer):
                return outcome
            failure = outcome
            if attempt + 1 < tries:
                self._patience.wait(attempt, failure.asked_wait)
        often = f" (tried {tries} times)" if tries > 1 else ""
        message = f"{self._store} {failure.what}{often}: {call.method} {self._url}{call.path}."
        raise StoreError(error(failure.code, message, fix=failure.fix), retryable=True)

    def _once(self, call: Call) -> Answer | _Failure:
        body, described = call.body()
        headers = {**self._pool.headers, **described, **call.headers}
        try:
            response = self._pool.request(
                call.method, self._url + call.path, body=body, headers=headers, redirect=False, preload_content=False
            )
            answer = Answer(response.status, dict(response.headers), _whole(response))
        except urllib3.exceptions.HTTPError as wrong:
            return _unreached(wrong)
        return self._judged(call, answer)

    def _judged(self, call: Call, answer: Answer) -> Answer | _Failure:
        named = f" [request {answer.request_id}]" if answer.request_id else ""
        if answer.status in _MOVED:
            where = answer.headers.get("Location", "another address").split("?")[0]
            found = error(
                "store_moved",
                f"{self._store} sent us on from {self._url}{call.path} to {where}{named}.",
                fix="Check the shop's address in the account's settings.",
            )
            raise StoreError(found, retryable=False)
        if answer.status == _BUSY:
            asked = _seconds(answer.headers.get("Retry-After", ""))
            return _Failure("store_busy", f"answered that we ask too much{named}", "Try again in a minute.", asked)
        if answer.status in _FAILING:
            what = f"answered with its own failure {answer.status}{named}"
            return _Failure("store_failing", what, "Try again later; if it lasts, look at the store's status page.")
        if call.wants_json and answer.status < _MOVED.start and not _is_json(answer):
            what = f"answered {answer.status} with something that is no JSON{named}"
            return _Failure(
                "store_answer_unreadable", what, "Check the shop's address; if it is right, try again later."
            )
        return answer


def _storable(value: Any) -> Any:  # noqa: ANN401 - a JSON tree
    if isinstance(value, str):
        whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, dict):
        return {_storable(name): _storable(part) for name, part in value.items()}
    return [_storable(part) for part in value] if isinstance(value, list) else value


def _whole(response: urllib3.BaseHTTPResponse) -> bytes:
    """Reads a body to its end; one that ends early or never is an error of the line."""
    body = response.read(MOST_BYTES + 1, decode_content=True)
    if len(body) > MOST_BYTES:
        response.close()
        raise urllib3.exceptions.HTTPError(f"the answer is longer than {MOST_BYTES} bytes")
    response.release_conn()
    return body


def _is_json(answer: Answer) -> bool:
    try:
        answer.json()
    except ValueError:
        return False
    return True


def _unreached(wrong: urllib3.exceptions.HTTPError) -> _Failure:
    if isinstance(wrong, urllib3.exceptions.SSLError):
        fix = "Check the shop's address and this machine's date; the store's certificate could not be verified."
        return _Failure("store_certificate", "showed a certificate that cannot be verified", fix)
    if isinstance(wrong, urllib3.exceptions.TimeoutError):
        return _Failure("store_unreachable", "did not answer in time", "Check the connection and try again.")
    if isinstance(wrong, urllib3.exceptions.NewConnectionError | urllib3.exceptions.NameResolutionError):
        return _Failure("store_unreachable", "could not be reached", "Check the shop's address and the connection.")
    return _Failure("store_unreachable", "broke off before its answer was whole", "Check the connection and try again.")


def _seconds(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
