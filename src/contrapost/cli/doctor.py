"""`contrapost doctor`: check connections, permissions, clocks and mapping."""

from __future__ import annotations

import click

from contrapost.cli.answer import opened
from contrapost.cli.say import all_fine, end, json_option, say_findings, say_json
from contrapost.shapes import finding_shape


@click.command(name="doctor")
@json_option
def command(*, as_json: bool) -> None:
    """Check everything that is set up, and say how to mend what is wrong."""
    from contrapost import doctor

    app = opened()
    findings = doctor.examine(app)
    if as_json:
        say_json({"findings": [finding_shape(finding) for finding in findings]})
    else:
        say_findings(findings)
    end(done=all_fine(findings))
