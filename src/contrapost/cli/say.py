"""How the command line speaks: JSON or tables, findings, faults, and exit codes."""

from __future__ import annotations

import getpass
import json
import os
import sys
import tempfile
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from contrapost.log import scrubbed
from contrapost.shapes import finding_shape, needs_attention, problem_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from contrapost.refunds.finding import Finding
    from contrapost.stores.contract import Problem

EXIT_DONE, EXIT_ATTENTION, EXIT_WRONG_CALL = 0, 1, 2

console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)

STATE_STYLES = {
    "posted": "green",
    "reconciled": "green",
    "ready": "cyan",
    "waiting": "yellow",
    "needs_attention": "red",
    "outcome_unknown": "magenta",
    "posting": "magenta",
}
"""One colour a state, always beside its word."""


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --json to a verb."""
    return click.option("--json", "as_json", is_flag=True, help="Answer JSON, for scripts.")(function)


def who() -> str:
    """Names who calls, for the history: the user of this machine."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):
        return f"user {os.getuid()} (command line)"


def say_json(shape: object) -> None:
    """Writes a shape as JSON."""
    click.echo(json.dumps(shape, indent=2, ensure_ascii=False))


def say_findings(findings: Iterable[Finding]) -> None:
    """Writes findings for people: what is wrong, and under it what to do."""
    for finding in findings:
        _say_finding(finding_shape(finding), console)


def say_problems(problems: Sequence[Problem]) -> None:
    """Writes what could not be done, order by order."""
    for problem in problems:
        shape = {"severity": "error", **problem_shape(problem)}
        _say_finding({**shape, "message": f"{problem.order}: {shape['message']}"}, console)


def _say_finding(shape: dict[str, Any], to: Console) -> None:
    mark, style = {"error": ("✗", "red"), "warning": ("!", "yellow")}.get(shape["severity"], ("✓", "green"))
    to.print(Text.assemble((f"{mark} ", style), shape["message"]), soft_wrap=True)
    if shape["fix"]:
        to.print(Text.assemble(("  → ", "dim"), (shape["fix"], "dim")), soft_wrap=True)


@contextmanager
def progress(doing: str, *, of: int | None = None, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Shows how far long work has come, on a terminal only; the block is given what it tells the count to.

    Args:
        doing: what is done, such as `Retrieving refunds`.
        of: how many there are in all, where that is known.
        quiet: show nothing, because the answer is JSON.
    """
    shown = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        *((BarColumn(),) if of else ()),
        MofNCompleteColumn() if of else TextColumn("{task.completed}"),
        console=_errors,
        transient=True,
        disable=quiet or not _errors.is_terminal,
    )
    with shown:
        task = shown.add_task(doing, total=of)
        yield lambda count: shown.update(task, completed=count)


def end(*, done: bool) -> None:
    """Ends a verb with the exit code that says whether all that was asked is done.

    Raises:
        click.exceptions.Exit: always, but for 0.
    """
    if not done:
        raise click.exceptions.Exit(EXIT_ATTENTION)


def all_fine(findings: Iterable[Finding]) -> bool:
    """Says whether no finding is an error."""
    return not needs_attention([finding_shape(finding) for finding in findings])


def complain(fault: Exception) -> int:
    """Says a fault as a sentence; one we did not foresee is kept in a file, and the sentence names it."""
    findings = getattr(fault, "findings", None) or ([fault.finding] if hasattr(fault, "finding") else [])
    if "--json" in sys.argv and (findings or _is_lost(fault) or _is_foreseen(fault)):
        problems = [{"order_id": "", **_short(finding)} for finding in findings] or [_plain_problem(fault)]
        click.echo(json.dumps({"refunds": [], "problems": problems}, indent=2, ensure_ascii=False))
        return EXIT_ATTENTION
    if findings:
        for finding in findings:
            _say_finding(finding_shape(finding), _errors)
    elif _is_lost(fault):
        _say_finding({"severity": "error", "message": _lost(fault), "fix": _WHEN_BACK}, _errors)
    elif _is_foreseen(fault):
        _say_finding({"severity": "error", "message": _words(fault), "fix": ""}, _errors)
    else:
        message = f"Something went wrong that Contrapost did not foresee ({type(fault).__name__})."
        fix = f"Nothing is half-done. Please report it with the file {_kept(fault)}."
        _say_finding({"severity": "error", "message": message, "fix": fix}, _errors)
    return EXIT_ATTENTION


def _is_foreseen(fault: Exception) -> bool:
    """Faults of our own say themselves what to do."""
    return type(fault).__module__.startswith("contrapost.") or isinstance(fault, LookupError | OSError)


def _is_lost(fault: Exception) -> bool:
    from contrapost.records.errors import DATABASE_LOST

    return isinstance(fault, DATABASE_LOST)


def _lost(fault: Exception) -> str:
    first, *_ = str(fault).splitlines() or [""]
    return f"The database does not answer, or its disk is full: {scrubbed(first)}"


_WHEN_BACK = "See that it runs and has room, then do it again: nothing is half-done."


def _words(fault: Exception) -> str:
    return str(fault.args[0]) if fault.args and isinstance(fault, LookupError) else str(fault)


def _short(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "message": finding.message, "fix": finding.fix}


def _plain_problem(fault: Exception) -> dict[str, str]:
    if _is_lost(fault):
        return {"order_id": "", "code": "database_lost", "message": _lost(fault), "fix": _WHEN_BACK}
    return {"order_id": "", "code": type(fault).__name__, "message": _words(fault), "fix": ""}


def _kept(fault: Exception) -> str:
    with tempfile.NamedTemporaryFile("w", prefix="contrapost-fault-", suffix=".txt", delete=False) as file:
        file.writelines(traceback.format_exception(fault))
    return file.name
