"""What NetSuite's refusals mean: its codes and words, in our words, with what to do. Pure.

Over REST nearly every refusal of a business rule has the code USER_ERROR, so most are known by their words alone; the
codes are those of NetSuite's own catalogue, for where it gives them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """What an error answer says: NetSuite's code, its words, and the field it points at."""

    code: str
    words: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One kind of refusal: how it is known, what it means, and what happens next."""

    code: str
    """Of the finding."""
    means: str
    """Goes on after "NetSuite refused to write cash refund x: "."""
    fix: str
    codes: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    """Each in lower case; one of them stands in what NetSuite says."""
    retryable: bool = False
    """The same call may be taken later, with nothing mended."""
    exists: bool = False
    """A record with this external id stands already."""

    def fits(self, said: Said) -> bool:
        """Says whether NetSuite means this."""
        words = said.words.lower()
        return said.code in self.codes or any(known in words for known in self.words)


_AGAIN = "then post again; nothing was written."


def meaning_of(status: int, said: Said) -> Refusal:
    """Finds what a refusal means: 429 is always the account's limit; else by NetSuite's words, then by its status."""
    if status == _TOO_MANY:
        return _BUSY
    for refusal in _KNOWN:
        if refusal.fits(said):
            return refusal
    return _BY_STATUS.get(status, _OTHER)


_BUSY = Refusal(
    code="netsuite_busy",
    means="too much is asked of the account at once",
    fix="Post again in a while. If it happens often, other integrations use up the account's limit.",
    codes=frozenset({"CONCURRENCY_LIMIT_EXCEEDED"}),
    words=("concurrent request limit exceeded",),
    retryable=True,
)
_SIGN_IN = Refusal(
    code="netsuite_sign_in_refused",
    means="it does not let us in",
    fix="See what contrapost doctor says: it tells which part of the credentials is wrong. Nothing was written.",
    codes=frozenset({"INVALID_LOGIN"}),
)
_PERMISSION = Refusal(
    code="netsuite_permission_missing",
    means="the integration's role may not do it",
    fix=f"Give the role the permission for this record (Setup > Users/Roles > Manage Roles), {_AGAIN}",
    codes=frozenset({"INSUFFICIENT_PERMISSION"}),
    words=("not have permission", "permission violation", "insufficient permission"),
)
_OTHER = Refusal(
    code="netsuite_refused", means="it names a reason of its own", fix=f"Mend what NetSuite names, {_AGAIN}"
)
_TOO_MANY = 429
_BY_STATUS = {401: _SIGN_IN, 403: _PERMISSION}

_KNOWN = (
    _BUSY,
    _SIGN_IN,
    _PERMISSION,
    Refusal(
        code="netsuite_record_exists",
        means="a record with this external id stands already, or the like",
        fix="Look at the record with this external id in NetSuite; it was not made by this plan.",
        codes=frozenset({"DUP_RCRD"}),
        words=("already exists",),
        exists=True,
    ),
    Refusal(
        code="netsuite_changed_meanwhile",
        means="somebody changed the record it belongs to in the same moment",
        fix="Post again; nothing was written.",
        codes=frozenset({"RCRD_HAS_BEEN_CHANGED", "RCRD_EDITED_SINCE_RETRIEVED"}),
        words=("has been changed",),
        retryable=True,
    ),
    Refusal(
        code="netsuite_workflow_lock",
        means="a workflow of the account has locked the record",
        fix=f"Let the workflow finish, or exempt the integration's role from it, {_AGAIN}",
        words=("locked by a user defined workflow", "record has been locked"),
    ),
    Refusal(
        code="netsuite_period",
        means="its date does not lie in an open accounting period",
        fix=f"Open the period in NetSuite, or set `period` for the account (the period policy), {_AGAIN}",
        codes=frozenset(
            {"TRAN_PERIOD_CLOSED", "TRANS_EDIT_DISALLWD", "TRAN_PRD_CLOSED", "DATE_PRD_MISMATCH"}
            | {"UNDEFINED_ACCTNG_PRD", "ACCT_PERIOD_SETUP_REQD"}
        ),
        words=("accounting period", "closed period", "period that has been closed"),
    ),
    Refusal(
        code="netsuite_already_refunded",
        means="it was refunded before, or more would go back than is left",
        fix="Compare what was credited on the bill before with this refund; nothing was written.",
        codes=frozenset({"TRANS_ALREADY_REFUNDED", "OVERAGE_DISALLWD"}),
        words=("already refunded", "overage is not allowed", "you cannot apply", "exceeds what is available"),
    ),
    Refusal(
        code="netsuite_value_missing",
        means="the account's form wants a value that the plan does not give",
        fix=f"Map the field it names for the account, or make it optional on the form, {_AGAIN}",
        codes=frozenset({"MISSING_REQD_FLD"}),
        words=("please enter value", "missing required value", "please choose"),
    ),
    Refusal(
        code="netsuite_inventory",
        means="the stock it moves is not described as the item wants it",
        fix=f"Lots, serial numbers and bins are not mapped: book it by hand, or set the item's defaults, {_AGAIN}",
        words=("inventory detail", "you only have", "inventory items must have a positive"),
    ),
    Refusal(
        code="netsuite_field_unknown",
        means="the account, or its role, does not have a field that the plan sets",
        fix=f"Correct the field mapping, or add the field to form and role, {_AGAIN}",
        codes=frozenset({"NONEXISTENT_FIELD"}),
        words=("unknown reference or field", "unknown field", "nonexistent field"),
    ),
    Refusal(
        code="netsuite_reference",
        means="an item, customer, location or account that it names cannot be used: inactive, or of another subsidiary",
        fix=f"Mend what NetSuite names, or map another, {_AGAIN}",
        codes=frozenset({"INVALID_KEY_OR_REF"}),
        words=("reference key", "invalid field value", "cannot be used with the"),
    ),
    Refusal(
        code="netsuite_currency",
        means="the currency does not go with the customer, the account or the bill",
        fix=f"Add the currency to the customer, or correct the account it is booked to, {_AGAIN}",
        codes=frozenset({"MISMATCHED_CURRENCY", "MISSING_CRNCY_EXCH_RATE"}),
        words=("currency",),
    ),
    Refusal(
        code="netsuite_unbalanced",
        means="amounts, tax and shipping do not add up to its total",
        fix="Compare the preview with the bill: a price level or discount of the account may have changed an amount.",
        codes=frozenset(
            {"TRANS_UNBALNCD", "TRANS_AMTS_UNBALNCD", "TRANS_APPLIED_AMTS_UNBALNCD", "TRANS_LINES_UNBALNCD"}
            | {"ROUNDING_DIFF_TOO_BIG"}
        ),
        words=("not in balance",),
    ),
    Refusal(
        code="netsuite_source_gone",
        means="a record that it is made from, or changes, is not there any more",
        fix="Retrieve the refund again, so that its bill is looked up anew; nothing was written.",
        codes=frozenset({"NONEXISTENT_ID"}),
        words=("record does not exist", "record instance does not exist", "transaction type specified is incorrect"),
    ),
)
