"""What a profile names, looked for in the lists of the NetSuite account. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contrapost.mapping.fields import check_rules
from contrapost.refunds.finding import Finding, error

if TYPE_CHECKING:
    from contrapost.mapping.profile import Profile
    from contrapost.netsuite.lists import Lists


def not_in_netsuite(profile: Profile, lists: Lists) -> tuple[Finding, ...]:
    """Finds what a profile names and NetSuite does not have, fields that rules write to among it."""
    missing = [
        *(("cash_account", role, named) for role, named in profile.cash_accounts.items() if not lists.account(named)),
        *(("item", role, named) for role, named in profile.items.items() if not lists.item(named)),
        *(("location", role, named) for role, named in profile.locations.items() if not lists.location(named)),
    ]
    single = (
        ("receivable_account", profile.receivable_account, lists.account),
        ("exchange_account", profile.exchange_account, lists.account),
        ("unknown.location", profile.unknown_location, lists.location),
    )
    findings = (
        *(_not_in_netsuite(f"{family}.{role}", named) for family, role, named in missing),
        *(_not_in_netsuite(setting, named) for setting, named, find in single if named and not find(named)),
    )
    return (*findings, *check_rules(profile.rules, lists.catalog))


def _not_in_netsuite(setting: str, named: str) -> Finding:
    return error(
        "named_not_in_netsuite",
        f"The setting {setting} names {named!r}, which NetSuite does not have, or has twice, or has made inactive.",
        fix="Correct the setting, or give the internal id as id:123.",
        where=setting,
    )
