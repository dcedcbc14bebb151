"""The tables. Only this app's own functions touch them; everyone else sees frozen rows."""

from contrapost.records.models.accounts import Account, Lease, NetSuiteAccount
from contrapost.records.models.people import ApiToken, Person, SignInLink
from contrapost.records.models.posting import Attempt, Correction, HistoryEntry, Link, PlannedRecord
from contrapost.records.models.reconciliations import Reconciliation, ReconciliationLines, ReconciliationSchedule
from contrapost.records.models.sync import BackFill, Delivery, Hint, Sync, SyncNote
from contrapost.records.models.transactions import Tombstone, Transaction
from contrapost.records.models.work import Ask, Turn, Worker

__all__ = [
    "Account",
    "ApiToken",
    "Ask",
    "Attempt",
    "BackFill",
    "Correction",
    "Delivery",
    "Hint",
    "HistoryEntry",
    "Lease",
    "Link",
    "NetSuiteAccount",
    "Person",
    "PlannedRecord",
    "Reconciliation",
    "ReconciliationLines",
    "ReconciliationSchedule",
    "SignInLink",
    "Sync",
    "SyncNote",
    "Tombstone",
    "Transaction",
    "Turn",
    "Worker",
]
