"""What a comparison adds up to, for each day and currency, and how it is written as a table. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003 - msgspec reads this type at run time
from typing import TYPE_CHECKING, Final

from contrapost.reconcile.compare import Kind
from contrapost.refunds.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contrapost.reconcile.compare import Document, Line

KIND_WORDS: Final = {
    Kind.MATCHED: "Matched",
    Kind.ONLY_IN_STORE: "Only in the store",
    Kind.ONLY_IN_NETSUITE: "Only in NetSuite",
    Kind.DIFFERENT: "Different",
}
"""What people read for each kind, everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What lines of one currency add up to: netsuite = store + explained + difference."""

    lines: int
    store: Money
    explained: Money
    netsuite: Money

    @property
    def difference(self) -> Money:
        """What NetSuite holds beyond what the store calls for; below zero what it lacks."""
        return self.netsuite - self.store - self.explained

    @classmethod
    def none(cls, currency: str) -> Sum:
        """Gives the sum of no lines."""
        zero = Money.zero(currency)
        return cls(lines=0, store=zero, explained=zero, netsuite=zero)

    def __add__(self, other: Sum) -> Sum:
        return Sum(
            lines=self.lines + other.lines,
            store=self.store + other.store,
            explained=self.explained + other.explained,
            netsuite=self.netsuite + other.netsuite,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The refunds of one day in one currency, by kind."""

    day: date
    currency: str
    kinds: dict[Kind, Sum]
    """Only kinds that there are."""

    @property
    def whole(self) -> Sum:
        """All kinds together."""
        return sum(self.kinds.values(), Sum.none(self.currency))


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a whole comparison came to."""

    groups: tuple[Group, ...] = ()
    """By day, then currency."""
    open: int = 0
    """Lines that leave something to be done."""

    def by_kind(self) -> dict[Kind, int]:
        """Counts the lines of each kind."""
        return {kind: sum(group.kinds[kind].lines for group in self.groups if kind in group.kinds) for kind in Kind}

    def by_currency(self) -> dict[str, Group]:
        """Adds up all days of each currency; the group's day is the first."""
        found: dict[str, Group] = {}
        for group in self.groups:
            before = found.get(group.currency)
            found[group.currency] = _together(before, group) if before else group
        return dict(sorted(found.items()))


class Adding:
    """Adds lines up as they come; holds one entry for each day, currency and kind."""

    def __init__(self) -> None:
        self._sums: dict[tuple[date, str, Kind], Sum] = {}
        self._open = 0

    def add(self, line: Line) -> None:
        """Adds one line."""
        place = (line.day, line.netsuite.currency, line.kind)
        own = Sum(lines=1, store=line.store, explained=line.explained, netsuite=line.netsuite)
        before = self._sums.get(place)
        self._sums[place] = before + own if before else own
        self._open += line.is_open

    def totals(self) -> Totals:
        """Gives what the lines so far add up to."""
        groups: dict[tuple[date, str], dict[Kind, Sum]] = {}
        for (day, currency, kind), summed in sorted(self._sums.items()):
            groups.setdefault((day, currency), {})[kind] = summed
        found = (Group(day=day, currency=currency, kinds=kinds) for (day, currency), kinds in groups.items())
        return Totals(groups=tuple(found), open=self._open)


def _together(one: Group, other: Group) -> Group:
    kinds = dict(one.kinds)
    for kind, summed in other.kinds.items():
        kinds[kind] = kinds[kind] + summed if kind in kinds else summed
    return replace(one, kinds=kinds)


COLUMNS: Final = (
    "day",
    "currency",
    "kind",
    "order",
    "refund",
    "id",
    "status",
    "store",
    "explained",
    "netsuite",
    "difference",
    "records",
    "code",
    "why",
    "what_to_do",
)
"""The columns of the table."""


def table(lines: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    """Writes lines as the rows of a table, its head first; amounts have the decimals of their currency."""
    yield COLUMNS
    for line in lines:
        yield (
            line.day.isoformat(),
            line.netsuite.currency,
            line.kind.value,
            _as_text(line.order),
            _as_text(line.refund),
            str(line.transaction or ""),
            line.status.value if line.status else "",
            line.store.text,
            line.explained.text,
            line.netsuite.text,
            line.difference.text,
            "; ".join(_named(one) for one in line.documents),
            " ".join(finding.code for finding in line.why),
            _as_text(" ".join(finding.message for finding in line.why)),
            _as_text(" ".join(finding.fix for finding in line.why)),
        )


def _named(document: Document) -> str:
    void = ", void" if document.voided else ""
    return f"{document.label} {document.total.text} {document.day.isoformat()}{void}"


def _as_text(text: str) -> str:
    """Keeps a spreadsheet from taking what people typed for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
