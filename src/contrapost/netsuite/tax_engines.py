"""Tax engines that reckon tax in a NetSuite account beside NetSuite, told by the fields they bring along. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contrapost.netsuite.drafts import CREDITS
from contrapost.refunds.finding import Finding, warning

if TYPE_CHECKING:
    from contrapost.netsuite.catalog import Catalog

MARKS: Final = {"AvaTax": "custbody_ava_", "Vertex": "vertex"}
"""What the name of a body field holds where an engine is installed."""
AVATAX_OFF: Final = "custbody_ava_disable_tax_calculation"
"""AvaTax's own field that keeps it from reckoning on a record."""


def tax_engines(catalog: Catalog, account: str) -> tuple[Finding, ...]:
    """Finds the tax engines of an account: one may reckon the tax of a refund anew when it is saved.

    Args:
        catalog: what the account says of its records' fields.
        account: its name, for the sentence.
    """
    fields = {name for record in CREDITS for name in catalog.names(record)}
    return tuple(
        _told(engine, fields, account) for engine, mark in MARKS.items() if any(mark in name for name in fields)
    )


def _told(engine: str, fields: set[str], account: str) -> Finding:
    off = (
        f"Keep it from that by rules: field.cashRefund.{AVATAX_OFF}=fixed true, and the same for creditMemo."
        if AVATAX_OFF in fields
        else "Ask its administrator whether it leaves tax alone that is overridden."
    )
    return warning(
        "tax_engine",
        f"NetSuite account {account} uses {engine}, which may reckon the tax of a refund anew when it is saved; the "
        "bill's day is sent as its tax date.",
        fix=f"{off} What NetSuite then holds is read back and compared either way.",
    )
