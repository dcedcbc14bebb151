"""NetSuite's answers in our words: the one place where a wire error becomes written, refused or unknown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from contrapost.netsuite.answers import NetSuiteError, Refused, Unknown, Written
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from contrapost.netsuite.answers import Answer, Exchange
    from contrapost.netsuite.wire import Reply


@dataclass(frozen=True, slots=True)
class Said:
    """What an error answer says: NetSuite's code, its words, and the field it points at."""

    code: str
    words: str
    path: str = ""


_OK, _REDIRECTED, _SERVER = 200, 300, 500


def is_servers_own(reply: Reply) -> bool:
    """Says whether an answer is a 5xx: a fault of NetSuite's own, with no word on what it carried out."""
    return reply.status >= _SERVER


def said_in(reply: Reply) -> Said | None:
    """Reads NetSuite's error envelope; None where the answer has none, and so may not be NetSuite's."""
    try:
        envelope = json.loads(reply.text)
        detail = envelope["o:errorDetails"][0]
        return Said(
            code=str(detail.get("o:errorCode") or envelope.get("o:errorCode") or ""),
            words=str(detail.get("detail") or envelope.get("title") or ""),
            path=str(detail.get("o:errorPath") or ""),
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
        return Refused(finding=_busy(what, said), exchange=exchange, retryable=True)
    if said is None or is_servers_own(reply):
        return Unknown(finding=no_clear_answer(what, f"HTTP {reply.status}"), exchange=exchange)
    return Refused(
        finding=_refused(what, reply.status, said),
        exchange=exchange,
        retryable=said.code == "RCRD_HAS_BEEN_CHANGED" or "has been changed" in said.words,
        exists="already exists" in said.words or said.code == "DUP_RCRD",
    )


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
    busy = reply.status == HTTPStatus.TOO_MANY_REQUESTS or is_servers_own(reply)
    fix = "Try again in a while." if busy else _FIXES.get(said.code, _FIX_READ)
    refused = "was too busy to" if busy else "would not"
    message = f"NetSuite {refused} {what} (HTTP {reply.status}). NetSuite says: {said.words}"
    return NetSuiteError(error("netsuite_read_failed", message, fix=fix), retryable=busy)


def _written(reply: Reply, exchange: Exchange, what: str) -> Answer:
    id_ = reply.headers.get("location", "").rstrip("/").rpartition("/")[2]
    if not id_.isdigit() or reply.status == HTTPStatus.ACCEPTED:
        return Unknown(finding=no_clear_answer(what, f"HTTP {reply.status} without an id"), exchange=exchange)
    names = ("x-netsuite-warning", "x-netsuite-propertyvalidation")
    warnings = tuple(reply.headers[name] for name in names if name in reply.headers)
    return Written(id=id_, exchange=exchange, warnings=warnings)


def _busy(what: str, said: Said | None) -> Finding:
    words = f" NetSuite says: {said.words}" if said else ""
    return error(
        "netsuite_busy",
        f"NetSuite was too busy to {what}; it holds nothing of it.{words}",
        fix="Post again in a while. If it happens often, other integrations use the account's limit.",
    )


def _refused(what: str, status: int, said: Said) -> Finding:
    where = f" (field {said.path})" if said.path else ""
    fix = next((fix for words, fix in _FIXES_BY_WORDS if words in said.words.lower()), None)
    return error(
        "netsuite_refused",
        f"NetSuite refused to {what} (HTTP {status}). NetSuite says: {said.words}{where}",
        fix=fix or _FIXES.get(said.code, "Mend what NetSuite names, then post again; nothing was written."),
        where=said.path,
    )


_FIX_READ = "Check the role's permissions (REST Web Services, SuiteAnalytics Workbook, and the records themselves)."
_FIX_SIGN_IN = "Check the NetSuite account's credentials: contrapost doctor says which part is wrong."
_FIXES = {
    "INVALID_LOGIN": _FIX_SIGN_IN,
    "INSUFFICIENT_PERMISSION": "Give the integration's role the permission for this record in NetSuite.",
}
_FIXES_BY_WORDS = (
    ("does not have permission", "Give the integration's role the permission for this record in NetSuite."),
    ("accounting period", "Open the period in NetSuite, or set the account's period policy, then post again."),
    ("closed period", "Open the period in NetSuite, or set the account's period policy, then post again."),
    ("already exists", "Look at the record with this external id in NetSuite; it was not made by this plan."),
    ("reference key", "An item, customer, location or account it names is inactive or of another subsidiary: mend it."),
    ("locked by a user defined workflow", "Let the workflow finish, or exempt the integration's role from it."),
)
