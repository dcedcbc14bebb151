"""What brings a refund further that met a finding: one table from the finding's code to its retry rule. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from contrapost.refunds.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence


class Retry(StrEnum):
    """When a refund that met a finding is tried again."""

    BY_ITSELF = "by_itself"
    """It passes: tried again by itself, ever more seldom, as a post too where one was under way."""
    NETSUITE = "netsuite"
    """Mended in NetSuite: looked at again by itself, ever more seldom, and at once when NetSuite's lists are read."""
    SETTING = "setting"
    """Mended in the settings: looked at again as soon as they change."""
    STORE = "store"
    """Mended at the store: looked at again when the store says something new."""
    PERSON = "person"
    """A person decides, and asks for another try."""


RULES: Final[dict[str, Retry]] = {
    **dict.fromkeys(
        (
            "lease_lost",
            "netsuite_busy",
            "netsuite_changed_meanwhile",
            "netsuite_in_use",
            "netsuite_unreachable",
            "not_visible_yet",
            "outcome_unknown",
            "store_answer_unreadable",
            "store_busy",
            "store_failing",
            "store_unreachable",
        ),
        Retry.BY_ITSELF,
    ),
    **dict.fromkeys(
        (
            "bill_without_items",
            "currency_not_in_netsuite",
            "exchange_not_billed",
            "invoice_unpaid",
            "item_not_on_bill",
            "item_unknown",
            "more_than_remains",
            "netsuite_answer_too_long",
            "netsuite_permission_missing",
            "netsuite_read_failed",
            "not_billed",
            "order_not_in_netsuite",
            "period_closed",
            "period_missing",
            "sales_order_line_open",
            "shipping_not_on_bill",
            "tax_not_on_bill",
            "unpaid_order_billed_as_paid",
            "waited_too_long",
        ),
        Retry.NETSUITE,
    ),
    **dict.fromkeys(
        (
            "account_unknown",
            "cash_account_not_mapped",
            "certificate_ended",
            "currency_differs",
            "customer_not_named",
            "document_off",
            "field_no_condition_holds",
            "field_not_mappable",
            "field_rule_odd",
            "field_unknown",
            "field_value_odd",
            "field_value_untranslated",
            "item_not_mapped",
            "named_not_in_netsuite",
            "netsuite_sign_in_refused",
            "order_ambiguous",
            "receivable_not_mapped",
            "rounding_cap_reached",
            "setting_missing",
            "setting_odd",
            "setting_unknown",
            "setting_wrong",
            "store_forbidden",
            "store_sign_in_refused",
            "store_token_refused",
        ),
        Retry.SETTING,
    ),
    **dict.fromkeys(
        (
            "amount_too_fine",
            "currency_unknown",
            "does_not_add_up",
            "exchange_open",
            "field_value_missing",
            "goods_not_back",
            "order_has_no_refunds",
            "order_not_found",
            "payload_unreadable",
            "quantity_odd",
            "refund_failed",
            "refund_pending",
            "tax_reading_undecided",
        ),
        Retry.STORE,
    ),
}
"""The codes with a rule of their own; every other finding waits for a person."""
TIMED: Final = frozenset({Retry.BY_ITSELF, Retry.NETSUITE})
"""Rules by which a refund is looked at again without a word of anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What holds a refund, told so that refunds held by the same thing have the same cause."""

    code: str
    where: str = ""
    """The setting or field concerned; empty where the place is the refund's own."""


def rule_of(code: str) -> Retry:
    """Gives the retry rule of a finding."""
    return RULES.get(code, Retry.PERSON)


def cause_of(findings: Sequence[Finding]) -> Cause | None:
    """Gives what holds a refund: its first error; none where nothing does."""
    first = next((finding for finding in findings if finding.severity is Severity.ERROR), None)
    return Cause(code=first.code, where=_place(first.where)) if first else None


def is_timed(findings: Sequence[Finding]) -> bool:
    """Says whether something holds a refund that may pass, or be mended, without our hearing of it."""
    return any(rule_of(finding.code) in TIMED for finding in findings if finding.severity is Severity.ERROR)


def _place(where: str) -> str:
    """A setting or a field, without the number of its line; nothing for the name of one line or record."""
    if _NAMES_ONE.search(where) and not _SETTING.match(where):
        return ""
    return _NUMBERED.sub("[]", where)


_NUMBERED: Final = re.compile(r"\[\d+\]")
_SETTING: Final = re.compile(r"[a-z_]+\.")
_NAMES_ONE: Final = re.compile(r"\s")
