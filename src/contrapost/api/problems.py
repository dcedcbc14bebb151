"""What the API answers when something is wrong: RFC 9457, for every fault, wherever it arises."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja.errors import HttpError, ValidationError

from contrapost.app import SetUpError
from contrapost.netsuite.answers import NetSuiteError
from contrapost.records.errors import NotFoundError, RecordsError
from contrapost.records.queries import CursorError
from contrapost.stores.contract import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    500: ("fault", "Something went wrong that Contrapost did not foresee. The server's log has the details."),
}


def handle(api: NinjaAPI) -> None:
    """Tells the API what to answer for each kind of fault."""
    api.add_exception_handler(WrongError, _wrong)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(ValidationError, _fields)
    api.add_exception_handler(CursorError, _cursor)
    api.add_exception_handler(NotFoundError, _not_found)
    api.add_exception_handler(RecordsError, _refused)
    api.add_exception_handler(SetUpError, _not_set_up)
    api.add_exception_handler(StoreError, _upstream)
    api.add_exception_handler(NetSuiteError, _upstream)
    api.add_exception_handler(Exception, _fault)


def _wrong(request: HttpRequest, wrong: WrongError) -> HttpResponse:
    del request
    return problem(wrong.status, wrong.code, wrong.detail, fix=wrong.fix)


def _http(request: HttpRequest, wrong: HttpError) -> HttpResponse:
    del request
    return problem(wrong.status_code, *_WORDS.get(wrong.status_code, _UNKNOWN))


def _fields(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    del request
    errors = [{"field": _field(error["loc"]), "reason": _reason(error)} for error in wrong.errors]
    named = ", ".join(error["field"] or "the body" for error in errors)
    return problem(422, "wrong_fields", f"Wrong: {named}.", errors=errors)


def _field(place: Sequence[Any]) -> str:
    """Names a field as the caller wrote it: ninja puts before it where it stood, and for bodies our own name."""
    where, *names = place
    return ".".join(str(name) for name in (names[1:] if where in {"body", "query"} and len(names) > 1 else names))


def _reason(error: dict[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


def _cursor(request: HttpRequest, wrong: CursorError) -> HttpResponse:
    del request
    return problem(422, "wrong_fields", "Wrong: cursor.", errors=[{"field": "cursor", "reason": str(wrong)}])


def _not_found(request: HttpRequest, wrong: NotFoundError) -> HttpResponse:
    del request
    return problem(404, "not_found", str(wrong))


def _refused(request: HttpRequest, wrong: RecordsError) -> HttpResponse:
    del request
    return problem(409, "refused", str(wrong))


def _not_set_up(request: HttpRequest, wrong: SetUpError) -> HttpResponse:
    del request
    return found_wrong(409, wrong.findings[0])


def _upstream(request: HttpRequest, wrong: StoreError | NetSuiteError) -> HttpResponse:
    del request
    return found_wrong(502, wrong.finding)


def _fault(request: HttpRequest, fault: Exception) -> HttpResponse:
    _log.error("Fault in %s %s", request.method, request.path, exc_info=fault)
    return problem(500, *_WORDS[500])
