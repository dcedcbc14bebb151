"""Asks a shop's Admin GraphQL API: signs in, paces itself, and turns refusals into findings."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contrapost.refunds.finding import Finding, error
from contrapost.stores.contract import StoreError
from contrapost.stores.shopify.pacing import Pacer
from contrapost.stores.shopify.payload import decimal
from contrapost.stores.shopify.queries import BUDGET, query
from contrapost.stores.transport import Answer, Call, Http, Patience

if TYPE_CHECKING:
    from contrapost.stores.shopify.settings import Settings

_TOKEN_PATH = "/admin/oauth/access_token"  # noqa: S105 - an address
_RENEW_BEFORE = 300
_TRIES_THROTTLED = 8
_TRIES_FAILING = 3
_SCOPES_FIX = "Give the app the scopes read_orders and read_returns, then install it again."

# What a refusal of the whole call means: code, what happened, what to do.
_REFUSALS = {
    402: ("store_frozen", "is frozen for unpaid bills", "The shop's owner must settle its plan with Shopify."),
    403: ("store_forbidden", "does not let this app in", _SCOPES_FIX),
    404: ("store_not_found", "is not there under this address and API version", "Check shop and api_version."),
    423: ("store_locked", "is locked", "The shop's owner must unlock it with Shopify."),
}
_UNAUTHORIZED = 401


@dataclass(slots=True)
class _Token:
    value: str = ""
    ends: float = 0.0


class Client:
    """Asks one shop; keeps its access token and knows how many points are left."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._http = Http(settings.url, store=f"The shop {settings.shop}", patience=Patience(sleep=sleep))
        self._pacer = Pacer(clock, sleep)
        self._token = _Token()

    def ask(self, name: str, variables: Mapping[str, object], *, points: int = BUDGET) -> Mapping[str, Any]:
        """Asks one of our queries and gives its `data`.

        Raises:
            StoreError: the shop could not be reached, refused us, or answered what cannot be read.
        """
        body = {"query": query(name), "variables": dict(variables)}
        failed = 0
        for _ in range(_TRIES_THROTTLED):
            self._pacer.wait_for(points)
            answer = self._post(body)
            said = self._read(answer)
            self._pacer.learn(said)
            errors = _errors(said)
            if not errors:
                return self._data(said, answer)
            code = _code_of(errors)
            if code == "THROTTLED":
                self._pacer.wait_for(_asked_points(said, points))
            elif code == "INTERNAL_SERVER_ERROR" and failed < _TRIES_FAILING:
                failed += 1
                self._sleep(2.0**failed)
            else:
                raise self._refused(errors, code, answer)
        raise StoreError(
            error(
                "store_busy",
                f"The shop {self._settings.shop} had no points left for us {_TRIES_THROTTLED} times in a row.",
                fix="Another app uses up the shop's allowance; try again later.",
            ),
            retryable=True,
        )

    def _post(self, body: Mapping[str, object]) -> Answer:
        """Sends a query; a token that has ended meanwhile is renewed once."""
        answer = self._http.send(self._call(body))
        if answer.status == _UNAUTHORIZED and self._settings.client_secret:
            self._token = _Token()
            answer = self._http.send(self._call(body))
        if answer.status == _UNAUTHORIZED:
            raise self._stopped(
                "store_token_refused",
                f"The shop {self._settings.shop} refused our access token{_named(answer)}.",
                "Check that the app is still installed in the shop, and give its access token or client secret anew.",
            )
        code, what, fix = _REFUSALS.get(answer.status, ("store_refused", f"answered {answer.status}", ""))
        if answer.status in _REFUSALS or answer.status >= 400:  # noqa: PLR2004 - a refusal in HTTP
            raise self._stopped(code, f"The shop {self._settings.shop} {what}{_named(answer)}.", fix or _SCOPES_FIX)
        return answer

    def _call(self, body: Mapping[str, object]) -> Call:
        path = f"/admin/api/{self._settings.api_version}/graphql.json"
        return Call("POST", path, headers={"X-Shopify-Access-Token": self._access_token()}, json=body)

    def _access_token(self) -> str:
        """Gives a token that is good: the lasting one, or one fetched with the client secret and kept for its day."""
        if not self._settings.client_secret:
            return self._settings.access_token
        if not self._token.value or self._clock() >= self._token.ends:
            self._token = self._fetch_token()
        return self._token.value

    def _fetch_token(self) -> _Token:
        form = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "grant_type": "client_credentials",
        }
        answer = self._http.send(Call("POST", _TOKEN_PATH, form=form))
        said = _json(answer)
        token = said.get("access_token") if isinstance(said, Mapping) else None
        if answer.status >= 300 or not isinstance(token, str) or not token:  # noqa: PLR2004 - no success in HTTP
            raise self._token_refused(answer, said)
        lasts = decimal(said.get("expires_in")) if isinstance(said, Mapping) else None
        return _Token(token, self._clock() + max(float(lasts or 0) - _RENEW_BEFORE, 0.0))

    def _token_refused(self, answer: Answer, said: object) -> StoreError:
        reason = said.get("error") if isinstance(said, Mapping) else None
        told = f" ({reason})" if isinstance(reason, str) else ""
        return self._stopped(
            "store_sign_in_refused",
            f"The shop {self._settings.shop} gave no access token for this client ID and client secret: it answered"
            f" {answer.status}{told}{_named(answer)}.",
            "Check client_id and client_secret in the app's settings in the Dev Dashboard, and that the app is"
            " installed in this shop.",
        )

    def _read(self, answer: Answer) -> Mapping[str, Any]:
        said = _json(answer)
        if isinstance(said, Mapping):
            return said
        raise self._stopped(
            "store_answer_unreadable",
            f"The shop {self._settings.shop} answered something that is no answer of its Admin API{_named(answer)}.",
            "Check shop and address in the account's settings.",
        )

    def _data(self, said: Mapping[str, Any], answer: Answer) -> Mapping[str, Any]:
        data = said.get("data")
        return data if isinstance(data, Mapping) else self._read(Answer(answer.status, answer.headers, b"null"))

    def _refused(self, errors: Sequence[object], code: str, answer: Answer) -> StoreError:
        told = "; ".join(_message_of(each) for each in errors[:3])
        if code == "ACCESS_DENIED":
            return self._stopped("store_scope_missing", f"The shop does not let us read: {told}", _SCOPES_FIX)
        return self._stopped(
            "store_query_refused",
            f"The shop {self._settings.shop} refused our query: {told}{_named(answer)}",
            "Check api_version in the account's settings; if it is empty or right, report this message.",
            retryable=code == "INTERNAL_SERVER_ERROR",
        )

    @staticmethod
    def _stopped(code: str, message: str, fix: str, *, retryable: bool = False) -> StoreError:
        found: Finding = error(code, message, fix=fix)
        return StoreError(found, retryable=retryable)


def _json(answer: Answer) -> object:
    try:
        read: object = answer.json()
    except ValueError:
        return None
    return read


def _errors(said: Mapping[str, Any]) -> Sequence[object]:
    errors = said.get("errors")
    if isinstance(errors, list):
        return errors
    return [errors] if errors else []


def _code_of(errors: Sequence[object]) -> str:
    """Gives the code that decides: throttled before all others, then the first there is."""
    codes = [_extension(each, "code") for each in errors]
    return "THROTTLED" if "THROTTLED" in codes else next((code for code in codes if code), "")


def _extension(found: object, name: str) -> str:
    extensions = found.get("extensions") if isinstance(found, Mapping) else None
    value = extensions.get(name) if isinstance(extensions, Mapping) else None
    return value if isinstance(value, str) else ""


def _message_of(found: object) -> str:
    message = found.get("message") if isinstance(found, Mapping) else found
    return str(message)[:300]


def _asked_points(said: Mapping[str, Any], points: int) -> float:
    """Says how many points to wait for after a refusal; the shop's own count, where it tells, is the better one."""
    extensions = said.get("extensions")
    cost = extensions.get("cost") if isinstance(extensions, Mapping) else None
    asked = decimal(cost.get("requestedQueryCost")) if isinstance(cost, Mapping) else None
    return float(asked) if asked is not None else points


def _named(answer: Answer) -> str:
    return f" [request {answer.request_id}]" if answer.request_id else ""
