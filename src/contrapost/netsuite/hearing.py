"""What goes over the wire while NetSuite is asked something: heard beside the answer, for the log of attempts."""

from __future__ import annotations

import json
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from contrapost.netsuite.answers import Exchange, NetSuiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Told = TypeVar("Told")

MOST_SENT = 2_000
"""Characters of a question that are kept with each record it was about; the rest names other records."""
_listening: ContextVar[list[Exchange] | None] = ContextVar("listening", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Generic[Told]):
    """What NetSuite told, or why it told nothing, and the calls that this took."""

    told: Told | None = None
    problem: NetSuiteError | None = None
    exchanges: tuple[Exchange, ...] = ()


def listen(ask: Callable[[], Told]) -> Heard[Told]:
    """Asks, and gives the answer with the calls that were made for it, in this thread."""
    exchanges: list[Exchange] = []
    before = _listening.set(exchanges)
    try:
        told = ask()
    except NetSuiteError as problem:
        return Heard(problem=problem, exchanges=tuple(exchanges))
    finally:
        _listening.reset(before)
    return Heard(told=told, exchanges=tuple(exchanges))


def note(exchange: Exchange) -> None:
    """Lets whoever listens in this thread hear of a call that was made."""
    exchanges = _listening.get()
    if exchanges is not None:
        exchanges.append(exchange)


def by_record(exchanges: Sequence[Exchange]) -> dict[str, Exchange]:
    """Gives for each record that answers to SuiteQL were about, by internal id, the call with only its own rows."""
    found: dict[str, Exchange] = {}
    for exchange in exchanges:
        rows: dict[str, list[Any]] = {}
        for row in _items(exchange.received):
            rows.setdefault(str(row.get("id", "")), []).append(row)
        for id_, its_own in rows.items():
            received = json.dumps({"items": its_own}, ensure_ascii=False)
            found[id_] = replace(shortened(exchange), received=received)
    return found


def shortened(exchange: Exchange) -> Exchange:
    """Gives a call whose question and answer, which may be about hundreds of records, are cut short."""
    return replace(exchange, sent=_cut(exchange.sent), received=_cut(exchange.received))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SENT else f"{text[:MOST_SENT]} …"


def _items(text: str) -> list[dict[str, Any]]:
    try:
        said = json.loads(text, parse_float=str)
    except ValueError:
        return []
    items = said.get("items") if isinstance(said, dict) else None
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
