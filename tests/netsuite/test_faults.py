"""Answers to a write: written, refused, or unknown, for every status with and without NetSuite's envelope."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrapost.netsuite.answers import Answer, Exchange, Refused, Unknown, Written
from contrapost.netsuite.faults import answer_to_write
from contrapost.netsuite.wire import Reply

EXCHANGE = Exchange(method="POST", path="/", sent="{}", status=0, received="")
STATUSES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 502, 503, 504)


def _judged(status: int, text: str = "", location: str = "") -> Answer:
    headers = {"location": location} if location else {}
    return answer_to_write(Reply(status=status, headers=headers, text=text), EXCHANGE, "write cash refund cr")


def _envelope(detail: str = "No.", code: str = "USER_ERROR") -> str:
    return json.dumps({"title": "Bad Request", "o:errorDetails": [{"detail": detail, "o:errorCode": code}]})


@pytest.mark.parametrize("status", STATUSES)
def test_netsuites_own_no_is_a_refusal_unless_the_server_broke(status: int) -> None:
    """NetSuite's envelope with a 4xx is a clear no; with a 5xx nobody knows what was carried out."""
    answer = _judged(status, _envelope())
    assert isinstance(answer, Unknown if status >= 500 else Refused)


@pytest.mark.parametrize("text", ["", "<html></html>", "{}", "[]", "null", '{"o:errorDetails": []}', '"no"', "{"])
@pytest.mark.parametrize("status", STATUSES)
def test_answers_that_are_not_netsuites_prove_nothing(status: int, text: str) -> None:
    """Without NetSuite's envelope only 429, which turns a call away unread, is a clear no."""
    answer = _judged(status, text)
    if status == 429:
        assert isinstance(answer, Refused)
        assert answer.retryable
    else:
        assert isinstance(answer, Unknown)


@pytest.mark.parametrize(
    ("status", "location", "id_"),
    [
        (204, "https://x/services/rest/record/v1/cashRefund/12", "12"),
        (201, "https://x/services/rest/record/v1/cashRefund/12/", "12"),
        (204, "", ""),
        (200, "https://x/services/rest/record/v1/cashRefund/", ""),
        (200, "https://x/services/rest/record/v1/cashRefund/abc", ""),
        (202, "https://x/services/rest/async/v1/job/12", ""),
    ],
)
def test_written_needs_the_id_of_a_record(status: int, location: str, id_: str) -> None:
    """A yes counts only with the id of the record; a job that may still fail is no record."""
    answer = _judged(status, "", location)
    if id_:
        assert isinstance(answer, Written)
        assert answer.id == id_
    else:
        assert isinstance(answer, Unknown)


@pytest.mark.parametrize(
    ("detail", "code", "retryable", "exists"),
    [
        ("This record already exists", "USER_ERROR", False, True),
        ("A record with this external id is there.", "DUP_RCRD", False, True),
        ("Record has been changed", "RCRD_HAS_BEEN_CHANGED", True, False),
        ("Error while accessing a resource. Record has been changed.", "USER_ERROR", True, False),
        ("Please enter value(s) for: Location", "USER_ERROR", False, False),
    ],
)
def test_refusals_that_mean_more(detail: str, code: str, *, retryable: bool, exists: bool) -> None:
    """What exists already is looked up, what was changed meanwhile may be sent again, all else is held."""
    answer = _judged(400, _envelope(detail, code))
    assert isinstance(answer, Refused)
    assert (answer.retryable, answer.exists) == (retryable, exists)


@pytest.mark.parametrize(
    ("detail", "fix"),
    [
        ("The transaction date you specified is not within the date range of your accounting period.", "period"),
        ("Your current role does not have permission to perform this action.", "permission"),
        ("Invalid item reference key 12 for subsidiary 3.", "inactive"),
        ("This record has been locked by a user defined workflow.", "workflow"),
    ],
)
def test_known_refusals_say_what_to_do(detail: str, fix: str) -> None:
    """A refusal that people meet often says what to do about it."""
    answer = _judged(400, _envelope(detail))
    assert isinstance(answer, Refused)
    assert fix in answer.finding.fix
    assert detail in answer.finding.message


@given(st.integers(100, 599), st.text(), st.text(max_size=40))
def test_any_answer_is_judged(status: int, text: str, location: str) -> None:
    """Whatever comes back is written, refused or unknown, never an exception."""
    assert isinstance(_judged(status, text, location), Written | Refused | Unknown)


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_in_the_place_of_details_is_judged(details: object) -> None:
    """Details of any shape are judged, never an exception."""
    assert isinstance(_judged(400, json.dumps({"o:errorDetails": details})), Refused | Unknown)
