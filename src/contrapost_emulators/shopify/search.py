"""Shopify's search syntax for orders, as far as it is served: terms, comparators, quotes, OR, NOT, parentheses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost_emulators.shopify.intake import Node

    Test = Callable[[Node], bool]

FILTERS = ("created_at", "financial_status", "fulfillment_status", "id", "name", "processed_at", "tag", "updated_at")
"""Of orders; balance transactions are searched by `transaction_type` and `processed_at`."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-)(?=\w)|(?P<field>[a-z_]+):(?P<how><=|>=|<|>)?\s*|
    "(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<word>[^\s()"']+))""",
    re.VERBOSE,
)
_TIMES = {"created_at": "createdAt", "updated_at": "updatedAt", "processed_at": "processedAt"}
_STATES = {
    "financial_status": "displayFinancialStatus",
    "fulfillment_status": "displayFulfillmentStatus",
    "transaction_type": "type",
}
_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,  # type: ignore[operator] # both are text or both numbers
    "<=": lambda left, right: left <= right,  # type: ignore[operator] # the same
    ">": lambda left, right: left > right,  # type: ignore[operator] # the same
    ">=": lambda left, right: left >= right,  # type: ignore[operator] # the same
}


class SearchError(ValueError):
    """The search cannot be read."""


def search(query: str | None, now: datetime) -> Test:
    """Reads a search and gives the test that an order must pass; an empty search lets every order pass.

    Raises:
        SearchError: it cannot be read, or a filter is not served.
    """
    if not (query or "").strip():
        return lambda _: True
    reading = _Reading(_tokens(str(query)), now)
    test = reading.any_of()
    if reading.left:
        raise SearchError(f"{query!r} has a closing parenthesis too many")
    return test


def _tokens(query: str) -> list[re.Match[str]]:
    found, at = [], 0
    while query[at:].strip():
        match = _TOKEN.match(query, at)
        if not match:
            raise SearchError(f"{query!r} cannot be read from {query[at:]!r} on")
        found.append(match)
        at = match.end()
    return found


class _Reading:
    def __init__(self, tokens: list[re.Match[str]], now: datetime) -> None:
        self.left = tokens
        self._now = now

    def any_of(self) -> Test:
        tests = [self._all_of()]
        while self.left and self.left[0]["word"] == "OR":
            self.left.pop(0)
            tests.append(self._all_of())
        return lambda order: any(test(order) for test in tests)

    def _all_of(self) -> Test:
        tests = [self._term()]
        while self.left and not self.left[0]["close"] and self.left[0]["word"] != "OR":
            if self.left[0]["word"] == "AND":
                self.left.pop(0)
            tests.append(self._term())
        return lambda order: all(test(order) for test in tests)

    def _term(self) -> Test:
        if not self.left:
            raise SearchError("the search ends where a term is due")
        token = self.left.pop(0)
        if token["minus"] or token["word"] == "NOT":
            inner = self._term()
            return lambda order: not inner(order)
        if token["open"]:
            inner = self.any_of()
            if not self.left:
                raise SearchError("a parenthesis is not closed")
            self.left.pop(0)
            return inner
        if token["field"]:
            return self._filter(token["field"], token["how"] or "", self._value())
        return _named(_text(token))

    def _value(self) -> str:
        if not self.left:
            raise SearchError("a filter has no value")
        return _text(self.left.pop(0))

    def _filter(self, name: str, how: str, value: str) -> Test:
        if name in _TIMES:
            field, compare = _TIMES[name], _COMPARE.get(how)
            moment = _moment(value, self._now)
            if compare:
                return lambda order: compare(order[field], moment)
            return lambda order: bool(order[field].startswith(value[:10]))
        if name == "id":
            return _identified(value.rsplit("/", 1)[-1], how)
        if name == "name":
            return _named(value)
        if name in _STATES:
            return lambda order: str(order[_STATES[name]]).lower() == value.lower()
        if name == "tag":
            return lambda order: value in order.get("tags", ())
        raise SearchError(f"the filter {name!r} is not served here; these are: {', '.join(FILTERS)}")


def _text(token: re.Match[str]) -> str:
    quoted = token["double"] if token["double"] is not None else token["single"]
    return re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else str(token["word"] or "")


def _identified(value: str, how: str) -> Test:
    if not value.isdigit():
        raise SearchError(f"{value!r} is no id")
    compare = _COMPARE[how or "="]
    return lambda order: compare(int(order["id"].rsplit("/", 1)[1]), int(value))


def _named(value: str) -> Test:
    """A name matches with or without the signs around it, in any case; `*` at the end matches any rest."""
    plain = value.casefold().strip("#")
    if plain.endswith("*"):
        return lambda order: order["name"].casefold().strip("#").startswith(plain[:-1])
    return lambda order: plain in _words(order["name"])


@lru_cache(maxsize=200_000)
def _words(name: str) -> frozenset[str]:
    """What an order's name is found by: all of it, or a part between signs."""
    return frozenset({name.casefold().strip("#"), *re.split(r"[^0-9a-z]+", name.casefold())})


def _moment(value: str, now: datetime) -> str:
    if value == "now":
        read = now
    else:
        try:
            read = datetime.fromisoformat(value if len(value) > len("2026") else f"{value}-01-01")
        except ValueError:
            raise SearchError(f"{value!r} is no date and time") from None
    zoned = read if read.tzinfo else read.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
