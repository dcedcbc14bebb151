"""Signed calls to one NetSuite account: a question is asked again while NetSuite is away, a write is sent once."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from contrapost.counts import NETSUITE_CALLS, NETSUITE_SECONDS
from contrapost.netsuite import faults
from contrapost.netsuite.answers import Exchange, NetSuiteError, Refused, Unknown
from contrapost.netsuite.auth import authorizer, unreachable
from contrapost.netsuite.concurrency import MOST, Slots, limit_in
from contrapost.netsuite.hearing import note
from contrapost.netsuite.settings import SECRETS
from contrapost.netsuite.wire import NoAnswerError, NotSentError, Reply, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contrapost.netsuite.answers import Answer
    from contrapost.netsuite.settings import NetSuiteSettings

_READ_TRIES = 4
_FIRST_PAUSE_SECONDS = 0.5
_KEPT_CHARACTERS = 20_000
_SHORTEST_SECRET = 8
"""What is shorter is no secret of NetSuite's, and may stand in an answer by itself."""
HIDDEN = "(hidden)"
"""What stands where an answer repeated a secret of ours."""
_TIME = "/services/rest/system/v1/serverTime"
_LIMITS = "/services/rest/system/v1/governanceLimits"


class Calls:
    """The way to one account, shared by all threads that speak to it."""

    def __init__(self, settings: NetSuiteSettings, *, now: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._settings = settings
        self._wire = Wire(connections=MOST)
        self._slots = Slots(time.monotonic)
        self._authorizer = authorizer(settings, self._wire, now)
        self._now = now
        self._sleep = sleep
        given = [str(getattr(settings, name)) for name in sorted(SECRETS)]
        secret = [value for value in given if len(value) >= _SHORTEST_SECRET]
        self._secrets = [one for value in secret for one in (value, value.replace("\n", "\\n"))]

    @property
    def room(self) -> int:
        """How many calls the account takes at once now, as far as is known."""
        return self._slots.room

    def expect(self, calls: int) -> None:
        """Asks for the account's limit, if it was not asked for yet and so many calls cannot do without."""
        if self._slots.must_ask(calls):
            self._learn()

    def write(
        self,
        method: str,
        path: str,
        text: str | None,
        what: str,
        *,
        ours: Callable[[], bool],
        headers: Mapping[str, str] | None = None,
        judge: Callable[[Reply, Exchange, str], Answer] = faults.answer_to_write,
    ) -> Answer:
        """Sends a call that changes something. Never raises, never sends twice what may have been carried out.

        Args:
            method: POST, PATCH, PUT or DELETE; the three answers are the same for each.
            path: with its query.
            text: the body; None where there is none.
            what: what it is to do, for the sentence of a finding: `write cash refund cp-myshop-9002-cr-512`.
            ours: asked in the moment of sending, which may be long after the call; where it says no, nothing is sent.
            headers: further ones.
            judge: says what the answer comes to, where it is not that to a single record.
        """

        def unanswered(how: object) -> Exchange:
            return Exchange(method=method, path=path, sent=text or "", status=None, received=str(how))

        try:
            reply, exchange = self._exchange(method, path, text, headers or {}, ours)
        except NotSentError as problem:
            finding = faults.not_sent(what, str(problem))
            return Refused(finding=finding, exchange=unanswered(problem), retryable=True)
        except NoAnswerError as problem:
            return Unknown(finding=faults.no_clear_answer(what, str(problem)), exchange=unanswered(problem))
        except NetSuiteError as problem:
            return Refused(finding=problem.finding, exchange=unanswered(problem), retryable=problem.retryable)
        return judge(reply, exchange, what)

    def ask(
        self, method: str, path: str, what: str, *, text: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Sends a question, again while NetSuite is busy or does not answer: a question changes nothing.

        Raises:
            NetSuiteError: NetSuite could not be reached.
        """
        for tried in range(_READ_TRIES):
            last = tried == _READ_TRIES - 1
            try:
                reply, exchange = self._exchange(method, path, text, headers or {}, always)
            except (NotSentError, NoAnswerError) as problem:
                note(Exchange(method=method, path=path, sent=text or "", status=None, received=str(problem)))
                if last:
                    raise unreachable(self._settings.url, f"{problem}; tried to {what}") from problem
            else:
                note(replace(exchange, received=reply.text))
                busy = reply.status == HTTPStatus.TOO_MANY_REQUESTS or faults.is_servers_own(reply)
                if last or not (busy or _is_odd(reply)):
                    return reply
            self._sleep(_FIRST_PAUSE_SECONDS * 2**tried * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
        raise AssertionError("the last try returns or raises")

    def seconds_ahead(self) -> float | None:
        """How far this machine's clock is ahead of NetSuite's, by the date of an answer to a call that nobody signed.

        None where NetSuite did not answer, or did not say what time it is.
        """
        try:
            with self._slots.slot():
                reply = self._wire.send("GET", self._settings.url + _TIME, {"Accept": "application/json"})
            return self._now() - parsedate_to_datetime(reply.headers["date"]).timestamp()
        except (NotSentError, NoAnswerError, KeyError, ValueError):
            return None

    def _exchange(
        self, method: str, path: str, text: str | None, headers: Mapping[str, str], ours: Callable[[], bool]
    ) -> tuple[Reply, Exchange]:
        """Sends one call; once more with a new token where NetSuite turned the old one away unread."""
        reply, seconds = self._send(method, path, text, headers, ours)
        if reply.status == HTTPStatus.UNAUTHORIZED:
            self._authorizer.forget()
            reply, seconds = self._send(method, path, text, headers, ours)
        exchange = Exchange(
            method=method,
            path=path,
            sent=text or "",
            status=reply.status,
            received=reply.text[:_KEPT_CHARACTERS],
            request_id=reply.headers.get("x-n-operationid", ""),
            milliseconds=int(seconds * 1000),
        )
        return reply, exchange

    def _send(
        self, method: str, path: str, text: str | None, headers: Mapping[str, str], ours: Callable[[], bool]
    ) -> tuple[Reply, float]:
        """Sends one call when its turn comes; gives the answer, and how long NetSuite took for it."""
        url = self._settings.url + path
        sent = {
            "Accept": "application/json",
            "X-NetSuite-PropertyNameValidation": "Error",
            **({} if text is None else {"Content-Type": "application/json"}),
            **headers,
        }
        if self._slots.must_ask():
            self._learn()
        elif self._slots.must_ask_again():
            self._learn_again()
        with self._slots.slot():
            signed = self._authorizer.header(method, url)
            sent["Authorization"] = signed
            if not ours():
                raise NotSentError("another process writes to this account now")
            started = time.monotonic()
            try:
                reply = self._wire.send(method, url, sent, None if text is None else text.encode())
            except (NotSentError, NoAnswerError):
                NETSUITE_CALLS.labels(self._settings.account_id, "none").inc()
                raise
            seconds = time.monotonic() - started
            NETSUITE_CALLS.labels(self._settings.account_id, str(reply.status)).inc()
            NETSUITE_SECONDS.labels(self._settings.account_id).observe(seconds)
            if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
                self._slots.turned_away()
            else:
                self._slots.answered()
        return replace(reply, text=self._without_secrets(reply.text, signed)), seconds

    def _without_secrets(self, text: str, signed: str) -> str:
        """An answer that repeats what we signed in with must not carry it into findings and the log of attempts."""
        for secret in (signed, signed.removeprefix("Bearer "), *self._secrets):
            text = text.replace(secret, HIDDEN)
        return text

    def _learn(self) -> None:
        self._slots.learn(self._limit())

    def _learn_again(self) -> None:
        """Where the account does not tell its limit now, the one that is known stays."""
        with self._slots.slot():
            limit = self._limit()
        if limit:
            self._slots.learn(limit)

    def _limit(self) -> int | None:
        """Asks how many calls the account takes at once; where our role may not ask, that is found out by trying."""
        url = self._settings.url + _LIMITS
        try:
            headers = {"Accept": "application/json", "Authorization": self._authorizer.header("GET", url)}
            reply = self._wire.send("GET", url, headers)
            return limit_in(parsed(reply, "read the limits of the account"))
        except (NotSentError, NoAnswerError, NetSuiteError):
            return None


def always() -> bool:
    """Says that nobody else can have taken over: for calls that need no lease."""
    return True


def parsed(reply: Reply, what: str) -> dict[str, Any]:
    """Reads the document of an answer, its numbers exact.

    Raises:
        NetSuiteError: it is none.
    """
    try:
        said = json.loads(reply.text, parse_float=Decimal)
    except ValueError:
        raise faults.failed_to_read(reply, what) from None
    if not isinstance(said, dict):
        raise faults.failed_to_read(reply, what)
    return said


def _is_odd(reply: Reply) -> bool:
    """Says whether an answer that should be JSON is none: cut short, or some proxy's page."""
    try:
        json.loads(reply.text)
    except ValueError:
        return reply.status == HTTPStatus.OK
    return False
