"""What several verbs do alike: open Contrapost, and answer with refunds and problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.cli.say import all_fine, end, say_findings, say_json, say_problems
from contrapost.netsuite.links import record_url
from contrapost.shapes import finding_shape, problem_shape, refund_shape

if TYPE_CHECKING:
    from contrapost.app import App
    from contrapost.flow import Result
    from contrapost.refunds.finding import Finding


def opened() -> App:
    """Opens Contrapost as the environment says."""
    from contrapost.app import open_app

    return open_app()


def url_of(netsuite: str, record: str, id_: str) -> str:
    """Gives the address of a record for people."""
    from contrapost.records import accounts

    return record_url(accounts.netsuite(netsuite).settings, record, id_)


def say_tried(name: str, findings: tuple[Finding, ...], *, as_json: bool) -> None:
    """Answers with what came of trying an account, and ends with the exit code that says whether it works."""
    if as_json:
        say_json({"name": name, "findings": [finding_shape(finding) for finding in findings]})
    else:
        say_findings(findings)
    end(done=all_fine(findings))


def say_result(result: Result, *, as_json: bool) -> None:
    """Answers with the refunds a verb touched and what could not be done."""
    if as_json:
        refunds = [refund_shape(row, url_of) for row in result.transactions]
        say_json({"refunds": refunds, "problems": [problem_shape(problem) for problem in result.problems]})
        return
    from contrapost.cli.tables import say_refunds

    if result.transactions:
        say_refunds(result.transactions)
    say_problems(result.problems)
