"""What a look that a person asked for came to, said the same by every verb that asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contrapost.cli.say import end, say_json, say_problems
from contrapost.refunds.lifecycle import LABELS, State
from contrapost.shapes import problem_shape
from contrapost.waiting_shapes import count_states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contrapost.looking import Looked

MOST = 100_000
"""A person at the command line waits for all of it."""


def say_looked(looked: Sequence[Looked], *, as_json: bool) -> None:
    """Answers with how many were looked at and where they stand now; exits with 1 where something needs attention."""
    from contrapost.records import queries

    ids = [id_ for one in looked for id_ in one.ids]
    statuses = count_states(state for part in _portions(ids) for state in queries.states(part).values())
    problems = [problem for one in looked for problem in one.problems]
    left, asked = sum(one.left for one in looked), sum(one.asked for one in looked)
    if as_json:
        problem_shapes = [problem_shape(problem) for problem in problems]
        say_json(
            {"looked_at": len(ids), "left": left, "asked": asked, "statuses": statuses, "problems": problem_shapes}
        )
    else:
        click.echo(f"{len(ids)} looked at{_told(statuses)}.")
        if asked:
            click.echo(f"{asked} asked to be posted: a worker, or the web server, posts them.")
        if left:
            click.echo(f"{left} are looked at in their turn.")
        say_problems(problems)
    end(done=not problems and State.NEEDS_ATTENTION.value not in statuses)


def _portions(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + 500] for start in range(0, len(ids), 500)]


def _told(statuses: dict[str, int]) -> str:
    told = ", ".join(f"{count} {LABELS[State(status)].lower()}" for status, count in statuses.items())
    return f": {told}" if told else ""
