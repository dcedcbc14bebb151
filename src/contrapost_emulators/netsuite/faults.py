"""Scripted faults: which request they hit, and what goes wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from contrapost_emulators.netsuite.errors import Refused

BEFORE = {
    "429": "concurrency",
    "500 before commit": "unexpected",
    "503 before commit": "unavailable",
    "503": "unavailable",
}
AFTER = {"500 after commit": "unexpected", "503 after commit": "unavailable"}
# What a proxy on the way says, in its own words.
PROXY_BEFORE, PROXY_AFTER = "502 before commit", "502 after commit"
# What the request itself meets with: it is refused as an invalid login.
EXPIRED_TOKEN, USED_NONCE = "expired token", "used nonce"
ACTIONS = frozenset(
    {
        *BEFORE,
        *AFTER,
        PROXY_BEFORE,
        PROXY_AFTER,
        EXPIRED_TOKEN,
        USED_NONCE,
        "commit then drop",
        "drop",
        "garbage",
        "malformed",
        "truncated",
    }
)
SERVICES = {"auth": "token", "query": "suiteql", "async": "job"}
VERBS = {"POST": "create", "PATCH": "update", "PUT": "update", "DELETE": "delete", "GET": "get"}


@dataclass
class Fault:
    """One fault: it acts on the nth matching request from now, and on as many in a row as `times` says."""

    when: str
    do: str
    nth: int = 1
    times: int = 1
    seen: int = 0

    def acts_on(self, request: str) -> bool:
        """Count a request that matches, and say whether this is one to go wrong."""
        if not matches(self.when, request):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times

    @property
    def delay_ms(self) -> int:
        """How long a slow answer takes; nothing for other faults."""
        word, _, number = self.do.partition(" ")
        return int(number) if word == "slow" else 0


def read_fault(document: object) -> Fault:
    """A fault from its JSON form."""
    if not isinstance(document, dict):
        raise Refused("bad request", why="a fault is an object with when and do")
    unknown = document.keys() - {"when", "nth", "times", "do"}
    if unknown:
        raise Refused("bad request", why=f"unknown: {', '.join(sorted(unknown))}")
    fault = Fault(
        when=str(document.get("when", "any")),
        do=str(document.get("do", "")),
        nth=_count(document, "nth"),
        times=_count(document, "times"),
    )
    _check_action(fault)
    return fault


def _count(document: dict[str, object], name: str) -> int:
    number = document.get(name, 1)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise Refused("bad request", why=f"{name} is a whole number from 1")
    return number


def _check_action(fault: Fault) -> None:
    word, _, number = fault.do.partition(" ")
    if fault.do not in ACTIONS and not (word == "slow" and number.isdigit()):
        known = ", ".join(sorted([*ACTIONS, "slow MILLISECONDS"]))
        raise Refused("bad request", why=f"unknown fault {fault.do!r}; there are: {known}")


def matches(when: str, request: str) -> bool:
    """Whether a request, such as `create cashrefund`, is one that `when` names."""
    wanted = when.strip().lower()
    return wanted in {"any", request, request.split(" ", maxsplit=1)[0]}


def describe(method: str, path: tuple[str, ...]) -> str:
    """The words a request is matched by.

    They are `token`, `suiteql`, `job`, `governancelimits`, `servertime`, `metadata`, or verb and record type.
    """
    match path:
        case ("services", "rest", service, *_) if service in SERVICES:
            return SERVICES[service]
        case ("services", "rest", "system", _, name):
            return name.lower()
        case ("services", "rest", "record", _, "metadata-catalog", *_):
            return "metadata"
        case ("services", "rest", "record", _, kind, *rest):
            target = rest[2] if rest[1:2] == ["!transform"] and len(rest) > len(("id", "!transform")) else kind
            return f"{VERBS.get(method, 'other')} {target}".lower()
    return "other"


class Script:
    """The faults that are set, in order; the first that acts wins."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def next_for(self, request: str) -> Fault | None:
        """The fault that hits this request, or none; every matching fault counts it."""
        acting = [fault for fault in self.faults if fault.acts_on(request)]
        return acting[0] if acting else None
