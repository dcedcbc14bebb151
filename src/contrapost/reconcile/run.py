"""One comparison from beginning to end: reads all sides, compares, keeps the lines, proves what matched."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from contrapost.app import SetUpError
from contrapost.codec import encode
from contrapost.mapping.profile import read_profile
from contrapost.netsuite.answers import NetSuiteError
from contrapost.planning import order_rule
from contrapost.reconcile import sources
from contrapost.reconcile.compare import Kind, compare
from contrapost.reconcile.gathering import gathering
from contrapost.reconcile.report import Adding
from contrapost.records import booked, reconciliations
from contrapost.refunds.days import FURTHEST_AHEAD, start_of
from contrapost.refunds.lifecycle import State
from contrapost.stores.contract import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from contrapost.app import App
    from contrapost.reconcile.compare import Line
    from contrapost.reconcile.gathering import Gathered
    from contrapost.records.rows import AccountRow
    from contrapost.refunds.finding import Finding

LINES_A_PART: Final = 500
"""Lines kept together."""
_EARLIEST, _LATEST = date(1970, 1, 1), date(9000, 1, 1)
"""No store is older, so that an earlier day asks for the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A span of days, each as the shop's zone has it, both ends within."""

    since: date
    until: date


def days(since: date, until: date | None, now: datetime) -> Days:
    """Gives a span; without an end it goes on to the day that has begun somewhere.

    Raises:
        ValueError: it ends before it begins.
    """
    end = until or (now.astimezone(UTC) + FURTHEST_AHEAD).date()
    if end < since:
        raise ValueError(f"The span ends on {end}, before it begins on {since}.")
    return Days(since=min(max(since, _EARLIEST), _LATEST), until=min(max(end, _EARLIEST), _LATEST))


def run(
    app: App,
    account: AccountRow,
    span: Days,
    *,
    by: str,
    offline: bool,
    began: Callable[[int], None],
    tell: Callable[[int], None],
) -> int:
    """Makes a comparison, keeps it, and gives its id.

    Args:
        app: the composition root.
        account: the shop.
        span: of days.
        by: who asked for it.
        offline: do not ask the store; our rows stand for it.
        began: told the comparison's id before anything is read.
        tell: told each time how many refunds and records were compared so far.

    Raises:
        SetUpError: the account is not set up to be connected.
        StoreError: the store could not be reached or refused us.
        NetSuiteError: NetSuite could not be asked.
    """
    id_ = reconciliations.begin(account.name, span.since, span.until, offline=offline, by=by, now=app.now())
    began(id_)
    try:
        with gathering() as gathered:
            findings = _gather(app, account, span, gathered, offline=offline)
            _compare(app, id_, gathered, by=by, offline=offline, findings=findings, tell=tell)
    except (StoreError, NetSuiteError) as problem:
        reconciliations.fail(id_, [problem.finding], now=app.now())
        raise
    except SetUpError as problem:
        reconciliations.fail(id_, problem.findings, now=app.now())
        raise
    return id_


def _gather(app: App, account: AccountRow, span: Days, gathered: Gathered, *, offline: bool) -> list[Finding]:
    findings: list[Finding] = []
    for rows in booked.between(account.name, span.since, span.until):
        for row in rows:
            sources.put_row(gathered, row)
    if not offline:
        begins = start_of(span.since)
        store = app.store_for(account)
        findings += sources.read_store(gathered, store, account.name, begins, (span.since, span.until))
    rule = order_rule(read_profile(account.profile)[0])
    sources.read_netsuite(gathered, app.netsuite_for(account.netsuite), account, rule, (span.since, span.until))
    return findings


def _compare(
    app: App,
    id_: int,
    gathered: Gathered,
    *,
    by: str,
    offline: bool,
    findings: list[Finding],
    tell: Callable[[int], None],
) -> None:
    keeping = _Keeping(app=app, id=id_, by=by, tell=tell)
    for line in compare(gathered.claims(offline=offline), gathered.documents()):
        keeping.take(line)
    keeping.finish(findings)


@dataclass(slots=True)
class _Keeping:
    """Takes lines as they come: adds them up, keeps them in parts, and proves what matched."""

    app: App
    id: int
    by: str
    tell: Callable[[int], None]
    adding: Adding = field(default_factory=Adding)
    compared: int = 0
    _parts: dict[Kind, list[str]] = field(default_factory=lambda: defaultdict(list))
    _proven: list[int] = field(default_factory=list)

    def take(self, line: Line) -> None:
        """Takes one line."""
        self.compared += 1
        self.adding.add(line)
        part = self._parts[line.kind]
        part.append(encode(line))
        if line.kind is Kind.MATCHED and line.status is State.POSTED and line.transaction:
            self._proven.append(line.transaction)
        if len(part) >= LINES_A_PART:
            self._keep(line.kind)

    def finish(self, findings: list[Finding]) -> None:
        """Keeps what is left, and ends the comparison."""
        for kind in list(self._parts):
            self._keep(kind)
        totals = self.adding.totals()
        reconciliations.finish(
            self.id,
            encode(totals),
            open_=totals.open + len(findings),
            compared=self.compared,
            findings=findings,
            now=self.app.now(),
        )

    def _keep(self, kind: Kind) -> None:
        if self._parts[kind]:
            reconciliations.add_lines(self.id, kind.value, self._parts[kind], compared=self.compared)
            self._parts[kind] = []
        booked.prove(self._proven, by=self.by, now=self.app.now())
        self._proven = []
        self.tell(self.compared)
