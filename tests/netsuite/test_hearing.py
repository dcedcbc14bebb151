"""Listening to NetSuite's calls: whole for one record, and each record's own part of what is about many."""

from __future__ import annotations

import json

from contrapost.netsuite.answers import Exchange, NetSuiteError
from contrapost.netsuite.hearing import MOST_SENT, by_record, listen, note, shortened
from contrapost.refunds.finding import error

DOWN = NetSuiteError(error("netsuite_unreachable", "x", fix=""), retryable=True)


def _call(received: str, sent: str = "SELECT 1") -> Exchange:
    return Exchange(method="POST", path="/suiteql", sent=sent, status=200, received=received, request_id="r1")


def test_calls_are_heard_by_who_listens_and_by_nobody_else() -> None:
    """Those before and after are not heard; a call inside is, also where nothing came of it."""

    def asks() -> str:
        note(_call("a"))
        return "told"

    def fails() -> str:
        note(_call("b"))
        raise DOWN

    note(_call("before"))
    heard, failed = listen(asks), listen(fails)
    note(_call("after"))

    assert (heard.told, heard.problem, [one.received for one in heard.exchanges]) == ("told", None, ["a"])
    assert (failed.told, failed.problem, [one.received for one in failed.exchanges]) == (None, DOWN, ["b"])


def test_each_record_has_its_own_rows_of_an_answer() -> None:
    """Of an answer about many, nobody keeps the others' rows; amounts stay as they were written."""
    answer = json.dumps({"items": [{"id": 5, "x": 1}, {"id": "6", "x": 2}, {"id": 5, "x": 3}]}).replace("1}", "1.50}")
    found = by_record([_call("no JSON"), _call(answer, sent="S" * 9_000)])

    assert set(found) == {"5", "6"}
    assert json.loads(found["5"].received)["items"] == [{"id": 5, "x": "1.50"}, {"id": 5, "x": 3}]
    assert len(found["5"].sent) < MOST_SENT + 5
    assert found["5"].request_id == "r1"
    assert by_record([_call("[]"), _call('{"items": 1}')]) == {}


def test_what_is_short_stays_whole() -> None:
    """Only what is long is cut, and that shows."""
    assert shortened(_call("ok")).received == "ok"
    assert shortened(_call("x" * (MOST_SENT + 1))).received.endswith(" …")
