"""NetSuite over REST: asks SuiteQL, writes records, finds them again and reads them back."""

from __future__ import annotations

import json
import random
import time
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from contrapost.netsuite import faults
from contrapost.netsuite.answers import Exchange, NetSuiteError, Refused, Standing, Unknown
from contrapost.netsuite.auth import authorizer, unreachable
from contrapost.netsuite.drafts import LABELS
from contrapost.netsuite.standing import read_standing, standings_in
from contrapost.netsuite.suiteql import question, quoted_list
from contrapost.netsuite.wire import NoAnswerError, NotSentError, Reply, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contrapost.netsuite.answers import Answer
    from contrapost.netsuite.drafts import Draft
    from contrapost.netsuite.settings import NetSuiteSettings

PAGE_ROWS = 1000
"""The most rows NetSuite gives on one page."""
MAX_PAGES = 100
"""NetSuite gives at most 100,000 rows to one question."""
_READ_TRIES = 4
_FIRST_PAUSE_SECONDS = 0.5
_RECORD = "/services/rest/record/v1/"
_SUITEQL = "/services/rest/query/v1/suiteql"
_KEPT_CHARACTERS = 20_000
_NUMBERS_EXACT = msgspec.json.Encoder(decimal_format="number")

Row = dict[str, str]
"""One row of an answer: names in lower case, every value a string, nulls left out."""


class RestNetSuite:
    """One NetSuite account. Reads are tried again while NetSuite is busy; a write is sent once."""

    def __init__(
        self,
        settings: NetSuiteSettings,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._wire = Wire()
        self._authorizer = authorizer(settings, self._wire, now)
        self._sleep = sleep

    def rows(self, sql: str, what: str) -> list[Row]:
        """Asks a SuiteQL question and follows its pages to the end.

        Args:
            sql: the question; values in it already quoted.
            what: what it is for, for the sentence of an error: `find the bills of 3 orders`.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        found: list[Row] = []
        for page in range(MAX_PAGES):
            said = self._page(sql, page * PAGE_ROWS, what)
            found += [{name: str(value) for name, value in row.items() if name != "links"} for row in said["items"]]
            if not said.get("hasMore"):
                break
        return found

    def write(self, draft: Draft, body: Mapping[str, object]) -> Answer:
        """Sends one record. Never raises, never sends twice what may have been carried out."""
        what = f"write {LABELS[draft.record]} {draft.external_id}"
        text = _NUMBERS_EXACT.encode(body).decode()
        path = _path_of(draft)
        try:
            reply, exchange = self._exchange("POST", path, text)
        except NotSentError as problem:
            exchange = Exchange(method="POST", path=path, sent=text, status=None, received=str(problem))
            return Refused(finding=faults.not_sent(what, str(problem)), exchange=exchange, retryable=True)
        except NoAnswerError as problem:
            exchange = Exchange(method="POST", path=path, sent=text, status=None, received=str(problem))
            return Unknown(finding=faults.no_clear_answer(what, str(problem)), exchange=exchange)
        except NetSuiteError as problem:
            exchange = Exchange(method="POST", path=path, sent=text, status=None, received=str(problem))
            return Refused(finding=problem.finding, exchange=exchange, retryable=problem.retryable)
        return faults.answer_to_write(reply, exchange, what)

    def find(self, draft: Draft) -> Standing | None:
        """Looks for the record of a draft by its external id; NetSuite's records, not its search index.

        A 404 proves that it does not stand only in NetSuite's own words: it may be some proxy's.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        what = f"look for {LABELS[draft.record]} {draft.external_id}"
        reply = self._read("GET", f"{_RECORD}{draft.record}/eid:{draft.external_id}", None, what)
        if reply.status == HTTPStatus.NOT_FOUND and faults.said_in(reply):
            return None
        if reply.status != HTTPStatus.OK:
            raise faults.failed_to_read(reply, what)
        return read_standing(_parsed(reply, what), draft)

    def read_back(self, drafts: Mapping[str, Draft]) -> dict[str, Standing]:
        """Reads records as they stand, by internal id, with their ledger: one question for all of them.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        sql = question("standing").replace(":ids", quoted_list(drafts))
        return standings_in(self.rows(sql, f"read {len(drafts)} records back"))

    def _page(self, sql: str, offset: int, what: str) -> dict[str, Any]:
        path = f"{_SUITEQL}?limit={PAGE_ROWS}&offset={offset}"
        reply = self._read("POST", path, json.dumps({"q": sql}), what)
        if reply.status != HTTPStatus.OK:
            raise faults.failed_to_read(reply, what)
        said = _parsed(reply, what)
        if not isinstance(said.get("items"), list):
            raise faults.failed_to_read(reply, what)
        return said

    def _read(self, method: str, path: str, text: str | None, what: str) -> Reply:
        """Sends a question, again while NetSuite is busy or does not answer: a question changes nothing."""
        for tried in range(_READ_TRIES):
            last = tried == _READ_TRIES - 1
            try:
                reply, _ = self._exchange(method, path, text)
            except (NotSentError, NoAnswerError) as problem:
                if last:
                    raise unreachable(self._settings.url, f"{problem}; tried to {what}") from problem
            else:
                busy = reply.status == HTTPStatus.TOO_MANY_REQUESTS or faults.is_servers_own(reply)
                if last or not (busy or _is_odd(reply)):
                    return reply
            self._sleep(_FIRST_PAUSE_SECONDS * 2**tried * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
        raise AssertionError("the last try returns or raises")

    def _exchange(self, method: str, path: str, text: str | None) -> tuple[Reply, Exchange]:
        """Sends one call; once more with a new token where NetSuite turned the old one away unread."""
        started = time.monotonic()
        reply = self._send(method, path, text)
        if reply.status == HTTPStatus.UNAUTHORIZED:
            self._authorizer.forget()
            reply = self._send(method, path, text)
        exchange = Exchange(
            method=method,
            path=path,
            sent=text or "",
            status=reply.status,
            received=reply.text[:_KEPT_CHARACTERS],
            request_id=reply.headers.get("x-n-operationid", ""),
            milliseconds=int((time.monotonic() - started) * 1000),
        )
        return reply, exchange

    def _send(self, method: str, path: str, text: str | None) -> Reply:
        url = self._settings.url + path
        headers = {
            "Accept": "application/json",
            "Authorization": self._authorizer.header(method, url),
            "X-NetSuite-PropertyNameValidation": "Error",
        }
        if text is not None:
            headers["Content-Type"] = "application/json"
        if path.startswith(_SUITEQL):
            headers["Prefer"] = "transient"
        return self._wire.send(method, url, headers, text.encode() if text is not None else None)


def _path_of(draft: Draft) -> str:
    query = f"?replace={','.join(draft.replace)}" if draft.replace else ""
    if draft.source:
        return f"{_RECORD}{draft.source.record}/{draft.source.id}/!transform/{draft.record}{query}"
    return f"{_RECORD}{draft.record}{query}"


def _parsed(reply: Reply, what: str) -> dict[str, Any]:
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
