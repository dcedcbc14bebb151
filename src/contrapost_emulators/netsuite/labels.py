"""The words NetSuite shows for codes: statuses, types and account types."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contrapost_emulators.netsuite.kinds import Kind

STATUSES: dict[str, dict[str, str]] = {
    "SalesOrd": {
        "A": "Pending Approval",
        "B": "Pending Fulfillment",
        "C": "Cancelled",
        "D": "Partially Fulfilled",
        "E": "Pending Billing/Partially Fulfilled",
        "F": "Pending Billing",
        "G": "Billed",
        "H": "Closed",
    },
    "CashSale": {"B": "Not Deposited", "C": "Deposited", "V": "Voided"},
    "CustInvc": {"A": "Open", "B": "Paid In Full", "V": "Voided"},
    "CustCred": {"A": "Open", "B": "Fully Applied", "V": "Voided"},
    "RtnAuth": {
        "A": "Pending Approval",
        "B": "Pending Receipt",
        "C": "Cancelled",
        "D": "Partially Received",
        "E": "Pending Refund/Partially Received",
        "F": "Pending Refund",
        "G": "Refunded",
        "H": "Closed",
    },
    "CashRfnd": {"V": "Voided"},
    "CustPymt": {"B": "Not Deposited", "C": "Deposited", "V": "Voided"},
    "CustDep": {"A": "Not Deposited", "B": "Deposited", "C": "Fully Applied", "V": "Voided"},
    "CustRfnd": {"R": "Issued", "V": "Voided"},
}

ACCOUNT_TYPES = {
    "Bank": "Bank",
    "AcctRec": "Accounts Receivable",
    "OthCurrAsset": "Other Current Asset",
    "FixedAsset": "Fixed Asset",
    "OthAsset": "Other Asset",
    "AcctPay": "Accounts Payable",
    "CredCard": "Credit Card",
    "OthCurrLiab": "Other Current Liability",
    "LongTermLiab": "Long Term Liability",
    "DeferRevenue": "Deferred Revenue",
    "Equity": "Equity",
    "Income": "Income",
    "COGS": "Cost of Goods Sold",
    "Expense": "Expense",
    "OthIncome": "Other Income",
    "OthExpense": "Other Expense",
}


def status_label(code: str, status: str) -> str:
    """The words of a transaction's status letter."""
    return STATUSES.get(code, {}).get(status, status)


def choice_label(kind: Kind, field: str, value: str) -> str:
    """The words of a choice field's value."""
    if field in {"status", "orderStatus"}:
        return status_label(kind.code, value)
    if field == "acctType":
        return ACCOUNT_TYPES.get(value, value)
    return value
