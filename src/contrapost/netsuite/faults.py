"""NetSuite's answers in our words: the one place where a wire error becomes written, refused or unknown."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from contrapost.netsuite.answers import NetSuiteError, Refused, Unknown, Written
from contrapost.netsuite.refusals import Said, meaning_of
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from contrapost.netsuite.answers import Answer, Exchange
    from contrapost.netsuite.wire import Reply

_OK, _REDIRECTED, _SERVER = 200, 300, 500
_MOST_DETAILS = 5
_PLACES = ("o:errorPath", "o:errorQueryParam", "o:errorHeader", "o:errorUrl")
_WARNINGS = ("x-netsuite-warning", "x-netsuite-propertyvalidation")


def is_servers_own(reply: Reply) -> bool:
    """Says whether an answer is a 5xx: a fault of NetSuite's own, with no word on what it carried out."""
    return reply.status >= _SERVER


def said_in(reply: Reply) -> Said | None:
    """Reads NetSuite's error envelope; None where the answer has none, and so may not be NetSuite's."""
    try:
        envelope = json.loads(reply.text)
        details = envelope["o:errorDetails"][:_MOST_DETAILS]
        first = details[0]
        return Said(
            code=str(first.get("o:errorCode") or envelope.get("o:errorCode") or ""),
            words=" ".join(str(one.get("detail") or "") for one in details).strip() or str(envelope.get("title") or ""),
            path=next((str(first[place]) for place in _PLACES if first.get(place)), ""),
        )
    except (ValueError, LookupError, AttributeError, TypeError):
        return None


def answer_to_write(reply: Reply, exchange: Exchange, what: str) -> Answer:
    """Judges the answer to a write.

    A 2xx with a Location is written, but for 202, whose Location is a job that may still fail. NetSuite's own 4xx is
    refused: it rolls back what it refuses. Everything else may have been carried out: 5xx, a 2xx without Location, an
    answer that is not NetSuite's.

    Args:
        reply: the answer.
        exchange: the call and its answer, to be kept.
        what: what was tried, for the sentence: `write cash refund cp-myshop-9002-cr-512`.
    """
    if _OK <= reply.status < _REDIRECTED:
        return _written(reply, exchange, what)
    said = said_in(reply)
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        said = said or Said("", "")
    if said is None or is_servers_own(reply):
        return Unknown(finding=no_clear_answer(what, f"HTTP {reply.status}"), exchange=exchange)
    meaning = meaning_of(reply.status, said)
    message = f"NetSuite refused to {what}: {meaning.means}.{_own_words(reply.status, said)}"
    return Refused(
        finding=error(meaning.code, message, fix=meaning.fix, where=said.path),
        exchange=exchange,
        retryable=meaning.retryable,
        exists=meaning.exists,
    )


def answer_to_removal(reply: Reply, exchange: Exchange, what: str) -> Answer:
    """Judges the answer to a deletion; a record that NetSuite itself says is not there is as good as deleted."""
    gone = reply.status == HTTPStatus.NOT_FOUND and said_in(reply) is not None
    if gone or reply.status == HTTPStatus.NO_CONTENT:
        return Written(id=exchange.path.rpartition("/")[2], exchange=exchange)
    if _OK <= reply.status < _REDIRECTED:
        return Unknown(finding=no_clear_answer(what, f"HTTP {reply.status}"), exchange=exchange)
    return answer_to_write(reply, exchange, what)


def no_clear_answer(what: str, how: str) -> Finding:
    """Says that a write may or may not have landed."""
    return error(
        "outcome_unknown",
        f"NetSuite gave no clear answer ({how}) to the try to {what}: it may hold the record, or not.",
        fix="Nothing is sent again before NetSuite was looked at. Post again, and it is looked up first.",
    )


def not_sent(what: str, how: str) -> Finding:
    """Says that a write never left this machine."""
    return error(
        "netsuite_unreachable",
        f"NetSuite could not be reached ({how}) to {what}; nothing was sent.",
        fix="Check the network; if NetSuite is in maintenance, post again afterwards.",
    )


def failed_to_read(reply: Reply, what: str) -> NetSuiteError:
    """Says that a question to NetSuite failed."""
    said = said_in(reply) or Said("", reply.text[:200].strip() or "an empty answer")
    meaning = meaning_of(reply.status, said)
    busy = meaning.retryable or is_servers_own(reply)
    refused = "was too busy to" if busy else "would not"
    fix = _READ_AGAIN if busy else _READ_FIXES.get(meaning.code, _CHECK_ROLE)
    message = f"NetSuite {refused} {what}.{_own_words(reply.status, said)}"
    return NetSuiteError(error("netsuite_read_failed", message, fix=fix), retryable=busy)


def _own_words(status: int, said: Said) -> str:
    """NetSuite's own words, for those who look them up: its help and its support know them."""
    code = f" {said.code}" if said.code else ""
    where = f", at {said.path}" if said.path else ""
    return f" NetSuite says: {said.words or 'none'} (HTTP {status}{code}{where})"


def _written(reply: Reply, exchange: Exchange, what: str) -> Answer:
    id_ = reply.headers.get("location", "").rstrip("/").rpartition("/")[2]
    if not id_.isdigit() or reply.status == HTTPStatus.ACCEPTED:
        return Unknown(finding=no_clear_answer(what, f"HTTP {reply.status} without an id"), exchange=exchange)
    warnings = tuple(reply.headers[name] for name in _WARNINGS if name in reply.headers)
    return Written(id=id_, exchange=exchange, warnings=warnings)


_READ_AGAIN = "Try again in a while."
_CHECK_ROLE = "Check the role's permissions (REST Web Services, SuiteAnalytics Workbook, and the records themselves)."
_READ_FIXES = {
    "netsuite_sign_in_refused": "Check the NetSuite account's credentials: contrapost doctor says which part is wrong."
}
