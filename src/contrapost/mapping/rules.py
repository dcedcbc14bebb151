"""Field rules: what stands in a field of a NetSuite record, by one of four kinds of rule. Pure.

A rule gives a fixed value, copies a source, translates one by a table, or chooses by conditions. What it gives is
still a value of its own kind; `field_values` makes of it what NetSuite takes for the field.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from contrapost.mapping.sources import Value, is_of_line, read
from contrapost.netsuite.drafts import REFUNDING, RecordType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contrapost.mapping.sources import Scope

RECORDS = tuple(record for record in REFUNDING if record is not RecordType.SALES_ORDER)
"""The records that rules may write to: those that a refund makes. A sales order it only changes."""
LINES = "item"
"""The sublist whose lines rules may write to."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Copy:
    """The value of a source, cut off after some characters where that is said."""

    source: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Translate:
    """The value that a table has for the value of a source."""

    source: str
    table: Mapping[str, Value]
    """By the source's value, in small letters."""
    otherwise: Fixed | Copy | None = None


class Comparison(StrEnum):
    """How a condition compares a source with words."""

    IS = "is"
    """It is one of the words."""
    IS_NOT = "is not"
    """It is none of the words."""
    HAS = "has"
    """One of its entries, which commas part, is one of the words."""
    CONTAINS = "contains"
    """One of the words is somewhere in it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of one source with words; capitals do not matter, and an empty word stands for no value."""

    source: str
    compared: Comparison
    words: tuple[str, ...]

    def holds(self, scope: Scope) -> bool:
        """Says whether the condition holds."""
        found = read(self.source, scope)
        text = found.text.casefold() if found else ""
        words = {word.casefold() for word in self.words}
        if self.compared is Comparison.IS:
            return text in words
        if self.compared is Comparison.IS_NOT:
            return text not in words
        if self.compared is Comparison.HAS:
            return bool(words & {entry.strip() for entry in text.split(",")})
        return any(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Case:
    """What is given where all conditions hold."""

    conditions: tuple[Condition, ...]
    then: Fixed | Copy
    text: str
    """The conditions as they were written."""


@dataclass(frozen=True, slots=True)
class Choose:
    """What the first case gives whose conditions hold."""

    cases: tuple[Case, ...]
    otherwise: Fixed | Copy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What stands in one field of one record type."""

    record: RecordType
    sublist: str
    """Empty for a field of the record itself."""
    field: str
    gives: Fixed | Copy | Translate | Choose
    required: bool
    """Without a value the refund is held; otherwise the field is left out."""
    text: str
    """As it was written."""

    @property
    def setting(self) -> str:
        """The name of the setting that holds the rule."""
        return ".".join(part for part in ("field", self.record.value, self.sublist, self.field) if part)

    def sources(self) -> Iterator[str]:
        """Names the sources that the rule may read, some of them twice."""
        yield from _sources(self.gives)

    @property
    def reads_line(self) -> bool:
        """Says whether the rule reads something that only a line of the store has."""
        return any(is_of_line(source) for source in self.sources())


@dataclass(frozen=True, slots=True)
class Given:
    """A rule gives this, and why."""

    value: Value
    why: str


class Lack(StrEnum):
    """Why a rule gives nothing."""

    EMPTY = "empty"
    """A source holds nothing."""
    NOT_IN_TABLE = "not in table"
    NO_CASE = "no case"


@dataclass(frozen=True, slots=True)
class NotGiven:
    """A rule gives nothing."""

    lack: Lack
    source: str = ""
    value: str = ""
    """What the table lacks."""


def evaluate(rule: Rule, scope: Scope) -> Given | NotGiven:
    """Gives what a rule comes to."""
    gives = rule.gives
    if isinstance(gives, Translate):
        return _translated(gives, scope)
    if isinstance(gives, Choose):
        return _chosen(gives, scope)
    return _plainly(gives, scope)


def _plainly(gives: Fixed | Copy, scope: Scope) -> Given | NotGiven:
    if isinstance(gives, Fixed):
        return Given(gives.value, "fixed")
    found = read(gives.source, scope)
    if found is None:
        return NotGiven(Lack.EMPTY, gives.source)
    if gives.most and len(found.text) > gives.most:
        return Given(Value(found.text[: gives.most], found.kind), f"copied from {gives.source}, cut to {gives.most}")
    return Given(found, f"copied from {gives.source}")


def _translated(gives: Translate, scope: Scope) -> Given | NotGiven:
    found = read(gives.source, scope)
    value = gives.table.get(found.text.casefold()) if found else None
    if found and value:
        return Given(value, f"translated from {gives.source} {found.text}")
    if gives.otherwise:
        return _otherwise(gives.otherwise, scope, f"{gives.source} {found.text if found else 'empty'} not in its table")
    return NotGiven(Lack.NOT_IN_TABLE, gives.source, found.text) if found else NotGiven(Lack.EMPTY, gives.source)


def _chosen(gives: Choose, scope: Scope) -> Given | NotGiven:
    for case in gives.cases:
        if all(condition.holds(scope) for condition in case.conditions):
            return _because(_plainly(case.then, scope), f"because {case.text}")
    if gives.otherwise:
        return _otherwise(gives.otherwise, scope, "no condition holds")
    return NotGiven(Lack.NO_CASE)


def _otherwise(gives: Fixed | Copy, scope: Scope, why: str) -> Given | NotGiven:
    return _because(_plainly(gives, scope), f"otherwise: {why}")


def _because(given: Given | NotGiven, why: str) -> Given | NotGiven:
    if isinstance(given, NotGiven):
        return given
    return Given(given.value, why if given.why == "fixed" else f"{given.why}, {why}")


def _sources(gives: Fixed | Copy | Translate | Choose | None) -> Iterator[str]:
    if isinstance(gives, Copy | Translate):
        yield gives.source
    if isinstance(gives, Choose):
        for case in gives.cases:
            yield from (condition.source for condition in case.conditions)
            yield from _sources(case.then)
    if isinstance(gives, Translate | Choose):
        yield from _sources(gives.otherwise)
