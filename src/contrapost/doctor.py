"""The doctor: tries everything that is set up, and says how to mend what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost import accounts, golive
from contrapost.records import accounts as rows
from contrapost.refunds.finding import Finding, warning

if TYPE_CHECKING:
    from contrapost.app import App


def examine(app: App) -> tuple[Finding, ...]:
    """Tries every NetSuite account, then every store account with its profile, and how it is kept up."""
    netsuites, shops = rows.netsuites(), rows.listing()
    findings: list[Finding] = []
    if not netsuites:
        findings.append(
            warning("nothing_set_up", "There is no NetSuite account yet.", fix="contrapost netsuite add NAME --set …")
        )
    if not shops:
        findings.append(
            warning("nothing_set_up", "There is no store account yet.", fix="contrapost accounts add CONNECTOR NAME …")
        )
    for netsuite in netsuites:
        findings += accounts.check_netsuite(app, netsuite.name)
    for shop in shops:
        findings += accounts.check(app, shop.name)
        findings += golive.wrong_with(shop.name)
    return tuple(findings)
