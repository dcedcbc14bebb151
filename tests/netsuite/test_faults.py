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


KNOWN = [
    ("The transaction date you specified is not within the date range of your accounting period.", "netsuite_period"),
    ("You cannot change the G/L impact of a transaction in a closed period.", "netsuite_period"),
    ("This transaction is in a period that has been closed. You may not edit it.", "netsuite_period"),
    ("The transaction date is not within an open accounting period.", "netsuite_period"),
    ("This record already exists", "netsuite_record_exists"),
    ("Your current role does not have permission to perform this action.", "netsuite_permission_missing"),
    ("Invalid item reference key 12 for subsidiary 3.", "netsuite_reference"),
    ("You have entered an Invalid Field Value 9999 for the following field: customer.", "netsuite_reference"),
    ("The Cash account cannot be used with the US subsidiary", "netsuite_reference"),
    ("This record has been locked by a user defined workflow.", "netsuite_workflow_lock"),
    ("Record has been changed", "netsuite_changed_meanwhile"),
    ("Transaction was not in balance. Total = 0.01", "netsuite_unbalanced"),
    ("Overage is not allowed.", "netsuite_already_refunded"),
    ("Transaction Already refunded. A refund has already been performed on it.", "netsuite_already_refunded"),
    ("Please enter value(s) for: Location", "netsuite_value_missing"),
    ("Missing required value for mandatory field: class", "netsuite_value_missing"),
    ("Please configure the inventory detail for this line.", "netsuite_inventory"),
    ("You only have 2 available in this location. Please enter a different quantity", "netsuite_inventory"),
    ("Concurrent request limit exceeded. Request blocked.", "netsuite_busy"),
    ("The record instance does not exist. Provide a valid record instance ID.", "netsuite_source_gone"),
    ("You must enter at least one line item for this transaction.", "netsuite_refused"),
]


@pytest.mark.parametrize(("detail", "code"), KNOWN)
def test_known_refusals_are_told_apart(detail: str, code: str) -> None:
    """A refusal by NetSuite's words: what was tried, NetSuite's own words beside ours, and what happens next."""
    answer = _judged(400, _envelope(f"Error while accessing a resource. {detail}"))
    assert isinstance(answer, Refused)
    assert answer.finding.code == code
    assert answer.finding.message.startswith("NetSuite refused to write cash refund cr: ")
    assert f"{detail} (HTTP 400 USER_ERROR)" in answer.finding.message
    assert answer.finding.fix.endswith(".")


@pytest.mark.parametrize(
    ("status", "netsuites_code", "code"),
    [
        (400, "TRAN_PERIOD_CLOSED", "netsuite_period"),
        (400, "INVALID_KEY_OR_REF", "netsuite_reference"),
        (400, "NONEXISTENT_FIELD", "netsuite_field_unknown"),
        (400, "MISMATCHED_CURRENCY", "netsuite_currency"),
        (400, "TRANS_LINES_UNBALNCD", "netsuite_unbalanced"),
        (401, "INVALID_LOGIN", "netsuite_sign_in_refused"),
        (401, "", "netsuite_sign_in_refused"),
        (403, "", "netsuite_permission_missing"),
        (404, "NONEXISTENT_ID", "netsuite_source_gone"),
        (429, "USER_ERROR", "netsuite_busy"),
    ],
)
def test_codes_and_statuses_are_known_without_words(status: int, netsuites_code: str, code: str) -> None:
    """Where NetSuite gives a code of its catalogue, or a status that says enough, its words are not needed."""
    answer = _judged(status, _envelope("Nein.", netsuites_code))
    assert isinstance(answer, Refused)
    assert answer.finding.code == code


def test_all_that_netsuite_names_is_said() -> None:
    """Several details are all told, and the finding points at the first place that is named."""
    details = [{"detail": "One.", "o:errorCode": "X"}, {"detail": "Two."}]
    text = json.dumps({"title": "Bad Request", "o:errorDetails": [details[0] | {"o:errorUrl": "/x"}, details[1]]})
    answer = _judged(400, text)
    assert isinstance(answer, Refused)
    assert "NetSuite says: One. Two. (HTTP 400 X, at /x)" in answer.finding.message
    assert answer.finding.where == "/x"


def test_warnings_of_a_written_record_are_kept() -> None:
    """What NetSuite warns of in its headers stays with the answer."""
    headers = {"location": "https://x/12", "x-netsuite-warning": "rounded", "x-netsuite-propertyvalidation": "memo2"}
    answer = answer_to_write(Reply(status=204, headers=headers, text=""), EXCHANGE, "write cash refund cr")
    assert isinstance(answer, Written)
    assert answer.warnings == ("rounded", "memo2")


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
