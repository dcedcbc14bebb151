"""Doing one thing to several refunds: each by itself, and what could not be done is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.cli.answer import opened, say_result
from contrapost.cli.say import end, who

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from contrapost.app import App

    class Deed(Protocol):
        """What is done to one transaction."""

        def __call__(self, app: App, id_: int, *, by: str) -> object:
            """Does it."""


def on_each(ids: Sequence[int], deed: Deed, *, as_json: bool) -> None:
    """Does it to each refund and answers with those that are still here."""
    from contrapost.flow import Result
    from contrapost.records import queries
    from contrapost.records.errors import NotFoundError, RecordsError
    from contrapost.refunds.finding import error
    from contrapost.stores.contract import Problem

    app = opened()
    problems: list[Problem] = []
    for id_ in ids:
        try:
            deed(app, id_, by=who())
        except RecordsError as refused:
            problems.append(Problem(order=str(id_), finding=error("refused", str(refused), fix="")))
    rows = []
    for id_ in ids:
        try:
            rows.append(queries.get(id_))
        except NotFoundError:
            continue
    say_result(Result(transactions=tuple(rows), problems=tuple(problems)), as_json=as_json)
    end(done=not problems)
