"""Scripted faults: which call goes wrong, and how. No odds: the nth call that fits, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphql import GraphQLSchema

DEEDS = ("throttled", "429", "500", "502", "503", "drop", "garbage", "truncated", "401")
SLOW = "slow "


class FaultError(ValueError):
    """A fault cannot be read."""


@dataclass
class Fault:
    """One scripted fault, and how often its call was seen since it was set."""

    when: str
    """`graphql`, `token`, or the name of a root field such as `orders`."""
    do: str
    nth: int = 1
    """The first call that goes wrong, counted from when the fault was set."""
    times: int = 1
    """How many calls go wrong from there on; 0: all."""
    seen: int = 0

    def strikes(self) -> bool:
        """Counts one call that fits and says whether it goes wrong."""
        self.seen += 1
        return self.seen >= self.nth and (self.times == 0 or self.seen < self.nth + self.times)


@dataclass
class Faults:
    """All faults that are set."""

    all: list[Fault] = field(default_factory=list)

    def add(self, given: object, schema: GraphQLSchema) -> None:
        """Sets faults, all of them or none.

        Raises:
            FaultError: one of them cannot be read.
        """
        items = given.get("faults", [given]) if isinstance(given, dict) else given
        if not isinstance(items, list):
            raise FaultError("takes a list of {when, nth, times, do}")
        self.all += [_fault(each, schema) for each in items]

    def struck(self, calls: Collection[str]) -> str:
        """Says what goes wrong with this call; empty: nothing. The first fault that strikes decides."""
        deeds = [fault.do for fault in self.all if fault.when in calls and fault.strikes()]
        return deeds[0] if deeds else ""

    def as_json(self) -> list[dict[str, Any]]:
        """Lists the faults as they were given, with how often each was seen."""
        return [vars(each).copy() for each in self.all]


def _fault(given: object, schema: GraphQLSchema) -> Fault:
    if not isinstance(given, dict) or given.keys() - {"when", "nth", "times", "do"}:
        raise FaultError(f"{given!r} is no fault: it takes when, nth, times, do")
    roots = schema.query_type.fields.keys() if schema.query_type else ()
    when, do = str(given.get("when", "graphql")), str(given.get("do", ""))
    if when not in {"graphql", "token", *roots}:
        raise FaultError(f"when {when!r} is none of graphql, token, {', '.join(roots)}")
    if do not in DEEDS and not (do.startswith(SLOW) and do[len(SLOW) :].isdigit()):
        raise FaultError(f"do {do!r} is none of {', '.join(DEEDS)}, slow MILLISECONDS")
    nth, times = given.get("nth", 1), given.get("times", 1)
    if not all(isinstance(each, int) and not isinstance(each, bool) for each in (nth, times)) or nth < 1 or times < 0:
        raise FaultError("nth is a whole number from 1 on, times one from 0 on (0: all)")
    return Fault(when, do, nth, times)
