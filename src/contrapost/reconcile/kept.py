"""Comparisons as they were kept, read again."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from contrapost.codec import decode
from contrapost.reconcile.compare import Kind, Line
from contrapost.reconcile.report import Totals
from contrapost.records import reconciliations
from contrapost.refunds.lifecycle import BOOKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contrapost.records.reconciliations import ReconciliationRow

OPEN_KINDS: Final = (Kind.DIFFERENT, Kind.ONLY_IN_NETSUITE, Kind.ONLY_IN_STORE)
"""The kinds that may leave something to be done, the worst first."""

TO_RETRIEVE: Final = frozenset({"reconcile_not_retrieved", "reconcile_store_changed"})
"""What retrieving the order again mends, or notes with the refund."""

_TOGETHER: Final = 300


def totals_of(row: ReconciliationRow) -> Totals:
    """Gives what a comparison added up to; nothing while it goes on, or where it failed."""
    return decode(row.totals, Totals) if row.totals else Totals()


def lines_of(id_: int, kinds: Sequence[Kind] = (*OPEN_KINDS, Kind.MATCHED)) -> Iterator[Line]:
    """Gives the lines of these kinds, kind by kind, some hundred of them in memory at once."""
    for portion in reconciliations.lines(id_, [kind.value for kind in kinds]):
        yield from decode(portion, tuple[Line, ...])


def to_retrieve(id_: int) -> Iterator[str]:
    """Names the orders of refunds that the store has and we never retrieved, or whose money it says otherwise now."""
    for line in lines_of(id_, (Kind.ONLY_IN_STORE, Kind.DIFFERENT)):
        if any(finding.code in TO_RETRIEVE for finding in line.why):
            yield line.order


def booked_and_different(id_: int) -> Iterator[list[int]]:
    """Gives the posted transactions that a comparison found different, some hundred at a time."""
    lines = lines_of(id_, (Kind.DIFFERENT,))
    ids = (line.transaction for line in lines if line.transaction and line.status in BOOKED)
    while some := list(islice(ids, _TOGETHER)):
        yield list(dict.fromkeys(some))
