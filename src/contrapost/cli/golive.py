"""`contrapost golive`: test an account, sign it off, and let it go live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contrapost.cli.answer import opened
from contrapost.cli.say import end, json_option, say_findings, say_json, who
from contrapost.refunds.finding import Finding, Severity
from contrapost.sync_shapes import checks_shape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from contrapost.golive import Check


@click.command(name="golive")
@click.argument("account")
@click.option("--sign-off", "sign", is_flag=True, help="Sign it off: the account is live. Who signs is kept.")
@click.option("--note", default="", help="What is to be kept with the sign-off.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Refunds of earlier days are never posted by themselves."
)
@click.option("--back-to-test", "back", is_flag=True, help="Take a live account back to test mode.")
@json_option
def command(account: str, *, sign: bool, note: str, day: datetime | None, back: bool, as_json: bool) -> None:
    """Work through the check list of ACCOUNT, and sign it off once all of it is done.

    An account starts in test mode, where nothing goes by itself. After the sign-off `contrapost sync ACCOUNT --on`
    turns on that its refunds come and are posted by themselves.
    """
    from contrapost import golive
    from contrapost.records import sync

    if sign and back:
        raise click.UsageError("Say one of --sign-off and --back-to-test.")
    app = opened()
    if back:
        golive.back_to_test(app, account, by=who(), note=note)
    checks: Sequence[Check]
    if sign:
        checks = golive.sign_off(app, account, by=who(), go_live_on=day.date() if day else None, note=note)
    else:
        checks = golive.check_list(app, account)
    row = sync.get(account)
    if as_json:
        say_json(checks_shape(account, checks, row))
    else:
        say_findings(_as_finding(check) for check in checks)
        click.echo(f"{account} is {'live' if row.live else 'in test mode'}.")
    end(done=all(check.done for check in checks if check.must))


def _as_finding(check: Check) -> Finding:
    return Finding(check.step, _severity(check), f"{check.label}: {check.said}", check.fix)


def _severity(check: Check) -> Severity:
    if check.done:
        return Severity.INFO
    return Severity.ERROR if check.must else Severity.WARNING
