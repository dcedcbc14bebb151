"""What the API answers when something is wrong: RFC 9457, for every fault, wherever it arises."""

from __future__ import annotations

import json
import logging
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja.errors import HttpError, ValidationError

from contrapost.app import SetUpError
from contrapost.log import warn
from contrapost.netsuite.answers import NetSuiteError
from contrapost.records.cursors import CursorError
from contrapost.records.errors import DATABASE_LOST, NotFoundError, RecordsError
from contrapost.stores.contract import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.http import HttpRequest
    from ninja import NinjaAPI

    from contrapost.refunds.finding import Finding

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("django.request")


class WrongError(Exception):
    """A request that cannot be done, with all that the answer says."""

    def __init__(self, status: int, code: str, detail: str, *, fix: str = "") -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.fix = status, code, detail, fix


class WrongFieldsError(Exception):
    """Fields that cannot be what they are, each with its reason."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def problem(
    status: int, code: str, detail: str, *, fix: str = "", errors: Sequence[dict[str, str]] = ()
) -> HttpResponse:
    """Makes an answer that says what is wrong."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, "fix": fix}
    answer = HttpResponse(
        json.dumps({**body, "errors": list(errors)}, ensure_ascii=False), status=status, content_type=MEDIA_TYPE
    )
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="Contrapost"'
    return answer


def found_wrong(status: int, finding: Finding) -> HttpResponse:
    """Makes an answer of a finding."""
    return problem(status, finding.code, finding.message, fix=finding.fix)


def everywhere(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware: what Django itself answers below the API's address is said the API's way too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        is_fault = answer.status_code >= HTTPStatus.BAD_REQUEST
        if not request.path_info.startswith(PREFIX) or not is_fault or answer.get("Content-Type") == MEDIA_TYPE:
            return answer
        said = problem(answer.status_code, *_WORDS.get(answer.status_code, _UNKNOWN))
        if answer.get("Allow"):
            said["Allow"] = answer["Allow"]
        return said

    return middleware


_UNKNOWN = ("failed", "This request cannot be answered.")
_WORDS = {
    400: ("bad_request", "This request cannot be read."),
    401: ("not_signed_in", "Nobody is signed in. Send a token: `Authorization: Bearer cp_…`."),
    403: ("forbidden", "This is not allowed."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    503: (
        "database_lost",
        "The database does not answer, or its disk is full. Nothing is half-done: ask again in a minute.",
    ),
    500: ("fault", "Something went wrong that Contrapost did not foresee. The server's log has the details."),
}


def handle(api: NinjaAPI) -> None:
    """Tells the API what to answer for each kind of fault."""
    for kind, say in _SAY.items():
        api.add_exception_handler(kind, partial(_answer, say))
    api.add_exception_handler(Exception, _fault)


def _answer(say: Callable[[Any], HttpResponse], request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ANN401
    del request
    return say(fault)


def _lost(fault: Exception) -> HttpResponse:
    warn("database lost", fault=type(fault).__name__)
    return problem(503, *_WORDS[503])


def _fault(request: HttpRequest, fault: Any) -> HttpResponse:  # noqa: ANN401 - ninja's own type is of no use
    _log.error("Fault in %s %s", request.method, request.path, exc_info=fault)
    return problem(500, *_WORDS[500])


def _wrong(wrong: WrongError) -> HttpResponse:
    return problem(wrong.status, wrong.code, wrong.detail, fix=wrong.fix)


def _http(wrong: HttpError) -> HttpResponse:
    return problem(wrong.status_code, *_WORDS.get(wrong.status_code, _UNKNOWN))


def _fields(wrong: ValidationError) -> HttpResponse:
    return _wrong_fields([(_field(error["loc"]), _reason(error)) for error in wrong.errors])


def _wrong_fields(reasons: Iterable[tuple[str, str]]) -> HttpResponse:
    errors = [{"field": field, "reason": reason} for field, reason in reasons]
    named = ", ".join(dict.fromkeys(error["field"] or "the body" for error in errors))
    return problem(422, "wrong_fields", f"Wrong: {named}.", errors=errors)


def _field(place: Sequence[Any]) -> str:
    """Names a field as the caller wrote it: ninja puts before it where it stood, and for bodies our own name."""
    where, *names = place
    is_ours = where == "body" or (where == "query" and len(names) > 1)
    return ".".join(str(name) for name in (names[1:] if is_ours else names))


def _reason(error: dict[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


def _upstream(wrong: StoreError | NetSuiteError) -> HttpResponse:
    return found_wrong(502, wrong.finding)


_SAY: dict[type[Exception], Callable[[Any], HttpResponse]] = {
    WrongError: _wrong,
    HttpError: _http,
    ValidationError: _fields,
    WrongFieldsError: lambda wrong: _wrong_fields(wrong.reasons.items()),
    CursorError: lambda wrong: _wrong_fields([("cursor", str(wrong))]),
    NotFoundError: lambda wrong: problem(404, "not_found", str(wrong)),
    RecordsError: lambda wrong: problem(409, "refused", str(wrong)),
    SetUpError: lambda wrong: found_wrong(409, wrong.findings[0]),
    StoreError: _upstream,
    NetSuiteError: _upstream,
    **dict.fromkeys(DATABASE_LOST, _lost),
}
"""What is said for each kind; a kind below another goes before it."""
