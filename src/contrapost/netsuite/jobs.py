"""Writing many records of one type in one call: a job that NetSuite works off, read back with one question.

NetSuite answers that it has taken the records in, which is not that they are written. Each is a task of the job, and
may fail by itself. Only records that stand alone are taken so; a transform is a call of its own.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from contrapost.netsuite import faults
from contrapost.netsuite.answers import NetSuiteError, Refused, Unknown, Written
from contrapost.netsuite.calls import parsed
from contrapost.netsuite.suiteql import question, quoted_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from contrapost.netsuite.answers import Answer, Exchange
    from contrapost.netsuite.calls import Calls
    from contrapost.netsuite.wire import Reply

MOST_TOGETHER = 100
"""NetSuite takes at most so many records in one call."""
_NOT_TOGETHER = (HTTPStatus.BAD_REQUEST, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
"""With these NetSuite says that it takes no collection, or not this one."""
_COLLECTION = "application/vnd.oracle.resource+json; type=collection"
_SEND_AGAIN = 2
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 10.0
_PATIENCE_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One record to be written."""

    external_id: str
    text: str
    """Its body, as JSON."""
    what: str
    """For the sentence of a finding: `write customer refund cp-myshop-9002-rf-512`."""


class Jobs:
    """Writes records together. `rows` asks a SuiteQL question; `sleep` takes seconds."""

    def __init__(
        self,
        calls: Calls,
        rows: Callable[[str, str], Sequence[Mapping[str, str]]],
        *,
        sleep: Callable[[float], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._calls, self._rows, self._sleep, self._clock = calls, rows, sleep, clock

    def write(self, path: str, wanted: Sequence[Wanted], ours: Callable[[], bool]) -> list[Answer]:
        """Writes records of one type and answers for each, in their order. Never raises.

        Where NetSuite does not take them together it has carried out none of them, and each is sent by itself.
        """
        taken = self._hand_in(path, wanted, ours)
        if isinstance(taken, Refused) and taken.exchange.status in _NOT_TOGETHER:
            return [self._calls.write("POST", path, one.text, one.what, ours=ours) for one in wanted]
        if not isinstance(taken, Written) or taken.exchange is None:
            return [_of_one(taken, one) for one in wanted]
        job, exchange = taken.id, taken.exchange
        try:
            self._wait_for(job, f"follow the job of {len(wanted)} records")
            standing = self._standing(wanted)
        except NetSuiteError as problem:
            return [_unknown(one, exchange, str(problem)) for one in wanted]
        return [
            Written(id=standing[one.external_id.lower()], exchange=replace(exchange, sent=one.text))
            if one.external_id.lower() in standing
            else self._not_found(job, number, one, exchange)
            for number, one in enumerate(wanted, start=1)
        ]

    def _hand_in(self, path: str, wanted: Sequence[Wanted], ours: Callable[[], bool]) -> Answer:
        """Hands the records in; what is written then is a job. Again under the same key where the answer was lost.

        NetSuite carries out only one request of a key, and names the first one's job to those that repeat it.
        """
        text = f'{{"items":[{",".join(one.text for one in wanted)}]}}'
        key = str(uuid.uuid4())
        headers = {"Prefer": "respond-async", "Content-Type": _COLLECTION, "X-NetSuite-Idempotency-Key": key}
        what = f"write {len(wanted)} records together"
        hand_in = partial(self._calls.write, "POST", path, text, what, ours=ours, headers=headers, judge=_taken_in)
        answer = hand_in()
        for tried in range(_SEND_AGAIN):
            if not isinstance(answer, Unknown):
                break
            self._sleep(_FIRST_PAUSE_SECONDS * 2**tried)
            answer = hand_in()
        return answer

    def _wait_for(self, job: str, what: str) -> None:
        """Asks for the job until all of its tasks are done.

        Raises:
            NetSuiteError: NetSuite could not be asked, or the job goes on for too long.
        """
        end = self._clock() + _PATIENCE_SECONDS
        pause = _FIRST_PAUSE_SECONDS
        while True:
            reply = self._calls.ask("GET", job, what)
            if reply.status != HTTPStatus.OK or self._clock() > end:
                raise faults.failed_to_read(reply, what)
            if parsed(reply, what).get("completed") is True:
                return
            self._sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _standing(self, wanted: Sequence[Wanted]) -> dict[str, str]:
        """Finds the records by their external ids, with one question: by external id in small letters, the id."""
        sql = question("by_external_id", names=quoted_list(one.external_id for one in wanted))
        found = self._rows(sql, f"look for {len(wanted)} records")
        return {row["externalid"].lower(): row["id"] for row in found}

    def _not_found(self, job: str, number: int, one: Wanted, exchange: Exchange) -> Answer:
        """Reads what a task was answered. Only a clear no counts: which task is which record's is not documented."""
        try:
            reply = self._calls.ask("GET", f"{job}/task/{number}/result", one.what)
        except NetSuiteError as problem:
            return _unknown(one, exchange, str(problem))
        said = replace(exchange, sent=one.text, status=reply.status, received=reply.text)
        answer = faults.answer_to_write(reply, said, one.what)
        if isinstance(answer, Written) or reply.status == HTTPStatus.NOT_FOUND:
            return _unknown(one, exchange, "it is not shown yet")
        return answer


def _taken_in(reply: Reply, exchange: Exchange, what: str) -> Answer:
    """Judges the answer to handing records in: with a job, its path stands in the place of a record's id."""
    job = reply.headers.get("location", "").partition("/services/")[2]
    said = faults.said_in(reply)
    is_taken = reply.status == HTTPStatus.ACCEPTED or (said is not None and said.code == "IDEMPOTENCY_ERROR")
    if is_taken and "/job/" in job:
        return Written(id=f"/services/{job}", exchange=exchange)
    return faults.answer_to_write(reply, exchange, what)


def _of_one(answer: Answer, one: Wanted) -> Answer:
    """What came of handing all of them in came of each."""
    exchange = answer.exchange
    return replace(answer, exchange=replace(exchange, sent=one.text)) if exchange else answer


def _unknown(one: Wanted, exchange: Exchange, how: str) -> Unknown:
    return Unknown(finding=faults.no_clear_answer(one.what, how), exchange=replace(exchange, sent=one.text))
