"""Another look that a person asks for on a page: done, and said in one sentence what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages

from contrapost import flow
from contrapost.app import SetUpError
from contrapost.records import queries
from contrapost.records.errors import RecordsError
from contrapost.refunds.lifecycle import LABELS, State
from contrapost.web.asking import who

if TYPE_CHECKING:
    from contrapost.looking import Looked
    from contrapost.records.rows import Again
    from contrapost.web.asking import Asked


def look_now(request: Asked, account: str, again: Again) -> None:
    """Looks again at refunds of an account, and leaves the messages that say what came of it."""
    try:
        looked = flow.look_now(request.contrapost, account, again, by=who(request))
    except RecordsError as refused:
        messages.error(request, str(refused))
    except SetUpError as problem:
        for finding in problem.findings:
            messages.error(request, f"{finding.message} {finding.fix}".strip())
    else:
        _say(request, looked)


def _say(request: Asked, looked: Looked) -> None:
    for problem in looked.problems:
        messages.error(request, f"{problem.finding.message} {problem.finding.fix}".strip())
    if not looked.ids:
        messages.info(request, "There is nothing to look at any more.")
        return
    counted: dict[State, int] = {}
    for state in queries.states(looked.ids).values():
        counted[state] = counted.get(state, 0) + 1
    told = ", ".join(f"{count} {LABELS[state].lower()}" for state, count in counted.items())
    said = f"{len(looked.ids)} looked at: {told}."
    if looked.asked:
        said += f" {looked.asked} asked to be posted."
    if looked.left:
        said += f" {looked.left} more are looked at in their turn."
    messages.success(request, said)
